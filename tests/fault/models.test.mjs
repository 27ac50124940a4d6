// Models and providers change while a thousand replies run.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { User, eventually, newId, userMessage } from "../support/api.mjs";
import { query } from "../support/db.mjs";
import { VAR, beside, lamplight, up } from "../support/instance.mjs";
import { DONE, chunk, play, says } from "../support/model.mjs";
import * as gemini from "../support/gemini.mjs";

const STREAMS = 1000;
const AT_ONCE = 25;
/** Replies are held for as long as all of this takes. */
const PATIENT = { LAMPLIGHT_LLM_IDLE_TIMEOUT_MS: "200000", LAMPLIGHT_LLM_FIRST_BYTE_TIMEOUT_MS: "60000" };
const run = newId();
const name = (what) => `${what}-${run}`;
let users, other, there;

function add(what, kind) {
	lamplight("provider", "add", name(what), "--kind", kind, "--base-url", process.env.LAMPLIGHT_LLM_BASE_URL, "--key-file", `${VAR}/key-${run}`);
	lamplight("model", "add", what, "--provider", name(what), "--label", name(what));
}
const idOf = async (user, what) => (await user.get("/api/ai/models")).json.models.find(({ label }) => label === name(what))?.id;
const known = (user, what) => eventually(() => idOf(user, what));

before(async () => {
	writeFileSync(`${VAR}/key-${run}`, "models-key\n", { mode: 0o600 });
	users = await Promise.all(Array.from({ length: 8 }, () => User.register()));
	other = await up({ more: { ...beside(VAR), ...PATIENT } });
	there = other.env.LAMPLIGHT_URL;
});
after(async () => {
	await other?.down();
	other?.remove();
});

/** Replies that have begun and are held: each has shown its first word. */
async function streams(model, upstream) {
	const turns = [];
	const open = async (n) => {
		const turn = await users[n % users.length].at(there).chat({ id: newId(), messages: [userMessage(`go${upstream.mark}`)], trigger: "submit-message", model });
		assert.equal(turn.status, 200, turn.text);
		await turn.until("text-delta");
		turns.push(turn);
	};
	let n = 0;
	await Promise.all(Array.from({ length: AT_ONCE }, async () => {
		while (n < STREAMS) await open(n++);
	}));
	return turns;
}

describe(`while ${STREAMS} replies run`, () => {
	let upstream, turns, leaves, ended;

	before(async () => {
		add("leaves", "openai");
		[leaves] = await Promise.all([users[0], users[0].at(there)].map((user) => known(user, "leaves")));
		upstream = await play({ steps: [{ send: chunk({ content: "a " }) }, { gate: "go" }, { send: chunk({ content: "b" }) }, { send: chunk({}, "stop") }, { send: DONE }] });
		turns = await streams(leaves, upstream);
		ended = Promise.all(turns.map((turn) => turn.finish()));
		ended.catch(() => {}); // checked when it is awaited
	}, { timeout: 200_000 });

	test("a model is added, and can be used on two instances", async () => {
		const pair = [users[0], users[0].at(there)];
		add("comes", "gemini");
		const since = performance.now();
		const [model] = await Promise.all(pair.map((user) => known(user, "comes")));
		console.log(`# known on two instances after ${Math.round(performance.now() - since)} ms`);
		for (const user of pair) {
			const said = await play({ steps: gemini.says("from the ", "new one") });
			const turn = await (await user.chat({ id: newId(), messages: [userMessage(`go${said.mark}`)], model })).finish();
			assert.deepEqual([turn.text, turn.metadata.modelId, turn.metadata.status], ["from the new one", model, "complete"]);
		}
	});

	after(() => lamplight("model", "remove", name("comes")));

	test("their own provider is removed, and nobody can pick its model any more", async () => {
		lamplight("model", "remove", name("leaves"));
		lamplight("provider", "remove", name("leaves"));
		await eventually(async () => !(await idOf(users[0], "leaves")));
		(await users[0].chat({ id: newId(), messages: [userMessage("hi")], model: leaves })).problem(404, { code: "model_unknown" });
	});

	test("all replies finish complete and as stored", { timeout: 120_000 }, async () => {
		await upstream.open("go");
		await ended;
		assert.equal(turns.length, STREAMS);
		for (const { text, metadata } of turns) assert.deepEqual([text, metadata.status, metadata.modelId], ["a b", "complete", leaves]);
		assert.equal((await upstream.log()).length, STREAMS, "each was asked once");
		const ids = turns.map(({ messageId }) => messageId);
		const rows = await query(`SELECT status, COUNT(*) AS n FROM message WHERE id IN (${ids.join(",")}) GROUP BY status`);
		assert.deepEqual(rows.map(({ status, n }) => [status, Number(n)]), [["complete", STREAMS]]);
	});
});

describe("while the database is away", () => {
	const sv = (what) => execFileSync("sv", ["-w", "30", what, `${VAR}/etc/sv/mysql`], { stdio: "ignore" });
	/** Requests to the patient instance. */
	const worker = () => Number(readFileSync(`${other.env.LAMPLIGHT_VAR}/run/chat.pid`, "utf8"));
	const lastRead = () => [...readFileSync(`${other.env.LAMPLIGHT_VAR}/log/chat.log`, "utf8").matchAll(/event=models_read epoch=\d+ models=(\d+)/g)].at(-1)[1];

	test("a worker keeps its models and its replies continue; afterwards everything works as before", { timeout: 120_000 }, async () => {
		const user = users[0].at(there);
		add("stays", "openai");
		const model = await known(user, "stays");
		const upstream = await play({ steps: [{ send: chunk({ content: "a " }) }, { gate: "go" }, { send: chunk({ content: "b" }) }, { send: chunk({}, "stop") }, { send: DONE }] });
		const turns = [];
		for (let n = 0; n < 20; n++) {
			turns.push(await users[n % users.length].at(there).chat({ id: newId(), messages: [userMessage(`go${upstream.mark}`)], trigger: "submit-message", model }));
			await turns[n].until("text-delta");
		}
		const before = { worker: worker(), listed: (await user.get("/api/ai/models")).json, read: lastRead() };
		sv("down");
		try {
			// The user cannot be authenticated now, as the answer says; a worker's counts of its models need no user.
			await eventually(async () => (await user.get("/api/ai/models")).status === 503);
			(await user.get("/api/ai/models")).problem(503, { code: "unavailable" });
			await upstream.open("go");
			await Promise.all(turns.map((turn) => turn.until("text-delta")));
		} finally {
			sv("up");
		}
		await Promise.all(turns.map((turn) => turn.finish()));
		for (const { text, metadata } of turns) assert.deepEqual([text, metadata.status, metadata.modelId], ["a b", "complete", model]);
		const since = performance.now();
		await eventually(async () => (await user.get("/api/ai/models")).status === 200);
		console.log(`# the models are listed ${Math.round(performance.now() - since)} ms after the last reply's end`);
		assert.deepEqual((await user.get("/api/ai/models")).json, before.listed);
		const said = await play({ steps: says("well") });
		const turn = await (await user.chat({ id: newId(), messages: [userMessage(`go${said.mark}`)], model })).finish();
		assert.deepEqual([turn.text, turn.metadata.modelId, turn.metadata.status], ["well", model, "complete"]);
		assert.deepEqual([worker(), lastRead()], [before.worker, before.read], "the same worker, which has read nothing else");
	});

	test("a worker that starts then says so, and has its models from its first answer on", { timeout: 120_000 }, async () => {
		const user = users[0].at(there);
		const model = await known(user, "stays");
		const old = worker();
		sv("down");
		const ask = () => user.chat({ id: newId(), messages: [userMessage("hello")], model });
		try {
			process.kill(old, "SIGKILL");
			await eventually(() => worker() !== old, 20);
			await eventually(async () => (await ask()).status === 503, 20);
		} finally {
			sv("up");
		}
		const refused = new Set();
		const turn = await eventually(async () => {
			const answer = await ask();
			if (answer.status === 200) return answer;
			refused.add(answer.status);
			return false;
		}, 30);
		await turn.finish();
		refused.delete(503);
		assert.deepEqual([...refused], [], "a model that it has not read yet is not unknown");
		assert.deepEqual([turn.text, turn.metadata.modelId], ["You said: hello", model]);
	});

	after(() => lamplight("model", "remove", name("stays")));
});
