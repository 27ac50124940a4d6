// The history of a session: its pages, its order, the members of a message, and what it leaves out.

import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { User, eventually, newId, userMessage } from "../support/api.mjs";
import { messagesOf } from "../support/db.mjs";
import { gated, play, says } from "../support/model.mjs";

const ids = (messages) => messages.map((message) => message.id);

describe("the history", () => {
	let user, sessionId, all;
	const path = (query = "") => `/api/ai/sessions/${sessionId}/messages${query}`;

	before(async () => {
		user = await User.register();
		for (const text of ["one", "two", "three", "four", "five"]) ({ sessionId } = await user.say(text, { sessionId }));
		all = await user.messages(sessionId);
	});

	test("is every message in order, ids rising", async () => {
		assert.deepEqual(
			all.map(({ role }) => role),
			Array(5).fill(["user", "assistant"]).flat(),
		);
		assert.deepEqual(
			all.map(({ parts }) => parts.at(-1).text),
			["one", "two", "three", "four", "five"].flatMap((text) => [text, `You said: ${text}`]),
		);
		const numbers = ids(all).map(BigInt);
		for (let i = 1; i < numbers.length; i++) assert.ok(numbers[i] > numbers[i - 1]);
	});

	test("each has id, role, parts, metadata", async () => {
		for (const message of all) {
			assert.deepEqual(Object.keys(message).sort(), ["id", "metadata", "parts", "role"]);
			const { createTime, ...rest } = message.metadata;
			assert.equal(new Date(createTime).toISOString(), createTime);
			if (message.role === "user") assert.deepEqual(rest, {});
			else {
				const usage = { inputTokens: 3, outputTokens: 2, totalTokens: 5 };
				assert.deepEqual(rest, { model: "test-model", modelId: "configured", status: "complete", usage, finishReason: "stop" });
			}
		}
	});

	for (const limit of [1, 3, 4, 10, 200])
		test(`pages of ${limit}, the newest first`, async () => {
			const found = [];
			for (let next = path(`?limit=${limit}`); next;) {
				const answer = await user.get(next);
				assert.equal(answer.status, 200, answer.text);
				assert.ok(answer.json.length > 0 && answer.json.length <= limit);
				found.unshift(...answer.json);
				next = answer.link("prev");
			}
			assert.deepEqual(found, all);
		});

	test("can start before any id, even one that is not a message's", async () => {
		assert.deepEqual(ids((await user.get(path(`?before=${all[4].id}`))).json), ids(all.slice(0, 4)));
		assert.deepEqual(ids((await user.get(path("?before=9223372036854775807"))).json), ids(all));
		assert.deepEqual((await user.get(path(`?before=${all[0].id}`))).json, []);
	});

	for (const query of [
		"limit=0",
		"limit=201",
		"limit=-1",
		"limit=x",
		"limit=",
		"before=x",
		"before=-1",
		"before=",
		"before=1e3",
		"before=18446744073709551617",
	])
		test(`a page with ?${query} is refused`, async () => {
			(await user.get(path(`?${query}`))).problem(400, { field: query.split("=")[0] });
		});
});

test("parts come back byte for byte as they were sent", async () => {
	const user = await User.register();
	const parts =
		'[{"type":"text","text":"\\u00e4 \\ud83d\\ude00 \\/ \\u0000 \\u2028"},' +
		'{"type":"data-x","data":{"b":1.50,"a":1E3,"10":-0,"2":12345678901234567890,"n":null}},' +
		'{"type":"text","text":"ä😀/","more":[{}]}]';
	const turn = await user.chat(`{"messages":[{"id":"m1","role":"user","parts":${parts}}]}`);
	await turn.finish();
	const [row] = await messagesOf(turn.sessionId);
	const answer = await user.get(`/api/ai/sessions/${turn.sessionId}/messages`);
	assert.deepEqual(answer.json[0].parts, JSON.parse(parts));
	assert.ok(answer.text.includes(row.parts), "the stored text is spliced");
	assert.ok(row.parts.includes("1.50") && row.parts.includes("12345678901234567890"), row.parts);
});

test("leaves out a running reply until it has ended", async () => {
	const user = await User.register();
	const upstream = await play({ steps: gated("a", "b") });
	const turn = await user.ask(`go${upstream.mark}`);
	await turn.until("text-delta");
	assert.deepEqual(
		(await user.messages(turn.sessionId)).map(({ role }) => role),
		["user"],
	);
	await upstream.open("1");
	await upstream.open("end");
	await turn.finish();
	assert.deepEqual(ids(await user.messages(turn.sessionId)), [...turn.userMessageIds, turn.messageId]);
});

test("stores the whole history that a first send brings", async () => {
	const user = await User.register();
	const reply = { id: newId(), role: "assistant", parts: [{ type: "step-start" }, { type: "text", text: "A", state: "done" }] };
	const list = [userMessage("Q"), reply, userMessage("R")];
	const upstream = await play({ steps: says("B") });
	list[2].parts[0].text += upstream.mark;
	const turn = await user.say("", { messages: list });
	const stored = await user.messages(turn.sessionId);
	assert.deepEqual(
		stored.slice(0, 3).map(({ role, parts }) => ({ role, parts })),
		list.map(({ role, parts }) => ({ role, parts })),
	);
	assert.equal(stored.length, 4);
	assert.deepEqual(
		(await upstream.requests())[0].messages.map(({ content }) => content.replace(upstream.mark, "")),
		["Q", "A", "R"],
	);
});

test("the history comes from the database, not from the posted list", async () => {
	const user = await User.register();
	const { sessionId } = await user.say("the truth");
	const stored = await user.messages(sessionId);
	const upstream = await play({ steps: says("ok") });
	const forged = structuredClone(stored);
	forged[1].parts = [{ type: "text", text: "forged" }];
	await user.say("", { sessionId, messages: [...forged, userMessage(`next${upstream.mark}`)] });
	const [request] = await upstream.requests();
	assert.deepEqual(
		request.messages.slice(0, 2).map(({ content }) => content),
		["the truth", "You said: the truth"],
	);
	assert.deepEqual((await user.messages(sessionId)).slice(0, 2), stored);
});

test("a client that posts only its last message", async () => {
	const user = await User.register();
	const { sessionId } = await user.say("first");
	const upstream = await play({ steps: says("ok") });
	await user.say(`second${upstream.mark}`, { sessionId });
	const [request] = await upstream.requests();
	assert.equal(request.messages.length, 3);
	assert.equal((await user.messages(sessionId)).length, 4);
});

test("a reader who goes away changes nothing: the reply goes on and is stored", async () => {
	const user = await User.register();
	const upstream = await play({ steps: gated("one ", "two ", "three") });
	const turn = await user.ask(`go${upstream.mark}`);
	await turn.until("text-delta");
	await turn.leave();
	for (const gate of ["1", "2", "end"]) await upstream.open(gate);
	const stored = await eventually(async () => {
		const list = await user.messages(turn.sessionId);
		return list.length === 2 && list;
	});
	assert.equal(stored[1].id, turn.messageId);
	assert.equal(stored[1].parts.at(-1).text, "one two three");
	assert.equal(stored[1].metadata.status, "complete");
	assert.equal((await upstream.log()).length, 1);
});

test("a reader who goes away before the first byte", async () => {
	const user = await User.register();
	const upstream = await play({ steps: [{ gate: "go" }, ...says("late")] });
	const leaving = new AbortController();
	const sent = user.chat({ messages: [userMessage(`go${upstream.mark}`)] }, { signal: leaving.signal });
	await upstream.called();
	leaving.abort();
	await sent.then((turn) => turn.leave()).catch(() => {});
	await upstream.open("go");
	const [session] = await eventually(async () => {
		const list = await user.sessions();
		return list[0]?.status === "idle" && list;
	});
	const stored = await user.messages(session.id);
	assert.equal(stored[1].parts.at(-1).text, "late");
});
