// Titles made by the model, on a separate instance where they are on: a title is a small request after the first reply, and
// whatever happens to it, the chat keeps a name.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { User, eventually } from "../support/api.mjs";
import { query } from "../support/db.mjs";
import { VAR, beside, runs, up } from "../support/instance.mjs";
import { DONE, beStrict, chunk, gated, judged, play, says } from "../support/model.mjs";

let other;
before(async () => {
	await query("DELETE FROM model_takes"); // what earlier tests have taught
	other = await up({ more: { ...beside(VAR), LAMPLIGHT_LLM_TITLES: "on", LAMPLIGHT_LIMITS_DAY_TOKENS: "50000" } });
});
after(async () => {
	await beStrict("");
	await other?.down();
	other?.remove();
});

const newUser = async () => (await User.register()).at(other.env.LAMPLIGHT_URL);
const titleOf = async (user, id) => (await user.get(`/api/ai/sessions/${id}`)).json.title;
const rowOf = async (id) => (await query("SELECT title, title_tries, title_until FROM session WHERE id = ?", [id]))[0];
/** Waits until no request for a title is running. */
const settled = (id, tries) =>
	eventually(async () => {
		const row = await rowOf(id);
		return row.title_until === null && (tries === undefined || row.title_tries === tries);
	}, 20);
const counts = async (user) => (await user.get("/api/me/usage")).json[0];

test("after the first reply the model names the chat, once, and that is counted", async () => {
	const user = await newUser();
	const upstream = await play({ steps: says("It is ", "late.") }, { steps: says("The ", "Late Hour") });
	const turn = await user.say(`what time is it?${upstream.mark}`);
	await eventually(async () => (await titleOf(user, turn.sessionId)) === "The Late Hour");
	const [asked, title] = await upstream.requests();
	assert.ok(asked.tools?.length > 0);
	assert.equal(title.tools, undefined);
	assert.equal(title.max_tokens, 2048);
	assert.equal(title.messages.length, 2);
	assert.match(title.messages[0].content, /title/i);
	assert.ok(!JSON.stringify(title).includes("Be brief."), "the operator's prompt is for replies");
	assert.match(title.messages[1].content, /what time is it\?.*\n.*It is late\./);
	await settled(turn.sessionId, 0);
	await eventually(async () => (await counts(user)).inputTokens === 14);
	assert.deepEqual({ ...(await counts(user)), date: "" }, { date: "", messages: 1, inputTokens: 14, outputTokens: 4 });

	await user.say("go on", { sessionId: turn.sessionId });
	await settled(turn.sessionId);
	assert.equal((await upstream.requests()).length, 2, "a name is asked for once");
	assert.equal((await user.sessions())[0].title, "The Late Hour");
	const hits = await eventually(async () => {
		const { json } = await user.request("POST", "/api/ai/search", { body: { q: "late hour" } });
		return json.length > 0 && json;
	});
	assert.equal(hits[0].sessionId, turn.sessionId);
});

test("a name that a person gave while the model thought is kept", async () => {
	const user = await newUser();
	const upstream = await play({ steps: says("Yes.") }, { steps: gated("By the model") });
	const turn = await user.say(`go${upstream.mark}`);
	await upstream.called(2);
	await user.request("PATCH", `/api/ai/sessions/${turn.sessionId}`, { body: { title: "Mine" } });
	await upstream.open("end");
	await eventually(async () => (await counts(user)).inputTokens > 7, 20).catch(() => {});
	await user.say("more", { sessionId: turn.sessionId });
	assert.deepEqual(await rowOf(turn.sessionId), { title: "Mine", title_tries: 0, title_until: null });
	assert.equal((await upstream.log()).length, 2);
});

test("pinning a chat does not keep the model from naming it", async () => {
	const user = await newUser();
	const upstream = await play({ steps: says("Yes.") }, { steps: gated("By the model") });
	const turn = await user.say(`go${upstream.mark}`);
	await upstream.called(2);
	await user.request("PATCH", `/api/ai/sessions/${turn.sessionId}`, { body: { pinned: true } });
	await upstream.open("end");
	await eventually(async () => (await titleOf(user, turn.sessionId)) === "By the model");
});

const thought = [chunk({ reasoning_content: "Hm, a title" }), chunk({ content: '**Title:** "After a Thought"' }), chunk({}, "stop"), DONE];
const inTags = [chunk({ content: "<think>Which one?</think>\n\nIn Tags" }), chunk({}, "stop"), DONE];
for (const [what, steps, expected] of [
	["a thought, a label, Markdown, quotation marks", thought.map((send) => ({ send })), "After a Thought"],
	["a thought in tags", inTags.map((send) => ({ send })), "In Tags"],
	["several lines", says("Here is one:\nFirst Line\nSecond line"), "First Line"],
])
	test(`an answer with ${what} becomes a title`, async () => {
		const user = await newUser();
		const upstream = await play({ steps: says("Yes.") }, { steps });
		const turn = await user.say(`go${upstream.mark}`);
		await eventually(async () => (await titleOf(user, turn.sessionId)) === expected);
	});

const piece = "x".repeat(8192);
const calls = [chunk({ tool_calls: [{ index: 0, id: "c", type: "function", function: { name: "current_time", arguments: "{}" } }] }), chunk({}, "tool_calls"), DONE];
for (const [what, call] of Object.entries({
	"nothing": { steps: says() },
	"a megabyte": { steps: [{ repeat: chunk({ content: piece }), times: 128 }] },
	"a call of a tool": { steps: calls.map((send) => ({ send })) },
	"an essay": { steps: says("I would say that this depends on many things. ".repeat(20)) },
	"an error": { status: 500, steps: [{ send: "{}" }] },
	"a refusal": { status: 400, steps: [{ send: '{"error":{"message":"no titles here"}}' }] },
	"no JSON": { steps: [{ send: "data: {{{\n\n" }] },
	"half a stream": { steps: [{ send: chunk({ content: "Half a " }) }, { end: "reset" }] },
	"not a stream": { headers: { "content-type": "text/html" }, steps: [{ send: "<html>Title</html>" }] },
}))
	test(`${what} in place of a title: the question's beginning stays, three turns long`, async () => {
		const user = await newUser();
		const upstream = await play({ steps: says("Yes.") }, call);
		const turn = await user.say(`A question ${upstream.mark}`);
		const title = await titleOf(user, turn.sessionId);
		await settled(turn.sessionId, 2);
		for (const tries of [1, 0, 0]) {
			await user.say("and?", { sessionId: turn.sessionId });
			await settled(turn.sessionId, tries);
		}
		const asked = (await upstream.log()).length;
		await user.say("and?", { sessionId: turn.sessionId });
		assert.equal(await titleOf(user, turn.sessionId), title);
		assert.ok(title.startsWith("A question"));
		assert.equal((await upstream.log()).length, asked, "not for ever");
	});

test("the megabyte is counted, though the provider did not", async () => {
	const user = await newUser();
	const upstream = await play({ steps: says("Yes.") }, { steps: [{ repeat: chunk({ content: piece }), times: 128 }] });
	await user.say(`go${upstream.mark}`);
	await eventually(async () => (await counts(user)).outputTokens > 5000);
});

test("when the day's tokens are used up no title is asked for", async () => {
	const user = await newUser();
	const usage = { prompt_tokens: 50000, completion_tokens: 1, total_tokens: 50001 };
	const costly = [chunk({ content: "Yes." }), chunk({}, "stop"), chunk(null, null, { choices: [], usage }), DONE];
	const upstream = await play({ steps: costly.map((send) => ({ send })) }, { steps: says("Too Late") });
	const turn = await user.say(`go${upstream.mark}`);
	const marker = await newUser();
	const next = await play({ steps: says("Yes.") }, { steps: says("Marker") });
	const second = await marker.say(`go${next.mark}`);
	await eventually(async () => (await titleOf(marker, second.sessionId)) === "Marker");
	assert.equal((await upstream.log()).length, 1);
	assert.equal((await rowOf(turn.sessionId)).title_tries, 3);
});

test("a model that takes max_completion_tokens alone is asked so", async () => {
	await query("DELETE FROM model_takes");
	await beStrict("openai-o1");
	const user = await newUser();
	const turn = await user.say("hello there");
	await eventually(async () => (await titleOf(user, turn.sessionId)) !== "hello there");
	const asked = (await judged()).filter(({ request }) => /title/.test(request.messages[0].content));
	assert.ok(asked.some(({ refused, request }) => !refused && request.max_completion_tokens === 2048), JSON.stringify(asked));
	await beStrict("");
	await query("DELETE FROM model_takes");
});

test("a chat that is deleted meanwhile takes nothing along", async () => {
	const user = await newUser();
	const upstream = await play({ steps: says("Yes.") }, { steps: gated("By the model") });
	const turn = await user.say(`go${upstream.mark}`);
	await upstream.called(2);
	await user.request("DELETE", `/api/ai/sessions/${turn.sessionId}`);
	await upstream.open("end");
	const again = await user.say("and");
	assert.equal(again.metadata.status, "complete");
	assert.deepEqual(await query("SELECT * FROM search_pending WHERE session_id = ?", [turn.sessionId]), []);
});

test("two replies at once ask for one title", async () => {
	const user = await newUser();
	const upstream = await play({ steps: says("Yes.") }, { steps: gated("One") });
	const turn = await user.say(`go${upstream.mark}`);
	await upstream.called(2);
	await user.say("and?", { sessionId: turn.sessionId });
	await user.say("and?", { sessionId: turn.sessionId });
	assert.equal((await rowOf(turn.sessionId)).title_tries, 2);
	await upstream.open("end");
	await eventually(async () => (await titleOf(user, turn.sessionId)) === "One");
	assert.equal((await upstream.log()).length, 2);
});

test("a worker that dies meanwhile: the next turn asks again, when the claim is over", { timeout: 120_000 }, async () => {
	const chat = () => Number(readFileSync(`${other.env.LAMPLIGHT_VAR}/run/chat.pid`, "utf8"));
	const user = await newUser();
	const upstream = await play({ steps: says("Yes.") }, { steps: gated("Lost") }, { steps: says("Found") });
	const turn = await user.say(`go${upstream.mark}`);
	await upstream.called(2);
	const old = chat();
	process.kill(old, "SIGKILL");
	await eventually(() => chat() !== old && runs(chat()), 30);
	const { title_tries, title_until } = await rowOf(turn.sessionId);
	assert.equal(title_tries, 2);
	assert.ok(title_until !== null, "the claim is the dead worker's");
	const say = () => eventually(() => user.say("and?", { sessionId: turn.sessionId }), 30);
	await say();
	assert.equal((await upstream.log()).length, 2, "nobody else asks until it is over");
	await query("UPDATE session SET title_until = UTC_TIMESTAMP(3) - INTERVAL 1 SECOND WHERE id = ?", [turn.sessionId]);
	await say();
	await eventually(async () => (await titleOf(user, turn.sessionId)) === "Found", 20);
});

test("off: nothing is asked", async () => {
	const user = await User.register();
	const upstream = await play({ steps: says("Yes.") });
	const turn = await user.say(`go${upstream.mark}`);
	await user.say("and?", { sessionId: turn.sessionId });
	assert.equal((await upstream.log()).length, 1);
	assert.equal((await rowOf(turn.sessionId)).title_tries, 3);
});
