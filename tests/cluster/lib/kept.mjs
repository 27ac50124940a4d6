// Compares what people were promised with what the servers of a cluster have.

import assert from "node:assert/strict";

const textOf = ({ parts }) =>
	JSON.parse(parts)
		.filter(({ type }) => type === "text")
		.map(({ text }) => text)
		.join("");

/** Whether the question is there once, and the stored reply begins with what was shown of it. */
function isKept({ text, shown }, list) {
	const questions = list.filter((row) => row.role === "user" && textOf(row) === text);
	return questions.length === 1 && list.some((row) => row.role === "assistant" && textOf(row).startsWith(shown));
}

/** The promises that these messages break, each with what is there instead. */
function broken(promised, messages) {
	const bySession = new Map();
	for (const row of messages) bySession.set(row.session_id, [...(bySession.get(row.session_id) ?? []), row]);
	const stored = ({ sessionId }) => bySession.get(sessionId) ?? [];
	return promised.filter((promise) => !isKept(promise, stored(promise))).map((promise) => ({ ...promise, stored: stored(promise) }));
}

/** `before` is a statement that makes sure that the server has everything that the others have. */
async function messagesAt(server, before) {
	const db = await server.connect({ database: "lamplight", supportBigNumbers: true, bigNumberStrings: true, typeCast: (field, next) => (field.name === "parts" ? field.string("utf8") : next()) });
	if (before) await db.query(before);
	const [rows] = await db.query("SELECT id, session_id, role, status, parts FROM message ORDER BY id");
	await db.end();
	return rows;
}

/**
 * Fails unless every server has all that was promised, none has an unfinished reply, and these tables are the same
 * everywhere.
 */
export async function assertKept({ promised, refused, repeated }, servers, { tables, before }) {
	for (const server of servers) {
		const rows = await messagesAt(server, before);
		const lost = broken(promised, rows);
		for (const { text, shown, stored } of lost.slice(0, 3)) console.log(`# lost at ${server.name}: ${JSON.stringify({ text, shown, stored })}`);
		assert.equal(lost.length, 0, server.name);
		assert.equal(rows.filter(({ status }) => status === "streaming").length, 0, server.name);
	}
	const names = tables.map((table) => `lamplight.${table}`).join(", ");
	const sums = await Promise.all(servers.map((server) => server.query(`CHECKSUM TABLE ${names}`, 30_000)));
	console.log(`# ${promised.length} messages were acknowledged, ${refused} requests refused, ${repeated} sent again`);
	for (const sum of sums.slice(1)) assert.deepEqual(sum, sums[0]);
	assert.ok(promised.length > 50, String(promised.length));
}
