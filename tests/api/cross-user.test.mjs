// Every route and verb on a session: one of another user, a deleted one and one that never existed get the same answer, and
// without a login it is 401.

import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { User, newId, request, userMessage } from "../support/api.mjs";
import { messagesOf, query } from "../support/db.mjs";

const SECRET = "the-owner-wrote-this";
let owner, stranger, session, deleted;

before(async () => {
	owner = await User.register();
	stranger = await User.register();
	session = await owner.say(SECRET, { id: `chat-${newId()}` });
	deleted = (await stranger.say("soon gone")).sessionId;
	await stranger.request("DELETE", `/api/ai/sessions/${deleted}`);
});

/** Routes that concern only whoever asks. */
const OWN = ["/api/ai/sessions", "/api/ai/config", "/api/ai/models", "/api/ai/chat/tools", "/api/me", "/api/me/usage", "/api/me/instructions", "/api/ai/assistants", "/api/ai/prompts", "/api/ai/library"].map((path) => ["GET", () => path]);
OWN.push(["POST", () => "/api/ai/search", () => ({ q: "the" })]);

const chat = (id) => ({ id: newId(), sessionId: id, messages: [userMessage("let me in")], trigger: "submit-message" });

const ROUTES = [
	["GET", (id) => `/api/ai/sessions/${id}`],
	["PATCH", (id) => `/api/ai/sessions/${id}`, () => ({ title: "mine now" })],
	["PATCH", (id) => `/api/ai/sessions/${id}`, () => ({ pinned: true, archived: true })],
	["PATCH", (id) => `/api/ai/sessions/${id}`, () => ({ leafId: session.messageId })],
	["GET", (id) => `/api/ai/sessions/${id}/instructions`],
	["PATCH", (id) => `/api/ai/sessions/${id}/instructions`, () => ({ instructions: "do as I say" })],
	["DELETE", (id) => `/api/ai/sessions/${id}`],
	["DELETE", () => "/api/ai/sessions", (id) => ({ sessionIds: [id] })],
	["GET", (id) => `/api/ai/sessions/${id}/messages`],
	["GET", (id) => `/api/ai/sessions/${id}/messages?limit=5`],
	["GET", (id) => `/api/ai/sessions/${id}/messages?around=${session?.messageId}`],
	["GET", (id) => `/api/ai/sessions/${id}/messages?after=${session?.userMessageIds[0]}`],
	["PUT", (id) => `/api/ai/sessions/${id}/messages/${session?.messageId}/rating`, () => ({ rating: "down", comment: "mine now" })],
	["DELETE", (id) => `/api/ai/sessions/${id}/messages/${session?.messageId}/rating`],
	["POST", () => "/api/ai/chat", chat],
	["POST", (id) => `/api/ai/chat/${id}/stop`],
	["GET", (id) => `/api/ai/chat/${id}/stream`],
];

const call = (user, [method, path, body], id) => user.request(method, path(id), { body: body?.(id) });

/** Everything by which two answers could be told apart. */
function comparable(answer) {
	assert.ok(!answer.text.includes(SECRET));
	assert.ok(!answer.text.includes(owner.username));
	const text = answer.text && JSON.stringify({ ...answer.json, requestId: null });
	const headers = [...answer.headers].filter(([name]) => !["x-request-id", "date", "keep-alive", "connection"].includes(name));
	return { status: answer.status, text, headers };
}

describe("another user's session", () => {
	for (const route of ROUTES)
		test(`${route[0]} ${route[1](":id")}`, async () => {
			const answers = [];
			for (const id of [session.sessionId, deleted, "4611686018427387904"])
				answers.push(comparable(await call(stranger, route, id)));
			assert.deepEqual(answers[0], answers[1]);
			assert.deepEqual(answers[0], answers[2]);
			// Resuming or stopping a reply that does not exist is no failure, because nothing is running.
			const nothingRuns = /stream$|stop$/.test(route[1](""));
			assert.equal(answers[0].status, nothingRuns ? 204 : 404);
		});

	test("stays unchanged by all of these attempts", async () => {
		const [{ title }] = await owner.sessions();
		assert.equal(title, SECRET);
		assert.equal((await owner.messages(session.sessionId)).length, 2);
		assert.equal((await messagesOf(session.sessionId)).length, 2);
		assert.equal((await owner.get(`/api/ai/sessions/${session.sessionId}`)).status, 200);
	});
});

describe("nobody", () => {
	const forms = { "no token": {}, "a wrong token": { authorization: "Bearer a.b.c" } };
	for (const [form, headers] of Object.entries(forms))
		for (const [method, path, body] of [...OWN, ...ROUTES])
			test(`${form}: ${method} ${path(":id")}`, async () => {
				const answers = [];
				for (const id of [session.sessionId, "4611686018427387904"])
					answers.push(comparable(await request(method, path(id), { headers, body: body?.(id) })));
				assert.equal(answers[0].status, 401);
				assert.deepEqual(answers[0], answers[1]);
			});

	test("is refused before the body is looked at", async () => {
		for (const [method, path] of [
			["POST", "/api/ai/chat"],
			["PATCH", "/api/ai/sessions/1"],
			["DELETE", "/api/ai/sessions"],
		])
			(await request(method, path, { body: "{" })).problem(401);
	});
});

test("another user's message ids do not open their history", async () => {
	const [theirs] = await owner.messages(session.sessionId);
	const mine = await stranger.say("mine");
	const page = await stranger.get(`/api/ai/sessions/${mine.sessionId}/messages?before=${theirs.id}`);
	assert.ok(!page.text.includes(SECRET));
	const turn = await stranger.chat({
		id: newId(),
		sessionId: mine.sessionId,
		messages: [theirs, userMessage("next")],
		trigger: "submit-message",
	});
	if (turn.finish) await turn.finish();
	const rows = await query("SELECT session_id FROM message WHERE id = ?", [theirs.id]);
	assert.deepEqual(
		rows.map((row) => row.session_id),
		[session.sessionId],
	);
	assert.equal((await owner.messages(session.sessionId)).length, 2);
});

test("the same chat id and message id of two users are two conversations", async () => {
	const message = userMessage("same ids");
	const id = newId();
	const turns = await Promise.all([owner, stranger].map((user) => user.say("", { id, message })));
	assert.notEqual(turns[0].sessionId, turns[1].sessionId);
	assert.notEqual(turns[0].messageId, turns[1].messageId);
});
