// What a round runs on: one database, two nodes (web server and programs, each with a supervisor of its own) built with the
// places of lib/base/fault.h, and the fake model.

import { execFile } from "node:child_process";
import {
	existsSync,
	mkdtempSync,
	openSync,
	readFileSync,
	readSync,
	readdirSync,
	closeSync,
	rmSync,
	statSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { createConnection } from "mysql2/promise";
import { beside, up } from "../../support/instance.mjs";
import { startModel } from "../../support/upstream.mjs";
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

/** One node: its chat worker, its log, its file of faults. */
class Node {
	constructor(instance, faultFile) {
		this.instance = instance;
		this.faultFile = faultFile;
		this.url = instance.env.LAMPLIGHT_URL;
		this.dir = instance.env.LAMPLIGHT_VAR;
		this.logAt = 0;
		this.seen = new Set();
	}

	pid(program = "chat") {
		return Number(readFileSync(`${this.dir}/run/${program}.pid`, "utf8"));
	}

	signal(signal, pid = this.pid()) {
		try {
			return process.kill(pid, signal);
		} catch {
			return false; // it is gone
		}
	}

	/** Waits until another worker is in its place. */
	async replaced(pid, seconds = 30) {
		for (const end = Date.now() + seconds * 1000; Date.now() < end; await sleep(10)) if (this.pid() !== pid) return true;
		return false;
	}

	/** Arms a fault. True when it has happened within the time. */
	async fault(step, action, n, withinMs) {
		writeFileSync(this.faultFile, `${step}:${action}:${n}\n`);
		for (const end = Date.now() + withinMs; Date.now() < end; await sleep(10)) if (!existsSync(this.faultFile)) return true;
		rmSync(this.faultFile, { force: true });
		return false;
	}

	/** Sanitizers' reports that are new. */
	reports() {
		const names = readdirSync(`${this.dir}/log`).filter((name) => /\.(asan|ubsan|tsan)\./.test(name) && !this.seen.has(name));
		for (const name of names) this.seen.add(name);
		return names.map((name) => `${this.dir}/log/${name}: ${readFileSync(`${this.dir}/log/${name}`, "utf8").slice(0, 3000)}`);
	}

	/** Lines of the chat program's log since the last time. */
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
	static async open({ leaseMs, nodes = 2, more = {} }) {
		const site = new Site();
		site.model = await startModel();
		site.leaseMs = leaseMs;
		site.nodes = [];
		site.scratch = mkdtempSync(`${tmpdir()}/lamplight-fault-`);
		const settings = {
			VARIANT: "fault",
			SANITIZER_REPORTS: undefined, // into the node's own logs
			LAMPLIGHT_LLM_BASE_URL: site.model.baseUrl,
			LAMPLIGHT_WORKER_LEASE_MS: String(leaseMs),
			LAMPLIGHT_AUTH_ACCESS_TTL_S: "86400",
			LAMPLIGHT_CHAT_DRAIN_MS: "3000",
			LAMPLIGHT_LLM_IDLE_TIMEOUT_MS: "2000",
			LAMPLIGHT_LLM_FIRST_BYTE_TIMEOUT_MS: "2000",
			...more,
		};
		try {
			for (let n = 0; n < nodes; n++) {
				const shared = n > 0 && beside(site.nodes[0].dir);
				const faultFile = `${site.scratch}/fault-${n}`;
				const instance = await up({ more: { ...settings, ...shared, LAMPLIGHT_FAULT_FILE: faultFile } });
				site.nodes.push(new Node(instance, faultFile));
			}
		} catch (error) {
			await site.close();
			throw error;
		}
		return site;
	}

	get socket() {
		return `${this.nodes[0].dir}/run/mysql.sock`;
	}

	get urls() {
		return this.nodes.map(({ url }) => url);
	}

	/** A fresh model behind the same address: the last round's scripts are forgotten. */
	async renewModel() {
		const port = new URL(this.model.baseUrl).port;
		await this.model.close();
		this.model = await startModel({ port: Number(port) });
	}

	async control(method, path, body) {
		const response = await fetch(this.model.controlUrl + path, { method, body: body && JSON.stringify(body) });
		return response.json();
	}

	async register(username) {
		const body = JSON.stringify({ username, password: "correct horse battery" });
		const response = await fetch(`${this.nodes[0].url}/api/auth/register`, {
			method: "POST",
			headers: { "content-type": "application/json" },
			body,
		});
		if (response.status !== 201) throw new Error(`register: ${response.status} ${await response.text()}`);
		const { accessToken, user } = await response.json();
		return { id: user.id, token: accessToken };
	}

	// ---- the database

	async connect(more = {}) {
		const db = await createConnection({ socketPath: this.socket, ...OPTIONS, typeCast, ...more });
		db.on("error", () => {}); // the next query says so
		return db;
	}

	/** With root's rights, on a connection of its own. */
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

	async close({ keep = false } = {}) {
		for (const { instance } of this.nodes.reverse()) {
			await instance.down().catch((error) => console.error(error.message));
			if (!keep) instance.remove();
		}
		await this.model.close();
		rmSync(this.scratch, { recursive: true, force: true });
	}
}

/** What the tables hold of a reply, as a person would read it; null: no such row; undefined: nobody answers. */
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
