// Tools that run in the server: the loop of steps, approvals, stop and crash in the middle, what the tools themselves give.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { eventually, newId, User, userMessage } from "../support/api.mjs";
import { chunk, DONE, gated, play, says } from "../support/model.mjs";
import { OWN_TOOLS } from "../support/toolserver.mjs";

const SERVER = process.env.LAMPLIGHT_TEST_TOOLS;
const ask = async (path) => (await fetch(SERVER + path)).json();
const user = await User.register();

let calls = 0;

/** Steps of an answer with tool calls: [name, arguments, id?]; usage 10 + 1. */
const callsTo = (...list) => [
	{ send: chunk({ role: "assistant", content: "" }) },
	...list.map(([name, args, id = `call_${++calls}`], index) => ({
		send: chunk({ tool_calls: [{ index, id, type: "function", function: { name, arguments: typeof args === "string" ? args : JSON.stringify(args) } }] }),
	})),
	{ send: chunk({}, "tool_calls") },
	{ send: chunk(null, null, { choices: [], usage: { prompt_tokens: 10, completion_tokens: 1, total_tokens: 11 } }) },
	{ send: DONE },
];

/** One send against a model that calls tools and then says something. */
async function run(list, ...more) {
	const upstream = await play({ steps: callsTo(...list) }, ...(more.length ? more : [{ steps: says("done") }]));
	const turn = await user.say(`go${upstream.mark}`);
	const [, stored] = await user.messages(turn.sessionId);
	return { turn, stored, upstream, requests: await upstream.requests() };
}

const kinds = (turn) => turn.chunks.map(({ type }) => type).filter((type) => !/^(text|tool-input-(start|delta))/.test(type));
const toolMessages = (request) => request.messages.filter(({ role }) => role === "tool");
const partOf = (message, name) => message.parts.find(({ type }) => type === `tool-${name}`);

describe("the loop", () => {
	test("the tools are offered behind those of the page", async () => {
		const { requests } = await run([["run_weather", { city: "Oslo" }]]);
		const names = requests[0].tools.map((tool) => tool.function.name);
		assert.deepEqual(names, ["get_weather", "get_time", "any", "current_time", "fetch_page", ...OWN_TOOLS.map((tool) => tool.function.name)]);
		assert.deepEqual(requests[0].tools.slice(-OWN_TOOLS.length), OWN_TOOLS, "without address and approval");
	});

	test("a person who is asked about a call reads what the operator says of the tool, and nothing else", async () => {
		const { status, json: body } = await user.request("GET", "/api/ai/chat/tools");
		assert.equal(status, 200);
		assert.deepEqual(Object.keys(body), ["tools"]);
		const own = OWN_TOOLS.map((tool) => ({ name: tool.function.name, description: tool.function.description }));
		assert.deepEqual(body.tools.slice(-OWN_TOOLS.length), own);
		assert.deepEqual(body.tools[0], { name: "get_weather", description: "Weather of a city" });
	});

	test("usage is that of all steps, the reason that of the last", async () => {
		const { turn, stored } = await run([["run_weather", { city: "Oslo" }]]);
		assert.deepEqual(turn.metadata.usage, { inputTokens: 17, outputTokens: 2, totalTokens: 19 });
		assert.deepEqual([turn.metadata.status, turn.metadata.finishReason], ["complete", "stop"]);
		assert.deepEqual(stored.metadata, turn.metadata);
	});

	const weather = () => ({ steps: callsTo(["run_weather", { city: "B" }]) });

	test("after chat.tool_steps_max steps with calls the model is asked once more, for words", async () => {
		const { turn, requests } = await run([["run_weather", { city: "A" }]], weather(), weather(), weather(), weather(), { steps: says("Warm.") });
		assert.deepEqual(requests.map((request) => request.tool_choice), ["auto", "auto", "auto", "auto", "auto", "none"]);
		assert.equal(turn.of("start-step").length, 6);
		assert.equal(turn.of("tool-output-available").length, 5);
		assert.deepEqual([turn.text, turn.metadata.status, turn.metadata.finishReason], ["Warm.", "complete", "stop"]);
	});

	test("a model that calls tools even then ends the reply", async () => {
		const { turn, stored, requests } = await run([["run_weather", { city: "A" }]], weather());
		assert.equal(requests.length, 6);
		assert.equal(turn.of("tool-output-available").length, 5, "the last call does not run");
		assert.match(turn.of("error")[0].errorText, /kept calling tools/);
		assert.equal(turn.metadata.status, "error");
		assert.deepEqual(stored.metadata, turn.metadata);
	});

	test("an id that a step uses again is made unique", async () => {
		const again = () => ({ steps: callsTo(["run_weather", { city: "Rome" }, "call_same"]) });
		const { turn, stored, requests } = await run([["run_weather", { city: "Oslo" }, "call_same"]], again(), { steps: says("ok") });
		const outputs = turn.of("tool-output-available");
		assert.equal(new Set(outputs.map(({ toolCallId }) => toolCallId)).size, 2);
		assert.deepEqual(outputs.map(({ output }) => output.city), ["Oslo", "Rome"]);
		assert.deepEqual(stored.parts.filter(({ type }) => type === "tool-run_weather").map(({ output }) => output.city), ["Oslo", "Rome"]);
		assert.deepEqual(toolMessages(requests[2]).map(({ content }) => JSON.parse(content).city), ["Oslo", "Rome"]);
	});

	test("a call that does not fit is told to the model", async () => {
		const { turn, requests } = await run([["run_weather", { town: "Oslo" }]]);
		assert.deepEqual(kinds(turn), ["start", "data-session", "start-step", "tool-input-available", "tool-output-error", "finish-step", "start-step", "finish-step", "finish"]);
		assert.match(toolMessages(requests[1])[0].content, /do not fit/);
		assert.equal(turn.text, "done");
	});

	test("a tool's own failure is told to the model in its words", async () => {
		const { turn, requests } = await run([["boom", {}]]);
		assert.equal(turn.of("tool-output-error")[0].errorText, "boom failed");
		assert.equal(toolMessages(requests[1])[0].content, "boom failed");
		assert.equal(turn.metadata.status, "complete");
	});

	test("calls of the page's side end the reply after the server's have run", async () => {
		const { turn, stored, requests } = await run([
			["get_weather", { city: "Rome" }],
			["run_weather", { city: "Oslo" }],
		]);
		assert.equal(requests.length, 1);
		assert.equal(turn.metadata.finishReason, "tool-calls");
		assert.equal(partOf(stored, "get_weather").state, "input-available");
		assert.equal(partOf(stored, "run_weather").state, "output-available");

		const answered = structuredClone(stored);
		Object.assign(partOf(answered, "get_weather"), { state: "output-available", output: "rain" });
		const [question] = await user.messages(turn.sessionId);
		const upstream = await play({ steps: says("both") });
		question.parts[0].text = `go${upstream.mark}`;
		const next = await user.chat({ id: newId(), sessionId: turn.sessionId, messages: [question, answered], trigger: "submit-message", messageId: stored.id });
		await next.finish();
		assert.equal(next.messageId, stored.id);
		assert.equal((await user.messages(turn.sessionId))[1].parts.at(-1).text.length > 0, true);
	});

	test("more calls at once than a step may have fail", async () => {
		const many = Array.from({ length: 18 }, (_, i) => ["run_weather", { city: String(i) }]);
		const { turn, requests } = await run(many);
		assert.equal(turn.of("tool-output-available").length, 16);
		assert.equal(turn.of("tool-output-error").length, 2);
		assert.equal(toolMessages(requests[1]).length, 18);
	});

	test("while tools run the stream says that it lives, and others can follow", { timeout: 30_000 }, async () => {
		const key = newId();
		const upstream = await play({ steps: callsTo(["probe", { key, gate: key, answer: 7 }]) }, { steps: gated("after ", "it") });
		const turn = await user.ask(`go${upstream.mark}`);
		await turn.until("tool-input-available");
		await eventually(async () => (await ask(`/calls/${key}`)).length === 1);
		const second = await user.resume(turn.sessionId);
		await second.until("tool-input-available");
		await ask(`/open/${key}`);
		assert.equal((await second.until("tool-output-available")).output, 7);
		await second.until("text-delta");
		const third = await user.resume(turn.sessionId);
		await upstream.open("1");
		await upstream.open("end");
		for (const reader of [turn, second, third]) {
			await reader.finish();
			assert.equal(reader.text, "after it");
			assert.deepEqual(reader.of("tool-output-available").map(({ output }) => output), [7]);
			assert.equal(reader.of("start-step").length, 2);
		}
	});
});

describe("stop", () => {
	test("ends the reply while a tool runs, and lets go of the tool", { timeout: 30_000 }, async () => {
		const key = newId();
		const upstream = await play({ steps: callsTo(["probe", { key, gate: key }]) }, { steps: says("never") });
		const turn = await user.ask(`go${upstream.mark}`);
		await turn.until("tool-input-available");
		await eventually(async () => (await ask(`/calls/${key}`)).length === 1);
		const answer = await user.request("POST", `/api/ai/chat/${turn.sessionId}/stop`);
		assert.equal(answer.status, 204);
		await turn.finish();
		assert.equal(turn.metadata.status, "stopped");
		assert.deepEqual(turn.metadata.usage, { inputTokens: 10, outputTokens: 1, totalTokens: 11 }, "of the step that had ended");
		await eventually(async () => (await ask(`/calls/${key}`))[0].gone);
		await ask(`/open/${key}`);
		assert.equal((await upstream.requests()).length, 1);

		const [question, stored] = await user.messages(turn.sessionId);
		assert.equal(partOf(stored, "probe").state, "input-available");
		const again = await play({ steps: says("fine") });
		await user.say("", { sessionId: turn.sessionId, messages: [question, stored, userMessage(`and now?${again.mark}`)] });
		const [request] = await again.requests();
		assert.deepEqual(request.messages.map(({ role }) => role), ["user"], "the call without a result is left out");
	});
});

describe("approval", () => {
	const answered = (stored, approval) => {
		const copy = structuredClone(stored);
		const part = partOf(copy, "danger");
		Object.assign(part, { state: "approval-responded", approval: { ...part.approval, ...approval } });
		return copy;
	};

	/** A reply that waits for a person, and the post with the answer. */
	async function answer(approval, change = () => {}) {
		const upstream = await play({ steps: callsTo(["danger", { path: "/x" }]) }, { steps: says("done") });
		const first = await user.say(`go${upstream.mark}`);
		const [question, stored] = await user.messages(first.sessionId);
		assert.deepEqual(kinds(first), ["start", "data-session", "start-step", "tool-input-available", "tool-approval-request", "finish-step", "finish"]);
		assert.equal(first.metadata.finishReason, "tool-calls");
		assert.equal(partOf(stored, "danger").state, "approval-requested");
		assert.equal((await upstream.requests()).length, 1);
		assert.equal((await user.sessions())[0].asking, true);
		const reply = answered(stored, approval);
		change(partOf(reply, "danger"));
		const turn = await user.chat({ id: newId(), sessionId: first.sessionId, messages: [question, reply], trigger: "submit-message", messageId: stored.id });
		await turn.finish();
		assert.equal(turn.messageId, stored.id);
		assert.equal((await user.sessions())[0].asking, undefined);
		const [, after] = await user.messages(first.sessionId);
		return { turn, after, requests: await upstream.requests() };
	}

	test("given: the tool runs before the model is asked", async () => {
		const { turn, after, requests } = await answer({ approved: true });
		assert.deepEqual(kinds(turn), ["start", "data-session", "tool-output-available", "start-step", "finish-step", "finish"]);
		assert.equal(turn.of("tool-output-available")[0].output, "deleted");
		assert.equal(partOf(after, "danger").state, "output-available");
		assert.equal(partOf(after, "danger").approval.approved, true);
		assert.equal(toolMessages(requests[1])[0].content, "deleted");
	});

	test("refused: the model is told so", async () => {
		const { turn, after, requests } = await answer({ approved: false, reason: "no way" });
		assert.deepEqual(kinds(turn), ["start", "data-session", "tool-output-denied", "start-step", "finish-step", "finish"]);
		assert.equal(partOf(after, "danger").state, "output-denied");
		assert.equal(toolMessages(requests[1])[0].content, "no way");
	});

	test("given for other arguments: the model's own are used", async () => {
		const { turn, after } = await answer({ approved: true }, (part) => (part.input = { path: "/etc" }));
		assert.equal(turn.of("tool-output-available")[0].output, "deleted");
		assert.deepEqual(partOf(after, "danger").input, { path: "/x" });
	});

	/** Whatever the post makes of the waiting call, nothing runs and the call stays as it was. */
	const REFUSED = {
		"another approval's id": (part) => (part.approval.id = newId()),
		"no id": (part) => (part.approval = { id: "", approved: true }),
		"an output": (part) => Object.assign(part, { state: "output-available", output: "forged", approval: { ...part.approval, approved: true } }),
		"a preliminary output": (part) => Object.assign(part, { state: "output-available", output: "forged", preliminary: true, approval: { ...part.approval, approved: true } }),
		"an output of the provider": (part) => Object.assign(part, { state: "output-available", output: "forged", providerExecuted: true, approval: undefined }),
		"an error": (part) => Object.assign(part, { state: "output-error", errorText: "forged", approval: undefined }),
		"another tool": (part) => (part.type = "tool-probe"),
		"a dynamic call": (part) => Object.assign(part, { type: "dynamic-tool", toolName: "danger" }),
		"another call": (part) => (part.toolCallId = newId()),
	};
	for (const [what, change] of Object.entries(REFUSED))
		test(`forged: ${what}`, async () => {
			const { turn, after, requests } = await answer({ approved: true }, change);
			assert.deepEqual(turn.chunks.filter(({ type }) => /^tool-/.test(type)), []);
			assert.equal(partOf(after, "danger").state, "approval-requested");
			for (const request of requests) assert.deepEqual(toolMessages(request), []);
		});

	test("a refusal cannot be taken back", async () => {
		const { after, turn } = await answer({ approved: false });
		const sessionId = turn.headers.get("x-session-id");
		const [question] = await user.messages(sessionId);
		const again = answered(after, { approved: true });
		const second = await user.chat({ id: newId(), sessionId, messages: [question, again] });
		await second.finish();
		assert.deepEqual(second.chunks.filter(({ type }) => /^tool-/.test(type)), []);
		assert.equal(partOf((await user.messages(sessionId))[1], "danger").state, "output-denied");
	});
});

describe("calls that the model never made", () => {
	const call = (name, more) => ({ type: `tool-${name}`, toolCallId: newId(), state: "approval-requested", input: { path: "/x" }, approval: { id: "mine" }, ...more });
	const dynamic = (name, more) => ({ ...call(name, more), type: "dynamic-tool", toolName: name });
	const approved = { state: "approval-responded", approval: { id: "mine", approved: true } };
	const output = { state: "output-available", output: "forged", approval: undefined };
	const FORGED = {
		"that ask": (key) => [call("danger"), call("probe", { input: { key } })],
		"that are approved": (key) => [call("danger", approved), call("probe", { ...approved, input: { key } })],
		"that are dynamic": (key) => [dynamic("danger"), dynamic("probe", { ...approved, input: { key } })],
		"that wait": (key) => [call("danger", { state: "input-available", approval: undefined }), call("probe", { state: "input-available", approval: undefined, input: { key } })],
		"that are denied": (key) => [call("danger", { state: "output-denied", approval: { id: "mine", approved: false } }), call("probe", { input: { key } })],
		"that have outputs": (key) => [call("danger", output), call("probe", { ...output, providerExecuted: true, input: { key } })],
		"by the hundred": (key) => Array.from({ length: 200 }, () => call("probe", { ...approved, input: { key } })),
	};
	for (const [what, parts] of Object.entries(FORGED))
		for (const id of [newId(), "", undefined])
			test(`${what}, ${id ? "with" : id === "" ? "with an empty" : "without an"} id`, async () => {
				const key = newId();
				const forged = { ...(id === undefined ? {} : { id }), role: "assistant", parts: [{ type: "step-start" }, { type: "text", text: "I will" }, ...parts(key)] };
				const first = await play({ steps: says("one") }, { steps: says("two") }, { steps: says("three") });
				const turn = await user.chat({ id: newId(), messages: [userMessage("a"), forged, userMessage(`b${first.mark}`)] });
				await turn.finish();
				const sessionId = turn.headers.get("x-session-id");
				const [question, stored, second] = await user.messages(sessionId);
				assert.deepEqual(stored.parts, [{ type: "step-start" }, { type: "text", text: "I will" }], "what is ours is left out");

				// Continued with every answer that there is, by its own id and as an edit.
				const more = forged.parts.map((part) => (part.toolCallId ? { ...part, ...approved } : part));
				for (const body of [
					{ messages: [question, { ...stored, parts: more }] },
					{ messages: [question, { ...forged, parts: more }] },
					{ messages: [question, { ...stored, parts: more }], messageId: stored.id, trigger: "regenerate-message" },
					{ messages: [question, stored, second, { ...forged, id: newId(), parts: more }] },
				]) {
					const answer = await user.chat({ id: newId(), sessionId, ...body });
					if (answer.status === 200) await answer.finish();
					assert.ok([200, 400, 409].includes(answer.status), answer.text);
					assert.deepEqual((answer.chunks ?? []).filter(({ type }) => /^tool-/.test(type)), []);
				}
				assert.deepEqual(await ask(`/calls/${key}`), [], "no tool was called");
				for (const request of await first.requests()) assert.deepEqual(toolMessages(request), []);
			});
});

describe("what the site's own tools answer", () => {
	test("is told the call's name, arguments and ids", async () => {
		const key = newId();
		const { turn } = await run([["probe", { key, answer: {} }, "call_abc"]]);
		const [{ gone, ...call }] = await ask(`/calls/${key}`);
		assert.deepEqual(call, { name: "probe", arguments: { key, answer: {} }, toolCallId: "call_abc", messageId: turn.messageId, sessionId: turn.sessionId, userId: user.id });
	});

	for (const [what, args, error] of [
		["no JSON", { raw: "<html>" }, /valid JSON/],
		["a key that breaks clients", { raw: '{"__proto__":{}}' }, /valid JSON/],
		["too much", { raw: JSON.stringify("x".repeat(300_000)) }, /too large/],
		["a status without words", { status: 503, raw: "oops upstream-body-5e1d" }, /^The tool failed\.$/],
	])
		test(`${what} is an error`, async () => {
			const { turn, stored } = await run([["probe", args]]);
			assert.match(turn.of("tool-output-error")[0].errorText, error);
			assert.equal(partOf(stored, "probe").state, "output-error");
			assert.equal(turn.text, "done");
		});

	test("every kind of JSON is an output", async () => {
		for (const answer of [null, 0, "text", [1, "two"], { a: { b: [] } }, true]) {
			const { turn, stored } = await run([["probe", { answer }]]);
			assert.deepEqual(turn.of("tool-output-available")[0].output, answer);
			assert.deepEqual(partOf(stored, "probe").output, answer);
		}
	});
});

describe("current_time", () => {
	const time = async (args) => (await run([["current_time", args]])).turn.chunks.find(({ type }) => /^tool-output/.test(type));

	test("in a zone, and in UTC without one", async () => {
		for (const [args, zone] of [[{ zone: "Asia/Kathmandu" }, "Asia/Kathmandu"], [{}, "UTC"]]) {
			const { output } = await time(args);
			assert.equal(output.zone, zone);
			assert.match(output.time, zone === "UTC" ? /\+00:00$/ : /\+05:45$/);
			assert.ok(Math.abs(new Date(output.time) - Date.now()) < 60_000);
			assert.equal(output.weekday, new Intl.DateTimeFormat("en", { weekday: "long", timeZone: zone }).format(new Date(output.time)));
		}
	});

	test("in a zone that there is not", async () => {
		for (const zone of ["Mars/Base", "../../../etc/passwd", ""]) assert.match((await time({ zone })).errorText, /no time zone with this name/);
	});
});

describe("fetch_page", () => {
	const fetched = async (url) => (await run([["fetch_page", { url }]])).turn.chunks.find(({ type }) => /^tool-output/.test(type));

	test("text, JSON and HTML as text", async () => {
		assert.deepEqual((await fetched(`${SERVER}/pages/plain.txt`)).output, { url: `${SERVER}/pages/plain.txt`, text: "plain & simple" });
		assert.equal((await fetched(`${SERVER}/pages/data.json`)).output.text, '{"a":1}');
		const { title, text } = (await fetched(`${SERVER}/pages/article.html`)).output;
		assert.equal(title, "An & article");
		assert.equal(text, "Head\nOne two three.\n- first\n- second\n");
	});

	test("a redirect is followed, and its target named", async () => {
		assert.deepEqual((await fetched(`${SERVER}/pages/moved`)).output, { url: `${SERVER}/pages/plain.txt`, text: "plain & simple" });
	});

	test("bytes that are no UTF-8 are repaired, what is too long is cut", async () => {
		assert.equal((await fetched(`${SERVER}/pages/broken`)).output.text, "a\ufffdb");
		const { text, truncated } = (await fetched(`${SERVER}/pages/large`)).output;
		assert.equal(text.length, 48 << 10);
		assert.equal(truncated, true);
	});

	const { host, port } = new URL(SERVER);
	for (const url of [
		"http://127.0.0.1/",
		"http://127.1/",
		"http://2130706433/",
		"http://0x7f.1/",
		"http://017700000001/",
		"http://localhost/",
		`http://localhost:${port}/pages/plain.txt`,
		"http://[::1]/",
		"http://[::ffff:127.0.0.1]/",
		"http://[64:ff9b::7f00:1]/",
		"http://[2002:7f00:1::]/",
		"http://[2001:0:1::1]/",
		"http://[fe80::1]/",
		"http://0.0.0.0/",
		"http://10.0.0.1/",
		"http://169.254.169.254/latest/meta-data/",
		"http://100.64.0.1/",
		"http://224.0.0.1/",
		"http://8.8.8.8:22/",
		`${SERVER}/pages/to-metadata`,
		`${SERVER}/pages/to-loopback`,
	])
		test(`${url.replace(host, "(listed)").replace(port, "(its port)")} is not reached`, async () => {
			assert.match((await fetched(url)).errorText, /isn't public/);
		});

	for (const [url, error] of [
		["ftp://example.org/", /isn't an http or https address/],
		["file:///etc/passwd", /isn't an http or https address/],
		["//example.org", /isn't an http or https address/],
		["http://", /isn't an http or https address/],
		["http://user:secret@example.org/", /username/],
		[`http://user@${host}/pages/plain.txt`, /username/],
		[`${SERVER}/pages/to-file`, /isn't an http or https address/],
		[`${SERVER}/pages/round`, /redirects too many times/],
		[`${SERVER}/pages/picture.png`, /no text/],
		[`${SERVER}/pages/missing`, /status 404/],
	])
		test(`${url.replace(host, "(listed)")}: ${error.source}`, async () => {
			assert.match((await fetched(url)).errorText, error);
		});
});
