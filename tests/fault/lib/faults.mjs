// The rows of RELIABILITY.md's table of faults that one machine can provoke. A row does one thing to a site under load;
// `inject` is called again and again with a source of decisions and a node, and returns what it has done, or nothing.

import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { UPSTREAM_FAULTS } from "./replies.mjs";

const run = promisify(execFile);

const STEPS = [
	"turn.begin",
	"turn.user",
	"turn.reply",
	"turn.committed",
	"stream.event",
	"journal.begin",
	"journal.written",
	"journal.committed",
	"journal.end",
	"stream.stored",
];
const STEPS_WITH_ERRORS = ["turn.begin", "turn.user", "turn.reply", "journal.begin", "journal.written", "journal.end"];
const ARMED_MS = 4000;

async function killAt(step, node, random) {
	const old = node.pid();
	const n = step === "stream.event" || step.startsWith("journal") ? random.between(1, 40) : random.between(1, 3);
	if (!(await node.fault(step, "kill", n, ARMED_MS))) return null;
	await node.replaced(old);
	return `kill at ${step}`;
}

async function kill(site, random, node) {
	const old = node.pid();
	if (!node.signal("SIGKILL", old)) return null;
	await node.replaced(old);
	return "kill";
}

async function restart(site, random, node) {
	const old = node.pid();
	if (!node.signal("SIGTERM", old)) return null;
	await node.replaced(old);
	return "restart";
}

/** Stopped for longer than its lease: others recover what it holds, then it wakes up. */
async function pause(site, random, node) {
	const pid = node.pid();
	const step = random.pick([null, ...STEPS]);
	if (step ? !(await node.fault(step, "pause", random.between(1, 5), ARMED_MS)) : !node.signal("SIGSTOP", pid)) return null;
	await sleep(site.leaseMs + random.between(500, 4500));
	node.signal("SIGCONT", pid);
	return step ? `pause at ${step}` : "pause";
}

async function errorAt(site, random, node) {
	return (await node.fault(random.pick(STEPS_WITH_ERRORS), "err", random.between(1, 5), ARMED_MS)) ? "err" : null;
}

async function databaseKilled(site) {
	const node = site.nodes[0];
	if (!node.signal("SIGKILL", node.pid("mysql"))) return null;
	await site.databaseAnswers();
	return "kill mariadbd";
}

async function databaseAway(site, random) {
	await site.sv("down");
	await sleep(random.between(200, 3000));
	await site.sv("up");
	await site.databaseAnswers();
	return "mariadbd stopped";
}

async function readOnly(site, random) {
	await site.asRoot((db) => db.query("SET GLOBAL read_only = 1"));
	await sleep(random.between(100, 2500));
	await site.asRoot((db) => db.query("SET GLOBAL read_only = 0"));
	return "read-only";
}

/** Rows that the programs want, held by somebody else: sometimes longer than they wait (1205). */
async function locks(site, random) {
	const rows = random.pick([
		"SELECT id FROM session ORDER BY id DESC LIMIT 20 FOR UPDATE",
		"SELECT id FROM message ORDER BY session_id DESC, id DESC LIMIT 20 FOR UPDATE",
		"SELECT id FROM worker FOR UPDATE",
	]);
	await site.asRoot(async (db) => {
		await db.query("START TRANSACTION");
		await db.query(rows);
		await sleep(random.chance(0.2) ? 5500 : random.between(50, 1200));
		await db.query("ROLLBACK");
	});
	return "locks";
}

/** Takes message and session in the order that is not the programs' (1213). */
async function deadlocks(site, random) {
	await site.asRoot(async (db) => {
		await db.query("SET SESSION innodb_lock_wait_timeout = 1");
		const [rows] = await db.query(
			"SELECT session_id, id FROM message WHERE streaming_session IS NOT NULL ORDER BY session_id DESC LIMIT 8",
		);
		for (const row of rows) {
			try {
				await db.query("START TRANSACTION");
				// A big undo makes this one the survivor.
				await db.query("UPDATE worker SET holder = holder");
				await db.query("SELECT id FROM message WHERE session_id = ? AND id = ? FOR UPDATE", [row.session_id, row.id]);
				await sleep(random.between(1, 20));
				await db.query("SELECT id FROM session WHERE id = ? FOR UPDATE", [row.session_id]);
			} catch {
				// It was the victim itself.
			}
			await db.query("ROLLBACK");
		}
	});
	return "deadlocks";
}

async function connectionsKilled(site) {
	await site.asRoot(async (db) => {
		const [rows] = await db.query(
			"SELECT id FROM information_schema.processlist WHERE user = 'lamplight' AND id <> CONNECTION_ID()",
		);
		for (const { id } of rows) await db.query(`KILL ${id}`).catch(() => {});
	});
	return "connections killed";
}

/** No descriptors are left but a few. */
async function descriptors(site, random, node) {
	const pid = node.pid();
	const limit = (soft) => run("prlimit", ["--pid", String(pid), `--nofile=${soft}:`]);
	try {
		const [, before] = /Max open files\s+(\d+)/.exec(readFileSync(`/proc/${pid}/limits`, "utf8"));
		await limit(readdirSync(`/proc/${pid}/fd`).length + random.between(0, 4));
		await sleep(random.between(100, 1500));
		await limit(before);
	} catch {
		return null; // the worker was replaced meanwhile
	}
	return "descriptors";
}

async function modelRefuses(site, random) {
	await site.control("DELETE", "/");
	await sleep(random.between(100, 1500));
	await site.control("PATCH", "/");
	return "model refuses";
}

function anything(site, random) {
	const inject = random.pick([
		kill,
		kill,
		restart,
		pause,
		errorAt,
		databaseKilled,
		databaseAway,
		readOnly,
		locks,
		deadlocks,
		connectionsKilled,
		modelRefuses,
	]);
	return inject(site, random, random.pick(site.nodes));
}

const PLAIN = ["plain"];

/** gap: ms between two injections; each: all nodes at once, instead of one after the other; kinds: how the model answers; allows5xx: whether requests may be turned away. */
export const ROWS = {
	none: { kinds: ["plain", "plain", "plain", "slow"], gap: [1000, 1000], inject: async () => null },
	kill: { kinds: ["plain", "plain", "plain", "slow"], gap: [300, 1200], each: true, inject: kill, allows5xx: true },
	...Object.fromEntries(
		STEPS.map((step) => [
			`kill ${step}`,
			{ kinds: PLAIN, gap: [50, 500], each: true, inject: (site, random, node) => killAt(step, node, random), allows5xx: true },
		]),
	),
	error: { kinds: PLAIN, gap: [20, 200], each: true, inject: errorAt, allows5xx: true },
	restart: { kinds: PLAIN, gap: [200, 1000], each: true, inject: restart },
	pause: { kinds: PLAIN, gap: [500, 1500], each: true, inject: pause, allows5xx: true },
	"database killed": { kinds: PLAIN, gap: [1000, 3000], inject: databaseKilled, allows5xx: true },
	"database away": { kinds: PLAIN, gap: [1000, 3000], inject: databaseAway, allows5xx: true },
	"read-only": { kinds: PLAIN, gap: [500, 2000], inject: readOnly, allows5xx: true },
	locks: { kinds: PLAIN, gap: [100, 800], inject: locks, allows5xx: true },
	deadlocks: { kinds: PLAIN, gap: [10, 100], inject: deadlocks, allows5xx: true },
	connections: { kinds: PLAIN, gap: [100, 500], inject: connectionsKilled, allows5xx: true },
	descriptors: { kinds: PLAIN, gap: [200, 1000], each: true, inject: descriptors, allows5xx: true, repeats: true },
	upstream: { kinds: [...UPSTREAM_FAULTS, "plain"], gap: [1000, 1000], inject: async () => null },
	"upstream refused": { kinds: PLAIN, gap: [500, 1500], inject: modelRefuses, repeats: true },
	"kill at a step": {
		kinds: PLAIN,
		gap: [50, 400],
		each: true,
		inject: (site, random, node) => killAt(random.pick(STEPS), node, random),
		allows5xx: true,
	},
	everything: {
		kinds: [...UPSTREAM_FAULTS, ...PLAIN, ...PLAIN, "plain", "slow"],
		gap: [100, 1500],
		inject: anything,
		allows5xx: true,
		repeats: true,
	},
	"upstream and kill": { kinds: [...UPSTREAM_FAULTS, "plain"], gap: [500, 1500], each: true, inject: kill, allows5xx: true },
};

/** What a run of two minutes does: every kind of fault once. */
export const SHORT = [
	"none",
	"kill",
	"kill at a step",
	"error",
	"restart",
	"pause",
	"database killed",
	"read-only",
	"connections",
	"upstream and kill",
	"everything",
];
