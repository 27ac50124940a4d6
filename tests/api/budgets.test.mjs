// How much a user may use in a day and in total, on a separate instance with small budgets.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { User, eventually, newId, request, userMessage } from "../support/api.mjs";
import { up } from "../support/instance.mjs";
import { gated, play, says } from "../support/model.mjs";

const BUDGETS = { DAY_MESSAGES: "3", DAY_TOKENS: "15", STORED_MB: "1", SESSIONS: "3" };
let instance;

before(async () => {
	const more = Object.fromEntries(Object.entries(BUDGETS).map(([name, value]) => [`LAMPLIGHT_LIMITS_${name}`, value]));
	instance = await up({ server: process.env.LAMPLIGHT_SERVER ?? "nginx", more: { ...more, LAMPLIGHT_WORKER_LEASE_MS: "1500" } });
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

const left = async (user, rule) => (await user.get("/api/me/limits")).json.budgets.find((budget) => budget.rule === rule);
const used = async (user, rule) => (await left(user, rule)).used;

/** A reply whose model reports no tokens. */
async function uncounted(user) {
	const upstream = await play({ steps: gated("hello") });
	const turn = await user.ask(upstream.mark);
	await upstream.open("end");
	return turn.finish();
}

test("200 sends at once against the last message of a day: one reaches the model", { timeout: 120_000 }, async () => {
	const user = await here();
	for (let n = 0; n < 2; n++) await uncounted(user);
	const upstream = await play({ steps: says("hello") });
	const send = () => user.chat({ id: newId(), messages: [userMessage(upstream.mark)] });
	const answers = await Promise.all(Array.from({ length: 200 }, send));
	const taken = answers.filter(({ status }) => status === 200);
	assert.equal(taken.length, 1);
	await taken[0].finish();
	for (const answer of answers) {
		if (answer === taken[0]) continue;
		const { limit } = answer.problem(429, { code: "messages_used_up" });
		assert.deepEqual([limit.rule, limit.scope, limit.max, limit.left, limit.periodSeconds], ["day_messages", "user", 3, 0, 86400]);
		assert.ok(limit.waitSeconds <= 86400);
	}
	assert.equal((await upstream.log()).length, 1);
	assert.equal(await used(user, "day_messages"), 3, "what was refused is not counted");
	assert.equal((await user.sessions()).length, 3);
});

test("a repeated send is counted once", async () => {
	const user = await here();
	const body = { id: newId(), messages: [userMessage("hello")] };
	for (let n = 0; n < 5; n++) await (await user.chat(body)).finish();
	assert.equal(await used(user, "day_messages"), 1);
});

test("tokens are counted when a reply has ended", async () => {
	const user = await here();
	for (let n = 0; n < 2; n++) await (await user.ask((await play({ steps: says("hello") })).mark)).finish();
	assert.equal(await used(user, "day_tokens"), 16);
	assert.equal((await left(user, "day_tokens")).left, 0);
	const { limit } = (await user.chat({ id: newId(), messages: [userMessage("more")] })).problem(429, { code: "tokens_used_up" });
	assert.deepEqual([limit.rule, limit.max], ["day_tokens", 15]);
});

test("bytes and sessions that are stored; deleting makes room", async () => {
	const user = await here();
	const large = () => user.chat({ id: newId(), messages: [userMessage("x".repeat(450_000))] });
	const first = await (await large()).finish();
	const stored = await used(user, "stored_bytes");
	assert.ok(stored > 900_000 && stored < 950_000, `question and echo: ${stored}`);
	(await large()).problem(403, { code: "storage_full" });
	assert.equal((await user.request("DELETE", `/api/ai/sessions/${first.sessionId}`)).status, 204);
	assert.equal(await used(user, "stored_bytes"), 0);
	assert.equal((await left(user, "sessions")).left, 3);
});

test("several messages at once count as one session; deleting it frees it again", async () => {
	const user = await here();
	const first = await uncounted(user);
	const more = [userMessage("one"), userMessage("two")];
	assert.equal((await (await user.chat({ id: newId(), messages: more })).finish()).status, 200);
	assert.equal(await used(user, "sessions"), 2, "a list makes one session");
	await uncounted(user);
	assert.deepEqual(
		(await user.get("/api/me/limits")).json.budgets.map(({ rule, max }) => [rule, max]),
		[["day_messages", 3], ["day_tokens", 15], ["stored_bytes", 1 << 20], ["sessions", 3]],
	);
	assert.equal((await user.request("DELETE", `/api/ai/sessions/${first.sessionId}`)).status, 204);
	assert.equal((await left(user, "sessions")).left, 1);
});

test("a message counts exactly once when its worker dies", { timeout: 60_000 }, async () => {
	const user = await here();
	const upstream = await play({ steps: gated("a", "b") });
	const turn = await user.ask(upstream.mark);
	await turn.until("text-delta");
	process.kill(Number(readFileSync(`${instance.env.LAMPLIGHT_VAR}/run/chat.pid`, "utf8")), "SIGKILL");
	await assert.rejects(turn.finish());
	await eventually(async () => (await user.messages(turn.sessionId)).length === 2, 20);
	assert.equal(await used(user, "day_messages"), 1);
	for (let n = 0; n < 2; n++) await eventually(async () => uncounted(user).catch(() => null), 20);
	(await user.chat({ id: newId(), messages: [userMessage("more")] })).problem(429, { code: "messages_used_up" });
});
