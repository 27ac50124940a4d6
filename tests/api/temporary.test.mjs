// Temporary chats can do everything that a chat can, but no list and no search has them until the user keeps them.

import assert from "node:assert/strict";
import { before, test } from "node:test";
import { User, eventually, newId, request } from "../support/api.mjs";
import { messagesOf } from "../support/db.mjs";

let user;
before(async () => (user = await User.register()));

const list = async (query = "") => (await user.get(`/api/ai/sessions${query}`)).json.map(({ id }) => id);
const session = async (id) => (await user.get(`/api/ai/sessions/${id}`)).json;
const found = async (q) => (await user.request("POST", "/api/ai/search", { body: { q } })).json.map(({ sessionId }) => sessionId);

test("continues like any other chat and is in no list", { timeout: 60_000 }, async () => {
	const first = await user.say("about the secret platypus", { temporary: true });
	const id = first.sessionId;
	assert.equal((await session(id)).temporary, true);
	assert.equal((await session(id)).archived, false);
	const open = await user.say("an open chat about a platypus");
	// A later message cannot change that, and cannot make another chat temporary.
	await user.say("and what more", { sessionId: id });
	await user.say("and this", { sessionId: id, temporary: false });
	await user.say("nor this", { sessionId: open.sessionId, temporary: true });
	assert.equal((await messagesOf(id)).length, 6);
	assert.equal((await session(id)).temporary, true);
	assert.equal((await session(open.sessionId)).temporary, undefined);
	assert.deepEqual(await list(), [open.sessionId]);
	assert.deepEqual(await list("?archived=true"), []);
	await eventually(async () => (await found("platypus")).length > 0);
	assert.deepEqual([...new Set(await found("platypus"))], [open.sessionId]);
	const lines = (await user.get("/api/ai/sessions/export")).text;
	assert.ok(lines.includes("secret platypus"), "what is stored is in what one takes along");
	assert.equal((await user.request("DELETE", `/api/ai/sessions/${id}`)).status, 204);
});

test("whoever keeps it has it in the list and in the search", { timeout: 60_000 }, async () => {
	for (const archived of [false, true]) {
		const word = `wombat${newId()}`;
		const { sessionId } = await user.say(`about ${word}`, { temporary: true });
		assert.equal((await user.request("PATCH", `/api/ai/sessions/${sessionId}`, { body: { pinned: true } })).json.temporary, true);
		const kept = (await user.request("PATCH", `/api/ai/sessions/${sessionId}`, { body: { archived } })).json;
		assert.equal(kept.temporary, undefined);
		assert.equal(kept.archived, archived);
		assert.ok((await list(`?archived=${archived}`)).includes(sessionId));
		await eventually(async () => (await found(word)).includes(sessionId));
	}
});

test("accepts only true or false; other users do not see the chat", { timeout: 60_000 }, async () => {
	const send = (temporary) => user.request("POST", "/api/ai/chat", { body: { id: newId(), messages: [{ id: newId(), role: "user", parts: [{ type: "text", text: "x" }] }], temporary } });
	for (const odd of ["yes", 1, {}, []]) (await send(odd)).problem(400, { field: "temporary" });
	for (const none of [null, "", false, undefined]) {
		const answer = await send(none);
		assert.equal(answer.status, 200, answer.text);
		assert.ok((await list()).includes(answer.headers.get("x-session-id")));
	}
	const { sessionId } = await user.say("mine", { temporary: true });
	const other = await User.register();
	(await other.get(`/api/ai/sessions/${sessionId}`)).problem(404);
	(await other.request("PATCH", `/api/ai/sessions/${sessionId}`, { body: { archived: false } })).problem(404);
	assert.equal((await request("GET", "/api/config", {})).json.temporaryHours, 24);
});
