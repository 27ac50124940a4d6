// Anthropic Messages, on an instance of that kind. The bodies in anthropic/ go through the product and through @ai-sdk/anthropic:
// both show the same chunks, and what is asked next means the same. DEVIATIONS.md says what differs on purpose, and why.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { createAnthropic } from "@ai-sdk/anthropic";
import Anthropic from "@anthropic-ai/sdk";
import { convertToModelMessages, jsonSchema, streamText, tool as aiTool } from "ai6";
import * as fake from "../support/anthropic.mjs";
import { eventually, newId, User, userMessage } from "../support/api.mjs";
import { messagesOf, query } from "../support/db.mjs";
import { assemble, ourForm, plain } from "../support/expect.mjs";
import { beside, pid, up, VAR } from "../support/instance.mjs";
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

/** What the SDK asks with these messages, and the chunks that it shows of this answer. */
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

/** Opaque state without what only we keep in it; undefined when nothing is left. */
function state(metadata) {
	const kept = Object.entries(metadata?.anthropic ?? {}).filter(([key]) => !OURS.includes(key));
	return kept.length > 0 ? { anthropic: Object.fromEntries(kept) } : undefined;
}

/** Blocks are numbered as they come, and have their opaque state at their end; empty texts and the provider's own calls are left out. */
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

/** One turn against these bodies. */
async function turnOf(name, more = {}) {
	const upstream = await play(...bodies(name).map((body) => ({ ...more, steps: [{ send64: body.toString("base64") }] })), { steps: fake.says("next") });
	const turn = await user.say(`Hello${upstream.mark}`);
	const [, stored] = await user.messages(turn.sessionId);
	return { turn, stored, upstream };
}

/** Where the SDK shows something else: how ours ends, and what is stored. DEVIATIONS.md has the reasons. */
const OTHERWISE = {
	"body-json": ["complete stop", "reasoning hm", "text whole"],
	"cut-in-line": ["interrupted", "text half a"],
	"cut-text": ["interrupted", "text half a"],
	"cut-tool": ["interrupted", "tool-get_weather output-error"],
	"error-first-invalid": ["complete stop", "text next"],
	"error-first-overloaded": ["error overloaded"],
	"noise-no-json": ["complete stop", "text words"],
	"no-final-blank-line": ["complete stop", "text whole"],
	pause: ["complete stop", "text I'll search.", "text ", "source-url", "source-url", "text Found it."],
	"pause-thinking": ["complete stop", "reasoning search first", "text ", "source-url", "source-url", "text It is 72 degrees"],
	"stop-no-message-stop": ["complete stop", "text whole"],
	"tool-input-at-start": ["complete tool-calls", "tool-any input-available"],
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

describe("streams, beside the SDK's", { concurrency: 4 }, () => {
	for (const name of NAMES)
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

describe("the fake server, with @anthropic-ai/sdk as its client", () => {
	const client = new Anthropic({ apiKey: "k", baseURL: process.env.LAMPLIGHT_LLM_BASE_URL.replace(/\/v1$/, ""), maxRetries: 0 });
	const ask = (content, more = {}) => client.messages.stream({ model: "test-model", max_tokens: 9, messages: [{ role: "user", content }], ...more });

	test("an echo, thoughts, calls and their signatures are read as they were written", async () => {
		assert.equal(await ask("hi there").finalText(), "You said: hi there");
		const { mark } = await play({ steps: [{ send: fake.start() + fake.thinking(0, "sig", "a", "b") + fake.tool(1, "toolu_1", "f", { x: [1, "é"] }) + fake.end("tool_use") }] });
		const message = await ask(mark).finalMessage();
		assert.deepEqual(message.content, [
			{ type: "thinking", thinking: "ab", signature: "sig" },
			{ type: "tool_use", id: "toolu_1", name: "f", input: { x: [1, "é"] } },
		]);
		assert.deepEqual([message.stop_reason, message.usage.output_tokens], ["tool_use", 5]);
	});

	test("errors are errors: in the stream, and what is refused", async () => {
		const { mark } = await play({ steps: [{ send: fake.start() + fake.failed("overloaded_error", "Overloaded") }] });
		await assert.rejects(ask(mark).finalMessage(), /overloaded_error/);
		await assert.rejects(ask("  ").finalMessage(), Anthropic.BadRequestError);
		assert.equal((await refusals()).length, 1);
	});

	for (const name of NAMES.filter((name) => /^(text-basic|text-unicode|thinking|tool|usage|stop-(max|ref|seq)|search|citation)/.test(name)))
		test(`the body ${name} is one that it reads`, async () => {
			const { mark } = await play({ steps: [{ send64: bodies(name)[0].toString("base64") }] });
			const message = await ask(mark).finalMessage().catch((error) => error);
			if (name === "tool-cut-by-max") assert.match(String(message), /JSON/);
			else assert.equal(message.type, "message", String(message));
		});
});
void [Anthropic, convertToModelMessages, eventually, newId, userMessage, messagesOf, query, beside, pid, up, VAR, load, vectors];
