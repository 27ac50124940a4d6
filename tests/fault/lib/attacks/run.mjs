// One attack in a thread of its own, so that what it costs here is not measured as the site's: begins at once, ends when it is
// told to, and tells what it was answered.

import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { Worker, isMainThread, parentPort, workerData } from "node:worker_threads";
import * as model from "../../../support/model.mjs";
import { parallelLogins, registrationFlood } from "./accounts.mjs";
import { Attack } from "./attacker.mjs";
import { memoryBombs, slowBodies, slowReaders } from "./bodies.mjs";
import { schemaBombs, upstreamBombs } from "./calls.mjs";

export const ATTACKS = {
	"memory bombs": memoryBombs,
	"slow bodies": slowBodies,
	"slow readers": slowReaders,
	"a registration flood": registrationFlood,
	"parallel log-ins": parallelLogins,
	"schema bombs": schemaBombs,
	"upstream bombs": upstreamBombs,
};

/** Begins an attack; `end()` ends it and gives { statuses, opened }. */
export function begin(name, base, users) {
	const worker = new Worker(fileURLToPath(import.meta.url), {
		workerData: { name, base, users: users.map(({ token, username, password }) => ({ token, username, password })) },
	});
	const failed = once(worker, "error").then(([error]) => ({ error }));
	return {
		async end() {
			worker.postMessage("end");
			const told = await Promise.race([once(worker, "message").then(([told]) => told), failed]);
			await worker.terminate();
			if (told.error) throw told.error;
			return told;
		},
	};
}

if (!isMainThread && workerData?.base) {
	const attack = new Attack(workerData.base, workerData.users);
	const attacking = ATTACKS[workerData.name](attack, model);
	await once(parentPort, "message");
	attack.end();
	await attacking;
	const { statuses, opened } = attack;
	parentPort.postMessage({ statuses, opened });
}
