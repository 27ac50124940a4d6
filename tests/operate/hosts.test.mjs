// What `lamplight doctor` reports about several servers (db.host): the instance's own, under two names, and one that is away.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { VAR } from "../support/instance.mjs";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const COMMAND = `${ROOT}build/${process.env.VARIANT || "release"}/bin/lamplight`;
const own = `${VAR}/run/mysql.sock`;
const dir = mkdtempSync(`${tmpdir()}/lamplight-hosts-`);
symlinkSync(own, `${dir}/other.sock`);
after(() => rmSync(dir, { recursive: true }));

/** [code, subject, severity] of each finding about the servers. */
function servers(...hosts) {
	const command = ["env", `LAMPLIGHT_DB_HOST=${hosts.join(", ")}`, COMMAND, "doctor", "--json", "--sockets", `${VAR}/run`];
	return new Promise((resolve) => {
		execFile(`${ROOT}bin/with-env`, command, { cwd: ROOT, timeout: 60_000 }, (_error, stdout) => {
			const found = JSON.parse(stdout).findings.filter(({ code }) => /^database_(host|away)$/.test(code));
			resolve(found.map(({ code, finding, severity }) => [code, finding.split(" ")[0], severity]));
		});
	});
}

test("two servers that both take changes are an error", async () => {
	assert.deepEqual(await servers(own, `${dir}/other.sock`), [
		["database_host", own, "ok"],
		["database_host", `${dir}/other.sock`, "ok"],
	]);
});

test("the first is away: the second is used", async () => {
	assert.deepEqual(await servers(`${dir}/none.sock`, own), [
		["database_host", `${dir}/none.sock`, "warning"],
		["database_host", own, "ok"],
	]);
});

test("servers that are all away are reported", async () => {
	const [first, ...each] = await servers(`${dir}/none.sock`, `${dir}/nor.sock`);
	assert.deepEqual([first[0], first[2]], ["database_away", "error"]);
	assert.deepEqual(each.map(([code, , severity]) => [code, severity]), [
		["database_host", "warning"],
		["database_host", "warning"],
	]);
});

test("does not check the same server twice", async () => assert.deepEqual(await servers(own), []));
