// The public comparison: one run measures each work in turn for the product, for a fair peer in Node (peer/) and for the
// floors. Prints one table and writes all rounds to a file; lib/settings.mjs lists the settings. `run` starts it.

import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { SIDES, figures, isGood, remark } from "./lib/figures.mjs";
import { machine } from "./lib/machine.mjs";
import { stopAll, until } from "./lib/process.mjs";
import { settings } from "./lib/settings.mjs";
import { Site } from "./lib/site.mjs";
import { round, textTable } from "./lib/table.mjs";
import { chosen, list, listBody } from "./lib/works.mjs";

const say = (text) => process.stderr.write(`${text}\n`);

const sidesOf = (work) => Object.keys(work.sides).filter((side) => settings.sides.length === 0 || settings.sides.includes(side));
const roundsOf = (work) => settings.rounds ?? work.rounds ?? 3;

/** Waits until the product has finished its work on stored data, which would otherwise appear in the next figures. */
const settle = (site) => until("a settled search index", () => site.data.isSettled());

/** Runs the rounds as A B C A B C, so that a change of the machine affects all sides. */
async function measure(site, work, rounds, progress) {
	await work.prepare(site);
	const failed = new Set(); // a side that could not finish the replies of a crowd is not asked again
	for (let n = 1; n <= roundsOf(work); n++)
		for (const side of sidesOf(work)) {
			if (failed.has(side)) continue;
			await settle(site);
			const result = await work.sides[side](site);
			rounds.push({ work: work.name, side, round: n, result });
			if (side !== "lamplight" && result.finished < work.streams) failed.add(side);
			const one = figures(work, [rounds.at(-1)]).sides[0];
			say(`${progress()} ${work.title}: ${SIDES[side]}: ${round(one.value.median)} ${work.unit} ${remark(one)}`);
		}
}

function counter(works) {
	const total = works.reduce((sum, work) => sum + sidesOf(work).length * roundsOf(work), 0);
	const begun = Date.now();
	let n = 0;
	return () => `[${String(++n).padStart(String(total).length)}/${total}, ${Math.round((Date.now() - begun) / 1000)} s]`;
}

/** Gives the floors the body of the product's list as their answer. */
async function prepare(site, works) {
	await list.prepare(site);
	await site.startFloors(await listBody(site));
	if (works.some((work) => sidesOf(work).includes("peer"))) await site.startPeer();
}

/** A program that is compiled while it runs is slow at first. */
async function warmPeer(site, works) {
	if (!site.peer) return;
	say("warming up the peer ...");
	for (const work of works) {
		if (work.streams || work.stored || !sidesOf(work).includes("peer")) continue;
		await work.prepare(site);
		await work.sides.peer(site);
	}
}

function write(results) {
	mkdirSync(dirname(settings.out), { recursive: true });
	writeFileSync(settings.out, `${JSON.stringify(results, null, "\t")}\n`);
	say(`all rounds are in ${settings.out}; tests/bench/report ${settings.out} makes the tables and pictures of the documents`);
}

const works = chosen();
const about = machine();
say("an instance of its own ...");
const site = await Site.open();
const rounds = [];
const leave = async () => {
	await stopAll();
	await site.close();
};
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"])
	process.once(signal, async () => {
		await leave();
		process.exit(1);
	});
let failure;
try {
	await prepare(site, works);
	await warmPeer(site, works);
	const progress = counter(works);
	for (const work of works) await measure(site, work, rounds, progress);
} catch (error) {
	failure = error; // still reports what was measured before
} finally {
	await leave();
}
const found = works.map((work) => figures(work, rounds)).filter(({ sides }) => sides.length > 0);
console.log(textTable(found));
const asked = ["PARTS", "ROUNDS", "SIDES", "SECONDS", "STREAMS", "RATE", "GROWTH"].filter((name) => process.env[name]);
const command = ["make bench", ...asked.map((name) => `${name}="${process.env[name]}"`)].join(" ");
write({ command, ...about, works: found, rounds });
if (failure) throw failure;
process.exit(found.every((work) => work.sides.every(isGood)) ? 0 : 1);
