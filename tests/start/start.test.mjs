// Starting works on machines with unusual settings; with a wrong setting it fails, and the last words name the key and the
// place. Each test has an instance of its own.

import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { cannotMount } from "../fault/lib/site.mjs";
import { up } from "../support/instance.mjs";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const run = promisify(execFile);

/** What `make up` prints if it does not start; fails if it does. */
async function refused(conf, env = {}) {
	const VAR = mkdtempSync(`${tmpdir()}/lamplight-start-`);
	const file = `${VAR}/lamplight.conf`;
	if (conf !== null) writeFileSync(file, conf);
	const given = { PATH: process.env.PATH, HOME: process.env.HOME, VARIANT: process.env.VARIANT ?? "release" };
	try {
		await run(`${ROOT}/bin/up`, [], { cwd: ROOT, env: { ...given, VAR, PORT: "18599", ...env }, timeout: 120_000 });
	} catch (error) {
		assert.ok(!existsSync(`${VAR}/db`), "nothing was made before the settings were read");
		return { said: `${error.stdout}${error.stderr}`, file };
	} finally {
		rmSync(VAR, { recursive: true, force: true });
	}
	throw new Error("it started");
}

describe("a wrong setting stops the start and is named with its place", () => {
	const MODEL = "[llm]\nmodel = x\nbase_url = http://127.0.0.1:9/v1\n";
	for (const [what, conf, key, line] of [
		["a query in the model's address", "[llm]\nbase_url = http://127.0.0.1:9/v1?key=1\n", "llm.base_url", 2],
		["an address that is none", "[llm]\n\nbase_url = 127.0.0.1:9\n", "llm.base_url", 3],
		["options that are no JSON", `${MODEL}options = {temperature: 1}\n`, "llm.options", 4],
		["options that would change how answers are read", `${MODEL}options = {"stream": false}\n`, "llm.options", 4],
		["tools that are not there", `${MODEL}tools_file = /nowhere/tools.json\n`, "llm.tools_file", 4],
		["a CA that is not there", `${MODEL}ca_file = /nowhere/ca.pem\n`, "llm.ca_file", 4],
		["a site's tools that are not there", `${MODEL}[tools]\nhttp_file = /nowhere/tools.json\n`, "tools.http_file", 5],
		["a number that is none", "[chat]\ndrain_ms = 30s\n", "chat.drain_ms", 2],
		["a number that is too large", "[http]\nthreads = 100000\n", "http.threads", 2],
		["a text about privacy that is not there", "[http]\nprivacy_file = /nowhere/privacy.md\n", "http.privacy_file", 2],
		["a text about privacy that is none", "[http]\nprivacy_file = /bin/sh\n", "http.privacy_file", 2],
		["a word that is none", "[log]\nlevel = loud\n", "log.level", 2],
		["a key that is none", "[http]\nport = 80\n", "http.port", 2],
		["a limit that is none", "[limits]\nchat = lots\n", "limits.chat", 2],
	])
		test(what, async () => {
			const { said, file } = await refused(conf);
			assert.ok(said.includes(key), said);
			assert.ok(said.includes(`${file}:${line}`), said);
		});

	test("a text about privacy: the sentence says what it may be", async () => {
		const folder = mkdtempSync(`${tmpdir()}/lamplight-privacy-`);
		try {
			const files = { "latin.txt": Buffer.from([0xe4, 0x0a]), "nul.txt": Buffer.from("a\0b"), "wide.txt": Buffer.from("\ufeffa", "utf16le") };
			for (const [name, bytes] of Object.entries(files)) writeFileSync(`${folder}/${name}`, bytes);
			for (const [path, takes] of [
				["/nowhere/privacy.md", "there is no such file"],
				["/bin/sh", "a text of at most 64 KB"],
				[folder, "a file that can be read"],
				...Object.keys(files).map((name) => [`${folder}/${name}`, "a text in UTF-8"]),
			])
				assert.match((await refused(`[http]\nprivacy_file = ${path}\n`)).said, new RegExp(`http.privacy_file.*${takes}`), path);
		} finally {
			rmSync(folder, { recursive: true, force: true });
		}
	});
	test("a line that is not a setting", async () => {
		const { said, file } = await refused("[llm]\nmodel: x\n");
		assert.ok(said.includes(`${file}:2`), said);
	});
	test("a key of two lines, from the environment", async () => {
		const { said } = await refused(null, { LAMPLIGHT_LLM_BASE_URL: "http://127.0.0.1:9/v1", LAMPLIGHT_LLM_API_KEY: "one\ntwo" });
		assert.match(said, /LAMPLIGHT_LLM_API_KEY.*one line/);
		assert.ok(!said.includes("two"));
	});
	test("a variable that is not a setting", async () => {
		assert.match((await refused(null, { LAMPLIGHT_LLM_URL: "x" })).said, /LAMPLIGHT_LLM_URL.*no key for this variable/);
	});
	test("a settings file in UTF-16", async () => {
		assert.match((await refused(Buffer.from("\ufeff[llm]\nmodel = x\n", "utf16le"))).said, /UTF-16; save it as UTF-8/);
	});
});

describe("a disk that takes nothing stops the start in words", { skip: (await cannotMount()) ?? false }, () => {
	const cramped = async (options, fill) => {
		const VAR = mkdtempSync(`${tmpdir()}/lamplight-start-`);
		const mount = (...args) => execFileSync("mount", [...args, VAR]);
		mount("-t", "tmpfs", "-o", options, "lamplight-test");
		try {
			if (fill) assert.throws(() => writeFileSync(`${VAR}/ballast`, Buffer.alloc(4 << 20)), /ENOSPC/);
			else mount("-o", `remount,${options}`);
			const env = { PATH: process.env.PATH, HOME: process.env.HOME, VARIANT: process.env.VARIANT ?? "release", VAR, PORT: "18598" };
			return await run(`${ROOT}/bin/up`, [], { cwd: ROOT, env, timeout: 120_000 }).then(
				() => assert.fail("it started"),
				({ stdout, stderr }) => `${stdout}${stderr}`,
			);
		} finally {
			execFileSync("umount", ["-l", VAR]);
			rmSync(VAR, { recursive: true, force: true });
		}
	};

	test("a read-only disk", async () => {
		assert.match(await cramped("ro,size=8m", false), /^lamplight: nothing can be written in .*read-only/);
	});
	test("a full disk", async () => {
		assert.match(await cramped("size=2m", true), /^lamplight: nothing can be written in .*full/);
	});
	test("a disk that is too small for a database", async () => {
		assert.match(await cramped("size=64m", false), /a new database takes 200 MB, and the disk of .* has 6\d MB left/);
	});
});

/** The demo model answers, without the settings that the tests use for the fake model. */
const DEMO = { MODEL: "demo", LAMPLIGHT_LLM_MODEL: undefined, LAMPLIGHT_LLM_API_KEY: undefined };

describe("it starts", () => {
	const starts = async (options) => {
		const instance = await up({ server: "nginx", ...options });
		try {
			const response = await fetch(`${instance.env.LAMPLIGHT_URL}/api/health/ready?full`);
			assert.equal(response.status, 200);
			return await response.json();
		} finally {
			await instance.down();
			instance.remove();
		}
	};

	test("with a proxy in the environment that is not there, and a byte-order mark in the settings", async () => {
		const proxy = "http://127.0.0.1:9";
		const more = { http_proxy: proxy, https_proxy: proxy, ALL_PROXY: proxy, ...DEMO };
		const before = (VAR) => writeFileSync(`${VAR}/lamplight.conf`, "\ufeff[chat]\r\ntool_steps_max = 3\r\n");
		assert.equal((await starts({ more, before })).programs.chat, "ok");
	});
	test("with variables in the environment that are meant for other databases", async () => {
		const nowhere = "/nowhere";
		const mysql = { MYSQL_HOST: "db.invalid", MYSQL_TCP_PORT: "1", MYSQL_UNIX_PORT: nowhere, MYSQL_PWD: "wrong", MYSQL_HOME: nowhere, MARIADB_HOME: nowhere, MYSQL_GROUP_SUFFIX: "_x" };
		const more = { ...mysql, PGHOST: "x", PGPASSWORD: "x", DATABASE_URL: "mysql://x", CDPATH: tmpdir(), LC_ALL: "tr_TR.UTF-8", TZ: "Pacific/Kiritimati", ...DEMO };
		assert.equal((await starts({ more })).programs.chat, "ok");
	});
	test("with a blank in the path", async () => {
		const { TMPDIR } = process.env;
		const folder = mkdtempSync(`${tmpdir()}/lamplight start `);
		process.env.TMPDIR = folder;
		try {
			assert.equal((await starts({ more: DEMO })).programs.auth, "ok");
		} finally {
			if (TMPDIR === undefined) delete process.env.TMPDIR;
			else process.env.TMPDIR = TMPDIR;
			rmSync(folder, { recursive: true, force: true });
		}
	});
	test("with little power, and a word about secrets that everybody may read", async () => {
		const before = (VAR) => {
			writeFileSync(`${VAR}/key`, "k3y\n", { mode: 0o644 });
			writeFileSync(`${VAR}/lamplight.conf`, `[llm]\napi_key_file = ${VAR}/key\n[http]\noperator_token = t0ken\n`, { mode: 0o644 });
		};
		const more = { ...DEMO, MODEL: undefined, LAMPLIGHT_LLM_BASE_URL: "http://127.0.0.1:9/v1", LAMPLIGHT_LLM_MODEL: "x", LAMPLIGHT_AUTH_SECRET_MODES: "warn" };
		const instance = await up({ server: "nginx", more, before });
		const { LAMPLIGHT_VAR: VAR } = instance.env;
		try {
			for (const program of ["auth", "chat"]) {
				const status = readFileSync(`/proc/${readFileSync(`${VAR}/run/${program}.pid`, "utf8").trim()}/status`, "utf8");
				const READ_SEARCH = 1n << 2n;
				for (const set of ["CapEff", "CapPrm", "CapBnd"]) {
					if (process.getuid() !== 0) continue;
					const bits = BigInt(`0x${new RegExp(`^${set}:\\s*(\\w+)$`, "m").exec(status)[1]}`);
					assert.equal(bits & ~READ_SEARCH, 0n, `${program} ${set}`);
				}
				assert.match(status, process.getuid() === 0 ? /^NoNewPrivs:\s*1$/m : /^Name:/);
			}
			const log = readFileSync(`${VAR}/log/chat.log`, "utf8");
			assert.match(log, /secret_readable file="[^"]*\/key" .*chmod o-rwx/);
			assert.match(log, /secret_readable file="[^"]*\/lamplight.conf" .*http.operator_token/);
			assert.ok(!/k3y|t0ken/.test(log));
			assert.ok(!/clear_text/.test(log), "nothing leaves this machine");
		} finally {
			await instance.down();
			instance.remove();
		}
	});
	test("with a word about what crosses a network in the clear", async () => {
		const before = (VAR) => {
			const tool = { url: "http://tools.example/x", function: { name: "far", description: "x", parameters: { type: "object" } } };
			writeFileSync(`${VAR}/tools.json`, JSON.stringify([tool, { ...tool, url: "https://tools.example/x", function: { ...tool.function, name: "sealed" } }]));
			writeFileSync(`${VAR}/lamplight.conf`, `[tools]\nhttp_file = ${VAR}/tools.json\n`);
		};
		const more = { ...DEMO, MODEL: undefined, LAMPLIGHT_LLM_BASE_URL: "http://192.0.2.1/v1", LAMPLIGHT_LLM_MODEL: "x", LAMPLIGHT_TOOLS_HTTP_FILE: undefined };
		const instance = await up({ server: "nginx", more, before });
		try {
			const log = readFileSync(`${instance.env.LAMPLIGHT_VAR}/log/chat.log`, "utf8");
			assert.match(log, /llm_clear_text key=llm.base_url/);
			assert.match(log, /tool_clear_text tool=far/);
			assert.ok(!log.includes("tool=sealed"));
		} finally {
			await instance.down();
			instance.remove();
		}
	});
	test("on an IPv6 address", async () => {
		const more = { ...DEMO, LISTEN: "::1" };
		const instance = await up({ server: "nginx", more });
		try {
			const url = instance.env.LAMPLIGHT_URL.replace("127.0.0.1", "[::1]");
			assert.equal((await fetch(`${url}/api/health/ready`)).status, 200);
		} finally {
			await instance.down();
			instance.remove();
		}
	});
});
