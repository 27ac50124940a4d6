// A MariaDB server that replicates the database of an instance, which must be started with the settings of `primary()`.

import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, openSync, closeSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { createConnection } from "mysql2/promise";

const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin` };

/** The settings that the instance's own server needs. */
export const primary = (port) => ({
	DB_CONFIG: `skip-networking = 0\\nbind-address = 127.0.0.1\\nport = ${port}\\nserver-id = 1\\nlog-bin = bin\\nskip-name-resolve`,
});

export class Replica {
	constructor() {
		this.dir = mkdtempSync(`${tmpdir()}/lamplight-replica-`);
		this.socket = `${this.dir}/mysql.sock`;
	}

	/** Replicates the server with this socket and this port, from its current position on. */
	async open(socket, port) {
		mkdirSync(`${this.dir}/db`);
		const config = ["user = root", `datadir = ${this.dir}/db`, `tmpdir = ${this.dir}`, `socket = ${this.socket}`, `pid-file = ${this.dir}/pid`];
		const more = ["skip-networking", "server-id = 2", "read_only = 1", "character-set-server = utf8mb4", "innodb_buffer_pool_size = 32M"];
		writeFileSync(`${this.dir}/my.cnf`, `[mysqld]\n${[...config, ...more].join("\n")}\n`);
		const install = ["--auth-root-authentication-method=normal", "--skip-test-db", "--skip-name-resolve", "--force"];
		execFileSync("mariadb-install-db", [`--defaults-file=${this.dir}/my.cnf`, ...install], { env, stdio: "ignore" });
		await this.start();
		execFileSync("mariadb", ["-S", socket, "-u", "root", "-e", "CREATE USER repl@'127.0.0.1'; GRANT REPLICATION SLAVE ON *.* TO repl@'127.0.0.1'"]);
		const dump = ["-S", socket, "-u", "root", "--single-transaction", "--gtid", "--master-data=1", "-B", "lamplight"];
		execFileSync("mariadb", ["-S", this.socket, "-u", "root"], { input: execFileSync("mariadb-dump", dump, { maxBuffer: 1 << 28 }) });
		for (const sql of [
			"CREATE USER lamplight@localhost",
			"GRANT SELECT ON lamplight.* TO lamplight@localhost",
			`CHANGE MASTER TO master_host = '127.0.0.1', master_port = ${port}, master_user = 'repl', master_use_gtid = slave_pos`,
			"START SLAVE",
		])
			await this.query(sql);
	}

	async start() {
		const log = openSync(`${this.dir}/log`, "a");
		this.process = spawn("mariadbd", [`--defaults-file=${this.dir}/my.cnf`], { env, stdio: ["ignore", log, log] });
		closeSync(log);
		this.ended = new Promise((resolve) => this.process.on("exit", resolve));
		for (let tries = 0; ; tries++) {
			if (await this.query("SELECT 1").catch(() => null)) return;
			if (tries > 600) throw new Error(readFileSync(`${this.dir}/log`, "utf8"));
			await sleep(100);
		}
	}

	/** As root. */
	async query(sql) {
		const db = await createConnection({ socketPath: this.socket, user: "root", connectTimeout: 2000 });
		try {
			return (await db.query(sql))[0];
		} finally {
			db.destroy();
		}
	}

	/** The same, on a connection that stays open until the returned function is called. */
	async hold(sql) {
		const db = await createConnection({ socketPath: this.socket, user: "root", connectTimeout: 2000 });
		await db.query(sql);
		return () => db.destroy();
	}

	/** The number of statements that the programs have run here. */
	async reads() {
		const [{ Value }] = await this.query("SHOW GLOBAL STATUS LIKE 'Com_stmt_execute'");
		return Number(Value);
	}

	signal = (signal) => this.process.kill(signal);

	async kill() {
		this.signal("SIGKILL");
		await this.ended;
	}

	async close() {
		if (this.process?.exitCode === null && this.process.signalCode === null) await this.kill();
		rmSync(this.dir, { recursive: true, force: true });
	}
}
