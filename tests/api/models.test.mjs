// Several models: administrators add, change and remove them while everything runs; a chat switches between them in every
// direction, with tools, images and thoughts; options of a chat; two instances.

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { User, eventually, newId, userMessage } from "../support/api.mjs";
import { query } from "../support/db.mjs";
import { VAR, beside, lamplight, up } from "../support/instance.mjs";
import { DONE, chunk, gated, play, refusals, says } from "../support/model.mjs";
import * as anthropic from "../support/anthropic.mjs";
import * as gemini from "../support/gemini.mjs";
import * as responses from "../support/responses.mjs";

const KEY = "sk-canary-9f27c1d0e4b8a6";
const BASE_URL = process.env.LAMPLIGHT_LLM_BASE_URL;
const PNG = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=";
const run = newId(); // names of providers are unique in a site
const keyFile = `${VAR}/key-${run}`;
let user;

const provider = (kind, ...more) => lamplight("provider", "add", `${kind}-${run}`, "--kind", kind, "--base-url", BASE_URL, "--key-file", keyFile, ...more);
const addModel = (name, kind, ...more) => {
	lamplight("model", "add", name, "--provider", `${kind}-${run}`, "--label", `${name}-${run}`, ...more);
	return { name, label: `${name}-${run}` };
};
const listed = async (who = user) => (await who.get("/api/ai/models")).json.models;
/** The id of the model with this label, as soon as people can pick it. */
const known = (label, who) => eventually(async () => (await listed(who)).find((model) => model.label === label)?.id);

const ask = (text, { message = userMessage(text), ...more } = {}) => user.chat({ id: newId(), messages: [message], trigger: "submit-message", ...more });
async function say(text, more) {
	const turn = await ask(text, more);
	assert.equal(turn.status, 200, turn.text);
	return turn.finish();
}

before(async () => {
	writeFileSync(keyFile, `${KEY}\n`, { mode: 0o600 });
	user = await User.register();
	for (const kind of ["openai", "anthropic", "gemini", "responses"]) provider(kind);
});

after(() => {
	// Turns off the models of this file, so that no other file sees them.
	for (const model of JSON.parse(lamplight("model", "list", "--json"))) if (model.label.endsWith(run)) lamplight("model", "set", model.label, "--enabled", "off");
});

test("the configuration's model is there, and is the default", async () => {
	const { models, defaultId } = (await user.get("/api/ai/models")).json;
	assert.equal(defaultId, "configured");
	// Users must not learn where the model is in the operator's network.
	assert.equal(models[0].provider, "Lamplight");
	const [first] = models;
	assert.deepEqual(
		[first.id, first.label, first.kind, first.isDefault, first.problem],
		["configured", "test-model", process.env.LAMPLIGHT_LLM_KIND || "openai", true, null],
	);
	assert.deepEqual(Object.keys(first.abilities).sort(), ["files", "images", "reasoning", "tools"]);
	assert.equal((await say("hello")).metadata.modelId, "configured");
});

test("a list that is known is not sent again", async () => {
	// Other files change the list at the same time.
	await eventually(async () => {
		const answer = await user.get("/api/ai/models");
		const again = await user.request("GET", "/api/ai/models", { headers: { "if-none-match": answer.headers.get("etag") } });
		return again.status === 304;
	});
});

describe("a model that was added", () => {
	let id;

	before(async () => {
		addModel("added", "openai", "--price-input", "2.5", "--price-cached", "0.25", "--price-output", "10");
		id = await known(`added-${run}`);
	});

	test("is asked under its upstream name with its key, and its cost is recorded", async () => {
		const upstream = await play({ steps: says("one", " two") });
		const turn = await say(`go${upstream.mark}`, { model: id });
		const [{ raw, headers }] = await upstream.log();
		assert.equal(JSON.parse(raw).model, "added");
		assert.equal(headers.authorization, `Bearer ${KEY}`);
		assert.deepEqual([turn.metadata.model, turn.metadata.modelId], ["added", id]);
		// 7 tokens at 2.5 and 2 tokens at 10, in millionths of the currency
		assert.equal(turn.metadata.cost, Math.round(7 * 2.5 + 2 * 10));
		const [, stored] = await user.messages(turn.sessionId);
		assert.deepEqual([stored.metadata.modelId, stored.metadata.cost], [id, turn.metadata.cost]);
	});

	test("stays the session's model until another is picked", async () => {
		const first = await say("one", { model: id });
		const { sessionId } = first;
		assert.equal((await user.get(`/api/ai/sessions/${sessionId}`)).json.model, id);
		assert.equal((await say("two", { sessionId })).metadata.modelId, id);
		assert.equal((await say("three", { sessionId, model: "configured" })).metadata.modelId, "configured");
		assert.equal((await user.get(`/api/ai/sessions/${sessionId}`)).json.model, null);
		assert.equal((await say("four", { sessionId })).metadata.modelId, "configured");
	});

	test("can be set for a session, by its owner only", async () => {
		const { sessionId } = await say("one");
		const path = `/api/ai/sessions/${sessionId}`;
		const changed = await user.request("PATCH", path, { body: { model: id } });
		assert.deepEqual([changed.status, changed.json.model], [200, id]);
		assert.equal((await say("two", { sessionId })).metadata.modelId, id);
		const other = await User.register();
		(await other.request("PATCH", path, { body: { model: null } })).problem(404);
		assert.equal((await user.request("PATCH", path, { body: { model: null } })).json.model, null);
		for (const model of ["17", "nonsense", ""]) (await user.request("PATCH", path, { body: { model } })).problem(404, { code: "model_unknown" });
		(await user.request("PATCH", path, { body: { model: 17 } })).problem(400, { field: "model" });
	});

	test("an unknown model is refused, and nothing is stored", async () => {
		const n = (await user.sessions()).length;
		for (const model of ["17", "18446744073709551615", "nonsense"]) (await ask("hi", { model })).problem(404, { code: "model_unknown" });
		(await ask("hi", { model: 17 })).problem(400, { field: "model" });
		assert.equal((await user.sessions()).length, n);
	});

	test("a removed model finishes its running reply and refuses the next message", async () => {
		const { label } = addModel("leaves", "openai");
		const leaves = await known(label);
		const upstream = await play({ steps: gated("half", " whole") });
		const turn = await ask(`go${upstream.mark}`, { model: leaves });
		await turn.until("text-delta");
		lamplight("model", "remove", label);
		await eventually(async () => !(await listed()).some((model) => model.id === leaves));
		await upstream.open("1");
		await upstream.open("end");
		await turn.finish();
		assert.deepEqual([turn.text, turn.metadata.status], ["half whole", "complete"]);
		const { sessionId } = turn;
		(await ask("more", { sessionId })).problem(404, { code: "model_unknown" });
		assert.equal((await say("more", { sessionId, model: id })).metadata.modelId, id);
	});

	test("a disabled model is not offered", async () => {
		const { label } = addModel("off", "openai");
		const off = await known(label);
		lamplight("model", "set", label, "--enabled", "off");
		await eventually(async () => !(await listed()).some((model) => model.id === off));
		(await ask("hi", { model: off })).problem(404, { code: "model_unknown" });
		lamplight("model", "set", label, "--enabled", "on");
		assert.equal(await known(label), off);
	});

	test("adding a model does not disturb running streams", async () => {
		const upstream = await play({ steps: gated("a", "b", "c") });
		const turns = await Promise.all(Array.from({ length: 20 }, () => ask(`go${upstream.mark}`)));
		await Promise.all(turns.map((turn) => turn.until("text-delta")));
		const more = await known(addModel("more", "anthropic").label);
		assert.equal((await say("hello", { model: more })).text, "You said: hello");
		for (const gate of ["1", "2", "end"]) await upstream.open(gate);
		await Promise.all(turns.map((turn) => turn.finish()));
		for (const turn of turns) assert.deepEqual([turn.text, turn.metadata.status], ["abc", "complete"]);
	});

	test("its key is in no list and is encrypted in the table", async () => {
		assert.ok(!JSON.stringify(await listed()).includes(KEY));
		const rows = await query("SELECT HEX(key_sealed) AS sealed, key_tail FROM provider WHERE name LIKE ?", [`%${run}`]);
		assert.equal(rows.length, 4);
		for (const { sealed } of rows) assert.ok(sealed.length > 0 && !Buffer.from(sealed, "hex").includes(KEY));
	});
});

describe("the options of a chat", () => {
	const CHOSEN = { temperature: 0.25, maxTokens: 99, effort: "low", tools: false };

	test("override the model's settings and are remembered", async () => {
		const id = await known(addModel("set", "openai", "--options", '{"temperature":1.5,"max_tokens":700,"top_p":0.5}').label);
		const upstream = await play({ steps: says("one") });
		const { sessionId } = await say(`go${upstream.mark}`, { model: id, options: CHOSEN });
		await say(`and${upstream.mark}`, { sessionId });
		for (const request of await upstream.requests()) {
			const { temperature, max_tokens, top_p, reasoning_effort, tools } = request;
			assert.deepEqual({ temperature, max_tokens, top_p, reasoning_effort, tools }, { temperature: 0.25, max_tokens: 99, top_p: 0.5, reasoning_effort: "low", tools: undefined });
		}
		const path = `/api/ai/sessions/${sessionId}`;
		assert.deepEqual((await user.get(path)).json.options, CHOSEN);
		assert.equal((await user.request("PATCH", path, { body: { options: {} } })).json.options, null);
		const plain = await play({ steps: says("one") });
		await say(`plain${plain.mark}`, { sessionId });
		const [request] = await plain.requests();
		assert.deepEqual([request.temperature, request.max_tokens, request.reasoning_effort], [1.5, 700, undefined]);
		assert.ok(request.tools.length > 0);
	});

	test("invalid options are refused", async () => {
		const wrong = [{ top_p: 1 }, { temperature: 2.1 }, { temperature: "1" }, { maxTokens: 0 }, { maxTokens: 1.5 }, { effort: "much" }, { tools: 1 }, [], "x"];
		for (const options of wrong) (await ask("hi", { options })).problem(400, { field: "options" });
		const { sessionId } = await say("hi", { options: { temperature: null } });
		for (const options of wrong) (await user.request("PATCH", `/api/ai/sessions/${sessionId}`, { body: { options } })).problem(400, { field: "options" });
		assert.equal((await user.get(`/api/ai/sessions/${sessionId}`)).json.options, null);
	});
});

// ---- switching from one model to another

const OPAQUE = { openai: "b3BlbmFpLW93bg==", anthropic: "YW50aHJvcGljLW93bg==", gemini: "Z2VtaW5pLW93bg==", responses: "cmVzcG9uc2VzLW93bg==" };
const send = (...events) => ({ steps: events.map((text) => ({ send: text })) });
const CALLED = { zone: "UTC" };

/** A thought and a call of a tool, then words, as each kind of server sends them. */
const answers = {
	openai: [
		send(
			chunk({ reasoning: "hm", reasoning_details: [{ type: "reasoning.encrypted", data: OPAQUE.openai, id: "r1", format: "x", index: 0 }] }),
			chunk({ tool_calls: [{ index: 0, id: "call_o", type: "function", function: { name: "current_time", arguments: JSON.stringify(CALLED) } }] }),
			chunk({}, "tool_calls"),
			DONE,
		),
		{ steps: says("openai says so") },
	],
	anthropic: [
		send(anthropic.start(), anthropic.thinking(0, OPAQUE.anthropic, "hm"), anthropic.tool(1, "toolu_1", "current_time", CALLED), anthropic.end("tool_use")),
		{ steps: anthropic.says("anthropic says so") },
	],
	gemini: [
		send(gemini.parts([gemini.thought("hm")]), gemini.parts([gemini.call("current_time", CALLED, OPAQUE.gemini)]), gemini.parts([gemini.text("")], "STOP")),
		{ steps: gemini.says("gemini says so") },
	],
	responses: [
		send(responses.reply().reasoning([["hm"]], OPAQUE.responses).call("call_r", "current_time", [JSON.stringify(CALLED)]).end()),
		{ steps: responses.says("responses says so") },
	],
};

describe("a chat goes from one to another", () => {
	const kinds = Object.keys(answers);
	const ids = {};

	before(async () => {
		for (const kind of kinds) ids[kind] = await known(addModel(`goes-${kind}`, kind).label);
		await refusals();
	});

	/** Asks a question with an image; the reply thinks, calls a tool and then says words. */
	async function turn(kind, sessionId) {
		const upstream = await play(...answers[kind]);
		const message = userMessage(`what is it?${upstream.mark}`);
		message.parts.push({ type: "file", mediaType: "image/png", filename: "dot.png", url: PNG });
		const said = await say("", { message, model: ids[kind], ...(sessionId && { sessionId }) });
		assert.deepEqual([said.metadata.status, said.metadata.modelId, said.text], ["complete", ids[kind], `${kind} says so`]);
		const requests = await upstream.log();
		assert.equal(requests.length, 2, "the call, and its output");
		return { sessionId: said.sessionId, first: requests[0].raw, second: requests[1].raw };
	}

	for (const from of kinds)
		for (const to of kinds.filter((kind) => kind !== from))
			test(`from ${from} to ${to} and back`, async () => {
				const begun = await turn(from);
				assert.ok(begun.second.includes(OPAQUE[from]), "who made it gets it back");
				const { first, second } = await turn(to, begun.sessionId);
				for (const raw of [first, second]) {
					assert.ok(!raw.includes(OPAQUE[from]), "nobody else does");
					assert.ok(raw.includes(`${from} says so`), "what people read is told");
					assert.ok(raw.includes("current_time"), "and what was called");
				}
				const back = await turn(from, begun.sessionId);
				assert.ok(back.first.includes(OPAQUE[from]));
				assert.ok(!back.first.includes(OPAQUE[to]));
				assert.deepEqual(await refusals(), []);
			});
});

test("an approved reply continues with the model that began it", async () => {
	const id = await known(addModel("asks", "anthropic").label);
	const asking = send(anthropic.start(), anthropic.tool(0, "toolu_9", "danger", { path: "/x" }), anthropic.end("tool_use"));
	const upstream = await play(asking, { steps: anthropic.says("done") });
	const { sessionId } = await say(`go${upstream.mark}`, { model: id });
	const [question, reply] = await user.messages(sessionId);
	const part = reply.parts.find(({ state }) => state === "approval-requested");
	Object.assign(part, { state: "approval-responded", approval: { ...part.approval, approved: true } });
	const on = await user.chat({ id: newId(), sessionId, messages: [question, reply], model: "configured" });
	assert.equal(on.status, 200, on.text);
	await on.finish();
	assert.deepEqual([on.metadata.modelId, on.metadata.status], [id, "complete"]);
	assert.equal((await upstream.log()).length, 2);
	assert.equal((await say("next", { sessionId })).metadata.modelId, "configured");
});

describe("when a model fails", () => {
	const refusing = { status: 401, headers: { "content-type": "application/json" }, steps: [{ send: '{"error":{"message":"no such key"}}' }] };
	const breaking = send(chunk({ content: "half a" })).steps.concat({ end: "reset" });

	async function pair(name) {
		const other = await known(addModel(`${name}-other`, "anthropic").label);
		const first = await known(addModel(name, "openai", "--fallback", `${name}-other-${run}`).label);
		return { first, other };
	}

	test("asks the fallback if the model fails before its first word, and records that", async () => {
		const { first, other } = await pair("fails");
		const upstream = await play(refusing, { steps: anthropic.says("from the other") });
		const turn = await say(`go${upstream.mark}`, { model: first });
		assert.deepEqual([turn.text, turn.metadata.status], ["from the other", "complete"]);
		const { model, modelId, fallbackFor } = turn.metadata;
		assert.deepEqual({ model, modelId, fallbackFor }, { model: "fails-other", modelId: other, fallbackFor: first });
		const [, stored] = await user.messages(turn.sessionId);
		assert.deepEqual([stored.metadata.modelId, stored.metadata.fallbackFor], [other, first]);
		assert.equal((await user.get(`/api/ai/sessions/${turn.sessionId}`)).json.model, first, "what was picked stays picked");
		assert.deepEqual((await upstream.log()).map(({ url }) => url), ["/v1/chat/completions", "/v1/messages"]);
	});

	test("does so too after an error in place of an answer, once the retries are used up", async () => {
		const { first, other } = await pair("overloaded");
		const overloaded = send('data: {"error":{"type":"server_error","message":"Overloaded"}}\n\n');
		const upstream = await play(overloaded, overloaded, overloaded, { steps: anthropic.says("from the other") });
		const turn = await say(`go${upstream.mark}`, { model: first });
		assert.deepEqual([turn.text, turn.metadata.status, turn.metadata.modelId], ["from the other", "complete", other]);
	});

	test("asks no fallback once the model has begun to answer", async () => {
		const { first } = await pair("breaks");
		const upstream = await play({ steps: breaking });
		const turn = await say(`go${upstream.mark}`, { model: first });
		assert.deepEqual([turn.text, turn.metadata.status, turn.metadata.fallbackFor], ["half a", "interrupted", undefined]);
		assert.equal((await upstream.log()).length, 1);
	});

	test("two models that name each other as fallback are each asked once", async () => {
		const { first, other } = await pair("rounds");
		lamplight("model", "set", `rounds-other-${run}`, "--fallback", `rounds-${run}`);
		const upstream = await play(refusing);
		await eventually(async () => {
			const turn = await say(`go${upstream.mark}`, { model: other });
			assert.equal(turn.metadata.status, "error");
			return turn.metadata.fallbackFor === other;
		});
		const before = (await upstream.log()).length;
		await say(`go${upstream.mark}`, { model: first });
		assert.deepEqual((await upstream.log()).slice(before).map(({ url }) => url), ["/v1/chat/completions", "/v1/messages"], "each is asked once");
		assert.equal((await say("and now", { model: first })).metadata.status, "complete");
	});

	test("a model that fails repeatedly is marked in the list until it answers", async () => {
		const { label } = addModel("ill", "openai");
		const id = await known(label);
		const problem = async () => (await listed()).find((model) => model.id === id).problem;
		const upstream = await play(refusing);
		for (let i = 0; i < 3; i++) assert.equal((await say(`go${upstream.mark}`, { model: id })).metadata.error.code, "key");
		assert.equal(await problem(), "failing");
		const figure = async (name, more = "") =>
			Number(new RegExp(`^lamplight_model_${name}\\{model="${id}",name="ill"${more}\\} (\\d+)$`, "m").exec((await user.get("/api/health/metrics")).text)?.[1]);
		const failing = async () => (await user.get("/api/health/ready?full")).json.models.failing;
		assert.deepEqual([await figure("failing"), await figure("answers_total", ',outcome="key"'), await figure("first_tokens_total")], [1, 3, 0]);
		assert.ok((await failing()).includes(id));
		await say("well?", { model: id });
		assert.equal(await problem(), null);
		assert.deepEqual([await figure("failing"), await figure("answers_total", ',outcome="ok"'), await figure("first_tokens_total")], [0, 1, 1]);
		assert.ok(!(await failing()).includes(id));
	});
});

describe("two instances", () => {
	let other;

	before(async () => (other = await up({ more: beside(VAR) })));
	after(async () => {
		await other?.down();
		other?.remove();
	});

	test("both know of a change within two seconds", async () => {
		const there = user.at(other.env.LAMPLIGHT_URL);
		const { label } = addModel("both", "gemini");
		const since = Date.now();
		const id = await known(label, there);
		assert.equal(await known(label), id);
		// the time that it may take, and what a machine under load may add; the tick is half a second
		assert.ok(Date.now() - since < 10_000);
		assert.equal((await there.say("hello", {})).text, "You said: hello");
	});

	test("a thousand changes cause only a few reads", async () => {
		const log = `${other.env.LAMPLIGHT_VAR}/log/chat.log`;
		const reads = () => [...readFileSync(log, "utf8").matchAll(/event=models_read epoch=(\d+)/g)].map((match) => BigInt(match[1]));
		const before = reads().length;
		const begun = Date.now();
		for (let i = 0; i < 1000; i++) await query("UPDATE settings_epoch SET epoch = epoch + 1 WHERE id = 1");
		const [{ epoch }] = await query("SELECT epoch FROM settings_epoch WHERE id = 1");
		// Other files change models at the same time.
		await eventually(() => reads().at(-1) >= BigInt(epoch));
		// Programs look once a second, so they read more often on a machine that needs long for a thousand changes.
		const seconds = (Date.now() - begun) / 1000;
		assert.ok(reads().length - before < 100 + 2 * seconds, `${reads().length - before} reads in ${seconds} s`);
	});
});
