// Tools that run in the server: the loop of steps, approvals, and a stop or a crash in the middle.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { eventually, newId, User, userMessage } from "../support/api.mjs";
import { gated, play, says } from "../support/model.mjs";
import { ask, callsTo, kinds, partOf, runner, toolMessages } from "../support/toolcalls.mjs";
import { OWN_TOOLS } from "../support/toolserver.mjs";

const user = await User.register();
const run = runner(user);

describe("the loop", () => {
	test("the tools are offered behind those of the page", async () => {
		const { requests } = await run([["run_weather", { city: "Oslo" }]]);
		const names = requests[0].tools.map((tool) => tool.function.name);
		assert.deepEqual(names, ["get_weather", "get_time", "any", "current_time", "fetch_page", ...OWN_TOOLS.map((tool) => tool.function.name)]);
		assert.deepEqual(requests[0].tools.slice(-OWN_TOOLS.length), OWN_TOOLS, "without address and approval");
	});

	test("a person who has to approve a call sees only the operator's description of the tool", async () => {
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

	test("a repeated call id is made unique", async () => {
		const again = () => ({ steps: callsTo(["run_weather", { city: "Rome" }, "call_same"]) });
		const { turn, stored, requests } = await run([["run_weather", { city: "Oslo" }, "call_same"]], again(), { steps: says("ok") });
		const outputs = turn.of("tool-output-available");
		assert.equal(new Set(outputs.map(({ toolCallId }) => toolCallId)).size, 2);
		assert.deepEqual(outputs.map(({ output }) => output.city), ["Oslo", "Rome"]);
		assert.deepEqual(stored.parts.filter(({ type }) => type === "tool-run_weather").map(({ output }) => output.city), ["Oslo", "Rome"]);
		assert.deepEqual(toolMessages(requests[2]).map(({ content }) => JSON.parse(content).city), ["Oslo", "Rome"]);
	});

	test("an invalid call is reported to the model", async () => {
		const { turn, requests } = await run([["run_weather", { town: "Oslo" }]]);
		assert.deepEqual(kinds(turn), ["start", "data-session", "start-step", "tool-input-available", "tool-output-error", "finish-step", "start-step", "finish-step", "finish"]);
		assert.match(toolMessages(requests[1])[0].content, /do not fit/);
		assert.equal(turn.text, "done");
	});

	test("a tool's failure is passed to the model in the tool's words", async () => {
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

	test("while tools run, the stream sends signs of life and others can follow", { timeout: 30_000 }, async () => {
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
	test("ends the reply and cancels its running tool", { timeout: 30_000 }, async () => {
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

	/** A reply that waits for a person, and the request that answers it. */
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

	/** Whatever the request does with the waiting call, nothing runs and the call stays as it was. */
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
		test(`an answer that was changed runs nothing: ${what}`, async () => {
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
			test(`calls ${what} run nothing in a reply that a client made, ${id ? "with an" : id === "" ? "with an empty" : "without an"} id`, async () => {
				const key = newId();
				const forged = { ...(id === undefined ? {} : { id }), role: "assistant", parts: [{ type: "step-start" }, { type: "text", text: "I will" }, ...parts(key)] };
				const first = await play({ steps: says("one") }, { steps: says("two") }, { steps: says("three") });
				const turn = await user.chat({ id: newId(), messages: [userMessage("a"), forged, userMessage(`b${first.mark}`)] });
				await turn.finish();
				const sessionId = turn.headers.get("x-session-id");
				const [question, stored, second] = await user.messages(sessionId);
				assert.deepEqual(stored.parts, [{ type: "step-start" }, { type: "text", text: "I will" }], "what is ours is left out");

				// Continues with every possible answer, under the reply's own id and as an edit.
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
