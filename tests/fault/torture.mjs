#!/usr/bin/env node
// Breaks a running Lamplight in every way that one machine allows while people use it, and checks afterwards that the
// promises of the invariants held.
//
//   tests/fault/torture.mjs --minutes 2           every kind of fault once, shortly
//   tests/fault/torture.mjs --runs 100            every row until its fault was injected so often
//   --rows "kill,restart"  these rows only        --seed N      the decisions of another run again
//   --clients 8            people at once         --lease 1500  the lease of a worker, in ms
//   --nodes 2              web servers with programs, on one database
//   --seconds 20           length of a round        --journal-wait 500  chat.journal_wait_ms
//   --variant fault        asan or tsan: the same built with a sanitizer, whose every report is a failure
//   --keep                 leave the files of the instances and the histories that violate something
//
// Ends with a table and "N passed, N failed": a check of one round passes or fails.

import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { parseArgs } from "node:util";
import { CHECKS } from "./lib/checks.mjs";
import { ROWS, SHORT } from "./lib/faults.mjs";
import { random as newRandom } from "./lib/random.mjs";
import { play } from "./lib/round.mjs";
import { Site } from "./lib/site.mjs";

const { values: options } = parseArgs({
	options: {
		minutes: { type: "string" },
		runs: { type: "string" },
		rows: { type: "string" },
		seed: { type: "string", default: String(Date.now() % 1_000_000) },
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
const rows = options.rows ? options.rows.split(",") : options.runs ? Object.keys(ROWS) : SHORT;
for (const name of rows) if (!ROWS[name]) throw new Error(`no row "${name}"; there are: ${Object.keys(ROWS).join(", ")}`);
const runs = options.runs ? Number(options.runs) : 0;
const endAt = options.minutes ? Date.now() + Number(options.minutes) * 60_000 : Infinity;
/** A round takes as long again to come to rest. */
const roundMs = options.seconds
	? Number(options.seconds) * 1000
	: runs
		? 20_000
		: Math.max(1500, (Number(options.minutes ?? 2) * 60_000 - 25_000) / rows.length - 3500);

const totals = new Map(
	rows.map((name) => [name, { rounds: 0, injected: 0, violations: 0, usableMs: 0, stopMs: 0, counts: {}, errors: {} }]),
);
const add = (into, from) => {
	for (const [what, n] of Object.entries(from)) into[what] = (into[what] ?? 0) + n;
};
const sum = (counts) => Object.values(counts).reduce((total, n) => total + n, 0);

function report(result, total) {
	const broken = new Set(result.violations.map(({ invariant }) => invariant));
	total.rounds++;
	total.injected += sum(result.faults);
	total.violations += result.violations.length;
	for (const what of ["usableMs", "stopMs"]) total[what] = Math.max(total[what], result.measured[what]);
	add(total.counts, result.counts);
	add(total.errors, result.errors);
	const { sends, acks, views, complete = 0, stopped = 0, interrupted = 0, error = 0, silent } = result.counts;
	console.log(
		`${result.name.padEnd(22)} seed ${result.seed}: ${JSON.stringify(result.faults)} ${sends} sends, ${acks} answers, ${views} streams, replies ${complete}/${stopped}/${interrupted}/${error}, ${silent ? `${silent} connections silent, ` : ""}${broken.size ? [...broken].join(" ") : "well"}`,
	);
	for (const { invariant, what } of result.violations.slice(0, 12)) console.log(`  ${invariant}: ${what}`);
	if (result.violations.length > 12) console.log(`  ... and ${result.violations.length - 12} more`);
	return { passed: Object.keys(CHECKS).length - broken.size, failed: broken.size };
}

function table() {
	console.log(`\n${"fault".padEnd(22)} rounds  injected   sends  repeats  reloads   stops  violations  longest wait ms  stop ms`);
	for (const [name, { rounds, injected, violations, usableMs, stopMs, counts }] of totals) {
		const cell = (n, width) => String(n ?? 0).padStart(width);
		const { sends, duplicates, resumed, stops } = counts;
		console.log(
			`${name.padEnd(22)}${cell(rounds, 7)}${cell(injected, 10)}${cell(sends, 8)}${cell(duplicates, 9)}${cell(resumed, 9)}${cell(stops, 8)}${cell(violations, 12)}${cell(usableMs, 17)}${cell(stopMs, 9)}`,
		);
	}
	const errors = {};
	for (const total of totals.values()) add(errors, total.errors);
	console.log(`logged as errors: ${JSON.stringify(errors)}`);
}

console.log(`seed ${options.seed}`);
// A make that runs this must not choose another variant.
execFileSync("make", ["--no-print-directory", `VARIANT=${options.variant}`, "CFLAGS=-g -DFAULTS", "programs"], {
	cwd: new URL("../..", import.meta.url),
	env: { ...process.env, MAKEFLAGS: "" },
});
const site = await Site.open({
	leaseMs: Number(options.lease),
	nodes: Number(options.nodes),
	more: { VARIANT: options.variant, LAMPLIGHT_CHAT_JOURNAL_WAIT_MS: options["journal-wait"] },
});
let passed = 0,
	failed = 0;
let interrupted = false;
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => (interrupted = true)); // after this round
try {
	const users = [];
	for (let n = 0; n < Number(options.clients); n++) users.push(await site.register(`torture-${n}`));
	for (let round = 0; ; round++) {
		const open = runs
			? rows.filter(
					(name) => totals.get(name).rounds === 0 || (totals.get(name).injected > 0 && totals.get(name).injected < runs),
				)
			: round < rows.length
				? rows
				: [];
		if (open.length === 0 || Date.now() > endAt || interrupted) break;
		const name = open[round % open.length];
		const seed = `${options.seed}.${round}`;
		const result = await play(site, { name, row: ROWS[name], seed, users, ms: roundMs, random: newRandom(seed) });
		const counts = report(result, totals.get(name));
		passed += counts.passed;
		failed += counts.failed;
		if (counts.failed && options.keep) {
			mkdirSync(KEPT, { recursive: true });
			writeFileSync(`${KEPT}/${seed}.json`, JSON.stringify(result.history));
		}
	}
} finally {
	await site.close({ keep: options.keep });
}
table();
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed ? 1 : 0;
