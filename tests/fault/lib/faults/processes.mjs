// Faults of the chat worker: killed, stopped, replaced, or deprived of resources.

import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

const run = promisify(execFile);

export const STEPS = [
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
/** Generous: the machine is loaded, and runsv pauses for a second. */
const MARKED_MS = 5000;
export const ARMED_MS = 4000;

/** Some steps are passed once per reply, the others repeatedly. */
const ONCE_A_REPLY = /^turn|^journal.end$|^stream.stored$/;
const passages = (step, random) => random.between(1, ONCE_A_REPLY.test(step) ? 3 : 40);

export async function killAt(step, node, random) {
	const old = await node.fault(step, "kill", passages(step, random), ARMED_MS);
	if (!old) return null;
	await node.replaced(old);
	return `kill at ${step}`;
}

export async function kill(_site, _random, node) {
	const old = node.pid();
	if (!node.signal("SIGKILL", old)) return null;
	await node.replaced(old);
	return "kill";
}

/** The replies of a killed worker must be marked by another worker that notices its death. */
export async function killAndMark(site, _random, node) {
	const old = node.pid();
	const held = `SELECT m.id, m.worker_epoch FROM message m JOIN worker w ON w.id = m.worker_id AND w.epoch = m.worker_epoch
		WHERE m.streaming_session IS NOT NULL AND w.holder LIKE '% ${old}'`;
	const left = "SELECT COUNT(*) AS n FROM message WHERE status = 'streaming' AND (id, worker_epoch) IN (?)";
	return site.asRoot(async (db) => {
		const [rows] = await db.query(held);
		if (!node.signal("SIGKILL", old)) return null;
		const at = Date.now();
		const streaming = async () => Number((await db.query(left, [rows.map(Object.values)]))[0][0].n);
		while (rows.length && (await streaming()) > 0) {
			if (Date.now() - at > MARKED_MS) throw new Error(`replies of ${old} are not marked ${MARKED_MS} ms after its death`);
			await sleep(20);
		}
		const took = Date.now() - at;
		await node.replaced(old);
		return rows.length ? `marked within ${Math.ceil(took / 250) * 250} ms` : "kill";
	});
}

export async function restart(_site, _random, node) {
	const old = node.pid();
	if (!node.signal("SIGTERM", old)) return null;
	await node.replaced(old);
	return "restart";
}

/** Restarts all programs of a node in turn, as an operator does. */
export async function reload(_site, _random, node) {
	await node.instance.reload();
	return "reload";
}

/** Stopped for longer than its lease: others recover its replies, then it wakes up. */
export async function pause(site, random, node) {
	const step = random.pick([null, ...STEPS]);
	const pid = step ? await node.fault(step, "pause", random.between(1, 5), ARMED_MS) : node.pid();
	if (!pid || (!step && !node.signal("SIGSTOP", pid))) return null;
	await sleep(site.leaseMs + random.between(200, random.chance(0.2) ? 4500 : 1500));
	node.signal("SIGCONT", pid);
	return step ? `pause at ${step}` : "pause";
}

export async function errorAt(_site, random, node) {
	return (await node.fault(random.pick(STEPS_WITH_ERRORS), "err", random.between(1, 5), ARMED_MS)) ? "err" : null;
}

/** Sets a soft limit on a process for a time; null: it was replaced meanwhile. */
async function limited(pid, { option, name, value }, work) {
	const set = (soft) => run("prlimit", ["--pid", String(pid), `${option}=${soft}:`]);
	try {
		const [, before] = new RegExp(`${name}\\s+(\\d+|unlimited)`).exec(readFileSync(`/proc/${pid}/limits`, "utf8"));
		await set(value());
		const done = await work();
		await set(before).catch(() => {}); // the limit has ended it
		return done;
	} catch {
		return null;
	}
}

/** Leaves only a few descriptors. */
export async function descriptors(_site, random, node) {
	const pid = node.pid();
	const more = random.between(0, 4);
	const value = () => readdirSync(`/proc/${pid}/fd`).length + more;
	return limited(pid, { option: "--nofile", name: "Max open files", value }, async () => {
		await sleep(random.between(100, 1500));
		return "descriptors";
	});
}

/** Leaves only little more memory than it has: allocations fail, in our code and in the libraries. */
export async function memory(_site, random, node) {
	const pid = node.pid();
	const more = random.between(0, 60) * 4096;
	const value = () => Number(/VmData:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1]) * 1024 + more;
	return limited(pid, { option: "--data", name: "Max data size", value }, async () =>
		(await node.replaced(pid, random.between(200, 1500) / 1000)) ? "out of memory" : "no memory",
	);
}
