// What the tools of an operator ask for.

import assert from "node:assert/strict";
import { test } from "node:test";
import { User, newId, request } from "../support/api.mjs";

test("a running instance answers that it is live and ready", async () => {
	for (const path of ["/api/health/live", "/api/health/ready"]) {
		const answer = await request("GET", path);
		assert.equal(answer.status, 200, answer.text);
	}
});

test("metrics are Prometheus text and contain no user data", async () => {
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

/** Figures by name and labels. Fails unless each name has one head, before all its lines, and no line occurs twice. */
function figures(text) {
	const found = new Map();
	const heads = new Set();
	let name;
	for (const line of text.split("\n").filter(Boolean)) {
		const head = /^# HELP (\w+) /.exec(line);
		if (head) {
			name = head[1];
			assert.ok(!heads.has(name), `${name} has two heads`);
			heads.add(name);
		}
		if (line.startsWith("#")) continue;
		const [, key, value] = /^(.*) (\S+)$/.exec(line);
		assert.match(key, new RegExp(`^${name}(_bucket|_sum|_count)?([{]|$)`), "it follows its head");
		assert.ok(!found.has(key), `${key} is there twice`);
		found.set(key, Number(value));
	}
	return found;
}

test("the figures of all programs: requests by route, the model's calls, the journal, the database", async () => {
	const user = await User.register();
	const before = figures((await request("GET", "/api/health/metrics")).text);
	const turn = await user.say("count me");
	(await user.request("GET", "/api/ai/sessions/1")).problem(404);
	const after = figures((await request("GET", "/api/health/metrics")).text);
	const grown = (key) => after.get(key) - (before.get(key) ?? 0);
	const posted = 'program="chat",method="POST",route="/api/ai/chat"';
	for (const key of [
		`lamplight_requests_total{${posted},status="2xx"}`,
		`lamplight_request_seconds_count{${posted}}`,
		'lamplight_requests_total{program="sessions",method="GET",route="/api/ai/sessions/:id",status="4xx"}',
		'lamplight_model_calls_total{outcome="ok"}',
		"lamplight_first_token_seconds_count",
		"lamplight_streams_total",
		"lamplight_batches_total",
		"lamplight_journal_seconds_count",
	])
		assert.ok(grown(key) >= 1, `${key}: ${before.get(key)}, then ${after.get(key)}`);
	for (const program of ["auth", "sessions", "messages", "chat", "health"]) {
		assert.equal(after.get(`lamplight_db_connections_max{program="${program}"}`), 4);
		assert.equal(after.get(`lamplight_requests_running{program="${program}"}`) >= 1, true, program);
	}
	assert.equal(after.get('lamplight_lease_held{program="chat"}'), 1);
	// The buckets of a histogram add up to its count.
	const buckets = [...after].filter(([key]) => key.startsWith(`lamplight_request_seconds_bucket{${posted},`)).map(([, n]) => n);
	assert.deepEqual(buckets, buckets.toSorted((a, b) => a - b));
	assert.equal(buckets.length, 9);
	assert.equal(buckets.at(-1), after.get(`lamplight_request_seconds_count{${posted}}`));
	// Labels come from closed sets and never contain what a client has sent.
	assert.ok(![...after.keys()].some((key) => key.includes(turn.sessionId) || key.includes("sessions/1")));
});

test("the operator sees which programs answer", async () => {
	const answer = await request("GET", "/api/health/ready?full");
	assert.equal(answer.status, 200, answer.text);
	const { status, database, programs, models } = JSON.parse(answer.text);
	if (process.env.LAMPLIGHT_SERVER !== "fcgid") assert.ok(Array.isArray(models.failing), answer.text);
	assert.deepEqual({ status, database }, { status: "ok", database: "ok" });
	assert.deepEqual(Object.keys(programs).sort(), ["admin", "auth", "chat", "messages", "sessions"]);
	// Under mod_fcgid the web server starts each program only when a request needs it.
	const expected = process.env.LAMPLIGHT_SERVER === "fcgid" ? "absent" : "ok";
	for (const word of Object.values(programs)) assert.equal(word, expected);
});

test("only the operator reads the figures; requests through a proxy are refused", async () => {
	const paths = ["/api/health/metrics", "/api/health/figures", "/api/ai/chat/metrics"];
	for (const path of paths) assert.equal((await request("GET", path)).status, 200, path);
	for (const headers of [{ "x-forwarded-for": "127.0.0.1" }, { forwarded: "for=127.0.0.1" }, { "x-real-ip": "::1" }]) {
		for (const path of paths) (await request("GET", path, { headers })).problem(404, { code: "not_found" });
		const ready = await request("GET", "/api/health/ready?full", { headers });
		assert.deepEqual(JSON.parse(ready.text), { status: "ok" });
	}
});

test("the doctor's address exists only for the operator", async () => {
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
