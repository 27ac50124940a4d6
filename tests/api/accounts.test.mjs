// Registering, logging in, refreshing, logging out, and GET /api/me.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { URL_BASE, User, eventually, newId, refreshCookie, request } from "../support/api.mjs";
import { query } from "../support/db.mjs";
import { VAR } from "../support/instance.mjs";

const { password } = User;
const post = (path, body, headers) => request("POST", `/api/auth/${path}`, { body, headers });
const me = (token) => request("GET", "/api/me", { headers: { authorization: `Bearer ${token}` } });

function assertSignedIn(answer, status, username) {
	assert.equal(answer.status, status, answer.text);
	const { accessToken, expiresIn, user, storageKeys, ...rest } = answer.json;
	assert.deepEqual(rest, {});
	assert.ok(storageKeys.length > 0);
	for (const key of storageKeys) assert.match(key, /^[\w-]{43}$/);
	assert.equal(expiresIn, 900);
	assert.match(user.id, /^[1-9]\d*$/);
	assert.equal(user.username, username);
	assert.match(accessToken, /^[\w-]+\.[\w-]+\.[\w-]+$/);
	const [cookie] = answer.headers.getSetCookie();
	assert.match(cookie, /^lamplight_refresh=[1-9]\d*\.[\w-]{43}\.[\w-]{43}(;|$)/);
	assert.equal(/; *Path=([^;]*)/i.exec(cookie)[1], new URL(`${URL_BASE}/api/auth`).pathname);
	for (const attribute of [/; *HttpOnly(;|$)/i, /; *SameSite=Strict(;|$)/i, /; *Max-Age=2592000(;|$)/i])
		assert.match(cookie, attribute);
	assert.doesNotMatch(cookie, /; *Domain=/i);
	assert.match(answer.headers.get("cache-control") ?? "", /no-store/, "a token is not for caches");
}

describe("register", () => {
	test("gives a token, a refresh cookie and the account", async () => {
		const username = `Ann.${newId()}`;
		const answer = await post("register", { username, password });
		assertSignedIn(answer, 201, username);
		const whoami = await me(answer.json.accessToken);
		assert.equal(whoami.status, 200);
		const { createTime, role, ...account } = whoami.json;
		assert.equal(role, "user");
		assert.deepEqual(account, answer.json.user);
		assert.ok(Math.abs(Date.parse(createTime) - Date.now()) < 60_000, createTime);
	});

	test("a name that is taken, in any case", async () => {
		const username = `bob-${newId()}`;
		assert.equal((await post("register", { username, password })).status, 201);
		for (const same of [username, username.toUpperCase()])
			(await post("register", { username: same, password })).problem(409, { code: "username_taken" });
	});

	test("the same name ten times at once: one account", async () => {
		const username = `race-${newId()}`;
		const answers = await Promise.all(Array.from({ length: 10 }, () => post("register", { username, password })));
		assert.deepEqual(answers.map((answer) => answer.status).sort(), [201, ...Array(9).fill(409)]);
		const rows = await query("SELECT id FROM user WHERE username = ?", [username]);
		assert.equal(rows.length, 1);
	});

	test("a name in any script is kept as it was typed, and no other looks like it", async () => {
		const id = String(Date.now()).slice(-9);
		for (const [username, ...alike] of [
			[`王小明${id}`, `王小明${id}`],
			[`Jürgen.${id}`, `JU\u0308RGEN.${id}`, `ｊürgen.${id}`],
			[`Ольга${id}`, `ОЛЬГА${id}`],
			[`ace${id}`, `асе${id}`], // every letter is Cyrillic
		]) {
			assertSignedIn(await post("register", { username, password }), 201, username);
			for (const same of alike) {
				(await post("register", { username: same, password })).problem(409, { code: "username_taken" });
				assertSignedIn(await post("login", { username: same, password }), 200, username);
			}
		}
	});

	const names = {
		short: "ab",
		long: "a".repeat(65),
		blank: "a b c",
		slash: "a/b",
		mixed: "аnne", // the first letter is Cyrillic
		"one character": "王",
		unseen: "an\u200bne",
		sign: "☃☃☃",
		nul: "abc\0d",
		empty: "",
		newline: "abc\n",
	};
	for (const [kind, username] of Object.entries(names))
		test(`a username that is no username: ${kind}`, async () => {
			(await post("register", { username, password })).problem(400, { field: "username" });
		});

	for (const [kind, bad] of Object.entries({ short: "seven77", "short in characters": "密码密码密码密", empty: "", long: "x".repeat(1025) }))
		test(`a password of the wrong length: ${kind}`, async () => {
			const username = `pw-${newId()}`;
			(await post("register", { username, password: bad })).problem(400, { field: "password" });
			assert.equal((await query("SELECT id FROM user WHERE username = ?", [username])).length, 0);
		});

	for (const field of ["username", "password"])
		for (const wrong of [undefined, null, 12345678, true, ["abcdefgh"], { a: 1 }])
			test(`${field} is ${JSON.stringify(wrong)}`, async () => {
				const body = { username: `t-${newId()}`, password, [field]: wrong };
				(await post("register", body)).problem(400, { field });
			});

	test("accepts the longest name and the longest password", async () => {
		const username = `l-${newId()}-${"x".repeat(45)}`.slice(0, 64);
		const long = "é".repeat(512);
		assertSignedIn(await post("register", { username, password: long }), 201, username);
		assertSignedIn(await post("login", { username, password: long }), 200, username);
	});
});

describe("log in", () => {
	test("returns the same as register; upper and lower case of the name do not matter", async () => {
		const user = await User.register();
		assertSignedIn(await post("login", { username: user.username, password }), 200, user.username);
		assertSignedIn(await post("login", { username: user.username.toUpperCase(), password }), 200, user.username);
	});

	test("a wrong password and an unknown name get the same answer", async () => {
		const user = await User.register();
		const wrong = await post("login", { username: user.username, password: `${password}!` });
		const unknown = await post("login", { username: `nobody-${newId()}`, password });
		const { requestId: a, ...first } = wrong.problem(401, { code: "bad_credentials" });
		const { requestId: b, ...second } = unknown.problem(401, { code: "bad_credentials" });
		assert.deepEqual(first, second);
		assert.deepEqual(wrong.headers.getSetCookie(), []);
	});

	test("every byte of a password counts: behind a NUL, behind the 72nd", async () => {
		for (const start of ["long enough\0", "x".repeat(72)]) {
			const username = `nul-${newId()}`;
			const answer = await post("register", { username, password: `${start}a` });
			assert.equal(answer.status, 201, answer.text);
			(await post("login", { username, password: `${start}b` })).problem(401);
			(await post("login", { username, password: start })).problem(401);
			assert.equal((await post("login", { username, password: `${start}a` })).status, 200);
		}
	});

	test("stores an argon2id hash", async () => {
		const user = await User.register();
		const [{ password_hash }] = await query("SELECT password_hash FROM user WHERE id = ?", [user.id]);
		const [, m, t] = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=\d+\$/.exec(password_hash);
		assert.ok(m * t >= 19456 * 2, password_hash);
	});
});

describe("refresh", () => {
	const refresh = (cookie) => post("refresh", undefined, cookie && { cookie });
	const age = (user) => query("UPDATE login SET rotate_time = rotate_time - INTERVAL 10 MINUTE WHERE user_id = ?", [user.id]);

	test("returns a new token and a new cookie", async () => {
		const user = await User.register();
		const answer = await refresh(user.cookie);
		assertSignedIn(answer, 200, user.username);
		assert.notEqual(refreshCookie(answer), user.cookie);
		assert.equal((await me(answer.json.accessToken)).status, 200);
	});

	test("the token is not in the tables", async () => {
		const user = await User.register();
		const token = user.cookie.split("=")[1];
		const rows = await query("SELECT * FROM login WHERE user_id = ?", [user.id]);
		assert.equal(rows.length, 1);
		for (const value of Object.values(rows[0])) assert.ok(!String(value).includes(token));
	});

	test("two tabs at once both stay signed in", async () => {
		const user = await User.register();
		const answers = await Promise.all([refresh(user.cookie), refresh(user.cookie)]);
		for (const answer of answers) {
			assert.equal(answer.status, 200, answer.text);
			assert.equal((await me(answer.json.accessToken)).status, 200);
		}
	});

	test("an old token that is used again later ends the login", async () => {
		const user = await User.register();
		const next = await refresh(user.cookie);
		await age(user);
		(await refresh(user.cookie)).problem(401);
		await eventually(() => readFileSync(`${VAR}/log/auth.log`, "utf8").split("\n").some((line) => / what=login_stolen /.test(line) && line.includes(` user=${user.id} `)));
		(await refresh(refreshCookie(next))).problem(401);
		await eventually(async () => (await me(next.json.accessToken)).status === 401, 2);
	});

	test("an expired login cannot be renewed", async () => {
		const user = await User.register();
		await query("UPDATE login SET expire_time = UTC_TIMESTAMP(3) - INTERVAL 1 SECOND WHERE user_id = ?", [user.id]);
		(await refresh(user.cookie)).problem(401);
	});

	test("a login in constant use ends at its maximum age", async () => {
		const user = await User.register();
		const next = await refresh(user.cookie);
		assert.equal(next.status, 200, next.text);
		await query("UPDATE login SET create_time = UTC_TIMESTAMP(3) - INTERVAL 91 DAY WHERE user_id = ?", [user.id]);
		(await refresh(refreshCookie(next))).problem(401);
	});

	test("refuses no cookie, garbage and a cookie with one letter changed", async () => {
		const user = await User.register();
		const [login, family, secret] = user.cookie.split(".");
		const flipped = [login, (family[0] === "A" ? "B" : "A") + family.slice(1), secret].join(".");
		for (const cookie of [
			undefined,
			"lamplight_refresh=",
			"lamplight_refresh=x",
			`lamplight_refresh=${"A".repeat(5000)}`,
			flipped,
		])
			(await refresh(cookie)).problem(401);
		assert.equal((await refresh(user.cookie)).status, 200);
	});
});

describe("log out", () => {
	test("ends this login everywhere within a second, and no other", async () => {
		const user = await User.register();
		const elsewhere = await post("login", { username: user.username, password });
		const { sessionId } = await user.say("remember");

		const answer = await post("logout", undefined, { cookie: user.cookie });
		assert.equal(answer.status, 204, answer.text);
		assert.match(answer.headers.getSetCookie()[0], /^lamplight_refresh=;.*Max-Age=0/i);

		(await post("refresh", undefined, { cookie: user.cookie })).problem(401);
		const routes = [
			["GET", "/api/me"],
			["GET", "/api/ai/sessions"],
			["GET", `/api/ai/sessions/${sessionId}/messages`],
			["POST", "/api/ai/chat", { messages: [{ id: "x", role: "user", parts: [{ type: "text", text: "x" }] }] }],
		];
		await new Promise((resolve) => setTimeout(resolve, 1000));
		for (const [method, path, body] of routes) (await user.request(method, path, { body })).problem(401);
		assert.equal((await me(elsewhere.json.accessToken)).status, 200);
	});

	test("does nothing without a login", async () => {
		assert.equal((await post("logout")).status, 204);
	});
});
