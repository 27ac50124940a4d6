#!/usr/bin/env node
// A chat with an installation, by real clients of the SDK, at LAMPLIGHT_URL; needs auth.register = on and the demo model.
//
//	chat.mjs		a question and its answer, by ai 5, 6 and 7
//	chat.mjs long FILE	one long reply; FILE is made when its first words are there. Meanwhile it is asked all the time
//				whether the site answers. Prints how often, and how long it did not at most.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { User } from "../support/api.mjs";
import { lines, openChat, Page } from "../clients/lines.mjs";

const text = (message) => message.parts.filter(({ type }) => type === "text").map((part) => part.text).join("");

/** What is stored is what was shown, and it is whole. */
async function assertKept(page, shown) {
	const stored = await page.user.messages(page.sessionId);
	assert.equal(stored.at(-1).metadata.status ?? "complete", "complete");
	assert.equal(text(stored.at(-1)), text(shown.at(-1)));
}

async function ask(line, words, onChat = () => {}) {
	const page = new Page(await User.register());
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

/** Asks until *over()*: a list and a page, over new connections. */
async function watch(over) {
	const user = await User.register();
	let asked = 0;
	let slowest = 0;
	while (!over()) {
		const begun = performance.now();
		for (const path of ["/", "/api/ai/sessions"]) {
			const answer = await fetch(process.env.LAMPLIGHT_URL + path, { headers: { authorization: `Bearer ${user.token}`, connection: "close" } });
			await answer.arrayBuffer();
			assert.equal(answer.status, 200, `${path}: ${answer.status}`);
			asked++;
		}
		slowest = Math.max(slowest, performance.now() - begun);
		await new Promise((done) => setTimeout(done, 20));
	}
	return `${asked} requests meanwhile, all answered; the slowest pair took ${Math.round(slowest)} ms`;
}

const [mode, file] = process.argv.slice(2);
if (mode === "long") {
	let over = false;
	const watched = watch(() => over);
	const length = ask(lines[1], "a long answer", (chat) => {
		const timer = setInterval(() => {
			if (chat.messages.length < 2 || text(chat.messages.at(-1)).length < 100) return;
			clearInterval(timer);
			writeFileSync(file, "");
		}, 20);
	}).finally(() => {
		over = true;
	});
	const [long, seen] = await Promise.all([length, watched]);
	console.log(`a reply of ${long} characters, whole; ${seen}`);
} else {
	for (const line of lines) await ask(line, "show markdown");
	console.log(`chats by ${lines.map(({ name }) => name).join(", ")}: shown and stored`);
}
