// Faults of one server of a cluster, usually of the one with the writers. A fault ends when all servers are members again.

import { setTimeout as sleep } from "node:timers/promises";

async function victim({ cluster }, random) {
	const writer = await cluster.writer();
	const server = random.chance(0.5) ? writer : random.pick(cluster.servers);
	return { server, whose: server === writer ? "first" : "another" };
}

export async function serverKilled(site, random) {
	const { server, whose } = await victim(site, random);
	await server.kill();
	await sleep(random.between(200, 8000));
	await server.start();
	await server.whole();
	return `kill ${whose}`;
}

export async function serverFrozen(site, random) {
	const { server, whose } = await victim(site, random);
	server.signal("SIGSTOP");
	await sleep(random.between(500, 15_000));
	server.signal("SIGCONT");
	await server.whole();
	return `freeze ${whose}`;
}

/** Cuts it off from the other servers; the programs still reach it. */
export async function serverCutOff(site, random) {
	const { server, whose } = await victim(site, random);
	await server.cutOff();
	await sleep(random.between(500, 15_000));
	await server.joinUp();
	await server.whole();
	return `cut off ${whose}`;
}

/** Restarts it without data: everything is copied to it. */
export async function serverJoins(site, random) {
	const server = random.pick(site.cluster.servers.slice(1));
	await server.stop();
	server.forget();
	await sleep(random.between(0, 2000));
	await server.start();
	await server.whole();
	return "join";
}

export function anyServer(site, random) {
	return random.pick([serverKilled, serverFrozen, serverCutOff])(site, random);
}
