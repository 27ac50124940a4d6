// The list of conversations: its pages, renaming, deleting, titles.

import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { User, eventually, newId } from "../support/api.mjs";
import { messagesOf, query } from "../support/db.mjs";
import { gated, play } from "../support/model.mjs";

const ids = (sessions) => sessions.map((session) => session.id);

/** Reads all pages from `path` on, by following rel="next". */
async function pages(user, path, between = async () => {}) {
	const all = [];
	while (path) {
		const answer = await user.get(path);
		assert.equal(answer.status, 200, answer.text);
		all.push(answer.json);
		path = answer.link("next");
		await between();
	}
	return all;
}

async function many(user, n) {
	const made = [];
	while (made.length < n) {
		const batch = Array.from({ length: Math.min(8, n - made.length) }, (_, i) => user.say(`number ${made.length + i}`));
		made.push(...(await Promise.all(batch)).map((turn) => turn.sessionId));
	}
	return made;
}

describe("the list", { timeout: 60_000 }, () => {
	let user, made;

	before(async () => {
		user = await User.register();
		made = await many(user, 63);
	});

	test("lists 20 sessions a page with all their members, newest first", async () => {
		const answer = await user.get("/api/ai/sessions");
		assert.equal(answer.json.length, 20);
		assert.match(answer.headers.get("content-type"), /^application\/json/);
		const times = answer.json.map((session) => session.updateTime);
		assert.deepEqual(times, times.toSorted().reverse());
		for (const session of answer.json) {
			assert.deepEqual(Object.keys(session).sort(), [
				"archived",
				"createTime",
				"id",
				"pinned",
				"status",
				"title",
				"updateTime",
			]);
			assert.match(session.id, /^[1-9]\d*$/);
			assert.equal(session.status, "idle");
			for (const flag of [session.pinned, session.archived]) assert.equal(flag, false);
			for (const time of [session.createTime, session.updateTime]) assert.equal(new Date(time).toISOString(), time);
		}
	});

	for (const limit of [1, 7, 21, 100])
		test(`pages of ${limit}: every session once, in one order`, async () => {
			const list = await pages(user, `/api/ai/sessions?limit=${limit}`);
			for (const page of list.slice(0, -1)) assert.equal(page.length, limit);
			assert.equal(list.flat().length, made.length);
			assert.deepEqual(new Set(ids(list.flat())), new Set(made));
			const times = list.flat().map((session) => session.updateTime);
			assert.deepEqual(times, times.toSorted().reverse());
		});

	test("sessions with the same time are neither lost nor repeated", async () => {
		const other = await User.register();
		const same = await many(other, 12);
		await query("UPDATE session SET update_time = '2026-01-02 03:04:05.678' WHERE user_id = ?", [other.id]);
		const list = (await pages(other, "/api/ai/sessions?limit=5")).flat();
		assert.equal(list.length, 12);
		assert.deepEqual(new Set(ids(list)), new Set(same));
		for (const session of list) assert.equal(session.updateTime, "2026-01-02T03:04:05.678Z");
	});

	test("a session created meanwhile does not change the following pages", async () => {
		const other = await User.register();
		const old = await many(other, 9);
		const list = (await pages(other, "/api/ai/sessions?limit=3", () => other.say("meanwhile"))).flat();
		assert.deepEqual(ids(list).toSorted(), old.toSorted());
	});

	test("an empty list is an empty list", async () => {
		const answer = await (await User.register()).get("/api/ai/sessions");
		assert.equal(answer.text.trim(), "[]");
		assert.equal(answer.headers.get("link"), null);
	});

	for (const limit of ["0", "101", "-1", "+5", "1.5", "1e1", "abc", "", "٣", "99999999999999999999", "5;", "5%00"])
		test(`limit=${limit} is refused`, async () => {
			(await user.get(`/api/ai/sessions?limit=${limit}`)).problem(400, { field: "limit" });
		});

	for (const cursor of ["x", "!!!!", "0", "-1", "a.b", "'; DROP TABLE session; --", "A".repeat(3000), "%00", "%ff%fe"])
		test(`the cursor ${cursor.slice(0, 30)} is refused`, async () => {
			const path = `/api/ai/sessions?cursor=${cursor.startsWith("%") ? cursor : encodeURIComponent(cursor)}`;
			(await user.get(path)).problem(400, { field: "cursor" });
		});

	test("another user's cursor shows nothing of theirs", async () => {
		const cursor = (await user.get("/api/ai/sessions?limit=5")).link("next");
		const other = await User.register();
		const { sessionId } = await other.say("mine");
		const answer = await other.get(cursor);
		assert.equal(answer.status, 200);
		assert.deepEqual(ids(answer.json).filter((id) => id !== sessionId), []);
	});
});

describe("one session", () => {
	test("is as in the list, and moves to its top with a new message", async () => {
		const user = await User.register();
		const first = await user.say("first");
		const second = await user.say("second");
		const before = await user.sessions();
		assert.deepEqual(ids(before), [second.sessionId, first.sessionId]);
		await user.say("more", { sessionId: first.sessionId });
		const after = await user.sessions();
		assert.deepEqual(ids(after), [first.sessionId, second.sessionId]);
		assert.ok(after[0].updateTime > before[1].updateTime);
		assert.equal(after[0].createTime, before[1].createTime);
		assert.equal(after[0].title, "first");
		assert.deepEqual((await user.get(`/api/ai/sessions/${first.sessionId}`)).json, { ...after[0], model: null, options: null, assistant: null });
	});

	test("is `streaming` while a reply runs", async () => {
		const user = await User.register();
		const upstream = await play({ steps: gated("a") });
		const turn = await user.ask(`go${upstream.mark}`);
		await turn.until("text-delta");
		assert.equal((await user.sessions())[0].status, "streaming");
		await upstream.open("end");
		await turn.finish();
		assert.equal((await user.get(`/api/ai/sessions/${turn.sessionId}`)).json.status, "idle");
	});
});

describe("titles", () => {
	const graphemes = (text) =>
		[...new Intl.Segmenter("en", { granularity: "grapheme" }).segment(text)].map(({ segment }) => segment);

	const TEXTS = {
		short: "What is a lamplight?",
		long: "Tell me everything about the history of gas lamps in European cities, and who lit them every evening.",
		families: "👨‍👩‍👧‍👦".repeat(40),
		flags: "🇳🇴🇸🇪🇩🇰".repeat(20),
		accents: "e\u0301\u0323".repeat(70),
		devanagari: "नमस्ते दुनिया ".repeat(8),
		"one endless word": "x".repeat(500),
	};
	for (const [kind, text] of Object.entries(TEXTS))
		test(`from the first message, never cut inside a character: ${kind}`, async () => {
			const user = await User.register();
			await user.say(text);
			const [{ title }] = await user.sessions();
			const kept = graphemes(title.replace(/(\s*…|\.\.\.)$/u, ""));
			assert.deepEqual(kept, graphemes(text).slice(0, kept.length));
			assert.ok(title.length > 0);
			if (text.length <= 50) assert.equal(title, text);
			else assert.ok(kept.length >= 20 && kept.length <= 60, `${kept.length} characters: ${title}`);
		});

	test("of a message without text is not empty, and one with line breaks is one line", async () => {
		const user = await User.register();
		const file = { type: "file", mediaType: "image/png", filename: "cat.png", url: "data:image/png;base64,iVBORw0KGgo=" };
		await user.say("", { message: { id: newId(), role: "user", parts: [file] } });
		await user.say("  \n\n first\r\n\tsecond \0");
		for (const { title } of await user.sessions()) assert.match(title, /^[^\s\p{Cc}]([^\p{Cc}]*[^\s\p{Cc}])?$/u);
	});

	test("contain no invisible characters and are not empty without them", async () => {
		const user = await User.register();
		const titleOf = async (text, filename) => {
			const file = { type: "file", mediaType: "image/png", filename, url: "data:image/png;base64,iVBORw0KGgo=" };
			const parts = [{ type: "text", text }, ...(filename === undefined ? [] : [file])];
			const { sessionId } = await user.say("", { message: { id: newId(), role: "user", parts } });
			return (await user.get(`/api/ai/sessions/${sessionId}`)).json.title;
		};
		assert.equal(await titleOf("\u202eevil\u202c\u200b text"), "evil text");
		assert.equal(await titleOf("\u200b\u2060\u3164", "invoice\u202efdp.exe"), "invoicefdp.exe");
		assert.equal(await titleOf("\u{e0041}\u{e0042}\u00ad"), "New session");
		assert.equal(await titleOf("\u200b".repeat(20_000)), "New session");
		assert.equal(await titleOf("👩‍👧 می‌خواهم"), "👩‍👧 می‌خواهم");
	});
});

describe("rename", () => {
	const rename = (user, id, body) => user.request("PATCH", `/api/ai/sessions/${id}`, { body });

	test("changes the title and nothing else", async () => {
		const user = await User.register();
		const { sessionId } = await user.say("old");
		const [before] = await user.sessions();
		for (const title of [
			"new",
			"new",
			"Ünïcödé 🦎",
			"x".repeat(255),
			"🦎".repeat(255),
			"Robert'); DROP TABLE session;--",
			'"\\<b>',
		]) {
			const answer = await rename(user, sessionId, { title });
			assert.equal(answer.status, 200, answer.text);
			assert.deepEqual(answer.json, { ...before, title, updateTime: answer.json.updateTime, model: null, options: null, assistant: null });
			assert.equal((await user.sessions())[0].title, title);
		}
	});

	for (const title of [undefined, null, 5, true, [], {}, "", "x".repeat(256), "🦎".repeat(256)])
		test(`to ${JSON.stringify(title)?.slice(0, 20)} is refused`, async () => {
			const user = await User.register();
			const { sessionId } = await user.say("stays");
			(await rename(user, sessionId, { title })).problem(400, { field: "title" });
			assert.equal((await user.sessions())[0].title, "stays");
		});

	for (const title of ["\u200b", " \u3000 ", "\u202e\u2066\u2069", "\u{e0061}\u{e007f}", "\u3164\u115f\uffa0", "\u2800", "\u200d\ufe0f"])
		test(`to ${JSON.stringify(title).replace(/[^ -~]/gu, (c) => `\\u{${c.codePointAt(0).toString(16)}}`)}, which shows nothing, is refused`, async () => {
			const user = await User.register();
			const { sessionId } = await user.say("stays");
			(await rename(user, sessionId, { title })).problem(400, { field: "title" });
			assert.equal((await user.sessions())[0].title, "stays");
		});

	test("keeps only the visible characters of a title", async () => {
		const user = await User.register();
		const { sessionId } = await user.say("old");
		for (const [given, title] of [
			["pay\u200bpal \u202elive\u202c", "paypal live"],
			["  a \u00a0\u3000 b ", "a b"],
			["❤️ 👩‍👧 می‌خواهم", "❤️ 👩‍👧 می‌خواهم"],
			["שלום", "שלום"],
		])
			assert.equal((await rename(user, sessionId, { title: given })).json.title, title);
	});

	test("to invalid text is refused or corrected, never stored in part", async () => {
		const user = await User.register();
		const { sessionId } = await user.say("stays");
		for (const body of [
			'{"title":"a\\ud83d b"}',
			'{"title":"a\\u0000b"}',
			Buffer.from([...Buffer.from('{"title":"a'), 0xff, ...Buffer.from('"}')]),
		]) {
			const answer = await rename(user, sessionId, body);
			assert.ok([200, 400].includes(answer.status), answer.text);
			const { title } = (await user.sessions())[0];
			assert.equal(title, answer.status === 200 ? answer.json.title : "stays");
			assert.ok(title.isWellFormed());
			if (answer.status === 200) await rename(user, sessionId, { title: "stays" });
		}
	});
});

describe("delete", () => {
	test("one: it and its messages are gone", async () => {
		const user = await User.register();
		const gone = await user.say("gone");
		const kept = await user.say("kept");
		const path = `/api/ai/sessions/${gone.sessionId}`;
		const answer = await user.request("DELETE", path);
		assert.equal(answer.status, 204);
		assert.equal(answer.text, "");
		assert.deepEqual(ids(await user.sessions()), [kept.sessionId]);
		for (const [method, more, body] of [
			["GET", ""],
			["GET", "/messages"],
			["PATCH", "", { title: "x" }],
			["DELETE", ""],
		])
			(await user.request(method, path + more, { body })).problem(404);
		await eventually(async () => (await messagesOf(gone.sessionId)).length === 0);
		assert.equal((await messagesOf(kept.sessionId)).length, 2);
	});

	const remove = (user, sessionIds) => user.request("DELETE", "/api/ai/sessions", { body: { sessionIds } });

	test("several sessions are deleted in one request", async () => {
		const user = await User.register();
		const made = await many(user, 5);
		assert.equal((await remove(user, made.slice(0, 3))).status, 204);
		assert.deepEqual(ids(await user.sessions()).toSorted(), made.slice(3).toSorted());
	});

	test("deletes all or none: one that is unknown, deleted or another user's keeps all", async () => {
		const user = await User.register();
		const made = await many(user, 3);
		const theirs = (await (await User.register()).say("theirs")).sessionId;
		await remove(user, [made[2]]);
		for (const bad of ["1", theirs, made[2]]) {
			(await remove(user, [made[0], bad, made[1]])).problem(404);
			assert.equal((await user.sessions()).length, 2);
		}
		assert.equal((await query("SELECT id FROM session WHERE id = ?", [theirs])).length, 1);
	});

	test("a session that is named twice is deleted", async () => {
		const user = await User.register();
		const [id] = await many(user, 1);
		const answer = await remove(user, [id, id]);
		assert.equal(answer.status, 204, answer.text);
		assert.deepEqual(await user.sessions(), []);
	});

	const hundredAndOne = Array.from({ length: 101 }, (_, i) => String(i + 1));
	for (const sessionIds of [undefined, null, [], "1", 1, {}, [1], [null], [["1"]], ["x"], [""], ["-1"], hundredAndOne])
		test(`sessionIds ${JSON.stringify(sessionIds)?.slice(0, 20)} are refused`, async () => {
			const user = await User.register();
			(await remove(user, sessionIds)).problem(400, { field: "sessionIds" });
		});

	test("a session with a running reply does not come back when the reply ends", async () => {
		const user = await User.register();
		const upstream = await play({ steps: gated("a", "b") });
		const turn = await user.ask(`go${upstream.mark}`);
		await turn.until("text-delta");
		const answer = await user.request("DELETE", `/api/ai/sessions/${turn.sessionId}`);
		assert.equal(answer.status, 204, answer.text);
		await upstream.open("1");
		await upstream.open("end");
		await turn.finish().catch(() => {});
		if (answer.status === 409) return;
		(await user.get(`/api/ai/sessions/${turn.sessionId}/messages`)).problem(404);
		await eventually(async () => (await messagesOf(turn.sessionId)).length === 0);
		const deltas = await query("SELECT seq FROM message_delta WHERE message_id = ?", [turn.messageId]);
		assert.deepEqual(deltas, []);
	});
});
