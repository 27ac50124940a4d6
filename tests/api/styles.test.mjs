// Asking for another reply that is shorter, longer or simpler: what the model gets, and what the server knows of it
// afterwards.

import assert from "node:assert/strict";
import { test } from "node:test";
import { newId, User } from "../support/api.mjs";
import { chunk, DONE, play, says } from "../support/model.mjs";

const user = await User.register();
const lines = { shorter: /short: only what matters/, longer: /longer than usual/, simpler: /simple: everyday words/ };
const told = ({ messages }) => messages.filter(({ role }) => role === "system").map(({ content }) => content);

const regenerate = (sessionId, list, more) =>
	user.chat({ id: newId(), sessionId, messages: list.slice(0, 1), trigger: "regenerate-message", messageId: list[1].id, ...more });

async function asked(...calls) {
	const upstream = await play(...calls);
	const { sessionId } = await user.say(`Explain it${upstream.mark}`);
	return { upstream, sessionId, list: await user.messages(sessionId) };
}

for (const [style, line] of Object.entries(lines))
	test(`${style}: told to the model for this reply alone, and kept with it`, async () => {
		const { upstream, sessionId, list } = await asked({ steps: says("First.") }, { steps: says("Second.") }, { steps: says("Third.") });
		const turn = await regenerate(sessionId, list, { style });
		await turn.finish();
		assert.equal(turn.metadata.style, style);
		const shown = await user.messages(sessionId);
		assert.deepEqual([shown[1].id, shown[1].metadata.style, shown[1].parts.at(-1).text], [turn.messageId, style, "Second."]);
		await user.say(`And then?${upstream.mark}`, { sessionId });
		const [first, second, third] = (await upstream.requests()).map(told);
		assert.deepEqual(second.at(-1).replace(line, "").length < second.at(-1).length, true, second.at(-1));
		for (const others of [first, third]) assert.doesNotMatch(others.join("\n"), line);
		assert.ok(second.at(-1).startsWith(first.join("")), "after the operator's prompt");
		assert.equal((await user.messages(sessionId)).at(-1).metadata.style, undefined);
	});

test("every step of a reply has the style", async () => {
	const call = { index: 0, id: "call_style", type: "function", function: { name: "run_weather", arguments: '{"city":"Oslo"}' } };
	const steps = [{ send: chunk({ tool_calls: [call] }) }, { send: chunk({}, "tool_calls") }, { send: DONE }];
	const { upstream, sessionId, list } = await asked({ steps: says("First.") }, { steps }, { steps: says("Cold.") });
	await (await regenerate(sessionId, list, { style: "shorter" })).finish();
	const requests = await upstream.requests();
	assert.equal(requests.length, 3);
	for (const request of requests.slice(1)) assert.match(told(request).join(), lines.shorter);
});

test("a continued reply keeps the style", async () => {
	const broken = { steps: [{ send: chunk({ content: "Half of " }) }, { end: "eof" }] };
	const { upstream, sessionId, list } = await asked({ steps: says("First.") }, broken, { steps: says("it.") });
	await (await regenerate(sessionId, list, { style: "simpler" })).finish();
	const half = await user.messages(sessionId);
	const turn = await user.chat({ id: newId(), sessionId, messages: half, trigger: "submit-message", messageId: half[1].id });
	await turn.finish();
	assert.match(told((await upstream.requests()).at(-1)).join(), lines.simpler);
	assert.equal((await user.messages(sessionId))[1].metadata.style, "simpler");
});

test("an invalid style, or one without regenerate, is refused, and no model is asked", async () => {
	const { upstream, sessionId, list } = await asked({ steps: says("First.") });
	for (const style of ["funnier", "Shorter", "shorter ", 1, true, {}, ["shorter"]]) (await regenerate(sessionId, list, { style })).problem(400, { field: "style" });
	for (const trigger of ["submit-message", null]) (await regenerate(sessionId, list, { style: "shorter", trigger })).problem(400, { field: "style" });
	assert.equal((await upstream.log()).length, 1);
	assert.equal((await user.messages(sessionId)).length, 2);
});

test("a style that is null or empty counts as none", async () => {
	const { sessionId, list } = await asked({ steps: says("First.") }, { steps: says("Second.") }, { steps: says("Third.") });
	for (const style of [null, ""]) {
		const turn = await regenerate(sessionId, list, { style });
		await turn.finish();
		assert.equal(turn.metadata.style, undefined);
	}
});
