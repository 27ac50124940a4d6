// A site that requires a second factor of everybody: a login without one may set one up, and nothing else.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { createConnection } from "mysql2/promise";
import { User, eventually, newId, refreshCookie, request, userMessage } from "../support/api.mjs";
import { up } from "../support/instance.mjs";
import { codeOf } from "../support/totp.mjs";

const { password } = User;
let instance, base, db;

before(async () => {
	const more = { LAMPLIGHT_AUTH_SECOND_FACTOR: "required", LAMPLIGHT_AUTH_REGISTER: "on" };
	instance = await up({ server: process.env.LAMPLIGHT_SERVER ?? "nginx", more });
	base = instance.env.LAMPLIGHT_URL;
	db = await createConnection({ socketPath: `${instance.env.LAMPLIGHT_VAR}/run/mysql.sock`, user: "lamplight", database: "lamplight" });
});
after(async () => {
	await db?.end();
	await instance?.down();
	if (!process.env.KEEP) instance?.remove();
});

const here = (answer) => Object.assign(new User(answer.json, refreshCookie(answer)), { base, grant: answer.json });
async function register() {
	const answer = await request("POST", "/api/auth/register", { base, body: { username: `u-${newId()}`, password } });
	assert.equal(answer.status, 201, answer.text);
	return here(answer);
}
async function logIn({ username }, more) {
	const answer = await request("POST", "/api/auth/login", { base, body: { username, password, ...more } });
	return answer.status === 200 ? here(answer) : answer;
}
const renew = (user) => request("POST", "/api/auth/refresh", { base, headers: { cookie: user.cookie } });
async function enrol(user) {
	const { secret } = (await user.request("POST", "/api/me/totp", { body: { password } })).json;
	const answer = await user.request("POST", "/api/me/totp/confirm", { body: { code: codeOf(secret) } });
	assert.equal(answer.status, 200, answer.text);
	await db.query("UPDATE factor SET last_step = 0 WHERE user_id = ?", [user.id]);
	return { secret, codes: answer.json.recoveryCodes };
}
const refused = async (user) => (await user.get("/api/me")).problem(403, { code: "second_factor_required" });

/** Every route that needs a login, as the tables of the programs name them. */
function routes() {
	return ["auth", "sessions", "messages", "chat"].flatMap((program) => {
		const source = readFileSync(new URL(`../../cgi-bin/${program}.c`, import.meta.url), "utf8");
		return [...source.matchAll(/\{\s*"([A-Z]+)",\s*"([^"]+)",\s*\w+,\s*(LOGGED_IN|ENROLLING)/g)].map(([, method, path, access]) => ({ method, path, access }));
	});
}

test("without it every route but those that set it up is refused, with a code of its own", async () => {
	const user = await register();
	assert.equal(user.grant.secondFactorRequired, true);
	const all = routes();
	assert.ok(all.length > 20, `${all.length} routes`);
	for (const { method, path, access } of all) {
		const body = method === "GET" ? undefined : { id: newId(), messages: [userMessage("hello")] };
		const answer = await user.request(method, path.replace(/:\w+/g, "1"), { body });
		if (access === "LOGGED_IN") answer.problem(403, { code: "second_factor_required" });
		else assert.notEqual(answer.json.code, "second_factor_required", `${method} ${path}`);
	}
	assert.deepEqual(all.filter(({ access }) => access === "ENROLLING").map(({ method, path }) => `${method} ${path}`).sort(), [
		"GET /api/me/factors",
		"POST /api/me/totp",
		"POST /api/me/totp/confirm",
	]);
	const [rows] = await db.query("SELECT 1 FROM session WHERE user_id = ?", [user.id]);
	assert.deepEqual(rows, []);
});

test("a renewal reports it again; setting it up unlocks this login and ends the others", async () => {
	const user = await register();
	const elsewhere = await logIn(user);
	assert.equal(elsewhere.grant.secondFactorRequired, true);
	const renewed = await renew(user);
	assert.equal(renewed.json.secondFactorRequired, true);
	Object.assign(user, { token: renewed.json.accessToken, cookie: refreshCookie(renewed) });
	await enrol(user);
	assert.equal((await user.get("/api/me")).status, 200, "at once");
	assert.equal((await renew(user)).json.secondFactorRequired, undefined);
	await user.say("hello");
	// That login could neither go on nor set up a factor, so it has ended; its user logs in again, with a code.
	(await renew(elsewhere)).problem(401);
	await eventually(async () => (await elsewhere.get("/api/me")).status === 401, 2);
	assert.equal((await user.get("/api/me")).status, 200);
});

test("a login needs the code", async () => {
	const user = await register();
	const { secret, codes } = await enrol(user);
	(await logIn(user)).problem(401, { code: "otp_required" });
	for (const code of [codeOf(secret), codes[0]]) {
		const again = await logIn(user, { code });
		assert.equal(again.grant.secondFactorRequired, undefined);
		assert.equal((await again.get("/api/me")).status, 200);
	}
});

test("after turning it off, every login can only set up a new one", async () => {
	const user = await register();
	const { secret, codes } = await enrol(user);
	const other = await logIn(user, { code: codes[0] });
	assert.equal((await other.get("/api/me")).status, 200);
	assert.equal((await user.request("DELETE", "/api/me/totp", { body: { password, code: codeOf(secret) } })).status, 204);
	await refused(user);
	await new Promise((resolve) => setTimeout(resolve, 700)); // another program relies on what it knows of a login for half a second
	await refused(other);
	await enrol(user);
	assert.equal((await user.get("/api/me")).status, 200);
	await eventually(async () => (await other.get("/api/me")).status === 401, 2);
});

describe("other requests", () => {
	test("can log out", async () => {
		const user = await register();
		assert.equal((await request("POST", "/api/auth/logout", { base, headers: { cookie: user.cookie } })).status, 204);
		(await user.get("/api/me/factors")).problem(401);
	});

	test("need no second factor before there is a login", async () => {
		(await request("GET", "/api/me", { base })).problem(401);
		assert.equal((await request("GET", "/api/config", { base })).status, 200);
	});
});
