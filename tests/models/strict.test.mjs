// Models that refuse what real providers refuse (support/strict.mjs), one after the other: each turn gets an answer, and from
// then on the server knows what the refusals have taught.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, describe, test } from "node:test";
import { User, eventually, newId, userMessage } from "../support/api.mjs";
import { query } from "../support/db.mjs";
import { VAR } from "../support/instance.mjs";
import { beStrict, chunk, DONE, judged, play, says } from "../support/model.mjs";
import { PROFILES } from "../support/strict.mjs";

const user = await User.register();

const learned = () => query("SELECT takes, context_tokens, bytes_100 FROM model_takes");
const logged = () => readFileSync(`${VAR}/log/chat.log`, "utf8").match(/event=model_learned .*/g) ?? [];

async function be(profile) {
	await query("DELETE FROM model_takes");
	await beStrict(profile);
	await judged();
}
after(() => be(""));

const PNG = "data:image/png;base64,iVBORw0KGgo=";
const image = () => ({ type: "file", mediaType: "image/png", filename: "cat.png", url: PNG });
const step = { type: "step-start" };
const text = (text) => ({ type: "text", text, state: "done" });
const reasoning = (text) => ({ type: "reasoning", text, state: "done" });
const call = (id, more) => ({ type: "tool-any", toolCallId: id, state: "output-available", input: { a: 1 }, output: "fine", ...more });
const reply = (...parts) => ({ id: newId(), role: "assistant", parts });

/** A conversation with everything that some provider refuses. */
const history = () => [
	reply(text("Hello, how can I help?")), // the page's greeting
	userMessage("first", { parts: [image(), { type: "text", text: "what is this?" }] }),
	reply(step, reasoning("a cat?"), text("I look. "), call("call_1"), call("call_2", { output: "" }), step, text("A cat.")),
	userMessage("and now?"),
	reply(step, reasoning("hm")), // stopped while it was thinking
	userMessage("again"),
	reply(step, call("call_1", { state: "output-error", input: undefined, output: undefined, rawInput: '{"a": ', errorText: "no JSON" }), step, text("  "), step, text("Sorry")),
	userMessage("go on"),
	reply(step, call("functions.any:0 with a very long id that nobody takes at all", { type: "dynamic-tool", toolName: "no such tool!", input: "str" })), // without words
	userMessage("last", { parts: [{ type: "text", text: "  " }, { type: "text", text: "well?" }] }),
];

describe("a conversation with everything in it", () => {
	for (const profile of PROFILES.filter((profile) => profile !== "openai-o1-mini"))
		test(`${profile}: is answered, and the next turn is asked in the right form at once`, async () => {
			await be(profile);
			const before = logged().length;
			const turn = await user.chat({ id: newId(), messages: history(), trigger: "submit-message" });
			assert.equal(turn.status, 200, turn.text);
			await turn.finish();
			const first = await judged();
			assert.equal(turn.metadata.status, "complete", JSON.stringify(first.map(({ refused }) => refused)));
			assert.match(turn.text, /well\?$/);
			assert.ok(first.length <= 4, `${first.length} requests`);
			const said = JSON.stringify(first.at(-1).request.messages);
			for (const words of ["what is this?", "and now?", "again", "go on", "well?", "Hello, how can I help?", "A cat.", "Sorry"])
				assert.ok(said.includes(words), `nothing is lost: ${words}`);
			if (first.length > 1) await eventually(async () => assert.equal(logged().length, before + 1) ?? true);

			const next = await user.say("thanks", { sessionId: turn.sessionId });
			assert.equal(next.metadata.status, "complete");
			const second = await judged();
			assert.deepEqual(second.map(({ refused }) => refused), [null], "it is known now");
			const usage = await query("SELECT messages FROM usage_day WHERE user_id = ?", [user.id]);
			assert.equal(usage.length, 1);
		});

	test("a stop while it is asked in another form stops, and the send is counted once", async () => {
		await be("");
		const someone = await User.register();
		const body = JSON.stringify({ error: { message: "this model does not support tools" } });
		const upstream = await play({ status: 400, steps: [{ send: body }] }, { steps: [{ end: "hang" }] });
		const turn = await someone.ask(`go${upstream.mark}`);
		await turn.until("data-session");
		await upstream.called(2);
		assert.equal((await someone.stop(turn.sessionId)).status, 204);
		await turn.finish();
		assert.equal(turn.metadata.status, "stopped");
		assert.equal((await upstream.requests()).length, 2);
		assert.deepEqual(await learned(), [], "nothing has worked yet");
		const [{ messages }] = await query("SELECT messages FROM usage_day WHERE user_id = ?", [someone.id]);
		assert.equal(Number(messages), 1);
	});

	test("a refusal that quotes what somebody said teaches nothing, however often it comes", async () => {
		await be("");
		const body = JSON.stringify({ error: { code: "invalid_prompt", message: "Refused: tools is not supported, stream_options not supported, temperature unsupported" } });
		const upstream = await play({ status: 400, steps: [{ send: body }] });
		const lines = logged().length;
		for (let n = 0; n < 2; n++) {
			const turn = await user.ask(`go${upstream.mark}`);
			await turn.finish();
			assert.equal(turn.metadata.status, "error");
		}
		const next = await play({ steps: says("well") });
		await user.say(`go${next.mark}`);
		assert.deepEqual([await learned(), logged().length], [[], lines]);
		const [request] = await next.requests();
		assert.ok(request.stream_options && request.temperature !== undefined, "the next one is asked as before");
	});

	const event = (data) => ({ send: `data: ${JSON.stringify(data)}\n\n` });
	const error = (message, more) => ({ error: { message, ...more } });
	const inStream = {
		"an event of its own": [{ send: "event: error\n" }, event(error("gemma does not support tools", { type: "api_error", code: null }))],
		"a code beside it": [event(error("`tool calling` is not supported with this model", { code: 400 })), { send: DONE }],
		"after the role": [{ send: chunk({ role: "assistant", content: "" }) }, event(error("tools not supported", { type: "invalid_request_error" }))],
		"after pings": [{ send: ": processing\n\n" }, event({ type: "ping" }), event(error("This model does not support function calling"))],
		"beside choices": [event({ ...error("No endpoints found that support tool use", { code: 404 }), choices: [{ index: 0, delta: { content: "" }, finish_reason: "error" }] })],
		"no stream at all": [{ send: JSON.stringify(error("tools: Extra inputs are not permitted", { type: "invalid_request_error" })) }],
	};
	for (const [how, steps] of Object.entries(inStream))
		test(`a refusal that comes with status 200 teaches the same: ${how}`, async () => {
			await be("");
			const upstream = await play({ steps }, { steps: says("fine") });
			const turn = await user.say(`go${upstream.mark}`);
			assert.equal(turn.metadata.status, "complete");
			const [, stored] = await user.messages(turn.sessionId);
			assert.deepEqual(stored.parts.map(({ type, text }) => text ?? type), ["step-start", "fine"]);
			assert.deepEqual(stored.metadata, turn.metadata);
			const requests = await upstream.requests();
			assert.deepEqual(requests.map(({ tools }) => tools !== undefined), [true, false]);
			await eventually(async () => (await learned())[0]?.takes === "tools=off");
			const next = await user.say("and now?", { sessionId: turn.sessionId });
			assert.equal(next.metadata.status, "complete");
		});

	test("an error in the stream that is no refusal, or that comes after words, is not tried again", async () => {
		await be("");
		for (const [steps, shown] of [
			[[event(error("tool server is odd", { type: "strange" }))], ""],
			[[{ send: chunk({ content: "Well, " }) }, event(error("tools not supported", { code: 400 }))], "Well, "],
		]) {
			const upstream = await play({ steps }, { steps: says("never") });
			const turn = await user.say(`go${upstream.mark}`);
			assert.equal(turn.metadata.status, "error");
			assert.equal(turn.text, shown);
			assert.equal((await upstream.requests()).length, 1);
		}
		assert.deepEqual(await learned(), []);
	});

	test("a type of images that is refused stays out from then on, and no other image with it", async () => {
		await be("");
		const heic = { type: "file", mediaType: "image/heic", filename: "b.heic", url: "data:image/heic;base64,AAAAGGZ0eXBoZWljAAAAAA==" };
		const message = "You uploaded an unsupported image. Please make sure your image is of one of the following formats: ['png', 'jpeg', 'gif', 'webp'].";
		const upstream = await play({ status: 400, steps: [{ send: JSON.stringify(error(message, { code: "image_parse_error" })) }] }, { steps: says("A cat.") });
		const both = userMessage("", { parts: [image(), heic, { type: "text", text: `look${upstream.mark}` }] });
		const turn = await user.say("", { message: both });
		assert.equal(turn.text, "A cat.");
		await eventually(async () => (await learned())[0]?.takes === "rare_images=off");
		const then = await play({ steps: says("Fine.") });
		await user.say(`and?${then.mark}`, { sessionId: turn.sessionId });
		const asked = [...(await upstream.requests()).slice(1), ...(await then.requests())];
		assert.equal(asked.length, 2, "the next turn is asked in the right form at once");
		for (const { messages } of asked) {
			const content = messages.find(({ role }) => role === "user").content;
			assert.deepEqual(content.map(({ type }) => type), ["image_url", "text", "text"]);
			assert.match(content[1].text, /b\.heic/);
		}
	});

	test("other forms and other tries are counted together", async () => {
		await be("");
		const failing = (status, message) => ({ status, headers: { "retry-after-ms": "0" }, steps: [{ send: JSON.stringify({ error: { message } }) }] });
		const busy = failing(503, "overloaded");
		const upstream = await play(busy, failing(400, "stream_options?"), busy, failing(400, "does not support tools"), busy, { steps: says("never") });
		const turn = await user.say(`go${upstream.mark}`);
		assert.equal(turn.metadata.status, "error");
		assert.equal((await upstream.requests()).length, 5, "1 + two other forms + llm.retries (2)");
	});

	test("what is learned is forgotten after a while, and what was given is never tried out", async () => {
		await be("ollama-no-tools");
		await user.say("one");
		await eventually(async () => (await learned()).length === 1);
		assert.equal((await learned())[0].takes, "tools=off");
		await query("UPDATE model_takes SET forget_time = UTC_TIMESTAMP(3) - INTERVAL 1 SECOND");
		await judged();
		await user.say("two");
		assert.equal((await judged()).length, 2, "tools are tried again");
	});

	test("openai-o1-mini: what one turn has found out helps the next", async () => {
		await be("openai-o1-mini");
		const turn = await user.say("one");
		assert.equal(turn.metadata.status, "error");
		assert.equal((await judged()).length, 4);
		await eventually(async () => (await learned()).length === 1);
		const next = await user.say("two", { sessionId: turn.sessionId });
		assert.equal(next.metadata.status, "complete");
	});
});

describe("what a model wants back", () => {
	test("reasoning_details come back unchanged, in the next step and in later turns", async () => {
		await be("");
		const details = [{ type: "reasoning.encrypted", data: "b3BhcXVl", id: "r1", format: "google-gemini-v1", index: 0 }];
		const tool_calls = [{ index: 0, id: "call_1", type: "function", function: { name: "run_weather", arguments: '{"city":"Oslo"}' } }];
		const step = [chunk({ reasoning_details: details }), chunk({ tool_calls }), chunk({}, "tool_calls"), DONE].map((send) => ({ send }));
		const upstream = await play({ steps: step }, { steps: says("Warm.") });
		const turn = await user.say(`go${upstream.mark}`);
		assert.equal(turn.text, "Warm.");
		const then = await play({ steps: says("Fine.") });
		await user.say(`and?${then.mark}`, { sessionId: turn.sessionId });
		for (const { messages } of [(await upstream.requests())[1], ...(await then.requests())])
			assert.deepEqual(messages.find((message) => message.tool_calls).reasoning_details, details);
	});

	test("what another model has sent does not go to this one", async () => {
		await be("");
		const kept = { openrouter: { model: "another-model", reasoning_details: [{ type: "reasoning.encrypted", data: "b3BhcXVl" }] } };
		const upstream = await play({ steps: says("Fine.") });
		const messages = [userMessage("one"), reply(step, { ...reasoning("hm"), providerMetadata: kept }, text("yes")), userMessage(`two${upstream.mark}`)];
		await (await user.chat({ id: newId(), messages, trigger: "submit-message" })).finish();
		const [request] = await upstream.requests();
		assert.ok(!JSON.stringify(request).includes("b3BhcXVl"));
		assert.equal(request.messages[2].reasoning_content, "hm");
	});
});

describe("a conversation that is too long", () => {
	const long = (n) => Array.from({ length: n }, (_, i) => [userMessage(`question ${i} ${"word ".repeat(100)}`), reply(step, text(`answer ${i} ${"word ".repeat(100)}`))]).flat();
	const ask = async (messages) => {
		const turn = await user.chat({ id: newId(), messages, trigger: "submit-message" });
		assert.equal(turn.status, 200, turn.text);
		return turn.finish();
	};

	test("the window of a refusal is kept to; the model and the reader are told what stays out", async () => {
		await be("window-2000");
		const turn = await ask([...long(30), userMessage("and now?")]);
		const first = await judged();
		assert.equal(turn.metadata.status, "complete", JSON.stringify(first.at(-1).refused));
		assert.ok(first.length > 1 && first.length <= 4);
		const { messages } = first.at(-1).request;
		assert.match(messages[1].content, /^\[Earlier messages of this conversation are left out here\.\]\n\nquestion/, "whole turns");
		const told = (JSON.stringify(messages).match(/question|answer/g) ?? []).length;
		const { tokens, limit, leftOut } = turn.metadata.context;
		assert.equal(leftOut, 60 - told);
		assert.ok(tokens > 0);
		assert.equal(limit, 2000);
		const [, stored] = (await user.messages(turn.sessionId)).slice(-2);
		assert.deepEqual(stored.metadata, turn.metadata);

		const next = await user.say("thanks", { sessionId: turn.sessionId });
		assert.equal(next.metadata.status, "complete");
		assert.equal((await judged()).length, 1, "it is known now");
		assert.ok(next.metadata.context.leftOut > 0);
	});

	test("one turn that is too long alone is refused once", async () => {
		await be("window-2000");
		const turn = await ask([userMessage("word ".repeat(4000))]);
		assert.equal(turn.metadata.status, "error");
		assert.equal((await judged()).length, 1);
	});

	test("a large file is sent with its turn, then told of in words; no word of people is left out for it", async () => {
		await be("");
		const pdf = { type: "file", mediaType: "application/pdf", filename: "big.pdf", url: `data:application/pdf;base64,${"AAAA".repeat(900_000)}` };
		const upstream = await play({ steps: says("I have read it.") });
		const turn = await ask([...long(3), userMessage("", { parts: [pdf, { type: "text", text: `read this${upstream.mark}` }] })]);
		assert.equal(turn.metadata.context, undefined, JSON.stringify(turn.metadata));
		const sent = (await upstream.requests())[0].messages;
		assert.equal(sent.at(-1).content[0].file.filename, "big.pdf");

		const then = await play({ steps: says("Fine.") });
		const next = await user.say(`and?${then.mark}`, { sessionId: turn.sessionId });
		assert.equal(next.metadata.context.leftOut, 1);
		const again = (await then.requests())[0].messages;
		assert.ok(JSON.stringify(again).length < 100_000);
		assert.match(again.at(-3).content, /^\[The attached file "big\.pdf" \(application\/pdf\) is left out here.*\]\n\nread this/);
		assert.match(again[1].content, /^question 0/);
	});
});
