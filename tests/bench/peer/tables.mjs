// The database: one pool for each process, prepared statements, ids as text.

import cluster from "node:cluster";
import { createPool } from "mysql2/promise";

const pool = createPool({
	socketPath: process.env.LAMPLIGHT_DB_SOCKET,
	user: "lamplight",
	database: "lamplight",
	charset: "utf8mb4",
	connectionLimit: 16,
	supportBigNumbers: true,
	bigNumberStrings: true,
	dateStrings: true,
});

/** The rows of a read, or the result of a write. */
export const run = async (sql, values, on = pool) => (await on.execute(sql, values))[0];

export async function transaction(work) {
	const connection = await pool.getConnection();
	try {
		await connection.beginTransaction();
		const value = await work((sql, values) => run(sql, values, connection));
		await connection.commit();
		return value;
	} catch (error) {
		await connection.rollback();
		throw error;
	} finally {
		connection.release();
	}
}

/** DATETIME(3) in UTC, as a column takes it and as the API says it. */
export const columnTime = (ms) => new Date(ms).toISOString().slice(0, -1).replace("T", " ");
export const isoTime = (text) => `${text.slice(0, 10)}T${text.slice(11)}Z`;

const EPOCH_MS = Date.UTC(2024, 0, 1);
const NODE_FIRST = 1000;
const node = BigInt(NODE_FIRST + (cluster.worker?.id ?? 0)) << 12n;
let last = { ms: 0, seq: 0 };

/** Makes a Snowflake id. */
export function newId() {
	const ms = Math.max(Date.now(), last.ms);
	last = ms > last.ms ? { ms, seq: 0 } : last.seq < 4095 ? { ms, seq: last.seq + 1 } : { ms: ms + 1, seq: 0 };
	return ((BigInt(last.ms - EPOCH_MS) << 22n) | node | BigInt(last.seq)).toString();
}

/** A running reply names the lease of its process, for whoever looks for unfinished replies. */
export const lease = () => [NODE_FIRST + cluster.worker.id, 1];

export function holdLease(id) {
	return run(
		"INSERT INTO worker (id, epoch, holder, lease_until, last_ms) VALUES (?, 1, 'peer', '2100-01-01', 0)" +
			" ON DUPLICATE KEY UPDATE lease_until = VALUES(lease_until)",
		[NODE_FIRST + id],
	);
}
