// Pinned and archived sessions, each list in pages of its own.

import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { User } from "../support/api.mjs";

const ids = (sessions) => sessions.map((session) => session.id);
const patch = (user, id, body) => user.request("PATCH", `/api/ai/sessions/${id}`, { body });

async function all(user, query) {
	const found = [];
	for (let path = `/api/ai/sessions?limit=2&${query}`; path; ) {
		const answer = await user.get(path);
		assert.equal(answer.status, 200, answer.text);
		found.push(...answer.json);
		path = answer.link("next");
	}
	return ids(found);
}

describe("pinned and archived", () => {
	let user, made;

	before(async () => {
		user = await User.register();
		made = [];
		for (let n = 0; n < 9; n++) made.unshift((await user.say(`n${n}`)).sessionId);
		for (const id of [made[1], made[4], made[7]]) assert.equal((await patch(user, id, { pinned: true })).status, 200);
		for (const id of [made[2], made[4], made[8]]) assert.equal((await patch(user, id, { archived: true })).status, 200);
	});

	const LISTS = {
		"": [0, 1, 3, 5, 6, 7],
		"pinned=true": [1, 7],
		"pinned=false": [0, 3, 5, 6],
		"archived=true": [2, 4, 8],
		"archived=false": [0, 1, 3, 5, 6, 7],
		"archived=true&pinned=true": [4],
		"archived=true&pinned=false": [2, 8],
		"nothing=known": [0, 1, 3, 5, 6, 7],
	};
	for (const [query, expected] of Object.entries(LISTS))
		test(`?${query}`, async () => {
			assert.deepEqual(await all(user, query), expected.map((n) => made[n]));
		});

	for (const query of ["pinned=1", "pinned=", "archived=yes", "archived=TRUE"])
		test(`?${query} is refused`, async () => {
			(await user.get(`/api/ai/sessions?${query}`)).problem(400, { field: query.split("=")[0] });
		});
});

test("a pin keeps the place and the time, and can be taken back", async () => {
	const user = await User.register();
	const { sessionId } = await user.say("one");
	await user.say("two");
	const before = await user.sessions();
	const answer = await patch(user, sessionId, { pinned: true, archived: false, title: "eins" });
	assert.deepEqual(answer.json, { ...before[1], pinned: true, title: "eins" });
	assert.deepEqual(ids(await user.sessions()), ids(before));
	assert.equal((await patch(user, sessionId, { pinned: false })).json.pinned, false);
});

test("all members of a change or none", async () => {
	const user = await User.register();
	const { sessionId } = await user.say("as it was");
	const [before] = await user.sessions();
	for (const [body, field] of [
		[{ title: "new", pinned: 1 }, "pinned"],
		[{ title: "", pinned: true }, "title"],
		[{ pinned: true, archived: "no" }, "archived"],
		[{ pinned: null }, "pinned"],
		[{ title: "new", leafId: 5 }, "leafId"],
		[{ title: "new", leafId: "x" }, "leafId"],
	])
		(await patch(user, sessionId, body)).problem(400, { field });
	(await patch(user, sessionId, {})).problem(400);
	(await patch(user, sessionId, { title: "new", leafId: "1" })).problem(404);
	assert.deepEqual((await user.sessions())[0], before);
});
