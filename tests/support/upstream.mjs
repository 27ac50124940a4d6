// The fake model: a server that plays scripts, as Chat Completions or, depending on the path, in another wire
// (anthropic.mjs).
//
// A script is a list of calls, one for each request that names it; the last one is repeated. A test registers it under an id
// through the control server and puts `[[play:ID]]` into a user message; the last mark in the last user message of a request
// picks the script. Without a mark the answer is an echo.
//
// With a profile (strict.mjs) it first refuses what that provider refuses.
//
// call = { status, headers, steps, stays }: with `stays`, the same request gets the same answer again. A step is one of
//   { send: "text" } or { send64: "base64" }   one write; `cuts: [offset, ...]` makes several TCP pieces of it
//   { wait: ms }                               silence
//   { gate: "name" }                           silence until the test opens the gate; with `repeat` and `wait`, that write meanwhile
//   { repeat: "text", times, wait }            the same write again and again; without `times`, for ever
//   { end: "reset" | "eof" | "hang" }          a TCP reset; a close without the end of the body; silence for ever
// The status line goes out with the first `send` or `repeat`, or at the end. After the last step the body ends properly.

import { createServer } from "node:http";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import * as anthropic from "./anthropic.mjs";
import * as gemini from "./gemini.mjs";
import * as responses from "./responses.mjs";
import { refusal } from "./strict.mjs";

const MARK = /\[\[play:([\w.-]+)\]\]/g;
/** If the model spoke last, the server's own message takes a person's place. */
const OURS = /^\[(Your last message was cut off|Answer now)/;

/** Server-sent chunks as OpenAI sends them. */
export const chunk = (delta, finish_reason = null, more = {}) =>
	"data: " +
	JSON.stringify({
		id: "chatcmpl-1",
		object: "chat.completion.chunk",
		created: 1700000000,
		model: "test-model",
		choices: [{ index: 0, delta, finish_reason }],
		...more,
	}) +
	"\n\n";
export const DONE = "data: [DONE]\n\n";

function question({ messages = [] }) {
	const users = messages.filter((message) => message.role === "user" && !OURS.test(message.content));
	const content = users.at(-1)?.content ?? "";
	return typeof content === "string" ? content : JSON.stringify(content);
}

/** Adjacent messages of one role become one message. */
const lastOf = (text) => text.split("\n\n").at(-1);

function echo(text) {
	const usage = { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 };
	const body = [
		chunk({ role: "assistant", content: "" }),
		chunk({ content: "You said: " }),
		chunk({ content: text }),
		chunk({}, "stop"),
		chunk(null, null, { choices: [], usage }),
		DONE,
	];
	return { steps: body.map((send) => ({ send })) };
}

function pieces(step) {
	const bytes = step.send64 !== undefined ? Buffer.from(step.send64, "base64") : Buffer.from(step.send);
	const edges = [0, ...(step.cuts ?? []), bytes.length];
	return edges.slice(1).map((edge, i) => bytes.subarray(edges[i], edge));
}

async function write(response, bytes) {
	if (response.destroyed) return;
	if (!response.headersSent) response.flushHeaders();
	if (bytes.length === 0) return;
	if (response.write(bytes)) return;
	const drained = new AbortController();
	await Promise.race([response.closing, once(response, "drain", { signal: drained.signal }).catch(() => {})]);
	drained.abort();
}

async function finish(response, how) {
	await sleep(50); // lets the peer read what was sent before the connection dies
	if (how === "reset") response.socket?.resetAndDestroy();
	if (how === "eof") response.socket?.destroySoon();
	if (how === "hang") await response.closing;
}

async function play(script, step, response) {
	if (step.wait) await sleep(step.wait);
	if (step.gate) await script.gate(step, response);
	if (step.end) await finish(response, step.end);
	if (step.send !== undefined || step.send64 !== undefined) {
		const parts = pieces(step);
		for (const part of parts) {
			await write(response, part);
			if (parts.length > 1) await new Promise(setImmediate);
		}
	}
	if (step.repeat !== undefined && !step.gate) {
		for (let n = 0; n !== step.times && !response.destroyed; n++) {
			await write(response, Buffer.from(step.repeat));
			await (step.wait ? sleep(step.wait) : new Promise(setImmediate));
		}
	}
}

class Script {
	constructor(calls) {
		this.calls = calls;
		this.log = [];
		this.open = new Set();
		this.waiting = [];
	}

	isLeft() {
		return this.next() < this.calls.length;
	}

	next() {
		return this.log.length > 0 ? this.log.at(-1).n + 1 : 0;
	}

	/** Resolves when the gate opens or the connection closes. */
	async gate({ gate, repeat, wait }, response) {
		const opened = () => new Promise((resolve) => this.waiting.push(resolve));
		const timer = repeat && setInterval(() => write(response, Buffer.from(repeat)), wait);
		while (!this.open.has(gate) && !response.destroyed) await Promise.race([response.closing, opened()]);
		clearInterval(timer);
	}

	openGate(name) {
		this.open.add(name);
		for (const resolve of this.waiting.splice(0)) resolve();
	}

	async answer(request, raw, response) {
		const last = this.log.at(-1);
		const n = this.calls[last?.n]?.stays && last.raw === raw ? last.n : this.next();
		const entry = { headers: request.headers, url: request.url, raw, steps: 0, gone: false, at: Date.now(), n };
		const call = this.calls[Math.min(n, this.calls.length - 1)];
		this.log.push(entry);
		response.closing = once(response, "close").then(() => (entry.gone = !response.writableFinished));
		response.on("error", () => {});
		request.socket.setNoDelay(true);
		response.statusCode = call.status ?? 200;
		// With this header, the product retries at once when an error takes the place of an answer.
		const soon = response.statusCode === 200 && { "retry-after-ms": "1" };
		response.setHeaders(new Map(Object.entries({ "content-type": "text/event-stream", ...soon, ...call.headers })));
		for (const step of call.steps) {
			await play(this, step, response);
			entry.steps++;
			if (response.destroyed) return;
		}
		response.end();
	}
}

async function readBody(request) {
	const parts = [];
	for await (const part of request) parts.push(part);
	return Buffer.concat(parts).toString("utf8");
}

/** The wires that it speaks, by the end of the path. */
const WIRES = [
	{ path: /\/chat\/completions$/, question, echo, refusal: () => undefined },
	{ path: /\/v1\/messages$/, ...anthropic },
	{ path: /:streamGenerateContent\?alt=sse$/, ...gemini },
	{ path: /\/v1\/responses$/, ...responses },
];

/** Opens the model and its control server; both listen on 127.0.0.1. `signed`: opaque state that comes back must be what
 * signed.mjs makes, at its place. */
export async function startModel({ port = 0, signed = false } = {}) {
	const scripts = new Map();
	let profile = "";
	const judged = [];
	const refusals = [];
	const judge = (raw) => {
		const request = JSON.parse(raw);
		const refused = refusal(profile, request);
		judged.push({ request, refused });
		return refused;
	};

	const model = createServer({ keepAliveTimeout: 0 }, async (request, response) => {
		const raw = await readBody(request).catch(() => null);
		if (raw === null) return; // the connection closed before everything arrived
		const refused = profile && judge(raw);
		if (refused) return response.writeHead(refused.status, { "content-type": "application/json" }).end(refused.body);
		const wire = WIRES.find(({ path }) => path.test(request.url)) ?? WIRES[0];
		const asked = JSON.parse(raw || "{}");
		const wrong = wire.refusal(asked, request.headers, { signed });
		if (wrong) {
			refusals.push(wrong.body);
			return response.writeHead(wrong.status, { "content-type": "application/json" }).end(wrong.body);
		}
		const text = wire.question(asked);
		const marks = (of) => [...of.matchAll(MARK)].map(([, id]) => id);
		// A mark in an earlier message still counts for this question if its script has not been played to the end; otherwise
		// it belongs to an earlier question.
		const id = marks(lastOf(text)).at(-1) ?? marks(text).findLast((id) => scripts.get(id)?.isLeft());
		const script = id ? scripts.get(id) : new Script([wire.echo(lastOf(text))]);
		if (request.method !== "POST" || !wire.path.test(request.url) || !script)
			return response.writeHead(404).end();
		await script.answer(request, raw, response);
	});

	const routes = {
		PUT: async (id, _, request) => scripts.set(id, new Script(JSON.parse(await readBody(request)))),
		GET: (id) => (id === "profile" ? judged.splice(0) : id === "refusals" ? refusals.splice(0) : scripts.get(id).log),
		POST: (id, gate) =>
			id === "profile" ? (profile = gate) : id === "signed" ? (signed = gate === "on") : scripts.get(id).openGate(gate),
		DELETE: () => closeModel(), // refuse connections ...
		PATCH: () => listen(), // ... and accept them again
	};
	const control = createServer({ keepAliveTimeout: 0 }, async (request, response) => {
		const [, id, gate] = request.url.split("/");
		const answer = await routes[request.method](id, gate, request);
		response.end(JSON.stringify(Array.isArray(answer) ? answer : null));
	});

	const listen = async () => once(model.listen(port, "127.0.0.1"), "listening").then(() => (port = model.address().port));
	async function closeModel() {
		model.close();
		model.closeAllConnections();
	}

	await listen();
	await once(control.listen(0, "127.0.0.1"), "listening");
	return {
		baseUrl: `http://127.0.0.1:${port}/v1`,
		controlUrl: `http://127.0.0.1:${control.address().port}`,
		async close() {
			await closeModel();
			control.close();
			control.closeAllConnections();
		},
	};
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
	const { baseUrl, controlUrl } = await startModel({ port: Number(process.argv[2] ?? 0) });
	console.log(`LAMPLIGHT_LLM_BASE_URL=${baseUrl}\nLAMPLIGHT_TEST_MODEL=${controlUrl}`);
}
