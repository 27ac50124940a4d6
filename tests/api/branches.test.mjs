// Asking for another reply or editing a question changes the shown path and deletes nothing.

import assert from "node:assert/strict";
import { test } from "node:test";
import { User, newId, userMessage } from "../support/api.mjs";
import { messagesOf } from "../support/db.mjs";
import { play, says } from "../support/model.mjs";

const texts = (messages) => messages.map((message) => message.parts.at(-1).text);

async function conversation(...questions) {
	const user = await User.register();
	let sessionId;
	for (const question of questions) ({ sessionId } = await user.say(question, { sessionId }));
	return { user, sessionId, list: await user.messages(sessionId) };
}

async function post(user, sessionId, messages, more) {
	const turn = await user.chat({ id: newId(), sessionId, messages, trigger: "submit-message", ...more });
	assert.equal(turn.status, 200, turn.text);
	await turn.finish();
	return { turn, shown: await user.messages(sessionId) };
}

const rises = (messages) => messages.every(({ id }, i) => i === 0 || BigInt(id) > BigInt(messages[i - 1].id));

test("regenerate: a new reply to the same question", async () => {
	const { user, sessionId, list } = await conversation("one", "two");
	const { turn, shown } = await post(user, sessionId, list.slice(0, 3), {
		trigger: "regenerate-message",
		messageId: list[3].id,
	});
	assert.deepEqual(shown.slice(0, 3), list.slice(0, 3));
	assert.equal(shown.length, 4);
	assert.equal(shown[3].id, turn.messageId);
	assert.notEqual(shown[3].id, list[3].id);
	assert.ok(rises(shown));
	assert.deepEqual(turn.userMessageIds ?? [], []);
	const rows = await messagesOf(sessionId);
	assert.equal(rows.length, 5);
	assert.equal(rows.find((row) => row.id === list[3].id).parent_id, list[2].id);
});

test("regenerating the first reply hides what followed it", async () => {
	const { user, sessionId, list } = await conversation("one", "two");
	const { shown } = await post(user, sessionId, list.slice(0, 1), { trigger: "regenerate-message", messageId: list[1].id });
	assert.deepEqual(texts(shown), ["one", "You said: one"]);
	assert.equal((await messagesOf(sessionId)).length, 5);
});

test("edit: the question is replaced, and the model is asked with the new one only", async () => {
	const { user, sessionId, list } = await conversation("one", "two", "three");
	const upstream = await play({ steps: says("edited") });
	const edited = { ...list[2], parts: [{ type: "text", text: `two, better${upstream.mark}` }] };
	const { shown } = await post(user, sessionId, [...list.slice(0, 2), edited], { messageId: list[2].id });
	assert.deepEqual(texts(shown), ["one", "You said: one", `two, better${upstream.mark}`, "edited"]);
	assert.ok(rises(shown));
	const [request] = await upstream.requests();
	assert.deepEqual(
		request.messages.map(({ content }) => content),
		["one", "You said: one", `two, better${upstream.mark}`],
	);
	assert.equal((await messagesOf(sessionId)).length, 8);
});

test("edit by the client's own id of the message", async () => {
	const user = await User.register();
	const mine = userMessage("one");
	const { sessionId } = await user.say("", { message: mine });
	const edited = { ...mine, parts: [{ type: "text", text: "one, edited" }] };
	const { shown } = await post(user, sessionId, [edited], { messageId: mine.id });
	assert.deepEqual(texts(shown), ["one, edited", "You said: one, edited"]);
	const again = { ...mine, parts: [{ type: "text", text: "edited twice" }] };
	assert.deepEqual(texts((await post(user, sessionId, [again], { messageId: mine.id })).shown), [
		"edited twice",
		"You said: edited twice",
	]);
});

test("another tab that continues from an older message makes a branch there", async () => {
	const { user, sessionId, list } = await conversation("one");
	const tab = await post(user, sessionId, [...list, userMessage("from one tab")]);
	const other = await post(user, sessionId, [...list, userMessage("from another tab")]);
	assert.equal(tab.shown.length, 4);
	assert.deepEqual(texts(other.shown), ["one", "You said: one", "from another tab", "You said: from another tab"]);
	assert.equal((await messagesOf(sessionId)).length, 6);
	assert.ok(rises(other.shown));
});
