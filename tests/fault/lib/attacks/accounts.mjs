// Accounts and passwords: each request costs the server far more than the attacker.

import { newId } from "../../../support/api.mjs";
import { ADDRESSES } from "./attacker.mjs";

const from = (n) => ADDRESSES[n % ADDRESSES.length];

export const registrationFlood = (attack) =>
	attack.loops(24, (n) => attack.ask("POST", "/api/auth/register", { from: from(n), body: { username: `flood-${newId()}`, password: "Correct-Horse-9" } }));

/** Guesses for existing and missing names, and many simultaneous requests with the right password. */
export const parallelLogins = (attack) =>
	attack.loops(24, (n) => {
		const { username } = attack.users[n % attack.users.length];
		const guess = [
			{ username, password: "wrong wrong" },
			{ username: `nobody-${newId()}`, password: "wrong wrong" },
			{ username, password: attack.users[0].password },
		][n % 3];
		return attack.ask("POST", "/api/auth/login", { from: from(n), body: guess });
	});
