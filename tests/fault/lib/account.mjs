// The database account of the programs, as its administrator sees it, and what the programs log about it.

import { execFileSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { PROCESSES } from "../../support/db.mjs";
import { VAR } from "../../support/instance.mjs";

export const asRoot = (sql) =>
	execFileSync("mariadb", ["--no-defaults", `--socket=${VAR}/run/mysql.sock`, "--user=root", `--execute=${sql}`]);

/** As root, because the programs' account cannot log in. */
export function endConnections() {
	const ids = asRoot(`SELECT id FROM ${PROCESSES} WHERE user = 'lamplight'`).toString().split("\n").slice(1);
	for (const id of ids.filter(Boolean)) {
		try {
			asRoot(`KILL ${id}`);
		} catch {
			// it has ended by itself
		}
	}
}

/** What the program logs about its database, since this function was called. */
export function said(program) {
	const path = `${VAR}/log/${program}.log`;
	const from = statSync(path).size;
	return () =>
		readFileSync(path, "utf8")
			.slice(from)
			.split("\n")
			.filter((line) => /event=db_(away|back)/.test(line));
}
