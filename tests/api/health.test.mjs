// What an operator's tools ask for.

import assert from "node:assert/strict";
import { test } from "node:test";
import { User, newId, request } from "../support/api.mjs";

test("live and ready", async () => {
	for (const path of ["/api/health/live", "/api/health/ready"]) {
		const answer = await request("GET", path);
		assert.equal(answer.status, 200, answer.text);
	}
});

test("metrics are Prometheus text and hold nothing of anybody", async () => {
	const user = await User.register();
	const text = `secret-${newId()}`;
	const turn = await user.say(text);
	const answer = await request("GET", "/api/health/metrics");
	assert.equal(answer.status, 200, answer.text);
	assert.match(answer.headers.get("content-type"), /^text\/plain; version=0\.0\.4; charset=utf-8$/);
	const LINE = /^(# (HELP|TYPE) .+|[a-zA-Z_:][\w:]*(\{[^}]*\})? -?[\d.eE+-]+|\+Inf|NaN)$/;
	for (const line of answer.text.split("\n").filter(Boolean)) assert.match(line, LINE);
	for (const own of [text, user.username, user.id, turn.sessionId, user.token]) assert.ok(!answer.text.includes(own));
});

test("the operator sees which programs answer", async () => {
	const answer = await request("GET", "/api/health/ready?full");
	assert.equal(answer.status, 200, answer.text);
	const { status, database, programs } = JSON.parse(answer.text);
	assert.deepEqual({ status, database }, { status: "ok", database: "ok" });
	assert.deepEqual(Object.keys(programs).sort(), ["auth", "chat", "messages", "sessions"]);
	// Under mod_fcgid the web server starts them by itself, each when it is asked for.
	const expected = process.env.LAMPLIGHT_SERVER === "fcgid" ? "absent" : "ok";
	for (const word of Object.values(programs)) assert.equal(word, expected);
});

test("figures are for the operator: nobody whom a proxy has passed on reads them", async () => {
	const paths = ["/api/health/metrics", "/api/ai/chat/metrics"];
	for (const path of paths) assert.equal((await request("GET", path)).status, 200, path);
	for (const headers of [{ "x-forwarded-for": "127.0.0.1" }, { forwarded: "for=127.0.0.1" }, { "x-real-ip": "::1" }]) {
		for (const path of paths) (await request("GET", path, { headers })).problem(404, { code: "not_found" });
		const ready = await request("GET", "/api/health/ready?full", { headers });
		assert.deepEqual(JSON.parse(ready.text), { status: "ok" });
	}
});

test("what the operator's doctor asks is not there for anybody else", async () => {
	const soon = Math.floor(Date.now() / 1000) + 30;
	for (const token of [undefined, "", ".", `${soon}.`, `${soon}.${"A".repeat(43)}`, "x".repeat(4000)]) {
		const headers = token === undefined ? {} : { "x-lamplight-doctor": token };
		for (const query of ["", "?stream"]) (await request("GET", `/api/ai/chat/doctor${query}`, { headers })).problem(404, { code: "not_found" });
	}
});

test("every answer has a request id of its own", async () => {
	const ids = new Set();
	for (let i = 0; i < 20; i++) ids.add((await request("GET", "/api/health/live")).requestId);
	assert.equal(ids.size, 20);
});
