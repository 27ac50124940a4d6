// How much users and networks may request, on a separate instance with small limits.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { User, eventually, newId, request, userMessage } from "../support/api.mjs";
import { up } from "../support/instance.mjs";
import { chunk, DONE, gated, play, says } from "../support/model.mjs";

const RULES = {
	REGISTER: "network 100/h",
	LOGIN: "network 5/h",
	READ: "user 6/h, all 1000/h",
	WRITE: "user 2/day",
	SEARCH: "user 3/h",
	CHAT: "user 3 at once, user 12/h",
	FOLLOW: "user 2 at once",
	STOP: "off",
	TOOLS: "user 17/h",
	READY: "network 20/h",
};
let instance;

before(async () => {
	const more = Object.fromEntries(Object.entries(RULES).map(([rule, text]) => [`LAMPLIGHT_LIMITS_${rule}`, text]));
	for (const what of ["IDLE", "FIRST_BYTE"]) more[`LAMPLIGHT_LLM_${what}_TIMEOUT_MS`] = "60000";
	instance = await up({ server: process.env.LAMPLIGHT_SERVER ?? "nginx", more });
});

after(async () => {
	await instance?.down();
	if (!process.env.KEEP) instance?.remove();
});

const here = async () => {
	const base = instance.env.LAMPLIGHT_URL;
	const answer = await request("POST", "/api/auth/register", { base, body: { username: `u-${newId()}`, password: User.password } });
	assert.equal(answer.status, 201, answer.text);
	return Object.assign(new User(answer.json), { base });
};

async function times(n, ask) {
	const answers = [];
	for (let i = 0; i < n; i++) answers.push(await ask(i));
	return answers;
}
const statuses = (answers) => answers.map(({ status }) => status);

test("a rate of a user: so many, then 429 that says which rule, how much and when", async () => {
	const [user, other] = [await here(), await here()];
	const answers = await times(7, () => user.get("/api/ai/sessions"));
	assert.deepEqual(statuses(answers), [200, 200, 200, 200, 200, 200, 429]);
	const { limit } = answers[6].problem(429, { code: "rate_limited" });
	assert.deepEqual({ ...limit, waitSeconds: 0 }, { rule: "read", scope: "user", max: 6, left: 0, periodSeconds: 3600, waitSeconds: 0 });
	assert.ok(limit.waitSeconds > 500 && limit.waitSeconds <= 600, `${limit.waitSeconds} s until the next of six an hour`);
	assert.equal(answers[6].headers.get("retry-after"), String(limit.waitSeconds));
	assert.equal(answers[6].headers.get("ratelimit-policy"), '"read";q=6;w=3600');
	assert.equal(answers[6].headers.get("ratelimit"), `"read";r=0;t=${limit.waitSeconds}`);
	const log = () => readFileSync(`${instance.env.LAMPLIGHT_VAR}/log/sessions.log`, "utf8").split("\n");
	const line = await eventually(() => log().find((one) => one.includes(" event=limited ") && one.includes(` user=${user.id} `)));
	assert.match(line, / request=[\w-]{8,} event=limited rule=read scope=user max=6 period_s=3600 user=\d+ address=(127\.0\.0\.1|::1)$/);
	assert.equal((await other.get("/api/ai/sessions")).status, 200);
	// Each program counts separately, and each rule has a bucket of its own.
	assert.equal((await user.get("/api/me")).status, 200);
});

test("a rate of a network counts before anybody is known, whatever address a client claims", async () => {
	const base = instance.env.LAMPLIGHT_URL;
	const answers = await times(6, (i) =>
		request("POST", "/api/auth/login", {
			base,
			body: { username: `nobody-${i}`, password: "wrong wrong" },
			headers: { "x-forwarded-for": `10.0.0.${i}`, "x-real-ip": `10.0.1.${i}`, forwarded: `for=10.0.2.${i}` },
		}),
	);
	assert.deepEqual(statuses(answers), [401, 401, 401, 401, 401, 429]);
	assert.equal(answers[5].problem(429, { code: "rate_limited" }).limit.scope, "network");
});

test("what is refused a stranger takes nothing from a user", async () => {
	const base = instance.env.LAMPLIGHT_URL;
	const user = await here();
	for (let i = 0; i < 10; i++) (await request("GET", "/api/ai/sessions", { base })).problem(401);
	assert.deepEqual(statuses(await times(6, () => user.get("/api/ai/sessions"))), [200, 200, 200, 200, 200, 200]);
});

test("every kind of route has its rule", async () => {
	const user = await here();
	const turn = await user.say("hello");
	const path = `/api/ai/sessions/${turn.sessionId}`;
	const rename = () => user.request("PATCH", path, { body: { title: "x" } });
	assert.deepEqual(statuses(await times(3, rename)), [200, 200, 429]);
	assert.deepEqual(statuses(await times(7, () => user.get(`${path}/messages`))), [200, 200, 200, 200, 200, 200, 429]);
	const search = () => user.request("POST", "/api/ai/search", { body: { q: "hello" } });
	assert.deepEqual(statuses(await times(4, search)), [200, 200, 200, 429]);
});

test("replies that run at once; one that ends, or is stopped, makes room", async () => {
	const [user, other] = [await here(), await here()];
	const held = [];
	for (let i = 0; i < 3; i++) {
		const upstream = await play({ steps: gated("one ", "two") });
		held.push([upstream, await user.ask(upstream.mark)]);
	}
	const ask = (who = user) => who.chat({ id: newId(), messages: [userMessage("more")] });
	const refused = await ask();
	const { limit } = refused.problem(429, { code: "too_many_at_once" });
	assert.deepEqual([limit.rule, limit.max, limit.periodSeconds], ["chat", 3, 0]);
	assert.equal(refused.headers.get("ratelimit"), null);
	assert.equal((await (await ask(other)).finish()).status, 200);
	for (const gate of ["1", "end"]) await held[0][0].open(gate);
	await held[0][1].finish();
	await user.stop(held[1][1].sessionId);
	await held[1][1].finish();
	// The server frees the place a moment after the reader has seen the end.
	const turns = await Promise.all([eventually(async () => accepted(await ask())), eventually(async () => accepted(await ask()))]);
	for (const turn of turns) await turn.finish();
	for (const gate of ["1", "end"]) await held[2][0].open(gate);
	await held[2][1].finish();
});
const accepted = (turn) => turn.status === 200 && turn;

test("readers at once: closing one makes room", async () => {
	const user = await here();
	const upstream = await play({ steps: gated("one ", "two") });
	const turn = await user.ask(upstream.mark);
	const readers = [await user.resume(turn.sessionId), await user.resume(turn.sessionId)];
	(await user.resume(turn.sessionId)).problem(429, { code: "too_many_at_once" });
	await readers[0].next();
	await readers[0].leave();
	const again = await eventually(async () => accepted(await user.resume(turn.sessionId)));
	for (const gate of ["1", "end"]) await upstream.open(gate);
	for (const reader of [turn, readers[1], again]) assert.equal((await reader.finish()).text, "one two");
});

const TOOLS = process.env.LAMPLIGHT_TEST_TOOLS;
const tools = async (path) => (await fetch(TOOLS + path)).json();

/** An answer that calls the tool `probe`. */
const callsOf = (...list) => {
	const tool_calls = list.map((args, index) => ({ index, id: `call_${index}`, type: "function", function: { name: "probe", arguments: JSON.stringify(args) } }));
	return { steps: [{ send: chunk({ tool_calls }) }, { send: chunk({}, "tool_calls") }, { send: DONE }] };
};

test("tools: one user's slow ones keep nobody waiting, and calls have a rate", { timeout: 60_000 }, async () => {
	const [greedy, other] = [await here(), await here()];
	const key = newId();
	const slow = await play(callsOf(...Array(16).fill({ key, gate: key })), { steps: says("done") });
	const stuck = await greedy.ask(`go${slow.mark}`);
	await eventually(async () => (await tools(`/calls/${key}`)).length === 4);

	const quick = await play(callsOf({ answer: "quick" }), { steps: says("well") });
	const turn = await other.say(`go${quick.mark}`);
	assert.equal(turn.text, "well", "its tool has run, and the model was asked again");
	assert.equal((await tools(`/calls/${key}`)).length, 4, "of one user no more run at once");

	await tools(`/open/${key}`);
	await stuck.finish();
	assert.equal(stuck.of("tool-output-available").length, 16);

	const more = await play(callsOf({ answer: 1 }, { answer: 2 }), { steps: says("done") });
	const last = await greedy.say(`go${more.mark}`);
	assert.deepEqual(last.of("tool-output-available").map(({ output }) => output), [1]);
	assert.match(last.of("tool-output-error")[0].errorText, /too often/);
	assert.equal(last.text, "done");
});

test("whoever asks whether all are ready has a rate, and the programs by themselves have none", async () => {
	const base = instance.env.LAMPLIGHT_URL;
	const answers = await times(25, () => request("GET", "/api/health/ready", { base }));
	assert.equal(statuses(answers).filter((status) => status === 200).length <= 20, true); // bin/up has sent a request, too
	answers.at(-1).problem(429, { code: "rate_limited" });
	assert.equal((await request("GET", "/api/health/live", { base })).status, 200);
});
