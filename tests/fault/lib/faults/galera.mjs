// Faults of one server of a cluster, mostly of the one that has the writers. Each is over when all are members again.

import { setTimeout as sleep } from "node:timers/promises";

const victim = (site, random) => random.pick([site.cluster.nodes[0], site.cluster.nodes[0], ...site.cluster.nodes.slice(1)]);
const whole = (site, node) => node.synced(site.cluster.nodes.length, 150);
const named = (what, site, node) => `${what} ${node === site.cluster.nodes[0] ? "first" : "another"}`;

export async function nodeKilled(site, random) {
	const node = victim(site, random);
	await node.kill();
	await sleep(random.between(200, 8000));
	node.start();
	await whole(site, node);
	return named("kill", site, node);
}

export async function nodeFrozen(site, random) {
	const node = victim(site, random);
	node.signal("SIGSTOP");
	await sleep(random.between(500, 15_000));
	node.signal("SIGCONT");
	await whole(site, node);
	return named("freeze", site, node);
}

/** From the others; the programs reach it as before. */
export async function nodeCutOff(site, random) {
	const node = victim(site, random);
	await node.cutOff();
	await sleep(random.between(500, 15_000));
	await node.joinUp();
	await whole(site, node);
	return named("cut off", site, node);
}

/** With nothing: all data are copied to it. */
export async function nodeJoins(site, random) {
	const node = random.pick(site.cluster.nodes.slice(1));
	await node.stop();
	node.forget();
	await sleep(random.between(0, 2000));
	node.start();
	await whole(site, node);
	return "join";
}

export function anyNode(site, random) {
	return random.pick([nodeKilled, nodeFrozen, nodeCutOff])(site, random);
}
