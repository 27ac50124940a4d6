// Anthropic Messages, on an instance of that kind. The bodies in anthropic/ go through the product and through @ai-sdk/anthropic:
// both show the same chunks, and what is asked next means the same. DEVIATIONS.md says what differs on purpose, and why.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { createAnthropic } from "@ai-sdk/anthropic";
import Anthropic from "@anthropic-ai/sdk";
import { convertToModelMessages, jsonSchema, streamText, tool as aiTool } from "ai6";
import * as fake from "../support/anthropic.mjs";
import { eventually, newId, User } from "../support/api.mjs";
import { assemble, ourForm, plain } from "../support/expect.mjs";
import { query } from "../support/db.mjs";
import { beside, pid, up, VAR } from "../support/instance.mjs";
import { chunk, DONE, play, refusals, says } from "../support/model.mjs";
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

/** What this one teaches is of the model, for all. */
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
			assert.equal(message.type, "message", String(message));
		});
});
// ---- what is asked next

const SHOWN = ["text", "thinking", "redacted_thinking", "tool_use", "tool_result", "image", "document"];

/** A block without marks for the cache; a text document is its text. */
function meant({ cache_control, ...block }) {
	if (block.type === "document" && block.source.type === "text") return { type: "text", text: block.source.data };
	if (block.type === "tool_result" && typeof block.content !== "string") block.content = block.content.map(({ text }) => text).join("");
	if (block.type === "tool_result" && !block.is_error) delete block.is_error;
	if (block.type === "document") delete block.title;
	return block;
}

/** The messages without what nobody is told: blank texts, and what a provider refuses at the end of a message. */
const meaning = ({ messages }, mark = "") =>
	JSON.parse(JSON.stringify(messages).replaceAll(mark, "")).map(({ role, content }) => {
		const list = (typeof content === "string" ? [{ type: "text", text: content }] : content).map(meant).filter(({ type, text }) => SHOWN.includes(type) && text?.trim() !== "");
		while (role === "assistant" && /thinking/.test(list.at(-1)?.type)) list.pop();
		return { role, content: list };
	}).filter(({ content }) => content.length > 0)
		.reduce((list, message) => {
			// One who says nothing between two others is nobody.
			if (list.at(-1)?.role === message.role) list.at(-1).content.push(...message.content);
			else list.push(message);
			return list;
		}, []);

const OK = Buffer.from(fake.start() + fake.text(0, "OK") + fake.end());

async function asksOfTheSdk(uiMessages) {
	const messages = await convertToModelMessages(uiMessages, { ignoreIncompleteToolCalls: true });
	return meaning((await sdk(OK, messages)).asked);
}

/** Requests that mean something else: what of ours is there instead. */
const ASKED_OTHERWISE = {
	"req-system-in-history-default": /./, // the SDK refuses it; here it is refused, too, as a post
	"req-audio-wav": /cannot be read by this model/,
	"req-video": /cannot be read by this model/,
	"req-zip-unsupported": /cannot be read by this model/,
	"req-text-file-not-base64": /./,
	"req-approval-denied": /Tool call execution denied|no/,
	"req-approval-approved": /./,
	"req-tool-output-error-rawinput": /no JSON|tool_result/,
	"req-tool-preliminary": /part/, // it had been shown, so it is told
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

/** The SDK sends half of an input as a text, which is refused; here it is told in the result. */
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
	for (const name of NAMES.filter((name) => !/^(pause|error-first-invalid|tool-unknown-name)/.test(name) && !HALF.includes(name)))
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

// ---- the whole

const SIG = "EqQBCgIYAhIM1gbcDa9GJwZA2b3hGg==";
const step = (signature, ...calls) => ({
	steps: [{ send: fake.start() + fake.thinking(0, signature, "hm") + calls.map(([id, name, input], i) => fake.tool(i + 1, id, name, input)).join("") + fake.end(calls.length ? "tool_use" : "end_turn") }],
});
const finalWords = { steps: [{ send: fake.start() + fake.thinking(0, "last", "so") + fake.text(1, "done") + fake.end() }] };

/** Kind and model in every opaque state that is stored. */
const owners = (message) => message.parts.flatMap(({ providerMetadata: { anthropic } = {} }) => (anthropic ? [[anthropic.kind, anthropic.model]] : []));

describe("whole chats", () => {
	test("five steps of thinking and tools: each is told all before it, signed, and nothing is refused", async () => {
		const calls = [1, 2, 3, 4].map((i) => step(`${SIG}${i}`, [`toolu_five${i}`, "run_weather", { city: `C${i}` }]));
		const upstream = await play(...calls, finalWords);
		const turn = await user.say(`go${upstream.mark}`);
		assert.equal(turn.metadata.status, "complete");
		const requests = await upstream.requests();
		assert.equal(requests.length, 5);
		const thoughts = requests[4].messages.flatMap(({ content }) => content).filter(({ type }) => type === "thinking");
		assert.deepEqual(thoughts.map(({ signature }) => signature), [1, 2, 3, 4].map((i) => SIG + i));
		const [, stored] = await user.messages(turn.sessionId);
		assert.deepEqual(owners(stored), Array(5).fill(["anthropic", "test-model"]));
		assert.deepEqual(await refusals(), []);
		const { inputTokens, outputTokens, totalTokens } = turn.metadata.usage;
		assert.deepEqual([inputTokens, outputTokens, totalTokens], [35, 25, 60]);
	});

	test("what goes to the cache: prompt, tools, the last two messages of people; the rest of the prefix does not change", async () => {
		const upstream = await play({ steps: fake.says("a") }, { steps: fake.says("b") }, { steps: fake.says("c") });
		const { sessionId } = await user.say(`one ${"word ".repeat(300)}${upstream.mark}`);
		await user.say(`two${upstream.mark}`, { sessionId });
		await user.say(`three${upstream.mark}`, { sessionId });
		const requests = await upstream.requests();
		const marks = ({ system = [], tools, messages }) =>
			[...system, ...tools, ...messages.flatMap(({ content }) => content)].map(({ cache_control }) => !!cache_control);
		assert.equal(marks(requests[2]).filter(Boolean).length, 3, "tools and two messages; there is no prompt here");
		assert.deepEqual(requests[2].messages.map(({ content }) => !!content.at(-1).cache_control), [false, false, true, false, true]);
		const bare = (request) => JSON.stringify(request.messages.map(({ role, content }) => [role, content.map(meant)]));
		const [second, third] = [bare(requests[1]), bare(requests[2])];
		assert.ok(third.startsWith(second.slice(0, -1)), "a turn is added at the end");
	});

	test("stop: what was shown is kept, and the next question is asked", async () => {
		const upstream = await play({ steps: [{ send: fake.start() + fake.thinking(0, SIG, "hm") }, { send: fake.text(1, "half").replace(/event: content_block_stop[^]*/, "") }, { gate: "never" }] }, { steps: fake.says("next") });
		const turn = await user.ask(`go${upstream.mark}`);
		await turn.until("text-delta");
		assert.equal((await user.stop(turn.sessionId)).status, 204);
		await turn.finish();
		assert.equal(turn.metadata.status, "stopped");
		const next = await user.say(`and?${upstream.mark}`, { sessionId: turn.sessionId });
		assert.equal(next.text, "next");
		const [, asked] = await upstream.requests();
		assert.deepEqual(asked.messages[1].content.map(({ type }) => type), ["thinking", "text"]);
		assert.deepEqual(await refusals(), []);
	});

	test("killed in the middle of a loop of tools: it goes on with valid signatures", { timeout: 60_000 }, async () => {
		const someone = await User.register();
		const upstream = await play(
			step(`${SIG}a`, ["toolu_k1", "run_weather", { city: "A" }]),
			{ steps: [{ send: fake.start() + fake.thinking(0, `${SIG}b`, "hm") }, { gate: "never" }] },
			finalWords,
		);
		const turn = await someone.ask(`go${upstream.mark}`);
		await upstream.called(2);
		for (let n = 0; n < 2; ) if ((await turn.next()).type === "reasoning-end") n++;
		const old = pid("chat");
		process.kill(old, "SIGKILL");
		await assert.rejects(turn.finish());
		const stored = await eventually(async () => {
			const list = await someone.messages(turn.sessionId);
			return list.length === 2 && list[1].metadata.status === "interrupted" && list;
		}, 20);
		assert.deepEqual(owners(stored[1]), Array(2).fill(["anthropic", "test-model"]));
		const body = { sessionId: turn.sessionId, id: newId(), messages: stored, trigger: "submit-message", messageId: stored[1].id };
		const next = await eventually(async () => {
			const again = await someone.chat(body).catch(() => null);
			return again?.status === 200 && again.finish();
		});
		assert.equal(next.messageId, turn.messageId);
		assert.match(next.text, /done/);
		const asked = (await upstream.requests()).at(-1);
		const thoughts = asked.messages.flatMap(({ content }) => content).filter(({ type }) => type === "thinking");
		assert.deepEqual(thoughts.map(({ signature }) => signature), [`${SIG}a`]);
		assert.deepEqual(await refusals(), []);
	});

	test("a pause is asked to go on with all that came, and nothing of ours", async () => {
		const upstream = await play(...bodies("pause").map((body) => ({ steps: [{ send64: body.toString("base64") }] })));
		const turn = await user.say(`go${upstream.mark}`);
		assert.equal(turn.metadata.finishReason, "stop");
		const [, second] = await upstream.requests();
		assert.deepEqual(second.messages.map(({ role, content }) => [role, content.map(({ type }) => type)]), [["user", ["text"]], ["assistant", ["text", "server_tool_use"]]]);
		assert.deepEqual(second.messages[1].content[1].input, { query: "weather NYC today" });
		assert.deepEqual(await refusals(), []);
	});

	for (const [status, type, code] of [
		[401, "authentication_error", "key"],
		[403, "permission_error", "key"],
		[404, "not_found_error", "not_found"],
		[413, "request_too_large", "too_large"],
		[429, "rate_limit_error", "throttled"],
		[500, "api_error", "failed"],
		[529, "overloaded_error", "overloaded"],
	])
		test(`${status} is "${code}"`, { timeout: 30_000 }, async () => {
			const refused = { status, headers: { "content-type": "application/json", "retry-after": "0" }, steps: [{ send: JSON.stringify({ type: "error", error: { type, message: "Some words" } }) }] };
			const upstream = await play(refused);
			const turn = await user.say(`go${upstream.mark}`);
			assert.equal(turn.metadata.error.code, code);
			assert.equal((await upstream.log()).length, status === 429 || status >= 500 ? 3 : 1, "tried again where that may help");
		});

	test("429 with retry-after: it waits, and is answered", async () => {
		const upstream = await play({ status: 429, headers: { "retry-after": "1" }, steps: [{ send: "{}" }] }, { steps: fake.says("now") });
		const turn = await user.say(`go${upstream.mark}`);
		assert.equal(turn.text, "now");
		const [first, second] = await upstream.log();
		assert.ok(second.at - first.at >= 900);
	});
});

test("a refusal in a stream is asked in another form, and teaches", async () => {
	const { stored } = await turnOf(TEACHES);
	assert.deepEqual(inWords(stored), ["complete stop", "text next"]);
	await eventually(async () => (await query("SELECT takes FROM model_takes")).some(({ takes }) => takes === "tools=off"));
	await query("DELETE FROM model_takes");
});

describe("two kinds on one chat", () => {
	test("openai began, anthropic goes on, and openai again: nobody sees the other's state", { timeout: 120_000 }, async () => {
		const other = await up({ more: { ...beside(VAR), LAMPLIGHT_LLM_KIND: "openai", LAMPLIGHT_LLM_BASE_URL: process.env.LAMPLIGHT_LLM_BASE_URL } });
		try {
			const there = user.at(other.env.LAMPLIGHT_URL);
			const details = { reasoning_details: [{ type: "reasoning.text", text: "thought there", signature: "openai-sig", format: "anthropic-claude-v1" }] };
			const chat = await play({ steps: [chunk({ ...details, reasoning: "thought there" }), chunk({ content: "first" }), chunk({}, "stop"), DONE].map((send) => ({ send })) }, { steps: says("third") });
			const claude = await play({ steps: [{ send: fake.start() + fake.thinking(0, "claude-sig", "thought here") + fake.text(1, "second") + fake.end() }] }, { steps: fake.says("fourth") });
			const { sessionId } = await there.say(`one${chat.mark}`);
			assert.equal((await user.say(`two${claude.mark}`, { sessionId })).text, "second");
			assert.equal((await there.say(`three${chat.mark}`, { sessionId })).text, "third");
			assert.equal((await user.say(`four${claude.mark}`, { sessionId })).text, "fourth");
			const [, third] = await chat.requests();
			const [second, fourth] = await claude.requests();
			for (const [request, own, foreign] of [[second, "", "openai-sig"], [third, "openai-sig", "claude-sig"], [fourth, "claude-sig", "openai-sig"]]) {
				const text = JSON.stringify(request);
				assert.ok(text.includes(own), own);
				assert.ok(!text.includes(foreign), foreign);
			}
			assert.deepEqual(await refusals(), []);
		} finally {
			await other.down();
			other.remove();
		}
	});
});
