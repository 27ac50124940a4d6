// A browser keeps lists and histories and asks whether they have changed: it gets every change, and otherwise 304.

import assert from "node:assert/strict";
import { test } from "node:test";
import { User, newId } from "../support/api.mjs";
import { gated, play, says } from "../support/model.mjs";

/** Asks again with the tag of the last answer, as a browser does. */
class Reader {
	constructor(user, path) {
		Object.assign(this, { user, path, tag: undefined, kept: undefined });
	}

	async ask() {
		const answer = await this.user.request("GET", this.path, { headers: this.tag ? { "if-none-match": this.tag } : {} });
		assert.equal(answer.headers.get("cache-control"), "private, no-cache");
		assert.match(answer.headers.get("etag"), /^W\/"[0-9a-f]{24}(-gzip)?"$/);
		assert.ok([200, 304].includes(answer.status), answer.text);
		if (answer.status === 304) {
			assert.equal(answer.text, "");
			assert.equal(answer.headers.get("etag"), this.tag);
			assert.equal(answer.headers.get("link"), this.kept.headers.get("link"));
		} else {
			if (this.tag) assert.notEqual(answer.headers.get("etag"), this.tag, "another tag for another answer");
			this.tag = answer.headers.get("etag");
			this.kept = answer;
		}
		return answer.status;
	}

	/** The reader sees the same as somebody who has kept nothing. */
	async sees(status, what) {
		assert.equal(await this.ask(), status, what);
		assert.equal(this.kept.text, (await this.user.get(this.path)).text, what);
		assert.equal(await this.ask(), 304, `${what}, again`);
	}
}

test("every change of a session changes the list's tag", async () => {
	const user = await User.register();
	const list = new Reader(user, "/api/ai/sessions");
	const page = new Reader(user, "/api/ai/sessions?limit=1");
	await list.sees(200, "nothing yet");
	const first = await user.say("one");
	await list.sees(200, "a session");
	await page.sees(200, "a page");
	const second = await user.say("two");
	await list.sees(200, "two sessions");
	await page.sees(200, "a page with a next one");
	const upstream = await play({ steps: gated("a") });
	const turn = await user.ask(`three${upstream.mark}`, { sessionId: first.sessionId });
	await turn.until("text-delta");
	await list.sees(200, "a reply runs");
	await upstream.open("end");
	await turn.finish();
	await list.sees(200, "it has ended");
	for (const change of [{ title: "Another" }, { pinned: true }, { pinned: false }, { archived: true }, { archived: false }]) {
		assert.equal((await user.request("PATCH", `/api/ai/sessions/${second.sessionId}`, { body: change })).status, 200);
		await list.sees(200, JSON.stringify(change));
	}
	assert.equal((await user.request("DELETE", `/api/ai/sessions/${second.sessionId}`)).status, 204);
	await list.sees(200, "one is deleted");
	await page.sees(200, "and there is no next page");
});

test("new messages, replies, branches and deletions change a history's tag", async () => {
	const user = await User.register();
	const turn = await user.say("one");
	const { sessionId } = turn;
	const history = new Reader(user, `/api/ai/sessions/${sessionId}/messages`);
	const page = new Reader(user, `/api/ai/sessions/${sessionId}/messages?limit=2`);
	await history.sees(200, "a question and its reply");
	await page.sees(200, "a page");
	const upstream = await play({ steps: gated("a", "b") });
	const running = await user.ask(`two${upstream.mark}`, { sessionId });
	await running.until("text-delta");
	await history.sees(200, "a question whose reply runs");
	await upstream.open("1");
	await history.sees(304, "the reply is not shown yet");
	await upstream.open("end");
	await running.finish();
	await history.sees(200, "the reply");
	await page.sees(200, "another page");
	const before = await user.messages(sessionId);
	const again = await play({ steps: says("another reply") });
	const other = await user.chat({
		id: newId(),
		sessionId,
		messages: [...before.slice(0, 2), { ...before[2], parts: [{ type: "text", text: `edited${again.mark}` }] }],
		trigger: "submit-message",
		messageId: before[2].id,
	});
	await other.finish();
	await history.sees(200, "an edited question");
	assert.equal((await user.request("PATCH", `/api/ai/sessions/${sessionId}`, { body: { leafId: before[3].id } })).status, 200);
	await history.sees(200, "the branch before");
	assert.equal((await user.request("PATCH", `/api/ai/sessions/${sessionId}`, { body: { title: "Another" } })).status, 200);
	await history.sees(304, "a title is not in it");
	assert.equal((await user.request("DELETE", `/api/ai/sessions/${sessionId}`)).status, 204);
	(await user.request("GET", history.path, { headers: { "if-none-match": history.tag } })).problem(404);
});

test("a tag is valid only for its own answer", async () => {
	const [ann, bob] = [await User.register(), await User.register()];
	const { sessionId } = await ann.say("mine");
	const list = new Reader(ann, "/api/ai/sessions");
	await list.ask();
	const path = `/api/ai/sessions/${sessionId}/messages`;
	const history = new Reader(ann, path);
	await history.ask();
	const ask = (user, where, tags) => user.request("GET", where, { headers: { "if-none-match": tags } });
	assert.equal((await ask(bob, "/api/ai/sessions", list.tag)).status, 200, "another user has another list");
	(await ask(bob, path, history.tag)).problem(404);
	assert.equal((await ask(ann, path, list.tag)).status, 200);
	for (const tags of ["*", "", '"', 'W/"', `W/"${"0".repeat(24)}"`, list.tag.replace(/"/g, ""), `"${"x".repeat(4000)}"`])
		assert.equal((await ask(ann, "/api/ai/sessions", tags)).status, 200, tags.slice(0, 40));
	const strong = list.tag.slice(2);
	for (const tags of [strong, `"a", ${list.tag}`, `${list.tag}, "b"`, `"a",${strong},W/"b"`])
		assert.equal((await ask(ann, "/api/ai/sessions", tags)).status, 304, tags);
	const head = await ann.request("HEAD", "/api/ai/sessions");
	assert.equal(head.headers.get("etag").replace("-gzip", ""), list.tag.replace("-gzip", ""));
	assert.equal(head.text, "");
	assert.equal((await ann.request("GET", "/api/me")).headers.get("cache-control"), "no-store");
	(await ann.request("GET", "/api/ai/sessions?limit=0", { headers: { "if-none-match": list.tag } })).problem(400);
});
