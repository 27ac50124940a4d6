// People who chat without a pause at several hosts, and what they were promised: each acknowledged message, and what was
// shown of the reply.

import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";

const PATIENCE_MS = 20_000;

async function post(url, path, body, token) {
	const headers = { "content-type": "application/json", ...(token && { authorization: `Bearer ${token}` }) };
	return fetch(url + path, { method: "POST", headers, body: JSON.stringify(body), signal: AbortSignal.timeout(PATIENCE_MS) });
}

const shownIn = (text) =>
	text
		.split("\n")
		.filter((line) => line.startsWith('data: {"type":"text-delta"'))
		.map((line) => JSON.parse(line.slice(6)).delta)
		.join("");

export class Talkers {
	static async open(urls, n = 6) {
		const talkers = Object.assign(new Talkers(), { urls, promised: [], acks: [], refused: 0, repeated: 0, over: false });
		const tokens = [];
		for (let i = 0; i < n; i++) {
			const answer = await post(urls[0], "/api/auth/register", { username: `talker-${i}`, password: "correct horse battery" });
			if (answer.status !== 201) throw new Error(`register: ${answer.status} ${await answer.text()}`);
			tokens.push((await answer.json()).accessToken);
		}
		talkers.lives = tokens.map((token, i) => talkers.talk(token, i));
		return talkers;
	}

	/**
	 * Sends one message after the other. Sends each until it gets an answer; after a lost answer it asks again with the same
	 * ids.
	 */
	async talk(token, i) {
		for (let n = 0; !this.over; n++) {
			const text = `message ${n} of ${i}`;
			const body = { id: randomUUID(), messages: [{ id: randomUUID(), role: "user", parts: [{ type: "text", text }] }] };
			for (let tries = 0; !(await this.send(token, text, body, i + n + tries)) && tries < 200; tries++) {
				this.repeated++;
				await sleep(100);
			}
		}
	}

	async send(token, text, body, at) {
		try {
			const answer = await post(this.urls[at % this.urls.length], "/api/ai/chat", body, token);
			if (!answer.ok) {
				this.refused++;
				await answer.body?.cancel();
				return false;
			}
			this.acks.push(Date.now());
			const promise = { text, sessionId: answer.headers.get("x-session-id"), shown: "" };
			this.promised.push(promise);
			for await (const bytes of answer.body.pipeThrough(new TextDecoderStream())) promise.read = (promise.read ?? "") + bytes;
			promise.shown = shownIn(promise.read);
			return promise.read.includes('"type":"finish"');
		} catch {
			return false; // the connection was cut, or nobody answered in time
		}
	}

	/** The longest time during which nobody's message was acknowledged, in ms. */
	stallSince(began) {
		const times = [began, ...this.acks.filter((at) => at >= began), Date.now()];
		return times.slice(1).reduce((most, at, i) => Math.max(most, at - times[i]), 0);
	}

	/** Waits until messages are acknowledged again. */
	async flow(ms) {
		const until = Date.now() + ms;
		for (let n = this.acks.length; Date.now() < until; await sleep(50)) if (this.acks.length > n + 5) return;
		throw new Error(`nothing was acknowledged within ${ms} ms`);
	}

	async end() {
		this.over = true;
		await Promise.all(this.lives);
	}
}
