// A simulated person with a browser: sends, reads, reloads, repeats, stops, edits, regenerates, deletes, opens a second tab, reads slowly
// or leaves, and logs everything received (history.mjs).

import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { SILENCE_MS, alive } from "./alive.mjs";
import { scriptOf } from "./history.mjs";
import { makeScript } from "./replies.mjs";
import { Shown, shownOf } from "./shown.mjs";
import { within } from "./within.mjs";

const SCENARIOS = {
	plain: 10,
	reload: 12,
	repeat: 8,
	lostAnswer: 6,
	stop: 5,
	staleStop: 2,
	replace: 3,
	edit: 3,
	regenerate: 3,
	twoTabs: 4,
	away: 3,
	slowReader: 3,
	halfOpen: 2,
	remove: 2,
	removeRunning: 2,
	goOn: 3,
	switchBranch: 2,
};
const NEVER_MS = 45_000;

export class Client {
	/** `world`: { bases, history, witness(replyId, sessionId), kinds, addScript(script), ready(script's id), isOver() };
	 * `model`: { wire, id } (no id: the site's default) that this person has picked. */
	constructor(world, user, random, model) {
		Object.assign(this, { world, user, random, model, sessions: [], counts: {} });
	}

	get base() {
		return this.random.pick(this.world.bases);
	}

	count(what, n = 1) {
		this.counts[what] = (this.counts[what] ?? 0) + n;
	}

	async live() {
		const { random } = this;
		while (!this.world.isOver()) {
			const scenario = random.weighted(SCENARIOS);
			// What follows on something needs a session at rest.
			const session = random.chance(0.5) ? random.pick(this.sessions) : undefined;
			await this[scenario](session);
			this.count(scenario);
			await sleep(random.between(0, 100));
		}
		for (const socket of this.sockets ?? []) socket.destroy();
	}

	// ---- requests

	/** Returns a response, or null if there was none. Logs answers of 5xx. */
	async fetch(method, path, { body, signal, base = this.base } = {}) {
		const headers = { authorization: `Bearer ${this.user.token}`, ...(body && { "content-type": "application/json" }) };
		try {
			const answer = fetch(base + path, {
				method,
				headers,
				body,
				signal,
			});
			const response = await within(NEVER_MS, answer);
			const { status } = response;
			if (status >= 500 || status === 401) this.world.history.refused.push({ at: Date.now(), method, path, status });
			return response;
		} catch {
			return null;
		}
	}

	async ignore(response) {
		if (response) await within(SILENCE_MS, response.text()).catch(() => {});
	}

	async list(sessionId) {
		const response = await this.fetch("GET", `/api/ai/sessions/${sessionId}/messages?limit=200`);
		const text = response && (await within(SILENCE_MS, response.text()).catch(() => null));
		if (!response || text === null || response.status >= 500) return null;
		const messages = response.status === 200 ? JSON.parse(text) : null;
		this.world.history.reads.push({
			user: this.user.id,
			sessionId,
			at: Date.now(),
			status: response.status,
			messages: messages?.map(({ id, role, parts, metadata }) => ({ id, role, status: metadata?.status, shown: shownOf(parts) })),
		});
		return messages;
	}

	// ---- reading streams

	/** Reads a stream into a view. `leave(view, chunks)`: go away when it says so; `pace`: ms to wait between reads. */
	async read(response, view, { ack, leave, pace, onChunk } = {}) {
		const shown = new Shown();
		const decoder = new TextDecoder();
		let rest = "",
			chunks = 0;
		try {
			for await (const bytes of alive(response.body)) {
				const events = (rest + decoder.decode(bytes, { stream: true })).split("\n\n");
				rest = events.pop();
				for (const event of events) {
					if (!event.startsWith("data: ")) continue;
					chunks++;
					this.see(event.slice(6), shown, view, ack);
				}
				Object.assign(view, { text: shown.text, at: Date.now() });
				if (view.replyId && this.random.chance(0.02)) await this.witness(view);
				onChunk?.(view);
				if (pace) await sleep(pace);
				if (!view.done && leave?.(view, chunks)) {
					view.left = true;
					break; // leaves the body: the connection is closed
				}
			}
		} catch (error) {
			if (error.message !== "silence") return view;
			this.count("silent");
			view.silentAt = Date.now();
		}
		return view; // complete, abandoned, or cut
	}

	see(text, shown, view, ack) {
		if (text === "[DONE]") return (view.done = true);
		const chunk = JSON.parse(text);
		if (chunk.type === "start") view.replyId = chunk.messageId;
		if (chunk.messageMetadata?.status) view.status = chunk.messageMetadata.status;
		if (ack && chunk.type === "start") ack.replyId = chunk.messageId;
		if (ack && chunk.type === "data-session")
			Object.assign(ack, { sessionId: chunk.data.sessionId, userIds: chunk.data.userMessageIds });
		shown.see(chunk);
	}

	async witness(view) {
		const { replyId, sessionId, via, text: shown } = view;
		const stored = await within(SILENCE_MS, this.world.witness(sessionId, replyId)).catch(() => undefined);
		if (stored !== undefined) this.world.history.witnesses.push({ replyId, sessionId, via, shown, stored });
	}

	newView(sessionId, via) {
		const view = { replyId: null, sessionId, via, startAt: Date.now(), at: Date.now(), text: "", status: null, done: false };
		this.world.history.views.push(view);
		return view;
	}

	/** GET .../stream; null if nothing runs or there is no answer. */
	async resume(sessionId, options) {
		const response = await this.fetch("GET", `/api/ai/chat/${sessionId}/stream`);
		if (response?.status !== 200) {
			await this.ignore(response);
			return null;
		}
		this.count("resumed");
		return this.read(response, this.newView(sessionId, "resume"), options);
	}

	/** Whether data may still arrive: a long fault, however long it takes on a busy machine, does not count as silence. */
	mayCome(since) {
		const untils = this.world.history.faults.map(({ until }) => Math.min(until, Date.now()));
		return Date.now() - Math.max(since, ...untils) < NEVER_MS;
	}

	/** Follows a reply, or its replacement from another tab, until it is at rest; returns its final state. */
	async settle(sessionId, replyId, since) {
		const { history } = this.world;
		const isIt = (id) => BigInt(id) >= BigInt(replyId ?? 0);
		for (let view; this.mayCome(since); await sleep(this.random.between(20, 150))) {
			view = await this.resume(sessionId, {});
			if (view?.done && view.replyId && isIt(view.replyId)) return view;
			const listed = (await this.list(sessionId))?.findLast(({ id, role }) => role === "assistant" && isIt(id));
			if (listed?.metadata?.status) return listed;
		}
		history.probes.push({ sessionId, since, usableAt: null });
		return null;
	}

	// ---- sending

	/** A new message to send: in a session, or in a new chat. */
	draft(session, { kind = session ? "next" : "first", text = "", clientId = this.random.id() } = {}) {
		const { random, world } = this;
		const script = makeScript(random, random.pick(world.kinds), this.model.wire);
		world.addScript(script);
		return this.post(session, {
			send: random.id(),
			kind,
			chatId: session?.chatId ?? random.id(),
			clientId,
			parts: `[ {"type":"text", "text":${JSON.stringify(`${text}${script.mark} \u00e9\u{1f600}${"x".repeat(this.world.padding ?? 0)}`)}} ]`,
			script: script.script,
			mayBeSlow: script.kind !== "plain",
		});
	}

	/** Records a message. `list`: what the client knows of the conversation. */
	post(session, send, { list = session?.list ?? [], more = {} } = {}) {
		Object.assign(send, {
			user: this.user.id,
			wire: this.model.wire,
			sessionId: session?.id ?? null,
			attempts: [],
			acks: [],
			refusals: [],
			conflict: send.conflict ?? false,
		});
		const mine = `{"id":${JSON.stringify(send.clientId)},"role":"user","parts":${send.parts}}`;
		const messages = [...list.map((message) => JSON.stringify(message)), ...(send.parts === null ? [] : [mine])];
		const rest = {
			id: send.chatId,
			trigger: send.kind === "regenerate" ? "regenerate-message" : "submit-message",
			...(session && { sessionId: session.id }),
			...(this.model.id && { model: this.model.id }),
			...more,
		};
		Object.defineProperty(send, "body", { value: `{"messages":[${messages.join(",")}],${JSON.stringify(rest).slice(1)}` });
		this.world.history.sends.push(send);
		return send;
	}

	/** Posts it once, and reads the answer as the options say. */
	async attempt(send, options = {}) {
		await this.world.ready(send.script);
		send.attempts.push(Date.now());
		const response = await this.fetch("POST", "/api/ai/chat", { body: send.body, signal: options.signal });
		if (!response) return null;
		if (response.status !== 200) {
			const problem = await within(SILENCE_MS, response.json()).catch(() => ({}));
			send.refusals.push({ at: Date.now(), status: response.status, code: problem.code });
			// A chosen model remains available, whether its table can be read or not.
			if (problem.code === "model_unknown")
				this.world.history.refused.push({ at: Date.now(), method: "POST", path: "/api/ai/chat", status: response.status });
			return { refused: response.status, code: problem.code };
		}
		const ack = { at: Date.now(), sessionId: response.headers.get("x-session-id"), replyId: null, userIds: null };
		send.acks.push(ack);
		return this.read(response, this.newView(ack.sessionId, send.kind === "continue" ? "continue" : "send"), { ...options, ack });
	}

	/** Posts it until it is accepted, as a client without an answer does, and reads to the end. */
	async insist(send, options = {}) {
		const { history } = this.world;
		let since = 0;
		for (const begun = Date.now(); this.mayCome(begun); await sleep(this.random.between(20, 200))) {
			const view = await this.attempt(send, options);
			if (view?.replyId) {
				if (!view.done && !view.left) await this.after(send, view, since);
				else if (since && !send.mayBeSlow) history.probes.push({ sessionId: view.sessionId, since, usableAt: Date.now() });
				return view;
			}
			if (view?.refused && view.refused < 500 && view.refused !== 401 && view.code !== "reply_running") return view;
			since ||= Date.now();
		}
		history.probes.push({ sessionId: send.sessionId ?? `of send ${send.send}`, since, usableAt: null });
		return null;
	}

	/** The stream was cut: follows the reply by other means until it is at rest. */
	async after(send, view, failedAt) {
		const since = failedAt || Date.now();
		const settled = await this.settle(view.sessionId, view.replyId, since);
		if (settled && !send.mayBeSlow) this.world.history.probes.push({ sessionId: view.sessionId, since, usableAt: Date.now() });
	}

	/** Remembers the position in a conversation for what follows. */
	async note(send, view) {
		if (!view?.sessionId || !view.replyId) return null;
		const list = await this.list(view.sessionId);
		if (list?.at(-1)?.role !== "assistant") return null;
		const session = this.sessions.find(({ id }) => id === view.sessionId) ?? { id: view.sessionId, chatId: send.chatId };
		session.list = list;
		if (!this.sessions.includes(session)) this.sessions.push(session);
		if (this.sessions.length > 8) this.sessions.shift();
		return session;
	}

	// ---- what a person does

	async plain(session) {
		const send = this.draft(session);
		await this.note(send, await this.insist(send));
	}

	/** Reloads in the middle, maybe several times. */
	async reload(session) {
		const send = this.draft(session);
		const after = (n) => ({ leave: (_, chunks) => chunks >= n });
		const view = await this.insist(send, after(this.random.between(1, 25)));
		for (let n = this.random.between(0, 3); n > 0 && view?.replyId; n--) {
			this.count("reloads");
			const again = await this.resume(view.sessionId, after(this.random.between(1, 25)));
			if (!again) break;
		}
		if (view?.replyId) await this.after(send, view);
		await this.note(send, view);
	}

	/** Posts the same message many times at once, then other content under its key. */
	async repeat(session) {
		const { random } = this;
		const send = this.draft(session);
		const n = random.chance(0.1) ? random.between(20, 50) : random.between(2, 6);
		await Promise.all(Array.from({ length: n }, () => this.insist(send)));
		this.count("duplicates", n - 1);
		const { sessionId, replyId } = send.acks.find((ack) => ack.replyId) ?? {};
		if (!replyId) return;
		const other = {
			send: random.id(),
			kind: send.kind,
			chatId: send.chatId,
			clientId: send.clientId,
			script: send.script,
			parts: '[{"type":"text","text":"other"}]',
			conflict: true,
		};
		other.parts = other.parts.replace("other", `other ${other.send}`);
		this.post(session, other);
		await this.attempt(other);
		await this.note(send, { sessionId, replyId });
	}

	/** The answer is lost on the way; the client sends again. */
	async lostAnswer(session) {
		const send = this.draft(session);
		for (let n = this.random.between(1, 3); n > 0; n--) {
			const gone = new AbortController();
			const timer = setTimeout(() => gone.abort(), this.random.between(0, 40));
			await this.attempt(send, { signal: gone.signal });
			clearTimeout(timer);
		}
		this.count("duplicates");
		await this.note(send, await this.insist(send));
	}

	async press(sessionId, running) {
		const stop = { sessionId, at: Date.now(), answeredAt: null, status: 0, running, listed: undefined };
		this.world.history.stops.push(stop);
		const response = await this.fetch("POST", `/api/ai/chat/${sessionId}/stop`);
		await this.ignore(response);
		Object.assign(stop, { answeredAt: Date.now(), status: response?.status ?? 0 });
		this.count("stops");
		if (stop.status !== 204 || !running) return;
		const listed = await this.list(sessionId);
		if (listed) stop.listed = listed.find(({ id }) => id === running.replyId)?.metadata?.status ?? null;
	}

	/** Stop, once or from two tabs at once. */
	async stop(session) {
		const send = this.draft(session);
		let pressed = Promise.resolve(),
			chunks = this.random.between(2, 20),
			done = false;
		const twice = this.random.chance(0.4);
		const view = await this.insist(send, {
			onChunk: (view) => {
				if (done || --chunks > 0 || view.done || !view.text) return;
				done = true;
				const running = { replyId: view.replyId, text: view.text };
				pressed = Promise.all([this.press(view.sessionId, running), twice && this.press(view.sessionId, running)]);
			},
		});
		await pressed;
		await this.note(send, view);
	}

	/** A late stop must not affect the next reply. */
	async staleStop(session) {
		const send = this.draft(session);
		const view = await this.insist(send);
		const next = await this.note(send, view);
		if (!next) return;
		await this.press(next.id, null);
		await this.plain(next);
	}

	/** The next message while the previous reply is running, which is stopped and keeps its text. */
	async replace(session) {
		const send = this.draft(session);
		const view = await this.insist(send, { leave: (view, chunks) => view.text && chunks > this.random.between(3, 10) });
		if (!view?.replyId) return;
		const mine = { id: send.clientId, role: "user", parts: JSON.parse(send.parts) };
		const next = this.draft({ id: view.sessionId, chatId: send.chatId, list: [...(session?.list ?? []), mine] });
		await this.note(next, await this.insist(next));
	}

	/** Replaces the text of the last question. */
	async edit(session) {
		if (!session) return this.plain();
		const at = session.list.findLastIndex(({ role }) => role === "user");
		const script = makeScript(this.random, "plain", this.model.wire);
		this.world.addScript(script);
		const send = {
			send: this.random.id(),
			kind: "edit",
			chatId: session.chatId,
			clientId: session.list[at].id,
			script: script.script,
		};
		send.parts = `[{"type":"text","text":"edited ${script.mark}"}]`;
		this.post(session, send, { list: session.list.slice(0, at), more: { messageId: session.list[at].id } });
		await this.note(send, await this.insist(send));
	}

	/** Another reply to the last question. */
	async regenerate(session) {
		if (!session) return this.plain();
		const at = session.list.findLastIndex(({ role }) => role === "user");
		const script = scriptOf(session.list[at].parts[0].text);
		const send = { send: this.random.id(), kind: "regenerate", chatId: session.chatId, clientId: null, parts: null, script };
		this.post(session, send, { list: session.list.slice(0, at + 1), more: { messageId: session.list[at + 1].id } });
		await this.note(send, await this.insist(send));
	}

	/** Two tabs of one session post at once. */
	async twoTabs(session) {
		if (!session) return this.plain();
		const sends = [this.draft(session), this.draft(session)];
		const mayBeSlow = sends.some((send) => send.mayBeSlow);
		for (const send of sends) send.mayBeSlow = mayBeSlow;
		const views = await Promise.all(sends.map((send) => this.insist(send)));
		const last = views.findLast((view) => view?.replyId);
		await this.settle(session.id, null, Date.now());
		await this.note(sends[0], last);
	}

	/** Leaves after sending; returns later. */
	async away(session) {
		const send = this.draft(session);
		const view = await this.insist(send, { leave: (_, chunks) => chunks > 0 });
		await sleep(this.random.between(0, 500));
		if (view?.replyId) await this.settle(view.sessionId, view.replyId, Date.now());
		await this.note(send, view);
	}

	async slowReader(session) {
		const send = this.draft(session);
		await this.note(send, await this.insist(send, { pace: this.random.between(20, 120) }));
	}

	/** A connection that sends and never reads, open for long. */
	async halfOpen() {
		const send = this.draft(null);
		const url = new URL(this.base);
		const socket = connect(Number(url.port), url.hostname);
		socket.on("error", () => {});
		socket.pause();
		await this.world.ready(send.script);
		send.attempts.push(Date.now());
		socket.write(
			`POST /api/ai/chat HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${this.user.token}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(send.body)}\r\n\r\n${send.body}`,
		);
		(this.sockets ??= []).push(socket);
		if (this.sockets.length > 4) this.sockets.shift().destroy();
		if (this.random.chance(0.5)) await this.note(send, await this.insist(send));
	}

	async delete(sessionId) {
		this.sessions = this.sessions.filter(({ id }) => id !== sessionId);
		const item = { user: this.user.id, sessionId, at: Date.now(), answeredAt: null, status: 0 };
		this.world.history.deletes.push(item);
		const response = await this.fetch("DELETE", `/api/ai/sessions/${sessionId}`);
		await this.ignore(response);
		Object.assign(item, { answeredAt: Date.now(), status: response?.status ?? 0 });
		await this.list(sessionId);
		this.count("deletes");
	}

	async remove(session) {
		await (session ? this.delete(session.id) : this.plain());
	}

	/** Deletes a session whose reply is being written. */
	async removeRunning(session) {
		const view = await this.insist(this.draft(session), {
			leave: (view, chunks) => view.text && chunks > this.random.between(2, 10),
		});
		if (view?.replyId) await this.delete(view.sessionId);
	}

	/** Continues a reply that was interrupted, stopped, or finished. */
	async goOn(session) {
		if (!session) return this.plain();
		const question = session.list.findLast(({ role }) => role === "user");
		const script = scriptOf(question.parts[0].text);
		const send = { send: this.random.id(), kind: "continue", chatId: session.chatId, clientId: null, parts: null, script };
		this.post(session, send, { list: session.list.slice(-2) });
		await this.note(send, await this.insist(send));
	}

	/** Shows another branch. */
	async switchBranch(session) {
		const siblings = session?.list.map(({ metadata }) => metadata?.siblings).find(Boolean);
		if (!siblings) return this.edit(session);
		const response = await this.fetch("PATCH", `/api/ai/sessions/${session.id}`, {
			body: JSON.stringify({ leafId: this.random.pick(siblings) }),
		});
		await this.ignore(response);
		session.list = (await this.list(session.id)) ?? session.list;
		if (session.list.at(-1).role !== "assistant") this.sessions = this.sessions.filter((other) => other !== session);
	}
}
