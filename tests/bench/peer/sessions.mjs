// The list of a user's conversations.

import { guard } from "./accounts.mjs";
import { Problem } from "./problem.mjs";
import { isoTime, run, transaction } from "./tables.mjs";

const COLUMNS =
	"s.id, s.title, s.create_time, s.update_time, s.pinned, s.archived, m.streaming_session IS NOT NULL AS streaming" +
	" FROM session s FORCE INDEX (session_list) LEFT JOIN message m ON m.streaming_session = s.id";
const ONE = `SELECT ${COLUMNS.replace(" FORCE INDEX (session_list)", "")} WHERE s.id = ? AND s.user_id = ?`;
const FIRST = `SELECT ${COLUMNS} WHERE s.user_id = ? AND s.archived = 0 ORDER BY s.update_time DESC, s.id DESC LIMIT ?`;
const NEXT =
	`SELECT ${COLUMNS} WHERE s.user_id = ? AND s.archived = 0 AND s.update_time <= ? AND (s.update_time < ? OR s.id < ?)` +
	" ORDER BY s.update_time DESC, s.id DESC LIMIT ?";

const shape = (row) => ({
	id: row.id,
	title: row.title,
	createTime: isoTime(row.create_time),
	updateTime: isoTime(row.update_time),
	status: row.streaming ? "streaming" : "idle",
	pinned: row.pinned === 1,
	archived: row.archived === 1,
});

/** A whole number within bounds, in decimal. */
export function numberOf(text, field, max, otherwise) {
	if (text === undefined) return otherwise;
	if (!/^[1-9]\d{0,3}$/.test(text) || Number(text) > max) throw new Problem(400, field);
	return Number(text);
}

/** An id, as the path or a query contains it. */
export function idOf(text, field) {
	if (!/^[1-9]\d{0,19}$/.test(text) || BigInt(text) > 0xffffffffffffffffn) throw new Problem(400, field);
	return text;
}

function placeOf(cursor) {
	const [, time, id] = /^(\d{4}-\d\d-\d\dT[\d:]{8}\.\d{3})Z-([1-9]\d{0,19})$/.exec(cursor) ?? [];
	if (!id) throw new Problem(400, "cursor");
	const text = time.replace("T", " ");
	return [text, text, idOf(id, "cursor")];
}

async function list({ query, userId }, reply) {
	const limit = numberOf(query.limit, "limit", 100, 20);
	const count = String(limit + 1); // a prepared LIMIT accepts text
	const rows =
		query.cursor === undefined
			? await run(FIRST, [userId, count])
			: await run(NEXT, [userId, ...placeOf(query.cursor), count]);
	const shown = rows.slice(0, limit).map(shape);
	if (rows.length > limit) {
		const { updateTime, id } = shown.at(-1);
		reply.header("link", `</api/ai/sessions?cursor=${updateTime}-${id}&limit=${limit}>; rel="next"`);
	}
	return shown;
}

async function find(userId, id) {
	const [row] = await run(ONE, [idOf(id, "id"), userId]);
	if (!row) throw new Problem(404);
	return shape(row);
}

async function rename({ params, body, userId }) {
	const { title } = body;
	if (!title.isWellFormed() || /\p{Cc}/u.test(title)) throw new Problem(400, "title");
	await find(userId, params.id);
	await run("UPDATE session SET title = ? WHERE id = ? AND user_id = ?", [title, params.id, userId]);
	return find(userId, params.id);
}

/** Removes all of these sessions or none. A reply that is running finds no row when it ends. */
async function remove(userId, sessionIds) {
	const ids = [...new Set(sessionIds)].sort();
	await transaction(async (run) => {
		for (const id of ids) {
			const [row] = await run("SELECT id FROM session WHERE id = ? AND user_id = ? FOR UPDATE", [id, userId]);
			if (!row) throw new Problem(404);
		}
		for (const id of ids) {
			await run("DELETE FROM message WHERE session_id = ?", [id]);
			await run("DELETE FROM session WHERE id = ?", [id]);
		}
	});
}

async function removeOne({ params, userId }, reply) {
	await remove(userId, [idOf(params.id, "id")]);
	return reply.code(204).send();
}

async function removeMany({ body, userId }, reply) {
	await remove(userId, body.sessionIds);
	return reply.code(204).send();
}

const session = {
	type: "object",
	properties: {
		id: { type: "string" },
		title: { type: "string" },
		createTime: { type: "string" },
		updateTime: { type: "string" },
		status: { type: "string" },
		pinned: { type: "boolean" },
		archived: { type: "boolean" },
	},
};
const title = { type: "string", minLength: 1, maxLength: 255 };
const sessionIds = { type: "array", minItems: 1, maxItems: 100, items: { type: "string", pattern: "^[1-9][0-9]{0,18}$" } };
const bodyOf = (properties) => ({ type: "object", required: Object.keys(properties), properties });

export async function sessions(app) {
	app.addHook("onRequest", guard);
	app.get("/api/ai/sessions", { schema: { response: { 200: { type: "array", items: session } } } }, list);
	app.get("/api/ai/sessions/:id", { schema: { response: { 200: session } } }, ({ userId, params }) => find(userId, params.id));
	app.patch("/api/ai/sessions/:id", { schema: { body: bodyOf({ title }) } }, rename);
	app.delete("/api/ai/sessions/:id", removeOne);
	app.delete("/api/ai/sessions", { schema: { body: bodyOf({ sessionIds }) } }, removeMany);
}
