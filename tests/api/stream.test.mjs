// The stream on the wire: comments during silence, what the model gets, and many streams at once.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { User, newId, userMessage } from "../support/api.mjs";
import { gated, play, says } from "../support/model.mjs";
import { query } from "../support/db.mjs";
import { settings } from "../support/instance.mjs";

test("comments while the model is silent", { timeout: 30_000 }, async () => {
	const user = await User.register();
	const upstream = await play({ steps: gated("a", "b") });
	const turn = await user.ask(`go${upstream.mark}`);
	await turn.until("text-delta");
	const before = turn.comments;
	setTimeout(() => upstream.open("1"), 1500);
	await turn.until("text-delta");
	assert.ok(turn.comments > before);
	await upstream.open("end");
	await turn.finish();
});

test("what the model is sent: the key, JSON, usage asked for", async () => {
	const user = await User.register();
	const upstream = await play({ steps: says("hi") });
	await user.say(`hello${upstream.mark}`);
	const [{ headers, raw }] = await upstream.log();
	assert.equal(headers.authorization, `Bearer ${settings.LAMPLIGHT_LLM_API_KEY}`);
	assert.match(headers["content-type"], /^application\/json/);
	assert.equal(headers.cookie, undefined);
	const body = JSON.parse(raw);
	assert.equal(body.stream, true);
	assert.deepEqual(body.stream_options, { include_usage: true });
});

test("durable before visible: what a reader has seen is in the tables by then", { timeout: 30_000 }, async () => {
	const user = await User.register();
	const words = Array.from({ length: 8 }, (_, i) => `word-${i} `);
	const upstream = await play({ steps: gated(...words) });
	const turn = await user.ask(`go${upstream.mark}`);
	for (const [i, word] of words.entries()) {
		if (i) await upstream.open(String(i));
		await turn.until("text-delta");
		const journal = await query("SELECT body FROM message_delta WHERE message_id = ? ORDER BY seq", [turn.messageId]);
		assert.ok(
			journal
				.map(({ body }) => body)
				.join("")
				.includes(`"delta":"${word}"`),
			word,
		);
	}
	await upstream.open("end");
	await turn.until("finish");
	const [row] = await query("SELECT status, parts FROM message WHERE id = ?", [turn.messageId]);
	assert.equal(row.status, "complete");
	assert.equal(JSON.parse(row.parts).at(-1).text, words.join(""));
	assert.deepEqual(await query("SELECT seq FROM message_delta WHERE message_id = ?", [turn.messageId]), []);
	await turn.finish();
});

test("the question and its reply's row are stored before the model is asked", { timeout: 30_000 }, async () => {
	const user = await User.register();
	const upstream = await play({ steps: [{ gate: "go" }, ...says("ok")] });
	const sent = user.ask(`go${upstream.mark}`);
	await upstream.called();
	const rows = await query(
		"SELECT role, status FROM message JOIN session ON session.id = session_id WHERE user_id = ? ORDER BY message.id",
		[user.id],
	);
	assert.deepEqual(
		rows.map(({ role, status }) => [role, status]),
		[
			["user", "complete"],
			["assistant", "streaming"],
		],
	);
	await upstream.open("go");
	await (await sent).finish();
});

test("forty replies at once, each its own", { timeout: 60_000 }, async () => {
	const users = await Promise.all(Array.from({ length: 4 }, () => User.register()));
	const replies = await Promise.all(
		Array.from({ length: 40 }, async (_, i) => {
			const user = users[i % users.length];
			const words = Array.from({ length: 20 }, (_, n) => `${i}.${n} `);
			const upstream = await play({ steps: says(...words) });
			const turn = await user.say(`go${upstream.mark}`);
			const [, stored] = await user.messages(turn.sessionId);
			return { text: turn.text, stored: stored.parts.at(-1).text, words: words.join("") };
		}),
	);
	for (const { text, stored, words } of replies) {
		assert.equal(text, words);
		assert.equal(stored, words);
	}
});

test("a reader who does not read holds up nobody", { timeout: 60_000 }, async () => {
	const user = await User.register();
	const steps = says(...Array.from({ length: 60 }, (_, i) => String(i % 10).repeat(8000)));
	const upstream = await play({ steps });
	const slow = await user.ask(`go${upstream.mark}`);
	const quick = await Promise.all(Array.from({ length: 5 }, (_, i) => user.say(`quick ${i}`)));
	for (const [i, turn] of quick.entries()) assert.equal(turn.text, `You said: quick ${i}`);
	await slow.finish();
	assert.equal(slow.text.length, 480_000);
});

describe("a second question in a session", () => {
	test("is sent with the first and its reply", async () => {
		const user = await User.register();
		const first = await user.say("one");
		const upstream = await play({ steps: says("two!") });
		const messages = [...(await user.messages(first.sessionId)), userMessage(`two${upstream.mark}`)];
		const second = await user.say("", { sessionId: first.sessionId, id: newId(), messages });
		assert.equal(second.sessionId, first.sessionId);
		const [request] = await upstream.requests();
		assert.deepEqual(request.messages, [
			{ role: "user", content: "one" },
			{ role: "assistant", content: "You said: one" },
			{ role: "user", content: `two${upstream.mark}` },
		]);
	});
});
