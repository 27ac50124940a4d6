// The database goes away and comes back.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, test } from "node:test";
import { User, eventually, newId, request, userMessage } from "../support/api.mjs";
import { messagesOf, query } from "../support/db.mjs";
import { VAR, pid, settings } from "../support/instance.mjs";
import { chunk, gated, play } from "../support/model.mjs";

const sv = (...args) => execFileSync("sv", ["-w", "30", ...args, `${VAR}/etc/sv/mysql`], { stdio: "ignore" });
const up = async () => {
	sv("up");
	await eventually(() => query("SELECT 1"), 30);
};

/** Runs `work` while mariadbd is not there at all. */
async function away(work) {
	sv("down");
	try {
		return await work();
	} finally {
		await up();
	}
}

/** Closes all of the programs' connections; how many there were. */
async function dropConnections() {
	const connections = await query("SELECT id FROM information_schema.processlist WHERE id <> CONNECTION_ID()");
	for (const { id } of connections) await query(`KILL ${id}`).catch(() => {});
	return connections.length;
}

const asRoot = (sql) =>
	execFileSync("mariadb", ["--no-defaults", `--socket=${VAR}/run/mysql.sock`, "--user=root", `--execute=${sql}`]);

afterEach(up);

const ROUTES = [
	["GET", "/api/me"],
	["GET", "/api/ai/sessions"],
	["GET", "/api/ai/sessions/1"],
	["GET", "/api/ai/sessions/1/messages"],
	["DELETE", "/api/ai/sessions/1"],
	["PATCH", "/api/ai/sessions/1", { title: "x" }],
	["POST", "/api/auth/login", { username: "someone", password: "something" }],
	["POST", "/api/auth/register", { username: "someone", password: "something" }],
	["POST", "/api/ai/chat", { messages: [userMessage("hi")] }],
];

test("connections that the database has closed are replaced, and no request notices", { timeout: 60_000 }, async () => {
	const user = await User.register();
	const { sessionId } = await user.say("before");
	const paths = ["/api/me", "/api/ai/sessions", `/api/ai/sessions/${sessionId}/messages`];
	for (let round = 0; round < 3; round++) {
		assert.ok((await dropConnections()) > 3);
		const answers = await Promise.all([...paths, ...paths, ...paths].map((path) => user.get(path)));
		assert.deepEqual(
			answers.map(({ status }) => status),
			answers.map(() => 200),
		);
		const login = await request("POST", "/api/auth/login", { body: { username: user.username, password: User.password } });
		assert.equal(login.status, 200, login.text);
		assert.equal((await user.say(`after ${round}`, { sessionId })).text, `You said: after ${round}`);
	}
});

test("a server with other defaults: what is written is kept, and means the same", { timeout: 60_000 }, async () => {
	const OTHER =
		"GLOBAL autocommit = 0, GLOBAL time_zone = '+05:30', GLOBAL sql_mode = 'ANSI_QUOTES', GLOBAL tx_isolation = 'SERIALIZABLE', GLOBAL tx_read_only = 1, GLOBAL character_set_server = latin1";
	const USUAL =
		"GLOBAL autocommit = 1, GLOBAL time_zone = 'SYSTEM', GLOBAL sql_mode = DEFAULT, GLOBAL tx_isolation = DEFAULT, GLOBAL tx_read_only = 0, GLOBAL character_set_server = utf8mb4";
	asRoot(`SET ${OTHER}`);
	try {
		await dropConnections();
		const user = await User.register();
		const turn = await user.say("caf\u00e9 \u{1f600}");
		const read = await user.messages(turn.sessionId);
		await dropConnections(); // with them goes what was not committed
		assert.deepEqual(await user.messages(turn.sessionId), read);
		assert.equal(read[1].parts.at(-1).text, "You said: caf\u00e9 \u{1f600}");
		const [row] = await messagesOf(turn.sessionId);
		assert.equal(`${row.create_time.replace(" ", "T")}Z`, read[0].metadata.createTime);
		assert.ok(Math.abs(Date.parse(read[0].metadata.createTime) - Date.now()) < 60_000);
	} finally {
		asRoot(`SET ${USUAL}`);
		await dropConnections();
	}
});

describe("the database is away", () => {
	test("every route says so, and serves again by itself", { timeout: 90_000 }, async () => {
		const user = await User.register();
		const { sessionId } = await user.say("before");
		await away(async () => {
			for (const [method, path, body] of ROUTES) (await user.request(method, path, { body })).problem(503);
			assert.equal((await request("GET", "/api/health/live")).status, 200);
			assert.equal((await fetch(`${process.env.LAMPLIGHT_URL}/api/health/ready`)).status, 503);
		});
		const answer = await eventually(async () => {
			const answer = await user.get(`/api/ai/sessions/${sessionId}/messages`);
			return answer.status === 200 && answer;
		});
		assert.equal(answer.json.length, 2);
		const turn = await eventually(async () => {
			const turn = await user.chat({ id: newId(), sessionId, messages: [userMessage("after")], trigger: "submit-message" });
			return turn.status === 200 && turn.finish();
		});
		assert.equal(turn.text, "You said: after");
		await eventually(async () => (await request("GET", "/api/health/ready")).status === 200);
	});

	const LENGTHS = { shortly: 1000, "for longer than a lease": Number(settings.LAMPLIGHT_WORKER_LEASE_MS) + 1000 };
	for (const [length, ms] of Object.entries(LENGTHS))
		test(`${length}: a reply that runs goes on, and is stored when it is back`, { timeout: 90_000 }, async () => {
			const user = await User.register();
			const word = chunk({ content: "on " });
			const times = Math.ceil((ms + 5000) / 250);
			const upstream = await play({
				steps: [{ send: word }, { repeat: word, times, wait: 250 }, { send: chunk({}, "stop") }],
			});
			const turn = await user.ask(`go${upstream.mark}`);
			await turn.until("text-delta");
			await away(() => sleep(ms));
			await turn.finish();
			assert.equal(turn.text, "on ".repeat(times + 1));
			assert.equal(turn.metadata.status, "complete");
			const [, stored] = await eventually(async () => {
				const list = await user.messages(turn.sessionId);
				return list.length === 2 && list;
			});
			assert.equal(stored.parts.at(-1).text, turn.text);
			assert.deepEqual(stored.metadata, turn.metadata);
		});

	test("mariadbd killed under streams: nothing acknowledged or shown is lost", { timeout: 90_000 }, async () => {
		const user = await User.register();
		const streams = await Promise.all(
			Array.from({ length: 5 }, async (_, n) => {
				const upstream = await play({ steps: gated(`${n} one `, `${n} two `, `${n} three`) });
				const turn = await user.ask(`go${upstream.mark}`);
				await turn.until("text-delta");
				return { turn, upstream };
			}),
		);
		process.kill(pid("mysql"), "SIGKILL");
		for (const { upstream } of streams) for (const gate of ["1", "2", "end"]) await upstream.open(gate);
		await Promise.all(streams.map(({ turn }) => turn.finish()));
		await eventually(() => query("SELECT 1"), 30);
		for (const [n, { turn }] of streams.entries()) {
			assert.equal(turn.text, `${n} one ${n} two ${n} three`);
			await eventually(async () => (await messagesOf(turn.sessionId)).every((row) => row.status === "complete"));
			const [asked, stored] = await user.messages(turn.sessionId);
			assert.equal(asked.id, turn.userMessageIds[0]);
			assert.equal(stored.parts.at(-1).text, turn.text);
		}
	});
});
