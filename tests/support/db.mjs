// Reads the tables of the instance under test.

import { createConnection } from "mysql2/promise";
import { VAR } from "./instance.mjs";

/** The server's list of connections. MySQL's old one uses utf8mb3, where a statement with other characters is an error. */
export const PROCESSES = process.env.DB === "mysql" ? "performance_schema.processlist" : "information_schema.processlist";

/** One statement on a connection of its own. BIGINTs and times are strings. */
export async function query(sql, values = []) {
	const db = await createConnection({
		socketPath: `${VAR}/run/mysql.sock`,
		user: "lamplight",
		database: "lamplight",
		charset: "utf8mb4",
		supportBigNumbers: true,
		bigNumberStrings: true,
		dateStrings: true,
		// The column holds text, whatever type the server reports.
		typeCast: (field, next) => (field.type === "VAR_STRING" || field.type === "BLOB" ? field.string() : next()),
	});
	try {
		return (await db.query(sql, values))[0];
	} finally {
		await db.end();
	}
}

export const messagesOf = (sessionId) => query("SELECT * FROM message WHERE session_id = ? ORDER BY id", [sessionId]);

/** The number of rows of a user: nothing stored means nothing changed. */
export async function countOf(userId) {
	const [{ n }] = await query(
		"SELECT (SELECT COUNT(*) FROM session WHERE user_id = ?)" +
			" + (SELECT COUNT(*) FROM message JOIN session ON session.id = session_id WHERE user_id = ?) AS n",
		[userId, userId],
	);
	return Number(n);
}
