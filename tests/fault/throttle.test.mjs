// Guessing passwords is slowed down. Separate from the other tests, because all of them use one address.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { User, eventually, request } from "../support/api.mjs";
import { VAR } from "../support/instance.mjs";

test("wrong passwords for one account end in 429, its running logins stay", { timeout: 60_000 }, async () => {
	const user = await User.register();
	const statuses = [];
	// An attacker may claim a different address for each guess.
	const from = () => ({ "x-forwarded-for": `10.0.0.${statuses.length}`, "x-real-ip": `10.1.0.${statuses.length}` });
	const login = (password) =>
		request("POST", "/api/auth/login", { body: { username: user.username, password }, headers: from() });
	let last, before;
	while (statuses.length < 101 && last?.status !== 429) {
		before = last;
		last = await login(`wrong ${statuses.length}`);
		statuses.push(last.status);
	}
	last.problem(429);
	const log = () => readFileSync(`${VAR}/log/auth.log`, "utf8").split("\n");
	await eventually(() => log().some((line) => line.includes(`request=${before.requestId} event=audit what=locked_out `)));
	assert.ok(statuses.length > 3, "a few slips are forgiven");
	assert.deepEqual(new Set(statuses.slice(0, -1)), new Set([401]));
	(await login(User.password)).problem(429);
	assert.equal((await user.get("/api/me")).status, 200);
});
