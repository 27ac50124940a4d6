// The site of a round: one database, two nodes (web server and programs, each with a supervisor of its own) built with the
// fault points of lib/base/fault.h, and the fake model. Its kinds are
//
//   plain     everything is on this machine's disk and uses unix sockets
//   disks     the database and each node's logs have small file systems of their own
//   network   there are proxies between clients and web servers, nodes and model, and the second node and its database
//   galera    the database is a cluster of three servers (tests/cluster/lib/galera.mjs)
//   group     the database is a MySQL group of three servers (tests/cluster/lib/group.mjs)

import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import {
	cpSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	openSync,
	readFileSync,
	readSync,
	readdirSync,
	closeSync,
	renameSync,
	rmSync,
	statSync,
	unlinkSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { createConnection } from "mysql2/promise";
import { Cluster } from "../../cluster/lib/galera.mjs";
import { Group } from "../../cluster/lib/group.mjs";
import { beside, up } from "../../support/instance.mjs";
import { FlakyProxy } from "../../support/proxy.mjs";
import { startModel } from "../../support/upstream.mjs";
import { addModels, knowsModels } from "./models.mjs";
import { shownOf, Shown } from "./shown.mjs";

const run = promisify(execFile);
const OPTIONS = {
	user: "lamplight",
	database: "lamplight",
	charset: "utf8mb4",
	supportBigNumbers: true,
	bigNumberStrings: true,
	dateStrings: true,
};
const typeCast = (field, next) => (["VAR_STRING", "BLOB"].includes(field.type) ? field.string() : next());

const mount = (dir, size) => run("mount", ["-t", "tmpfs", "-o", `size=${size},mode=700`, "lamplight-test", dir]);
const unmount = (dir) => run("umount", ["-l", dir]);

/** Whether a message gets its reply as usual. */
async function answers(url, token) {
	try {
		const response = await fetch(`${url}/api/ai/chat`, {
			method: "POST",
			headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
			body: JSON.stringify({ id: randomUUID(), messages: [{ id: randomUUID(), role: "user", parts: [{ type: "text", text: "well?" }] }] }),
			signal: AbortSignal.timeout(10_000),
		});
		return response.ok && (await response.text()).includes('"finish"');
	} catch {
		return false; // the next attempt shows more
	}
}

/** Commits on another server of a cluster are visible; a frozen server is not waited for. */
async function behindOthers(db, { catchUp }) {
	const query = db.query.bind(db);
	db.query = (sql, values) => query({ sql, values, timeout: 20_000 });
	await db.query(catchUp);
}

/** Why small file systems are not possible here. */
export async function cannotMount() {
	const dir = mkdtempSync(`${tmpdir()}/lamplight-mount-`);
	try {
		await mount(dir, "1m");
		await unmount(dir);
		return null;
	} catch {
		return "only root may mount a small file system";
	} finally {
		rmSync(dir, { recursive: true });
	}
}

/** One node: its chat worker, its log, its fault file, its clock. */
class Node {
	constructor(instance, { faultFile, clockFile }) {
		Object.assign(this, { instance, faultFile, clockFile });
		this.url = instance.env.LAMPLIGHT_URL;
		this.dir = instance.env.LAMPLIGHT_VAR;
		this.logAt = 0;
		this.seen = new Set();
	}

	pid(program = "chat") {
		for (;;) {
			const text = readFileSync(`${this.dir}/run/${program}.pid`, "utf8");
			if (text.endsWith("\n")) return Number(text); // otherwise it is being written; a signal to 0 would be for us
		}
	}

	signal(signal, pid = this.pid()) {
		try {
			return process.kill(pid, signal);
		} catch {
			return false; // it is gone
		}
	}

	async state(program) {
		const { stdout } = await run("ps", ["-o", "pid=,stat=,etime=,args=", "-p", String(this.pid(program))]).catch((error) => error);
		return `${program}: ${stdout.trim()}`;
	}

	/** Waits until another worker has replaced it. */
	async replaced(pid, seconds = 30) {
		for (const end = Date.now() + seconds * 1000; Date.now() < end; await sleep(10)) if (this.pid() !== pid) return true;
		return false;
	}

	/**
	 * Arms a fault. Resolves to the pid of the process in which it has happened, which may be draining; null if no process
	 * has reached that step in time, and none will.
	 */
	async fault(step, action, n, withinMs) {
		writeFileSync(this.faultFile, `${step}:${action}:${n}\n`);
		for (const end = Date.now() + withinMs; Date.now() < end && existsSync(this.faultFile); ) await sleep(10);
		try {
			unlinkSync(this.faultFile);
			return null;
		} catch {
			return this.takenBy(); // maybe at this very moment
		}
	}

	/** The process that took the fault has appended its pid to the file's name (lib/base/fault.h). */
	takenBy() {
		const [dir, prefix] = [dirname(this.faultFile), `${basename(this.faultFile)}.`];
		const name = readdirSync(dir).find((name) => name.startsWith(prefix));
		rmSync(`${dir}/${name}`);
		return Number(name.slice(prefix.length));
	}

	/** Makes the wall clock of all its programs wrong by this much. */
	clock(ms) {
		if (ms === 0) return rmSync(this.clockFile, { force: true });
		writeFileSync(`${this.clockFile}.new`, `${ms}\n`);
		renameSync(`${this.clockFile}.new`, this.clockFile);
	}

	/** New reports of sanitizers. */
	reports() {
		const names = readdirSync(`${this.dir}/log`).filter((name) => /\.(asan|ubsan|tsan)\./.test(name) && !this.seen.has(name));
		for (const name of names) this.seen.add(name);
		return names.map((name) => `${this.dir}/log/${name}: ${readFileSync(`${this.dir}/log/${name}`, "utf8").slice(0, 3000)}`);
	}

	/** The chat program's log lines since the last call. */
	log() {
		const path = `${this.dir}/log/chat.log`;
		const bytes = Buffer.alloc(Math.max(0, statSync(path).size - this.logAt));
		const file = openSync(path, "r");
		readSync(file, bytes, 0, bytes.length, this.logAt);
		closeSync(file);
		this.logAt += bytes.length;
		return bytes.toString("utf8").split("\n").filter(Boolean);
	}
}

export class Site {
	/** `wires`: the wires of its models (models.mjs); `more`: settings of its nodes. */
	static async open({ leaseMs, nodes = 2, kind = "plain", wires = ["openai"], more = {} }) {
		const site = new Site();
		Object.assign(site, { kind, leaseMs, nodes: [], mounts: [], databaseProxies: [], clientProxies: [] });
		site.model = await startModel({ signed: true });
		site.scratch = mkdtempSync(`${tmpdir()}/lamplight-fault-`);
		try {
			if (kind === "galera") site.cluster = await Cluster.open();
			if (kind === "group") site.cluster = await Group.open();
			if (kind === "network") site.modelProxy = await FlakyProxy.open({ port: Number(new URL(site.model.baseUrl).port) });
			for (let n = 0; n < nodes; n++) await site.addNode(n, more);
			if (kind === "disks") await site.moveDatabase();
			const { VARIANT: variant, LAMPLIGHT_LLM_BASE_URL: baseUrl } = { ...site.settings, ...more };
			site.models = await addModels(site.nodes[0], { variant, baseUrl, wires, env: site.cluster?.settings });
		} catch (error) {
			await site.close();
			throw error;
		}
		return site;
	}

	get settings() {
		const model = new URL(this.model.baseUrl);
		if (this.modelProxy) model.port = this.modelProxy.port;
		return {
			VARIANT: "fault",
			SANITIZER_REPORTS: undefined, // into the node's own logs
			LAMPLIGHT_LLM_BASE_URL: model.href,
			LAMPLIGHT_WORKER_LEASE_MS: String(this.leaseMs),
			LAMPLIGHT_AUTH_ACCESS_TTL_S: "86400",
			LAMPLIGHT_CHAT_DRAIN_MS: "3000",
			LAMPLIGHT_LLM_IDLE_TIMEOUT_MS: "2000",
			LAMPLIGHT_LLM_FIRST_BYTE_TIMEOUT_MS: "2000",
			LAMPLIGHT_LLM_REPLY_MAX: this.kind === "large" ? "2621440" : "65536",
		};
	}

	async addNode(n, more) {
		const files = { faultFile: `${this.scratch}/fault-${n}`, clockFile: `${this.scratch}/clock-${n}` };
		const shared = n > 0 && beside(this.nodes[0].dir);
		if (n > 0 && this.kind === "network") Object.assign(shared, await this.farDatabase());
		const many = this.cluster?.settings;
		const instance = await up({
			more: {
				...this.settings,
				...shared,
				...many,
				LAMPLIGHT_FAULT_FILE: files.faultFile,
				LAMPLIGHT_FAULT_CLOCK: files.clockFile,
				...more,
			},
			before: async (VAR) => {
				mkdirSync(`${VAR}/log`, { mode: 0o700 });
				if (this.kind === "disks") await this.mount(`${VAR}/log`, "8m");
			},
		});
		this.nodes.push(new Node(instance, files));
		if (this.kind === "network") this.clientProxies.push(await FlakyProxy.open({ port: new URL(this.nodes[n].url).port }));
	}

	/** The first node's server, which has no port, behind a proxy that has one. */
	async farDatabase() {
		const proxy = await FlakyProxy.open({ path: this.socket });
		this.databaseProxies.push(proxy);
		return { LAMPLIGHT_DB_SOCKET: undefined, LAMPLIGHT_DB_HOST: "127.0.0.1", LAMPLIGHT_DB_PORT: String(proxy.port) };
	}

	async mount(dir, size) {
		await mount(dir, size);
		this.mounts.push(dir);
	}

	get databaseDir() {
		return `${this.nodes[0].dir}/db`;
	}

	/** Moves it to a separate disk. */
	async moveDatabase() {
		await this.sv("down");
		renameSync(this.databaseDir, `${this.databaseDir}.moved`);
		mkdirSync(this.databaseDir);
		await this.mount(this.databaseDir, "256m");
		cpSync(`${this.databaseDir}.moved`, this.databaseDir, { recursive: true });
		rmSync(`${this.databaseDir}.moved`, { recursive: true });
		await this.sv("up");
		await this.databaseAnswers();
	}

	/** Makes the tables small again: deletions leave free space in their files, so a full disk would have no effect. */
	async shrinkTables() {
		const tables = ["session", "message", "message_delta", "search_recent", "search_segment", "search_word", "search_place", "search_pending", "erasure", "stop_request"];
		await this.asRoot(async (db) => {
			for (const table of tables) await db.query(`TRUNCATE TABLE ${table}`);
		});
	}

	get socket() {
		return `${this.nodes[0].dir}/run/mysql.sock`;
	}

	get urls() {
		return this.nodes.map(({ url }, n) => (this.clientProxies[n] ? `http://127.0.0.1:${this.clientProxies[n].port}` : url));
	}

	/** Replaces the model behind the same address: the scripts of the last round are forgotten. */
	async renewModel() {
		const port = new URL(this.model.baseUrl).port;
		await this.model.close();
		this.model = await startModel({ port: Number(port), signed: true });
	}

	async control(method, path, body) {
		const response = await fetch(this.model.controlUrl + path, { method, body: body && JSON.stringify(body) });
		return response.json();
	}

	async register(username) {
		const body = JSON.stringify({ username, password: "correct horse battery" });
		const ask = () =>
			fetch(`${this.nodes[0].url}/api/auth/register`, {
				method: "POST",
				headers: { "content-type": "application/json" },
				body,
			});
		let response = await ask();
		// When the database has just returned, leases must be renewed first.
		for (let tries = 0; response.status === 503 && tries < 100; tries++) {
			await sleep(100);
			response = await ask();
		}
		if (response.status !== 201) throw new Error(`register: ${response.status} ${await response.text()}`);
		const { accessToken, user } = await response.json();
		return { id: user.id, token: accessToken };
	}

	/** Waits until each node accepts messages: effects of a round may outlast it, and must not count against the next one. */
	async nodesAnswer({ token }, withinMs) {
		const end = Date.now() + withinMs;
		for (const url of this.urls)
			while (!(await answers(url, token))) {
				if (Date.now() > end) throw new Error(`${url} takes no message ${withinMs} ms after the last round:\n${await this.state()}`);
				await sleep(50);
			}
		for (const url of this.urls) await knowsModels(url, token, this.models);
	}

	// ---- the database

	async connect(more = {}) {
		const socketPath = this.cluster ? (await this.cluster.well()).socket : this.socket;
		const db = await createConnection({ socketPath, connectTimeout: 10_000, ...OPTIONS, typeCast, ...more });
		db.on("error", () => {}); // the next query says so
		if (this.cluster) await behindOthers(db, this.cluster);
		await db.query("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ");
		// Otherwise a statement that waits for a table lock waits for a day.
		await db.query("SET SESSION autocommit = 1, time_zone = '+00:00', sql_mode = '', lock_wait_timeout = 60");
		return db;
	}

	/** As root, on a separate connection. */
	async asRoot(work) {
		const db = await this.connect({ user: "root" });
		try {
			return await work(db);
		} finally {
			db.destroy();
		}
	}

	async databaseAnswers() {
		for (const end = Date.now() + 60_000; Date.now() < end; await sleep(50)) {
			const db = await this.connect().catch(() => null);
			db?.destroy();
			if (db) return;
		}
		throw new Error("the database does not come back");
	}

	sv(...args) {
		return run("sv", ["-w", "30", ...args, `${this.nodes[0].dir}/etc/sv/mysql`]);
	}

	/** The state of its processes and its database, to explain why nothing proceeds. */
	async state() {
		const lines = [];
		for (const node of this.nodes)
			for (const program of ["chat", "mysql"])
				if (existsSync(`${node.dir}/run/${program}.pid`)) lines.push(await node.state(program));
		const statements = await this.asRoot(async (db) => (await db.query("SHOW FULL PROCESSLIST"))[0]).catch(({ message }) => [{ message }]);
		return [...lines, ...statements.map((row) => JSON.stringify(row))].join("\n");
	}

	async close({ keep = false } = {}) {
		for (const { instance } of this.nodes.reverse()) {
			await instance.down().catch((error) => console.error(error.message));
		}
		await this.cluster?.close();
		for (const dir of this.mounts.reverse()) await unmount(dir).catch((error) => console.error(error.message));
		if (!keep) for (const { instance } of this.nodes) instance.remove();
		for (const proxy of [...this.databaseProxies, ...this.clientProxies, this.modelProxy]) proxy?.close();
		await this.model.close();
		rmSync(this.scratch, { recursive: true, force: true });
	}
}

/** What the tables hold of a reply, as a person would read it; null: no such row; undefined: no answer. */
export async function storedOf(db, sessionId, replyId) {
	const [rows] = await db.query(
		"SELECT m.parts, d.body FROM message m LEFT JOIN message_delta d ON d.message_id = m.id WHERE m.session_id = ? AND m.id = ? ORDER BY d.seq",
		[sessionId, replyId],
	);
	if (rows.length === 0) return null;
	const shown = new Shown();
	for (const { body } of rows)
		for (const line of (body ?? "").split("\n")) if (line.startsWith("data: {")) shown.see(JSON.parse(line.slice(6)));
	return shownOf(JSON.parse(rows[0].parts)) + shown.text;
}
