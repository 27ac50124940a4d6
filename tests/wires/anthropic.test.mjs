// Anthropic Messages, on an instance of that kind. The bodies in anthropic/ go through the product and through
// @ai-sdk/anthropic: both show the same chunks, and their next requests mean the same. DEVIATIONS.md lists the intended
// differences, with the reasons.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { createAnthropic } from "@ai-sdk/anthropic";
import { convertToModelMessages, jsonSchema, streamText, tool as aiTool } from "ai6";
import * as fake from "../support/anthropic.mjs";
import { newId, User } from "../support/api.mjs";
import { assemble, ourForm, plain } from "../support/expect.mjs";
import { play, refusals } from "../support/model.mjs";
import { withoutSentences } from "../support/uistream.mjs";
import { load, vectors } from "../support/vectors.mjs";

const FOLDER = new URL("anthropic/", import.meta.url);
const TOOLS = JSON.parse(readFileSync(new URL("../support/tools.json", import.meta.url), "utf8"));
globalThis.AI_SDK_LOG_WARNINGS = false;
const user = await User.register();

const bytesOf = (file) => readFileSync(new URL(file, FOLDER));
const FILES = readdirSync(FOLDER).sort();
const NAMES = FILES.filter((file) => !/\.\d\.sse$/.test(file)).map((file) => file.slice(0, -".sse".length));
const bodies = (name) => [`${name}.sse`, `${name}.2.sse`].filter((file) => FILES.includes(file)).map(bytesOf);

// ---- the SDK

const TOOL_SET = Object.fromEntries(
	TOOLS.map(({ function: { name, description, parameters } }) => [name, aiTool({ description, inputSchema: jsonSchema(parameters) })]),
);

/** What the SDK asks with these messages, and the chunks that it makes of this answer. */
async function sdk(answer, messages = [{ role: "user", content: "Hello" }], more = {}) {
	const asked = [];
	const provider = createAnthropic({
		apiKey: "k",
		async fetch(_, { body }) {
			asked.push(JSON.parse(body));
			return new Response(answer, { headers: { "content-type": "text/event-stream" } });
		},
	});
	const result = streamText({ model: provider("test-model"), messages, tools: TOOL_SET, maxRetries: 0, onError: () => {}, ...more });
	const chunks = [];
	for await (const chunk of result.toUIMessageStream({ sendSources: true, originalMessages: [], generateMessageId: () => "msg-assistant-1" })) chunks.push(chunk);
	return { asked: asked[0], chunks };
}

// ---- what both show, in one form

const isEnd = ({ type }) => /^(text|reasoning)-end$/.test(type);
const OURS = ["kind", "model", "blocks", "paused"];

/** The opaque state without what only we keep in it; undefined if nothing is left. */
function state(metadata) {
	const kept = Object.entries(metadata?.anthropic ?? {}).filter(([key]) => !OURS.includes(key));
	return kept.length > 0 ? { anthropic: Object.fromEntries(kept) } : undefined;
}

/**
 * Numbers blocks in their order and puts their opaque state at their end; leaves out empty texts and the provider's own
 * calls.
 */
function inOneForm(chunks) {
	const blocks = new Map();
	const counts = {};
	const own = new Set(chunks.filter(({ providerExecuted }) => providerExecuted).map(({ toolCallId }) => toolCallId));
	const urls = new Set();
	const out = [];
	for (const { providerMetadata, ...chunk } of chunks) {
		if (chunk.providerExecuted || own.has(chunk.toolCallId)) continue;
		if (chunk.type === "source-url") {
			if (!urls.has(chunk.url)) out.push({ type: chunk.type, url: chunk.url, title: chunk.title });
			urls.add(chunk.url);
			continue;
		}
		const kind = /^(text|reasoning)-(start|delta|end)$/.exec(chunk.type)?.[1];
		if (!kind) {
			out.push({ ...chunk, ...(state(providerMetadata) && { providerMetadata: state(providerMetadata) }) });
			continue;
		}
		if (chunk.type.endsWith("-start")) {
			counts[kind] ??= 0;
			blocks.set(chunk.id, { id: `${kind}-${counts[kind]++}`, at: out.length, said: false });
		}
		const block = blocks.get(chunk.id);
		block.state = state(providerMetadata) ?? block.state;
		if (chunk.type.endsWith("-delta") && chunk.delta === "") continue;
		block.said ||= chunk.type.endsWith("-delta");
		out.push({ ...chunk, id: block.id, ...(isEnd(chunk) && block.state && kind === "reasoning" && { providerMetadata: block.state }) });
		if (isEnd(chunk) && kind === "text" && !block.said) {
			out.splice(block.at);
			counts[kind]--;
		}
		if (isEnd(chunk) && kind === "reasoning" && !block.said && !block.state) {
			out.splice(block.at);
			counts[kind]--;
		}
	}
	return out;
}

const shown = (chunks) => inOneForm(withoutSentences(chunks));

/** Runs one turn with these bodies. */
async function turnOf(name, more = {}) {
	const upstream = await play(...bodies(name).map((body) => ({ stays: true, ...more, steps: [{ send64: body.toString("base64") }] })), { steps: fake.says("next") });
	const turn = await user.say(`Hello${upstream.mark}`);
	const [, stored] = await user.messages(turn.sessionId);
	return { turn, stored, upstream };
}

/** Where the SDK shows something else: how our stream ends, and what is stored. DEVIATIONS.md has the reasons. */
const OTHERWISE = {
	"blocks-all-numbered-0": ["complete tool-calls", "reasoning hm", "text ab", "tool-get_weather input-available"],
	"blocks-interleaved-thinking": ["complete stop", "reasoning Let me", "text 12231"],
	"blocks-no-stops": ["complete tool-calls", "reasoning hm", "text ab", "tool-get_weather input-available"],
	"body-json": ["complete stop", "reasoning hm", "text whole"],
	"cut-in-line": ["interrupted", "text half a"],
	"cut-text": ["interrupted", "text half a"],
	"cut-tool": ["interrupted", "tool-get_weather output-error"],
	"error-first-overloaded": ["error overloaded"],
	"noise-no-json": ["complete stop", "text words"],
	"no-final-blank-line": ["complete stop", "text whole"],
	pause: ["complete stop", "text I'll search.", "text ", "source-url", "source-url", "text Found it."],
	"pause-thinking": ["complete stop", "reasoning search first", "text ", "source-url", "source-url", "text It is 72 degrees"],
	"stop-no-message-stop": ["complete stop", "text whole"],
	"tool-input-at-start": ["complete tool-calls", "tool-any input-available"],
	"tool-name-long": ["complete stop", `tool-no_such_tool_${"x".repeat(243)} output-error`, "text next"],
	"tool-unknown-name": ["complete stop", "tool-no_such_tool output-error", "text next"],
	"unknown-block": ["complete stop", "text words"],
	"unknown-delta": ["complete stop", "text ab"],
	"unknown-event": ["complete stop", "text before", "text  after"],
	"unknown-no-type": ["complete stop", "text words"],
};

const inWords = ({ metadata: { status, finishReason, error }, parts }) => [
	[status, finishReason, status === "error" && error.code].filter(Boolean).join(" "),
	...parts.filter(({ type }) => type !== "step-start").map(({ type, text, state }) => [type, text ?? (/^tool/.test(type) ? state : undefined)].filter((word) => word !== undefined).join(" ")),
];

/** What this body teaches about the model applies to all later requests. */
const TEACHES = "error-first-invalid";

describe("streams, beside the SDK's", { concurrency: 4 }, () => {
	for (const name of NAMES.filter((name) => name !== TEACHES))
		test(name, async () => {
			const { turn, stored } = await turnOf(name);
			const theirs = await sdk(bodies(name)[0]);
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

const SHOWN = ["text", "thinking", "redacted_thinking", "tool_use", "tool_result", "image", "document"];

/** A block without the marks for the cache; for a text document, its text. */
function meant({ cache_control, ...block }) {
	if (block.type === "document" && block.source.type === "text") return { type: "text", text: block.source.data };
	if (block.type === "tool_result" && typeof block.content !== "string") block.content = block.content.map(({ text }) => text).join("");
	if (block.type === "tool_result" && !block.is_error) delete block.is_error;
	if (block.type === "document") delete block.title;
	return block;
}

/** The messages without what the model does not get: blank texts, and what a provider refuses at the end of a message. */
const meaning = ({ messages }, mark = "") =>
	JSON.parse(JSON.stringify(messages).replaceAll(mark, "")).map(({ role, content }) => {
		const list = (typeof content === "string" ? [{ type: "text", text: content }] : content).map(meant).filter(({ type, text }) => SHOWN.includes(type) && text?.trim() !== "");
		while (role === "assistant" && /thinking/.test(list.at(-1)?.type)) list.pop();
		return { role, content: list };
	}).filter(({ content }) => content.length > 0)
		.reduce((list, message) => {
			// Without an empty message between them, two messages of one role become one.
			if (list.at(-1)?.role === message.role) list.at(-1).content.push(...message.content);
			else list.push(message);
			return list;
		}, []);

const OK = Buffer.from(fake.start() + fake.text(0, "OK") + fake.end());

async function asksOfTheSdk(uiMessages) {
	const messages = await convertToModelMessages(uiMessages, { ignoreIncompleteToolCalls: true });
	return meaning((await sdk(OK, messages)).asked);
}

/** Requests that mean something else: what ours contains instead. */
const ASKED_OTHERWISE = {
	"req-system-in-history-default": /./, // the SDK refuses it, and the server refuses such a post, too
	"req-audio-wav": /cannot be read by this model/,
	"req-video": /cannot be read by this model/,
	"req-zip-unsupported": /cannot be read by this model/,
	"req-text-file-not-base64": /./,
	"req-approval-denied": /Tool call execution denied|no/,
	"req-approval-approved": /./,
	"req-tool-output-error-rawinput": /no JSON|tool_result/,
	"req-tool-preliminary": /part/, // people have seen it, so the model gets it
	"req-tool-output-null-number": /tool_result/,
};

describe("requests, beside the SDK's", { concurrency: 4 }, () => {
	for (const { name } of vectors("request"))
		test(name, async () => {
			const { uiMessages } = JSON.parse(JSON.stringify(load(name)).replaceAll('"danger"', '"hazard"').replaceAll("tool-danger", "tool-hazard"));
			const upstream = await play({ steps: [{ send64: OK.toString("base64") }] });
			const last = { id: newId(), role: "user", parts: [{ type: "text", text: "and now?" }] };
			const messages = [...uiMessages, last];
			const marked = [...uiMessages, { ...last, parts: [{ type: "text", text: `and now?${upstream.mark}` }] }];
			const turn = await user.chat({ id: newId(), messages: marked, trigger: "submit-message" });
			await turn.finish?.();
			if (turn.status !== 200) return assert.ok(ASKED_OTHERWISE[name], turn.text);
			const [asked] = await upstream.requests();
			const ours = meaning(asked, upstream.mark);
			const theirs = await asksOfTheSdk(messages).catch((error) => String(error));
			if (!ASKED_OTHERWISE[name]) return assert.deepEqual(ours, theirs);
			assert.notDeepEqual(ours, theirs, "it is not otherwise: take it off the list");
			assert.match(JSON.stringify(ours), ASKED_OTHERWISE[name]);
		});
});

/** The SDK sends an incomplete input as a text, which the provider refuses; our result contains it. */
const HALF = ["cut-tool", "error-mid-tool", "tool-cut-by-max"];

describe("what is asked after half a call", () => {
	for (const name of HALF)
		test(name, async () => {
			const { turn } = await turnOf(name);
			const upstream = await play({ steps: [{ send64: OK.toString("base64") }] });
			await user.say(`and now?${upstream.mark}`, { sessionId: turn.sessionId });
			const [asked] = await upstream.requests();
			assert.deepEqual(asked.messages[1].content.at(-1).input, {});
			assert.match(asked.messages[2].content[0].content, /\nThe arguments were no JSON object: /);
			assert.deepEqual(await refusals(), []);
		});
});

describe("what is asked after each answer, beside the SDK's", { concurrency: 4 }, () => {
	for (const name of NAMES.filter((name) => !/^(pause|error-first-invalid|tool-unknown-name|tool-name-long)/.test(name) && !HALF.includes(name)))
		test(name, async () => {
			const { turn } = await turnOf(name);
			const upstream = await play({ steps: [{ send64: OK.toString("base64") }] });
			await user.say(`and now?${upstream.mark}`, { sessionId: turn.sessionId });
			const [asked] = await upstream.requests();
			const history = (await user.messages(turn.sessionId)).slice(0, 3);
			const unmarked = JSON.parse(JSON.stringify(history).replaceAll(/\[\[play:\w+\]\]/g, ""));
			assert.deepEqual(JSON.parse(JSON.stringify(meaning(asked)).replaceAll(/\[\[play:\w+\]\]/g, "")), await asksOfTheSdk(unmarked));
		});
});
