// Some clients take more than their share, or never finish a request: the server still serves everybody else, and nothing
// remains afterwards.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { connect } from "node:net";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { URL_BASE, User, eventually, newId, userMessage } from "../support/api.mjs";
import { PROCESSES, query } from "../support/db.mjs";
import { pid } from "../support/instance.mjs";
import { refusing } from "../support/model.mjs";

const { hostname, port } = new URL(URL_BASE);

/** Connections that begin with `text` and then send one byte after the other. */
async function crowd(n, { text = "", trickle = "", paused = false } = {}) {
	const sockets = [];
	for (let i = 0; i < n; i++) {
		const socket = connect(Number(port), hostname);
		socket.on("error", () => {});
		if (text) socket.write(text);
		if (!paused) socket.resume();
		sockets.push(socket);
		if (i % 50 === 49) await sleep(10); // a listening socket's queue is finite
	}
	let at = 0;
	const timer = trickle && setInterval(() => sockets.forEach((socket) => socket.write(trickle[at++ % trickle.length])), 500);
	return () => {
		clearInterval(timer);
		for (const socket of sockets) socket.destroy();
	};
}

const headersOf = (user, length) =>
	`POST /api/ai/chat HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${user.token}\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n\r\n`;

/** A client that sends many requests at once, as fast as the answers arrive. */
function flood(user, streams) {
	let over = false;
	const loops = Array.from({ length: streams }, async (_, n) => {
		while (!over) {
			const body = { id: newId(), messages: [userMessage(`flood ${n}`)], trigger: "submit-message" };
			await user.chat(body).then(
				(turn) => turn.finish?.(),
				() => {},
			);
			await user.get("/api/ai/sessions").catch(() => {});
		}
	});
	return async () => {
		over = true;
		await Promise.all(loops);
	};
}

/** What an ordinary person does; every answer must be the right one. */
async function livesWell(user, turns) {
	for (let n = 0; n < turns; n++) {
		const turn = await user.say(`hello ${n}`);
		assert.equal(turn.text, `You said: hello ${n}`);
		assert.equal((await user.messages(turn.sessionId)).length, 2);
		assert.equal((await user.get("/api/me")).status, 200);
	}
}

const PROGRAMS = ["auth", "sessions", "messages", "chat", "admin", "health"];

/** What the programs hold at rest: descriptors and threads of each, connections of all. */
async function held(user) {
	await refusing(() => {}); // the connections to the model that wait for more are closed, and
	await livesWell(user, 3); // noticed; every thread has its connection to the database
	const counts = {};
	for (const program of PROGRAMS) {
		if (process.getuid() === 0) counts[`${program} descriptors`] = readdirSync(`/proc/${pid(program)}/fd`).length; // nobody else sees them
		counts[`${program} threads`] = Number(/Threads:\s+(\d+)/.exec(readFileSync(`/proc/${pid(program)}/status`, "utf8"))[1]);
	}
	const [{ n }] = await query(`SELECT COUNT(*) AS n FROM ${PROCESSES} WHERE id <> CONNECTION_ID()`);
	return { ...counts, connections: Number(n) };
}

const CROWDS = {
	"2,000 idle connections": () => crowd(2000),
	"300 requests whose headers never end": () => crowd(300, { text: "GET /api/me HTTP/1.1\r\nHost: x\r\nX-More: ", trickle: "x" }),
	"300 requests whose body never ends": async (user) => crowd(300, { text: `${headersOf(user, 100_000)}{"messages":[`, trickle: " " }),
	"60 readers who do not read": async (user) => {
		const body = JSON.stringify({ messages: [userMessage("x".repeat(200_000))] });
		return crowd(60, { text: headersOf(user, body.length) + body, paused: true });
	},
	"a flood by one user": async (user) => flood(user, 24),
};

for (const [what, gather] of Object.entries(CROWDS))
	test(what, { timeout: 120_000 }, async () => {
		const [bad, good] = [await User.register(), await User.register()];
		const before = await held(good);
		const leave = await gather(bad);
		try {
			await livesWell(good, 20);
		} finally {
			await leave();
		}
		await eventually(async () => {
			for (const [name, n] of Object.entries(await held(good)))
				assert.ok(n <= before[name] + (name === "connections" ? 16 : 4), `${name}: ${n}, before ${before[name]}`);
			return true;
		}, 30);
	});
