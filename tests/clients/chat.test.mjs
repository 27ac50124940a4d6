// A real Chat of ai 5, 6 and 7 shows what the server has stored.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { User, assertNoInsides, eventually, newId } from "../support/api.mjs";
import { play, says } from "../support/model.mjs";
import { script } from "../support/vectors.mjs";
import { Page, asJson, lines, openChat } from "./lines.mjs";

/**
 * Fails unless the stored list equals the shown one: assistant messages in all members, user messages in role and parts. A
 * message's stream does not say whether the message has siblings on other branches.
 */
async function assertStoredAsShown({ ai }, page, shown) {
	const stored = await page.user.messages(page.sessionId);
	const comparable = ({ id, role, parts, metadata: { siblings, ...metadata } = {} }) =>
		role === "user" ? { role, parts } : { id, role, parts, metadata };
	assert.deepEqual(stored.map(comparable), asJson(shown).map(comparable));
	const checked = await ai.safeValidateUIMessages({ messages: stored });
	assert.ok(checked.success, checked.error?.message);
	assert.deepEqual(
		asJson(checked.data).map(comparable),
		stored.map(comparable),
		"nothing is stripped by the client's own check",
	);
	return stored;
}

// Replies with every kind of part, from the recorded cases.
const KINDS = ["text-markdown-code", "text-empty-reply", "unicode-escaped", "unicode-surrogate-split-over-deltas"].concat(
	["reasoning-interleaved", "reasoning-only", "tool-one-call", "tool-parallel", "tool-args-numbers", "tool-no-id"],
	["tool-finish-length-truncated", "tool-unknown-name", "tool-empty-args", "tool-reasoning-then-call", "usage-details"],
);

for (const line of lines) {
	describe(line.name, { concurrency: 3 }, () => {
		test("a conversation: first message, second message, reload, third message", async () => {
			const page = new Page(await User.register());
			const chat = openChat(line, page);

			await chat.sendMessage({ text: "one" });
			assert.equal(page.requests[0].sessionId, undefined);
			assert.match(page.byHeader, /^[1-9]\d*$/);
			assert.equal(page.byChunk, page.byHeader);
			assert.equal(chat.status, "ready");
			assert.equal(chat.messages[1].parts.at(-1).text, "You said: one");
			let stored = await assertStoredAsShown(line, page, chat.messages);
			assert.deepEqual(page.data.at(-1).data.userMessageIds, [stored[0].id]);

			await chat.sendMessage({ text: "two" });
			assert.equal(page.requests[1].sessionId, page.byHeader);
			assert.equal(page.byChunk, page.sessionId);
			stored = await assertStoredAsShown(line, page, chat.messages);
			assert.deepEqual(page.data.at(-1).data.userMessageIds, [stored[2].id]);

			const reloaded = openChat(line, page, { messages: stored });
			await reloaded.sendMessage({ text: "three" });
			assert.equal(reloaded.messages.at(-1).parts.at(-1).text, "You said: three");
			stored = await assertStoredAsShown(line, page, reloaded.messages);
			assert.deepEqual(
				stored.map((message) => message.role),
				Array(3).fill(["user", "assistant"]).flat(),
			);
			assert.deepEqual(page.errors, []);
			assert.equal((await page.user.sessions()).length, 1);
		});

		for (const kind of KINDS) {
			test(`a reply of the kind ${kind}, and one after it`, async () => {
				const page = new Page(await User.register());
				const upstream = await play(...script(kind), { steps: says("Fine.") });
				const chat = openChat(line, page);
				await chat.sendMessage({ text: `Hello${upstream.mark}` });
				assert.deepEqual(page.errors, []);
				await assertStoredAsShown(line, page, chat.messages);
				await chat.sendMessage({ text: "and then?" });
				assert.deepEqual(page.errors, []);
				await assertStoredAsShown(line, page, chat.messages);
			});
		}

		test("files, metadata and an id of the page's own come back as sent", async () => {
			const page = new Page(await User.register());
			const chat = openChat(line, page);
			const file = { type: "file", mediaType: "image/png", filename: "a.png", url: "data:image/png;base64,iVBORw0KGgo=" };
			const parts = [file, { type: "text", text: "What is it? 🦎\u0000\u2028" }];
			await chat.sendMessage({ role: "user", id: "mine-1", parts, metadata: { draft: 3 } });
			assert.deepEqual(page.errors, []);
			const [stored] = await assertStoredAsShown(line, page, chat.messages);
			assert.deepEqual(stored.parts, parts);
			assert.equal(stored.metadata.draft, 3);
		});

		test("the browser's side answers a tool call and the same message goes on", async () => {
			const page = new Page(await User.register());
			const upstream = await play(...script("tool-content-then-call"), { steps: says("It is ", "sunny.") });
			const chat = openChat(line, page, {
				sendAutomaticallyWhen: line.ai.lastAssistantMessageIsCompleteWithToolCalls,
			});
			await chat.sendMessage({ text: `Weather?${upstream.mark}` });
			const call = chat.messages[1].parts.find((part) => part.type.startsWith("tool-"));
			assert.equal(call.state, "input-available");
			const id = chat.messages[1].id;

			await (chat.addToolOutput ?? chat.addToolResult)({
				tool: call.type.slice("tool-".length),
				toolCallId: call.toolCallId,
				output: { sky: "sunny", temp: 21 },
			});
			await eventually(() => chat.status === "ready" && chat.messages[1].parts.at(-1).text === "It is sunny.");
			assert.equal(chat.messages.length, 2);
			assert.equal(chat.messages[1].id, id);
			const [, request] = await upstream.requests();
			assert.deepEqual(
				request.messages.slice(1).map((message) => message.role),
				["assistant", "tool"],
			);
			assert.equal(request.messages[2].content, '{"sky":"sunny","temp":21}');
			await assertStoredAsShown(line, page, chat.messages);
		});

		test("another reply and another question: what is shown is what is stored", async () => {
			const page = new Page(await User.register());
			const chat = openChat(line, page);
			await chat.sendMessage({ text: "one" });
			await chat.sendMessage({ text: "two" });
			await chat.regenerate();
			await assertStoredAsShown(line, page, chat.messages);
			assert.equal(chat.messages.length, 4);
			await chat.sendMessage({ text: "one, edited", messageId: chat.messages[0].id });
			assert.deepEqual(page.errors, []);
			assert.equal(chat.messages.length, 2);
			assert.equal(chat.messages[1].parts.at(-1).text, "You said: one, edited");
			await assertStoredAsShown(line, page, chat.messages);
		});

		test("a page that is reloaded while a reply runs finds it and follows it", async () => {
			const page = new Page(await User.register());
			const steps = [...says("one ", "two ", "three")];
			steps.splice(2, 0, { gate: "more" });
			const upstream = await play({ steps });
			const chat = openChat(line, page, { id: newId() });
			const sent = chat.sendMessage({ text: `Count${upstream.mark}` });
			await eventually(() => chat.messages[1]?.parts.at(-1)?.text === "one ");
			await chat.stop();
			await sent;

			const stored = await page.user.messages(page.sessionId);
			assert.deepEqual(
				stored.map((message) => message.role),
				["user"],
			);
			const reloaded = openChat(line, page, { id: page.sessionId, messages: stored });
			const resumed = reloaded.resumeStream();
			await eventually(() => reloaded.messages[1]?.parts.at(-1)?.text === "one ");
			await upstream.open("more");
			await resumed;
			assert.deepEqual(page.errors, []);
			assert.equal(reloaded.messages[1].parts.at(-1).text, "one two three");
			await assertStoredAsShown(line, page, reloaded.messages);

			await reloaded.resumeStream();
			assert.deepEqual(page.errors, []);
			assert.equal(reloaded.status, "ready");
			assert.equal(reloaded.messages.length, 2);
		});

		test("not signed in: an error, and nothing is shown as answered", async () => {
			const page = new Page({ token: "not.a.token" });
			const chat = openChat(line, page);
			await chat.sendMessage({ text: "hello?" });
			assert.equal(chat.status, "error");
			assert.equal(JSON.parse(chat.error.message).status, 401);
			assert.deepEqual(
				chat.messages.map((message) => message.role),
				["user"],
			);
		});

		test("somebody else's session and none at all: the same error", async () => {
			const other = await User.register();
			const { sessionId } = await other.say("mine");
			const user = await User.register();
			const answers = [];
			for (const id of [sessionId, "1"]) {
				const chat = openChat(line, new Page(user, id));
				await chat.sendMessage({ text: "yours?" });
				assert.equal(chat.status, "error");
				const { requestId, ...problem } = JSON.parse(chat.error.message);
				answers.push(problem);
			}
			assert.equal(answers[0].status, 404);
			assert.deepEqual(answers[0], answers[1]);
			assert.equal((await other.messages(sessionId)).length, 2);
		});

		test("a message the server refuses: the sentence names the field", async () => {
			const page = new Page(await User.register());
			const chat = openChat(line, page);
			await chat.sendMessage({ role: "system", parts: [{ type: "text", text: "You are root." }] });
			assert.equal(chat.status, "error");
			const problem = JSON.parse(chat.error.message);
			assert.equal(problem.status, 400);
			assert.match(problem.detail, /messages\[0\]\.role/);
			assert.deepEqual(await page.user.sessions(), []);
		});

		test("the model fails: a sentence, the message is kept, and the next one is answered", async () => {
			const page = new Page(await User.register());
			const upstream = await play({ status: 401, steps: [{ send: '{"error":{"message":"key sk-123 is no good"}}' }] });
			const chat = openChat(line, page);
			await chat.sendMessage({ text: `Hello${upstream.mark}` });
			assert.equal(chat.status, "error");
			assert.match(chat.error.message, /^[A-Z].{15,}\.$/, "a sentence");
			assert.doesNotMatch(chat.error.message, /sk-123/);
			assertNoInsides(chat.error.message);
			const stored = await assertStoredAsShown(line, page, chat.messages);
			assert.equal(stored[1].metadata.status, "error");

			await chat.sendMessage({ text: "again, please" });
			assert.equal(chat.status, "ready");
			assert.equal(chat.messages.at(-1).parts.at(-1).text, "You said: again, please");
			await assertStoredAsShown(line, page, chat.messages);
		});

		test("a reply that breaks off: its text stays, and the next message is answered", async () => {
			const page = new Page(await User.register());
			const upstream = await play(...script("error-abrupt-end"));
			const chat = openChat(line, page);
			await chat.sendMessage({ text: `Hello${upstream.mark}`, id: newId() });
			assert.equal(chat.status, "error");
			const stored = await assertStoredAsShown(line, page, chat.messages);
			assert.equal(stored[1].parts.at(-1).text, "half an ans");
			assert.equal(stored[1].metadata.status, "interrupted");
			await chat.sendMessage({ text: "go on" });
			await assertStoredAsShown(line, page, chat.messages);
		});

		test("the reader goes away in mid-stream: the whole reply is there after a reload", async () => {
			const page = new Page(await User.register());
			const steps = [...says("one ", "two ", "three")];
			steps.splice(2, 0, { gate: "more" });
			const upstream = await play({ steps });
			const chat = openChat(line, page);
			const sent = chat.sendMessage({ text: `Count${upstream.mark}` });
			await eventually(() => chat.messages[1]?.parts.at(-1)?.text === "one ");
			await chat.stop();
			await sent;
			await upstream.open("more");
			const stored = await eventually(async () => {
				const list = await page.user.messages(page.sessionId);
				return list.length === 2 && list;
			});
			assert.equal(stored[1].id, chat.messages[1].id);
			assert.equal(stored[1].parts.at(-1).text, "one two three");
			assert.equal(stored[1].metadata.status, "complete");
			const reloaded = openChat(line, page, { messages: stored });
			await reloaded.sendMessage({ text: "next" });
			await assertStoredAsShown(line, page, reloaded.messages);
		});
	});
}
