// The tests that odd-server.test.mjs runs on each of its instances.

import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { User, eventually, request } from "../../support/api.mjs";
import { play, says } from "../../support/model.mjs";

const TEXTS = ["caf\u00e9 \u20ac", "\u{1f600}\u{1f469}\u200d\u{1f680}", "\u{20bb7}\u{2f81a} \u4e2d\u6587", 'it\'s "quoted" \\ \\\\ %_ `x`', "\u05e9\u05dc\u05d5\u05dd"];

test("accounts, replies, lists, a search, changes and deletions", async () => {
	const user = await User.register();
	let sessionId;
	for (const text of TEXTS) {
		const upstream = await play({ steps: says(...text, ` ${text}`) });
		const turn = await user.say(`${text}${upstream.mark}`, { sessionId });
		sessionId ??= turn.sessionId;
		assert.equal(turn.text, `${text} ${text}`);
	}
	await sleep(3000); // a server may have closed its connections meanwhile
	const list = await user.messages(sessionId);
	assert.deepEqual(
		list.filter(({ role }) => role === "assistant").map(({ parts }) => parts.at(-1).text),
		TEXTS.map((text) => `${text} ${text}`),
	);
	const search = () => user.request("POST", "/api/ai/search", { body: { q: "caf\u00e9" } });
	await eventually(async () => (await search()).json.length > 0);
	const renamed = await user.request("PATCH", `/api/ai/sessions/${sessionId}`, { body: { title: TEXTS[1] } });
	assert.equal(renamed.json.title, TEXTS[1]);
	const answers = await Promise.all(Array.from({ length: 30 }, () => user.get("/api/ai/sessions")));
	assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200]);
	assert.equal((await user.request("DELETE", `/api/ai/sessions/${sessionId}`)).status, 204);
	assert.equal((await user.get(`/api/ai/sessions/${sessionId}`)).status, 404);
	const again = await request("POST", "/api/auth/login", { body: { username: user.username, password: User.password } });
	assert.equal(again.status, 200);
	assert.equal((await request("GET", "/api/health/ready")).status, 200);
});

test("eight replies side by side are all complete", async () => {
	const user = await User.register();
	const turns = await Promise.all(Array.from({ length: 8 }, (_, n) => user.say(`number ${n}`)));
	assert.deepEqual(turns.map(({ text }) => text), turns.map((_, n) => `You said: number ${n}`));
});
