// The failing network fails when it should, and otherwise passes on every byte.

import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, createServer } from "node:net";
import { after, before, test } from "node:test";
import { FlakyProxy } from "./proxy.mjs";

let echo, proxy;

before(async () => {
	echo = createServer((socket) => socket.on("error", () => {}).pipe(socket));
	await once(echo.listen(0, "127.0.0.1"), "listening");
	proxy = await FlakyProxy.open({ port: echo.address().port, host: "127.0.0.1" });
});

after(() => {
	proxy.close();
	echo.close();
});

/** Sends `text`, reads until the end or a reset: { text, reset }. */
async function say(text, { fate = null, during = () => {} } = {}) {
	proxy.newFate = () => fate;
	const socket = connect(proxy.port, "127.0.0.1");
	let got = "",
		reset = false;
	socket.on("data", (bytes) => (got += bytes)).on("error", () => (reset = true));
	const closed = new Promise((resolve) => socket.on("close", resolve));
	socket.on("connect", () => socket.end(text, () => during()));
	await closed;
	return { text: got, reset };
}

const long = "0123456789".repeat(50_000);

test("every byte passes, in both directions", async () => {
	const { text, reset } = await say(long);
	assert.ok(text === long && !reset);
});

test("dribbled bytes all arrive", async () => {
	const text = long.slice(0, 3000);
	assert.deepEqual(await say(text, { fate: { what: "dribble", after: 1 } }), { text, reset: false });
	assert.deepEqual(proxy.takeCounts(), { dribble: 1 });
});

test("a connection is cut after the given number of bytes", async () => {
	const { text, reset } = await say(long, { fate: { what: "cut", after: 1000 } });
	assert.ok(text.length <= 1000 && reset, `${text.length}`);
	assert.deepEqual(proxy.takeCounts(), { cut: 1 });
});

test("a stall ends, and nothing is missing", async () => {
	const { text, reset } = await say(long, { fate: { what: "stall", after: 1000, ms: 100 } });
	assert.ok(text === long && !reset);
	assert.deepEqual(proxy.takeCounts(), { stall: 1 });
});

test("a dead connection says nothing more, then it is reset", async () => {
	const { text, reset } = await say(long, { fate: { what: "dead", after: 1000, ms: 100 } });
	assert.ok(text.length <= 1000 && reset, `${text.length}`);
});

test("all connections can be cut at once", async () => {
	const held = { fate: { what: "stall", after: 1000, ms: 100 } };
	assert.ok((await say(long, { ...held, during: () => proxy.cut() })).reset);
	assert.ok((await say(long, { ...held, during: () => proxy.stall(50) })).text === long);
	assert.ok((await say(long, { ...held, during: () => proxy.die(200) })).reset);
});

test("new connections are refused for a while", async () => {
	const back = proxy.refuse(100);
	assert.ok((await say("hello")).reset);
	await back;
	assert.equal((await say("hello")).text, "hello");
});
