// What a user has used, day by day.

import assert from "node:assert/strict";
import { test } from "node:test";
import { User, request, userMessage } from "../support/api.mjs";
import { query } from "../support/db.mjs";
import { DONE, chunk, gated, play } from "../support/model.mjs";

const today = () => new Date().toISOString().slice(0, 10);

async function usage(user, more = "") {
	const answer = await user.get(`/api/me/usage${more}`);
	assert.equal(answer.status, 200, answer.text);
	return answer.json;
}

/** A reply for which the model's server reports these tokens. */
async function reply(user, input, output, options) {
	const counts = { prompt_tokens: input, completion_tokens: output, total_tokens: input + output };
	const sent = [chunk({ content: "x" }), chunk({}, "stop"), chunk(null, null, { choices: [], usage: counts }), DONE];
	const upstream = await play({ steps: sent.map((send) => ({ send })) });
	return user.say(`go${upstream.mark}`, options);
}

test("every reply that ends counts once, with its tokens", async () => {
	const user = await User.register();
	assert.deepEqual(await usage(user), []);
	const first = await reply(user, 10, 3);
	assert.deepEqual(await usage(user), [{ date: today(), messages: 1, inputTokens: 10, outputTokens: 3 }]);
	await reply(user, 100, 30, { sessionId: first.sessionId });
	await reply(user, 1000, 300);
	assert.deepEqual(await usage(user), [{ date: today(), messages: 3, inputTokens: 1110, outputTokens: 333 }]);
	await user.request("DELETE", `/api/ai/sessions/${first.sessionId}`);
	assert.equal((await usage(user))[0].inputTokens, 1110);
	assert.deepEqual(await usage(await User.register()), []);
});

test("impossible counts are ignored", async () => {
	const user = await User.register();
	const turn = await reply(user, 900_000_000_000_000, 800_000_000_000_000);
	assert.equal(turn.metadata.usage, undefined);
	assert.deepEqual(await usage(user), [{ date: today(), messages: 1, inputTokens: 0, outputTokens: 0 }]);
	// The largest number that counts: a hundred million.
	assert.deepEqual((await reply(user, 1e8 - 1, 1)).metadata.usage, { inputTokens: 1e8 - 1, outputTokens: 1, totalTokens: 1e8 });
});

test("a send that is repeated, a reply without counts, a stopped one", async () => {
	const user = await User.register();
	const upstream = await play({ steps: gated("a") });
	const body = { id: "c1", messages: [userMessage(`go${upstream.mark}`)], trigger: "submit-message" };
	const turns = await Promise.all([1, 2, 3].map(() => user.chat(body)));
	await upstream.open("end");
	await Promise.all(turns.map((turn) => turn.finish()));
	assert.deepEqual(await usage(user), [{ date: today(), messages: 1, inputTokens: 0, outputTokens: 0 }]);

	const endless = await play({ steps: gated("a", "b") });
	const turn = await user.ask(`go${endless.mark}`);
	await turn.until("text-delta");
	assert.equal((await user.request("POST", `/api/ai/chat/${turn.sessionId}/stop`)).status, 204);
	await turn.finish();
	assert.deepEqual(await usage(user), [{ date: today(), messages: 2, inputTokens: 0, outputTokens: 0 }]);
});

test("a reply whose session is deleted meanwhile is not counted", async () => {
	const user = await User.register();
	const upstream = await play({ steps: gated("a", "b") });
	const turn = await user.ask(`go${upstream.mark}`);
	await turn.until("text-delta");
	await user.request("DELETE", `/api/ai/sessions/${turn.sessionId}`);
	await turn.finish();
	assert.deepEqual(await usage(user), []);
});

test("as many days as asked for, oldest first", async () => {
	const user = await User.register();
	const day = (n) => new Date(Date.now() - n * 86400000).toISOString().slice(0, 10);
	const rows = [0, 1, 6, 7, 29, 30, 365, 366].map((n) => [user.id, day(n), n + 1, 2, 3]);
	await query("INSERT INTO usage_day (user_id, day, messages, input_tokens, output_tokens) VALUES ?", [rows]);
	const dates = async (more) => (await usage(user, more)).map(({ date }) => date);
	assert.deepEqual(await dates("?days=1"), [day(0)]);
	assert.deepEqual(await dates("?days=7"), [day(6), day(1), day(0)]);
	assert.deepEqual(await dates(""), [day(29), day(7), day(6), day(1), day(0)]);
	assert.equal((await dates("?days=366")).length, 7);
});

for (const days of ["0", "367", "-1", "x", "", "1.5"])
	test(`days=${days} is refused`, async () => {
		(await (await User.register()).get(`/api/me/usage?days=${days}`)).problem(400, { field: "days" });
	});

test("reading the usage needs a login", async () => {
	(await request("GET", "/api/me/usage")).problem(401);
});
