// A flood of registrations from one network. Here everybody is in that network, so nothing else runs at the same time.

import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { User, newId, refreshCookie, request } from "../support/api.mjs";

const post = (path, body, headers) => request("POST", `/api/auth/${path}`, { body, headers });

test("a flood of registrations is bounded, and holds up nobody's refresh", { timeout: 120_000 }, async () => {
	const user = await User.register();
	const flood = Array.from({ length: 160 }, () => post("register", { username: `flood-${newId()}`, password: User.password }));
	let done = false;
	const all = Promise.all(flood).finally(() => (done = true));
	let refreshed = 0;
	for (; !done; await sleep(20)) {
		const answer = await post("refresh", undefined, { cookie: user.cookie });
		assert.equal(answer.status, 200, answer.text);
		user.cookie = refreshCookie(answer);
		refreshed++;
	}
	const statuses = (await all).map((answer) => answer.status);
	assert.ok(statuses.includes(201));
	assert.ok(statuses.includes(429), "one network's part of the queue is bounded");
	for (const answer of await all) if (answer.status !== 201) answer.problem(429);
	// If they had to wait for the flood's hashes, only one or two would have been answered meanwhile.
	assert.ok(refreshed > 5, `${refreshed} refreshed meanwhile`);
});
