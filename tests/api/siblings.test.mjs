// The tree of a conversation: which messages name their siblings, and what happens when a client shows an earlier path again.

import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { User, eventually, newId, userMessage } from "../support/api.mjs";
import { messagesOf, query } from "../support/db.mjs";
import { gated, play, says } from "../support/model.mjs";

const patch = (user, id, body) => user.request("PATCH", `/api/ai/sessions/${id}`, { body });
const texts = (messages) => messages.map(({ parts }) => parts.find(({ type }) => type === "text").text);
const siblings = (messages) => messages.map(({ metadata }) => metadata.siblings);

async function show(user, sessionId, leafId) {
	const answer = await patch(user, sessionId, { leafId });
	assert.equal(answer.status, 200, answer.text);
	assert.equal(answer.json.id, sessionId);
	return user.messages(sessionId);
}

/** Replaces a message by another text, as useChat does. */
async function edit(user, sessionId, list, at, text) {
	const message = { ...list[at], parts: [{ type: "text", text }] };
	const turn = await user.chat({ sessionId, messages: [...list.slice(0, at), message], trigger: "submit-message", messageId: list[at].id });
	assert.equal(turn.status, 200, turn.text);
	return turn.finish();
}

async function regenerate(user, sessionId, list, at) {
	const turn = await user.chat({ sessionId, messages: list.slice(0, at), trigger: "regenerate-message", messageId: list[at].id });
	assert.equal(turn.status, 200, turn.text);
	return turn.finish();
}

async function conversation(...said) {
	const user = await User.register();
	let sessionId;
	for (const text of said) ({ sessionId } = await user.say(text, { sessionId }));
	return { user, sessionId, first: await user.messages(sessionId) };
}

test("a session without branches has no siblings and no mark", async () => {
	const { sessionId, first } = await conversation("a", "b", "c");
	assert.deepEqual(siblings(first), Array(6).fill(undefined));
	assert.equal((await query("SELECT branched FROM session WHERE id = ?", [sessionId]))[0].branched, 0);
});

describe("edited in the middle", () => {
	let user, sessionId, first, second;

	before(async () => {
		({ user, sessionId, first } = await conversation("a", "b", "c"));
		await edit(user, sessionId, first, 2, "B");
		second = await user.messages(sessionId);
	});

	test("the new path is shown, and its fork tells both", async () => {
		assert.deepEqual(texts(second), ["a", "You said: a", "B", "You said: B"]);
		assert.deepEqual(siblings(second), [undefined, undefined, [first[2].id, second[2].id], undefined]);
	});

	test("a sibling shows the old path down to its end, and back", async () => {
		const old = await show(user, sessionId, first[2].id);
		assert.deepEqual(texts(old), texts(first));
		assert.deepEqual(siblings(old), [undefined, undefined, [first[2].id, second[2].id], undefined, undefined, undefined]);
		assert.deepEqual(await show(user, sessionId, second[2].id), second);
		for (const leaf of first.slice(2)) assert.deepEqual(await show(user, sessionId, leaf.id), old);
		assert.deepEqual(await show(user, sessionId, second[3].id), second);
	});

	test("choosing a message of both paths shows the newest path below it", async () => {
		await show(user, sessionId, first[5].id);
		assert.deepEqual(await show(user, sessionId, first[0].id), second);
	});

	test("pages tell the same as the whole", async () => {
		const found = [];
		for (let path = `/api/ai/sessions/${sessionId}/messages?limit=1`; path; ) {
			const answer = await user.get(path);
			found.unshift(...answer.json);
			path = answer.link("prev");
		}
		assert.deepEqual(found, await user.messages(sessionId));
	});

	test("the next message is added to the shown path", async () => {
		const old = await show(user, sessionId, first[5].id);
		const upstream = await play({ steps: says("ok") });
		await user.say(`d${upstream.mark}`, { sessionId });
		const asked = (await upstream.requests())[0].messages.map(({ content }) => content);
		assert.deepEqual(asked.slice(0, -1), texts(old));
		const now = await user.messages(sessionId);
		assert.deepEqual(now.slice(0, 6), old);
		assert.equal(now.length, 8);
		const numbers = now.map(({ id }) => BigInt(id));
		assert.deepEqual(numbers, numbers.toSorted((a, b) => (a < b ? -1 : 1)));
		assert.deepEqual(texts(await show(user, sessionId, second[3].id)), texts(second));
	});
});

test("a reply asked for three times has three siblings; each can be shown and goes on by itself", async () => {
	const { user, sessionId, first } = await conversation("a", "b");
	await regenerate(user, sessionId, first, 1);
	const second = await user.messages(sessionId);
	await regenerate(user, sessionId, second, 1);
	const third = await user.messages(sessionId);
	const replies = [first, second, third].map((list) => list[1].id);
	assert.equal(new Set(replies).size, 3);
	assert.deepEqual(siblings(third), [undefined, replies]);
	const old = await show(user, sessionId, replies[0]);
	assert.deepEqual(texts(old), texts(first));
	assert.deepEqual(old[1].metadata, { ...first[1].metadata, siblings: replies });
	assert.deepEqual(siblings(await show(user, sessionId, replies[1])), [undefined, replies]);
});

test("the first message edited: siblings without a parent", async () => {
	const { user, sessionId, first } = await conversation("a", "b");
	await edit(user, sessionId, first, 0, "A");
	const second = await user.messages(sessionId);
	assert.deepEqual(texts(second), ["A", "You said: A"]);
	assert.deepEqual(siblings(second), [[first[0].id, second[0].id], undefined]);
	assert.deepEqual(texts(await show(user, sessionId, first[0].id)), texts(first));
});

test("siblings that a client sends as metadata are not believed", async () => {
	const user = await User.register();
	const message = userMessage("a", { metadata: { siblings: ["1", "2"], mine: 1.5 } });
	const { sessionId } = await user.say("", { message });
	const [stored] = await user.messages(sessionId);
	assert.deepEqual({ ...stored.metadata, createTime: null }, { mine: 1.5, createTime: null });
	await edit(user, sessionId, await user.messages(sessionId), 0, "b");
	assert.equal((await user.messages(sessionId))[0].metadata.siblings.length, 2);
});

test("a long path is shown whole", async () => {
	const { user, sessionId, first } = await conversation("a");
	const rows = Array.from({ length: 700 }, (_, i) => [BigInt(first[1].id) + BigInt(i + 1), BigInt(first[1].id) + BigInt(i)]);
	await query(
		"INSERT INTO message (session_id, id, parent_id, role, status, active, parts, create_time, update_time) VALUES ?",
		[rows.map(([id, parent], i) => [sessionId, String(id), String(parent), i % 2 ? "assistant" : "user", "complete", 1, "[]", "2026-01-01", "2026-01-01"])],
	);
	await regenerate(user, sessionId, first, 1);
	assert.equal((await user.messages(sessionId, "?limit=200")).length, 2);
	await show(user, sessionId, first[1].id);
	const active = (await messagesOf(sessionId)).filter((row) => row.active);
	assert.equal(active.length, 702);
	assert.equal(active.at(-1).id, String(rows.at(-1)[0]));
});

test("messages of other sessions are not found", async () => {
	const { user, sessionId, first } = await conversation("a");
	const other = await user.say("other");
	const stranger = await User.register();
	const theirs = await stranger.say("theirs");
	for (const leafId of [other.messageId, theirs.messageId, "4611686018427387904", sessionId]) (await patch(user, sessionId, { leafId })).problem(404);
	for (const leafId of [first[0].id, theirs.messageId]) (await patch(stranger, sessionId, { leafId })).problem(404);
	assert.deepEqual(await user.messages(sessionId), first);
});

test("while a reply runs neither the path nor any other requested change is made", async () => {
	const { user, sessionId, first } = await conversation("a");
	await regenerate(user, sessionId, first, 1);
	const upstream = await play({ steps: gated("x", "y") });
	const turn = await user.ask(`go${upstream.mark}`, { sessionId, id: newId() });
	await turn.until("text-delta");
	(await patch(user, sessionId, { leafId: first[1].id, title: "new" })).problem(409, { code: "reply_running" });
	assert.equal((await user.get(`/api/ai/sessions/${sessionId}`)).json.title, "a");
	assert.equal((await patch(user, sessionId, { title: "meanwhile" })).status, 200);
	await upstream.open("1");
	await upstream.open("end");
	await turn.finish();
	await eventually(async () => (await user.messages(sessionId)).length === 4);
	assert.deepEqual(texts(await show(user, sessionId, first[1].id)), texts(first));
});
