// Anthropic Messages, on an instance of that kind: the fake server and the demo model with the vendor's own SDK, and whole
// chats with a fake that refuses what the real server refuses.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import Anthropic from "@anthropic-ai/sdk";
import * as fake from "../support/anthropic.mjs";
import { eventually, newId, User } from "../support/api.mjs";
import { query } from "../support/db.mjs";
import { beside, pid, up, VAR } from "../support/instance.mjs";
import { chunk, DONE, play, refusals, says } from "../support/model.mjs";

const FOLDER = new URL("anthropic/", import.meta.url);
const user = await User.register();
const bodyOf = (name) => readFileSync(new URL(`${name}.sse`, FOLDER)).toString("base64");
const NAMES = readdirSync(FOLDER).filter((file) => !/\.\d\.sse$/.test(file)).map((file) => file.slice(0, -".sse".length));

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
			const { mark } = await play({ steps: [{ send64: bodyOf(name) }] });
			const message = await ask(mark).finalMessage().catch((error) => error);
			assert.equal(message.type, "message", String(message));
		});

	test("the demo model speaks it, too", async () => {
		const program = fileURLToPath(new URL(`../../build/${process.env.VARIANT || "release"}/bin/demo-llm`, import.meta.url));
		const demo = spawn(program, ["0", "0"], { stdio: ["ignore", "pipe", "inherit"] });
		try {
			const [printed] = await once(demo.stdout, "data");
			const baseURL = /http:\S+(?=\/v1)/.exec(String(printed))[0];
			const there = new Anthropic({ apiKey: "k", baseURL, maxRetries: 0 });
			const message = await there.messages.stream({ model: "demo", max_tokens: 9999, messages: [{ role: "user", content: "show reasoning" }] }).finalMessage();
			assert.deepEqual(message.content.map(({ type }) => type), ["thinking", "text"]);
			assert.ok(message.content[0].signature);
			assert.deepEqual([message.stop_reason, message.usage.input_tokens], ["end_turn", 2]);
			assert.ok(message.usage.output_tokens > 10);
			const cut = await there.messages.stream({ model: "demo", max_tokens: 3, messages: [{ role: "user", content: "code" }] }).finalMessage();
			assert.equal(cut.stop_reason, "max_tokens");
		} finally {
			demo.kill();
		}
	});
});

// ---- whole chats

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
		const bare = (request) => JSON.stringify(request.messages.map(({ role, content }) => [role, content.map(({ cache_control, ...block }) => block)]));
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

	test("after a pause the model is asked to continue with all its parts and none of ours", async () => {
		const upstream = await play(...["pause", "pause.2"].map((name) => ({ steps: [{ send64: bodyOf(name) }] })));
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
	const upstream = await play({ steps: [{ send64: bodyOf("error-first-invalid") }] }, { steps: fake.says("next") });
	const turn = await user.say(`go${upstream.mark}`);
	assert.deepEqual([turn.metadata.status, turn.text], ["complete", "next"]);
	await eventually(async () => (await query("SELECT takes FROM model_takes")).some(({ takes }) => takes === "tools=off"));
	await query("DELETE FROM model_takes");
});

describe("two kinds on one chat", () => {
	test("a chat from openai to anthropic and back: neither gets the other's state", { timeout: 120_000 }, async () => {
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
