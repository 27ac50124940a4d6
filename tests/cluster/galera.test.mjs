// Two hosts on a Galera cluster of three nodes, while people chat: a node dies, freezes, is cut off, joins. Whatever was
// acknowledged or shown must survive on every node. The tests print how long everybody waited, and how long a node took to
// come back. `make test-cluster` runs them.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Cluster, cannotCluster } from "./lib/galera.mjs";
import { Hosts } from "./lib/hosts.mjs";
import { assertKept } from "./lib/kept.mjs";

const skip = cannotCluster() ?? false;
/** Far more than was measured (docs/handbook/cluster.md), for a loaded machine. */
const STALL_MAX_MS = 45_000;
let cluster, hosts, talkers;

before(async () => {
	if (skip) return;
	cluster = await Cluster.open();
	// A lease lasts longer than a cluster stands still when it loses a node. Otherwise a worker whose lease has expired is
	// cleaned up after, although it may still write at another node.
	hosts = await Hosts.open({ ...cluster.settings, LAMPLIGHT_WORKER_LEASE_MS: "30000" });
	({ talkers } = hosts);
});

after(async () => {
	await hosts?.close();
	await cluster?.close();
});

/** Waits until all chat programs use the first server again. */
async function backAtFirst() {
	const began = Date.now();
	const used = (node) => node.query("SELECT id FROM information_schema.processlist WHERE user = 'lamplight'");
	for (;;) {
		const [there, ...others] = await Promise.all(cluster.nodes.map(used));
		if (there.length > 0 && others.flat().length === 0) break;
		assert.ok(Date.now() - began < 60_000, "the programs do not go back");
		await sleep(100);
	}
	return Date.now() - began;
}

/** Harms the first node, on which the programs write, and repairs it. */
async function measured(what, harm, mend, ms) {
	const first = cluster.nodes[0];
	const before = talkers.acks.length;
	const began = Date.now();
	await harm(first);
	await sleep(ms);
	await talkers.flow(STALL_MAX_MS);
	const stallMs = talkers.stallSince(began);
	const mended = Date.now();
	await mend(first);
	await first.whole();
	const rejoinMs = Date.now() - mended;
	const backMs = await backAtFirst();
	const acks = talkers.acks.length - before;
	console.log(`# ${what}: nobody was answered for ${stallMs} ms; back in the cluster after ${rejoinMs} ms, used again ${backMs} ms later; ${acks} messages meanwhile`);
	assert.ok(stallMs < STALL_MAX_MS, String(stallMs));
}

const timeout = 300_000;

test("the first node is killed", { skip, timeout }, () =>
	measured(
		"killed",
		(node) => node.kill(),
		(node) => node.start(),
		9000,
	));

test("the first node is frozen", { skip, timeout }, () =>
	measured(
		"frozen",
		(node) => node.signal("SIGSTOP"),
		(node) => node.signal("SIGCONT"),
		14_000,
	));

test("the first node is cut off from the others", { skip, timeout }, () =>
	measured(
		"cut off",
		(node) => node.cutOff(),
		(node) => node.joinUp(),
		14_000,
	));

test("a fourth node joins", { skip, timeout }, async () => {
	const began = Date.now();
	const tookMs = await cluster.add();
	const stallMs = talkers.stallSince(began);
	console.log(`# a node joined within ${tookMs} ms; nobody was answered for ${stallMs} ms`);
	assert.ok(stallMs < STALL_MAX_MS, String(stallMs));
	assert.equal((await cluster.nodes[0].status()).wsrep_cluster_size, "4");
});

test("nothing that was acknowledged or shown is lost, and all nodes have the same", { skip, timeout }, async () => {
	await talkers.end();
	await sleep(2000);
	console.log(`# moves: ${hosts.logged("db_moved").length}`);
	await assertKept(talkers, cluster.nodes, { tables: ["user", "session", "message"], before: cluster.catchUp });
});
