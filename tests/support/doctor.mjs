// Runs `lamplight doctor` beside the instance, with the instance's settings.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { VAR, settings } from "./instance.mjs";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
export const COMMAND = `${ROOT}build/${process.env.VARIANT || "release"}/bin/lamplight`;

/**
 * The doctor's exit status, and its findings by code. `more()` returns settings in addition to those of the instance, which lives in `at`.
 */
export const doctorWith = (more, at = VAR) => ({ env = {}, args = [], words: inWords } = {}) => {
	const sockets = args.includes("--sockets") ? [] : ["--sockets", `${at}/run`];
	const given = { ...process.env, ...settings, ...more(), VAR: at };
	// The settings of a test override those of the instance.
	const set = Object.entries(env).map(([name, value]) => `${name}=${value}`);
	return new Promise((resolve, reject) => {
		const words = ["env", ...set, COMMAND, "doctor", ...(inWords ? [] : ["--json"]), ...sockets, ...args];
		execFile(`${ROOT}bin/with-env`, words, { cwd: ROOT, env: given, timeout: 60_000 }, (error, stdout, stderr) => {
			if (inWords) return resolve({ said: stdout });
			try {
				const { findings, status } = JSON.parse(stdout);
				resolve({ code: error?.code ?? 0, status, findings, stderr, bad: findings.filter(({ severity }) => severity !== "ok") });
			} catch (broken) {
				reject(new Error(`${broken}\n${stdout}\n${stderr}`));
			}
		});
	});
};

/** Fails unless this code was found, with a text and a remedy. */
export function assertFound({ bad, code: exit, status }, code, severity, words = /./) {
	const found = bad.filter((finding) => finding.code === code && words.test(finding.finding));
	assert.equal(found.length, 1, `${code} in ${JSON.stringify(bad, null, 1)}`);
	assert.equal(found[0].severity, severity);
	assert.match(`${found[0].finding} ${found[0].remedy ?? ""}`.trim(), /^[A-Zh].{20,}\.$|migrate$/);
	assert.ok(found[0].remedy || code === "database_unsuitable", "it says what to do");
	const worst = bad.some((finding) => finding.severity === "error") ? "error" : "warning";
	assert.deepEqual([status, exit], [worst, worst === "error" ? 1 : 3]);
}

/** The machine that runs the tests may allow few descriptors and have short queues, which is not a fault of the instance. */
const MACHINE = ["nofile", "somaxconn"];
export const codes = ({ bad }) => bad.map(({ code }) => code).filter((code) => !MACHINE.includes(code));
