// OpenAI Responses, on an instance of that kind: the fake server and the demo model with the vendor's own SDK, and whole
// chats with a fake that refuses what the real server refuses.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import OpenAI from "openai";
import { User } from "../support/api.mjs";
import { play, refusals } from "../support/model.mjs";
import { reply, says } from "../support/responses.mjs";

const user = await User.register();

describe("the fake server, with openai as its client", () => {
	const client = new OpenAI({ apiKey: "k", baseURL: process.env.LAMPLIGHT_LLM_BASE_URL, maxRetries: 0 });
	const ask = (input, more = {}) => client.responses.stream({ model: "test-model", input, store: false, ...more });

	test("an echo, thoughts, calls and their state are read as they were written", async () => {
		assert.equal((await ask("hi there").finalResponse()).output_text, "You said: hi there");
		const { mark } = await play({ steps: [{ send: reply().reasoning([["a", "b"], ["c"]], "state").call("call_1", "f", ['{"x":', '[1,"é"]}']).end() }] });
		const { output, status, usage } = await ask(mark).finalResponse();
		assert.deepEqual(output[0].summary.map(({ text }) => text), ["ab", "c"]);
		assert.equal(output[0].encrypted_content, "state");
		assert.deepEqual([output[1].call_id, output[1].name, JSON.parse(output[1].arguments)], ["call_1", "f", { x: [1, "é"] }]);
		assert.deepEqual([status, usage.total_tokens], ["completed", 12]);
	});

	test("its deltas add up to what the whole says, refusals and sources, too", async () => {
		const source = { type: "url_citation", start_index: 0, end_index: 1, url: "https://x.example/", title: "X" };
		const { mark } = await play({ steps: [{ send: reply().search("x").text(["a", "", "b"], { annotations: [source] }).refusal(["No", "."]).end() }] });
		const stream = ask(mark);
		let said = "";
		stream.on("response.output_text.delta", ({ delta }) => (said += delta));
		const { output } = await stream.finalResponse();
		assert.equal(said, "ab");
		assert.deepEqual(output.map(({ type }) => type), ["web_search_call", "message", "message"]);
		assert.equal(output[1].content[0].annotations[0].url, source.url);
		assert.equal(output[2].content[0].refusal, "No.");
	});

	test("incomplete, failed and refused are what they are", async () => {
		const { mark } = await play({ steps: [{ send: reply().text(["a"]).incomplete("max_output_tokens") }] });
		const states = [];
		for await (const event of await client.responses.create({ model: "test-model", input: mark, stream: true })) states.push(event.response?.status);
		assert.equal(states.at(-1), "incomplete");
		const error = await play({ steps: [{ send: reply().error("server_error", "Sorry") }] });
		const events = [];
		for await (const event of await client.responses.create({ model: "test-model", input: error.mark, stream: true })) events.push(event);
		assert.deepEqual([events.at(-1).type, events.at(-1).code], ["error", "server_error"]);
		await assert.rejects(ask([{ type: "reasoning", id: "rs_1", summary: [], encrypted_content: "x" }]).finalResponse(), OpenAI.BadRequestError);
		assert.equal((await refusals()).length, 1);
	});
});

describe("the demo model, with openai as its client", () => {
	test("thoughts and words come in pieces, and too few tokens end it", async () => {
		const program = fileURLToPath(new URL(`../../build/${process.env.VARIANT || "release"}/bin/demo-llm`, import.meta.url));
		const demo = spawn(program, ["0", "0"], { stdio: ["ignore", "pipe", "inherit"] });
		try {
			const [printed] = await once(demo.stdout, "data");
			const there = new OpenAI({ apiKey: "k", baseURL: /http:\S+/.exec(String(printed))[0], maxRetries: 0 });
			const ask = async (text, more = {}) => {
				const events = [];
				const input = [{ role: "user", content: [{ type: "input_text", text }] }];
				for await (const event of await there.responses.create({ model: "demo", input, stream: true, ...more })) events.push(event);
				return events;
			};
			const whole = await ask("show reasoning");
			const kinds = whole.map(({ type }) => type);
			assert.ok(kinds.indexOf("response.output_text.delta") > kinds.lastIndexOf("response.reasoning_summary_text.delta"));
			assert.ok(kinds.includes("response.reasoning_summary_text.delta"));
			assert.equal(whole.at(-1).response.status, "completed");
			const cut = await ask("code", { max_output_tokens: 3 });
			assert.equal(cut.at(-1).response.incomplete_details.reason, "max_output_tokens");
		} finally {
			demo.kill();
		}
	});
});

// ---- whole chats

const thinks = (state, ...calls) => {
	const said = reply().reasoning([["hm"]], state);
	for (const [id, name, input] of calls) said.call(id, name, [JSON.stringify(input)]);
	return said;
};
const items = ({ input }, kind) => input.filter(({ type }) => type === kind);

describe("whole chats", () => {
	test("five steps of thinking and tools: each is told all before it, and nothing is refused", async () => {
		const calls = [1, 2, 3, 4].map((i) => ({ steps: [{ send: thinks(`state${i}`, [`call_five${i}`, "run_weather", { city: `C${i}` }]).end() }] }));
		const upstream = await play(...calls, { steps: [{ send: thinks("last").text(["done"]).end() }] }, { steps: says("next") });
		const turn = await user.say(`go${upstream.mark}`);
		assert.equal(turn.metadata.status, "complete");
		await user.say(`and now?${upstream.mark}`, { sessionId: turn.sessionId });
		const requests = await upstream.requests();
		assert.equal(requests.length, 6);
		const { store, include, stream } = requests[0];
		assert.deepEqual({ store, include, stream }, { store: false, include: ["reasoning.encrypted_content"], stream: true });
		const states = (request) => items(request, "reasoning").map(({ encrypted_content }) => encrypted_content);
		assert.deepEqual(states(requests[4]), ["state1", "state2", "state3", "state4"]);
		assert.deepEqual(states(requests[5]), ["state1", "state2", "state3", "state4", "last"]);
		for (const [i, request] of requests.slice(1, 5).entries()) {
			const before = requests[i].input;
			assert.deepEqual(request.input.slice(0, before.length), before, "the prefix does not change");
			assert.deepEqual(request.input.slice(before.length).map(({ type }) => type), ["reasoning", "function_call", "function_call_output"]);
		}
		const [, stored] = await user.messages(turn.sessionId);
		const owners = stored.parts.flatMap(({ providerMetadata: { openai } = {} }) => (openai ? [[openai.kind, openai.model]] : []));
		assert.deepEqual(owners, Array(5).fill(["responses", "test-model"]));
		assert.deepEqual(await refusals(), []);
		const { inputTokens, outputTokens, totalTokens, cachedInputTokens, reasoningTokens } = turn.metadata.usage;
		assert.deepEqual([inputTokens, outputTokens, totalTokens, cachedInputTokens, reasoningTokens], [35, 25, 60, 10, 5]);
	});

	test("a summary is shown while it arrives", async () => {
		const [before, after] = thinks("s").text(["a"]).end().split(/(?=event: response.reasoning_summary_text.done)/);
		const upstream = await play({ steps: [{ send: before }, { gate: "rest" }, { send: after }] });
		const turn = await user.ask(`go${upstream.mark}`);
		await turn.until("reasoning-delta");
		await upstream.open("rest");
		await turn.finish();
		assert.equal(turn.metadata.status, "complete");
	});

	test("too few tokens: what was said is there, and says why it ends", async () => {
		const upstream = await play({ steps: [{ send: reply().text(["half a"]).incomplete("max_output_tokens") }] });
		const turn = await user.say(`go${upstream.mark}`);
		assert.deepEqual([turn.metadata.status, turn.metadata.finishReason], ["complete", "length"]);
		const [, stored] = await user.messages(turn.sessionId);
		assert.equal(stored.parts.at(-1).text, "half a");
	});

	test("429 is waited for; without an end it is told", async () => {
		const body = JSON.stringify({ error: { message: "Rate limit reached", type: "tokens", param: null, code: "rate_limit_exceeded" } });
		const late = { status: 429, headers: { "content-type": "application/json", "retry-after": "0" }, steps: [{ send: body }] };
		const once = await play(late, { steps: says("there") });
		const turn = await user.say(`go${once.mark}`);
		assert.equal(turn.metadata.status, "complete");
		assert.equal((await once.requests()).length, 2);
		const always = await play(late);
		const failed = await user.say(`go${always.mark}`);
		assert.deepEqual([failed.metadata.status, failed.metadata.error.code], ["error", "throttled"]);
		const unpaid = await play({ ...late, steps: [{ send: body.replace("rate_limit_exceeded", "insufficient_quota") }] });
		assert.equal((await user.say(`go${unpaid.mark}`)).metadata.error.code, "quota");
		assert.equal((await unpaid.requests()).length, 1);
	});

	test("a step that was cut off goes back without its thoughts", async () => {
		const upstream = await play(
			{ steps: [{ send: thinks("s1", ["call_cut1", "run_weather", { city: "C" }]).end() }] },
			{ steps: [{ send: thinks("s2").sent }, { end: "reset" }] },
			{ steps: says("next") },
		);
		const turn = await user.say(`go${upstream.mark}`);
		assert.equal(turn.metadata.status, "interrupted");
		await user.say(`and now?${upstream.mark}`, { sessionId: turn.sessionId });
		const last = (await upstream.requests()).at(-1);
		assert.equal(items(last, "function_call").length, 1);
		assert.deepEqual(items(last, "reasoning").map(({ encrypted_content }) => encrypted_content), ["s1"]);
		assert.deepEqual(await refusals(), []);
	});

	test("encrypted thoughts that cannot be read any more are left out, and nothing is learned of it", async () => {
		const message = "The encrypted content gAAA could not be verified. Reason: Encrypted content could not be decrypted.";
		const body = JSON.stringify({ error: { message, type: "invalid_request_error", param: null, code: "invalid_encrypted_content" } });
		const upstream = await play(
			{ steps: [{ send: thinks("old").text(["a"]).end() }] },
			{ status: 400, headers: { "content-type": "application/json" }, steps: [{ send: body }] },
			{ steps: says("b") },
			{ steps: says("c") },
		);
		const { sessionId } = await user.say(`one${upstream.mark}`);
		assert.equal((await user.say(`two${upstream.mark}`, { sessionId })).metadata.status, "complete");
		const [, second, third] = await upstream.requests();
		assert.equal(items(second, "reasoning").length, 1);
		assert.equal(items(third, "reasoning").length, 0);
		assert.equal((await user.say(`three${upstream.mark}`)).metadata.status, "complete");
		assert.ok((await upstream.requests()).at(-1).include, "another chat is asked as before");
	});

	test("a model that does not think is asked without what it does not take", async () => {
		const refused = (message, param) => ({
			status: 400,
			headers: { "content-type": "application/json" },
			steps: [{ send: JSON.stringify({ error: { message, type: "invalid_request_error", param, code: null } }) }],
		});
		const upstream = await play(refused("Encrypted content is not supported with this model.", "include"), { steps: says("a") });
		assert.equal((await user.say(`go${upstream.mark}`)).metadata.status, "complete");
		const [first, second] = await upstream.requests();
		assert.deepEqual([!!first.include, !!second.include], [true, false]);
	});
});
