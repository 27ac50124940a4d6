// Through each web server, a reply arrives token by token, its ids first, and nothing on the way buffers it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { URL_BASE, User } from "../support/api.mjs";
import { gated, play, says } from "../support/model.mjs";

test("tokens arrive one by one: each is seen before the model says the next", { timeout: 30_000 }, async () => {
	const user = await User.register();
	const words = ["every ", "word ", "comes ", "alone"];
	const upstream = await play({ steps: gated(...words) });
	const turn = await user.ask(`go${upstream.mark}`);
	for (const [i, word] of words.entries()) {
		if (i) await upstream.open(String(i));
		assert.equal((await turn.until("text-delta")).delta, word);
	}
	await upstream.open("end");
	await turn.finish();
});

test("the ids are there before the model has said anything", { timeout: 30_000 }, async () => {
	const user = await User.register();
	const upstream = await play({ steps: [{ gate: "go" }, ...says("late")] });
	const turn = await user.ask(`go${upstream.mark}`);
	assert.match(turn.sessionId, /^[1-9]\d*$/);
	assert.equal((await turn.next()).type, "start");
	assert.equal((await turn.next()).type, "data-session");
	assert.deepEqual(
		(await user.messages(turn.sessionId)).map(({ id }) => id),
		turn.userMessageIds,
	);
	await upstream.open("go");
	await turn.finish();
});

test("the headers are those of an event stream that nobody stores or compresses", async () => {
	const user = await User.register();
	const { headers } = await user.say("hi");
	assert.match(headers.get("content-type"), /^text\/event-stream/);
	assert.match(headers.get("cache-control"), /no-store/);
	assert.equal(headers.get("x-vercel-ai-ui-message-stream"), "v1");
	assert.equal(headers.get("content-encoding"), null);
	assert.equal(headers.get("content-length"), null);
});

test("an address without its last slash leads to the page", async () => {
	if (new URL(URL_BASE).pathname === "/") return;
	const answer = await fetch(URL_BASE, { redirect: "manual" });
	assert.equal(answer.status, 301);
	assert.equal(new URL(answer.headers.get("location"), URL_BASE).href, `${URL_BASE}/`);
});
