// A reader rates a reply, changes the rating and takes it back; the history contains it.

import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { User, newId, userMessage } from "../support/api.mjs";
import { messagesOf, query } from "../support/db.mjs";

let user, session;
before(async () => {
	user = await User.register();
	session = await user.say("rate me");
});

const path = (id = session.messageId, of = session.sessionId) => `/api/ai/sessions/${of}/messages/${id}/rating`;
const rate = (body, id) => user.request("PUT", path(id), { body });
const told = async () => {
	const { rating, ratingComment } = (await user.messages(session.sessionId)).find(({ role }) => role === "assistant").metadata;
	return { rating, ratingComment };
};
const none = { rating: undefined, ratingComment: undefined };

test("is returned with the reply, replaced as a whole, and removed", async () => {
	assert.deepEqual(await told(), none);
	assert.equal((await rate({ rating: "up" })).status, 204);
	assert.deepEqual(await told(), { rating: "up", ratingComment: undefined });
	assert.equal((await rate({ rating: "down", comment: "Zu lang. 太长 “so”" })).status, 204);
	assert.deepEqual(await told(), { rating: "down", ratingComment: "Zu lang. 太长 “so”" });
	assert.equal((await rate({ rating: "down", comment: "Zu lang. 太长 “so”" })).status, 204, "again");
	assert.equal((await rate({ rating: "up" })).status, 204);
	assert.deepEqual(await told(), { rating: "up", ratingComment: undefined });
	assert.equal((await user.request("DELETE", path())).status, 204);
	assert.deepEqual(await told(), none);
	assert.equal((await user.request("DELETE", path())).status, 204, "there is none any more");
});

test("a cached history is sent again after a rating", async () => {
	const history = `/api/ai/sessions/${session.sessionId}/messages`;
	const tags = [];
	for (const body of [{ rating: "up" }, { rating: "down" }, { rating: "down", comment: "a" }, { rating: "down", comment: "b" }]) {
		await rate(body);
		const answer = await user.get(history);
		const again = await user.request("GET", history, { headers: { "if-none-match": answer.headers.get("etag") } });
		assert.equal(again.status, 304);
		tags.push(answer.headers.get("etag"));
	}
	assert.equal(new Set(tags).size, 4);
});

describe("is refused", () => {
	for (const [what, body, field] of [
		["without a word", {}, "rating"],
		["with another word", { rating: "meh" }, "rating"],
		["with a number", { rating: 1 }, "rating"],
		["with a comment that is none", { rating: "up", comment: 7 }, "comment"],
		["with an empty comment", { rating: "up", comment: "" }, "comment"],
		["with a comment that is too long", { rating: "up", comment: "é".repeat(501) }, "comment"],
	])
		test(what, async () => void (await rate(body)).problem(400, { field }));

	test("the longest comment is taken", async () => {
		const comment = "😀".repeat(500);
		assert.equal((await rate({ rating: "up", comment })).status, 204);
		assert.equal((await told()).ratingComment, comment);
	});

	test("for a question, for unknown messages, and for invalid ids", async () => {
		(await rate({ rating: "up" }, session.userMessageIds[0])).problem(404);
		(await rate({ rating: "up" }, "4611686018427387904")).problem(404);
		(await rate({ rating: "up" }, "x")).problem(400);
		const other = await user.say("another chat");
		(await user.request("PUT", path(session.messageId, other.sessionId), { body: { rating: "up" } })).problem(404);
		assert.deepEqual(await query("SELECT id FROM message WHERE rating IS NOT NULL AND session_id = ?", [other.sessionId]), []);
	});
});

test("a rating inside a posted reply is ignored", async () => {
	const id = newId();
	const posted = [
		userMessage("one"),
		{ id: `r-${newId()}`, role: "assistant", parts: [{ type: "text", text: "two" }], metadata: { rating: "up", ratingComment: "so good", theirs: 1 } },
		userMessage("three"),
	];
	const turn = await user.chat({ id, messages: posted, trigger: "submit-message" });
	await turn.finish();
	const metadata = (await user.messages(turn.sessionId)).map((message) => message.metadata);
	assert.equal((await messagesOf(turn.sessionId)).length, 4);
	for (const { rating, ratingComment } of metadata) assert.deepEqual({ rating, ratingComment }, none);
	assert.equal(metadata[1].theirs, 1);
});
