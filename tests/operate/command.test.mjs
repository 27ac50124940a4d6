// If the operator's command cannot do something, it says so in one precise sentence.

import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { createConnection } from "mysql2/promise";
import { newId } from "../support/api.mjs";
import { VAR } from "../support/instance.mjs";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const COMMAND = `${ROOT}build/${process.env.VARIANT || "release"}/bin/lamplight`;

/** The exit status and the output, without lines of the log. */
function lamplight(words, { env = {}, input = "" } = {}) {
	const set = Object.entries(env).map(([name, value]) => `${name}=${value}`);
	return new Promise((resolve) => {
		const options = { cwd: ROOT, env: { ...process.env, VAR }, timeout: 60_000 };
		const child = execFile(`${ROOT}bin/with-env`, ["env", ...set, COMMAND, ...words], options, (error, stdout, stderr) => {
			const said = `${stdout}${stderr}`.split("\n").filter((line) => line !== "" && !line.startsWith("time="));
			resolve({ status: error?.code ?? 0, said });
		});
		child.stdin.end(input);
	});
}

async function sql(...statements) {
	const db = await createConnection({ socketPath: `${VAR}/run/mysql.sock`, user: "root" });
	try {
		for (const statement of statements) await db.query(statement);
	} finally {
		await db.end();
	}
}

const BUSY = /is busy|[Tt]ry again later/;

test("a refused account, a database that is not there, a server that is not there: each is named, once, in every command", async () => {
	await sql("CREATE USER refused@localhost IDENTIFIED BY 'another'");
	try {
		for (const [env, words] of [
			[{ LAMPLIGHT_DB_USER: "refused", LAMPLIGHT_DB_PASSWORD: "wrong" }, /refuses db\.user or db\.password/],
			[{ LAMPLIGHT_DB_NAME: "nowhere" }, /db\.name/],
			[{ LAMPLIGHT_DB_SOCKET: "/nowhere.sock" }, /no database server at db\.socket/],
		])
			for (const command of [["user", "list"], ["check"], ["migrate"], ["secret", "accept"], ["provider", "list"], ["export", "--all"], ["stats"], ["usage"], ["doctor"]]) {
				const { status, said } = await lamplight(command, { env });
				assert.equal(status, 1, command.join(" "));
				assert.equal(said.filter((line) => words.test(line)).length, 1, `${command.join(" ")}: ${said.join("\n")}`);
				assert.ok(!said.some((line) => BUSY.test(line)), `${command.join(" ")}: ${said.join("\n")}`);
			}
	} finally {
		await sql("DROP USER refused@localhost");
	}
});

test("unreadable settings: it says which user to run it as", { skip: process.getuid() !== 0 && "only root can be somebody else" }, () => {
	const dir = mkdtempSync(`${tmpdir()}/lamplight-command-`);
	try {
		chmodSync(dir, 0o755);
		writeFileSync(`${dir}/own.conf`, "[llm]\nmodel = one\n", { mode: 0o600 });
		copyFileSync(COMMAND, `${dir}/lamplight`);
		chmodSync(`${dir}/lamplight`, 0o755);
		const { status, stderr } = spawnSync(`${dir}/lamplight`, ["check", "settings"], { uid: 65534, gid: 65534, encoding: "utf8", env: { LAMPLIGHT_CONF: `${dir}/own.conf` } });
		assert.equal(status, 1);
		assert.match(stderr, /you may not read it; run this as root/);
	} finally {
		rmSync(dir, { recursive: true });
	}
});

test("a server that takes no changes", async () => {
	await sql("SET GLOBAL read_only = 1");
	try {
		for (const words of [["user", "add", `u-${newId()}`], ["user", "invite"], ["secret", "accept"]]) {
			const { status, said } = await lamplight(words, { input: "a long password\n" });
			assert.equal(status, 1);
			assert.equal(said.filter((line) => /read-only/.test(line)).length, 1, said.join("\n"));
			assert.ok(!said.some((line) => BUSY.test(line)), said.join("\n"));
		}
	} finally {
		await sql("SET GLOBAL read_only = 0");
	}
});

test("an account that may not make tables: migrate says which right is missing", async () => {
	await sql("CREATE DATABASE lamplight_bare CHARACTER SET utf8mb4", "GRANT SELECT, INSERT, UPDATE, DELETE ON lamplight_bare.* TO lamplight@localhost");
	try {
		const { status, said } = await lamplight(["migrate"], { env: { LAMPLIGHT_DB_NAME: "lamplight_bare" } });
		assert.equal(status, 1);
		assert.equal(said.filter((line) => /Tables are changed by/.test(line)).length, 1, said.join("\n"));
		assert.ok(!said.some((line) => BUSY.test(line)), said.join("\n"));
	} finally {
		await sql("REVOKE ALL ON lamplight_bare.* FROM lamplight@localhost", "DROP DATABASE lamplight_bare");
	}
});
