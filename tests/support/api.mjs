// The HTTP API as a test sees it: users, requests, and the stream of a reply chunk by chunk.
//
// Every answer that passes through here is checked for what every answer must have: a request id and, in errors, the form of
// problem+json without any detail of the server (SQL, paths, the upstream's body).

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { fileURLToPath } from "node:url";
import { payload } from "./uistream.mjs";

export const URL_BASE = process.env.LAMPLIGHT_URL;

/** Tests that put a text into an upstream's error body use this one. */
export const UPSTREAM_SECRET = "upstream-body-5e1d";

const INSIDES = [
	/\b(SELECT|INSERT|UPDATE|DELETE)\b.+\b(FROM|INTO|SET)\b/,
	/mysql|mariadb|sqlstate|errno|innodb|libcurl/i,
	/(^|[\s"'(])\/(usr|var|home|tmp|root|etc|run|opt|srv)\//,
	new RegExp(fileURLToPath(new URL("../..", import.meta.url))),
	/\.[ch]:\d+/,
	new RegExp(UPSTREAM_SECRET),
];

export function assertNoInsides(text) {
	for (const inside of INSIDES) assert.doesNotMatch(text, inside);
}

export const newId = () => randomBytes(8).toString("hex");

class Answer {
	constructor(response, text) {
		Object.assign(this, { status: response.status, headers: response.headers, text });
		this.requestId = response.headers.get("x-request-id");
	}

	get json() {
		return JSON.parse(this.text);
	}

	/** The URL of a Link header's relation, as a path below the base. */
	link(rel) {
		const links = this.headers.get("link") ?? "";
		const target = [...links.matchAll(/<([^>]*)>\s*;\s*rel="([^"]*)"/g)].find((match) => match[2] === rel)?.[1];
		if (!target) return undefined;
		const { href } = new URL(target, URL_BASE);
		assert.ok(href.startsWith(`${URL_BASE}/`), href);
		return href.slice(URL_BASE.length);
	}

	/** Fails unless this is the given status, as problem+json; `field` must be named in it. */
	problem(status, { code, field, about } = {}) {
		assert.equal(this.status, status, this.text);
		const problem = this.json;
		if (code) assert.equal(problem.code, code);
		if (field) assert.ok(problem.field === field || problem.detail.includes(field), `${this.text} names ${field}`);
		if (about) assert.deepEqual(problem.about, about);
		if (status === 429 || status === 503) assert.match(this.headers.get("retry-after") ?? "", /^[1-9]\d*$/);
		return problem;
	}
}

function checkError(answer) {
	assertNoInsides(answer.text);
	assert.match(answer.headers.get("content-type") ?? "", /^application\/problem\+json/, answer.text);
	const { type, status, title, detail, code, requestId } = answer.json;
	assert.equal(type, "about:blank");
	assert.equal(status, answer.status);
	for (const word of [title, detail]) assert.ok(typeof word === "string" && word.length > 0, answer.text);
	assert.match(code, /^[a-z][a-z0-9_]*$/);
	assert.equal(requestId, answer.requestId);
}

/** Sends one request. A `body` is sent unchanged if it is a string or bytes, otherwise as JSON. Reads the whole answer. */
export async function request(method, path, options = {}) {
	return whole(await open(method, path, options));
}

async function whole(response) {
	const answer = new Answer(response, await response.text());
	if (answer.status >= 400) checkError(answer);
	return answer;
}

async function open(method, path, { body, headers = {}, signal, base = URL_BASE }) {
	const raw = body === undefined || typeof body === "string" || body instanceof Uint8Array;
	const response = await fetch(new URL(base + path), {
		method,
		body: raw ? body : JSON.stringify(body),
		headers: { ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers },
		signal,
		redirect: "manual",
	});
	assert.match(response.headers.get("x-request-id") ?? "", /^[\w-]{8,}$/, `${method} ${path}: x-request-id`);
	return response;
}

/** A reply in progress. */
class Turn {
	/** fetch() cancels a body that nobody has begun to read when the response is garbage-collected, so the response is kept. */
	constructor(response) {
		Object.assign(this, { response, status: response.status, headers: response.headers, chunks: [], comments: 0, done: false });
		this.sessionId = response.headers.get("x-session-id");
		this.events = split(response.body);
	}

	/** The next chunk, or null when the stream has ended as it should: with [DONE], then the end of the body. */
	async next() {
		for (;;) {
			const { value: event, done } = await this.events.next();
			if (done) {
				assert.ok(this.done, "the body ended without [DONE]");
				return null;
			}
			if (event.startsWith(":")) {
				this.comments++;
				continue;
			}
			assert.ok(!this.done, "a chunk after [DONE]");
			const text = payload(event);
			this.done = text === "[DONE]";
			if (this.done) continue;
			const chunk = JSON.parse(text);
			if (chunk.type === "error") assertNoInsides(text);
			this.chunks.push(chunk);
			return chunk;
		}
	}

	/** Reads until a chunk of this type. */
	async until(type) {
		for (let chunk; (chunk = await this.next());) if (chunk.type === type) return chunk;
		assert.fail(`the stream ended without ${type}`);
	}

	/** Reads to the end. */
	async finish() {
		while (await this.next());
		return this;
	}

	/** Closes the connection. */
	async leave() {
		await this.events.return();
	}

	of = (type) => this.chunks.filter((chunk) => chunk.type === type);

	get messageId() {
		return this.of("start")[0]?.messageId;
	}

	get userMessageIds() {
		return this.of("data-session")[0]?.data.userMessageIds;
	}

	get text() {
		return this.of("text-delta")
			.map((chunk) => chunk.delta)
			.join("");
	}

	/** The metadata as a client merges it. */
	get metadata() {
		return Object.assign({}, ...this.chunks.map((chunk) => chunk.messageMetadata));
	}
}

async function* split(body) {
	const decoder = new TextDecoder("utf-8", { fatal: true });
	let rest = "";
	for await (const bytes of body) {
		rest += decoder.decode(bytes, { stream: true });
		const events = rest.split("\n\n");
		rest = events.pop();
		yield* events;
	}
	assert.equal(rest + decoder.decode(), "", "nothing is left behind the last event");
}

export const userMessage = (text, more = {}) => ({ id: newId(), role: "user", parts: [{ type: "text", text }], ...more });

export class User {
	constructor({ accessToken, user }, cookie) {
		Object.assign(this, { token: accessToken, id: user.id, username: user.username, cookie });
	}

	static password = "correct horse battery";

	static async register(username = `u-${newId()}`) {
		const answer = await request("POST", "/api/auth/register", { body: { username, password: User.password } });
		assert.equal(answer.status, 201, answer.text);
		return new User(answer.json, refreshCookie(answer));
	}

	/** The user that a site token names. */
	static async withToken(accessToken) {
		const answer = await request("GET", "/api/me", { headers: { authorization: `Bearer ${accessToken}` } });
		assert.equal(answer.status, 200, answer.text);
		return new User({ accessToken, user: answer.json });
	}

	headers = (headers) => ({ authorization: `Bearer ${this.token}`, ...headers });

	/** The same user, talking to another instance. */
	at(base) {
		return Object.assign(new User({ accessToken: this.token, user: this }), { base });
	}

	request(method, path, { headers, ...rest } = {}) {
		return request(method, path, { ...rest, base: this.base, headers: this.headers(headers) });
	}

	get = (path) => this.request("GET", path);

	/** POST /api/ai/chat. Resolves to a Turn if the answer is a stream, otherwise to an Answer. */
	async chat(body, { headers, signal } = {}) {
		return this.#turn("POST", "/api/ai/chat", { body, headers, signal });
	}

	/** GET /api/ai/chat/:id/stream. Resolves to a Turn, or to the Answer that no reply is running. */
	resume(id) {
		return this.#turn("GET", `/api/ai/chat/${encodeURIComponent(id)}/stream`);
	}

	stop(id) {
		return this.request("POST", `/api/ai/chat/${encodeURIComponent(id)}/stop`);
	}

	async #turn(method, path, { headers, ...rest } = {}) {
		const response = await open(method, path, { ...rest, base: this.base, headers: this.headers(headers) });
		const streams = (response.headers.get("content-type") ?? "").startsWith("text/event-stream");
		return streams ? new Turn(response) : whole(response);
	}

	/** Sends one message in a new chat, or the next one in a session; the stream stays open. */
	async ask(text, { sessionId, id = newId(), message = userMessage(text), messages = [message], ...more } = {}) {
		const turn = await this.chat({ id, messages, trigger: "submit-message", ...(sessionId && { sessionId }), ...more });
		assert.equal(turn.status, 200, turn.text);
		return turn;
	}

	/** The same, but reads the stream to the end. */
	async say(text, options) {
		return (await this.ask(text, options)).finish();
	}

	async sessions(query = "") {
		const answer = await this.get(`/api/ai/sessions${query}`);
		assert.equal(answer.status, 200, answer.text);
		return answer.json;
	}

	async messages(sessionId, query = "") {
		const answer = await this.get(`/api/ai/sessions/${sessionId}/messages${query}`);
		assert.equal(answer.status, 200, answer.text);
		return answer.json;
	}
}

/** name=value of the refresh cookie that an answer sets. */
export const refreshCookie = (answer) =>
	answer.headers
		.getSetCookie()
		.find((line) => line.startsWith("lamplight_refresh="))
		?.split(";")[0];

/** Repeats until `check` returns something true, or fails after `seconds` with its last error. */
export async function eventually(check, seconds = 10) {
	const end = Date.now() + seconds * 1000;
	for (;;) {
		try {
			const value = await check();
			if (value || Date.now() > end) return assert.ok(value, "still not so") ?? value;
		} catch (error) {
			if (Date.now() > end) throw error;
		}
		await new Promise((resolve) => setTimeout(resolve, 50));
	}
}
