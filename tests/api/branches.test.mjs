// Another reply, another question: the shown path changes and nothing is deleted.

import assert from "node:assert/strict";
import { test } from "node:test";
import { User, newId, userMessage } from "../support/api.mjs";
import { messagesOf } from "../support/db.mjs";
import { gated, play, says } from "../support/model.mjs";

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
	const { turn, shown } = await post(user, sessionId, list.slice(0, 3), { trigger: "regenerate-message", messageId: list[3].id });
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

test("regenerate the first reply: what followed it is not shown any more", async () => {
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
	assert.deepEqual(request.messages.map(({ content }) => content), ["one", "You said: one", `two, better${upstream.mark}`]);
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
	assert.deepEqual(texts((await post(user, sessionId, [again], { messageId: mine.id })).shown), ["edited twice", "You said: edited twice"]);
});

test("another tab goes on from where it was: a branch from there", async () => {
	const { user, sessionId, list } = await conversation("one");
	const tab = await post(user, sessionId, [...list, userMessage("from one tab")]);
	const other = await post(user, sessionId, [...list, userMessage("from another tab")]);
	assert.equal(tab.shown.length, 4);
	assert.deepEqual(texts(other.shown), ["one", "You said: one", "from another tab", "You said: from another tab"]);
	assert.equal((await messagesOf(sessionId)).length, 6);
	assert.ok(rises(other.shown));
});

// ---- from one branch to another

const show = (user, sessionId, leafId) => user.request("PATCH", `/api/ai/sessions/${sessionId}`, { body: { leafId } });

test("siblings are named, and each can be shown again with what followed it", async () => {
	const { user, sessionId, list } = await conversation("one", "two");
	const edited = { ...list[0], parts: [{ type: "text", text: "one, edited" }] };
	const { shown } = await post(user, sessionId, [edited], { messageId: list[0].id });
	const siblings = [list[0].id, shown[0].id];
	assert.deepEqual(shown[0].metadata.siblings, siblings);
	assert.equal(shown[1].metadata.siblings, undefined);

	assert.equal((await show(user, sessionId, list[0].id)).status, 200);
	const back = await user.messages(sessionId);
	assert.deepEqual(texts(back), ["one", "You said: one", "two", "You said: two"]);
	assert.deepEqual(back[0].metadata.siblings, siblings);
	const upstream = await play({ steps: says("three!") });
	await user.say(`three${upstream.mark}`, { sessionId });
	assert.equal((await upstream.requests())[0].messages.length, 5);

	assert.equal((await show(user, sessionId, shown[1].id)).status, 200);
	assert.deepEqual(texts(await user.messages(sessionId)), ["one, edited", "You said: one, edited"]);
});

test("a leaf of another session, of another user, or none: nothing moves", async () => {
	const { user, sessionId, list } = await conversation("one");
	const other = await user.say("other");
	const stranger = await (await User.register()).say("theirs");
	for (const leafId of ["1", other.messageId, stranger.messageId, sessionId]) (await show(user, sessionId, leafId)).problem(404);
	assert.deepEqual(await user.messages(sessionId), list);
});

test("not while a reply runs", async () => {
	const { user, sessionId, list } = await conversation("one");
	const upstream = await play({ steps: gated("a") });
	const turn = await user.ask("", { sessionId, messages: [...list, userMessage(`go${upstream.mark}`)] });
	await turn.until("text-delta");
	(await show(user, sessionId, list[0].id)).problem(409, { code: "reply_running" });
	await upstream.open("end");
	await turn.finish();
	assert.equal((await user.messages(sessionId)).length, 4);
});

test("pages around a message, and after one", async () => {
	const { user, sessionId, list } = await conversation(...Array.from({ length: 10 }, (_, i) => `q${i}`));
	const get = (query) => user.get(`/api/ai/sessions/${sessionId}/messages?${query}`);
	for (const at of [0, 1, 9, 10, 18, 19]) {
		const answer = await get(`around=${list[at].id}&limit=6`);
		assert.equal(answer.status, 200, answer.text);
		const found = answer.json;
		assert.ok(found.length <= 6 && found.some(({ id }) => id === list[at].id));
		for (let path = answer.link("prev"); path; ) {
			const page = await user.get(path);
			found.unshift(...page.json);
			path = page.link("prev");
		}
		for (let path = answer.link("next"); path; ) {
			const page = await user.get(path);
			found.push(...page.json);
			path = page.link("next");
		}
		assert.deepEqual(found, list);
	}
	assert.deepEqual((await get(`after=${list[19].id}`)).json, []);
	assert.deepEqual((await get(`after=${list[3].id}&limit=2`)).json, list.slice(4, 6));
	for (const query of ["around=x", "after=-1"]) (await get(query)).problem(400, { field: query.split("=")[0] });
	for (const query of [`around=${list[1].id}&before=${list[2].id}`, `after=${list[1].id}&before=${list[2].id}`]) (await get(query)).problem(400);
	(await get("around=1")).problem(404);
});
