// Runs the recorded cases of tests/vectors through the whole server: HTTP in front, the fake model behind, HTTP and the
// tables as the result.
//
// DEVIATIONS.json lists every case that the server answers in another way than recorded, with the reason and, if there is
// one, the answer. A listed case that would pass as recorded fails, so the list stays true.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { User } from "./support/api.mjs";
import { messagesOf, query } from "./support/db.mjs";
import { assemble, ourForm, plain, usage } from "./support/expect.mjs";
import { chunk, DONE, play, says } from "./support/model.mjs";
import { parse, renameIds, withoutSentences } from "./support/uistream.mjs";
import { deviations, load, script, vectors } from "./support/vectors.mjs";

const TOOLS = JSON.parse(readFileSync(new URL("support/tools.json", import.meta.url), "utf8"));
const DEVIATIONS = deviations();
const user = await User.register();

/** Checks a case: `asRecorded` must hold, unless the case is listed; then it must not hold, and the listed answer must. */
async function check(name, observed, asRecorded, asListed) {
	const deviation = DEVIATIONS[name];
	if (!deviation) return asRecorded(observed);
	assert.ok(deviation.reason.length > 20, "a deviation has a reason");
	await assert.rejects(async () => asRecorded(observed), assert.AssertionError, `${name} passes: take it off the list`);
	return asListed(observed, deviation);
}

// ---- streams

/** Runs one turn while the model plays `calls`: what was streamed, what was stored, and what the model got. */
async function turn(calls, text = "Hello") {
	const upstream = await play(...calls);
	const turn = await user.say(text + upstream.mark);
	const [, stored] = await user.messages(turn.sessionId);
	return { turn, stored, requests: await upstream.requests(), mark: upstream.mark };
}

/**
 * Outputs come in the order in which the tools finish; here they run one after the other, so it is the order of their calls.
 */
function inCallOrder(chunks) {
	const isOutput = (chunk) => chunk?.type.startsWith("tool-output");
	const before = (a, b) => isOutput(a) && isOutput(b) && a.toolCallId < b.toolCallId;
	const sorted = [];
	for (const chunk of chunks) {
		const at = sorted.findLastIndex((other) => !before(chunk, other)) + 1;
		sorted.splice(at, 0, chunk);
	}
	return sorted;
}

function checkStream({ turn }, expected) {
	const actual = inCallOrder(withoutSentences(plain(turn)));
	assert.deepEqual(renameIds(actual, expected), expected);
}

async function checkStored({ turn, stored }, expectedParts) {
	assert.equal(stored.id, turn.messageId);
	assert.deepEqual(stored.metadata, turn.metadata);
	const parts = withoutSentences(stored.parts);
	assert.deepEqual(renameIds(parts, expectedParts), expectedParts);
	const shown = await assemble(turn.chunks);
	assert.deepEqual(stored, shown, "the client shows what is stored");
}

function checkUsage({ turn }, { result }) {
	const recorded = (result["v6+v7"] ?? result.v6).totalUsage;
	if (turn.metadata.status === "complete") assert.deepEqual(usage(turn.metadata.usage), usage(recorded));
}

async function asRecordedStream(observed, { uiStream, finalMessage, request, secondRequest, meta }) {
	const recorded = parseLoose(uiStream);
	const expected = withoutSentences(ourForm(recorded));
	checkStream(observed, expected);
	const asRecorded = JSON.stringify(expected) === JSON.stringify(withoutSentences(recorded));
	const { parts } = asRecorded ? finalMessage : await assemble(expected);
	await checkStored(observed, withoutSentences(parts));
	if (request) checkRequest(observed, request);
	if (secondRequest) checkRequest({ ...observed, requests: observed.requests.slice(1) }, secondRequest);
	checkUsage(observed, meta);
}

/** A recorded body may break off without [DONE], and may contain comments. */
const parseLoose = (body) => parse(body.endsWith("data: [DONE]\n\n") ? body : `${body}data: [DONE]\n\n`);

async function asListedStream(observed, { answer }) {
	if (answer.as) return asRecordedStream(observed, { ...load(answer.as), request: undefined });
	const expected = withoutSentences(answer.chunks);
	checkStream(observed, expected);
	await checkStored(observed, withoutSentences((await assemble(expected)).parts));
}

describe("stream vectors", { concurrency: 4 }, () => {
	for (const { name } of vectors("stream")) {
		test(name, async () => {
			const vector = load(name);
			const observed = await turn(script(name));
			await check(name, observed, (observed) => asRecordedStream(observed, vector), asListedStream);
		});
	}
});

describe("stream vectors cut after every byte: how it was split never shows", { concurrency: 4 }, () => {
	const names = ["text-escapes", "unicode-escaped", "unicode-split-in-sequence", "unicode-invalid-utf8", "sse-crlf"];
	for (const name of [...names, "tool-parallel-interleaved", "reasoning-interleaved", "unicode-bom-at-start"]) {
		test(name, async () => {
			const [{ steps, ...call }] = script(name);
			const length = Buffer.from(steps[0].send64, "base64").length;
			const cuts = Array.from({ length: length - 1 }, (_, i) => i + 1);
			const observed = await turn([{ ...call, steps: [{ ...steps[0], cuts }] }]);
			await asRecordedStream(observed, load(name));
		});
	}
});

// The ui- cases have no recorded upstream: this is what their model said.
const UI = {
	"ui-abort-before-first-byte": [{ steps: says("Hello") }],
	"ui-error-default": [{ status: 400, steps: [{ send: "no" }] }],
	"ui-keep-alive": [{ steps: [{ wait: 1200 }, ...says("Hel", "lo")] }],
	"ui-message-metadata": [{ steps: says("Hi") }],
	"ui-message-metadata-every-part": [{ steps: says("Hel", "lo") }],
	"ui-no-message-id": [{ steps: says("Hel", "lo") }],
	"ui-no-reasoning": [
		{
			steps: [chunk({ reasoning_content: "hm" }), chunk({ content: "Hi" }), chunk({}, "stop"), DONE].map((send) => ({
				send,
			})),
		},
	],
};

function asRecordedUi(observed, _name, { uiStream }) {
	const recorded = parse(uiStream);
	const expected = withoutSentences(ourForm(recorded)).map(({ messageMetadata, ...chunk }) => chunk);
	assert.equal(recorded[0].messageId, "msg-assistant-1");
	checkStream(observed, expected);
	if (uiStream.includes(": keep-alive")) assert.ok(observed.turn.comments > 0, "comments while the model is silent");
}

describe("ui vectors", { concurrency: 4 }, () => {
	for (const { name } of vectors("ui")) {
		test(name, async () => {
			const observed = await turn(UI[name]);
			await check(name, observed, (observed) => asRecordedUi(observed, name, load(name)), asListedStream);
		});
	}
});

// ---- requests

/**
 * Compares a request with the recorded one, except the model's name, the mark, and what the server's configuration decides.
 */
function checkRequest({ requests: [actual], mark }, recorded) {
	assert.equal(actual.model, "test-model");
	assert.equal(actual.stream, true);
	assert.deepEqual(actual.stream_options, { include_usage: true });
	assert.deepEqual(actual.tools.slice(0, TOOLS.length), TOOLS, "then come the server's own: api/tools.test.mjs");
	assert.equal(actual.tool_choice, "auto");
	const { tools, tool_choice, stream_options, ...rest } = actual;
	const { tools: offered, tool_choice: choice, stream_options: options, ...expected } = recorded;
	assert.deepEqual(withoutMark(rest, mark), expected);
}

const withoutMark = (request, mark) => JSON.parse(JSON.stringify(request).replaceAll(mark, ""));

/** The history with the mark after the last text of the user. */
function marked(uiMessages, mark) {
	const messages = structuredClone(uiMessages);
	const last = messages.findLast((message) => message.role === "user");
	last.parts.find((part) => part.type === "text").text += mark;
	return messages;
}

/** The stored form of a part while the last message was still waiting for its answer. */
function waiting({ output, state, approval, ...part }) {
	if (state === "output-available") return { ...part, state: "input-available" };
	if (state === "approval-responded") return { ...part, state: "approval-requested", approval: { id: approval.id } };
	return { ...part, ...(state && { state }) };
}

/** Stores [user, assistant] with a turn, then posts the list like a client that continues the assistant message. */
async function continued([question, reply], upstream) {
	const first = await user.say(question.parts[0].text, { message: question });
	await query("UPDATE message SET parts = ? WHERE session_id = ? AND id = ?", [
		JSON.stringify(reply.parts.map(waiting)),
		first.sessionId,
		first.messageId,
	]);
	const messages = [question, { ...reply, id: first.messageId }];
	const body = { sessionId: first.sessionId, id: "c", messages, trigger: "submit-message", messageId: first.messageId };
	const answer = await user.chat(body);
	await answer.finish?.();
	if (answer.status === 200) assert.equal(answer.messageId, first.messageId, "it goes on with that message");
	return { answer, requests: (await upstream.requests()).slice(1), mark: upstream.mark };
}

/** The server does not believe a client that a tool of the server was called, so these calls are of a tool of the page. */
const ofThePage = (vector) => JSON.parse(JSON.stringify(vector).replaceAll('"danger"', '"hazard"').replaceAll("tool-danger", "tool-hazard"));

/**
 * The stored form of a client's message: the server does not believe a client what only a model can have said of a part of
 * its reply.
 */
const believed = ({ role, parts }) => (role === "user" ? parts : parts.map(({ callProviderMetadata, providerMetadata, ...part }) => part));

/** Posts a history that ends with the user's message as the first message of a new session. */
async function fresh(messages, upstream) {
	const answer = await user.chat({ id: upstream.id, messages, trigger: "submit-message" });
	await answer.finish?.();
	if (answer.status === 200) {
		const rows = await messagesOf(answer.sessionId);
		assert.deepEqual(
			rows.slice(0, -1).map((row) => JSON.parse(row.parts)),
			messages.map(believed),
		);
	}
	return { answer, requests: await upstream.requests(), mark: upstream.mark };
}

function asRecordedRequest(observed, { request }) {
	assert.equal(observed.requests.length, request ? 1 : 0);
	if (request) checkRequest(observed, request);
}

function asListedRequest(observed, { answer }) {
	if (answer.status) return observed.answer.problem(answer.status, { field: answer.field });
	assert.equal(observed.requests.length, 1);
	assert.deepEqual(withoutMark(observed.requests[0].messages, observed.mark), answer.messages);
}

describe("request vectors", { concurrency: 4 }, () => {
	for (const { name } of vectors("request")) {
		test(name, async () => {
			const recorded = load(name);
			const [send, vector] = recorded.uiMessages.at(-1).role === "user" ? [fresh, ofThePage(recorded)] : [continued, recorded];
			const upstream = await play({ steps: says("OK") });
			const observed = await send(marked(vector.uiMessages, upstream.mark), upstream);
			await check(name, observed, (observed) => asRecordedRequest(observed, vector), asListedRequest);
		});
	}
});

test("every deviation is a vector", () => {
	const names = new Set(vectors(undefined).map((vector) => vector.name));
	for (const name of Object.keys(DEVIATIONS)) assert.ok(names.has(name), name);
});
