// Faults of the database server: unreachable, refusing, slow, or with changed settings.

import { execFile, spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { ARMED_MS, STEPS } from "./processes.mjs";
import { PROCESSES } from "../../../support/db.mjs";

const run = promisify(execFile);
const MYSQL = process.env.DB === "mysql";

export async function databaseKilled(site) {
	const node = site.nodes[0];
	if (!node.signal("SIGKILL", node.pid("mysql"))) return null;
	await site.databaseAnswers();
	return "kill mariadbd";
}

/** Usually short, sometimes longer than leases last. */
export async function databaseAway(site, random) {
	await site.sv("down");
	await sleep(random.chance(0.05) ? site.leaseMs + random.between(1000, 5000) : random.between(20, 500));
	await site.sv("up");
	await site.databaseAnswers();
	return "mariadbd stopped";
}

/** Stops the server for this long, while replies with much text continue. */
export const databaseStopped = (ms) => async (site) => {
	await site.sv("down");
	await sleep(ms);
	await site.sv("up");
	await site.databaseAnswers();
	return `mariadbd stopped ${ms / 1000} s`;
};

export async function readOnly(site, random) {
	await site.asRoot((db) => db.query("SET GLOBAL read_only = 1"));
	await sleep(random.chance(0.1) ? random.between(1500, 4000) : random.between(50, 700));
	await site.asRoot((db) => db.query("SET GLOBAL read_only = 0"));
	return "read-only";
}

/** Locks rows that the programs need, sometimes longer than they wait (1205). */
export async function locks(site, random) {
	const rows = random.pick([
		"SELECT id FROM session ORDER BY id DESC LIMIT 20 FOR UPDATE",
		"SELECT id FROM message ORDER BY session_id DESC, id DESC LIMIT 20 FOR UPDATE",
		"SELECT id FROM worker FOR UPDATE",
	]);
	await site.asRoot(async (db) => {
		await db.query("START TRANSACTION");
		await db.query(rows);
		await sleep(random.chance(0.1) ? 5500 : random.between(50, 1000));
		await db.query("ROLLBACK");
	});
	return "locks";
}

/** Locks message and session in the opposite order to the programs (1213). */
export async function deadlocks(site, random) {
	await site.asRoot(async (db) => {
		await db.query("SET SESSION innodb_lock_wait_timeout = 1");
		const [rows] = await db.query(
			"SELECT session_id, id FROM message WHERE streaming_session IS NOT NULL ORDER BY session_id DESC LIMIT 8",
		);
		for (const row of rows) {
			try {
				await db.query("START TRANSACTION");
				// A large rollback makes InnoDB prefer to keep this transaction.
				await db.query("UPDATE worker SET holder = holder");
				await db.query("SELECT id FROM message WHERE session_id = ? AND id = ? FOR UPDATE", [row.session_id, row.id]);
				await sleep(random.between(1, 20));
				await db.query("SELECT id FROM session WHERE id = ? FOR UPDATE", [row.session_id]);
			} catch {
				// This transaction was the victim.
			}
			await db.query("ROLLBACK");
		}
	});
	return "deadlocks";
}

async function killAll(db) {
	const [rows] = await db.query(
		`SELECT id FROM ${PROCESSES} WHERE user = 'lamplight' AND id <> CONNECTION_ID()`,
	);
	for (const { id } of rows) await db.query(`KILL ${id}`).catch(() => {});
}

export async function connectionsKilled(site) {
	await site.asRoot(killAll);
	return "connections killed";
}

/** Holds a worker at a step until `work` is done. */
async function heldAt(random, node, work) {
	const step = random.pick(STEPS);
	const pid = await node.fault(step, "pause", random.between(1, 4), ARMED_MS);
	if (!pid) return null;
	try {
		await work();
	} finally {
		node.signal("SIGCONT", pid);
	}
	return step;
}

/** Ends its connections before it continues. */
export async function lostAt(site, random, node) {
	const step = await heldAt(random, node, () => site.asRoot(killAll));
	return step && `connections lost at ${step}`;
}

/** Locks all rows of a table except those that the worker holds, before it continues. */
export async function lockedAt(site, random, node) {
	const table = random.pick(["message", "session", "message_delta", "worker"]);
	return site.asRoot(async (db) => {
		const step = await heldAt(random, node, async () => {
			await db.query("START TRANSACTION");
			await db.query(`SELECT 1 FROM ${table} FOR UPDATE SKIP LOCKED`);
		});
		if (step) await sleep(random.chance(0.1) ? 5500 : random.between(50, 800));
		return step && `${table} locked at ${step}`;
	});
}

/** Whether processes may be traced here. */
export async function cannotTrace() {
	const sleeper = spawn("sleep", ["60"]);
	try {
		await run("timeout", ["0.5", "strace", "-qq", "-o", "/dev/null", "-p", String(sleeper.pid)]);
	} catch (error) {
		if (error.code === "ENOENT") return "there is no strace";
		if (error.code !== 124) return "strace may not trace here";
	} finally {
		sleeper.kill();
	}
	return null;
}

/** Slows down every fsync of the server. */
export async function slowFsync(site, random) {
	const us = random.between(20, 600) * 1000;
	const inject = `inject=fsync,fdatasync:delay_exit=${us}`;
	const options = ["-f", "-qq", "-o", "/dev/null", "-e", "trace=fsync,fdatasync", "-e", inject];
	const strace = spawn("strace", [...options, "-p", String(site.nodes[0].pid("mysql"))], { stdio: "ignore" });
	const ended = new Promise((resolve) => strace.on("close", resolve));
	await sleep(random.between(300, 2000));
	strace.kill("SIGTERM"); // it detaches from the server
	await ended;
	return "slow fsync";
}

/** Delays commits as a backup does, repeatedly. */
export async function slowCommits(site, random) {
	await site.asRoot(async (db) => {
		for (let n = random.between(1, 6); n > 0; n--) {
			for (const step of MYSQL ? ["FLUSH TABLES WITH READ LOCK"] : ["BACKUP STAGE START", "BACKUP STAGE BLOCK_COMMIT"]) await db.query(step);
			await sleep(random.between(10, 500));
			await db.query(MYSQL ? "UNLOCK TABLES" : "BACKUP STAGE END");
			await sleep(random.between(0, 20));
		}
	});
	return "slow commits";
}

/** New connections get these settings, then the previous ones again. */
async function withSettings(site, settings, work) {
	await site.asRoot(async (db) => {
		const names = Object.keys(settings);
		const [[before]] = await db.query(`SELECT ${names.map((name) => `@@GLOBAL.${name} AS ${name}`).join(", ")}`);
		for (const name of names) if (typeof settings[name] === "number") before[name] = Number(before[name]);
		const set = (values) => db.query(`SET ${names.map((name) => `GLOBAL ${name} = ?`).join(", ")}`, Object.values(values));
		await set(settings);
		try {
			await killAll(db);
			await work();
		} finally {
			await set(before);
		}
	});
}

/** Statements and rows above this size are refused. */
export async function smallPackets(site, random) {
	const max_allowed_packet = 1024 * random.pick([1, 1, 2, 4, 16]);
	await withSettings(site, { max_allowed_packet }, () => sleep(random.between(100, 1500)));
	if (random.chance(0.5)) await site.asRoot(killAll); // otherwise the small ones remain as long as their connections
	return "small packets";
}

/** Some rows of the journal, and some ends of replies, are refused for ever: each ends only its own reply. */
export async function entriesRefused(site, random) {
	const refuse = (table, when, condition) =>
		`CREATE TRIGGER refuse_${table} BEFORE ${when} ON ${table} FOR EACH ROW
			IF ${condition} THEN SIGNAL SQLSTATE '22001' SET MYSQL_ERRNO = 1406; END IF`;
	const of = random.between(2, 6);
	await site.asRoot(async (db) => {
		await db.query("SET SESSION lock_wait_timeout = 60");
		await db.query(refuse("message_delta", "INSERT", `NEW.message_id DIV 64 MOD ${of} = 0`));
		if (random.chance(0.3)) await db.query(refuse("message", "UPDATE", `NEW.status = 'complete' AND NEW.id DIV 64 MOD ${of} = 1`));
		try {
			await sleep(random.between(50, 800));
		} finally {
			await db.query("DROP TRIGGER IF EXISTS refuse_message_delta");
			await db.query("DROP TRIGGER IF EXISTS refuse_message");
		}
	});
	return `refused entries`;
}

/** As after a restart of a server that was configured for another purpose. */
export async function otherDefaults(site, random) {
	const settings = {
		sql_mode: random.pick(["", "ANSI_QUOTES,NO_BACKSLASH_ESCAPES,PIPES_AS_CONCAT", MYSQL ? "TRADITIONAL" : "ORACLE"]),
		time_zone: random.pick(["+05:30", "-11:00"]),
		[MYSQL ? "transaction_isolation" : "tx_isolation"]: random.pick(["SERIALIZABLE", "REPEATABLE-READ", "READ-UNCOMMITTED"]),
		autocommit: random.between(0, 1),
		character_set_server: "latin1",
		collation_server: "latin1_swedish_ci",
		character_set_client: "latin1",
		character_set_results: "latin1",
		collation_connection: "latin1_swedish_ci",
		innodb_lock_wait_timeout: random.pick([1, 50]),
		wait_timeout: random.pick([1, 28800]), // s, until it closes a connection that is idle
	};
	await withSettings(site, settings, () => sleep(random.between(100, 1000)));
	if (random.chance(0.7)) await site.asRoot(killAll); // otherwise the new settings apply to the open connections for good
	return "other defaults";
}

/** While `refuse` is in force no connection can be made; open ones are closed. */
async function closed(site, random, refuse, admit) {
	await site.asRoot(async (db) => {
		await db.query(refuse);
		try {
			await killAll(db);
			await sleep(random.chance(0.05) ? site.leaseMs + random.between(1000, 5000) : random.between(20, 1500));
		} finally {
			await db.query(admit);
		}
	});
}

/** Changes the password for a while: a rotation that the programs notice later. */
export async function passwordRotated(site, random) {
	await closed(site, random, "ALTER USER lamplight@localhost IDENTIFIED BY 'another'", "ALTER USER lamplight@localhost IDENTIFIED BY ''");
	return "password rotated";
}

/** Limits the account to fewer connections than the programs want, or than one per program. */
export async function fewConnections(site, random) {
	const n = random.pick([1, 2, 3, 6, 10]);
	const limit = (connections) => `ALTER USER lamplight@localhost WITH MAX_USER_CONNECTIONS ${connections}`;
	await closed(site, random, limit(n), limit(0));
	return `${n} connections`;
}
