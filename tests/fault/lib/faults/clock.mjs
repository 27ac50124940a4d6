// Steps of a node's wall clock (lib/base/fault.h); the monotonic one goes on.

import { setTimeout as sleep } from "node:timers/promises";
import { kill, restart } from "./processes.mjs";

const HOUR_MS = 3_600_000;

async function wrongBy(ms, random, node, work) {
	node.clock(ms);
	try {
		await sleep(random.between(50, 1200));
		await work?.();
	} finally {
		node.clock(0);
	}
}

/** Nobody may notice a small step: this row allows no answer but the right one. */
export async function smallStep(_site, random, node) {
	const ms = random.pick([-1, -10, -1000, 1, 1000, -3000, 3000]);
	await wrongBy(ms, random, node);
	return `clock ${ms > 0 ? "+" : ""}${ms} ms`;
}

/** A large step, perhaps with a new worker that starts with the wrong clock, and another one afterwards. */
export async function bigStep(site, random, node) {
	const [name, ms] = random.pick([
		["back an hour", -HOUR_MS],
		["to 1970", -Date.now()],
		["forward an hour", HOUR_MS],
		["to 2094", Date.UTC(2094, 0) - Date.now()],
	]);
	const meanwhile = random.pick([null, kill, restart]);
	await wrongBy(ms, random, node, meanwhile && (() => meanwhile(site, random, node)));
	if (random.chance(0.3)) await kill(site, random, node);
	return `clock ${name}`;
}
