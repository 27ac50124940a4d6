// The database goes away and comes back.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { after, afterEach, before, describe, test } from "node:test";
import { createConnection } from "mysql2/promise";
import { User, eventually, newId, request, userMessage } from "../support/api.mjs";
import { PROCESSES, messagesOf, query } from "../support/db.mjs";
import { VAR, pid, settings } from "../support/instance.mjs";
import { chunk, gated, play } from "../support/model.mjs";
import { asRoot, endConnections, said } from "./lib/account.mjs";

const sv = (...args) => execFileSync("sv", ["-w", "30", ...args, `${VAR}/etc/sv/mysql`], { stdio: "ignore" });
const up = async () => {
	sv("up");
	await eventually(() => query("SELECT 1"), 30);
};

/** Runs `work` while mariadbd is stopped. */
async function away(work) {
	sv("down");
	try {
		return await work();
	} finally {
		await up();
	}
}

/** Closes all connections of the programs; returns their number. */
async function dropConnections() {
	const connections = await query(`SELECT id FROM ${PROCESSES} WHERE id <> CONNECTION_ID()`);
	for (const { id } of connections) await query(`KILL ${id}`).catch(() => {});
	return connections.length;
}

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
	const names = asRoot("SHOW GLOBAL VARIABLES LIKE '%isolation'").toString();
	const prefix = names.includes("transaction_isolation") ? "transaction" : "tx";
	const OTHER = `GLOBAL autocommit = 0, GLOBAL time_zone = '+05:30', GLOBAL sql_mode = 'ANSI_QUOTES', GLOBAL ${prefix}_isolation = 'SERIALIZABLE', GLOBAL ${prefix}_read_only = 1, GLOBAL character_set_server = latin1`;
	const USUAL = `GLOBAL autocommit = 1, GLOBAL time_zone = 'SYSTEM', GLOBAL sql_mode = DEFAULT, GLOBAL ${prefix}_isolation = DEFAULT, GLOBAL ${prefix}_read_only = 0, GLOBAL character_set_server = utf8mb4`;
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

/** Connections of the programs' account, as the programs count them; the tests' own are included for a moment. */
const connections = () =>
	Number(asRoot(`SELECT COUNT(*) FROM ${PROCESSES} WHERE user = 'lamplight'`).toString().split("\n")[1]);

/** A reply that sends a word every 50 ms until the gate is open. */
async function running(user) {
	const word = chunk({ content: "on " });
	const upstream = await play({
		steps: [{ send: word }, { repeat: word, times: 80, wait: 50 }, { gate: "end" }, { send: chunk({ content: "end" }) }, { send: chunk({}, "stop") }],
	});
	const turn = await user.ask(`go${upstream.mark}`);
	await turn.until("text-delta");
	return { upstream, turn, text: `${"on ".repeat(81)}end` };
}

async function isStored({ turn, text }, user) {
	assert.equal(turn.text, text);
	assert.equal(turn.metadata.status, "complete");
	const [, stored] = await eventually(async () => {
		const list = await user.messages(turn.sessionId);
		return list.length === 2 && list;
	});
	assert.equal(stored.parts.at(-1).text, text);
	assert.equal(stored.metadata.status, "complete");
}

describe("an account with ten connections for all programs", () => {
	before(async () => {
		asRoot("ALTER USER lamplight@localhost WITH MAX_USER_CONNECTIONS 10");
		await dropConnections();
	});
	after(() => asRoot("ALTER USER lamplight@localhost WITH MAX_USER_CONNECTIONS 0"));

	test("replies run and everybody is answered, at once and often", { timeout: 120_000 }, async () => {
		const users = await Promise.all(Array.from({ length: 4 }, () => User.register()));
		const replies = await Promise.all(users.map(running));
		let most = 0;
		for (let round = 0; round < 12; round++) {
			const answers = await Promise.all(
				users.flatMap((user, n) => [
					user.get("/api/me"),
					user.get("/api/ai/sessions"),
					user.get(`/api/ai/sessions/${replies[n].turn.sessionId}/messages`),
					// one request runs and two wait: further ones at the same moment are refused
					...(n < 3 ? [user.request("POST", "/api/ai/search", { body: { q: "on" } })] : []),
					request("POST", "/api/auth/login", { body: { username: user.username, password: User.password } }),
				]),
			);
			assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200]);
			most = Math.max(most, connections());
		}
		assert.ok(most <= 10, `${most} connections`);
		for (const { upstream } of replies) await upstream.open("end");
		for (const [n, reply] of replies.entries()) {
			await reply.turn.finish();
			await isStored(reply, users[n]);
		}
		await eventually(() => connections() <= 5, 60);
	});

});

/** Whether an administrator finds room for that. */
function canAsRoot(sql) {
	try {
		asRoot(sql);
		return true;
	} catch {
		return false;
	}
}

test("while others use all connections, requests get 503 and the reply continues", { timeout: 120_000 }, async () => {
	const user = await User.register();
	const reply = await running(user);
	const { length: before } = reply.turn.chunks;
	asRoot("SET GLOBAL max_connections = 10; ALTER USER lamplight@localhost ACCOUNT LOCK");
	const taken = [];
	try {
		endConnections();
		for (;;)
			try {
				taken.push(await createConnection({ socketPath: `${VAR}/run/mysql.sock`, user: "root" }));
			} catch {
				break;
			}
		await taken.pop().end(); // what is above the limit is for an administrator
		asRoot("ALTER USER lamplight@localhost ACCOUNT UNLOCK");
		(await user.get("/api/ai/sessions")).problem(503);
	} finally {
		for (const connection of taken) connection.destroy();
		// The server may still count what was destroyed just now.
		await eventually(() => canAsRoot("SET GLOBAL max_connections = 200; ALTER USER lamplight@localhost ACCOUNT UNLOCK"), 20);
	}
	await reply.upstream.open("end");
	await reply.turn.finish();
	assert.ok(reply.turn.chunks.length > before);
	await isStored(reply, user);
});

describe("the database does not let the programs in", () => {
	const AWAY = {
		"a password that is changed, and right again": [
			"ALTER USER lamplight@localhost IDENTIFIED BY 'another'",
			"ALTER USER lamplight@localhost IDENTIFIED BY ''",
			/number=1045 reason="The database server refuses db.user or db.password;/,
		],
		"an account that is locked for a while": [
			"ALTER USER lamplight@localhost ACCOUNT LOCK",
			"ALTER USER lamplight@localhost ACCOUNT UNLOCK",
			/number=(4151|3118) reason="The database account is locked;/,
		],
		"an account whose name is changed, and back": [
			"RENAME USER lamplight@localhost TO lamplight@nowhere",
			"RENAME USER lamplight@nowhere TO lamplight@localhost",
			/number=(1045|1130|1698) /,
		],
	};
	for (const [what, [away, back, reason]] of Object.entries(AWAY))
		test(`${what}: requests get 503, the reply goes on, and the log says it once`, { timeout: 90_000 }, async () => {
			const user = await User.register();
			await eventually(async () => (await user.get("/api/ai/sessions")).status === 200);
			const log = said("sessions");
			const reply = await running(user);
			asRoot(away);
			try {
				endConnections();
				for (let i = 0; i < 3; i++) (await user.get("/api/ai/sessions")).problem(503);
				await sleep(2000);
			} finally {
				asRoot(back);
			}
			await reply.upstream.open("end");
			await reply.turn.finish();
			await isStored(reply, user);
			await eventually(async () => (await user.get("/api/ai/sessions")).status === 200);
			const lines = log();
			assert.equal(lines.length, 2, lines.join("\n"));
			assert.match(lines[0], reason);
			assert.match(lines[1], /event=db_back/);
		});
});

describe("/ready tells the operator what of the database does not suit", () => {
	const TROUBLES = {
		"a wrong password": [
			"ALTER USER lamplight@localhost IDENTIFIED BY 'another'",
			"ALTER USER lamplight@localhost IDENTIFIED BY ''",
			/refuses db\.user or db\.password; correct them/,
		],
		"a server that is read-only": ["SET GLOBAL read_only = 1", "SET GLOBAL read_only = 0", /read_only = ON/],
		"a right that is missing": [
			"REVOKE UPDATE ON lamplight.* FROM lamplight@localhost",
			"GRANT UPDATE ON lamplight.* TO lamplight@localhost",
			/UPDATE message: .*GRANT SELECT, INSERT, UPDATE, DELETE/,
		],
	};
	for (const [what, [wrong, right, sentence]] of Object.entries(TROUBLES))
		test(what, { timeout: 60_000 }, async () => {
			asRoot(wrong);
			try {
				endConnections();
				await eventually(async () => {
					const full = await fetch(`${process.env.LAMPLIGHT_URL}/api/health/ready?full`);
					return full.status === 503 && sentence.test((await full.json()).detail);
				});
			} finally {
				asRoot(right);
				endConnections();
			}
			await eventually(async () => (await fetch(`${process.env.LAMPLIGHT_URL}/api/health/ready`)).status === 200);
		});
});

test("a message that max_allowed_packet does not let in is a 413 that says how large it may be", { timeout: 60_000 }, async () => {
	const user = await User.register();
	asRoot("SET GLOBAL max_allowed_packet = 1048576");
	try {
		await dropConnections();
		const body = { id: newId(), messages: [userMessage("x".repeat(2_000_000))] };
		const { detail } = (await user.request("POST", "/api/ai/chat", { body })).problem(413, { code: "too_large_to_store", about: { maxBytes: 1048576 } });
		assert.match(detail, /at most 1 MB/);
		assert.equal((await user.say("short")).text, "You said: short");
	} finally {
		asRoot("SET GLOBAL max_allowed_packet = 67108864");
		await dropConnections();
	}
});

test("searches that take too long end with an error and delay nobody", { timeout: 60_000 }, async () => {
	const users = await Promise.all(Array.from({ length: 6 }, () => User.register()));
	await users[0].say("lamps");
	await eventually(async () => (await query("SELECT 1 FROM search_pending LIMIT 1")).length === 0, 30);
	const locker = await createConnection({ socketPath: `${VAR}/run/mysql.sock`, user: "root", database: "lamplight" });
	await locker.query("LOCK TABLES search_recent WRITE");
	try {
		const searches = users.map((user) => user.request("POST", "/api/ai/search", { body: { q: "la" } }));
		await sleep(200);
		for (let i = 0; i < 5; i++) assert.equal((await users[i].get("/api/ai/sessions")).status, 200);
		const codes = (await Promise.all(searches)).map((answer) => answer.problem(503).code);
		assert.ok(codes.includes("search_too_broad"), codes);
		const left = `SELECT COUNT(*) AS n FROM ${PROCESSES} WHERE info LIKE '%FROM search_recent%' AND info NOT LIKE '%processlist%'`;
		const [[{ n }]] = await locker.query(left);
		assert.equal(Number(n), 0);
	} finally {
		await locker.end();
	}
	assert.equal((await users[0].request("POST", "/api/ai/search", { body: { q: "la" } })).status, 200);
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
		test(`while it is away ${length}, a reply goes on; it is stored when the database is back`, { timeout: 90_000 }, async () => {
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
