// A MySQL group on this machine (group replication, single-primary); its servers run in the Debian that has MySQL.

import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { account, Server, Site } from "./server.mjs";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const DEBIAN = `${ROOT}build/debian/sid`;
const PASSWORD = "of-the-group";

/** The reason why no group can run here, or null. */
export function cannotGroup() {
	const packages = execFileSync(`${ROOT}tests/mysql-client`, ["packages"], { encoding: "utf8" }).trim().split(" ");
	const { status, stderr } = spawnSync(`${ROOT}bin/debian`, ["sid", DEBIAN, ...packages], { encoding: "utf8" });
	if (status === 77) return stderr.trim();
	if (status !== 0) throw new Error(stderr);
	return null;
}

class Member extends Server {
	constructor(group, n) {
		super(group.site, `member${n}`, { n, address: `10.78.0.${n}` });
		this.group = group;
	}

	create() {
		mkdirSync(this.dir);
		const seeds = this.group.members.map(({ address }) => `${address}:33061`).join(",");
		writeFileSync(
			`${this.dir}/my.cnf`,
			`[mysqld]
user = root
datadir = ${this.dir}/db
tmpdir = ${this.dir}
socket = ${this.socket}
pid-file = ${this.dir}/pid
bind-address = ${this.address}
port = 3306
mysqlx = OFF
secure-file-priv = NULL
server-id = ${this.n}
report-host = ${this.address}
gtid-mode = ON
enforce-gtid-consistency = ON
log-bin = bin
character-set-server = utf8mb4
innodb-buffer-pool-size = 64M
max-connections = 200
max-allowed-packet = 64M
performance-schema = ON
super-read-only = ON
plugin-load-add = group_replication.so
loose-group-replication-group-name = 6c616d70-6c69-4768-9400-000000000001
loose-group-replication-start-on-boot = OFF
loose-group-replication-local-address = ${this.address}:33061
loose-group-replication-group-seeds = ${seeds}
loose-group-replication-unreachable-majority-timeout = 5
loose-group-replication-member-expel-timeout = 0
loose-group-replication-recovery-get-public-key = ON
`,
		);
		execFileSync("sh", ["-c", `exec ${this.command("--no-defaults", "--initialize-insecure", "--user=root", `--datadir=${this.dir}/db`)}`], { stdio: ["ignore", "ignore", "pipe"] });
	}

	command(...options) {
		return [`${ROOT}bin/in-debian`, DEBIAN, this.site.dir, "mysqld", ...options].join(" ");
	}

	async start() {
		this.spawn(["sh", "-c", `exec ${this.command(`--defaults-file=${this.dir}/my.cnf`)}`]);
		const answers = () =>
			this.query("SELECT 1").then(
				() => true,
				() => false,
			);
		await this.becomes("up", answers);
	}

	/** Starts the group, or joins it. */
	async join({ first = false } = {}) {
		if (first) await this.query("SET GLOBAL group_replication_bootstrap_group = ON");
		await this.query(`START GROUP_REPLICATION USER = 'repl', PASSWORD = '${PASSWORD}'`, 60_000);
		if (first) await this.query("SET GLOBAL group_replication_bootstrap_group = OFF");
		await this.becomes("online", async () => (await this.standing())?.state === "ONLINE");
	}

	/**
	 * Whether all members see this one, and it sees all of them: a member that was frozen believes that it is in the group
	 * until it learns that the others went on.
	 */
	async isWhole() {
		const counts = await Promise.all(this.group.members.map((member) => member.known().catch(() => 0)));
		return counts.every((known) => known === this.group.members.length);
	}

	async known() {
		const [{ n }] = await this.query("SELECT COUNT(*) AS n FROM performance_schema.replication_group_members WHERE member_state = 'ONLINE'");
		return Number(n);
	}

	/** Waits until the group is complete again; a member that was expelled needs a command to come back. */
	async whole() {
		await this.becomes("in a whole group", async () => (await this.isWhole()) || (await this.comeBack()), { seconds: 150, pause: 500 });
	}

	/**
	 * The group refuses as long as the others have not noticed that the member was gone, or an earlier attempt is still
	 * running; then it tries again.
	 */
	async comeBack() {
		const state = (await this.standing())?.state;
		if (state !== "ERROR" && state !== "OFFLINE") return false;
		await this.query("STOP GROUP_REPLICATION", 60_000)
			.then(() => this.join())
			.catch(({ message }) => console.log(`# ${this.name} is refused: ${message}`));
		return false;
	}

	/** The number of statements that the programs have run here. */
	async reads() {
		const [{ Value }] = await this.query("SHOW GLOBAL STATUS LIKE 'Com_stmt_execute'");
		return Number(Value);
	}

	/** The member's own view, { state: "ONLINE", role: "PRIMARY" }; null if it does not answer. */
	async standing() {
		const sql = "SELECT member_state AS state, member_role AS role FROM performance_schema.replication_group_members WHERE member_id = @@server_uuid";
		const rows = await this.query(sql).catch(() => null);
		return rows && (rows[0] ?? { state: "OFFLINE" });
	}
}

export class Group {
	static async open({ size = 3 } = {}) {
		const group = Object.assign(new Group(), { members: [], site: await Site.open(`lmg${process.pid}`) });
		try {
			for (let n = 1; n <= size; n++) group.members.push(new Member(group, n));
			group.site.servers.push(...group.members);
			for (const member of group.members) await group.begin(member);
		} catch (error) {
			await group.close();
			throw error;
		}
		return group;
	}

	async begin(member) {
		const first = member.n === 1;
		await member.wire();
		member.create();
		await member.start();
		// Each member has its own; the group's log begins after them.
		await member.run(
			"SET GLOBAL super_read_only = OFF",
			"SET sql_log_bin = 0",
			`CREATE USER repl@'%' IDENTIFIED BY '${PASSWORD}'`,
			"GRANT REPLICATION SLAVE, CONNECTION_ADMIN, BACKUP_ADMIN, GROUP_REPLICATION_STREAM ON *.* TO repl@'%'",
			"SET GLOBAL super_read_only = ON",
		);
		await member.join({ first });
		if (first) await member.run(...account);
	}

	/** The primary, as the members that are online see it. */
	async primary() {
		for (let tries = 0; tries < 300; tries++) {
			for (const member of this.members) {
				const standing = await member.standing();
				if (standing?.state === "ONLINE" && standing.role === "PRIMARY") return member;
			}
			await sleep(100);
		}
		throw new Error("the group has no primary");
	}

	get servers() {
		return this.members;
	}

	/** The statement after which a session reads everything that was committed at other servers. */
	catchUp = "SET SESSION group_replication_consistency = 'BEFORE'";

	writer() {
		return this.primary();
	}

	/** A member that has everything that was committed. */
	well() {
		return this.primary();
	}

	get settings() {
		return this.site.settings;
	}

	close() {
		return this.site.close();
	}
}
