// A MySQL group on this machine (group replication, single-primary): each member is a server with a network of its own, joined by a bridge, in
// the Debian that has MySQL. Programs reach all of them by unix sockets, which no network is between.

import { execFile, execFileSync, spawn, spawnSync } from "node:child_process";
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createConnection } from "mysql2/promise";

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const DEBIAN = `${ROOT}build/debian/sid`;
const PASSWORD = "of-the-group";
const ip = (...words) => run("ip", words);

/** Why there is no group here, or null. */
export function cannotGroup() {
	const packages = execFileSync(`${ROOT}tests/mysql-client`, ["packages"], { encoding: "utf8" }).trim().split(" ");
	const { status, stderr } = spawnSync(`${ROOT}bin/debian`, ["sid", DEBIAN, ...packages], { encoding: "utf8" });
	if (status === 77) return stderr.trim();
	if (status !== 0) throw new Error(stderr);
	return null;
}

class Member {
	constructor(group, n) {
		Object.assign(this, { group, n, name: `member${n}`, address: `10.78.0.${n}` });
		this.space = `${group.tag}-${n}`;
		this.dir = `${group.dir}/${this.name}`;
		this.socket = `${this.dir}/mysql.sock`;
		this.log = `${this.dir}/log`;
	}

	async wire() {
		const [here, there] = [`${this.group.tag}h${this.n}`, `${this.group.tag}n${this.n}`];
		this.link = here;
		await ip("netns", "add", this.space);
		await ip("link", "add", here, "type", "veth", "peer", "name", there, "netns", this.space);
		await ip("link", "set", here, "master", this.group.bridge, "up");
		await ip("-n", this.space, "addr", "add", `${this.address}/24`, "dev", there);
		await ip("-n", this.space, "link", "set", there, "up");
		await ip("-n", this.space, "link", "set", "lo", "up");
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
		return [`${ROOT}bin/in-debian`, DEBIAN, this.group.dir, "mysqld", ...options].join(" ");
	}

	async start() {
		const file = openSync(this.log, "a");
		this.process = spawn("ip", ["netns", "exec", this.space, "sh", "-c", `exec ${this.command(`--defaults-file=${this.dir}/my.cnf`)}`], { stdio: ["ignore", file, file], detached: true });
		closeSync(file);
		this.ended = new Promise((resolve) => this.process.on("exit", resolve));
		for (let tries = 0; !(await this.query("SELECT 1").catch(() => null)); tries++) {
			if (tries > 900) throw new Error(`${this.name} does not answer:\n${this.tail()}`);
			await sleep(100);
		}
	}

	/** Makes the group, or becomes a member of it. */
	async join({ first = false } = {}) {
		if (first) await this.query("SET GLOBAL group_replication_bootstrap_group = ON");
		await this.query(`START GROUP_REPLICATION USER = 'repl', PASSWORD = '${PASSWORD}'`, 60_000);
		if (first) await this.query("SET GLOBAL group_replication_bootstrap_group = OFF");
		await this.online(90);
	}

	/** Whether all members have it, and it has all of them: one that was frozen takes itself for a member until it hears that the others went on. */
	async isWhole() {
		const counts = await Promise.all(this.group.members.map((member) => member.known().catch(() => 0)));
		return counts.every((known) => known === this.group.members.length);
	}

	async known() {
		const [{ n }] = await this.query("SELECT COUNT(*) AS n FROM performance_schema.replication_group_members WHERE member_state = 'ONLINE'");
		return Number(n);
	}

	/** Waits until the group is whole again; one that was thrown out has to be told to come back. */
	async rejoin() {
		for (let tries = 0; !(await this.isWhole()); tries++) {
			if (tries > 200) throw new Error(`the group is not whole:\n${this.tail()}`);
			const state = (await this.standing())?.state;
			if (state === "ERROR" || state === "OFFLINE") {
				await this.query("STOP GROUP_REPLICATION", 60_000);
				await this.join();
			}
			await sleep(500);
		}
	}

	/** The server itself: the commands before have become it. */
	signal(signal) {
		process.kill(this.process.pid, signal);
	}

	async kill() {
		this.signal("SIGKILL");
		await this.ended;
	}

	cutOff = () => ip("link", "set", this.link, "down");
	joinUp = () => ip("link", "set", this.link, "up");

	async stop() {
		if (!this.process || this.process.exitCode !== null || this.process.signalCode !== null) return;
		this.signal("SIGCONT");
		await this.kill();
	}

	/** A query's rows, with root's rights. */
	async query(sql, timeout = 3000) {
		const db = await createConnection({ socketPath: this.socket, user: "root", connectTimeout: 2000 });
		db.on("error", () => {});
		try {
			return (await db.query({ sql, timeout }))[0];
		} finally {
			db.destroy();
		}
	}

	/** How many statements the programs have run here. */
	async reads() {
		const [{ Value }] = await this.query("SHOW GLOBAL STATUS LIKE 'Com_stmt_execute'");
		return Number(Value);
	}

	/** Statements of one session. */
	async run(...statements) {
		const db = await createConnection({ socketPath: this.socket, user: "root" });
		for (const sql of statements) await db.query(sql);
		await db.end();
	}

	/** { state: "ONLINE", role: "PRIMARY" } as it sees itself; null: it does not answer. */
	async standing() {
		const sql = "SELECT member_state AS state, member_role AS role FROM performance_schema.replication_group_members WHERE member_id = @@server_uuid";
		const rows = await this.query(sql).catch(() => null);
		return rows && (rows[0] ?? { state: "OFFLINE" });
	}

	async online(seconds) {
		const began = Date.now();
		while ((await this.standing())?.state !== "ONLINE") {
			if (Date.now() - began > seconds * 1000) throw new Error(`${this.name} is not online after ${seconds} s:\n${this.tail()}`);
			await sleep(100);
		}
	}

	tail() {
		return readFileSync(this.log, "utf8").split("\n").slice(-15).join("\n");
	}
}

export class Group {
	static async open({ size = 3 } = {}) {
		const group = new Group();
		const tag = `lmg${process.pid}`;
		Object.assign(group, { tag, bridge: `${tag}br`, dir: mkdtempSync(`${tmpdir()}/lamplight-group-`), members: [] });
		try {
			await ip("link", "add", group.bridge, "type", "bridge");
			await ip("link", "set", group.bridge, "up");
			for (let n = 1; n <= size; n++) group.members.push(new Member(group, n));
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
		// Each has its own of these; the group's log begins after them.
		await member.run(
			"SET sql_log_bin = 0",
			`CREATE USER repl@'%' IDENTIFIED BY '${PASSWORD}'`,
			"GRANT REPLICATION SLAVE, CONNECTION_ADMIN, BACKUP_ADMIN, GROUP_REPLICATION_STREAM ON *.* TO repl@'%'",
		);
		await member.join({ first });
		if (first)
			await member.run(
				"CREATE DATABASE lamplight CHARACTER SET utf8mb4",
				"CREATE USER lamplight@localhost",
				"GRANT SELECT, INSERT, UPDATE, DELETE ON lamplight.* TO lamplight@localhost",
			);
	}

	/** The member that takes changes, as those see it that are online. */
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

	/** What makes an instance use it. */
	get settings() {
		return {
			LAMPLIGHT_DB_HOST: this.members.map(({ socket }) => socket).join(","),
			LAMPLIGHT_DB_SOCKET: undefined,
			LAMPLIGHT_DB_USER: "lamplight",
			LAMPLIGHT_DB_NAME: "lamplight",
			MIGRATION_USER: "root",
		};
	}

	async close() {
		await Promise.all(this.members.map((member) => member.stop()));
		for (const member of this.members) await ip("netns", "delete", member.space).catch(() => {});
		await ip("link", "delete", this.bridge).catch(() => {});
		rmSync(this.dir, { recursive: true, force: true });
	}
}
