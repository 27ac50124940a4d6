// Full disks. The site has small ones (site.mjs); a ballast fills the rest and is removed again.

import { execFile } from "node:child_process";
import { rmSync, statfsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { kill, restart } from "./processes.mjs";

const run = promisify(execFile);

/** Others write, too, so the free space may have shrunk. */
async function fill(dir, left, ballast) {
	for (let tries = 0; tries < 20; tries++) {
		const { bavail, bsize } = statfsSync(dir);
		const bytes = bavail * bsize - left;
		if (bytes <= 0) return;
		const filled = await run("fallocate", ["-l", String(bytes), ballast]).catch(() => null);
		if (filled) return;
	}
}

/** Keeps the disk full, except for this many bytes, while the work lasts. */
async function full(dir, left, work) {
	const ballast = `${dir}/ballast`;
	try {
		await fill(dir, left, ballast);
		await work();
	} finally {
		rmSync(ballast, { force: true });
	}
}

export async function databaseDiskFull(site, random) {
	await full(site.databaseDir, random.pick([0, 0, 1, 16]) * 65536, () => sleep(random.between(300, 2500)));
	await site.databaseAnswers();
	return "database's disk full";
}

/** A worker that starts meanwhile must succeed. */
export async function logDiskFull(site, random, node) {
	const meanwhile = random.pick([null, null, kill, restart]);
	await full(`${node.dir}/log`, 0, async () => {
		await sleep(random.between(50, 500));
		await meanwhile?.(site, random, node);
		await sleep(random.between(50, 500));
	});
	return meanwhile ? `log disk full, ${meanwhile.name}` : "log disk full";
}
