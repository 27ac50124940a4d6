// A running Lamplight of our own: started by bin/up with a private VAR and port, told to use the fake model.
//
// Starting takes seconds, so tests/run starts one for all files and names it in the environment: LAMPLIGHT_URL (with the base
// path), LAMPLIGHT_VAR, LAMPLIGHT_SERVER, LAMPLIGHT_TEST_MODEL (the control server of upstream.mjs). Tests stay out of each
// other's way by using users of their own.

import { execFile, execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const run = promisify(execFile);

/** The timeouts, caps and keys that the tests count on. */
export const settings = {
	LAMPLIGHT_LLM_MODEL: "test-model",
	LAMPLIGHT_LLM_API_KEY: "test-key-7f3a",
	LAMPLIGHT_LLM_TOOLS_FILE: fileURLToPath(new URL("tools.json", import.meta.url)),
	LAMPLIGHT_LLM_FIRST_BYTE_TIMEOUT_MS: "4000",
	LAMPLIGHT_LLM_IDLE_TIMEOUT_MS: "4000",
	LAMPLIGHT_LLM_TITLES: "off", // the scripts are of replies; titles are tested on instances of their own
	LAMPLIGHT_LLM_REPLY_MAX: "1048576",
	LAMPLIGHT_HTTP_BODY_MAX: "8388608",
	LAMPLIGHT_HTTP_CORS_ORIGINS: "https://listed.example",
	LAMPLIGHT_CHAT_HEARTBEAT_MS: "500",
	LAMPLIGHT_WORKER_LEASE_MS: "9000",
	LAMPLIGHT_AUTH_SITE_SECRET: "the-secret-of-the-site-0123456789abcdef",
	LAMPLIGHT_AUTH_SITE_ISSUER: "https://site.example",
	LAMPLIGHT_AUTH_SITE_AUDIENCE: "lamplight",
};

/** All tests share one network and few users, so limits are tested on separate instances. */
for (const rule of ["REGISTER", "LOGIN", "REFRESH", "ACCOUNT", "READ", "WRITE", "SEARCH", "CHAT", "FOLLOW", "STOP", "READY"])
	settings[`LAMPLIGHT_LIMITS_${rule}`] = "off";

/** Far more than a start or a stop takes. */
const START_MAX_MS = 300_000;

export async function freePort() {
	const probe = createServer().listen(0, "127.0.0.1");
	await once(probe, "listening");
	const { port } = probe.address();
	probe.close();
	await once(probe, "close");
	return port;
}

/** What makes an instance a second node of the one in VAR: the same tables, the same keys. */
export const beside = (VAR) => ({
	LAMPLIGHT_DB_SOCKET: `${VAR}/run/mysql.sock`,
	LAMPLIGHT_DB_USER: "lamplight",
	LAMPLIGHT_DB_NAME: "lamplight",
	LAMPLIGHT_AUTH_SECRET_FILE: `${VAR}/secret`,
});

/** `more` adds settings or, with undefined, removes them; `before(VAR)` runs while VAR is still empty; any free `port` will do. */
export async function up({ server = "nginx", more = {}, before = () => {}, port }) {
	const VAR = mkdtempSync(`${tmpdir()}/lamplight-test-`);
	await before(VAR);
	const PORT = String(port ?? (await freePort()));
	const env = { ...process.env, ...settings, ...more, PORT, VAR, SERVER: server };
	const bin = (script) => run(`${ROOT}/bin/${script}`, [], { cwd: ROOT, env, maxBuffer: 1 << 26, timeout: START_MAX_MS });
	try {
		await bin("up");
	} catch (error) {
		await bin("down").catch(() => {});
		throw new Error(`bin/up with SERVER=${server} failed; see ${VAR}/log\n${error.stdout ?? ""}${error.stderr ?? error}`);
	}
	return {
		env: { LAMPLIGHT_URL: `http://127.0.0.1:${PORT}${more.BASE_PATH ?? ""}`, LAMPLIGHT_VAR: VAR, LAMPLIGHT_SERVER: server },
		reload: () => bin("reload"),
		down: () => bin("down"),
		remove: () => rmSync(VAR, { recursive: true, force: true }),
	};
}

export const VAR = process.env.LAMPLIGHT_VAR;

const withEnv = (VAR) => [`${ROOT}/bin/with-env`, { cwd: ROOT, env: { ...process.env, VAR }, encoding: "utf8" }];
const commandOf = (words) => [`build/${process.env.VARIANT || "release"}/bin/lamplight`, ...words];

/** Runs the operator's command on the instance in VAR; returns its output. */
export const lamplightAt = (VAR, ...words) => {
	const [program, options] = withEnv(VAR);
	return execFileSync(program, commandOf(words), options);
};
export const lamplight = (...words) => lamplightAt(VAR, ...words);
/** The same, while this process answers the command's requests. */
export const lamplightWhile = async (...words) => {
	const [program, options] = withEnv(VAR);
	return (await run(program, commandOf(words), options)).stdout;
};

/** The process id of one of the instance's programs: "chat", "mysql". */
export const pid = (program) => Number(readFileSync(`${VAR}/run/${program}.pid`, "utf8"));

/** Stops a process. The signal takes effect when one of its threads runs; until then the others continue. */
export async function pause(id) {
	process.kill(id, "SIGSTOP");
	const stands = (thread) => /^State:\tT/m.test(readFileSync(`/proc/${id}/task/${thread}/status`, "utf8"));
	while (!readdirSync(`/proc/${id}/task`).every(stands)) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** Whether this process is there. */
export function runs(id) {
	try {
		return process.kill(id, 0);
	} catch {
		return false;
	}
}
