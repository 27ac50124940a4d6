// Pinned and archived sessions, and the lists that contain them.

import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { User } from "../support/api.mjs";
import { query } from "../support/db.mjs";

const ids = (sessions) => sessions.map((session) => session.id);
const patch = (user, id, body) => user.request("PATCH", `/api/ai/sessions/${id}`, { body });

async function changed(user, id, body) {
	const answer = await patch(user, id, body);
	assert.equal(answer.status, 200, answer.text);
	return answer.json;
}

test("a new session is neither pinned nor archived; each changes separately", async () => {
	const user = await User.register();
	const { sessionId } = await user.say("hello");
	const [first] = await user.sessions();
	assert.deepEqual([first.pinned, first.archived], [false, false]);
	const none = { model: null, options: null, assistant: null }; // lists do not have these
	for (const body of [{ pinned: true }, { pinned: true }, { archived: true }, { pinned: false }, { archived: false, pinned: true }]) {
		const [before] = [...(await user.sessions()), ...(await user.sessions("?archived=true"))];
		assert.deepEqual(await changed(user, sessionId, body), { ...before, ...none, ...body });
		assert.deepEqual((await user.get(`/api/ai/sessions/${sessionId}`)).json, { ...before, ...none, ...body });
	}
	const all = await changed(user, sessionId, { title: "new", pinned: false, archived: true });
	assert.deepEqual(all, { ...first, ...none, title: "new", pinned: false, archived: true });
});

test("one invalid member prevents all changes", async () => {
	const user = await User.register();
	const { sessionId } = await user.say("stays");
	const [before] = await user.sessions();
	for (const [field, body] of [
		["pinned", { title: "x", archived: true, pinned: 1 }],
		["pinned", { pinned: null }],
		["pinned", { pinned: "true" }],
		["archived", { pinned: true, archived: "false" }],
		["archived", { pinned: true, archived: [] }],
		["title", { pinned: true, title: "" }],
		["title", {}],
		["title", { something: 1 }],
		["leafId", { pinned: true, leafId: 5 }],
		["leafId", { leafId: null }],
		["leafId", { leafId: "" }],
		["leafId", { leafId: "0" }],
		["leafId", { leafId: "01" }],
		["leafId", { leafId: "18446744073709551617" }],
	])
		(await patch(user, sessionId, body)).problem(400, { field });
	(await patch(user, sessionId, { title: "x", pinned: true, archived: true, leafId: "4611686018427387904" })).problem(404);
	assert.deepEqual(await user.sessions(), [before]);
});

describe("the lists", { timeout: 60_000 }, () => {
	let user;
	const of = { all: [], archived: [], pinned: [], plain: [], archivedPinned: [] };

	before(async () => {
		user = await User.register();
		for (let i = 0; i < 18; i++) {
			const { sessionId } = await user.say(`number ${i}`);
			const session = { archived: i % 3 === 0, pinned: i % 2 === 0 };
			await changed(user, sessionId, session);
			if (!session.archived) of.all.unshift(sessionId);
			if (!session.archived && session.pinned) of.pinned.unshift(sessionId);
			if (!session.archived && !session.pinned) of.plain.unshift(sessionId);
			if (session.archived) of.archived.unshift(sessionId);
			if (session.archived && session.pinned) of.archivedPinned.unshift(sessionId);
		}
	});

	const LISTS = {
		all: ["", "archived=false"],
		archived: ["archived=true"],
		pinned: ["pinned=true", "archived=false&pinned=true"],
		plain: ["pinned=false"],
		archivedPinned: ["pinned=true&archived=true"],
	};
	for (const [name, queries] of Object.entries(LISTS))
		for (const filter of queries)
			test(`the list with ?${filter} has its chats on pages of every size, latest first`, async () => {
				for (const limit of [1, 2, 5, 100]) {
					const found = [];
					for (let path = `/api/ai/sessions?${filter}&limit=${limit}`; path; ) {
						const answer = await user.get(path);
						assert.equal(answer.status, 200, answer.text);
						assert.ok(answer.json.length <= limit);
						found.push(...ids(answer.json));
						path = answer.link("next");
					}
					assert.deepEqual(found, of[name]);
				}
			});

	test("a page is one range of a key", async () => {
		for (const [key, pins] of [["session_list", ""], ["session_pinned", "AND pinned = 1"]]) {
			const [plan] = await query(
				`EXPLAIN FORMAT = TRADITIONAL SELECT id FROM session FORCE INDEX (${key}) WHERE user_id = ? AND archived = 0 ${pins} AND update_time <= '2100-01-01'` +
					" ORDER BY update_time DESC, id DESC LIMIT 5",
				[user.id],
			);
			assert.equal(plan.key, key);
			assert.equal(plan.type, "range");
			assert.doesNotMatch(plan.Extra ?? "", /filesort/i);
		}
	});

	for (const filter of ["archived=1", "archived=", "pinned=yes", "pinned=TRUE", "pinned=true%00"])
		test(`a list with ?${filter} is refused`, async () => {
			(await user.get(`/api/ai/sessions?${filter}`)).problem(400, { field: filter.split("=")[0] });
		});
});
