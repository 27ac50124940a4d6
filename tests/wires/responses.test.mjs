// OpenAI Responses, on an instance of that kind. Bodies in the documented form, and those of responses/ for servers that use
// other forms, go through the product and through @ai-sdk/openai: both show the same chunks, and their next requests mean the
// same. DEVIATIONS.md lists the intended differences, with the reasons.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { createOpenAI } from "@ai-sdk/openai";
import { convertToModelMessages, jsonSchema, streamText, tool as aiTool } from "ai6";
import { newId, User } from "../support/api.mjs";
import { assemble, ourForm, plain } from "../support/expect.mjs";
import { play, refusals } from "../support/model.mjs";
import { reply, says } from "../support/responses.mjs";
import { withoutSentences } from "../support/uistream.mjs";
import { load, vectors } from "../support/vectors.mjs";

const FOLDER = new URL("responses/", import.meta.url);
const TOOLS = JSON.parse(readFileSync(new URL("../support/tools.json", import.meta.url), "utf8"));
globalThis.AI_SDK_LOG_WARNINGS = false;
const user = await User.register();

const X = { type: "url_citation", start_index: 0, end_index: 1, url: "https://x.example/", title: "X" };
const FILE = { type: "file_citation", index: 0, file_id: "file_1", filename: "f.txt" };
const weather = (r, id, city) => r.call(id, "get_weather", ['{"city"', `:"${city}"`, "}"]);

/** The bodies, as OpenAI sends them. */
const DOCUMENTED = {
	text: reply().text(["Hel", "lo", " there"]).end(),
	"text-many": reply().text(Array.from({ length: 300 }, (_, i) => `w${i} `)).end(),
	"text-unicode": reply().text(["ä", "你好", "\u{1f600}", "\n\t\"\\"]).end(),
	"text-empty-pieces": reply().text(["", "a", "", "b"]).end(),
	"text-blanks": reply().text([" ", "\n", "a", " "]).end(),
	"text-no-event-lines": reply({ named: false }).text(["a", "b"]).end(),
	"text-no-obfuscation": reply({ obfuscation: false }).text(["a", "b"]).end(),
	"text-crlf": reply().text(["a", "b"]).end().replaceAll("\n", "\r\n"),
	"text-comments": reply().text(["a", "b"]).end().replaceAll("\n\n", "\n\n: ping\n\n"),
	"text-done-after": `${reply().text(["a"]).end()}data: [DONE]\n\n`,
	"text-two-messages": reply().text(["a"]).text(["b"]).end(),
	"text-phases": reply().text(["I look."], { phase: "commentary" }).text(["Found."], { phase: "final_answer" }).end(),
	"text-markdown": reply().text(["# A\n\n```js\n", "let a = `b`;\n", "```\n"]).end(),
	"text-long-piece": reply().text(["x".repeat(20000)]).end(),
	"usage-none": reply().text(["a"]).end({ usage: { input_tokens: 7, output_tokens: 1 } }),
	"sources": reply().text(["See X."], { annotations: [X] }).end(),
	"sources-twice": reply().text(["See X."], { annotations: [X, X] }).end(),
	"sources-two": reply().text(["See."], { annotations: [X, { ...X, url: "https://y.example/", title: "Y" }] }).end(),
	"sources-file": reply().text(["See f."], { annotations: [FILE, X] }).end(),
	"search": reply().search("x").text(["See X."], { annotations: [X] }).end(),
	"search-thinking": reply().reasoning([["look"]]).search("x").text(["See X."], { annotations: [X] }).end(),
	"reasoning": reply().reasoning([["h", "m"]]).text(["a"]).end(),
	"reasoning-two-parts": reply().reasoning([["x", "1"], ["y"]]).text(["a"]).end(),
	"reasoning-three-parts": reply().reasoning([["x"], ["y"], ["z"]]).text(["a"]).end(),
	"reasoning-two-items": reply().reasoning([["x"]], "s1").reasoning([["y"]], "s2").text(["a"]).end(),
	"reasoning-hidden": reply().reasoning([]).text(["a"]).end(),
	"reasoning-only": reply().reasoning([["hm"]]).end(),
	"reasoning-unicode": reply().reasoning([["ä\n", "\u{1f600}"]]).text(["a"]).end(),
	"reasoning-between": reply().reasoning([["x"]], "s1").text(["a"]).reasoning([["y"]], "s2").text(["b"]).end(),
	"call": weather(reply(), "call_1", "Paris").end(),
	"call-after-text": weather(reply().text(["I look."]), "call_1", "Paris").end(),
	"call-thinking": weather(reply().reasoning([["look"]]), "call_1", "Paris").end(),
	"call-hidden-thinking": weather(reply().reasoning([]), "call_1", "Paris").end(),
	"calls-two": weather(weather(reply(), "call_1", "Paris"), "call_2", "Rome").end(),
	"calls-interleaved": weather(weather(reply().reasoning([["x"]], "s1"), "call_1", "Paris").reasoning([["y"]], "s2"), "call_2", "Rome").end(),
	"call-one-piece": reply().call("call_1", "get_weather", ['{"city":"Paris"}']).end(),
	"call-unicode": weather(reply(), "call_1", "Zürich \u{1f600}").end(),
	"call-then-text": weather(reply(), "call_1", "Paris").text(["Wait."]).end(),
	"incomplete-length": reply().text(["a"]).incomplete("max_output_tokens"),
	"incomplete-filter": reply().text(["a"]).incomplete("content_filter"),
	"incomplete-thinking": reply().reasoning([["hm"]]).incomplete("max_output_tokens"),
	"incomplete-other": reply().text(["a"]).incomplete("another"),
	"refusal": reply().refusal(["I can", "not."]).end(),
	"failed": reply().text(["a"]).failed("server_error", "The server had an error"),
	"failed-first": reply().failed("rate_limit_exceeded", "Rate limit reached"),
	"error": reply().text(["a"]).error("server_error", "Sorry"),
	"cut": reply().text(["a", "b"]).sent,
	"unknown-event": reply().event("response.new.thing", { output_index: 0 }).text(["a"]).end(),
	"empty": reply().end(),
};

const ODD = Object.fromEntries(
	readdirSync(FOLDER).sort().map((file) => [`odd-${file.slice(0, -".sse".length)}`, readFileSync(new URL(file, FOLDER), "utf8")]),
);
const BODIES = { ...DOCUMENTED, ...ODD };

// ---- the SDK

const TOOL_SET = Object.fromEntries(
	TOOLS.map(({ function: { name, description, parameters } }) => [name, aiTool({ description, inputSchema: jsonSchema(parameters) })]),
);

/** What the SDK asks with these messages, and the chunks that it makes of this answer. */
async function sdk(answer, messages = [{ role: "user", content: "Hello" }]) {
	const asked = [];
	const provider = createOpenAI({
		apiKey: "k",
		async fetch(_, { body }) {
			asked.push(JSON.parse(body));
			return new Response(answer, { headers: { "content-type": "text/event-stream" } });
		},
	});
	const options = { providerOptions: { openai: { store: false } }, tools: TOOL_SET, maxRetries: 0, onError: () => {} };
	const result = streamText({ model: provider.responses("test-model"), messages, ...options });
	const chunks = [];
	try {
		for await (const chunk of result.toUIMessageStream({ sendSources: true, originalMessages: [], generateMessageId: () => "msg-assistant-1" })) chunks.push(chunk);
	} catch (error) {
		chunks.push({ type: "error", errorText: String(error) }); // the SDK refuses what was not announced
	}
	return { asked: asked[0], chunks };
}

// ---- what both show, in one form

/** The id and the state of a reasoning block, the phase of a text, otherwise undefined. */
function state(kind, { openai = {} } = {}) {
	const { itemId, reasoningEncryptedContent, phase } = openai;
	if (kind === "text") return phase ?? undefined;
	return reasoningEncryptedContent ? { itemId, reasoningEncryptedContent } : undefined;
}

/** Numbers blocks in their order, with their state at their end; calls are complete at the end of their step, as here. */
function inOneForm(chunks) {
	const blocks = new Map();
	const counts = { text: 0, reasoning: 0 };
	const own = new Set(chunks.filter(({ providerExecuted }) => providerExecuted).map(({ toolCallId }) => toolCallId));
	const urls = new Set();
	const [out, whole] = [[], []];
	for (const { providerMetadata, ...chunk } of chunks) {
		if (own.has(chunk.toolCallId)) continue;
		if (chunk.type === "source-url") {
			if (!urls.has(chunk.url)) out.push({ type: chunk.type, url: chunk.url, title: chunk.title });
			urls.add(chunk.url);
			continue;
		}
		if (chunk.type === "source-document") continue;
		if (/^tool-(input-available|output)/.test(chunk.type)) {
			whole.push(chunk);
			continue;
		}
		if (chunk.type === "finish-step") out.push(...whole.splice(0));
		const [, kind, what] = /^(text|reasoning)-(start|delta|end)$/.exec(chunk.type) ?? [];
		if (what === "start") blocks.set(chunk.id, { id: `${kind}-${counts[kind]++}`, at: out.length, said: false });
		const block = kind && blocks.get(chunk.id);
		if (kind && !block) {
			out.push({ type: "nowhere" }); // it never began
			continue;
		}
		if (what === "delta" && chunk.delta === "") continue;
		if (what === "delta") block.said = true;
		const kept = what === "end" ? state(kind, providerMetadata) : undefined;
		out.push({ ...chunk, ...(block && { id: block.id }), ...(kept && { kept }) });
		if (what === "end" && !block.said && !kept) {
			out.splice(block.at);
			counts[kind]--;
		}
	}
	return out;
}

const shown = (chunks) => inOneForm(withoutSentences(chunks));

async function turnOf(body, more = {}) {
	const upstream = await play({ stays: true, ...more, steps: [{ send: body }] }, { steps: says("next") });
	const turn = await user.say(`Hello${upstream.mark}`);
	const [, stored] = await user.messages(turn.sessionId);
	return { turn, stored, upstream };
}

const inWords = ({ metadata: { status, finishReason, error }, parts }) => [
	[status, finishReason, status === "error" && error.code].filter(Boolean).join(" "),
	...parts
		.filter(({ type }) => type !== "step-start")
		.map(({ type, text, state }) => [type, text ?? (/^tool/.test(type) ? state : undefined)].filter((word) => word !== undefined).join(" ")),
];

/** Where the SDK shows something else: how our stream ends, and what is stored. DEVIATIONS.md has the reasons. */
const OTHERWISE = JSON.parse(readFileSync(new URL("responses.json", import.meta.url), "utf8"));

describe("streams, beside the SDK's", { concurrency: 4 }, () => {
	for (const [name, body] of Object.entries(BODIES))
		test(name, { timeout: 20_000 }, async () => {
			const { turn, stored } = await turnOf(body);
			const theirs = await sdk(body);
			const ours = shown(plain(turn));
			const expected = shown(ourForm(theirs.chunks));
			if (OTHERWISE[name]) {
				assert.notDeepEqual(ours, expected, "it is not otherwise: take it off the list");
				assert.deepEqual(inWords(stored), OTHERWISE[name]);
			} else assert.deepEqual(ours, expected);
			assert.deepEqual(stored.metadata, turn.metadata);
			assert.deepEqual(stored, await assemble(turn.chunks), "the client shows what is stored");
			assert.deepEqual(await refusals(), [], "nothing was refused");
		});
});

// ---- the next request

const TEXT = /^(in|out)put_text$/;
const NOTE = /^\[This reply ended here\.\]$/;

/** A part of a message, without what only one of the two requests contains. */
const part = ({ annotations, logprobs, detail, ...rest }) => rest;

/** An item without ids, which mean nothing if the provider stores nothing. */
function item({ type = "message", id, status, ...rest }) {
	if (type === "reasoning") return { type, id, ...rest };
	if (type === "function_call") return { type, ...rest, arguments: JSON.parse(rest.arguments) };
	if (type !== "message") return { type, ...rest };
	const content = typeof rest.content === "string" ? [{ type: "input_text", text: rest.content }] : rest.content.map(part);
	return { type, ...rest, content: content.filter((one) => !TEXT.test(one.type) || one.text.trim() !== "") };
}

/** Joins neighbours of one role and phase to one message; for the model's texts, only the joined text counts. */
function joined(list, one) {
	const last = list.at(-1);
	if (one.type !== "message" || last?.type !== "message" || last.role !== one.role || last.phase !== one.phase) list.push(one);
	else last.content.push(...one.content);
	return list;
}

function saidTogether(one) {
	if (one.role !== "assistant") return one;
	return { ...one, content: one.content.map(({ text }) => text).join("") };
}

/** Our requests have all results after the calls of their step; the SDK's have each after its call. */
function resultsLast(list) {
	const out = [];
	const results = [];
	for (const one of list) {
		if (one.type === "message") out.push(...results.splice(0));
		(one.type === "function_call_output" ? results : out).push(one);
	}
	return [...out, ...results];
}

const meaning = ({ input }) =>
	resultsLast(input.map(item).filter(({ type, content }) => type !== "message" || content.length > 0))
		.filter(({ role, content }) => role !== "assistant" || !NOTE.test(content[0].text))
		.reduce(joined, [])
		.map(saidTogether);

const unmarked = (json) => JSON.parse(JSON.stringify(json).replaceAll(/\[\[play:\w+\]\]/g, ""));
const OK = reply().text(["OK"]).end();

async function asksOfTheSdk(uiMessages) {
	const messages = await convertToModelMessages(uiMessages, { ignoreIncompleteToolCalls: true });
	return meaning((await sdk(OK, messages)).asked);
}

/** Requests that mean something else: what ours contains instead. */
const ASKED_OTHERWISE = {
	"req-system-in-history-default": /./, // the server refuses such a post
	"req-pdf-no-filename": /document\.pdf/,
	"req-text-file": /input_text/, // the SDK refuses these
	"req-text-file-not-base64": /input_text/,
	"req-audio-wav": /cannot be read by this model/,
	"req-video": /cannot be read by this model/,
	"req-zip-unsupported": /cannot be read by this model/,
	"req-tool-output-null-number": /no JSON object: str/, // arguments must be an object, so the result says what they were
	"req-tool-output-error-rawinput": /no JSON object/,
	"req-tool-preliminary": /part/, // people have seen it, so the model gets it
	"req-approval-denied": /./, // the SDK asks a person again
	"req-approval-approved": /./,
};

describe("requests, beside the SDK's", { concurrency: 4 }, () => {
	for (const { name } of vectors("request"))
		test(name, { timeout: 20_000 }, async () => {
			// A tool of that name runs in the server, which accepts no calls of it from a client.
			const { uiMessages } = JSON.parse(JSON.stringify(load(name)).replaceAll('"danger"', '"hazard"').replaceAll("tool-danger", "tool-hazard"));
			const upstream = await play({ steps: [{ send: OK }] });
			const last = { id: newId(), role: "user", parts: [{ type: "text", text: "and now?" }] };
			const marked = [...uiMessages, { ...last, parts: [{ type: "text", text: `and now?${upstream.mark}` }] }];
			const turn = await user.chat({ id: newId(), messages: marked, trigger: "submit-message" });
			await turn.finish?.();
			if (turn.status !== 200) return assert.ok(ASKED_OTHERWISE[name], turn.text);
			const [asked] = await upstream.requests();
			const ours = unmarked(meaning(asked));
			const theirs = await asksOfTheSdk([...uiMessages, last]).catch((error) => String(error));
			if (!ASKED_OTHERWISE[name]) return assert.deepEqual(ours, theirs);
			assert.notDeepEqual(ours, theirs, "it is not otherwise: take it off the list");
			assert.match(JSON.stringify(ours), ASKED_OTHERWISE[name]);
		});
});

/** Answers that change the next request. */
const LEFT_OUT = /^(?!.*encrypted_content)/;
const NEXT_OTHERWISE = {
	"search-thinking": LEFT_OUT,
	"reasoning-only": LEFT_OUT,
	"call-thinking": LEFT_OUT,
	"call-hidden-thinking": LEFT_OUT,
	"calls-interleaved": LEFT_OUT,
	"incomplete-thinking": LEFT_OUT,
};

describe("what is asked after each answer, beside the SDK's", { concurrency: 4 }, () => {
	for (const [name, body] of Object.entries(DOCUMENTED))
		test(name, { timeout: 20_000 }, async () => {
			const { turn } = await turnOf(body);
			const upstream = await play({ steps: [{ send: OK }] });
			await user.say(`and now?${upstream.mark}`, { sessionId: turn.sessionId });
			const [asked] = await upstream.requests();
			const history = (await user.messages(turn.sessionId)).slice(0, 3);
			const ours = unmarked(meaning(asked));
			const theirs = await asksOfTheSdk(unmarked(history));
			assert.deepEqual(await refusals(), [], "nothing was refused");
			if (!NEXT_OTHERWISE[name]) return assert.deepEqual(ours, theirs);
			assert.notDeepEqual(ours, theirs, "it is not otherwise: take it off the list");
			assert.match(JSON.stringify(ours), NEXT_OTHERWISE[name]);
		});
});
