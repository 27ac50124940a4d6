// Networks that fail, between the parts of a site that has proxies there (site.mjs).

import { setTimeout as sleep } from "node:timers/promises";

const fate = (random, whats, afterMax) => () =>
	random.chance(0.5)
		? null
		: { what: random.pick(whats), after: random.between(1, afterMax), ms: random.between(20, random.chance(0.2) ? 3000 : 500) };

/** Between a node and its database: a failover, a firewall that drops state, a bad line. */
export async function databaseNetwork(site, random) {
	const proxy = random.pick(site.databaseProxies);
	const ms = random.between(50, random.chance(0.1) ? 4000 : 700);
	const what = random.pick(["cut", "stall", "die", "refuse", "doom"]);
	if (what === "cut") proxy.cut();
	if (what === "stall") proxy.stall(ms);
	if (what === "die") proxy.die(ms);
	if (what === "refuse") await proxy.refuse(ms);
	else if (what === "doom") {
		// Cut within the data: half a statement, half an answer.
		proxy.doom(() => ({ what: "cut", after: random.between(1, 3000) }));
		await sleep(ms);
		proxy.doom(() => null);
	} else await sleep(ms);
	return `database's network: ${what}`;
}

/** All connections of this period are affected; the number affected is what was injected. */
async function fates(proxies, newFate, name) {
	for (const proxy of proxies) {
		proxy.newFate = newFate;
		proxy.doom(newFate);
	}
	await sleep(700);
	for (const proxy of proxies) {
		proxy.newFate = () => null;
		proxy.doom(() => null);
	}
	const counts = {};
	for (const proxy of proxies)
		for (const [what, n] of Object.entries(proxy.takeCounts())) counts[`${name}: ${what}`] = (counts[`${name}: ${what}`] ?? 0) + n;
	return counts;
}

export const clientNetwork = (site, random) =>
	fates(site.clientProxies, fate(random, ["cut", "cut", "stall", "dead", "dribble"], 6000), "client's network");

export const modelNetwork = (site, random) =>
	fates([site.modelProxy], fate(random, ["cut", "stall", "dead", "dribble"], 8000), "model's network");
