#!/usr/bin/env node
// Breaks a running Lamplight in every way that one machine allows while people use it, and checks afterwards that the
// promises of the invariants held.
//
//   tests/fault/torture.mjs --minutes 2           every kind of fault once, for a short time
//   tests/fault/torture.mjs --runs 200            every row until its fault was injected this often, or --minutes are over
//   --rows "kill:1000,restart"  only these rows, the first one this often; "kill:1000,*" adds all others
//   --seed N      repeats the decisions of another run
//   --jobs 3      sites side by side, each with a database of its own
//   --json FILE   writes the totals, added to those that the file has
//   --wires anthropic,gemini   the wires of the models, one for each person in turn; by default all four
//   --clients 8   people at the same time  --lease 1500  the lease of a worker, in ms
//   --nodes 2     web servers with programs, on one database
//   --seconds 20  length of a round      --journal-wait 500  chat.journal_wait_ms
//   --variant fault        or asan or tsan: a build with that sanitizer, in which every report is a failure
//   --keep        keeps the files of the instances and the histories that violate something
//
// Ends with a table and "N passed, N failed", where each check of a round counts as one.

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { parseArgs } from "node:util";
import { CHECKS } from "./lib/checks.mjs";
import { ROWS, SHORT } from "./lib/faults.mjs";
import { WIRES } from "./lib/models.mjs";
import { random as newRandom } from "./lib/random.mjs";
import { play } from "./lib/round.mjs";
import { Site } from "./lib/site.mjs";
import { within } from "./lib/within.mjs";

const { values: options } = parseArgs({
	options: {
		minutes: { type: "string" },
		runs: { type: "string" },
		rows: { type: "string" },
		seed: { type: "string", default: String(Date.now() % 1_000_000) },
		jobs: { type: "string", default: "1" },
		json: { type: "string" },
		wires: { type: "string", default: WIRES.join(",") },
		clients: { type: "string", default: "8" },
		lease: { type: "string", default: "1500" },
		nodes: { type: "string", default: "2" },
		seconds: { type: "string" },
		"journal-wait": { type: "string", default: "60000" },
		variant: { type: "string", default: "fault" },
		keep: { type: "boolean", default: false },
	},
});

const KEPT = `${tmpdir()}/lamplight-torture`;
const ROOT = new URL("../..", import.meta.url);
const runs = options.runs ? Number(options.runs) : 0;
const jobs = Number(options.jobs);
const wires = options.wires.split(",");
for (const wire of wires) if (!WIRES.includes(wire)) throw new Error(`no wire "${wire}"; there are: ${WIRES.join(", ")}`);
/** The rows to play, each with its number of faults. */
function wantedRows(list) {
	const given = new Map();
	for (const row of list) {
		const [name, times = runs] = row.split(":");
		if (!ROWS[name] && name !== "*") throw new Error(`no row "${name}"; there are: ${Object.keys(ROWS).join(", ")}`);
		for (const one of name === "*" ? Object.keys(ROWS) : [name]) if (!given.has(one)) given.set(one, Number(times));
	}
	return [...given];
}
const wanted = wantedRows(options.rows?.split(",") ?? (runs ? ["*"] : SHORT));
/** Without a number of runs, every row is played once, within the total time. */
const endAt = runs && options.minutes ? Date.now() + Number(options.minutes) * 60_000 : Infinity;
/** A round takes a while to come to rest, and each kind of site to start. */
const roundMs = options.seconds
	? Number(options.seconds) * 1000
	: runs
		? 20_000
		: Math.max(1500, ((Number(options.minutes ?? 2) * 60_000 - 40_000) * jobs) / wanted.length - 3500);

const newTotal = () => ({ rounds: 0, ms: 0, injected: 0, violations: 0, usableMs: 0, stopMs: 0, faults: {}, counts: {}, errors: {} });
const totals = new Map(wanted.map(([name]) => [name, newTotal()]));
const skipped = new Map();
const add = (into, from) => {
	for (const [what, n] of Object.entries(from)) into[what] = (into[what] ?? 0) + n;
};
const sum = (counts) => Object.values(counts).reduce((total, n) => total + n, 0);

function report(result, total) {
	const broken = new Set(result.violations.map(({ invariant }) => invariant));
	total.rounds++;
	total.ms += result.ms;
	total.injected += sum(result.faults);
	add(total.faults, result.faults);
	total.violations += result.violations.length;
	for (const what of ["usableMs", "stopMs"]) total[what] = Math.max(total[what], result.measured[what]);
	add(total.counts, result.counts);
	add(total.errors, result.errors);
	const { sends, acks, refused, views, complete = 0, stopped = 0, interrupted = 0, error = 0, silent } = result.counts;
	console.log(
		`${result.name.padEnd(22)} seed ${result.seed}: ${JSON.stringify(result.faults)} ${sends} sends, ${acks} answers, ${refused} refused, ${views} streams, replies ${complete}/${stopped}/${interrupted}/${error}, ${silent ? `${silent} connections silent, ` : ""}${broken.size ? [...broken].join(" ") : "well"}`,
	);
	for (const { invariant, what } of result.violations.slice(0, 12)) console.log(`  ${invariant}: ${what}`);
	if (result.violations.length > 12) console.log(`  ... and ${result.violations.length - 12} more`);
	return { passed: Object.keys(CHECKS).length - broken.size, failed: broken.size };
}

function table() {
	const columns = ["rounds", "injected", "cut off", "sends", "repeats", "reloads", "stops", "violations", "wait ms", "stop ms", "min/200"];
	const line = (name, cells) => console.log(name.padEnd(22) + cells.map((cell) => String(cell ?? 0).padStart(11)).join(""));
	console.log();
	line("fault", columns);
	for (const [name, { rounds, ms, injected, violations, usableMs, stopMs, counts }] of totals) {
		const { interrupted, sends, duplicates, resumed, stops } = counts;
		const minutes = injected ? (((ms / injected) * 200) / 60_000).toFixed(1) : "-";
		if (skipped.has(name)) console.log(`${name.padEnd(22)} skipped: ${skipped.get(name)}`);
		else line(name, [rounds, injected, interrupted, sends, duplicates, resumed, stops, violations, usableMs, stopMs, minutes]);
	}
	for (const wire of wires) {
		const of = ([name, { counts }]) => ({ name, n: counts[`sends of ${wire}`] ?? 0 });
		const played = [...totals].filter(([name]) => !skipped.has(name)).map(of);
		const least = played.reduce((least, one) => (one.n < least.n ? one : least), played[0]);
		if (least) console.log(`${wire}: ${played.reduce((sum, { n }) => sum + n, 0)} sends, the fewest under "${least.name}": ${least.n}`);
	}
	const errors = {};
	for (const total of totals.values()) add(errors, total.errors);
	console.log(`logged as errors: ${JSON.stringify(errors)}`);
}

/** Several runs, of several commits, are added up in one file. */
function writeTotals(path) {
	const commit = execFileSync("git", ["describe", "--always", "--dirty"], { cwd: ROOT, encoding: "utf8" }).trim();
	const kept = existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : { runs: [], rows: {} };
	kept.runs.push({ commit, variant: options.variant, seed: options.seed, passed, failed });
	for (const [name, { usableMs, stopMs, faults, counts, errors, ...numbers }] of totals) {
		const row = (kept.rows[name] ??= newTotal());
		add(row, numbers);
		for (const [into, from] of [[row.faults, faults], [row.counts, counts], [row.errors, errors]]) add(into, from);
		Object.assign(row, { usableMs: Math.max(row.usableMs, usableMs), stopMs: Math.max(row.stopMs, stopMs) });
	}
	writeFileSync(path, `${JSON.stringify(kept, null, "\t")}\n`);
}

/** Longer than all waits of clients and faults together. */
const COMES_TO_REST_MS = 300_000;
/** How far others must be behind, as a fraction, before a site is closed and one of another kind opened. */
const SWITCH = 0.25;
const kindOf = (name) => ROWS[name].site ?? "plain";
let passed = 0,
	failed = 0,
	rounds = 0,
	interrupted = false;
/** What failed, for the end. */
const broken = [];
const taken = new Map(); // rows that are played now -> by how many jobs
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => (interrupted = true)); // after this round

/** The row to play next: the one that is furthest behind, preferably one for the kind of site that the job has. */
function nextRow(kind) {
	if (Date.now() > endAt || interrupted) return null;
	const left = ([name, times]) => {
		const { rounds, injected } = totals.get(name);
		const begun = taken.get(name) ?? 0;
		if (rounds + begun === 0) return 1;
		// One that does nothing by itself, as "none", is played once.
		if (!times || (injected === 0 && begun === 0)) return 0;
		return rounds === 0 ? 0 : 1 - injected / times - (begun * injected) / rounds / times;
	};
	const open = wanted.filter((row) => !skipped.has(row[0]) && left(row) > 0);
	const weight = (row) => left(row) + (kindOf(row[0]) === kind ? SWITCH : 0);
	return open.reduce((most, row) => (most && weight(most) >= weight(row) ? most : row), null)?.[0];
}

const openSite = (kind) =>
	Site.open({
		kind,
		// If a statement passes through this process, or to one of several servers, a renewal may be late without any fault.
		leaseMs: Number(options.lease) * ({ network: 6, galera: 6, group: 6 }[kind] ?? 1),
		nodes: Number(options.nodes),
		wires,
		more: { VARIANT: options.variant, LAMPLIGHT_CHAT_JOURNAL_WAIT_MS: options["journal-wait"] },
	});

/** A round that does not end is a failure; prints what it waits for. */
async function inTime(site, title, round) {
	try {
		return await within(roundMs + COMES_TO_REST_MS, round);
	} catch (error) {
		if (error.message !== "silence") throw error;
		const state = await within(20_000, site.state()).catch(() => "(nor is its state to be had)");
		throw new Error(`${title} did not come to its end:\n${state}`);
	}
}

async function playRow(site, users, name) {
	const seed = `${options.seed}.${rounds++}`;
	const begun = Date.now();
	const round = play(site, { name, row: ROWS[name], seed, users, ms: roundMs, random: newRandom(seed) });
	const result = await inTime(site, `"${name}", seed ${seed},`, round);
	const counts = report({ ...result, ms: Date.now() - begun }, totals.get(name));
	passed += counts.passed;
	failed += counts.failed;
	if (counts.failed) broken.push(`"${name}", seed ${seed}`);
	if ((counts.failed || result.counts.silent) && options.keep) {
		mkdirSync(KEPT, { recursive: true });
		writeFileSync(`${KEPT}/${seed}.json`, JSON.stringify(result.history));
	}
}

/** Plays rows until none are left; a site is used for as long as there are rows of its kind. */
async function job() {
	let site = null,
		users = [];
	try {
		for (let name; (name = nextRow(site?.kind ?? "plain")); ) {
			taken.set(name, (taken.get(name) ?? 0) + 1);
			if (site && site.kind !== kindOf(name)) {
				await site.close({ keep: options.keep });
				site = null;
			}
			if (!site) {
				site = await openSite(kindOf(name));
				users = [];
				for (let n = 0; n < Number(options.clients); n++) users.push(await site.register(`torture-${n}`));
			}
			await playRow(site, users, name);
			taken.set(name, taken.get(name) - 1);
		}
	} catch (error) {
		interrupted = true; // the others finish
		throw error;
	} finally {
		await site?.close({ keep: options.keep });
	}
}

console.log(`seed ${options.seed}`);
// The make that runs this must not choose another variant.
execFileSync("make", ["--no-print-directory", `VARIANT=${options.variant}`, "CFLAGS=-g -DFAULTS", "programs"], {
	cwd: ROOT,
	env: { ...process.env, MAKEFLAGS: "" },
});
for (const [name] of wanted) {
	const reason = await ROWS[name].unless?.(options.variant);
	if (reason) skipped.set(name, reason);
}
const ends = await Promise.allSettled(Array.from({ length: jobs }, job));
table();
if (options.json) writeTotals(options.json);
for (const { reason } of ends) {
	if (!reason) continue;
	failed++;
	broken.push(reason.message.split("\n", 1)[0]);
	console.log(reason.stack);
}
if (broken.length > 0) console.log(`failed: ${broken.join("; ")}`);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0); // whatever a round that did not end still holds
