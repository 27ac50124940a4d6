// Sending the same message twice, ten times, with other content, and while a reply is running.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { User, newId, userMessage } from "../support/api.mjs";
import { messagesOf } from "../support/db.mjs";
import { gated, play, says } from "../support/model.mjs";

const ids = (turn) => [turn.sessionId, turn.messageId, turn.userMessageIds];

/** A user, a script, and the body of a message; the message goes to an existing session unless `first`. */
async function prepare(first, steps = says("one ", "two")) {
	const user = await User.register();
	const upstream = await play({ steps });
	const body = { id: newId(), messages: [userMessage(`once${upstream.mark}`)], trigger: "submit-message" };
	if (first) return { user, upstream, body, before: 0 };
	const { sessionId } = await user.say("before", { id: body.id });
	const messages = [...(await user.messages(sessionId)), ...body.messages];
	return { user, upstream, body: { ...body, sessionId, messages }, before: 2 };
}

for (const [which, first] of [
	["a first message", true],
	["a message in a session", false],
])
	describe(`${which}, sent again`, () => {
		test("after the reply: returns the same ids and the same reply, and stores nothing", async () => {
			const { user, upstream, body, before } = await prepare(first);
			const original = await (await user.chat(body)).finish();
			const again = await (await user.chat(body)).finish();
			assert.deepEqual(ids(again), ids(original));
			assert.equal(again.text, "one two");
			assert.deepEqual(again.metadata, original.metadata);
			assert.equal((await upstream.log()).length, 1);
			assert.equal((await messagesOf(original.sessionId)).length, before + 2);
			assert.equal((await user.sessions()).length, 1);
		});

		test("during the reply: both requests receive all of it", async () => {
			const { user, upstream, body, before } = await prepare(first, gated("one ", "two"));
			const original = await user.chat(body);
			await original.until("text-delta");
			const again = await user.chat(body);
			assert.equal(again.status, 200, again.text);
			assert.equal((await again.until("text-delta")).delta, "one ");
			for (const gate of ["1", "end"]) await upstream.open(gate);
			await Promise.all([original.finish(), again.finish()]);
			assert.deepEqual(ids(again), ids(original));
			assert.equal(original.text, "one two");
			assert.equal(again.text, "one two");
			assert.equal((await upstream.log()).length, 1);
			assert.equal((await messagesOf(original.sessionId)).length, before + 2);
		});

		test("ten times at once: one message, one call of the model", async () => {
			const { user, upstream, body, before } = await prepare(first);
			const turns = await Promise.all(Array.from({ length: 10 }, () => user.chat(body)));
			for (const turn of turns) {
				assert.equal(turn.status, 200, turn.text);
				await turn.finish();
				assert.deepEqual(ids(turn), ids(turns[0]));
				assert.equal(turn.text, "one two");
			}
			assert.equal((await upstream.log()).length, 1);
			assert.equal((await messagesOf(turns[0].sessionId)).length, before + 2);
			assert.equal((await user.sessions()).length, 1);
		});

		test("with other content: 409, and nothing changes", async () => {
			const { user, upstream, body } = await prepare(first);
			const original = await (await user.chat(body)).finish();
			const rows = await messagesOf(original.sessionId);
			const messages = structuredClone(body.messages);
			messages.at(-1).parts[0].text = "something else";
			(await user.chat({ ...body, messages })).problem(409);
			assert.deepEqual(await messagesOf(original.sessionId), rows);
			assert.equal((await user.sessions()).length, 1);
			assert.equal((await upstream.log()).length, 1);
		});
	});

describe("telling repeats from new requests", () => {
	test("without a chat id no request counts as a repeat", async () => {
		const user = await User.register();
		const body = { messages: [userMessage("hi")] };
		const turns = [await (await user.chat(body)).finish(), await (await user.chat(body)).finish()];
		assert.notEqual(turns[0].sessionId, turns[1].sessionId);
	});

	test("an Idempotency-Key identifies a repeat", async () => {
		const user = await User.register();
		const headers = { "idempotency-key": newId() };
		const body = { messages: [userMessage("hi")] };
		const turns = [await (await user.chat(body, { headers })).finish(), await (await user.chat(body, { headers })).finish()];
		assert.deepEqual(ids(turns[0]), ids(turns[1]));
	});

	test("another message under the same chat id, without the session's id, begins a session of its own", async () => {
		const user = await User.register();
		const id = newId();
		const first = await user.say("one", { id });
		const second = await user.say("two", { id });
		assert.notEqual(second.sessionId, first.sessionId);
		assert.equal(second.text, "You said: two");
	});
});

describe("the client's ids", () => {
	test("are compared letter by letter", async () => {
		const user = await User.register();
		const ids = ["a", "A", "a ", " a", "ä", "a\u0308", "a\u200b", "ａ", "a\0", "a\0b", ""];
		const turns = [];
		for (const id of ids)
			turns.push(await user.say("", { id: "one chat", message: { ...userMessage(`said as ${JSON.stringify(id)}`), id } }));
		const stored = new Set(turns.flatMap((turn) => turn.userMessageIds));
		assert.equal(stored.size, ids.length);
		for (const [i, turn] of turns.entries()) assert.equal(turn.text, `You said: said as ${JSON.stringify(ids[i])}`);
	});

	test("of 128 characters, whatever their bytes, are told apart at the last one", async () => {
		const user = await User.register();
		const long = "🦎".repeat(127);
		const body = (last) => ({
			id: `${long}x`,
			messages: [{ ...userMessage("hi"), id: long + last }],
			trigger: "submit-message",
		});
		const [one, again, other] = [await user.chat(body("a")), await user.chat(body("a")), await user.chat(body("b"))];
		for (const turn of [one, again, other]) assert.equal(turn.status, 200, turn.text);
		for (const turn of [one, again, other]) await turn.finish();
		assert.deepEqual(ids(again), ids(one));
		assert.notDeepEqual(other.userMessageIds, one.userMessageIds);
	});
});

describe("a send while a reply runs", () => {
	test("from a list that does not know the running turn: 409, and the reply is not disturbed", async () => {
		const user = await User.register();
		const { sessionId } = await user.say("one");
		const seen = await user.messages(sessionId);
		const upstream = await play({ steps: gated("a", "b") });
		const running = await user.ask("", { sessionId, messages: [...seen, userMessage(`two${upstream.mark}`)] });
		await running.until("text-delta");

		const body = { id: newId(), sessionId, messages: [...seen, userMessage("three")], trigger: "submit-message" };
		(await user.chat(body)).problem(409);

		for (const gate of ["1", "end"]) await upstream.open(gate);
		await running.finish();
		assert.equal(running.text, "ab");
		assert.equal((await user.messages(sessionId)).length, 4);
	});

	test("from a client that has closed the running reply: that one is stopped and keeps its text", async () => {
		const user = await User.register();
		const upstream = await play({ steps: gated("half", "more") });
		const question = userMessage(`one${upstream.mark}`);
		const running = await user.ask("", { message: question });
		const { sessionId } = running;
		await running.until("text-delta");
		await running.leave();

		const partial = {
			id: running.messageId,
			role: "assistant",
			parts: [{ type: "step-start" }, { type: "text", text: "half", state: "streaming" }],
		};
		const next = await user.say("", { sessionId, messages: [question, partial, userMessage("two")] });
		assert.equal(next.text, "You said: two");
		const stored = await user.messages(sessionId);
		assert.equal(stored.length, 4);
		assert.equal(stored[1].id, running.messageId);
		assert.equal(stored[1].metadata.status, "stopped");
		assert.equal(stored[1].parts.at(-1).text, "half");
	});

	test("ten different sends at once: one runs at a time, and the tables agree", async () => {
		const user = await User.register();
		const { sessionId } = await user.say("start");
		const seen = await user.messages(sessionId);
		const turns = await Promise.all(
			Array.from({ length: 10 }, (_, i) =>
				user.chat({ id: newId(), sessionId, messages: [...seen, userMessage(`n${i}`)], trigger: "submit-message" }),
			),
		);
		for (const turn of turns) {
			if (turn.finish) await turn.finish();
			else turn.problem(409);
		}
		const rows = await messagesOf(sessionId);
		assert.ok(
			rows.every((row) => row.status === "complete"),
			JSON.stringify(rows.map((row) => row.status)),
		);
		const accepted = turns.filter((turn) => turn.status === 200);
		assert.ok(accepted.length >= 1);
		assert.equal(rows.length, 2 + 2 * accepted.length);
		const parents = new Set(rows.map((row) => row.id));
		for (const row of rows) assert.ok(row.parent_id === null || parents.has(row.parent_id));
	});
});
