// A site changes to another model. The new model does not get the data that the previous one wanted back (reasoning details,
// signatures), but it gets what people read, and what the previous model has taught does not apply to it. A second instance
// on the same tables asks the second model, as after a change of the configuration.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { aModel, aProvider } from "../support/admin.mjs";
import { User, eventually, newId } from "../support/api.mjs";
import { query } from "../support/db.mjs";
import * as gemini from "../support/gemini.mjs";
import { VAR, beside, up } from "../support/instance.mjs";
import { DONE, beStrict, chunk, judged, play, says } from "../support/model.mjs";

const OPAQUE = "b3BhcXVlLXN0YXRl";
let user, other;

before(async () => {
	user = await User.register();
	await query("DELETE FROM model_takes");
	other = await up({ more: { ...beside(VAR), LAMPLIGHT_LLM_MODEL: "another-model" } });
});
after(async () => {
	await beStrict("");
	await other?.down();
	other?.remove();
});

const steps = (...events) => [...events, DONE].map((send) => ({ send }));
const call = (more) => ({ tool_calls: [{ index: 0, id: "call_1", type: "function", function: { name: "current_time", arguments: '{"zone":"UTC"}' }, ...more }] });
const details = [
	{ type: "reasoning.text", text: "Let me look.", signature: OPAQUE, format: "anthropic-claude-v1", index: 0 },
	{ type: "reasoning.encrypted", data: OPAQUE, id: "r1", format: "google-gemini-v1", index: 1 },
];
const first = {
	"reasoning details before words": [steps(chunk({ reasoning: "Let me look.", reasoning_details: details }), chunk({ content: "It is late." }), chunk({}, "stop"))],
	"reasoning details and a call": [steps(chunk({ reasoning_details: details }), chunk(call()), chunk({}, "tool_calls")), says("It is late.")],
	"a signature of a call": [steps(chunk(call({ extra_content: { google: { thought_signature: OPAQUE } } })), chunk({}, "tool_calls")), says("It is late.")],
};

for (const [what, answers] of Object.entries(first))
	test(`${what}: back to the model that sent them, never to another`, async () => {
		const upstream = await play(...answers.map((steps) => ({ steps })));
		const turn = await user.say(`what time is it?${upstream.mark}`);
		assert.equal(turn.metadata.status, "complete");

		const there = user.at(other.env.LAMPLIGHT_URL);
		const second = await play({ steps: says("Still late.") });
		const next = await there.say(`and now?${second.mark}`, { sessionId: turn.sessionId });
		assert.equal(next.metadata.status, "complete");
		assert.equal(next.metadata.model, "another-model");
		const [told] = await second.requests();
		assert.equal(told.model, "another-model");
		const text = JSON.stringify(told);
		assert.ok(!text.includes(OPAQUE), text);
		assert.ok(text.includes("It is late."), "what people read is told");

		const third = await play({ steps: says("Later.") });
		await user.say(`and then?${third.mark}`, { sessionId: turn.sessionId });
		assert.ok(JSON.stringify(await third.requests()).includes(OPAQUE), "it comes back when the site returns to that model");
		assert.ok(JSON.stringify(await user.messages(turn.sessionId)).includes("Still late."));
	});

// Two providers may have models of the same name. Each gets what it has sent itself; the configuration's model of the same
// name gets nothing.
test("a model of the same name at another provider does not get it either", { timeout: 60_000 }, async () => {
	const upstreamName = process.env.LAMPLIGHT_LLM_MODEL ?? "test-model";
	const models = ["configured"];
	for (const name of ["first", "second"]) {
		const { id } = await aProvider({ name: `${name}-${newId()}`, kind: "openai", baseUrl: process.env.LAMPLIGHT_LLM_BASE_URL });
		models.push((await aModel(id, { upstreamName })).id);
	}
	await eventually(async () => {
		const known = (await user.get("/api/ai/models")).json.models.map(({ id }) => id);
		return models.every((id) => known.includes(id));
	});
	const ask = async (model, sessionId, steps) => {
		const upstream = await play(...steps);
		const turn = await user.say(`what time is it?${upstream.mark}`, { model, sessionId });
		assert.equal(turn.metadata.status, "complete");
		return { sessionId: turn.sessionId, told: JSON.stringify((await upstream.requests())[0]) };
	};
	for (const maker of models)
		for (const answers of Object.values(first)) {
			const { sessionId } = await ask(maker, undefined, answers.map((steps) => ({ steps })));
			for (const model of [...models, maker]) {
				const { told } = await ask(model, sessionId, [{ steps: says("Late.") }]);
				assert.equal(told.includes(OPAQUE), model === maker, `made by ${maker}, told to ${model}`);
				assert.ok(told.includes("It is late."));
			}
		}
});

// Gemini gets its own thoughts as thoughts; those of another kind of provider belong to another model, whatever its name.
test("thoughts of a model of the same name and another kind are no thoughts of this one", { timeout: 60_000 }, async () => {
	const upstreamName = `same-${newId()}`;
	const ids = {};
	for (const kind of ["openai", "gemini"]) {
		const { id } = await aProvider({ name: `${kind}-${newId()}`, kind, baseUrl: process.env.LAMPLIGHT_LLM_BASE_URL });
		ids[kind] = (await aModel(id, { upstreamName })).id;
	}
	await eventually(async () => {
		const known = (await user.get("/api/ai/models")).json.models.map(({ id }) => id);
		return Object.values(ids).every((id) => known.includes(id));
	});
	const thinks = { openai: steps(chunk({ reasoning_content: "A canary thought." }), chunk({ content: "Yes." }), chunk({}, "stop")), gemini: [{ send: gemini.parts([gemini.thought("A canary thought.")]) + gemini.parts([gemini.text("Yes.")], "STOP") }] };
	const told = {};
	for (const maker of ["openai", "gemini"]) {
		const first = await play({ steps: thinks[maker] });
		const { sessionId } = await user.say(`why?${first.mark}`, { model: ids[maker] });
		const second = await play({ steps: [{ send: gemini.parts([gemini.text("Again.")], "STOP") }] });
		await user.say(`and?${second.mark}`, { model: ids.gemini, sessionId });
		told[maker] = JSON.stringify((await second.requests())[0]);
		assert.ok(told[maker].includes("Yes."));
	}
	assert.ok(told.gemini.includes("A canary thought."), "its own, as they came");
	assert.ok(!told.openai.includes("A canary thought."), told.openai);
});

test("what one model does not take is not held against the other", async () => {
	await beStrict("ollama-no-tools");
	await user.say("one");
	await eventually(async () => (await query("SELECT takes FROM model_takes")).length > 0);
	await beStrict("");
	const upstream = await play({ steps: says("fine") });
	await user.at(other.env.LAMPLIGHT_URL).say(`two${upstream.mark}`);
	const [request] = await upstream.requests();
	assert.ok(request.tools?.length > 0, "the other is asked with tools");
	await judged();
});
