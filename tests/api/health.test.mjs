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
	assert.match(answer.headers.get("content-type"), /^text\/plain/);
	const LINE = /^(# (HELP|TYPE) .+|[a-zA-Z_:][\w:]*(\{[^}]*\})? -?[\d.eE+-]+|\+Inf|NaN)$/;
	for (const line of answer.text.split("\n").filter(Boolean)) assert.match(line, LINE);
	for (const own of [text, user.username, user.id, turn.sessionId, user.token]) assert.ok(!answer.text.includes(own));
});

test("every answer has a request id of its own", async () => {
	const ids = new Set();
	for (let i = 0; i < 20; i++) ids.add((await request("GET", "/api/health/live")).requestId);
	assert.equal(ids.size, 20);
});
