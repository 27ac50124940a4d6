// Changing one's password, ending all one's logins, and deleting one's account.

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { describe, test } from "node:test";
import { User, eventually, newId, refreshCookie, request } from "../support/api.mjs";
import { countOf, messagesOf, query } from "../support/db.mjs";
import { settings } from "../support/instance.mjs";
import { gated, play } from "../support/model.mjs";

/** A token that the site itself has issued. */
function siteToken() {
	const b64 = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
	const { LAMPLIGHT_AUTH_SITE_ISSUER: iss, LAMPLIGHT_AUTH_SITE_AUDIENCE: aud, LAMPLIGHT_AUTH_SITE_SECRET: key } = settings;
	const input = `${b64({ alg: "HS256", typ: "JWT" })}.${b64({ iss, aud, sub: newId(), exp: Math.floor(Date.now() / 1000) + 300 })}`;
	return `${input}.${createHmac("sha256", key).update(input).digest("base64url")}`;
}

const { password } = User;
const newPassword = "another horse battery";

const logIn = (user, word = password) => request("POST", "/api/auth/login", { body: { username: user.username, password: word } });
const second = async (user) => {
	const answer = await logIn(user);
	assert.equal(answer.status, 200, answer.text);
	return new User(answer.json, refreshCookie(answer));
};
const refresh = (user) => request("POST", "/api/auth/refresh", { headers: { cookie: user.cookie } });
const refused = (user) => eventually(async () => (await user.get("/api/me")).status === 401, 2);
const change = (user, body) => user.request("POST", "/api/me/password", { body });
const remove = (user, body = { password }) => user.request("DELETE", "/api/me", { body });
const logOutAll = (user) => user.request("POST", "/api/me/logout-all");

function assertCleared(answer) {
	assert.equal(answer.status, 204, answer.text);
	assert.match(answer.headers.getSetCookie()[0], /^lamplight_refresh=; .*Max-Age=0/);
}

describe("another password", () => {
	test("replaces the old one, ends all logins and starts a new one", async () => {
		const user = await User.register();
		const other = await second(user);
		const answer = await change(user, { password, newPassword });
		assert.equal(answer.status, 200, answer.text);
		const next = new User(answer.json, refreshCookie(answer));
		(await logIn(user)).problem(401, { code: "bad_credentials" });
		assert.equal((await logIn(user, newPassword)).status, 200);
		for (const one of [user, other]) {
			await refused(one);
			assert.equal((await refresh(one)).status, 401);
		}
		assert.equal((await next.get("/api/me")).status, 200);
		assert.equal((await refresh(next)).status, 200);
	});

	test("a common password is refused", async () => {
		const user = await User.register();
		for (const newPassword of ["password", "Iloveyou", user.username, "lamplight1"])
			(await change(user, { password, newPassword })).problem(400, { code: "password_common", field: "newPassword" });
		assert.equal((await logIn(user)).status, 200);
	});

	test("the old password is required; without it nothing changes", async () => {
		const user = await User.register();
		const other = await second(user);
		(await change(user, { password: "wrong horse battery", newPassword })).problem(403, { code: "wrong_password" });
		assert.equal((await logIn(user)).status, 200);
		assert.equal((await other.get("/api/me")).status, 200);
		assert.equal((await refresh(other)).status, 200);
	});

	const bad = [
		["password", { newPassword }],
		["password", { password: "", newPassword }],
		["password", { password: 5, newPassword }],
		["newPassword", { password }],
		["newPassword", { password, newPassword: "seven77" }],
		["newPassword", { password, newPassword: "x".repeat(1025) }],
		["newPassword", { password, newPassword: null }],
	];
	for (const [field, body] of bad)
		test(`a change with ${JSON.stringify(body).slice(0, 60)} is refused`, async () => {
			(await change(await User.register(), body)).problem(400, { field });
		});
});

test("wrong guesses are counted for the login that makes them", async () => {
	const user = await User.register();
	for (let i = 0; i < 5; i++) (await change(user, { password: `guess ${i}`, newPassword })).problem(403, { code: "wrong_password" });
	for (let i = 0; i < 5; i++) (await remove(user, { password: `guess ${i}` })).problem(403, { code: "wrong_password" });
	(await change(user, { password, newPassword })).problem(429);
	(await remove(user)).problem(429);
	assert.equal((await user.get("/api/me")).status, 200);
	const other = await second(user);
	assert.equal((await change(other, { password, newPassword })).status, 200);
});

test("logging out everywhere ends all of the user's logins and nobody else's", async () => {
	const user = await User.register();
	const other = await second(user);
	const bystander = await User.register();
	assertCleared(await logOutAll(user));
	for (const one of [user, other]) {
		await refused(one);
		assert.equal((await refresh(one)).status, 401);
	}
	assert.equal((await refresh(bystander)).status, 200);
	assert.equal((await logIn(user)).status, 200);
});

describe("deleting an account", () => {
	test("leaves nothing, and the name can be taken again", async () => {
		const user = await User.register();
		const other = await second(user);
		const turns = [];
		for (let i = 0; i < 25; i++) turns.push(await user.say(`number ${i}`));
		assertCleared(await remove(user));
		assert.equal(await countOf(user.id), 0);
		for (const table of ["user WHERE id", "login WHERE user_id", "usage_day WHERE user_id", "usage_model WHERE user_id"])
			assert.deepEqual(await query(`SELECT 1 FROM ${table} = ?`, [user.id]), []);
		const ids = turns.map((turn) => turn.sessionId);
		for (const table of ["message", "search_recent", "search_pending", "erasure"])
			assert.deepEqual(await query(`SELECT session_id FROM ${table} WHERE session_id IN (?)`, [ids]), []);
		for (const one of [user, other]) {
			await refused(one);
			assert.equal((await refresh(one)).status, 401);
		}
		(await logIn(user)).problem(401, { code: "bad_credentials" });
		assert.notEqual((await User.register(user.username)).id, user.id);
	});

	test("affects no other user", async () => {
		const [user, other] = [await User.register(), await User.register()];
		const { sessionId } = await other.say("mine");
		await user.say("gone");
		assertCleared(await remove(user));
		assert.equal((await other.messages(sessionId)).length, 2);
		assert.equal((await refresh(other)).status, 200);
	});

	test("needs the password", async () => {
		const user = await User.register();
		const { sessionId } = await user.say("stays");
		(await remove(user, {})).problem(400, { field: "password" });
		(await remove(user, { password: ["x"] })).problem(400, { field: "password" });
		(await remove(user, { password: "wrong horse battery" })).problem(403, { code: "wrong_password" });
		assert.equal((await user.messages(sessionId)).length, 2);
		assert.equal((await refresh(user)).status, 200);
	});

	test("ends a running reply without an error and stores nothing of it", async () => {
		const user = await User.register();
		const upstream = await play({ steps: gated("a", "b") });
		const turn = await user.ask(`go${upstream.mark}`);
		await turn.until("text-delta");
		assertCleared(await remove(user));
		await turn.finish();
		assert.deepEqual(turn.of("error"), []);
		assert.deepEqual(await messagesOf(turn.sessionId), []);
		assert.deepEqual(await query("SELECT seq FROM message_delta WHERE message_id = ?", [turn.messageId]), []);
		await upstream.open("1");
		await upstream.open("end");
	});
});

test("a user of the site's own logins has no password here", async () => {
	const user = await User.withToken(siteToken());
	(await change(user, { password, newPassword })).problem(403, { code: "no_password" });
	(await remove(user)).problem(403, { code: "no_password" });
	(await logOutAll(user)).problem(403, { code: "no_password" });
	assert.equal((await user.get("/api/me")).status, 200);
});

test("all of this requires a login", async () => {
	for (const [method, path] of [["POST", "/api/me/password"], ["POST", "/api/me/logout-all"], ["DELETE", "/api/me"]])
		(await request(method, path, { body: "{" })).problem(401);
});
