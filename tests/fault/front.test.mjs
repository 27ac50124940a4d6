// Records that no web server sends, slow and lying clients, and a reload in the middle of it: the programs and their memory
// remain stable, and the programs serve everybody else.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { connect } from "node:net";
import { describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { URL_BASE, User, eventually, request } from "../support/api.mjs";
import { ABORT, BEGIN, GET_VALUES, Link, PARAMS, STDIN, head, pair, record, whole } from "../support/fcgi.mjs";
import { pid } from "../support/instance.mjs";

const { hostname, port } = new URL(URL_BASE);

/** Resident memory of a program, in KB. */
const memory = (program) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid(program)}/status`, "utf8"))[1]);

async function alive(program = "health") {
	const link = new Link(program);
	await link.send(whole("GET", "/api/health/live"));
	assert.equal(await link.answer(), program === "health" ? 200 : 404);
	link.close();
}

/** Sends bytes on a new connection and waits until it is closed, or for a moment. */
async function throwAt(program, bytes) {
	const link = new Link(program);
	await link.send(bytes);
	await Promise.race([link.closed, sleep(50)]);
	link.close();
}

describe("records that no web server sends", () => {
	const lengths = (n) => {
		const bytes = Buffer.alloc(8);
		bytes.writeUInt32BE((n | 0x80000000) >>> 0, 0);
		bytes.writeUInt32BE((n | 0x80000000) >>> 0, 4);
		return Buffer.concat([bytes, Buffer.alloc(100, "A")]);
	};
	const begin = record(BEGIN, Buffer.from([0, 1, 1, 0, 0, 0, 0, 0]));
	const params = (content) => Buffer.concat([begin, record(PARAMS, content), record(PARAMS), record(STDIN)]);
	const names = pair("FCGI_MAX_CONNS", "");
	const THINGS = {
		"pairs whose lengths add up beyond INT_MAX": [0x55d5d5d5, 0x40000000, 0x7ffffffe].map((n) => params(lengths(n))),
		"pairs that are longer than what there is": [params("\x05\x05ab"), params("\x01"), params("\x01\xff")],
		"one name asked for again and again": [4, 40, 60].map((n) =>
			record(GET_VALUES, Buffer.concat(Array(n).fill(names)), { id: 0, padding: 8 }),
		),
		"management records of all types": Array.from({ length: 255 }, (_, i) => record(i + 1, "abc", { id: 0 })),
		"records of all types": Array.from({ length: 255 }, (_, i) => record(i + 1, "abc")),
		"half records": Array.from({ length: 8 }, (_, n) => whole("GET", "/api/health/live").subarray(0, n * 9 + 1)),
		"lying lengths": [1, 100, 65535].map((length) => Buffer.concat([begin, record(PARAMS, "ab", { length }), record(STDIN)])),
		"other versions": [0, 2, 255].map((version) => record(BEGIN, Buffer.from([0, 1, 1, 0, 0, 0, 0, 0]), { version })),
		"an abort at once, and within": [
			Buffer.concat([begin, record(ABORT)]),
			Buffer.concat([head("POST", "/api/health/live", { length: 10 }), record(STDIN, "abc"), record(ABORT)]),
		],
	};
	for (const [what, list] of Object.entries(THINGS))
		test(what, { timeout: 60_000 }, async () => {
			const old = pid("health");
			for (const bytes of list) await throwAt("health", bytes);
			await alive();
			assert.equal(pid("health"), old, "the program is still the same");
		});

	test("a thousand unknown management records leave nothing behind", { timeout: 60_000 }, async () => {
		const many = Buffer.concat(Array(100).fill(record(200, "abc", { id: 0 })));
		const once = async () => {
			for (let i = 0; i < 10; i++) await throwAt("health", many);
		};
		await once();
		const before = memory("health");
		for (let i = 0; i < 5; i++) await once();
		assert.ok(memory("health") - before < 1024, `${before} KB, then ${memory("health")} KB`);
	});

	test("a second request at a time is refused, the first goes on", async () => {
		const link = new Link("health");
		await link.send(head("GET", "/api/health/live"));
		await link.send(whole("GET", "/api/health/live", { id: 2 }));
		await link.answer();
		assert.equal(link.protocol, 1, "CANT_MPX_CONN");
		await link.send(record(STDIN));
		assert.equal(await link.answer(), 200);
		link.close();
	});
});

describe("connections that are kept", () => {
	test("many requests on one, also after refusals", async () => {
		const user = await User.register();
		const link = new Link("sessions");
		for (let i = 0; i < 20; i++) {
			await link.send(whole("GET", "/api/ai/sessions", { token: user.token, id: i + 1 }));
			assert.equal(await link.answer(), 200);
			await link.send(head("PATCH", "/api/ai/sessions/1", { length: 1e9, id: i + 1 }));
			assert.equal(await link.answer(), 401);
			await link.send(Buffer.concat([record(STDIN, "x".repeat(60_000), { id: i + 1 }), record(STDIN, "", { id: i + 1 })]));
		}
		link.close();
	});

	test("nginx uses kept connections again", async () => {
		for (let i = 0; i < 30; i++) assert.equal((await request("GET", "/api/health/live")).status, 200);
		const fds = readdirSync(`/proc/${pid("health")}/fd`).length;
		for (let i = 0; i < 30; i++) assert.equal((await request("GET", "/api/health/live")).status, 200);
		assert.ok(readdirSync(`/proc/${pid("health")}/fd`).length <= fds + 2);
	});

	test("ten thousand that are idle cost less than ten megabytes", { timeout: 120_000 }, async () => {
		const N = 9_900; // nearly as many as are kept (lib/http/front.h); others need some
		await alive();
		const open = () => readdirSync(`/proc/${pid("health")}/fd`).length;
		const [before, used] = [memory("health"), open()];
		const links = [];
		while (links.length < N) {
			const more = Array.from({ length: 100 }, () => new Link("health"));
			await Promise.all(more.map((link) => link.send(whole("GET", "/api/health/live"))));
			for (const link of more) assert.equal(await link.answer(), 200);
			links.push(...more);
		}
		assert.ok(memory("health") - before < 10 * 1024, `${before} KB, then ${memory("health")} KB`);
		assert.equal(links.filter((link) => link.over).length, 0, "all of them are kept");
		assert.equal((await request("GET", "/api/health/live")).status, 200);
		await links[0].send(whole("GET", "/api/health/live"));
		assert.equal(await links[0].answer(), 200);
		for (const link of links) link.close();
		await eventually(() => open() < used + 20);
	});

	test("the oldest idle connections are closed when descriptors run out", { timeout: 60_000 }, async () => {
		const used = readdirSync(`/proc/${pid("health")}/fd`).length;
		const [, usual] = /Max open files +(\d+)/.exec(readFileSync(`/proc/${pid("health")}/limits`, "utf8"));
		const allow = (n) => execFileSync("prlimit", [`--pid=${pid("health")}`, `--nofile=${n}:`]);
		allow(used + 20);
		const links = [];
		// Some of the used descriptors belong to connections of the web server, which close by themselves.
		for (let i = 0; i < 60 || (i < 600 && !links[0].over); i++) {
			const link = new Link("health");
			await link.send(whole("GET", "/api/health/live"));
			assert.equal(await link.answer(), 200, `the ${i + 1}th`);
			links.push(link);
		}
		await eventually(() => links[0].over);
		for (const link of links) link.close();
		allow(usual);
		await alive();
	});
});

describe("bodies and answers of the slow and the greedy", () => {
	/** A request by hand: sends `text` at once, and then a byte per second. */
	function slowly(text) {
		const socket = connect(Number(port), hostname);
		socket.on("error", () => {});
		socket.resume();
		socket.write(text);
		const timer = setInterval(() => socket.write(" "), 1000);
		return () => {
			clearInterval(timer);
			socket.destroy();
		};
	}

	for (const program of ["auth", "chat"])
		test(`150 senders of nothing at ${program} hold up nobody`, { timeout: 60_000 }, async () => {
			const user = await User.register();
			const path = program === "auth" ? "/api/auth/login" : "/api/ai/chat";
			const links = Array.from({ length: 150 }, () => new Link(program));
			for (const link of links) await link.send(head("POST", path, { length: 10_000, token: user.token, keep: false }));
			for (let i = 0; i < 5; i++) {
				assert.equal((await user.get("/api/me")).status, 200);
				assert.equal((await user.say(`hello ${i}`)).text, `You said: hello ${i}`);
				for (const link of links) await link.send(record(STDIN, " "));
			}
			for (const link of links) link.close();
		});

	test("50 clients that send a byte a second hold up nobody", { timeout: 60_000 }, async () => {
		const user = await User.register();
		const text = "POST /api/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 30000000\r\n\r\n{";
		const ends = Array.from({ length: 50 }, () => slowly(text));
		for (let i = 0; i < 5; i++) {
			assert.equal((await user.get("/api/me")).status, 200);
			await sleep(500);
		}
		for (const end of ends) end();
	});

	test("a large body without a login, or on a route without a body, is refused unread", { timeout: 60_000 }, async () => {
		const { token } = await User.register();
		const GREEDY = [
			["auth", "POST", "/api/auth/login", undefined, 413],
			["auth", "POST", "/api/me/password", undefined, 401],
			["auth", "POST", "/api/me/password", token, 413],
			["sessions", "PATCH", "/api/ai/sessions/1", "a.b.c", 401],
			["sessions", "PATCH", "/api/ai/nothing", token, 404],
			["messages", "PUT", "/api/ai/sessions/1/messages", token, 405],
			["chat", "POST", "/api/ai/chat", undefined, 401],
		];
		for (const [program, method, path, bearer, status] of GREEDY) {
			const before = memory(program);
			const links = Array.from({ length: 10 }, () => new Link(program));
			for (const link of links) {
				await link.send(head(method, path, { length: 32 << 20, token: bearer }));
				assert.equal(await link.answer(), status, `${method} ${path}`);
				// The client continues to send, and gets no reset.
				for (let i = 0; i < 64; i++) await link.send(record(STDIN, Buffer.alloc(65535)));
			}
			assert.ok(memory(program) - before < 4096, `${program}: ${before} KB, then ${memory(program)} KB`);
			for (const link of links) link.close();
		}
	});

	test("a client gets such an answer from nginx, too", { timeout: 60_000 }, async () => {
		const before = memory("auth");
		const body = "[{}" + ",{}".repeat(10_000_000) + "]";
		(await request("POST", "/api/auth/login", { body })).problem(413);
		(await request("POST", "/api/ai/chat", { body: body.slice(0, 5_000_000) })).problem(401);
		assert.ok(memory("auth") - before < 4096);
	});

	test("30 readers of a long history who take 2 KB a second hold up nobody", { timeout: 120_000 }, async () => {
		const user = await User.register();
		const { sessionId } = await user.say("x".repeat(3_000_000));
		const other = await User.register();
		const mine = await other.say("hi");
		const links = Array.from({ length: 30 }, () => new Link("messages", { paused: true }));
		for (const link of links)
			await link.send(whole("GET", `/api/ai/sessions/${sessionId}/messages`, { token: user.token, keep: false }));
		for (let i = 0; i < 20; i++) {
			assert.equal((await other.messages(mine.sessionId)).length, 2);
			for (const link of links) link.socket.read(1024);
			await sleep(100);
		}
		assert.ok(memory("messages") < 200 * 1024, `${memory("messages")} KB`);
		for (const link of links) link.close();
		await eventually(() => memory("messages") < 64 * 1024, 15);
	});
});

test("programs that are replaced again and again under load: every request gets its answer, and POST and PATCH too", {
	timeout: 120_000,
}, async () => {
	const user = await User.register();
	const { sessionId } = await user.say("hi");
	let over = false;
	const statuses = new Map();
	const count = (status) => statuses.set(status, (statuses.get(status) ?? 0) + 1);
	const load = Array.from({ length: 8 }, async (_, n) => {
		for (let i = 0; !over; i++) {
			const body = n % 2 ? { title: `t${i}` } : undefined;
			count((await user.request(n % 2 ? "PATCH" : "GET", `/api/ai/sessions/${sessionId}`, { body })).status);
			if (n === 7) count((await user.get(`/api/ai/sessions/${sessionId}/messages`)).status);
		}
	});
	for (let i = 0; i < 10; i++)
		for (const program of ["sessions", "messages"]) {
			const old = pid(program);
			process.kill(old, "SIGTERM");
			await eventually(() => pid(program) !== old);
			await sleep(100);
		}
	over = true;
	await Promise.all(load);
	assert.deepEqual([...statuses.keys()], [200], JSON.stringify([...statuses]));
});
