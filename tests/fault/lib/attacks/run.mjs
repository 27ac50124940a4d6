// Runs one attack in a separate process, so that its own cost is not attributed to the site: begins at once, ends on request, and reports
// the answers.

import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import * as model from "../../../support/model.mjs";
import { parallelLogins, registrationFlood } from "./accounts.mjs";
import { Attack } from "./attacker.mjs";
import { memoryBombs, slowBodies, slowReaders } from "./bodies.mjs";
import { schemaBombs, toolForgery, upstreamBombs } from "./calls.mjs";

const IS_ATTACKER = "--attacker";

export const ATTACKS = {
	"memory bombs": memoryBombs,
	"slow bodies": slowBodies,
	"slow readers": slowReaders,
	"a registration flood": registrationFlood,
	"parallel log-ins": parallelLogins,
	"tool forgery": toolForgery,
	"schema bombs": schemaBombs,
	"upstream bombs": upstreamBombs,
};

/** Begins an attack; `end()` ends it and gives { statuses, opened }. */
export function begin(name, base, users) {
	const child = fork(fileURLToPath(import.meta.url), [IS_ATTACKER]);
	child.send({ name, base, users: users.map(({ token, username, password }) => ({ token, username, password })) });
	const failed = once(child, "exit").then(([code]) => ({ error: new Error(`the attacker ended with ${code}`) }));
	return {
		pid: child.pid,
		async end() {
			child.send("end");
			const told = await Promise.race([once(child, "message").then(([told]) => told), failed]);
			child.kill();
			if (told.error) throw told.error;
			return told;
		},
	};
}

if (process.argv[2] === IS_ATTACKER) {
	const [{ name, base, users }] = await once(process, "message");
	const attack = new Attack(base, users);
	const attacking = ATTACKS[name](attack, model);
	await once(process, "message");
	attack.end();
	await attacking;
	const { statuses, opened } = attack;
	process.send({ statuses, opened });
}
