// The faults that can be provoked on one machine, one a row. A row does one thing to a site under load; `inject` is
// called repeatedly with a source of random decisions and a node, and returns the name of what it has done, or several names with counts: {
// name: n }, or nothing.

import { setTimeout as sleep } from "node:timers/promises";
import { bigStep, smallStep } from "./faults/clock.mjs";
import {
	cannotTrace,
	connectionsKilled,
	databaseAway,
	databaseKilled,
	entriesRefused,
	databaseStopped,
	deadlocks,
	lockedAt,
	fewConnections,
	locks,
	lostAt,
	otherDefaults,
	passwordRotated,
	readOnly,
	slowCommits,
	slowFsync,
	smallPackets,
} from "./faults/database.mjs";
import { databaseDiskFull, logDiskFull } from "./faults/disk.mjs";
import { anyServer, serverCutOff, serverFrozen, serverJoins, serverKilled } from "./faults/cluster.mjs";
import { clientNetwork, databaseNetwork, modelNetwork } from "./faults/network.mjs";
import { STEPS, descriptors, errorAt, kill, killAndMark, killAt, memory, pause, reload, restart } from "./faults/processes.mjs";
import { UPSTREAM_FAULTS } from "./replies.mjs";
import { cannotCluster } from "../../cluster/lib/galera.mjs";
import { cannotGroup } from "../../cluster/lib/group.mjs";
import { cannotMount } from "./site.mjs";

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
		slowCommits,
		lostAt,
		lockedAt,
		smallPackets,
		otherDefaults,
		passwordRotated,
		fewConnections,
		memory,
		smallStep,
		bigStep,
	]);
	return inject(site, random, random.pick(site.nodes));
}

/** A sanitizer build uses memory freely, and reports when there is none. */
const takesMuch = (variant) => (variant === "fault" ? null : "not with a sanitizer");

const PLAIN = ["plain"];

const CLUSTER = { kinds: ["plain", "plain", "plain", "slow"], gap: [1000, 4000], allows5xx: true, stallMs: 12_000, site: "galera", unless: cannotCluster };
/** A group takes longer to notice that its primary has failed. */
const GROUP = { ...CLUSTER, stallMs: 30_000, site: "group", unless: cannotGroup };
const serverAndWorker = (site, random) => random.pick([anyServer, anyServer, kill, pause])(site, random, random.pick(site.nodes));

/**
 * gap: ms between two injections. each: injects at all nodes at once, not one after the other. kinds: how the model answers.
 * allows5xx: requests may be refused. allows401: a token may be refused. repeats: the model may get a request again.
 * wrongClocks: times in the tables mean nothing. padding: further bytes in each message. site: what the row needs (site.mjs).
 * stallMs: how long the database may stand still. unless: the reason why the row cannot run here.
 */
export const ROWS = {
	none: { kinds: ["plain", "plain", "plain", "slow"], gap: [1000, 1000], inject: async () => null },
	kill: { kinds: ["plain", "plain", "plain", "slow"], gap: [200, 800], each: true, inject: kill, allows5xx: true },
	"kill and mark": { kinds: ["slow"], gap: [1200, 2000], each: true, inject: killAndMark, allows5xx: true },
	...Object.fromEntries(
		STEPS.map((step) => [
			`kill ${step}`,
			{ kinds: PLAIN, gap: [50, 500], each: true, inject: (_site, random, node) => killAt(step, node, random), allows5xx: true },
		]),
	),
	error: { kinds: PLAIN, gap: [20, 200], each: true, inject: errorAt, allows5xx: true },
	restart: { kinds: PLAIN, gap: [200, 1000], each: true, inject: restart },
	reload: { kinds: PLAIN, gap: [0, 500], each: true, inject: reload },
	pause: { kinds: PLAIN, gap: [200, 800], each: true, inject: pause, allows5xx: true },
	descriptors: { kinds: PLAIN, gap: [200, 1000], each: true, inject: descriptors, allows5xx: true, repeats: true },
	memory: { kinds: PLAIN, gap: [100, 500], each: true, inject: memory, allows5xx: true, repeats: true, unless: takesMuch },
	"small clock steps": { kinds: PLAIN, gap: [50, 300], each: true, inject: smallStep, wrongClocks: true },
	"clock far off": { kinds: PLAIN, gap: [200, 800], each: true, inject: bigStep, wrongClocks: true, allows5xx: true, allows401: true },
	"database killed": { kinds: PLAIN, gap: [100, 1000], inject: databaseKilled, allows5xx: true },
	"database away": { kinds: PLAIN, gap: [100, 800], inject: databaseAway, allows5xx: true },
	"database stopped 5 s": { kinds: ["fast", "large"], gap: [500, 3000], inject: databaseStopped(5000), allows5xx: true, site: "large" },
	"database stopped 60 s": { kinds: ["fast", "large"], gap: [500, 3000], inject: databaseStopped(60_000), allows5xx: true, site: "large" },
	"read-only": { kinds: PLAIN, gap: [50, 600], inject: readOnly, allows5xx: true },
	"slow commits": { kinds: PLAIN, gap: [50, 500], inject: slowCommits, allows5xx: true },
	"slow fsync": { kinds: PLAIN, gap: [50, 500], inject: slowFsync, allows5xx: true, unless: cannotTrace },
	locks: { kinds: PLAIN, gap: [50, 500], inject: locks, allows5xx: true },
	"locks at a step": { kinds: PLAIN, gap: [20, 200], each: true, inject: lockedAt, allows5xx: true },
	deadlocks: { kinds: PLAIN, gap: [10, 100], inject: deadlocks, allows5xx: true },
	connections: { kinds: PLAIN, gap: [100, 500], inject: connectionsKilled, allows5xx: true },
	"lost at a step": { kinds: PLAIN, gap: [20, 200], each: true, inject: lostAt, allows5xx: true },
	"small packets": { kinds: PLAIN, gap: [100, 800], inject: smallPackets, allows5xx: true },
	"refused entries": { kinds: PLAIN, gap: [200, 1000], inject: entriesRefused, allows5xx: true },
	"other defaults": { kinds: PLAIN, gap: [100, 800], inject: otherDefaults, allows5xx: true },
	"password rotated": { kinds: PLAIN, gap: [200, 1500], inject: passwordRotated, allows5xx: true },
	"few connections": { kinds: PLAIN, gap: [200, 1500], inject: fewConnections, allows5xx: true },
	"disk full": {
		kinds: PLAIN,
		gap: [200, 1000],
		inject: databaseDiskFull,
		allows5xx: true,
		padding: 100_000,
		site: "disks",
		unless: cannotMount,
	},
	"log disk full": { kinds: PLAIN, gap: [100, 500], each: true, inject: logDiskFull, allows5xx: true, site: "disks", unless: cannotMount },
	"database's network": { kinds: PLAIN, gap: [50, 500], inject: databaseNetwork, allows5xx: true, site: "network" },
	"client's network": { kinds: PLAIN, gap: [0, 100], inject: clientNetwork, site: "network" },
	"model's network": { kinds: PLAIN, gap: [0, 100], inject: modelNetwork, repeats: true, site: "network" },
	upstream: { kinds: [...UPSTREAM_FAULTS, "plain"], gap: [1000, 1000], inject: async () => null },
	"upstream refused": { kinds: PLAIN, gap: [200, 800], inject: modelRefuses, repeats: true },
	"kill at a step": {
		kinds: PLAIN,
		gap: [50, 400],
		each: true,
		inject: (_site, random, node) => killAt(random.pick(STEPS), node, random),
		allows5xx: true,
	},
	everything: {
		kinds: [...UPSTREAM_FAULTS, ...PLAIN, ...PLAIN, "plain", "slow"],
		gap: [100, 1500],
		inject: anything,
		allows5xx: true,
		allows401: true,
		wrongClocks: true,
		repeats: true,
	},
	"cluster node killed": { ...CLUSTER, inject: serverKilled },
	"cluster node frozen": { ...CLUSTER, inject: serverFrozen },
	"cluster node cut off": { ...CLUSTER, inject: serverCutOff },
	"cluster node joins": { ...CLUSTER, inject: serverJoins },
	"cluster worker killed": { ...CLUSTER, each: true, gap: [200, 2000], inject: kill },
	"cluster node and worker": { ...CLUSTER, inject: serverAndWorker },
	"group member killed": { ...GROUP, inject: serverKilled },
	"group member frozen": { ...GROUP, inject: serverFrozen },
	"group member cut off": { ...GROUP, inject: serverCutOff },
	"group worker killed": { ...GROUP, each: true, gap: [200, 2000], inject: kill },
	"group member and worker": { ...GROUP, inject: serverAndWorker },
	"upstream and kill": { kinds: [...UPSTREAM_FAULTS, "plain"], gap: [500, 1500], each: true, inject: kill, allows5xx: true },
};

/** The faults of a run of two minutes: every kind once. */
export const SHORT = [
	"none",
	"kill",
	"kill and mark",
	"kill at a step",
	"database stopped 5 s",
	"error",
	"restart",
	"pause",
	"database killed",
	"read-only",
	"connections",
	"lost at a step",
	"small packets",
	"slow commits",
	"small clock steps",
	"clock far off",
	"memory",
	"upstream and kill",
	"everything",
	"client's network",
	"database's network",
	"model's network",
	"disk full",
	"log disk full",
];
