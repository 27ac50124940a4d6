// Loops of reasoning and tool calls whose worker is killed at each of their steps: the stored message is complete, and when the reply is
// continued, or another question asked, the model gets its state back exactly as its server requires, which checks all of it (signed.mjs).

import assert from "node:assert/strict";
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { validateUIMessages } from "ai";
import { User, eventually, newId, userMessage } from "../support/api.mjs";
import { VAR, lamplight, pid, settings } from "../support/instance.mjs";
import { lookAtState, play, refusals } from "../support/model.mjs";
import { ask as askTools } from "../support/toolcalls.mjs";
import { within } from "./lib/within.mjs";
import { WAITS, WIRES, answer } from "./lib/loops/wires.mjs";

const CONF = `${VAR}/lamplight.conf`;
const usual = readFileSync(CONF, "utf8");
/** A step that was cut off counts. */
const SETTINGS = "\n[chat]\ntool_steps_max = 20\n";
const LEASE_S = Number(settings.LAMPLIGHT_WORKER_LEASE_MS) / 1000;
const STEPS = 5; // the last one says words
const timeout = 150_000;
const SHOWN_MS = 60_000;
const run = newId();
const models = {};
/** The number of tools of one user that run at once is limited. */
let users;

before(async () => {
	users = await Promise.all(Array.from({ length: STEPS + 1 }, () => User.register()));
	writeFileSync(`${VAR}/key-${run}`, "loops-key\n", { mode: 0o600 });
	for (const kind of Object.keys(WIRES)) {
		const name = `loops-${kind}-${run}`;
		lamplight("provider", "add", name, "--kind", kind, "--base-url", process.env.LAMPLIGHT_LLM_BASE_URL, "--key-file", `${VAR}/key-${run}`);
		lamplight("model", "add", "loops", "--provider", name, "--label", name);
		models[kind] = await eventually(async () => (await users[0].get("/api/ai/models")).json.models.find(({ label }) => label === name)?.id);
	}
	writeFileSync(CONF, `${usual}${SETTINGS}`);
	await kill();
	await refusals();
	await lookAtState(true);
});
after(async () => {
	writeFileSync(CONF, usual);
	await kill();
	await lookAtState(false);
	for (const kind of Object.keys(models)) lamplight("model", "remove", `loops-${kind}-${run}`);
});

/** The next worker reads the settings again, and answers. */
async function kill() {
	const old = pid("chat");
	process.kill(old, "SIGKILL");
	await eventually(() => pid("chat") !== old, 20);
}

const CUT = "before its call is whole";

/** What the model is doing at step k when its worker dies: its answer, what the reader has seen, and how many steps are complete. */
const PHASES = {
	"in its thoughts": { until: ({ thinks }) => thinks, seen: (k) => ["reasoning-start", k], whole: (k) => k - 1 },
	[CUT]: { until: ({ calls }) => calls, seen: (k) => ["tool-input-start", k], whole: (k) => k - 1 },
	"while its tool runs": { gate: true, seen: (k) => ["tool-input-available", k], whole: (k) => k - 1 },
	"with its tool's output": { seen: (k) => ["tool-output-available", k], whole: (k) => k, silent: true },
};
const PLACES = Object.keys(PHASES).flatMap((phase) =>
	Array.from({ length: STEPS }, (_, i) => ({ phase, k: i + 1 })).filter(({ k }) => k < STEPS || phase === "in its thoughts"),
);

/** A loop that is held at its position, and what its model sends afterwards. */
async function held(kind, { phase, k }) {
	const wire = WIRES[kind];
	const { until, gate, seen, silent } = PHASES[phase];
	const key = newId();
	const args = (n) => ({ key, answer: `out ${n}`, ...(gate && n === k && { gate: key }) });
	const said = Array.from({ length: STEPS }, (_, i) => wire.say(i + 1, i + 1 < STEPS ? args(i + 1) : null));
	const calls = said.slice(0, k).map(({ bytes }, i) => answer(bytes, i + 1 === k ? until?.(wire) : undefined));
	if (silent) calls.push({ steps: [WAITS] });
	// The continuation has reasoning once more, a call once more, and then words.
	const rest = [wire.say(k + 10, { key, answer: "again" }), wire.say(k + 11, null)];
	const upstream = await play(...calls, ...rest.map(({ bytes }) => answer(bytes)));
	const user = users[k];
	const turn = await user.chat({ id: newId(), messages: [userMessage(`go${upstream.mark}`)], trigger: "submit-message", model: models[kind] });
	assert.equal(turn.status, 200, turn.text);
	const [type, n] = seen(k);
	const shown = async () => {
		while (turn.of(type).length < n) assert.ok(await turn.next(), "the stream ended");
	};
	await within(SHOWN_MS, shown()).catch(async ({ message }) => assert.fail(`${kind}, ${phase} of step ${k}: ${message}\n${JSON.stringify(turn.chunks)}\n${await refusals()}`));
	if (gate) await eventually(async () => (await askTools(`/calls/${key}`)).length === k);
	await upstream.called(silent ? k + 1 : k);
	const whole = PHASES[phase].whole(k);
	const states = [...said.slice(0, whole).map(({ state }) => state), ...(phase === CUT ? wire.cut(said[k - 1].state) : [])];
	return { phase, k, key, turn, upstream, user, whole, states, asked: calls.length, again: rest[0].state };
}

async function cut({ turn, key }) {
	await assert.rejects(turn.finish());
	await askTools(`/open/${key}`);
}

/** The stored chat when its reply has this state. */
const storedAs = ({ user, turn }, status) =>
	eventually(async () => {
		const list = await user.messages(turn.sessionId);
		return list.length === 2 && list[1].metadata.status === status && list;
	}, LEASE_S + 20);

const firstOutputs = (n) => Array.from({ length: n }, (_, i) => `out ${i + 1}`);
const outputs = (message) => message.parts.filter(({ state }) => state === "output-available").map(({ output }) => output);

/** The reply of a loop that was continued, by whatever means. */
async function wentOn(kind, loop, at) {
	const requests = (await loop.upstream.requests()).slice(loop.asked);
	assert.equal(requests.length, 2, at);
	assert.deepEqual(WIRES[kind].states(requests[0]), loop.states, `${at}: the state of the steps before`);
	assert.deepEqual(WIRES[kind].states(requests[1]), [...loop.states, loop.again], at);
}

/** Every other one is continued first, as people do. */
async function goesOn(kind, loop, continues) {
	const { user, turn, upstream, k, phase } = loop;
	const at = `${phase} of step ${k}`;
	const stored = await storedAs(loop, "interrupted");
	await validateUIMessages({ messages: stored });
	assert.deepEqual(outputs(stored[1]), firstOutputs(loop.whole), at);
	const body = { id: newId(), sessionId: turn.sessionId, trigger: "submit-message" };
	if (continues) {
		const next = await (await user.chat({ ...body, messages: stored, messageId: stored[1].id })).finish();
		assert.deepEqual([next.messageId, next.metadata.status, next.text], [turn.messageId, "complete", "done"], at);
		assert.deepEqual(outputs((await storedAs(loop, "complete"))[1]), [...outputs(stored[1]), "again"]);
		await wentOn(kind, loop, at);
	}
	const other = await play(answer(WIRES[kind].say(99, null).bytes));
	const asked = await (await user.chat({ ...body, messages: [userMessage(`and?${other.mark}`)] })).finish();
	assert.deepEqual([asked.metadata.status, asked.text], ["complete", "done"], at);
	assert.equal((await upstream.requests()).length, loop.asked + (continues ? 2 : 0), at);
	assert.equal((await other.requests()).length, 1, "at the first try");
}

for (const kind of Object.keys(WIRES))
	test(`with ${kind}, a loop that is killed in each step is continued, or asked something else`, { timeout }, async () => {
		const loops = await Promise.all(PLACES.map((place) => held(kind, place)));
		await kill();
		await Promise.all(loops.map(cut));
		await Promise.all(loops.map((loop, i) => goesOn(kind, loop, i % 2 === 0)));
		assert.deepEqual(await refusals(), []);
	});

async function goesOnByItself(kind, loop) {
	const at = `${loop.phase} of step ${loop.k}`;
	const [, reply] = await storedAs(loop, "complete");
	await validateUIMessages({ messages: [reply] });
	assert.equal(reply.id, loop.turn.messageId);
	assert.deepEqual(outputs(reply), [...firstOutputs(loop.whole), "again"], at);
	await wentOn(kind, loop, at);
}

describe("chat.on_crash = continue", () => {
	before(async () => {
		appendFileSync(CONF, "on_crash = continue\n");
		await kill();
	});

	for (const kind of Object.keys(WIRES))
		test(`with ${kind}, a loop that is killed in each step goes on by itself`, { timeout }, async () => {
			const loops = await Promise.all(PLACES.map((place) => held(kind, place)));
			await kill();
			await Promise.all(loops.map(cut));
			await Promise.all(loops.map((loop) => goesOnByItself(kind, loop)));
			assert.deepEqual(await refusals(), []);
		});
});

/** The refusal of a server that does not get back what it issued: its state was altered, belongs to another step, or is missing. */
describe("the servers look", () => {
	const SPOILED = { anthropic: /[Ii]nvalid|cannot be modified|Expected `thinking`/, gemini: /thought.?signature/i, responses: /could not be verified|without its required/ };

	for (const kind of Object.keys(WIRES))
		test(kind, async () => {
			const wire = WIRES[kind];
			const args = (n) => ({ answer: `out ${n}` });
			const upstream = await play(...[1, 2, 3].map((n) => answer(wire.say(n, args(n)).bytes)), answer(wire.say(4, null).bytes));
			const turn = await users[0].chat({ id: newId(), messages: [userMessage(`go${upstream.mark}`)], model: models[kind] });
			await turn.finish();
			const good = (await upstream.log()).at(-1);
			const states = wire.states(JSON.parse(good.raw));
			assert.equal(states.length, 3);
			const headers = { "x-api-key": "k", "x-goog-api-key": "k", authorization: "Bearer k", "anthropic-version": "2023-06-01" };
			const ask = async (raw) => {
				const response = await fetch(new URL(good.url, process.env.LAMPLIGHT_LLM_BASE_URL), { method: "POST", headers, body: raw });
				const text = await response.text();
				return [response.status, text];
			};
			assert.equal((await ask(good.raw))[0], 200);
			const altered = states[1].replace(/^./, (c) => (c === "A" ? "B" : "A"));
			const spoiled = {
				altered: good.raw.replace(states[1], altered),
				"another's": good.raw.replace(states[1], states[0]),
				missing: wire.without(good.raw, states[1]),
			};
			for (const [how, raw] of Object.entries(spoiled)) {
				assert.notEqual(raw, good.raw, how);
				const [status, text] = await ask(raw);
				assert.equal(status, 400, how);
				assert.match(text, SPOILED[kind], how);
			}
			await refusals();
		});
});
