// Invitations under attack: each opens one account, however many requests use it at the same moment, and nothing else opens one.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { User, newId, request } from "../support/api.mjs";
import { lamplightAt, up } from "../support/instance.mjs";

let instance;

before(async () => {
	instance = await up({ more: { LAMPLIGHT_AUTH_REGISTER: "invite", LAMPLIGHT_LIMITS_REGISTER: "off", LAMPLIGHT_LIMITS_LOGIN: "off" } });
});

after(async () => {
	await instance?.down();
	if (!process.env.KEEP) instance?.remove();
});

const invite = () => /Code: (\S+)/.exec(lamplightAt(instance.env.LAMPLIGHT_VAR, "user", "invite"))[1];
const register = (body) =>
	request("POST", "/api/auth/register", { base: instance.env.LAMPLIGHT_URL, body: { username: `u-${newId()}`, password: User.password, ...body } });

test("one code, twelve at the same moment: one account", { timeout: 60_000 }, async () => {
	const code = invite();
	const answers = await Promise.all(Array.from({ length: 12 }, () => register({ invite: code })));
	const statuses = answers.map(({ status }) => status).sort();
	assert.equal(statuses.filter((status) => status === 201).length, 1, statuses.join());
	for (const { status, json } of answers) if (status !== 201) assert.ok((status === 403 && json.code === "invite_invalid") || status === 503, `${status} ${json?.code}`);
	assert.equal((await register({ invite: code })).json.code, "invite_invalid");
});

test("a name that is taken, or a password that is refused, does not use a code up", async () => {
	const username = `u-${newId()}`;
	assert.equal((await register({ username, invite: invite() })).status, 201);
	const code = invite();
	assert.equal((await register({ username, invite: code })).status, 409);
	assert.equal((await register({ password: "x", invite: code })).status, 400);
	assert.equal((await register({ invite: code })).status, 201);
});

test("anything that is not a code of an invitation is refused", async () => {
	const code = invite();
	const odd = [code.slice(1), `${code} `, code.toUpperCase() === code ? code.toLowerCase() : code.toUpperCase(), `${code}\u0000`, "", "x".repeat(100_000), "%", "' OR 1=1 -- "];
	for (const one of odd) assert.ok([400, 403, 413].includes((await register({ invite: one })).status), JSON.stringify(one.slice(0, 40)));
	for (const one of [null, 1, true, [code], { code }]) assert.ok([400, 403].includes((await register({ invite: one })).status), JSON.stringify(one));
	assert.equal((await register({})).json.code, "invite_required");
	assert.equal((await register({ invite: code })).status, 201, "and the code is as good as before");
});
