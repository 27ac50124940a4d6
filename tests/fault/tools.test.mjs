// Workers die, or are asked to stop, while one of their tools runs.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { eventually, newId, User, userMessage } from "../support/api.mjs";
import { pid, settings, VAR } from "../support/instance.mjs";
import { chunk, DONE, play, says } from "../support/model.mjs";

const SERVER = process.env.LAMPLIGHT_TEST_TOOLS;
const ask = async (path) => (await fetch(SERVER + path)).json();
const LEASE_S = Number(settings.LAMPLIGHT_WORKER_LEASE_MS) / 1000;

/** A reply with two calls: one has its output, the other waits for its gate. */
async function running(user, more = says("done")) {
	const key = newId();
	const call = (index, args) => ({ index, id: `call_${index}`, type: "function", function: { name: "probe", arguments: JSON.stringify(args) } });
	const tool_calls = [call(0, { answer: "quick" }), call(1, { key, gate: key, answer: "slow" })];
	const upstream = await play({ steps: [{ send: chunk({ content: "Let me see. " }) }, { send: chunk({ tool_calls }) }, { send: chunk({}, "tool_calls") }, { send: DONE }] }, { steps: more });
	const turn = await user.ask(`go${upstream.mark}`);
	await turn.until("tool-output-available");
	await eventually(async () => (await ask(`/calls/${key}`)).length === 1);
	return { turn, upstream, key };
}

test("killed: what was shown is kept, the call without an output as it was, and the session goes on", { timeout: 60_000 }, async () => {
	const user = await User.register();
	const { turn, upstream, key } = await running(user);
	const old = pid("chat");
	process.kill(old, "SIGKILL");
	await assert.rejects(turn.finish());
	await ask(`/open/${key}`);
	const [question, stored] = await eventually(async () => {
		const list = await user.messages(turn.sessionId);
		return list.length === 2 && list;
	}, LEASE_S + 10);
	assert.equal(stored.metadata.status, "interrupted");
	assert.deepEqual(stored.parts, [
		{ type: "step-start" },
		{ type: "text", text: "Let me see. ", state: "done" },
		{ type: "tool-probe", toolCallId: "call_0", state: "output-available", input: { answer: "quick" }, output: "quick" },
		{ type: "tool-probe", toolCallId: "call_1", state: "input-available", input: { key, gate: key, answer: "slow" } },
	]);
	assert.equal((await upstream.log()).length, 1);

	const next = await play({ steps: says("on") });
	await user.say("", { sessionId: turn.sessionId, messages: [question, stored, userMessage(`and?${next.mark}`)] });
	const [{ messages }] = await next.requests();
	assert.deepEqual(messages.slice(1, 3), [
		{
			role: "assistant",
			content: "Let me see. ",
			tool_calls: [{ id: "call_0", type: "function", function: { name: "probe", arguments: '{"answer":"quick"}' } }],
		},
		{ role: "tool", tool_call_id: "call_0", content: "quick" },
	]);
	// Some models accept no question directly after a tool's output.
	assert.deepEqual(messages.map(({ role }) => role), ["user", "assistant", "tool", "assistant", "user"]);
});

test("told to stop: the tool ends, the model is asked again, the reply is whole", { timeout: 60_000 }, async () => {
	const user = await User.register();
	const { turn, upstream, key } = await running(user);
	const old = pid("chat");
	process.kill(old, "SIGTERM");
	await eventually(() => pid("chat") !== old);
	await ask(`/open/${key}`);
	await turn.finish();
	assert.deepEqual(turn.of("tool-output-available").map(({ output }) => output), ["quick", "slow"]);
	assert.equal(turn.text, "Let me see. done");
	assert.equal(turn.metadata.status, "complete");
	assert.equal((await upstream.log()).length, 2);
});

test("the database is away when a tool ends: the reply waits, and comes to its end", { timeout: 90_000 }, async () => {
	const sv = (what) => execFileSync("sv", ["-w", "30", what, `${VAR}/etc/sv/mysql`], { stdio: "ignore" });
	const user = await User.register();
	const { turn, upstream, key } = await running(user);
	sv("down");
	try {
		await ask(`/open/${key}`);
		await turn.until("tool-output-available"); // shown before its commit, after chat.journal_wait_ms
	} finally {
		sv("up");
	}
	await turn.finish();
	assert.equal(turn.metadata.status, "complete");
	assert.equal(turn.text, "Let me see. done");
	assert.equal((await upstream.log()).length, 2);
	const [, stored] = await eventually(() => user.messages(turn.sessionId), 30);
	assert.deepEqual(stored.metadata, turn.metadata);
});
