// The history of a conversation. Its messages are stored as JSON, which is copied into the answer without being parsed.

import { guard } from "./accounts.mjs";
import { Problem } from "./problem.mjs";
import { idOf, numberOf } from "./sessions.mjs";
import { isoTime, run } from "./tables.mjs";

const OWNER = "SELECT id FROM session WHERE id = ? AND user_id = ?";
const COLUMNS = "SELECT id, role, parts, metadata, create_time FROM message WHERE session_id = ? AND active AND status <> 'streaming'";
const NEWEST = `${COLUMNS} ORDER BY id DESC LIMIT ?`;
const BEFORE = `${COLUMNS} AND id < ? ORDER BY id DESC LIMIT ?`;

const metadataOf = (row) => (row.role === "user" ? `{"createTime":"${isoTime(row.create_time)}"}` : row.metadata);
const shape = (row) => `{"id":"${row.id}","role":"${row.role}","parts":${row.parts},"metadata":${metadataOf(row)}}`;

async function list({ query, params, userId }, reply) {
	const sessionId = idOf(params.id, "id");
	const limit = numberOf(query.limit, "limit", 200, 50);
	const before = query.before === undefined ? [] : [idOf(query.before, "before")];
	const [[owner], rows] = await Promise.all([
		run(OWNER, [sessionId, userId]),
		run(before.length ? BEFORE : NEWEST, [sessionId, ...before, String(limit + 1)]),
	]);
	if (!owner) throw new Problem(404);
	const shown = rows.slice(0, limit).reverse();
	if (rows.length > limit)
		reply.header("link", `</api/ai/sessions/${sessionId}/messages?before=${shown[0].id}&limit=${limit}>; rel="prev"`);
	return reply.type("application/json; charset=utf-8").send(`[${shown.map(shape).join(",")}]`);
}

export async function messages(app) {
	app.addHook("onRequest", guard);
	app.get("/api/ai/sessions/:id/messages", list);
}
