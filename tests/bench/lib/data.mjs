// The rows that the works read: as many as a work needs, of the sizes that it names, in the tables of the instance.

import { createPool } from "mysql2/promise";

const EPOCH_MS = Date.UTC(2024, 0, 1);
const BATCH = 500;
const WORDS = "a lamp in the window burns low while the rain goes on and somebody reads by it until the morning comes ";
const KB = WORDS.repeat(11).slice(0, 1024);

const time = (ms) => new Date(ms).toISOString().slice(0, -1).replace("T", " ");

export class Data {
	/** These ids precede all others, so no program makes one of them. */
	#next = (BigInt(Date.now() - EPOCH_MS) - 86_400_000n) << 22n;

	constructor(socketPath) {
		this.socket = socketPath;
		this.db = createPool({ socketPath, user: "lamplight", database: "lamplight", charset: "utf8mb4", connectionLimit: 2 });
	}

	/** end() fails if a connection is broken, but the run knows that by then. */
	close = () => this.db.end().catch(() => {});

	#id() {
		this.#next += 1n;
		return this.#next.toString();
	}

	async #insert(table, columns, rows) {
		for (let i = 0; i < rows.length; i += BATCH)
			await this.db.query(`INSERT INTO ${table} (${columns}) VALUES ?`, [rows.slice(i, i + BATCH)]);
	}

	/** Creates sessions of a user with `messages` of 1 KB each; returns their ids. */
	async sessions(userId, n, messages = 0) {
		const now = Date.now() - 3_600_000;
		const ids = Array.from({ length: n }, () => this.#id());
		const at = (i) => time(now - i * 1000);
		await this.#insert(
			"session",
			"id, user_id, title, create_time, update_time",
			ids.map((id, i) => [id, userId, `What burns in lamp number ${i}, and for how long?`, at(i), at(i)]),
		);
		for (let i = 0; messages > 0 && i < n; i += 100)
			await this.#messages(
				ids.slice(i, i + 100),
				messages,
				at(0),
			);
		return ids;
	}

	#messages(sessionIds, n, at) {
		const usage = { inputTokens: 300, outputTokens: 200, totalTokens: 500 };
		const metadata = JSON.stringify({
			createTime: `${at.replace(" ", "T")}Z`,
			model: "bench",
			status: "complete",
			usage,
			finishReason: "stop",
		});
		const question = JSON.stringify([{ type: "text", text: KB }]);
		const reply = JSON.stringify([{ type: "step-start" }, { type: "text", text: KB, state: "done" }]);
		const rows = sessionIds.flatMap((sessionId) =>
			Array.from({ length: n }, (_, i) => {
				const isReply = i % 2 === 1;
				const id = this.#id();
				return [sessionId, id, isReply ? "assistant" : "user", "complete", 1, isReply ? reply : question, isReply ? metadata : null, at, at];
			}),
		);
		return this.#insert("message", "session_id, id, role, status, active, parts, metadata, create_time, update_time", rows);
	}

	/** Renews the statistics after many rows were stored. */
	analyze = () => this.db.query("ANALYZE TABLE session, message");

	/** Whether the search index contains everything that was stored. */
	async isSettled() {
		const [[{ n }]] = await this.db.query("SELECT COUNT(*) AS n FROM search_pending");
		return Number(n) === 0;
	}
}
