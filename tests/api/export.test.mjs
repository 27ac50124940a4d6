// A user exports everything of their own, in pages that together form one file of JSON Lines, and nothing of anybody else.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { before, describe, test } from "node:test";
import { User, newId, userMessage } from "../support/api.mjs";
import * as assistants from "../support/assistants.mjs";
import { query } from "../support/db.mjs";

const EXPORT = "/api/ai/sessions/export";

/** Reads all pages; returns each page's answer and all lines. */
async function takeAlong(user, from = EXPORT) {
	const pages = [];
	for (let path = from; path !== undefined; ) {
		const answer = await user.get(path);
		assert.equal(answer.status, 200, answer.text);
		assert.match(answer.headers.get("content-type"), /^application\/x-ndjson/);
		assert.match(answer.headers.get("cache-control"), /no-store/);
		pages.push(answer.text);
		assert.notEqual(answer.link("next"), path, "each page moves on");
		path = answer.link("next");
	}
	for (const page of pages) assert.ok(page === "" || page.endsWith("\n"));
	const lines = pages.join("").split("\n").slice(0, -1).map((line) => JSON.parse(line));
	return { pages, lines };
}

const ofType = (lines, type) => lines.filter((line) => line.type === type);

/** Puts this many messages of this length into a session, although nobody wrote them. */
async function fill(sessionId, count, length) {
	const [{ last }] = await query("SELECT CAST(MAX(id) AS CHAR) AS last FROM message WHERE session_id = ?", [sessionId]);
	await query(
		`INSERT INTO message (session_id, id, parent_id, role, status, active, parts, create_time, update_time)
		SELECT ?, CAST(? AS UNSIGNED) + n, CAST(? AS UNSIGNED) + n - 1, IF(n % 2, 'user', 'assistant'), 'complete', TRUE,
			CONCAT('[{"type":"text","text":"', n, ' ', REPEAT('x', ?), '"}]'), NOW(3), NOW(3)
		FROM (WITH RECURSIVE series (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM series WHERE n < 1000) SELECT a.n + 1000 * (b.n - 1) AS n FROM series a JOIN series b ON b.n <= CEIL(? / 1000)) numbers
		WHERE n <= ?`,
		[sessionId, last, last, length, count, count],
	);
}

describe("an account's", () => {
	let user, first, second, lines;
	before(async () => {
		user = await User.register();
		first = await user.say("the first question");
		const [question] = await user.messages(first.sessionId);
		await (await user.chat({ id: newId(), sessionId: first.sessionId, messages: [{ ...question, parts: [{ type: "text", text: "asked another way" }] }], trigger: "submit-message", messageId: question.id })).finish();
		const body = JSON.stringify({ id: newId(), messages: [userMessage("in\nlines", { metadata: { theirs: { deep: [1, 2] } } })], trigger: "submit-message" }, null, 2).replaceAll("\n", "\r\n");
		second = await (await user.chat(body)).finish();
		await user.request("PATCH", `/api/ai/sessions/${second.sessionId}`, { body: { archived: true, title: "put\taway? 中文".replace("\t", " ") } });
		const rating = { rating: "down", comment: "too short" };
		assert.equal((await user.request("PUT", `/api/ai/sessions/${second.sessionId}/messages/${second.messageId}/rating`, { body: rating })).status, 204);
		assert.equal((await user.request("PATCH", "/api/me/instructions", { body: { instructions: "Be brief." } })).status, 200);
		assert.equal((await user.request("PATCH", `/api/ai/sessions/${second.sessionId}/instructions`, { body: { instructions: "In Chinese." } })).status, 200);
		({ lines } = await takeAlong(user));
	});

	test("begins with the account, its usage and its logins", () => {
		const [account] = lines;
		assert.equal(account.type, "account");
		assert.equal(account.account.username, user.username);
		assert.equal(account.sessions, 2);
		assert.equal(account.instructions, "Be brief.");
		assert.deepEqual(ofType(lines, "session").map(({ instructions }) => instructions), [undefined, "In Chinese."]);
		assert.ok(Date.parse(account.account.createTime) > 0);
		assert.equal(ofType(lines, "usage")[0].usage.messages, 3);
		assert.equal(ofType(lines, "login").length, 1);
		assert.equal(ofType(lines, "login")[0].login.current, true);
	});

	test("has each session, archived or not, and behind it its messages, of all branches", async () => {
		const order = lines.filter(({ type }) => ["session", "message"].includes(type));
		assert.deepEqual(order.map((line) => line.session?.id ?? line.sessionId), [first.sessionId, first.sessionId, first.sessionId, first.sessionId, first.sessionId, second.sessionId, second.sessionId, second.sessionId]);
		const listed = [...(await user.sessions()), ...(await user.sessions("?archived=true"))];
		assert.deepEqual(
			ofType(lines, "session").map(({ session }) => session),
			[first, second].map(({ sessionId }) => listed.find(({ id }) => id === sessionId)),
		);
		const messages = ofType(lines, "message").filter(({ sessionId }) => sessionId === first.sessionId);
		assert.deepEqual(messages.map(({ shown }) => shown), [false, false, true, true]);
		assert.deepEqual(messages.map(({ parentId }) => parentId), [null, messages[0].message.id, null, messages[2].message.id]);
		const without = ({ metadata: { siblings: _, ...metadata }, ...message }) => ({ ...message, metadata });
		assert.deepEqual(messages.filter(({ shown }) => shown).map(({ message }) => message), (await user.messages(first.sessionId)).map(without));
	});

	test("writes texts with line breaks, metadata and ratings on one line", () => {
		const [question, reply] = ofType(lines, "message").filter(({ sessionId }) => sessionId === second.sessionId).map(({ message }) => message);
		assert.deepEqual(question.parts, [{ type: "text", text: "in\nlines" }]);
		assert.deepEqual(question.metadata.theirs, { deep: [1, 2] });
		assert.equal(reply.metadata.rating, "down");
		assert.equal(reply.metadata.ratingComment, "too short");
	});

	test("contains only the user's own data, whatever the cursor", async () => {
		const stranger = await User.register();
		const own = await stranger.say("a stranger's own");
		for (const cursor of ["", `?cursor=${first.sessionId}`, `?cursor=${first.sessionId}-1`, `?cursor=${second.sessionId}-${second.userMessageIds[0]}`]) {
			const { pages, lines } = await takeAlong(stranger, EXPORT + cursor);
			for (const text of ["first question", "another way", first.sessionId, second.sessionId, user.username]) assert.ok(!pages.join("").includes(text), cursor);
			assert.deepEqual(ofType(lines, "session").map(({ session }) => session.id), [own.sessionId]);
		}
	});

	test("refuses an invalid cursor", async () => {
		for (const cursor of ["x", "0", "-", "1-", "-1", "1-2-3", "1-0", "18446744073709551616"]) (await user.get(`${EXPORT}?cursor=${cursor}`)).problem(400, { field: "cursor" });
	});
});

describe("what an account has saved and used", () => {
	test("is in it: assistants with what they are told, prompts, and models by day", async () => {
		const user = await User.register();
		const assistant = await assistants.add(user, { options: { temperature: 0.5 }, tools: [] });
		assert.equal((await user.request("POST", "/api/ai/prompts", { body: { name: "greet", text: "Hello\n{{name}}" } })).status, 201);
		await user.say("what does it cost?");
		await query("UPDATE usage_model SET cost = 17 WHERE user_id = ?", [user.id]);
		const { lines } = await takeAlong(user);
		assert.deepEqual(lines.map(({ type }) => type), ["account", "usage", "modelUsage", "login", "assistant", "prompt", "session", "message", "message"]);
		const file = (await user.get("/api/ai/library")).json;
		assert.equal(file.assistants[0].instructions, assistants.TEXT.instructions);
		assert.deepEqual(ofType(lines, "assistant").map((line) => line.assistant), file.assistants);
		assert.deepEqual(ofType(lines, "prompt").map((line) => line.prompt), [{ name: "greet", text: "Hello\n{{name}}" }]);
		const [{ usage }] = ofType(lines, "modelUsage");
		assert.deepEqual([usage.date, usage.modelId, usage.replies, usage.cost], [ofType(lines, "usage")[0].usage.date, "configured", 1, 17]);
		assert.ok(usage.name !== "" && usage.outputTokens > 0);
		assert.ok(!JSON.stringify(lines).includes(assistant.id));
	});

	test("leaves out other people's assistants, even if the user's chats use them", async () => {
		const shared = await assistants.published({ name: "Shared" });
		const who = await User.register();
		const { sessionId } = await assistants.say("hello", { who, assistant: shared.id });
		const { pages, lines } = await takeAlong(who);
		assert.ok(!pages.join("").includes(assistants.CANARY));
		assert.deepEqual(ofType(lines, "assistant"), []);
		assert.equal(ofType(lines, "session")[0].session.id, sessionId);
	});

	test("continues with the chats after several pages of these, without repeating any", async () => {
		const user = await User.register();
		await query(
			`INSERT INTO usage_model (day, user_id, model_id, name, replies, input_tokens, cached_tokens, output_tokens)
			SELECT '2025-01-01', ?, n, CONCAT('model ', n), 1, 2, 0, 3
			FROM (WITH RECURSIVE series (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM series WHERE n < 100) SELECT a.n + 100 * (b.n - 1) AS n FROM series a, series b) numbers`,
			[user.id],
		);
		const empty = await takeAlong(user);
		assert.equal(empty.pages.length, 1);
		const own = [(await user.say("one")).sessionId, (await user.say("two")).sessionId];
		const { pages, lines } = await takeAlong(user);
		assert.equal(pages.length, 2);
		assert.equal(new Set(ofType(lines, "modelUsage").map(({ usage }) => usage.name)).size, 10_001);
		assert.equal(ofType(lines, "account").length, 1);
		assert.deepEqual(ofType(lines, "session").map(({ session }) => session.id), own);
		assert.equal(ofType(lines, "message").length, 4);
		await query("DELETE FROM usage_model WHERE user_id = ?", [user.id]);
	});
});

test("a reply that is running is left out", async () => {
	const user = await User.register();
	const { sessionId } = await user.say("done");
	await query("UPDATE message SET status = 'streaming' WHERE session_id = ? AND role = 'assistant'", [sessionId]);
	const { lines } = await takeAlong(user);
	await query("UPDATE message SET status = 'complete' WHERE session_id = ? AND role = 'assistant'", [sessionId]);
	assert.deepEqual(ofType(lines, "message").map(({ message }) => message.role), ["user"]);
});

test("pages end in the middle of sessions and between them; nothing is missing, nothing is there twice", async () => {
	const user = await User.register();
	const sessions = [];
	for (let n = 0; n < 4; n++) sessions.push((await user.say(`chat ${n}`)).sessionId);
	await fill(sessions[0], 1500, 100); // more messages than a page has
	await fill(sessions[2], 30, 300_000); // more bytes than a page has, and texts that the server reads in pieces
	await fill(sessions[3], 998, 10);
	const { pages, lines } = await takeAlong(user);
	assert.ok(pages.length > 5, `${pages.length} pages`);
	for (const page of pages) assert.ok(page.length < 3_000_000, `${page.length} bytes`);
	const ids = ofType(lines, "message").map(({ message }) => message.id);
	const stored = await query("SELECT CAST(id AS CHAR) AS id FROM message WHERE session_id IN (?, ?, ?, ?) ORDER BY session_id, id", sessions);
	assert.deepEqual(ids, stored.map(({ id }) => id));
	assert.deepEqual(ofType(lines, "session").map(({ session }) => session.id), sessions);
	for (const { message } of ofType(lines, "message").filter(({ sessionId }) => sessionId === sessions[2]).slice(2)) assert.ok(message.parts[0].text.length > 300_000);
});

test("many small sessions share a page", async () => {
	const user = await User.register();
	const { sessionId } = await user.say("the model of all");
	await query(
		`INSERT INTO session (id, user_id, title, create_time, update_time)
		SELECT id + n, user_id, CONCAT('copy ', n), create_time, update_time FROM session JOIN
		(WITH RECURSIVE series (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM series WHERE n < 250) SELECT n FROM series) numbers WHERE id = ?`,
		[sessionId],
	);
	const { pages, lines } = await takeAlong(user);
	assert.equal(pages.length, 3);
	assert.equal(ofType(lines, "session").length, 251);
	assert.equal(lines[0].sessions, 251);
	await query("DELETE FROM session WHERE user_id = ? AND id <> ?", [user.id, sessionId]);
});

test("needs the same memory for an account of any size", { timeout: 240_000 }, async (t) => {
	const user = await User.register();
	const { sessionId } = await user.say("the beginning of very much");
	await fill(sessionId, 100_000, 600);
	const peak = () => Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${readFileSync(`${process.env.LAMPLIGHT_VAR}/run/sessions.pid`, "utf8").trim()}/status`, "utf8"))[1]) * 1024;
	let path = (await user.get(EXPORT)).link("next");
	for (let n = 0; n < 8; n++) path = (await user.get(path)).link("next"); // so that each thread has served a request
	const begin = peak();
	let bytes = 0;
	for (; path !== undefined; ) {
		const answer = await user.get(path);
		assert.equal(answer.status, 200, answer.text);
		bytes += answer.text.length;
		path = answer.link("next");
	}
	const grown = peak() - begin;
	t.diagnostic(`${bytes} bytes, the peak rose by ${grown}`);
	assert.ok(bytes > 60_000_000, `${bytes} bytes`);
	assert.ok(grown < 16_000_000, `${grown} bytes more`);
});

test("reads hardly more from the database than it contains", async () => {
	const user = await User.register();
	const { sessionId } = await user.say("a line");
	await fill(sessionId, 60, 200_000);
	const sent = async () => Number((await query("SHOW GLOBAL STATUS LIKE 'Bytes_sent'"))[0].Value);
	const before = await sent();
	const { pages } = await takeAlong(user);
	const told = pages.join("").length;
	assert.ok(told > 12_000_000);
	const read = (await sent()) - before;
	assert.ok(read < 1.5 * told, `${read} bytes for ${told}`);
});
