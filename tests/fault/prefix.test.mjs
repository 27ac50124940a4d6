// What providers cache of a chat for its next request: the bytes with which it began before. In a chat of forty turns, with instructions,
// tools, an image, reasoning and calls, another worker sends the last request: nearly all of it is unchanged, and marked where the provider
// requires marks.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { User, eventually, newId, userMessage } from "../support/api.mjs";
import { lamplight, pid, VAR } from "../support/instance.mjs";
import { DONE, chunk, lookAtState, play, refusals } from "../support/model.mjs";
import { WIRES } from "./lib/loops/wires.mjs";

const TURNS = 40;
const SHARE = 0.95;
const TOOL_TURN = 7;
const IMAGE_TURN = 3;
const PNG = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=";
const run = newId();
const today = () => new Date().toISOString().slice(0, 10);
const models = {};
let user, assistant;

const openai = (n, args) => ({
	bytes: [
		chunk({ role: "assistant", content: "" }),
		chunk({ reasoning_content: `hm ${n}` }),
		args ? chunk({ tool_calls: [{ index: 0, id: `call_${n}`, type: "function", function: { name: "probe", arguments: JSON.stringify(args) } }] }) : chunk({ content: "done" }),
		chunk({}, args ? "tool_calls" : "stop"),
		DONE,
	].join(""),
});
const SAY = { openai, ...Object.fromEntries(Object.entries(WIRES).map(([kind, { say }]) => [kind, say])) };
const answer = ({ bytes }) => ({ steps: [{ send: bytes }] });

before(async () => {
	user = await User.register();
	writeFileSync(`${VAR}/key-${run}`, "prefix-key\n", { mode: 0o600 });
	for (const kind of Object.keys(SAY)) {
		const name = `prefix-${kind}-${run}`;
		lamplight("provider", "add", name, "--kind", kind, "--base-url", process.env.LAMPLIGHT_LLM_BASE_URL, "--key-file", `${VAR}/key-${run}`);
		lamplight("model", "add", "prefix", "--provider", name, "--label", name);
		models[kind] = await eventually(async () => (await user.get("/api/ai/models")).json.models.find(({ label }) => label === name)?.id);
	}
	const made = await user.request("POST", "/api/ai/assistants", { body: { name: "Keeps", instructions: `You help {{user.name}} of {{site.name}}. Today is {{date}}. ${"Be brief. ".repeat(30)}` } });
	assert.equal(made.status, 201, made.text);
	assistant = made.json.id;
	await refusals();
	await lookAtState(true);
});
after(async () => {
	await lookAtState(false);
	for (const kind of Object.keys(models)) lamplight("model", "remove", `prefix-${kind}-${run}`);
});

async function restart() {
	const old = pid("chat");
	process.kill(old, "SIGTERM");
	await eventually(() => pid("chat") !== old, 20);
}

/** The requests of a chat's turns, raw: one list per turn. */
async function chat(kind) {
	const turns = [];
	let sessionId;
	for (let n = 1; n <= TURNS + 1; n++) {
		if (n === TURNS + 1) await restarted();
		const calls = n === TOOL_TURN ? [SAY[kind](n, { answer: "out" }), SAY[kind](n + 100, null)] : [SAY[kind](n, null)];
		const upstream = await play(...calls.map(answer));
		const message = userMessage(`Question ${n}: ${"what about it? ".repeat(8)}${upstream.mark}`);
		if (n === IMAGE_TURN) message.parts.push({ type: "file", mediaType: "image/png", filename: "dot.png", url: PNG });
		const turn = await user.chat({ id: newId(), messages: [message], trigger: "submit-message", ...(sessionId ? { sessionId } : { model: models[kind], assistant }) });
		assert.equal(turn.status, 200, turn.text);
		await turn.finish();
		assert.deepEqual([turn.metadata.status, turn.text], ["complete", "done"]);
		sessionId = turn.sessionId;
		turns.push((await upstream.log()).map(({ raw }) => raw));
	}
	return turns;
}

/** All chats wait here until the worker is replaced. */
const waiting = [];
function restarted() {
	return new Promise((resolve, reject) => {
		waiting.push(resolve);
		if (waiting.length === Object.keys(SAY).length) restart().then(() => waiting.forEach((go) => go()), reject);
	});
}

/** The positions of tools, instructions and the conversation in a request. Every provider reads them in this order. */
const FORMS = {
	openai: /"messages":\[(?<said>.*)\],"tools":(?<tools>\[.*\]),"tool_choice"/s,
	anthropic: /"tools":(?<tools>\[.*\]),"system":(?<system>\[.*?\]),"messages":\[(?<said>.*)\],"stream"/s,
	gemini: /"systemInstruction":(?<system>\{.*?\}),"contents":\[(?<said>.*)\],"tools":(?<tools>\[.*\]),"generationConfig"/s,
	responses: /"instructions":(?<system>".*?"),"input":\[(?<said>.*)\],"tools":(?<tools>\[.*\]),"tool_choice"/s,
};
const MARK = ',"cache_control":{"type":"ephemeral"}';

function asRead(kind, raw) {
	const { tools, system = "", said } = FORMS[kind].exec(raw).groups;
	return { tools, system, said, all: tools + system + said };
}

/** How much of the first is a prefix of the other, as a fraction. */
function shared(one, other) {
	const [a, b] = [Buffer.from(one), Buffer.from(other)];
	let n = 0;
	while (n < a.length && a[n] === b[n]) n++;
	return n / a.length;
}

const hasMark = (block) => block.cache_control !== undefined;

/** Tools, instructions, and the last two messages of people: the older one is where the previous request ended. */
function assertMarked(raw) {
	const { tools, system, messages } = JSON.parse(raw);
	assert.deepEqual(tools.map(hasMark), tools.map((_, i) => i === tools.length - 1));
	assert.deepEqual(system.map(hasMark), system.map((_, i) => i === system.length - 1));
	const people = messages.map(({ role }, i) => (role === "user" ? i : -1)).filter((i) => i >= 0);
	const marked = messages.map(({ content }, i) => (content.some(hasMark) ? i : -1)).filter((i) => i >= 0);
	assert.deepEqual(marked, people.slice(-2));
}

describe("a chat of forty turns", { concurrency: true }, () => {
	for (const kind of Object.keys(SAY))
		test(kind, { timeout: 200_000 }, async () => {
			const day = today();
			const turns = await chat(kind);
			const [last, next] = [turns.at(-2)[0], turns.at(-1)[0]];
			const [before, now] = [last, next].map((raw) => asRead(kind, raw));
			const share = shared(before.all, now.all);
			console.log(`# ${kind}: of ${before.all.length} bytes ${(100 * share).toFixed(2)} % begin the next request`);
			assert.ok(share >= SHARE, `${share}`);
			assert.equal(now.tools, before.tools, "tools are in the same order, also in another worker");
			if (today() === day) assert.equal(now.system, before.system, "what names the date is the same for a day");
			assert.ok(last.includes(`Today is ${day}`) || today() !== day);
			assert.ok(last.includes(PNG.slice(-40)), "the image is told again");
			// Marks show how far, and are not part of the content.
			const bare = (text) => text.replaceAll(MARK, "");
			assert.equal(shared(bare(before.all), bare(now.all)), 1, "nothing that was told is told otherwise");
			assert.equal(shared(...turns[TOOL_TURN - 1].map((raw) => bare(asRead(kind, raw).all))), 1, "nor within a loop of tools");
			if (kind === "anthropic") for (const raw of [last, next]) assertMarked(raw);
			assert.deepEqual(await refusals(), []);
		});
});
