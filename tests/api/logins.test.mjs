// Users see and end their logins, a request in flight cannot bring one back, and the operator decides who may open an
// account.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { URL_BASE, User, eventually, newId, refreshCookie, request, userMessage } from "../support/api.mjs";
import { query } from "../support/db.mjs";
import { VAR, lamplight } from "../support/instance.mjs";

const { password } = User;
const post = (path, body, headers) => request("POST", `/api/auth/${path}`, { body, headers });
const logIn = (user, headers, word = password) => post("login", { username: user.username, password: word }, headers);
const second = async (user, headers) => {
	const answer = await logIn(user, headers);
	assert.equal(answer.status, 200, answer.text);
	return new User(answer.json, refreshCookie(answer));
};
const refresh = (user) => post("refresh", undefined, { cookie: user.cookie });
const isIn = async (user) => (await user.get("/api/me")).status === 200;
const audit = () => readFileSync(`${VAR}/log/auth.log`, "utf8").split("\n").filter((line) => line.includes(" event=audit "));

describe("devices", () => {
	const list = async (user) => (await user.get("/api/me/logins")).json;

	test("are listed with their browser, the newest first", async () => {
		const user = await User.register();
		const agents = {
			"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0": ["Firefox", "Linux"],
			"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0": ["Edge", "Windows"],
			"Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1": ["Safari", "iOS"],
			"<script>alert(1)</script>\u00e9": [null, null],
			[`x${"y".repeat(3000)}`]: [null, null],
		};
		for (const agent of Object.keys(agents)) await second(user, { "user-agent": agent });
		const logins = await list(user);
		assert.deepEqual(logins.map(({ browser, system }) => [browser, system]).slice(0, 5), Object.values(agents).reverse());
		for (const { id, createTime, lastTime, agent, current, browser, system, ...rest } of logins) {
			assert.deepEqual(rest, {});
			assert.match(id, /^[1-9]\d*$/);
			for (const time of [createTime, lastTime]) assert.ok(Math.abs(Date.now() - Date.parse(time)) < 120_000, time);
			assert.match(agent, /^[ -~]{0,200}$/);
			assert.equal(current, id === logins.at(-1).id);
		}
		const ids = logins.map(({ id }) => BigInt(id));
		assert.deepEqual(ids, [...ids].sort((a, b) => (a < b ? 1 : -1)));
	});

	test("one can be ended, and no other's", async () => {
		const [user, stranger] = [await User.register(), await User.register()];
		const other = await second(user);
		const [newest] = await list(user);
		(await stranger.request("DELETE", `/api/me/logins/${newest.id}`)).problem(404);
		(await user.request("DELETE", "/api/me/logins/1")).problem(404);
		(await user.request("DELETE", "/api/me/logins/x")).problem(400);
		assert.equal((await user.request("DELETE", `/api/me/logins/${newest.id}`)).status, 204);
		await eventually(async () => !(await isIn(other)), 2);
		(await refresh(other)).problem(401);
		assert.ok((await isIn(user)) && (await isIn(stranger)));
		assert.equal((await list(user)).length, 1);
	});

	test("listing and ending logins needs a login", async () => {
		(await request("GET", "/api/me/logins")).problem(401);
		(await request("DELETE", "/api/me/logins/1")).problem(401);
	});
});

describe("a log-in in flight", () => {
	/** Logs in repeatedly, three at a time, until `act` is done; returns all these logins. */
	async function during(user, act) {
		const made = [];
		let stop = false;
		const one = async () => {
			while (!stop) {
				const answer = await logIn(user);
				if (answer.status === 200) made.push(new User(answer.json, refreshCookie(answer)));
			}
		};
		const attackers = [one(), one(), one()];
		await eventually(() => made.length > 2);
		const answer = await act();
		await new Promise((resolve) => setTimeout(resolve, 150));
		stop = true;
		await Promise.all(attackers);
		return { answer, made };
	}

	async function assertAllEnded(made) {
		await new Promise((resolve) => setTimeout(resolve, 1000)); // a program relies on what it knows of a login for half a second
		for (const one of made) {
			assert.ok(!(await isIn(one)));
			(await refresh(one)).problem(401);
		}
	}

	test("with the old password does not survive a change of the password", { timeout: 120_000 }, async () => {
		for (let round = 0; round < 6; round++) {
			const user = await User.register();
			const change = { password, newPassword: "another horse battery" };
			const { answer, made } = await during(user, () => user.request("POST", "/api/me/password", { body: change }));
			assert.equal(answer.status, 200, answer.text);
			await assertAllEnded(made);
		}
	});

	test("does not survive the deletion of the account", { timeout: 120_000 }, async () => {
		for (let round = 0; round < 6; round++) {
			const user = await User.register();
			const { answer, made } = await during(user, () => user.request("DELETE", "/api/me", { body: { password } }));
			assert.equal(answer.status, 204, answer.text);
			await assertAllEnded(made);
			assert.deepEqual(await query("SELECT id FROM login WHERE user_id = ?", [user.id]), []);
		}
	});

	test("and no send in flight leaves a session behind", { timeout: 120_000 }, async () => {
		for (let round = 0; round < 4; round++) {
			const user = await User.register();
			let stop = false;
			let sent = 0;
			const send = async () => {
				while (!stop) {
					const turn = await user.chat({ id: newId(), messages: [userMessage("hello")], trigger: "submit-message" });
					if (turn.status !== 200) return assert.equal(turn.status, 401, turn.text);
					sent++;
					await turn.leave();
				}
			};
			const senders = [send(), send(), send()];
			await eventually(() => sent > 3);
			assert.equal((await user.request("DELETE", "/api/me", { body: { password } })).status, 204);
			stop = true;
			await Promise.all(senders);
			assert.deepEqual(await query("SELECT id FROM session WHERE user_id = ?", [user.id]), []);
		}
	});

	test("nor does a refresh survive the end of all logins", { timeout: 120_000 }, async () => {
		for (let round = 0; round < 6; round++) {
			const user = await User.register();
			const other = await second(user);
			let stop = false;
			const renewing = (async () => {
				for (let last = other; !stop; ) {
					const answer = await refresh(last);
					if (answer.status !== 200) return;
					last = new User(answer.json, refreshCookie(answer));
				}
			})();
			assert.equal((await user.request("POST", "/api/me/logout-all")).status, 204);
			await new Promise((resolve) => setTimeout(resolve, 100));
			stop = true;
			await renewing;
			assert.deepEqual(await query("SELECT id FROM login WHERE user_id = ?", [user.id]), []);
		}
	});
});

describe("the operator ends", () => {
	test("all logins of a user, and a disabled user cannot log in", async () => {
		const user = await User.register();
		lamplight("user", "logout", user.username);
		await eventually(async () => !(await isIn(user)), 2);
		(await refresh(user)).problem(401);
		const again = await second(user);
		lamplight("user", "disable", user.username);
		await eventually(async () => !(await isIn(again)), 2);
		(await refresh(again)).problem(401);
		(await logIn(user)).problem(403, { code: "account_disabled" });
		(await logIn(user, {}, "wrong password")).problem(401, { code: "bad_credentials" });
		assert.match(lamplight("user", "list"), new RegExp(`^${user.id} .* disabled +no factor +${user.username}$`, "m"));
		lamplight("user", "enable", user.username);
		assert.ok(await isIn(await second(user)));
	});

	test("a user's account, with all its data", async () => {
		const user = await User.register();
		await user.say("gone");
		lamplight("user", "delete", user.username);
		await eventually(async () => !(await isIn(user)), 2);
		for (const table of ["user WHERE id", "login WHERE user_id", "session WHERE user_id"])
			assert.deepEqual(await query(`SELECT 1 FROM ${table} = ?`, [user.id]), []);
	});
});

test("a new key in the secret file logs nobody out and encrypts everything again", async () => {
	const user = await User.register();
	const { secret } = (await user.request("POST", "/api/me/totp", { body: { password } })).json;
	assert.ok(secret);
	const sealed = () => query("SELECT HEX(sealed) AS sealed FROM factor WHERE user_id = ?", [user.id]);
	const [before] = await sealed();
	lamplight("secret", "rotate");
	assert.ok(await isIn(user), "the token of before");
	const [after] = await sealed();
	assert.notEqual(after.sealed.slice(2, 18), before.sealed.slice(2, 18), "the key's name");
	const next = await eventually(async () => {
		const answer = await refresh(user);
		assert.equal(answer.status, 200, answer.text);
		user.cookie = refreshCookie(answer);
		const kid = (token) => JSON.parse(Buffer.from(token.split(".")[0], "base64url")).kid;
		return kid(answer.json.accessToken) !== kid(user.token) && new User(answer.json, refreshCookie(answer));
	});
	assert.ok(await isIn(next));
	assert.deepEqual(await next.sessions(), [], "another program knows the new key, too");
});

describe("opening an account", () => {
	test("anybody can read the site's configuration", async () => {
		const answer = await request("GET", "/api/config");
		assert.equal(answer.status, 200, answer.text);
		assert.deepEqual(answer.json, { siteName: "Lamplight", registration: "on", languages: ["en", "de", "es", "fr", "pt-BR", "ja", "zh-CN"], privacy: false, temporaryHours: 24 });
	});

	test("the commonest passwords are refused, and names", async () => {
		const username = `Name-${newId()}`;
		for (const common of ["password", "Password1", "12345678", "iloveyou", username, `${username}1`, "Lamplight!"])
			(await post("register", { username, password: common })).problem(400, { code: "password_common", field: "password" });
		assert.deepEqual(await query("SELECT id FROM user WHERE username = ?", [username]), []);
	});

	test("the answer says which rule a username breaks", async () => {
		const wrong = { "a name": "signs", ab: "too_short", ["n".repeat(65)]: "too_long", "аda-ada": "scripts", "7דוד": "order" };
		for (const [username, rule] of Object.entries(wrong)) (await post("register", { username, password })).problem(400, { field: "username", about: { rule } });
	});
});

test("another site's page may not log in, register, refresh or log out", async () => {
	const user = await User.register();
	const host = new URL(URL_BASE).host;
	const body = { username: user.username, password };
	for (const headers of [
		{ origin: "https://evil.example" },
		{ origin: "null" },
		{ "sec-fetch-site": "cross-site" },
		{ "sec-fetch-site": "same-site", origin: `http://${host}` },
	])
		for (const [path, json] of [["login", body], ["register", { username: `x-${newId()}`, password }], ["refresh"], ["logout"]])
		{
			const answer = await post(path, json, { ...headers, cookie: user.cookie });
			answer.problem(403, { code: "cross_site" });
			const said = (line) => line.includes(`request=${answer.requestId} `) && line.includes(" what=cross_site ");
			await eventually(() => audit().some((line) => said(line) && line.endsWith(` path=/api/auth/${path}`)));
		}
	assert.equal((await post("login", body, { origin: `http://${host}` })).status, 200);
	assert.equal((await refresh(user)).status, 200);
});

test("logging out clears the browser's storage", async () => {
	const answer = await post("logout", undefined, { cookie: (await User.register()).cookie });
	assert.equal(answer.headers.get("clear-site-data"), '"cache"');
});

/** What a browser sends after its first log-in: the device cookie. */
const deviceCookie = (answer) => answer.headers.getSetCookie().find((line) => line.startsWith("lamplight_device="))?.split(";")[0];

test("other people's failures do not lock out a known browser", async () => {
	const user = await User.register();
	const cookie = deviceCookie(await logIn(user));
	assert.match(cookie, /^lamplight_device=[1-9]\d*\.[\w-]{22}\.[\w-]{43}$/);
	let last;
	for (let i = 0; i < 11; i++) last = await logIn(user, {}, `wrong ${i}`);
	last.problem(429);
	const rows = () => query("SELECT SUM(failures) AS n FROM throttle");
	const before = await rows();
	for (let i = 0; i < 5; i++) (await logIn(user)).problem(429);
	assert.deepEqual(await rows(), before, "what is refused writes nothing");
	assert.equal((await logIn(user, { cookie })).status, 200);
	(await logIn(user, { cookie: `${cookie.slice(0, -1)}${cookie.at(-1) === "A" ? "B" : "A"}` })).problem(429);
	const neighbour = await User.register();
	assert.equal((await logIn(neighbour)).status, 200, "of the same network");
});

test("who comes, goes and fails is in the log, with address and request, and without names", async () => {
	const user = await User.register();
	const answer = await logIn(user);
	const failed = await logIn(user, {}, "wrong password");
	await post("logout", undefined, { cookie: refreshCookie(answer) });
	await eventually(() => audit().some((line) => line.includes(`what=logout `) && line.includes(`user=${user.id}`)));
	const lines = audit().filter((line) => line.includes(`user=${user.id}`));
	assert.deepEqual(
		lines.map((line) => / what=(\w+) /.exec(line)[1]),
		["register", "login", "login_failed", "logout"],
	);
	for (const line of lines) assert.match(line, / level=info .* request=[\w-]{8,} .* address=(127\.0\.0\.1|::1) /);
	assert.ok(lines[2].includes(`request=${failed.requestId} `));
	assert.match(lines[1], / factors=1$/);
	assert.ok(!lines.some((line) => line.includes(user.username)));
});

test("the log has every request with its user, including refused ones", async () => {
	const user = await User.register();
	const { requestId } = await user.request("DELETE", "/api/me/logins/1");
	const line = await eventually(() =>
		readFileSync(`${VAR}/log/auth.log`, "utf8").split("\n").find((one) => one.includes(" event=request ") && one.includes(`request=${requestId} `)));
	assert.match(line, new RegExp(` method=DELETE path=/api/me/logins/1 status=404 .* user=${user.id}$`));
});
