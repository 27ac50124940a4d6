// Guessing passwords is slowed down. Kept apart from the other tests: all of them come from one address.

import assert from "node:assert/strict";
import { test } from "node:test";
import { User, request } from "../support/api.mjs";

test("wrong passwords for one account end in 429, its running logins stay", { timeout: 60_000 }, async () => {
	const user = await User.register();
	const login = (password, username = user.username) => request("POST", "/api/auth/login", { body: { username, password } });
	const statuses = [];
	let last;
	while (statuses.length < 101 && last?.status !== 429) {
		last = await login(`wrong ${statuses.length}`);
		statuses.push(last.status);
	}
	last.problem(429);
	assert.ok(statuses.length > 3, "a few slips are forgiven");
	assert.deepEqual(new Set(statuses.slice(0, -1)), new Set([401]));
	(await login(User.password)).problem(429);
	assert.equal((await user.get("/api/me")).status, 200);
});
