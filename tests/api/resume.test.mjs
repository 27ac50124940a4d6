// Resuming a running reply, and stopping it.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { User, newId } from "../support/api.mjs";
import { messagesOf } from "../support/db.mjs";
import { assemble } from "../support/expect.mjs";
import { chunk, gated, play } from "../support/model.mjs";

async function running(...words) {
	const user = await User.register();
	const upstream = await play({ steps: gated(...words) });
	const id = `chat-${newId()}`;
	const turn = await user.ask(`go${upstream.mark}`, { id });
	await turn.until("text-delta");
	return { user, upstream, turn, id };
}

describe("resume", () => {
	for (const [by, pick] of [
		["the session's id", ({ turn }) => turn.sessionId],
		["the chat's id", ({ id }) => id],
	])
		test(`by ${by}: from the start, then on to the end`, { timeout: 30_000 }, async () => {
			const run = await running("one ", "two ", "three");
			await run.turn.leave();
			const again = await run.user.resume(pick(run));
			assert.equal(again.status, 200);
			assert.equal(again.sessionId, run.turn.sessionId);
			assert.equal((await again.next()).messageId, run.turn.messageId);
			await again.until("text-delta");
			for (const gate of ["1", "2", "end"]) await run.upstream.open(gate);
			await again.finish();
			assert.equal(again.text, "one two three");
			assert.equal(again.of("start").length, 1);
			const [, stored] = await run.user.messages(run.turn.sessionId);
			assert.deepEqual(stored, await assemble(again.chunks));
		});

	test("three readers at once see the same, without gap or repeat", { timeout: 30_000 }, async () => {
		const words = Array.from({ length: 12 }, (_, i) => `w${i} `);
		const { user, upstream, turn } = await running(...words);
		const readers = [turn];
		for (let i = 1; i < words.length; i++) {
			if (i % 4 === 0) readers.push(await user.resume(turn.sessionId));
			await upstream.open(String(i));
			await Promise.all(
				readers.map(async (reader) => {
					while (reader.text !== words.slice(0, i + 1).join("")) assert.ok(await reader.next());
				}),
			);
		}
		await upstream.open("end");
		const shown = await Promise.all(readers.map(async (reader) => assemble((await reader.finish()).chunks)));
		for (const message of shown) assert.deepEqual(message, shown[0]);
		assert.equal((await upstream.log()).length, 1);
	});

	test("a long reply, by several readers who come late: all of it, then on to the end", { timeout: 30_000 }, async () => {
		const long = Array.from({ length: 20_000 }, (_, i) => `word ${i} `).join("");
		const { user, upstream, turn } = await running("Long: ", long, "the end");
		await upstream.open("1");
		while (turn.text.length < long.length) assert.ok(await turn.next());
		const late = await Promise.all([1, 2, 3].map(() => user.resume(turn.sessionId)));
		// One of them does not stay.
		await late[2].leave();
		for (const gate of ["2", "end"]) await upstream.open(gate);
		const readers = [turn, late[0], late[1]];
		await Promise.all(readers.map((reader) => reader.finish()));
		const [, stored] = await user.messages(turn.sessionId);
		for (const reader of readers) {
			assert.equal(reader.text, `Long: ${long}the end`);
			assert.deepEqual(await assemble(reader.chunks), stored);
		}
	});

	test("in the middle of reasoning and of a tool call", { timeout: 30_000 }, async () => {
		const user = await User.register();
		const call = (args, more) =>
			chunk({ tool_calls: [{ index: 0, ...more, function: { ...(more && { name: "get_weather" }), arguments: args } }] });
		const upstream = await play({
			steps: [
				{ send: chunk({ reasoning_content: "hm, " }) },
				{ gate: "1" },
				{ send: chunk({ reasoning_content: "so." }) },
				{ send: call('{"ci', { id: "call_9", type: "function" }) },
				{ gate: "2" },
				{ send: call('ty":"Oslo"}') },
				{ send: chunk({}, "tool_calls") },
			],
		});
		const turn = await user.ask(`go${upstream.mark}`);
		await turn.until("reasoning-delta");
		const first = await user.resume(turn.sessionId);
		await upstream.open("1");
		await turn.until("tool-input-delta");
		const second = await user.resume(turn.sessionId);
		await upstream.open("2");
		const [, stored] = await Promise.all([turn, first, second].map((reader) => reader.finish())).then(() =>
			user.messages(turn.sessionId),
		);
		for (const reader of [turn, first, second]) assert.deepEqual(await assemble(reader.chunks), stored);
	});

	test("answers 204 when no reply is running", async () => {
		const user = await User.register();
		const turn = await user.say("hi", { id: "my-chat" });
		for (const id of [turn.sessionId, "my-chat", "unknown", "1", "%2e%2e"]) assert.equal((await user.resume(id)).status, 204);
	});
});

describe("stop", () => {
	test("ends the reply as stopped, with what was shown, for every reader", { timeout: 30_000 }, async () => {
		const { user, upstream, turn } = await running("half", " more");
		const other = await user.resume(turn.sessionId);
		assert.equal((await user.stop(turn.sessionId)).status, 204);
		for (const reader of [turn, other]) {
			await reader.finish();
			assert.equal(reader.text, "half");
			assert.equal(reader.metadata.status, "stopped");
			assert.equal(reader.chunks.at(-1).type, "finish");
		}
		const [, stored] = await user.messages(turn.sessionId);
		assert.deepEqual(stored, await assemble(turn.chunks));
		assert.equal((await messagesOf(turn.sessionId))[1].status, "stopped");
		const [call] = await upstream.called();
		await upstream.open("1");
		assert.equal(call.url, "/v1/chat/completions");
		assert.equal((await user.say("next", { sessionId: turn.sessionId })).text, "You said: next");
	});

	test("by the chat's id, repeated or too late: 204, and nothing changes", { timeout: 30_000 }, async () => {
		const { user, turn, id } = await running("half", " more");
		const answers = await Promise.all([user.stop(id), user.stop(id)]);
		assert.deepEqual(
			answers.map(({ status }) => status),
			[204, 204],
		);
		await turn.finish();
		const before = await messagesOf(turn.sessionId);
		assert.equal((await user.stop(id)).status, 204);
		assert.equal((await user.stop(turn.sessionId)).status, 204);
		assert.deepEqual(await messagesOf(turn.sessionId), before);
	});

	test("before the model has said anything", { timeout: 30_000 }, async () => {
		const user = await User.register();
		const upstream = await play({ steps: [{ end: "hang" }] });
		const turn = await user.ask(`go${upstream.mark}`);
		await turn.until("data-session");
		assert.equal((await user.stop(turn.sessionId)).status, 204);
		await turn.finish();
		assert.equal(turn.metadata.status, "stopped");
		assert.equal((await user.say("next", { sessionId: turn.sessionId })).text, "You said: next");
	});

	test("does not touch another session of the same user", { timeout: 30_000 }, async () => {
		const { user, upstream, turn } = await running("a", "b");
		const idle = await user.say("idle");
		await user.stop(idle.sessionId);
		for (const gate of ["1", "end"]) await upstream.open(gate);
		await turn.finish();
		assert.equal(turn.metadata.status, "complete");
		assert.equal(turn.text, "ab");
	});
});
