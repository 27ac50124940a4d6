// Gemini, on an instance of that kind. The bodies in gemini/ go through the product and through @ai-sdk/google: both show the
// same chunks, and their next requests mean the same. DEVIATIONS.md lists the intended differences, with the reasons.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { createGoogleGenerativeAI } from "@ai-sdk/google";
import { GoogleGenAI } from "@google/genai";
import { tool as aiTool, convertToModelMessages, jsonSchema, streamText } from "ai6";
import { User } from "../support/api.mjs";
import { query } from "../support/db.mjs";
import { assemble, ourForm, plain, usage } from "../support/expect.mjs";
import { VAR } from "../support/instance.mjs";
import * as fake from "../support/gemini.mjs";
import { play, refusals } from "../support/model.mjs";
import { withoutSentences } from "../support/uistream.mjs";

const FOLDER = new URL("gemini/", import.meta.url);
const TOOLS = JSON.parse(readFileSync(new URL("../support/tools.json", import.meta.url), "utf8"));
globalThis.AI_SDK_LOG_WARNINGS = false;
const user = await User.register();

const NAMES = readdirSync(FOLDER)
	.sort()
	.map((file) => file.slice(0, -".sse".length));
const bodyOf = (name) => readFileSync(new URL(`${name}.sse`, FOLDER));
const whole = (body) => ({ steps: [{ send64: Buffer.from(body).toString("base64") }] });

// ---- the SDK

const TOOL_SET = Object.fromEntries(
	TOOLS.map(({ function: { name, description, parameters } }) => [name, aiTool({ description, inputSchema: jsonSchema(parameters) })]),
);

/**
 * What the SDK asks with these messages; the chunks that it makes of this answer, without what the provider runs; and the
 * usage.
 */
async function sdk(answer, messages = [{ role: "user", content: "Hello" }]) {
	const asked = [];
	const provider = createGoogleGenerativeAI({
		apiKey: "k",
		async fetch(url, { body }) {
			asked.push(JSON.parse(body));
			assert.match(String(url), /:streamGenerateContent\?alt=sse$/);
			return new Response(answer, { headers: { "content-type": "text/event-stream" } });
		},
	});
	const result = streamText({ model: provider("test-model"), messages, tools: TOOL_SET, maxRetries: 0, onError: () => {} });
	const chunks = [];
	const options = { sendSources: true, originalMessages: [], generateMessageId: () => "msg-assistant-1" };
	for await (const chunk of result.toUIMessageStream(options)) chunks.push(chunk);
	const theirOwn = new Set(chunks.filter(({ providerExecuted }) => providerExecuted).map(({ toolCallId }) => toolCallId));
	const failed = chunks.some(({ type }) => type === "error");
	return { asked: asked[0], chunks: chunks.filter(({ toolCallId }) => !theirOwn.has(toolCallId)), usage: failed ? undefined : await result.totalUsage };
}

// ---- what both show, in one form

/** The signature, the only member that both keep. */
const signature = (metadata) => metadata?.google?.thoughtSignature;

/**
 * Numbers blocks and calls in their order. What a block keeps is at its beginning, and its end is left out, because calls end
 * blocks here; a call's arguments are where it becomes available, right after its beginning. Leaves out blocks without text
 * and signature.
 */
function inOneForm(chunks) {
	const blocks = new Map();
	const calls = new Map();
	const out = [];
	for (const { providerMetadata, sourceId, ...chunk } of chunks) {
		if (chunk.type === "tool-input-delta") continue;
		const [, kind, what] = /^(text|reasoning)-(start|delta|end)$/.exec(chunk.type) ?? [];
		if (what === "start") {
			blocks.set(chunk.id, { type: kind, words: "" });
			out.push(blocks.get(chunk.id));
		}
		if (kind) {
			const block = blocks.get(chunk.id);
			block.words += chunk.delta ?? "";
			block.signature = signature(providerMetadata) ?? block.signature;
		} else if (chunk.type === "tool-input-start") {
			calls.set(chunk.toolCallId, { type: "call", toolCallId: `call-${calls.size}`, toolName: chunk.toolName });
			out.push(calls.get(chunk.toolCallId));
		} else if (chunk.type === "tool-input-available") {
			Object.assign(calls.get(chunk.toolCallId), { input: chunk.input, signature: signature(providerMetadata) });
		} else out.push({ ...chunk, ...(chunk.toolCallId && { toolCallId: calls.get(chunk.toolCallId).toolCallId }) });
	}
	return JSON.parse(JSON.stringify(out.filter(({ words, signature }) => words !== "" || signature)));
}

const shown = (chunks) => inOneForm(withoutSentences(chunks));

/** Runs one turn with this body. */
async function turnOf(body, ...more) {
	const upstream = await play({ ...whole(body), stays: true }, ...(more.length > 0 ? more : [{ steps: fake.says("next") }]));
	const turn = await user.say(`Hello${upstream.mark}`);
	const [, stored] = await user.messages(turn.sessionId);
	return { turn, stored, upstream };
}

/** Where the SDK shows something else: how our stream ends, and what is stored. DEVIATIONS.md has the reasons. */
const OTHERWISE = {
	"block-prompt": ["error filtered"],
	"block-safety": ["error filtered"],
	"body-list": ["complete stop", "text whole list"],
	"call-bad-args": ["complete tool-calls", "tool-get_weather output-error"],
	"call-malformed": ["error error"],
	"call-name-long": ["complete stop", `tool-no_such_tool_${"x".repeat(243)} output-error`, "text next"],
	"call-text-both": ["complete tool-calls", "text a", "tool-get_weather input-available", "text b"],
	"call-unexpected": ["error error"],
	"call-unknown": ["complete stop", "tool-no_such_tool output-error", "text next"],
	"end-cut-in-line": ["interrupted cut", "text half a"],
	"end-none": ["interrupted cut", "text ab"],
	"end-nothing": ["error not_stream"],
	"error-first-invalid": ["complete stop", "text next"],
	"error-list": ["error throttled"],
	"error-mid-call": ["error overloaded", "tool-get_weather output-error"],
	"noise-no-json": ["complete stop", "text ab"],
	"part-image": ["complete stop", "text Here:"],
	"sig-alone": ["complete stop", "text "],
	"sig-no-text": ["complete stop", "text a"],
	"sig-two-texts": ["complete stop", "text a", "text b"],
	"source-citation": ["complete stop", "source-url", "text abc"],
	"text-no-final-blank-line": ["complete stop", "text ab"],
};

const inWords = ({ metadata: { status, finishReason, error }, parts }) => [
	[status, finishReason, error?.code].filter(Boolean).join(" "),
	...parts
		.filter(({ type }) => type !== "step-start")
		.map(({ type, text, state }) => [type, text ?? (/^tool/.test(type) ? state : undefined)].filter((word) => word !== undefined).join(" ")),
];

describe("streams, beside the SDK's", { concurrency: 4 }, () => {
	for (const name of NAMES)
		test(name, async () => {
			const { turn, stored } = await turnOf(bodyOf(name));
			const theirs = await sdk(bodyOf(name));
			const ours = shown(plain(turn));
			const expected = shown(ourForm(theirs.chunks));
			if (OTHERWISE[name]) {
				assert.notDeepEqual(ours, expected, "it is not otherwise: take it off the list");
				assert.deepEqual(inWords(stored), OTHERWISE[name]);
			} else {
				assert.deepEqual(ours, expected);
				if (turn.metadata.usage && turn.metadata.status === "complete") assert.deepEqual(usage(turn.metadata.usage), usage(theirs.usage));
			}
			assert.deepEqual(stored.metadata, turn.metadata);
			assert.deepEqual(stored, await assemble(turn.chunks), "the client shows what is stored");
		});
});

describe("streams cut after every byte: how they were split never shows", { concurrency: 4 }, () => {
	for (const name of ["text-unicode", "text-surrogates-split", "thought", "call-parallel", "sig-empty-part", "source"])
		test(name, async () => {
			const body = bodyOf(name);
			const cuts = Array.from({ length: body.length - 1 }, (_, i) => i + 1);
			const upstream = await play({ steps: [{ send64: body.toString("base64"), cuts }] });
			const turn = await user.say(`Hello${upstream.mark}`);
			assert.deepEqual(shown(plain(turn)), shown(ourForm((await sdk(body)).chunks)));
		});
});

// ---- requests

const forget = () => query("DELETE FROM model_takes");

/** What the model gets: without ids, marks and the form of an output. */
const meaning = (contents, mark = "") =>
	JSON.parse(JSON.stringify(contents).replaceAll(mark, ""), (key, value) => {
		if (key === "functionCall") return { name: value.name, args: value.args };
		if (key === "functionResponse") return { name: value.name, output: value.response.output ?? value.response.error ?? value.response.content };
		return value;
	});

/** A function that accepts anything has no parameters here, and {} in the SDK's request. */
const withoutEmpty = ({ parameters, ...declaration }) => (Object.keys(parameters ?? {}).length > 0 ? { ...declaration, parameters } : declaration);

describe("the next request, beside the SDK's", () => {
	for (const name of ["text-basic", "text-unicode", "text-blanks", "thought", "thought-between", "sig-last-text", "sig-empty-part", "sig-thought", "sig-thought-text", "end-safety"])
		test(name, async () => {
			await forget();
			const { turn, upstream } = await turnOf(bodyOf(name));
			await user.say(`And now?${upstream.mark}`, { sessionId: turn.sessionId });
			const { contents, generationConfig } = (await upstream.requests())[1];
			const history = [{ role: "user", parts: [{ type: "text", text: "Hello" }] }, await assemble((await sdk(bodyOf(name))).chunks), { role: "user", parts: [{ type: "text", text: "And now?" }] }];
			const { asked } = await sdk(bodyOf("text-one"), await convertToModelMessages(history));
			assert.deepEqual(meaning(contents, upstream.mark), meaning(asked.contents));
			assert.deepEqual(generationConfig, { thinkingConfig: { includeThoughts: true } });
		});

	test("tools are declared with the same meaning, and those of the server are taken", async () => {
		await forget();
		await refusals();
		const { upstream } = await turnOf(bodyOf("text-one"));
		const [{ tools }] = await upstream.requests();
		const { asked } = await sdk(bodyOf("text-one"));
		assert.deepEqual(tools[0].functionDeclarations.slice(0, TOOLS.length), asked.tools[0].functionDeclarations.map(withoutEmpty));
		assert.deepEqual(await refusals(), [], "nothing was refused");
	});
});

// ---- a loop with the server's tools

const SIGS = ["CiQBc2lnMQ==", "CiQBc2lnMg==", "CiQBc2lnMw=="];
const calls = (list) => ({ steps: [{ send: fake.parts([fake.thought("hm")]) }, { send: fake.parts(list) }, { send: fake.parts([fake.text("")], "STOP") }] });

test("a loop: signatures go back with their calls, results behind them in order, step by step", async () => {
	await forget();
	await refusals();
	const oslo = fake.call("run_weather", { city: "Oslo" }, SIGS[0]);
	const rome = fake.call("run_weather", { city: "Rome" });
	const boom = fake.call("boom", {}, SIGS[1]);
	const last = [{ send: fake.parts([fake.text("Sunny.")]) }, { send: fake.parts([fake.text("", { thoughtSignature: SIGS[2] })], "STOP") }];
	const upstream = await play(calls([oslo, rome]), calls([boom]), { steps: last }, { steps: fake.says("Bye.") });
	const turn = await user.say(`Weather?${upstream.mark}`);
	assert.deepEqual([turn.metadata.status, turn.metadata.finishReason, turn.text], ["complete", "stop", "Sunny."]);
	await user.say(`Thanks${upstream.mark}`, { sessionId: turn.sessionId });
	const requests = await upstream.requests();
	const thought = { text: "hm", thought: true };
	const response = (name, response) => ({ functionResponse: { name, response } });
	const sky = (city) => response("run_weather", { output: { city, sky: "sunny", temp: 21 } });
	const told = [
		{ role: "user", parts: [{ text: `Weather?${upstream.mark}` }] },
		{ role: "model", parts: [thought, oslo, rome] },
		{ role: "user", parts: [sky("Oslo"), sky("Rome")] },
		{ role: "model", parts: [thought, boom] },
		{ role: "user", parts: [response("boom", { error: requests[2].contents.at(-1).parts[0].functionResponse.response.error })] },
		{ role: "model", parts: [{ text: "Sunny.", thoughtSignature: SIGS[2] }] },
		{ role: "user", parts: [{ text: `Thanks${upstream.mark}` }] },
	];
	for (const [i, n] of [1, 3, 5, 7].entries()) assert.deepEqual(requests[i].contents, told.slice(0, n), `request ${i}`);
	assert.match(told[4].parts[0].functionResponse.response.error, /boom failed|500/);
	assert.deepEqual(await refusals(), [], "nothing was refused");
	const stored = JSON.stringify((await user.messages(turn.sessionId))[1].parts);
	for (const signature of SIGS) assert.ok(stored.includes(signature), "it is stored with its part");
});

test("a call that is refused keeps its signature", async () => {
	await forget();
	await refusals();
	const wrong = fake.call("run_weather", { city: 7 }, SIGS[0]);
	const none = fake.call("run_nothing", {}, SIGS[1]);
	const upstream = await play(calls([wrong]), calls([none]), { steps: fake.says("Sunny.") });
	const turn = await user.say(`Weather?${upstream.mark}`);
	assert.deepEqual([turn.metadata.status, turn.text], ["complete", "Sunny."]);
	const { contents } = (await upstream.requests())[2];
	assert.deepEqual([contents[1].parts[1], contents[3].parts[1]], [wrong, none]);
	assert.match(contents[2].parts[0].functionResponse.response.error, /do not fit/);
	assert.match(contents[4].parts[0].functionResponse.response.error, /no tool of this name/);
	assert.deepEqual(await refusals(), [], "nothing was refused");
});

test("another model gets none of the signatures", async () => {
	await forget();
	const upstream = await play(calls([fake.call("run_weather", { city: "Oslo" }, SIGS[0])]), { steps: fake.says("Sunny.") }, { steps: fake.says("Bye.") });
	const turn = await user.say(`Weather?${upstream.mark}`);
	await query("UPDATE message SET parts = REPLACE(parts, '\"model\":\"test-model\"', '\"model\":\"other\"'), metadata = REPLACE(metadata, 'test-model', 'other') WHERE id = ?", [turn.messageId]);
	await user.say(`Thanks${upstream.mark}`, { sessionId: turn.sessionId });
	const said = JSON.stringify((await upstream.requests())[2].contents);
	assert.ok(said.includes('"functionCall"') && !said.includes("thought"), said);
});

// ---- refusals

const json = (status, body) => ({ status, headers: { "content-type": "application/json" }, steps: [{ send: body }] });
const info = (type, more) => ({ "@type": `type.googleapis.com/google.rpc.${type}`, ...more });
const quota = (quotaId) => fake.failed(429, "RESOURCE_EXHAUSTED", "You exceeded your current quota, please check your plan and billing details.", [info("QuotaFailure", { violations: [{ quotaId }] }), info("RetryInfo", { retryDelay: "0.1s" })]);
const log = () => readFileSync(`${VAR}/log/chat.log`, "utf8");

/** Runs one turn with these calls, on a model of which the server knows nothing. */
async function asked(...list) {
	await forget();
	const upstream = await play(...list);
	const turn = await user.say(`go${upstream.mark}`);
	await forget();
	return { turn, requests: await upstream.requests() };
}

test("a blocked prompt says so, and why is in the log", async () => {
	const { turn } = await asked({ steps: [{ send: fake.blocked("PROHIBITED_CONTENT") }] });
	assert.deepEqual([turn.metadata.status, turn.metadata.error.code], ["error", "filtered"]);
	assert.match(turn.of("error")[0].errorText, /safety filter/);
	assert.match(log(), /fault=filtered .*promptFeedback\.blockReason PROHIBITED_CONTENT/);
});

test("a limit of a minute is waited for; a quota of a day is used up", async () => {
	const minute = await asked(json(429, quota("GenerateRequestsPerMinutePerProjectPerModel")), { steps: fake.says("Hi") });
	assert.deepEqual([minute.turn.text, minute.requests.length], ["Hi", 2]);
	const day = await asked(json(429, quota("GenerateRequestsPerDayPerProjectPerModel")), { steps: fake.says("Hi") });
	assert.deepEqual([day.turn.metadata.error.code, day.requests.length], ["quota", 1]);
});

test("a wrong key is not treated as a refused request and is tried once", async () => {
	const { turn, requests } = await asked(json(400, fake.failed(400, "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key.", [info("ErrorInfo", { reason: "API_KEY_INVALID" })])), { steps: fake.says("Hi") });
	assert.deepEqual([turn.metadata.error.code, requests.length], ["key", 1]);
});

test("a model that does not think is not asked for thoughts", async () => {
	const { turn, requests } = await asked(json(400, fake.failed(400, "INVALID_ARGUMENT", "Unable to submit request because thinking is not supported by this model.")), { steps: fake.says("Hi") });
	assert.equal(turn.text, "Hi");
	assert.deepEqual(requests.map(({ generationConfig }) => generationConfig), [{ thinkingConfig: { includeThoughts: true } }, {}]);
});

test("a model that wants a signature with every call is given one that it takes", async () => {
	await forget();
	const missing = "Function call is missing a thought_signature in functionCall parts. This is required for tools to work correctly.";
	const upstream = await play(calls([fake.call("run_weather", { city: "Oslo" })]), json(400, fake.failed(400, "INVALID_ARGUMENT", missing)), { steps: fake.says("Sunny.") });
	const turn = await user.say(`Weather?${upstream.mark}`);
	assert.equal(turn.text, "Sunny.");
	const [, , { contents, tools }] = await upstream.requests();
	assert.equal(contents[1].parts[1].thoughtSignature, "skip_thought_signature_validator");
	assert.ok(tools, "tools are still offered");
	await forget();
});

// ---- our servers with the vendor's client

test("the demo model speaks it, too", async () => {
	const demo = spawn(fileURLToPath(new URL(`../../build/${process.env.VARIANT || "release"}/bin/demo-llm`, import.meta.url)), ["0", "0"]);
	try {
		const [said] = await once(demo.stdout, "data");
		const [baseUrl] = /http:[^\s]+(?=\/v1)/.exec(String(said));
		const client = new GoogleGenAI({ apiKey: "k", httpOptions: { baseUrl, apiVersion: "v1" } });
		const ask = async (contents, config) => {
			const chunks = [];
			for await (const chunk of await client.models.generateContentStream({ model: "demo", contents, config })) chunks.push(chunk);
			return { words: chunks.map(({ text }) => text ?? "").join(""), end: chunks.at(-1) };
		};
		const { words, end } = await ask("Hello");
		assert.match(words, /demo/);
		assert.deepEqual([end.candidates[0].finishReason, end.usageMetadata.promptTokenCount], ["STOP", 1]);
		const short = await ask("Hello", { maxOutputTokens: 3 });
		assert.deepEqual([short.end.candidates[0].finishReason, short.end.usageMetadata.candidatesTokenCount], ["MAX_TOKENS", 3]);
	} finally {
		demo.kill();
	}
});

describe("the fake server, with @google/genai as its client", () => {
	const client = new GoogleGenAI({ apiKey: "k", httpOptions: { baseUrl: process.env.LAMPLIGHT_LLM_BASE_URL.replace(/\/v1$/, ""), apiVersion: "v1" } });
	const ask = async (contents, config) => {
		const parts = [];
		let last;
		for await (const chunk of await client.models.generateContentStream({ model: "test-model", contents, config })) {
			parts.push(...(chunk.candidates?.[0]?.content?.parts ?? []));
			last = chunk;
		}
		return { parts, last };
	};

	test("an echo, thoughts, calls and their signatures are read as they were written", async () => {
		const { parts, last } = await ask("hi there");
		assert.equal(parts.map(({ text }) => text).join(""), "You said: hi there");
		assert.deepEqual([last.candidates[0].finishReason, last.usageMetadata.totalTokenCount], ["STOP", 12]);
		const call = fake.call("f", { x: [1, "é"] }, SIGS[0]);
		const { mark } = await play({ steps: [{ send: fake.parts([fake.thought("hm"), call], "STOP") }] });
		assert.deepEqual((await ask(mark)).parts, [{ text: "hm", thought: true }, call]);
	});

	test("what is refused is an error of its", async () => {
		await refusals();
		await assert.rejects(ask(""), ({ status }) => status === 400);
		await assert.rejects(ask("x", { tools: [{ functionDeclarations: [{ name: "f", parameters: { type: "OBJECT", properties: { a: { type: "array" } } } }] }] }), /items: missing field/);
		assert.equal((await refusals()).length, 2);
	});

	for (const name of NAMES.filter((name) => /^(text-(basic|one|unicode|many|safety)|thought|sig|call-(id|deep|parallel|no|thought)|end-(max|safety)|block|source|usage|candidates)/.test(name)))
		test(`the body ${name} is one that it reads`, async () => {
			const { mark } = await play(whole(bodyOf(name)));
			const { last } = await ask(mark);
			assert.ok(last.candidates || last.promptFeedback || last.usageMetadata);
		});
});
