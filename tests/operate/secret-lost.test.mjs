// An installation that moved without its secret file: everybody who looks learns of it, a second factor causes no internal
// error, and the file's return repairs everything.

import assert from "node:assert/strict";
import { existsSync, readFileSync, renameSync, rmSync } from "node:fs";
import { after, before, test } from "node:test";
import { createConnection } from "mysql2/promise";
import { assertFound, doctorWith } from "../support/doctor.mjs";
import { lamplightAt, up } from "../support/instance.mjs";
import { startModel } from "../support/upstream.mjs";
import { codeOf } from "../support/totp.mjs";

const timeout = 120_000;
let instance, model, secretFile, doctor, User, request, eventually;

before(async () => {
	model = await startModel();
	instance = await up({ more: { LAMPLIGHT_LLM_BASE_URL: model.baseUrl } });
	Object.assign(process.env, instance.env, { LAMPLIGHT_LLM_BASE_URL: model.baseUrl });
	secretFile = `${instance.env.LAMPLIGHT_VAR}/secret`;
	({ User, request, eventually } = await import("../support/api.mjs"));
	doctor = doctorWith(() => ({ LAMPLIGHT_LLM_BASE_URL: model.baseUrl }), instance.env.LAMPLIGHT_VAR);
});
after(async () => {
	await instance?.down();
	instance?.remove();
	await model?.close();
});

async function query(sql) {
	const db = await createConnection({ socketPath: `${instance.env.LAMPLIGHT_VAR}/run/mysql.sock`, user: "root", database: "lamplight" });
	try {
		await db.query(sql);
	} finally {
		await db.end();
	}
}

const says = (...words) => {
	try {
		return { status: 0, said: lamplightAt(instance.env.LAMPLIGHT_VAR, ...words) };
	} catch ({ status, stdout, stderr }) {
		return { status, said: `${stdout}${stderr}` };
	}
};
const SENTENCE = /auth\.secret_file\) is not the one that second factors and the providers' keys were sealed with/;
let user, secret, recoveryCodes;
const logIn = (code) => request("POST", "/api/auth/login", { body: { username: user.username, password: User.password, code } });

test("the secret file is lost in a move: doctor, check and the health of the service say so", { timeout }, async () => {
	user = await User.register();
	({ secret } = (await user.request("POST", "/api/me/totp", { body: { password: User.password } })).json);
	({ recoveryCodes } = (await user.request("POST", "/api/me/totp/confirm", { body: { code: codeOf(secret) } })).json);
	await query("UPDATE factor SET last_step = 0");
	assert.equal((await doctor()).bad.filter(({ code }) => /^secret|^factor/.test(code)).length, 0);

	renameSync(secretFile, `${secretFile}.lost`);
	assertFound(await doctor(), "secret_missing", "error");
	await assert.rejects(instance.reload(), "nothing is replaced where the check fails");
	// As when a machine starts.
	process.kill(Number(readFileSync(`${instance.env.LAMPLIGHT_VAR}/run/auth.pid`, "utf8")), "SIGTERM");
	await eventually(() => existsSync(secretFile), 30);
	assertFound(await doctor(), "secret_wrong", "error");
	const check = says("check");
	assert.equal(check.status, 1);
	assert.match(check.said, SENTENCE);
	await eventually(async () => (await request("GET", "/api/health/ready?full")).status === 503, 30);
	assert.match((await request("GET", "/api/health/ready?full")).problem(503).detail, SENTENCE);
});

test("a user with a second factor is told what to do, and a recovery code works", { timeout }, async () => {
	const refused = (await logIn(codeOf(secret))).problem(503, { code: "factor_unusable" });
	assert.match(refused.detail, /recovery code/);
	assert.equal((await logIn(recoveryCodes[0])).status, 200);
});

test("nothing more is sealed with the wrong one", { timeout }, async () => {
	const other = await User.register();
	(await other.request("POST", "/api/me/totp", { body: { password: User.password } })).problem(503, { code: "factor_refused" });
});

test("an installation of before, which has no mark of its secret file yet, is known by its second factors", { timeout }, async () => {
	await query("UPDATE settings_epoch SET key_check = NULL");
	assertFound(await doctor(), "secret_wrong", "error");
	assert.match(says("check").said, SENTENCE);
});

test("the file is put back, and codes are good again", { timeout }, async () => {
	renameSync(secretFile, `${secretFile}.new`);
	renameSync(`${secretFile}.lost`, secretFile);
	await eventually(async () => (await logIn(codeOf(secret))).status === 200, 30);
	const { status, said } = says("check");
	assert.equal(status, 0, said);
	// Programs look at the file once a second.
	await eventually(async () => (await doctor()).bad.every(({ code }) => !/^secret|^factor/.test(code)), 30);
});

test("after accepting the loss, the affected users are named", { timeout }, async () => {
	rmSync(secretFile);
	renameSync(`${secretFile}.new`, secretFile);
	const { status, said } = says("secret", "accept");
	assert.equal(status, 0, said);
	assertFound(await doctor(), "factor_lost", "warning", /cannot decrypt: 1\.$/);
	assert.match(says("check").said, new RegExp(`lamplight user no-factor ${user.username}`));
	assert.equal(says("user", "no-factor", user.username).status, 0);
	assert.equal((await doctor()).bad.filter(({ code }) => /^secret_wrong|^factor/.test(code)).length, 0);
});
