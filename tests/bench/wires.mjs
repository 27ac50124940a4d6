#!/usr/bin/env node
// Measures what a token costs the chat worker, depending on the wire of its model: the same reply of the demo model over each
// of the four wires in turn, through an instance of its own. CPU is the worker's user and system time (/proc), so a busy
// machine changes it little, and the ratios not at all.
//
//   ROUNDS=5       rounds of each wire, as A B C D A B C D
//   REPLIES=16     replies in a round, all at the same time
//   RATES="0 100"  words/s of a reply; 0: as fast as the demo model can

import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { lamplightAt, up } from "../support/instance.mjs";

const { ROUNDS = "5", REPLIES = "16", RATES = "0 100", VARIANT = "release" } = process.env;
const ROOT = new URL("../..", import.meta.url).pathname;
const TICK_MS = 10; // USER_HZ, the unit of /proc
const kinds = ["openai", "anthropic", "gemini", "responses"];

async function startDemo(rate) {
	const child = spawn(`${ROOT}build/${VARIANT}/bin/demo-llm`, ["0", rate], { stdio: ["ignore", "pipe", "inherit"] });
	process.once("exit", () => child.kill());
	const [line] = await once(child.stdout, "data");
	return { child, url: `http://127.0.0.1:${/\d{4,5}/.exec(line)}/v1` };
}

function client(base) {
	const request = async (token, method, path, body) => {
		const response = await fetch(`${base}/api/${path}`, { method, headers: { ...(token && { authorization: `Bearer ${token}` }), "content-type": "application/json" }, body: body && JSON.stringify(body) });
		if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
		return response;
	};
	return request;
}

/** The tokens of one reply that has ended well. The demo model's first reply in a chat is about itself. */
async function reply(request, token, model, question, sessionId) {
	const message = { id: crypto.randomUUID(), role: "user", parts: [{ type: "text", text: question }] };
	const response = await request(token, "POST", "ai/chat", { id: crypto.randomUUID(), sessionId, messages: [message], trigger: "submit-message", model });
	const text = await response.text();
	const deltas = text.split('"type":"text-delta"').length - 1;
	const tokens = Number(/"outputTokens":(\d+)/.exec(text)?.[1]);
	if (!text.includes('"type":"finish"') || text.includes('"type":"error"') || !(deltas > 0 && tokens > 0)) throw new Error(`no whole reply: ${text.slice(-500)}`);
	return { tokens, sessionId: /"sessionId":"(\d+)"/.exec(text)?.[1] };
}

const cpuMs = (pid) => {
	const fields = readFileSync(`/proc/${pid}/stat`, "utf8").replace(/^.*\) /, "").split(" ");
	return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
};

/** { tokens, ms } of a round. */
async function round(request, token, model, pid) {
	const chats = await Promise.all(Array.from({ length: Number(REPLIES) }, () => reply(request, token, model, "Hello")));
	const before = cpuMs(pid);
	const replies = await Promise.all(chats.map(({ sessionId }) => reply(request, token, model, "A long answer, please", sessionId)));
	return { tokens: replies.reduce((sum, { tokens }) => sum + tokens, 0), ms: cpuMs(pid) - before };
}

const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
const shown = (list, digits) => `${median(list).toFixed(digits)} (${Math.min(...list).toFixed(digits)}-${Math.max(...list).toFixed(digits)})`;

async function measure(instance, request, token, rate) {
	const demo = await startDemo(rate);
	const lamplight = (...words) => lamplightAt(instance.env.LAMPLIGHT_VAR, ...words);
	const pid = Number(readFileSync(`${instance.env.LAMPLIGHT_VAR}/run/chat.pid`, "utf8"));
	try {
		for (const kind of kinds) {
			lamplight("provider", "add", `${kind}-${rate}`, "--kind", kind, "--base-url", demo.url, "--no-key");
			lamplight("model", "add", "demo", "--provider", `${kind}-${rate}`, "--label", `${kind}-${rate}`);
		}
		await new Promise((over) => setTimeout(over, 3000)); // the worker knows it within two seconds
		const { models } = await (await request(token, "GET", "ai/models")).json();
		const idOf = (kind) => models.find(({ label }) => label === `${kind}-${rate}`).id;
		for (const kind of kinds) await reply(request, token, idOf(kind), "Hello");
		const costs = Object.fromEntries(kinds.map((kind) => [kind, []]));
		let tokens = 0;
		for (let n = 1; n <= Number(ROUNDS); n++)
			for (const kind of kinds) {
				const one = await round(request, token, idOf(kind), pid);
				costs[kind].push((one.ms / one.tokens) * 1000);
				tokens = one.tokens;
				process.stderr.write(`${rate} words/s, round ${n}, ${kind}: ${one.ms} ms for ${one.tokens} tokens\n`);
			}
		return { rate, tokens, costs };
	} finally {
		demo.child.kill();
	}
}

const limits = { LAMPLIGHT_LIMITS_SESSIONS: "0", LAMPLIGHT_LIMITS_STORED_MB: "0", LAMPLIGHT_LIMITS_DAY_MESSAGES: "0", LAMPLIGHT_LIMITS_DAY_TOKENS: "0", LAMPLIGHT_LLM_TOOLS_FILE: undefined, LAMPLIGHT_LLM_API_KEY: undefined };
const instance = await up({ more: limits });
const leave = async () => {
	await instance.down();
	instance.remove();
};
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, () => void leave().finally(() => process.exit(1)));
try {
	const request = client(instance.env.LAMPLIGHT_URL);
	const { accessToken } = await (await request(null, "POST", "auth/register", { username: `bench-${process.pid}`, password: "a lamp in the window 7" })).json();
	const found = [];
	for (const rate of RATES.split(/\s+/)) found.push(await measure(instance, request, accessToken, rate));
	console.log("| words/s of a reply | wire | CPU ms of the chat worker per 1,000 tokens | times chat completions |\n|---|---|---:|---:|");
	for (const { rate, costs } of found)
		for (const kind of kinds) {
			const ratios = costs[kind].map((cost, n) => cost / costs.openai[n]);
			console.log(`| ${rate === "0" ? "as fast as it can" : rate} | ${kind} | ${shown(costs[kind], 1)} | ${kind === "openai" ? "1" : shown(ratios, 2)} |`);
		}
	console.error(`${found[0].tokens} tokens in a round, ${ROUNDS} rounds`);
} finally {
	await leave();
}
