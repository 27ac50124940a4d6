// Two instances on one database: each follows, stops and repeats what the other has begun and, if the other dies, cleans up
// after it.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { User, eventually, newId, userMessage } from "../support/api.mjs";
import { settings, pid } from "../support/instance.mjs";
import { assemble } from "../support/expect.mjs";
import { gated, play } from "../support/model.mjs";

const { LAMPLIGHT_URL_2, LAMPLIGHT_VAR_2 } = process.env;
const LEASE_S = Number(settings.LAMPLIGHT_WORKER_LEASE_MS) / 1000;
const timeout = 60_000;

/** A user at both nodes, and a reply that is running in the first. */
async function running(...words) {
	const here = await User.register();
	const there = here.at(LAMPLIGHT_URL_2);
	const upstream = await play({ steps: gated(...words) });
	const body = { id: newId(), messages: [userMessage(`go${upstream.mark}`)], trigger: "submit-message" };
	const turn = await here.chat(body);
	await turn.until("text-delta");
	return { here, there, upstream, body, turn };
}

test("a token, a session and its messages are the same at both", async () => {
	const here = await User.register();
	const { sessionId } = await here.say("hello");
	const there = here.at(LAMPLIGHT_URL_2);
	assert.deepEqual(await there.sessions(), await here.sessions());
	assert.deepEqual(await there.messages(sessionId), await here.messages(sessionId));
	assert.equal((await there.say("and here", { sessionId })).text, "You said: and here");
	assert.equal((await here.messages(sessionId)).length, 4);
});

test("resume at the other node: from the start to the end", { timeout }, async () => {
	const { here, there, upstream, turn } = await running("one ", "two ", "three");
	const reader = await there.resume(turn.sessionId);
	assert.equal(reader.status, 200);
	await reader.until("text-delta");
	for (const [i, gate] of ["1", "2"].entries()) {
		await upstream.open(gate);
		while (reader.text !== ["one two ", "one two three"][i]) assert.ok(await reader.next());
	}
	await upstream.open("end");
	await Promise.all([turn.finish(), reader.finish()]);
	const [, stored] = await here.messages(turn.sessionId);
	assert.deepEqual(await assemble(reader.chunks), stored);
	assert.equal(reader.messageId, turn.messageId);
});

test("a stop at the other node ends the reply and keeps its text", { timeout }, async () => {
	const { here, there, turn } = await running("half", " more");
	assert.equal((await there.stop(turn.sessionId)).status, 204);
	await turn.finish();
	assert.equal(turn.metadata.status, "stopped");
	assert.equal((await here.messages(turn.sessionId))[1].parts.at(-1).text, "half");
});

test("the same send at both nodes: one message, one call", { timeout }, async () => {
	const { there, upstream, body, turn } = await running("one ", "two");
	const again = await there.chat(body);
	assert.equal(again.status, 200, again.text);
	for (const gate of ["1", "end"]) await upstream.open(gate);
	await Promise.all([turn.finish(), again.finish()]);
	assert.equal(again.messageId, turn.messageId);
	assert.deepEqual(again.userMessageIds, turn.userMessageIds);
	assert.equal(again.text, "one two");
	assert.equal((await upstream.log()).length, 1);
});

test("a new question at the other node while the reply it follows runs: that one is stopped", { timeout }, async () => {
	const { here, there, body, turn } = await running("half", " more");
	const partial = { id: turn.messageId, role: "assistant", parts: [{ type: "text", text: "half" }] };
	const next = await there.say("", { sessionId: turn.sessionId, messages: [...body.messages, partial, userMessage("next")] });
	assert.equal(next.text, "You said: next");
	await turn.finish();
	assert.equal(turn.metadata.status, "stopped");
	assert.equal((await here.messages(turn.sessionId)).length, 4);
});

test("logged out at one node is logged out at the other within a second", async () => {
	const here = await User.register();
	const there = here.at(LAMPLIGHT_URL_2);
	assert.equal((await there.get("/api/me")).status, 200);
	assert.equal((await here.request("POST", "/api/auth/logout", { headers: { cookie: here.cookie } })).status, 204);
	await new Promise((resolve) => setTimeout(resolve, 1000));
	(await there.get("/api/me")).problem(401);
});

test("ids of both nodes are all different and rise", { timeout }, async () => {
	const here = await User.register();
	const there = here.at(LAMPLIGHT_URL_2);
	const turns = await Promise.all(Array.from({ length: 40 }, (_, i) => (i % 2 ? here : there).say(`n${i}`)));
	const ids = turns.flatMap((turn) => [turn.sessionId, ...turn.userMessageIds, turn.messageId]);
	assert.equal(new Set(ids).size, 120);
	for (const turn of turns)
		assert.ok(
			BigInt(turn.sessionId) < BigInt(turn.userMessageIds[0]) && BigInt(turn.userMessageIds[0]) < BigInt(turn.messageId),
		);
});

test("a node dies for good: the other finds its replies and marks them interrupted", { timeout }, async () => {
	const { there, turn } = await running("shown", " lost");
	const victim = there.at(process.env.LAMPLIGHT_URL);
	assert.ok(pid("chat") !== Number(readFileSync(`${LAMPLIGHT_VAR_2}/run/chat.pid`, "utf8")));
	process.kill(pid("chat"), "SIGKILL");
	await assert.rejects(turn.finish());
	const [, stored] = await eventually(async () => {
		const list = await there.messages(turn.sessionId);
		return list.length === 2 && list;
	}, LEASE_S + 5);
	assert.equal(stored.metadata.status, "interrupted");
	assert.deepEqual(stored.parts, [{ type: "step-start" }, { type: "text", text: "shown", state: "done" }]);
	assert.equal((await there.say("go on", { sessionId: turn.sessionId })).text, "You said: go on");
	assert.equal((await victim.messages(turn.sessionId)).length, 4);
});
