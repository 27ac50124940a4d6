// A backup drill: a dump taken while people chat, together with the secret file, is restored on another server and forms a complete site.
// It contains everything acknowledged before the dump, and nothing that never existed.

import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { createReadStream, createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createConnection } from "mysql2/promise";
import { User, eventually, request } from "../support/api.mjs";
import { VAR, up } from "../support/instance.mjs";
import { gated, play } from "../support/model.mjs";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const MYSQL = process.env.DB === "mysql";
const PROGRAMS = ["admin", "auth", "chat", "health", "messages", "sessions"];
const DUMP = `${VAR}/dump.sql`;

let restored;

// ---- the tools of the server's own product

/** Runs one of the tools on this instance's server. */
function tool(name, instance, ...args) {
	const there = [`--socket=${instance}/run/mysql.sock`, "--user=root", ...args];
	const [program, ...rest] = MYSQL
		? [`${ROOT}bin/in-debian`, `${ROOT}build/debian/sid`, instance, name.mysql, "--no-defaults", ...there]
		: [name.mariadb, "--no-defaults", ...there];
	return spawn(program, rest, { stdio: ["pipe", "pipe", "inherit"] });
}

async function ended(child) {
	const [status] = await once(child, "close");
	assert.equal(status, 0);
}

async function dump() {
	const more = MYSQL ? ["--set-gtid-purged=OFF"] : []; // one database only goes to another server
	const child = tool({ mariadb: "mariadb-dump", mysql: "mysqldump" }, VAR, "--single-transaction", "--quick", ...more, "lamplight");
	child.stdin.end();
	await Promise.all([ended(child), pipeline(child.stdout, createWriteStream(DUMP))]);
}

async function restore(instance) {
	const child = tool({ mariadb: "mariadb", mysql: "mysql" }, instance, "lamplight");
	child.stdout.resume();
	await Promise.all([ended(child), pipeline(createReadStream(DUMP), child.stdin)]);
}

// ---- the tables

/** All messages by id, with their stored contents. */
async function messagesIn(instance) {
	const db = await createConnection({
		socketPath: `${instance}/run/mysql.sock`,
		user: "lamplight",
		database: "lamplight",
		supportBigNumbers: true,
		bigNumberStrings: true,
	});
	try {
		const [rows] = await db.query("SELECT id, session_id, role, status, SHA2(parts, 256) AS parts FROM message");
		return new Map(rows.map(({ id, ...row }) => [id, row]));
	} finally {
		await db.end();
	}
}

const supervise = (what) => promisify(execFile)("sv", ["-w", "30", what, ...PROGRAMS.map((name) => `${restored.env.LAMPLIGHT_VAR}/etc/sv/${name}`)]);

// ---- people

/** Chats until it is stopped; `said` lists the texts that got a reply, in order. */
async function person(stopped) {
	const user = await User.register();
	const self = { user, said: [] };
	self.done = (async () => {
		while (!stopped()) {
			const text = `message ${self.said.length} ${"x".repeat(2000)}`;
			const turn = await user.say(text, { sessionId: self.sessionId });
			self.sessionId ??= turn.sessionId;
			assert.equal(turn.text, `You said: ${text}`);
			self.said.push(text);
		}
	})();
	return self;
}

const textsOf = (messages, role) => messages.filter((message) => message.role === role).map(({ parts }) => parts.at(-1)?.text);

// ---- the drill

let people, toldBefore, open;

before(
	async () => {
		let stop = false;
		people = await Promise.all(Array.from({ length: 4 }, () => person(() => stop)));
		const upstream = await play({ steps: gated("half a ", "reply") });
		const asked = await people[0].user.ask(upstream.mark);
		await asked.until("text-delta");
		open = asked.sessionId;
		await eventually(() => people.every(({ said }) => said.length >= 5), 60);
		toldBefore = people.map(({ said }) => said.length);
		await dump();
		const toldAfter = people.map(({ said }) => said.length);
		stop = true;
		await Promise.all(people.map(({ done }) => done));
		for (const gate of ["1", "end"]) await upstream.open(gate);
		await asked.finish();
		console.log(`backup: ${toldBefore} replies before the dump, ${toldAfter} behind it`);

		const behind = { LAMPLIGHT_LLM_BASE_URL: process.env.LAMPLIGHT_LLM_BASE_URL };
		restored = await up({ more: { ...behind, LAMPLIGHT_AUTH_SECRET_FILE: `${VAR}/secret` } });
		await supervise("down");
		await restore(restored.env.LAMPLIGHT_VAR);
	},
	{ timeout: 240_000 },
);

after(async () => {
	await restored?.down();
	restored?.remove();
});

/** A reply that was running belongs to a program of the other site until its lease has ended. */
const idle = (user, sessionId) => eventually(async () => (await user.get(`/api/ai/sessions/${sessionId}`)).json.status === "idle", 40);

const there = (user) => user.at(restored.env.LAMPLIGHT_URL);

test("a dump contains the tables as they were at one moment, and every message unchanged", async () => {
	const [source, copy] = [await messagesIn(VAR), await messagesIn(restored.env.LAMPLIGHT_VAR)];
	assert.ok(copy.size > 0);
	for (const [id, row] of copy)
		if (row.status === "streaming") assert.equal(source.get(id).session_id, row.session_id);
		else assert.deepEqual(row, source.get(id));
});

test("the restored site has its logins and histories and takes new messages", { timeout: 120_000 }, async () => {
	await supervise("up");
	const base = restored.env.LAMPLIGHT_URL;
	await eventually(async () => (await request("GET", "/api/health/ready", { base })).status === 200, 60);
	for (const [n, { user, said, sessionId }] of people.entries()) {
		const messages = await there(user).messages(sessionId, "?limit=100");
		const asked = textsOf(messages, "user");
		assert.ok(asked.length >= toldBefore[n]);
		assert.deepEqual(asked.slice(0, said.length), said.slice(0, asked.length));
		const replies = textsOf(messages, "assistant").slice(0, toldBefore[n]);
		assert.deepEqual(replies, said.slice(0, toldBefore[n]).map((text) => `You said: ${text}`));
		await idle(there(user), sessionId);
		assert.equal((await there(user).say("and on", { sessionId })).text, "You said: and on");
	}
	const body = { username: people[0].user.username, password: User.password };
	assert.equal((await request("POST", "/api/auth/login", { body, base })).status, 200);
});

test("the running reply ends as interrupted, with its stored text", { timeout: 60_000 }, async () => {
	const user = there(people[0].user);
	await idle(user, open);
	assert.ok("half a reply".startsWith(textsOf(await user.messages(open), "assistant").at(-1)));
	assert.equal((await user.say("again", { sessionId: open })).text, "You said: again");
});

test("once all has come to rest, another dump has the same rows", { timeout: 60_000 }, async () => {
	await eventually(async () => [...(await messagesIn(VAR)).values()].every(({ status }) => status !== "streaming"), 40);
	await supervise("down");
	await dump();
	await restore(restored.env.LAMPLIGHT_VAR);
	assert.deepEqual(await messagesIn(restored.env.LAMPLIGHT_VAR), await messagesIn(VAR));
});
