// `lamplight limit`: a user's own limits replace those for everybody, and every program knows them without a restart.

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { User, eventually, newId, request, userMessage } from "../support/api.mjs";
import { query } from "../support/db.mjs";
import { VAR, lamplight, settings } from "../support/instance.mjs";
import { play, says } from "../support/model.mjs";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const COMMAND = `${ROOT}build/${process.env.VARIANT || "release"}/bin/lamplight`;
const limit = (...words) =>
	promisify(execFile)(`${ROOT}bin/with-env`, [COMMAND, "limit", ...words], { cwd: ROOT, env: { ...process.env, VAR }, timeout: 30_000 });
/** A program relies on what it knows of a login for half a second. */
const known = () => new Promise((resolve) => setTimeout(resolve, 600));
const rules = async (user) => (await user.get("/api/me/limits")).json.rules;
const budget = async (user, rule) => (await user.get("/api/me/limits")).json.budgets.find((one) => one.rule === rule);

test("a user's own rule applies in its program and to no other user", async () => {
	const [user, other] = [await User.register(), await User.register()];
	assert.equal((await user.get("/api/ai/sessions")).status, 200);
	assert.match((await limit("set", user.username, "read", "user 2/h")).stdout, /has read = user 2\/h, within a second/);
	await known();
	const statuses = [];
	for (let i = 0; i < 3; i++) statuses.push((await user.get("/api/ai/sessions")).status);
	assert.deepEqual(statuses, [200, 200, 429]);
	assert.deepEqual((await user.get("/api/ai/sessions")).problem(429).limit.max, 2);
	for (let i = 0; i < 4; i++) assert.equal((await other.get("/api/ai/sessions")).status, 200);
	const mine = (await user.get("/api/me/limits")).json; // another program counts separately
	assert.deepEqual(mine.rules.find(({ rule }) => rule === "read"), { rule: "read", max: 2, periodSeconds: 3600 });
	assert.ok(!(await rules(other)).some(({ rule }) => rule === "read"));
	const figures = (await request("GET", "/api/health/metrics")).text;
	assert.match(figures, /^lamplight_limited_total\{program="sessions",rule="read",scope="user"\} [1-9]/m);
	assert.match(figures, /^lamplight_user_limits [1-9]/m);
	assert.ok(JSON.parse(lamplight("stats", "--json")).userLimits >= 1);
	await limit("remove", user.username, "read");
	await known();
	assert.equal((await user.get("/api/ai/sessions")).status, 200);
});

test("replies at once, and a day's messages and tokens", async () => {
	const user = await User.register();
	await limit("set", user.username, "day_messages", "1");
	await known();
	await user.say("one");
	const upstream = await play({ steps: says("never") });
	const refused = await user.chat({ id: newId(), messages: [userMessage(upstream.mark)] });
	assert.equal(refused.problem(429, { code: "messages_used_up" }).limit.max, 1);
	assert.deepEqual([(await budget(user, "day_messages")).max, (await budget(user, "day_messages")).left], [1, 0]);
	await limit("set", user.username, "day_messages", "0");
	await limit("set", user.username, "chat", "user 1/day");
	await known();
	assert.equal(await budget(user, "day_messages"), undefined);
	await user.say("two");
	assert.equal((await user.chat({ id: newId(), messages: [userMessage("x")] })).problem(429, { code: "rate_limited" }).limit.rule, "chat");
});

/** A user whose account may have one session. */
async function small() {
	const user = await User.register();
	await limit("set", user.username, "sessions", "1");
	await limit("set", user.username, "chat", "off");
	await known();
	return user;
}

test("100 first messages at once make no session too many", { timeout: 60_000 }, async () => {
	for (let n = 0; n < 5; n++) {
		const user = await small();
		const answers = await Promise.all(Array.from({ length: 100 }, () => user.chat({ id: newId(), messages: [userMessage("hello")] })));
		const taken = answers.filter(({ status }) => status === 200);
		assert.equal(taken.length, 1);
		await taken[0].finish();
		for (const answer of answers) if (answer !== taken[0]) answer.problem(403, { code: "too_many_sessions" });
		const [session, ...more] = await user.sessions();
		assert.equal(more.length, 0);
		assert.equal((await user.request("DELETE", `/api/ai/sessions/${session.id}`)).status, 204);
		await user.say("there is room again");
	}
});

test("a site's own user has some, too", async () => {
	const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
	const now = Math.floor(Date.now() / 1000);
	const sub = `site-${newId()}`;
	const claims = { sub, iss: settings.LAMPLIGHT_AUTH_SITE_ISSUER, aud: settings.LAMPLIGHT_AUTH_SITE_AUDIENCE, iat: now, nbf: now, exp: now + 300 };
	const text = `${part({ alg: "HS256", typ: "JWT" })}.${part(claims)}`;
	const user = await User.withToken(`${text}.${createHmac("sha256", settings.LAMPLIGHT_AUTH_SITE_SECRET).update(text).digest("base64url")}`);
	await limit("set", sub, "sessions", "7");
	await known();
	assert.equal((await budget(user, "sessions")).max, 7);
});

test("list, remove, many at once, and the end of the user", async () => {
	const user = await User.register();
	const values = { chat: "user 5/min, user 2 at once", stop: "off", day_tokens: "1000", stored_mb: "3", sessions: "9" };
	await Promise.all(Object.entries(values).map((one) => limit("set", user.username, ...one)));
	const [line] = (await limit("list", user.username, "--json")).stdout.trim().split("\n").map((text) => JSON.parse(text));
	assert.deepEqual(line, { id: user.id, user: user.username, limits: line.limits });
	assert.deepEqual(line.limits, values);
	const all = (await limit("list", "--json")).stdout.trim().split("\n").map((text) => JSON.parse(text));
	assert.deepEqual(all.find(({ id }) => id === user.id), line);
	assert.match((await limit("list")).stdout, new RegExp(`^${user.username}  day_tokens = 1000$`, "m"));
	await limit("set", user.username, "sessions", "10");
	await limit("remove", user.username, "stop");
	const now = JSON.parse((await limit("list", user.username, "--json")).stdout).limits;
	assert.deepEqual(now, { chat: values.chat, day_tokens: "1000", stored_mb: "3", sessions: "10" });
	await assert.rejects(limit("remove", user.username, "stop"), { code: 1, stderr: /no such limit/ });
	await limit("remove", user.username);
	assert.deepEqual(JSON.parse((await limit("list", user.username, "--json")).stdout).limits, {});
	await assert.rejects(limit("remove", user.username), { code: 1 });

	await limit("set", user.username, "sessions", "10");
	lamplight("user", "delete", user.username);
	await eventually(async () => (await query("SELECT user_id FROM user_limit WHERE user_id = ?", [user.id])).length === 0);
});

test("an unknown limit is refused, and the valid ones are named", async () => {
	const user = await User.register();
	for (const [words, said] of [
		[["set", user.username, "chat", "network 5/min"], /^chat takes off, or clauses like/],
		[["set", user.username, "login", "off"], /takes one of account, read/],
		[["set", user.username, "day_tokens", "many"], /^day_tokens takes a number/],
		[["set", user.username, "day_tokens", "1\nchat=off"], /^day_tokens takes a number/],
		[["set", user.username, "chat"], /a key and one value/],
		[["set", user.username, "chat", "user", "5/min"], /a key and one value/],
		[["set", `nobody-${newId()}`, "chat", "off"], /no such user/],
		[["remove", user.username, "login"], /no such limit/],
		[["list", user.username, "--all"], /There may be/],
	])
		await assert.rejects(limit(...words), { code: 1, stderr: said }, words.join(" "));
	assert.deepEqual(await query("SELECT user_id FROM user_limit WHERE user_id = ?", [user.id]), []);
});
