// What must be true of every row after all tests, when no reply is running, whatever has happened.

import assert from "node:assert/strict";
import { test } from "node:test";
import { eventually } from "../support/api.mjs";
import { query } from "../support/db.mjs";
import { settings } from "../support/instance.mjs";

const none = async (sql) => assert.deepEqual(await query(`${sql} LIMIT 5`), []);
const REST_S = Number(settings.LAMPLIGHT_WORKER_LEASE_MS) / 1000 + 10;

test("no reply streams, and the journal is empty", { timeout: 60_000 }, async () => {
	await eventually(async () => (await query("SELECT id FROM message WHERE status = 'streaming'")).length === 0, REST_S);
	await eventually(async () => (await query("SELECT message_id FROM message_delta")).length === 0, REST_S);
});

test("every message belongs to a session, every session to a user", async () => {
	await none("SELECT m.id FROM message m LEFT JOIN session s ON s.id = m.session_id WHERE s.id IS NULL");
	await none("SELECT s.id FROM session s LEFT JOIN user u ON u.id = s.user_id WHERE u.id IS NULL");
});

test("nothing is left of what was deleted", { timeout: 60_000 }, async () => {
	await eventually(async () => (await query("SELECT user_id FROM erasure")).length === 0, 30);
	await eventually(async () => (await query("SELECT session_id FROM search_pending")).length === 0, 30);
	for (const table of ["search_recent", "search_place"])
		await none(`SELECT t.session_id FROM ${table} t LEFT JOIN session s ON s.id = t.session_id WHERE s.id IS NULL`);
	for (const table of ["search_recent", "search_segment", "search_word", "usage_day", "usage_model", "send_day", "user_limit", "login", "factor"])
		await none(`SELECT t.user_id FROM ${table} t LEFT JOIN user u ON u.id = t.user_id WHERE u.id IS NULL`);
});

test("every session has a question, and every reply stands below something", async () => {
	await none("SELECT id FROM session s WHERE NOT EXISTS (SELECT 1 FROM message m WHERE m.session_id = s.id AND role = 'user')");
	await none("SELECT id FROM message WHERE role = 'assistant' AND parent_id IS NULL AND client_id IS NULL");
	await none(
		"SELECT m.id FROM message m LEFT JOIN message p ON p.session_id = m.session_id AND p.id = m.parent_id" +
			" WHERE m.parent_id IS NOT NULL AND (p.id IS NULL OR p.id >= m.id)",
	);
});

test("every question has a reply", async () => {
	await none(
		"SELECT q.id FROM message q WHERE role = 'user' AND NOT EXISTS" +
			" (SELECT 1 FROM message r WHERE r.session_id = q.session_id AND r.parent_id = q.id)",
	);
});

test("the shown messages of a session are one path", async () => {
	await none("SELECT session_id FROM message WHERE active GROUP BY session_id, parent_id HAVING COUNT(*) > 1");
	await none(
		"SELECT m.id FROM message m JOIN message p ON p.session_id = m.session_id AND p.id = m.parent_id WHERE m.active AND NOT p.active",
	);
});

test("no id is there twice, in whatever table", async () => {
	const ids =
		"SELECT id FROM user UNION ALL SELECT id FROM login UNION ALL SELECT id FROM session UNION ALL SELECT id FROM message";
	await none(`SELECT id FROM (${ids}) ids GROUP BY id HAVING COUNT(*) > 1`);
});

test("what is stored is JSON, and the metadata of a reply says what its row says", async () => {
	let checked = 0;
	for (const { role, status, parts, metadata } of await query("SELECT role, status, parts, metadata FROM message")) {
		assert.ok(Array.isArray(JSON.parse(parts)));
		const parsed = JSON.parse(metadata ?? "{}");
		if (role === "assistant" && parsed.model) assert.equal(parsed.status, status);
		checked++;
	}
	assert.ok(checked > 0);
});
