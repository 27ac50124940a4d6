// What exists once in a site, on a separate instance: the last administrator, and the secret file whose keys seal secrets.

import assert from "node:assert/strict";
import fs from "node:fs";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { createConnection } from "mysql2/promise";
import { User, newId, request } from "../support/api.mjs";
import { lamplightAt, up } from "../support/instance.mjs";

let instance, base, db;

before(async () => {
	instance = await up({ server: process.env.LAMPLIGHT_SERVER ?? "nginx", more: { LAMPLIGHT_AUTH_REGISTER: "on" } });
	base = instance.env.LAMPLIGHT_URL;
	db = await createConnection({ socketPath: `${instance.env.LAMPLIGHT_VAR}/run/mysql.sock`, user: "lamplight", database: "lamplight" });
});
after(async () => {
	await db?.end();
	await instance?.down();
	if (!process.env.KEEP) instance?.remove();
});

async function register() {
	const answer = await request("POST", "/api/auth/register", { base, body: { username: `u-${newId()}`, password: User.password } });
	assert.equal(answer.status, 201, answer.text);
	return Object.assign(new User(answer.json), { base });
}
const make = (user, role) => db.query("UPDATE user SET role = ? WHERE id = ?", [role, user.id]);
const patch = (who, whom, body) => who.request("PATCH", `/api/admin/users/${whom.id}`, { body });

test("the last administrator cannot be demoted, disabled or deleted", { timeout: 120_000 }, async () => {
	const [ann, bob] = [await register(), await register()];
	await make(ann, "admin");
	(await patch(ann, ann, { role: "user" })).problem(409, { code: "last_admin" });
	(await patch(ann, ann, { disabled: true })).problem(409, { code: "last_admin" });
	// Two administrators take the role from each other at the same moment: the second waits, and is refused.
	for (let n = 0; n < 10; n++) {
		await make(ann, "admin");
		await make(bob, "admin");
		const answers = await Promise.all([patch(ann, bob, { role: "user" }), patch(bob, ann, { role: "user" })]);
		const [[{ n: left }]] = await db.query("SELECT COUNT(*) AS n FROM user WHERE role = 'admin'");
		assert.equal(left, 1, answers.map((answer) => answer.text).join());
	}
	await make(ann, "user");
	await make(bob, "admin");
	// A disabled user does not count as a remaining administrator.
	await make(ann, "admin");
	assert.equal((await patch(bob, ann, { disabled: true })).status, 200);
	(await patch(bob, bob, { role: "user" })).problem(409, { code: "last_admin" });
	const remove = () => bob.request("DELETE", "/api/me", { body: { password: User.password } });
	(await remove()).problem(409, { code: "last_admin" });
	assert.equal((await bob.get("/api/me")).status, 200, "and is still logged in");
	assert.equal((await patch(bob, ann, { disabled: false })).status, 200);
	assert.equal((await remove()).status, 204);
});

// Running programs keep the key that they have read, but none could start now.
test("an unusable secret file is reported while the programs run", { timeout: 120_000 }, async () => {
	const user = await register();
	const ready = () => request("GET", "/api/health/ready?full", { base });
	const file = `${instance.env.LAMPLIGHT_VAR}/secret`;
	const away = `${file}.away`;
	const put = (text, mode = 0o600) => {
		fs.rmSync(file, { force: true });
		fs.writeFileSync(file, text, { mode });
	};
	const says = async (sentence) => {
		await sleep(1_100); // a program looks at the file once a second
		assert.match((await ready()).problem(503).detail, sentence);
		assert.equal((await user.get("/api/me")).status, 200);
	};
	assert.equal((await ready()).status, 200);
	fs.renameSync(file, away);
	await says(/The secret file \(auth\.secret_file\) cannot be used: it is gone; put it back before a program starts\./);
	put("too short");
	await says(/The secret file \(auth\.secret_file\) cannot be used: it is shorter than 32 bytes\./);
	put("");
	await says(/it is shorter than 32 bytes/);
	put("x".repeat(40), 0o644);
	await says(/others may read it; run chmod 600 on it/);
	fs.chmodSync(away, 0o644);
	fs.renameSync(away, file);
	await says(/others may read it/);
	fs.chmodSync(file, 0o600);
	await sleep(1_100);
	assert.equal((await ready()).status, 200);
	assert.equal((await user.get("/api/me")).status, 200);
});

test("a wrong secret file gets one sentence, and nothing is encrypted with it", { timeout: 120_000 }, async () => {
	const admin = await register();
	await make(admin, "admin");
	const post = (name, key) => admin.request("POST", "/api/admin/providers", { body: { name, kind: "gemini", key } });
	const { id } = (await post("First", "sk-0123456789-first")).json;
	const ready = () => request("GET", "/api/health/ready?full", { base });
	assert.equal((await ready()).json.programs.admin, "ok");

	await db.query("UPDATE settings_epoch SET key_check = CONCAT(LEFT(key_check, 60), 'xxxxxxx')");
	await db.query("UPDATE provider SET key_sealed = CONCAT(LEFT(key_sealed, 60), 'xxxxxxx')");
	const sentence = /auth\.secret_file\) is not the one that second factors and the providers' keys were sealed with/;
	assert.match((await ready()).problem(503).detail, sentence);
	assert.match((await post("Second", "sk-0123456789-second")).problem(409, { code: "sealed" }).detail, sentence);
	const { providers } = (await admin.get("/api/admin/providers")).json;
	assert.deepEqual(providers.map(({ name, problem }) => [name, problem]).at(-1), ["First", "sealed"]);
	const change = (body) => admin.request("PATCH", `/api/admin/providers/${id}`, { body: { version: 1, ...body } });
	// Settings that are not secret can change; the key waits for its file.
	const off = await change({ enabled: false });
	assert.deepEqual([off.status, off.json.enabled, off.json.problem], [200, false, "sealed"]);
	for (const body of [{ baseUrl: "http://127.0.0.1:9/" }, { key: "sk-0123456789-third" }, { headers: { a: "b" } }]) (await change({ ...body, version: 2 })).problem(409, { code: "sealed" });
	assert.deepEqual((await db.query("SELECT key_sealed FROM provider WHERE id = ?", [id]))[0].length, 1);
	// Everything else still works.
	assert.equal((await admin.get("/api/ai/sessions")).status, 200);
	assert.equal((await admin.request("POST", "/api/admin/providers", { body: { name: "No key", kind: "gemini" } })).status, 201);
});

test("after the loss of the secret file was accepted, lost keys and headers can be entered again", { timeout: 120_000 }, async () => {
	const admin = await register();
	await make(admin, "admin");
	lamplightAt(instance.env.LAMPLIGHT_VAR, "secret", "accept");
	const { id } = (await admin.request("POST", "/api/admin/providers", { body: { name: "With headers", kind: "gemini", key: "sk-0123456789-abcd", headers: { "x-a": "1" } } })).json;
	await db.query("UPDATE provider SET key_sealed = CONCAT(LEFT(key_sealed, 60), 'xxxxxxx') WHERE id = ?", [id]);
	let version = 1;
	const change = (body) => admin.request("PATCH", `/api/admin/providers/${id}`, { body: { version, ...body } });
	const problem = async () => (await admin.get("/api/admin/providers")).json.providers.find((each) => each.id === id).problem;
	assert.equal(await problem(), "lost");
	assert.match((await admin.get(`/api/admin/providers/${id}/offers`)).problem(409, { code: "key_lost" }).detail, /cannot be opened any more/);
	for (const body of [{ key: "sk-0123456789-efgh" }, { headers: { "x-a": "2" } }, { baseUrl: "http://127.0.0.1:9/" }]) (await change(body)).problem(409, { code: "key_lost" });
	assert.equal((await change({ name: "Renamed" })).json.problem, "lost");
	version++;
	const again = await change({ key: "sk-0123456789-efgh", headers: { "x-a": "2" } });
	assert.deepEqual([again.status, again.json.problem, again.json.headers], [200, null, { "x-a": "..." }]);
});
