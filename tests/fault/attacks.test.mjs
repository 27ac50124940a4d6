// Attacks alongside people who use the site as usual (I20): nearly all of their requests succeed, about as fast as without the attack,
// and when it is over everything it occupied is released. Runs on an instance of its own, with the limits of an operator who sets none.
//
// Each attack lasts ATTACK_SECONDS (3); `make torture` lets them last longer, with so many people that each row has 2,000 or more
// of their requests. The test asserts success and release. It only prints the latency next to that before the attack, and the processor
// use, because attackers, people and site share the processors of one machine.

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { createConnection } from "mysql2/promise";
import { User, newId } from "../support/api.mjs";
import { settings, up } from "../support/instance.mjs";
import { Attack } from "./lib/attacks/attacker.mjs";
import { ATTACKS, begin } from "./lib/attacks/run.mjs";
import { within } from "./lib/within.mjs";
import { PROCESSES } from "../support/db.mjs";

const MS = Number(process.env.ATTACK_SECONDS ?? 3) * 1000;
const LONG = MS > 10_000;
const PEOPLE = LONG ? 16 : 6;
/** The least number of their requests: one in a thousand may fail. */
const LEAST = LONG ? 2000 : 0;
/** How long they wait for an answer. */
const PATIENCE_MS = 30_000;
/** The pause between two messages of one person, which stays below the limits of a user. */
const PAUSE_MS = LONG ? 1100 : 250;
const PROGRAMS = ["auth", "sessions", "messages", "chat", "admin", "health"];
const MB = 1 << 20;

/** How much more than before may remain: connections that nginx's workers keep open to a program, memory that the allocator keeps. */
const LEFT = { descriptors: 24, threads: 16, memory: 48 * MB, connections: 16 };
/** The upper limit under attack; the memory of a sanitizer build proves nothing. */
const PEAK = { auth: 128 * MB, sessions: 128 * MB, messages: 128 * MB, chat: 384 * MB, admin: 128 * MB, health: 64 * MB };
const measuresMemory = (process.env.VARIANT ?? "release") === "release";

const TREE = { anyOf: [{ $ref: "#/$defs/leaf" }, { $ref: "#/$defs/not" }, { $ref: "#/$defs/other" }] };
const QUERY = {
	name: "query",
	description: "A tree",
	parameters: {
		type: "object",
		properties: { q: { $ref: "#/$defs/tree" }, list: { type: "array", uniqueItems: true } },
		$defs: {
			tree: TREE,
			leaf: { type: "object", properties: { kind: { const: "leaf" } }, required: ["kind"] },
			not: { type: "object", properties: { not: { $ref: "#/$defs/tree" }, kind: { const: "no" } }, required: ["not", "kind"] },
			other: { type: "object", properties: { not: { $ref: "#/$defs/tree" }, kind: { const: "other" } }, required: ["not", "kind"] },
		},
	},
};

let instance, folder;

before(async () => {
	folder = mkdtempSync(`${tmpdir()}/lamplight-attacks-`);
	const given = JSON.parse(readFileSync(process.env.LAMPLIGHT_TOOLS_HTTP_FILE, "utf8"));
	const { url } = given[0];
	writeFileSync(`${folder}/tools.json`, JSON.stringify([...given, { type: "function", function: QUERY, url }]));
	const asShipped = Object.keys(settings).filter((name) => name.startsWith("LAMPLIGHT_LIMITS_"));
	instance = await up({
		server: process.env.LAMPLIGHT_SERVER ?? "nginx",
		more: {
			...Object.fromEntries(asShipped.map((name) => [name, undefined])),
			LAMPLIGHT_TOOLS_HTTP_FILE: `${folder}/tools.json`,
			LAMPLIGHT_AUTH_REGISTER: "on",
		},
	});
	await run(await crowd(PEOPLE), 1000); // all threads have what they need
});

after(async () => {
	await instance?.down();
	if (!process.env.KEEP) instance?.remove();
	rmSync(folder, { recursive: true });
});

let joined = 0;

/** Registers users, each from a different network. */
async function crowd(n) {
	const base = instance.env.LAMPLIGHT_URL;
	const door = new Attack(base, []);
	const join = async () => {
		const body = { username: `u-${newId()}`, password: User.password };
		const { status, body: text } = await door.ask("POST", "/api/auth/register", { body, from: `127.1.0.${++joined}` });
		assert.equal(status, 201, text);
		return Object.assign(new User(JSON.parse(text)), { base, password: User.password });
	};
	const users = [];
	while (users.length < n) users.push(await join());
	return users;
}

// ---- people

/**
 * A browser repeats a request if the kept connection closes before a byte of the answer arrives: Apache closes idle
 * connections when all threads of a process are busy.
 */
async function asked(work) {
	try {
		return await work();
	} catch (error) {
		const { code, socket } = error.cause ?? {};
		if (error.message !== "fetch failed" || code !== "UND_ERR_SOCKET" || !socket?.bytesRead) throw error;
		return work();
	}
}

/** Requests one after the other, as a page sends them; records how long each took and what failed. */
async function live(user, until, seen) {
	const timed = async (what, work) => {
		const begun = performance.now();
		try {
			await within(PATIENCE_MS, asked(work));
		} catch (error) {
			seen.failures.push(`${what}: ${error.message.slice(0, 200)}`);
		}
		seen.times.push(performance.now() - begun);
		(seen.kinds[what] ??= []).push(seen.times.at(-1));
	};
	const answered = (path) => async () => {
		const answer = await user.get(path);
		assert.equal(answer.status, 200, answer.text);
	};
	for (let n = 0; performance.now() < until || seen.times.length < seen.least; n++) {
		let turn;
		await timed("say", async () => {
			turn = await user.say(`hello ${n}`);
			assert.equal(turn.text, `You said: hello ${n}`);
		});
		await timed("list", answered("/api/ai/sessions?limit=20"));
		if (turn) await timed("history", answered(`/api/ai/sessions/${turn.sessionId}/messages`));
		await timed("me", answered("/api/me"));
		await sleep(PAUSE_MS);
	}
}

async function run(users, ms, least = 0) {
	const seen = { times: [], kinds: {}, failures: [], least };
	const until = performance.now() + ms;
	await Promise.all(users.map((user) => live(user, until, seen)));
	return seen;
}

const quantile = (times, q) => Math.round([...times].sort((a, b) => a - b)[Math.min(times.length - 1, Math.floor(times.length * q))]);

// ---- what the programs use

/** Processor seconds so far of the site's services, of the attackers, and of everything else on this machine. */
function processors(attacker) {
	const dir = `${instance.env.LAMPLIGHT_VAR}/run`;
	const pids = readdirSync(dir).filter((name) => name.endsWith(".pid")).map((name) => [name.replace(/\..*/, ""), Number(readFileSync(`${dir}/${name}`, "utf8"))]);
	const taken = { attacker: 0, people: process.cpuUsage().user / 1e6 + process.cpuUsage().system / 1e6 };
	const owners = new Map([...pids.map(([name, pid]) => [pid, name]), [attacker, "attacker"], [process.ppid, "model"]]); // tests/run plays the model
	for (const name of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
		try {
			const stat = readFileSync(`/proc/${name}/stat`, "latin1");
			const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
			const owner = owners.get(Number(name)) ?? owners.get(Number(fields[1])); // itself, or as nginx's workers
			if (owner) taken[owner] = (taken[owner] ?? 0) + (Number(fields[11]) + Number(fields[12])) / 100;
		} catch {
			// it has ended
		}
	}
	const [user, nice, system, idle, wait] = readFileSync("/proc/stat", "latin1").split("\n")[0].split(/\s+/).slice(1).map(Number);
	return { ...taken, all: (user + nice + system) / 100, idle: (idle + wait) / 100 };
}

/** Each one's share of all processor time, in percent. */
function shares(before, after) {
	const total = after.all + after.idle - before.all - before.idle;
	const share = ([name, seconds]) => [name, Math.round(((seconds - (before[name] ?? 0)) / total) * 100)];
	return Object.fromEntries(Object.entries(after).map(share).filter(([, percent]) => percent > 0));
}

const pidOf = (program) => Number(readFileSync(`${instance.env.LAMPLIGHT_VAR}/run/${program}.pid`, "utf8"));

function of(program) {
	const status = readFileSync(`/proc/${pidOf(program)}/status`, "utf8");
	const number = (name) => Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(status)[1]);
	return { descriptors: readdirSync(`/proc/${pidOf(program)}/fd`).length, threads: number("Threads"), memory: number("VmRSS") * 1024 };
}

async function connections() {
	const db = await createConnection({ socketPath: `${instance.env.LAMPLIGHT_VAR}/run/mysql.sock`, user: "root" });
	const [[{ n }]] = await db.query(`SELECT COUNT(*) AS n FROM ${PROCESSES} WHERE user = 'lamplight'`);
	db.destroy();
	return Number(n);
}

const held = async () => ({ programs: Object.fromEntries(PROGRAMS.map((program) => [program, of(program)])), connections: await connections() });

/** What exceeds the earlier value by more than is allowed; memory counts only if its value is meaningful. */
function excess(before, now) {
	const found = [];
	const compare = (what, was, is, more) => is > was + more && found.push(`${what}: ${is}, before ${was}`);
	compare("connections to the database", before.connections, now.connections, LEFT.connections);
	for (const program of PROGRAMS)
		for (const [what, was] of Object.entries(before.programs[program]))
			if (what !== "memory" || measuresMemory) compare(`${program} ${what}`, was, now.programs[program][what], LEFT[what]);
	return found;
}

/** The time until everything is released; null: not in time. */
async function atRest(before, seconds) {
	const begun = Date.now();
	for (;;) {
		const found = excess(before, await held());
		if (found.length === 0) return { ms: Date.now() - begun, found };
		if (Date.now() > begun + seconds * 1000) return { ms: null, found };
		await sleep(250);
	}
}

/** The highest use of each program while `work` runs. */
async function peaks(work) {
	const most = Object.fromEntries(PROGRAMS.map((program) => [program, 0]));
	let over = false;
	const watching = (async () => {
		while (!over) {
			for (const program of PROGRAMS) most[program] = Math.max(most[program], of(program).memory);
			await sleep(100);
		}
	})();
	const result = await work();
	over = true;
	await watching;
	return { most, result };
}

// ---- attacks

const kinds = ({ kinds }) => Object.entries(kinds).map(([what, times]) => `${what} ${quantile(times, 0.5)}/${quantile(times, 0.99)}`).join(", ");
const MBs = (bytes) => Math.round(bytes / MB);

function tell(name, { told, calm, seen, p99, most, rest }) {
	const peak = Object.entries(most).map(([program, bytes]) => `${program} ${MBs(bytes)}`);
	console.log(
		`${name}: answers ${JSON.stringify(told.statuses)}, ${told.opened} connections held; people: ${seen.failures.length} of ${seen.times.length}` +
			` failed (${calm.failures.length} of ${calm.times.length} before), p99 ${p99.is} ms (${p99.was} before);` +
			` at most MB: ${peak.join(", ")}; back after ${rest.ms ?? "never"} ms ${rest.found.join(", ")}\n` +
			`  p50/p99 ms of each: ${kinds(seen)} (${kinds(calm)} before); % of the processors: ${JSON.stringify(seen.shares)} (${JSON.stringify(calm.shares)} before)`,
	);
}

const wanted = process.env.ATTACKS?.split(",");
for (const name of Object.keys(ATTACKS).filter((name) => !wanted || wanted.includes(name)))
	test(name, { timeout: MS * 3 + 200_000 }, async () => {
		const people = await crowd(PEOPLE);
		const attackers = await crowd(3);
		const atFirst = processors();
		const calm = await run(people, MS);
		calm.shares = shares(atFirst, processors());
		const before = await held();
		const pids = PROGRAMS.map(pidOf);
		const attack = begin(name, instance.env.LAMPLIGHT_URL, attackers);
		await sleep(300);
		const atBegin = processors(attack.pid);
		const { most, result: seen } = await peaks(() => run(people, MS, LEAST));
		seen.shares = shares(atBegin, processors(attack.pid));
		const told = await attack.end();
		const rest = await atRest(before, 10);
		const p99 = { was: quantile(calm.times, 0.99), is: quantile(seen.times, 0.99) };
		tell(name, { told, calm, seen, p99, most, rest });

		assert.deepEqual(PROGRAMS.map(pidOf), pids, "no program was replaced");
		const failed = `${seen.failures.length} of ${seen.times.length}: ${seen.failures.slice(0, 5).join("; ")}`;
		assert.ok(seen.failures.length <= seen.times.length / 1000, failed);
		if (measuresMemory) for (const program of PROGRAMS) assert.ok(most[program] <= PEAK[program], `${program} took ${MBs(most[program])} MB`);
		assert.deepEqual(rest.found, [], "all is back after 10 s");
	});
