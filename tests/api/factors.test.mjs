// The second factor: time-based codes, recovery codes, and what they protect.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { createConnection } from "mysql2/promise";
import { User, eventually, newId, request } from "../support/api.mjs";
import { query } from "../support/db.mjs";
import { VAR } from "../support/instance.mjs";
import { base32, codeOf } from "../support/totp.mjs";

const { password } = User;

/** A code that is none of the three valid ones. */
function wrongCode(secret) {
	const good = [-1, 0, 1, 2].map((steps) => codeOf(secret, steps));
	return ["123456", "654321", "111111", "222222", "333333"].find((code) => !good.includes(code));
}

const logIn = (user, more) => request("POST", "/api/auth/login", { body: { username: user.username, password, ...more } });
const post = (user, path, body) => user.request("POST", `/api/me/${path}`, { body });
const state = async (user) => (await user.get("/api/me/factors")).json;
const forgetStep = (user) => query("UPDATE factor SET last_step = 0 WHERE user_id = ?", [user.id]);

/** Waits until the current time step lasts long enough for a test that counts within one step. */
async function roomInStep() {
	const gone = Date.now() % 30_000;
	if (gone > 15_000) await new Promise((resolve) => setTimeout(resolve, 30_050 - gone));
}

/** A user whose second factor is in force. */
async function enrolled() {
	const user = await User.register();
	const { secret, uri } = (await post(user, "totp", { password })).json;
	const answer = await post(user, "totp/confirm", { code: codeOf(secret) });
	assert.equal(answer.status, 200, answer.text);
	await forgetStep(user);
	return { user, secret, uri, codes: answer.json.recoveryCodes };
}

describe("turning it on", () => {
	test("takes the password, and a code of the new secret", async () => {
		const user = await User.register();
		assert.deepEqual(await state(user), { totp: false, recoveryCodes: 0 });
		(await post(user, "totp", {})).problem(400, { field: "password" });
		(await post(user, "totp", { password: "wrong password" })).problem(403, { code: "wrong_password" });
		(await post(user, "totp/confirm", { code: "123456" })).problem(404);
		const answer = await post(user, "totp", { password });
		assert.equal(answer.status, 201, answer.text);
		const { secret, uri } = answer.json;
		assert.match(secret, /^[A-Z2-7]{32}$/);
		const parsed = new URL(uri);
		assert.equal(parsed.protocol, "otpauth:");
		assert.equal(parsed.searchParams.get("secret"), secret);
		assert.equal(parsed.searchParams.get("issuer"), "Lamplight");
		assert.ok(decodeURIComponent(uri).includes(`Lamplight:${user.username}`));

		(await post(user, "totp/confirm", {})).problem(400, { field: "code" });
		(await post(user, "totp/confirm", { code: wrongCode(secret) })).problem(403, { code: "wrong_code" });
		assert.equal((await logIn(user)).status, 200, "it is not in force yet");
		const { recoveryCodes } = (await post(user, "totp/confirm", { code: codeOf(secret) })).json;
		assert.equal(new Set(recoveryCodes).size, 10);
		for (const code of recoveryCodes) assert.match(code, /^([A-Z2-7]{4}-){5}[A-Z2-7]{4}$/);
		assert.deepEqual(await state(user), { totp: true, recoveryCodes: 10 });
		(await post(user, "totp", { password })).problem(409, { code: "totp_on" });
		(await post(user, "totp/confirm", { code: codeOf(secret, 1) })).problem(409, { code: "totp_on" });
	});

	test("asked for twice, the second secret counts", async () => {
		const user = await User.register();
		const [first, second] = [await post(user, "totp", { password }), await post(user, "totp", { password })];
		(await post(user, "totp/confirm", { code: codeOf(first.json.secret) })).problem(403, { code: "wrong_code" });
		assert.equal((await post(user, "totp/confirm", { code: codeOf(second.json.secret) })).status, 200);
	});

	test("neither secret nor codes are in the tables", async () => {
		const { user, secret, codes } = await enrolled();
		const [row] = await query("SELECT HEX(sealed) AS sealed FROM factor WHERE user_id = ?", [user.id]);
		const stored = row.sealed.toLowerCase();
		assert.ok(!stored.includes(base32(secret).toString("hex")));
		assert.ok(!stored.includes(Buffer.from(secret).toString("hex")));
		const rows = await query("SELECT HEX(code_hash) AS hash FROM recovery_code WHERE user_id = ?", [user.id]);
		assert.equal(rows.length, 10);
		for (const { hash } of rows) assert.ok(!codes.some((code) => hash.includes(Buffer.from(code).toString("hex").toUpperCase())));
	});
});

describe("a log-in", () => {
	test("asks for the code only after the right password", async () => {
		const { user, secret } = await enrolled();
		(await logIn(user)).problem(401, { code: "otp_required" });
		(await logIn(user, { code: "" })).problem(401, { code: "otp_required" });
		(await logIn(user, { password: "wrong password" })).problem(401, { code: "bad_credentials" });
		(await logIn(user, { password: "wrong password", code: codeOf(secret) })).problem(401, { code: "bad_credentials" });
		(await logIn(user, { code: wrongCode(secret) })).problem(401, { code: "otp_wrong" });
		(await logIn(user, { code: 123456 })).problem(400, { field: "code" });
		const answer = await logIn(user, { code: codeOf(secret) });
		assert.equal(answer.status, 200, answer.text);
		const log = await eventually(() => {
			const lines = readFileSync(`${VAR}/log/auth.log`, "utf8").split("\n").filter((line) => line.includes(` user=${user.id}`) && line.includes(" event=audit "));
			return lines.some((line) => / what=login .* factors=2$/.test(line)) && lines;
		});
		assert.equal(log.filter((line) => line.includes(" what=code_asked ")).length, 2);
		assert.equal(log.filter((line) => line.includes(" what=code_refused ")).length, 1);
	});

	test("accepts a code once, and no earlier one", async () => {
		const { user, secret } = await enrolled();
		const code = codeOf(secret);
		const answers = await Promise.all(Array.from({ length: 4 }, () => logIn(user, { code })));
		assert.equal(answers.filter((answer) => answer.status === 200).length, 1, "four at once");
		(await logIn(user, { code: codeOf(secret, -1) })).problem(401, { code: "otp_wrong" });
	});

	test("fails without a code if the factor is turned on while it runs", async () => {
		const user = await User.register();
		await post(user, "totp", { password });
		const locker = await createConnection({ socketPath: `${VAR}/run/mysql.sock`, user: "lamplight", database: "lamplight" });
		try {
			// The password is right and no code was needed, so only a transaction is left, and it waits for the user's row.
			await locker.beginTransaction();
			await locker.query("SELECT id FROM user WHERE id = ? FOR UPDATE", [user.id]);
			const waiting = logIn(user);
			await eventually(async () =>
				(await query("SELECT info FROM information_schema.processlist WHERE command = 'Execute'")).some(({ info }) => /FROM user WHERE id = .* FOR UPDATE/.test(info)),
			);
			await locker.query("UPDATE factor SET confirm_time = create_time WHERE user_id = ?", [user.id]);
			await locker.commit();
			(await waiting).problem(401, { code: "otp_required" });
		} finally {
			await locker.end();
		}
		assert.equal((await user.get("/api/me")).status, 200, "who turned it on stays");
	});

	test("takes each recovery code once, however it is written", async () => {
		const { user, codes } = await enrolled();
		assert.equal((await logIn(user, { code: codes[0] })).status, 200);
		(await logIn(user, { code: codes[0] })).problem(401, { code: "otp_wrong" });
		assert.equal((await logIn(user, { code: codes[1].toLowerCase().replaceAll("-", " ") })).status, 200);
		assert.equal((await state(user)).recoveryCodes, 8);
		const other = await enrolled();
		(await logIn(other.user, { code: codes[2] })).problem(401, { code: "otp_wrong" });
	});

	test("takes a recovery code once, also from several at the same moment", async () => {
		const { user, codes } = await enrolled();
		const answers = await Promise.all(Array.from({ length: 4 }, () => logIn(user, { code: codes[5] })));
		assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 401, 401, 401]);
		for (const answer of answers) if (answer.status === 401) answer.problem(401, { code: "otp_wrong" });
		assert.equal((await state(user)).recoveryCodes, 9);
		const [off, ...more] = await Promise.all([
			user.request("DELETE", "/api/me/totp", { body: { password, code: codes[6] } }),
			...Array.from({ length: 2 }, () => logIn(user, { code: codes[6] })),
		]);
		// A log-in after the factor's end needs no code; one before it has used the code up.
		if (off.status === 204) assert.deepEqual(await state(user), { totp: false, recoveryCodes: 0 });
		else {
			off.problem(403, { code: "wrong_code" });
			assert.deepEqual(more.map(({ status }) => status).sort(), [200, 401]);
		}
	});

	test("accepts codes of a clock that is one step off, but no more", async () => {
		await roomInStep();
		const { user, secret } = await enrolled();
		for (const steps of [-2, 2]) (await logIn(user, { code: codeOf(secret, steps) })).problem(401, { code: "otp_wrong" });
		for (const steps of [-1, 0, 1]) {
			const answer = await logIn(user, { code: codeOf(secret, steps) });
			assert.equal(answer.status, 200, `${steps}: ${answer.text}`);
		}
		for (const steps of [-1, 0, 1]) (await logIn(user, { code: codeOf(secret, steps) })).problem(401, { code: "otp_wrong" });
	});

	test("wrong codes are counted, apart from wrong passwords", async () => {
		const { user, secret } = await enrolled();
		for (let i = 0; i < 5; i++) (await logIn(user, { code: wrongCode(secret) })).problem(401, { code: "otp_wrong" });
		(await logIn(user, { code: codeOf(secret) })).problem(429);
		(await logIn(user, { code: "AAAA-AAAA-AAAA-AAAA" })).problem(429);
		(await logIn(user, { password: "wrong password" })).problem(401, { code: "bad_credentials" });
		assert.equal((await user.get("/api/me")).status, 200);
	});

	for (const [what, wrongOf] of Object.entries({ "of six digits": wrongCode, "for recovery": () => "AAAA-AAAA-AAAA-AAAA-AAAA-AAAA" }))
	test(`twenty at once ${what} are no more tries than one after the other`, async () => {
		const { user, secret } = await enrolled();
		const wrong = wrongOf(secret);
		const answers = await Promise.all(Array.from({ length: 20 }, () => post(user, "logout-all", { code: wrong })));
		const tried = answers.filter(({ status }) => status === 403).length;
		assert.ok(tried <= 5, `${tried} were looked at`);
		assert.ok(answers.every(({ status }) => [403, 429].includes(status)), answers.map(({ status }) => status).join());
	});
});

describe("turning it off", () => {
	test("takes the password and a code", async () => {
		const { user, secret } = await enrolled();
		const off = (body) => user.request("DELETE", "/api/me/totp", { body });
		(await off({ password })).problem(400, { field: "code" });
		(await off({ code: codeOf(secret) })).problem(400, { field: "password" });
		(await off({ password: "wrong password", code: codeOf(secret) })).problem(403, { code: "wrong_password" });
		(await off({ password, code: wrongCode(secret) })).problem(403, { code: "wrong_code" });
		const used = codeOf(secret);
		assert.equal((await logIn(user, { code: used })).status, 200);
		(await off({ password, code: used })).problem(403, { code: "wrong_code" });
		assert.equal((await state(user)).totp, true);
		await forgetStep(user);
		assert.equal((await off({ password, code: codeOf(secret) })).status, 204);
		assert.deepEqual(await state(user), { totp: false, recoveryCodes: 0 });
		assert.equal((await logIn(user)).status, 200);
		(await off({ password, code: codeOf(secret) })).problem(409, { code: "totp_off" });
	});

	test("accepts a recovery code; deleting the account removes the factor", async () => {
		const { user, codes } = await enrolled();
		assert.equal((await user.request("DELETE", "/api/me/totp", { body: { password, code: codes[3] } })).status, 204);
		const another = await enrolled();
		assert.equal((await another.user.request("DELETE", "/api/me", { body: { password, code: another.codes[0] } })).status, 204);
		for (const table of ["factor", "recovery_code"])
			assert.deepEqual(await query(`SELECT 1 FROM ${table} WHERE user_id = ?`, [another.user.id]), []);
	});
});

describe("what changes the account takes a code, too", () => {
	const NEW = "another horse battery";
	/** What `user`, who has a second factor, can change; the last two end the login that asks. */
	const CHANGES = {
		"new recovery codes": (user, code) => post(user, "recovery-codes", { password, code }),
		"the end of another login": async (user, code) => {
			const [other] = (await user.get("/api/me/logins")).json.filter((login) => !login.current);
			return user.request("DELETE", `/api/me/logins/${other.id}`, { body: { code } });
		},
		"another password": (user, code) => post(user, "password", { password, newPassword: NEW, code }),
		"the end of all logins": (user, code) => post(user, "logout-all", { code }),
		"the end of the account": (user, code) => user.request("DELETE", "/api/me", { body: { password, code } }),
	};
	for (const [what, change] of Object.entries(CHANGES))
		test(what, async () => {
			const { user, secret, codes } = await enrolled();
			assert.equal((await logIn(user, { code: codes[0] })).status, 200);
			const used = codeOf(secret);
			assert.equal((await logIn(user, { code: used })).status, 200);
			if (what === "new recovery codes") (await change(user)).problem(400, { field: "code" });
			else (await change(user)).problem(403, { code: "code_required" });
			(await change(user, wrongCode(secret))).problem(403, { code: "wrong_code" });
			(await change(user, used)).problem(403, { code: "wrong_code" });
			(await change(user, codes[0])).problem(403, { code: "wrong_code" });
			assert.equal((await user.get("/api/me")).status, 200, "a wrong code ends no login");
			assert.equal((await user.get("/api/me/logins")).json.length, 3, "and nothing else");
			const answer = await change(user, codes[1]);
			assert.ok([200, 204].includes(answer.status), answer.text);
			(await logIn(user, { code: codes[1], password: what === "another password" ? NEW : password })).problem(401);
		});

	test("four times at once with one code: once", async () => {
		const { user, secret, codes } = await enrolled();
		for (const code of codes.slice(0, 4)) assert.equal((await logIn(user, { code })).status, 200);
		const others = (await user.get("/api/me/logins")).json.filter((login) => !login.current);
		const code = codeOf(secret);
		const answers = await Promise.all(others.map(({ id }) => user.request("DELETE", `/api/me/logins/${id}`, { body: { code } })));
		// Requests that are counted before the first one succeeds may exceed the limit of wrong codes.
		assert.deepEqual(answers.map(({ status }) => (status === 429 ? 403 : status)).sort(), [204, 403, 403, 403]);
		assert.equal((await user.get("/api/me/logins")).json.length, 4);
	});

	test("ending an unknown login uses up no code, and ending the current one needs none", async () => {
		const { user, secret, codes } = await enrolled();
		for (let i = 0; i < 6; i++) (await user.request("DELETE", "/api/me/logins/1", { body: { code: codes[0] } })).problem(404);
		assert.equal((await state(user)).recoveryCodes, 10);
		const code = codeOf(secret);
		(await user.request("DELETE", "/api/me/logins/1", { body: { code } })).problem(404);
		assert.equal((await post(user, "recovery-codes", { password, code })).status, 200);
		const [own] = (await user.get("/api/me/logins")).json;
		assert.equal((await user.request("DELETE", `/api/me/logins/${own.id}`)).status, 204);
		(await user.get("/api/me")).problem(401);
	});

	test("wrong codes count together with those of logins", async () => {
		const { user, secret, codes } = await enrolled();
		for (let i = 0; i < 5; i++) (await post(user, "logout-all", { code: wrongCode(secret) })).problem(403, { code: "wrong_code" });
		(await post(user, "logout-all", { code: codes[0] })).problem(429);
		assert.equal((await user.get("/api/me")).status, 200);
	});
});

test("new recovery codes replace those of before", async () => {
	const { user, secret, codes } = await enrolled();
	const renew = (body) => post(user, "recovery-codes", body);
	(await renew({ password, code: wrongCode(secret) })).problem(403, { code: "wrong_code" });
	const answer = await renew({ password, code: codeOf(secret) });
	assert.equal(answer.status, 200, answer.text);
	(await logIn(user, { code: codes[0] })).problem(401, { code: "otp_wrong" });
	assert.equal((await logIn(user, { code: answer.json.recoveryCodes[0] })).status, 200);
});

test("every route needs a login, and another user's code is wrong", async () => {
	for (const [method, path] of [["GET", "factors"], ["POST", "totp"], ["POST", "totp/confirm"], ["DELETE", "totp"], ["POST", "recovery-codes"]])
		(await request(method, `/api/me/${path}`, { body: method === "GET" ? undefined : "{" })).problem(401);
	const { secret } = await enrolled();
	const other = await enrolled();
	(await logIn(other.user, { code: codeOf(secret) })).problem(401, { code: "otp_wrong" });
	assert.ok(newId());
});
