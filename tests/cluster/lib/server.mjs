// A database server of a cluster on this machine. It has a network of its own, which a bridge joins to the networks of the
// others, so that a test can cut it off from them. The programs reach all servers through unix sockets, independently of
// these networks.

import { execFile, spawn } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { createConnection } from "mysql2/promise";

const run = promisify(execFile);
const ip = (...words) => run("ip", words);

/**
 * The bridge between the servers, and their folder. Every name on this machine begins with `tag`, which has at most 11
 * characters.
 */
export class Site {
	static async open(tag) {
		const site = Object.assign(new Site(), { tag, bridge: `${tag}br`, dir: mkdtempSync(`${tmpdir()}/lamplight-${tag}-`), servers: [] });
		await ip("link", "add", site.bridge, "type", "bridge");
		await ip("link", "set", site.bridge, "up");
		return site;
	}

	/** The settings with which an instance uses all of the servers. */
	get settings() {
		return {
			LAMPLIGHT_DB_HOST: this.servers.map(({ socket }) => socket).join(","),
			LAMPLIGHT_DB_SOCKET: undefined,
			LAMPLIGHT_DB_USER: "lamplight",
			LAMPLIGHT_DB_NAME: "lamplight",
			MIGRATION_USER: "root",
		};
	}

	async close() {
		await Promise.all(this.servers.map((server) => server.stop()));
		for (const server of this.servers) await ip("netns", "delete", server.space).catch(() => {});
		await ip("link", "delete", this.bridge).catch(() => {});
		rmSync(this.dir, { recursive: true, force: true });
	}
}

/** The statements that create the programs' account, in order. */
export const account = [
	"CREATE DATABASE lamplight CHARACTER SET utf8mb4",
	"CREATE USER lamplight@localhost",
	"GRANT SELECT, INSERT, UPDATE, DELETE ON lamplight.* TO lamplight@localhost",
];

export class Server {
	constructor(site, name, { n, address }) {
		Object.assign(this, { site, n, name, address, process: null });
		this.space = `${site.tag}-${n}`;
		this.link = `${site.tag}h${n}`;
		this.dir = `${site.dir}/${name}`;
		this.socket = `${this.dir}/mysql.sock`;
		this.log = `${this.dir}/log`;
	}

	/** Creates the server's network and connects it to the bridge. */
	async wire() {
		const there = `${this.site.tag}n${this.n}`;
		await ip("netns", "add", this.space);
		await ip("link", "add", this.link, "type", "veth", "peer", "name", there, "netns", this.space);
		await ip("link", "set", this.link, "master", this.site.bridge, "up");
		await ip("-n", this.space, "addr", "add", `${this.address}/24`, "dev", there);
		await ip("-n", this.space, "link", "set", there, "up");
		await ip("-n", this.space, "link", "set", "lo", "up");
	}

	cutOff = () => ip("link", "set", this.link, "down");
	joinUp = () => ip("link", "set", this.link, "up");

	/** Starts the server in its network. */
	spawn(command, env = {}) {
		const file = openSync(this.log, "a");
		this.process = spawn("ip", ["netns", "exec", this.space, ...command], { env: { ...process.env, ...env }, stdio: ["ignore", file, file], detached: true });
		closeSync(file);
		this.ended = new Promise((resolve) => this.process.on("exit", resolve));
	}

	/** The process is the server itself, because the commands before it have executed it. */
	signal(signal) {
		process.kill(this.process.pid, signal);
	}

	async kill() {
		this.signal("SIGKILL");
		await this.ended;
	}

	/** Asks the server to end, and kills it after half a minute. */
	async stop() {
		if (!this.process || this.process.exitCode !== null || this.process.signalCode !== null) return;
		await this.joinUp();
		this.signal("SIGCONT");
		this.signal("SIGTERM");
		const { process: server } = this; // after half a minute there may be another one
		const timer = setTimeout(() => server.kill("SIGKILL"), 30_000);
		await this.ended;
		clearTimeout(timer);
	}

	connect(more = {}) {
		return createConnection({ socketPath: this.socket, user: "root", connectTimeout: 2000, ...more });
	}

	/** The rows of a query that runs as root; `timeout` in ms. */
	async query(sql, timeout = 3000) {
		const db = await this.connect();
		db.on("error", () => {});
		try {
			return (await db.query({ sql, timeout }))[0];
		} finally {
			db.destroy();
		}
	}

	/** Runs statements in one session. */
	async run(...statements) {
		const db = await this.connect();
		for (const sql of statements) await db.query(sql);
		await db.end();
	}

	/** Waits until `isSo` returns true; returns how long that took, in ms. */
	async becomes(what, isSo, { seconds = 90, pause = 100 } = {}) {
		const began = Date.now();
		while (!(await isSo())) {
			if (Date.now() - began > seconds * 1000) throw new Error(`${this.name} is not ${what} after ${seconds} s:\n${this.tail()}`);
			await sleep(pause);
		}
		return Date.now() - began;
	}

	tail() {
		return readFileSync(this.log, "utf8").split("\n").slice(-15).join("\n");
	}
}
