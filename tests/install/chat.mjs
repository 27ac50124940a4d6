#!/usr/bin/env node
// Chats with an installation at LAMPLIGHT_URL, with real clients of the SDK; it needs auth.register = on and the demo model.
//
//	chat.mjs		asks a question and reads its answer, with ai 5, 6 and 7
//	chat.mjs long FILE	reads long replies side by side and creates FILE when all have begun. Meanwhile it keeps asking
//				whether the site answers, also with new short chats. Prints how often it asked, and the longest
//				time without an answer.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { User } from "../support/api.mjs";
import { lines, openChat, Page } from "../clients/lines.mjs";

const REPLIES = 12; // a user may have 16 at once

const text = (message) => message.parts.filter(({ type }) => type === "text").map((part) => part.text).join("");

/** Fails unless the stored messages are the shown ones, and complete. */
async function assertKept(page, shown) {
	const stored = await page.user.messages(page.sessionId);
	assert.equal(stored.at(-1).metadata.status ?? "complete", "complete");
	assert.equal(text(stored.at(-1)), text(shown.at(-1)));
}

async function ask(user, line, words, onChat = () => {}) {
	const page = new Page(user);
	const chat = openChat(line, page);
	const sent = chat.sendMessage({ text: words });
	onChat(chat);
	await sent;
	assert.deepEqual(page.errors, [], `${line.name}: ${page.errors[0]}`);
	assert.equal(chat.status, "ready");
	assert.ok(text(chat.messages.at(-1)).length > 100, `${line.name}: a short answer`);
	await assertKept(page, chat.messages);
	return text(chat.messages.at(-1)).length;
}

/** Until *over()*, asks for a list and a page over new connections, and now and then for a reply. */
async function watch(user, over) {
	const seen = { asked: 0, slowest: 0, replies: 0 };
	let askedFor = 0;
	while (!over()) {
		const begun = performance.now();
		for (const path of ["/", "/api/ai/sessions"]) {
			const answer = await fetch(process.env.LAMPLIGHT_URL + path, { headers: { authorization: `Bearer ${user.token}`, connection: "close" } });
			await answer.arrayBuffer();
			assert.equal(answer.status, 200, `${path}: ${answer.status}`);
			seen.asked++;
		}
		seen.slowest = Math.max(seen.slowest, performance.now() - begun);
		// A user's requests in a minute are limited.
		if (begun > askedFor + 1500) {
			askedFor = begun;
			const turn = await (await user.ask("hello")).finish();
			assert.deepEqual([turn.of("finish").length, turn.of("error")], [1, []]);
			seen.replies++;
		}
		await new Promise((done) => setTimeout(done, 20));
	}
	return seen;
}

/** Whether the first words of the reply have arrived. */
const speaks = (chat) => chat.messages.length > 1 && text(chat.messages.at(-1)).length > 100;

async function askLong(file) {
	const [asking, watching] = [await User.register(), await User.register()];
	const chats = [];
	let over = false;
	const watched = watch(watching, () => over);
	const timer = setInterval(() => {
		if (chats.length < REPLIES || !chats.every(speaks)) return;
		clearInterval(timer);
		writeFileSync(file, "");
	}, 20);
	const lengths = await Promise.all(
		Array.from({ length: REPLIES }, (_, i) => ask(asking, lines[i % lines.length], "a long answer", (chat) => chats.push(chat))),
	).finally(() => {
		over = true;
		clearInterval(timer);
	});
	const { asked, slowest, replies } = await watched;
	console.log(`${REPLIES} replies of ${Math.min(...lengths)} characters and more, whole; ${asked} requests and ${replies} new replies meanwhile, \
all answered; the slowest pair of requests took ${Math.round(slowest)} ms`);
}

const [mode, file] = process.argv.slice(2);
if (mode === "long") {
	await askLong(file);
} else {
	const user = await User.register();
	for (const line of lines) await ask(user, line, "show markdown");
	console.log(`chats by ${lines.map(({ name }) => name).join(", ")}: shown and stored`);
}
