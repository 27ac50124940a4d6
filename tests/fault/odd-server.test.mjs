// Database servers with unusual settings, each with an instance: everything works, byte for byte.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { describe, test } from "node:test";
import { up } from "../support/instance.mjs";

const MYSQL = process.env.DB === "mysql";

const SERVERS = {
	"a binary log of statements": ["log-bin", "binlog-format = STATEMENT", "server-id = 1"],
	"latin1 for everything, whatever a client asks for": [
		"character-set-server = latin1",
		"collation-server = latin1_german1_ci",
		"init-connect = 'SET NAMES latin1'",
		...(MYSQL ? [] : ["skip-character-set-client-handshake", "default-storage-engine = MyISAM"]), // MySQL knows neither
	],
	"the modes of another product, and everything strict": [
		`sql-mode = ANSI,TRADITIONAL,NO_BACKSLASH_ESCAPES${MYSQL ? "" : ",ORACLE"}`,
		"init-connect = 'SET autocommit = 0, sql_safe_updates = 1, sql_select_limit = 1, completion_type = 2'",
		"lower-case-table-names = 1",
		"transaction-isolation = SERIALIZABLE",
		...(MYSQL ? ["sql-require-primary-key = ON"] : ["innodb-strict-mode = OFF", "explicit-defaults-for-timestamp = OFF"]),
	],
	"little of everything": [
		"max-allowed-packet = 1M",
		"max-connections = 15",
		"wait-timeout = 2",
		"max-prepared-stmt-count = 120",
		"innodb-lock-wait-timeout = 1",
		...(MYSQL ? [] : ["max-statement-time = 1", "idle-transaction-timeout = 2"]),
	],
};

/** Runs this file again with the instance in the environment, because support/api.mjs reads it only once. */
const play = (env) =>
	execFileSync(process.execPath, ["--test", "fault/lib/on-odd-server.mjs"], {
		cwd: new URL("..", import.meta.url),
		env: { ...process.env, ...env, NODE_TEST_CONTEXT: undefined },
		encoding: "utf8",
		timeout: 120_000,
	});

describe("a database server with", () => {
	for (const [what, lines] of Object.entries(SERVERS))
		test(what, { timeout: 240_000 }, async () => {
			const behind = { LAMPLIGHT_LLM_BASE_URL: process.env.LAMPLIGHT_LLM_BASE_URL };
			const instance = await up({ more: { ...behind, DB_CONFIG: lines.join("\\n") } });
			try {
				play(instance.env);
			} catch (error) {
				assert.fail(`${error.stdout}${error.stderr}; see ${instance.env.LAMPLIGHT_VAR}/log`);
			} finally {
				await instance.down();
			}
			instance.remove();
		});
});
