// Shared by the attackers: an address of their own (all of 127/8 is this machine), connections without a limit, and loops that run until
// the attack is over.

import { request as httpRequest } from "node:http";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { newId } from "../../../support/api.mjs";

/** Networks other than that of the site's users. */
export const ADDRESSES = ["127.0.0.66", "127.0.0.67", "127.0.0.68"];

/** The context of an attack: the site's address, when to end, and the users that it has. */
export class Attack {
	constructor(base, users) {
		Object.assign(this, { base, users, url: new URL(base), over: false, statuses: {}, opened: 0, sockets: new Set() });
	}

	/** One request; returns its status, or 0 if there was no answer within `timeout`. */
	ask(method, path, { token, body, headers = {}, from = ADDRESSES[0], timeout = 30_000 } = {}) {
		if (this.over) return { status: 0, body: "", headers: {} };
		const raw = body === undefined || typeof body === "string" ? body : JSON.stringify(body);
		const options = {
			method,
			localAddress: from,
			agent: false,
			headers: {
				...(raw !== undefined && { "content-type": "application/json", "content-length": Buffer.byteLength(raw) }),
				...(token && { authorization: `Bearer ${token}` }),
				...headers,
			},
		};
		return new Promise((resolve) => {
			const done = (status, answer = "", responseHeaders = {}) => {
				clearTimeout(timer);
				this.statuses[status] = (this.statuses[status] ?? 0) + 1;
				resolve({ status, body: answer, headers: responseHeaders });
			};
			const request = httpRequest(new URL(this.base + path), options, (response) => {
				const parts = [];
				response.on("data", (part) => parts.length < 64 && parts.push(part));
				response.on("close", () => done(response.statusCode, Buffer.concat(parts).toString("utf8"), response.headers));
				response.on("error", () => {});
			});
			const timer = setTimeout(() => request.destroy(), timeout);
			request.on("error", () => done(0));
			request.end(raw);
			this.keep(request);
		});
	}

	/** To be destroyed after the attack. */
	keep(closable) {
		this.sockets.add(closable);
		closable.on("close", () => this.sockets.delete(closable));
		return closable;
	}

	/** A connection that has sent `text`. */
	open(text, { from = ADDRESSES[0], paused = false } = {}) {
		this.opened++;
		const socket = this.keep(connect({ host: this.url.hostname, port: Number(this.url.port), localAddress: from }));
		socket.on("error", () => {});
		socket.write(text);
		if (!paused) socket.resume();
		return socket;
	}

	head(method, path, { token, length } = {}) {
		const lines = [`${method} ${this.url.pathname.replace(/\/$/, "")}${path} HTTP/1.1`, "Host: x", "Connection: close"];
		if (token) lines.push(`Authorization: Bearer ${token}`);
		if (length) lines.push("Content-Type: application/json", `Content-Length: ${length}`);
		return `${lines.join("\r\n")}\r\n\r\n`;
	}

	/** Runs that many loops in parallel until the attack is over. */
	async loops(n, work) {
		await Promise.all(
			Array.from({ length: n }, async (_, i) => {
				while (!this.over) {
					await work(i);
					await sleep(1);
				}
			}),
		);
	}

	/** Keeps that many connections of a kind open: replaces each one that is closed. */
	async crowd(n, make) {
		const mine = new Set();
		while (!this.over) {
			for (let opened = 0; mine.size < n && opened < 25; opened++) {
				const socket = make(mine.size);
				mine.add(socket);
				socket.on("close", () => mine.delete(socket));
			}
			await sleep(20);
		}
	}

	/** A user's message; the model answers with the script that its mark names. */
	say(user, text, options = {}) {
		const body = { id: newId(), messages: [{ id: newId(), role: "user", parts: [{ type: "text", text }] }] };
		return this.ask("POST", "/api/ai/chat", { token: user.token, body, ...options });
	}

	end() {
		this.over = true;
		for (const socket of this.sockets) socket.destroy();
	}
}
