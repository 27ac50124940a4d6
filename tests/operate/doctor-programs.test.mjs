// `lamplight doctor` reports one error for one cause. It asks each program through the site's address, also where the web
// server starts the programs; programs that wait for the database do not fail.

import assert from "node:assert/strict";
import { chmodSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { URL_BASE, eventually } from "../support/api.mjs";
import { assertFound, codes, doctorWith } from "../support/doctor.mjs";
import { VAR, pid, up } from "../support/instance.mjs";

const timeout = 120_000;
/** The test model has no list of models. */
const wrong = (found) => codes(found).filter((code) => code !== "model_address");
const settings = () => ({ LAMPLIGHT_LLM_BASE_URL: process.env.LAMPLIGHT_LLM_BASE_URL });

describe("mod_fcgid", () => {
	let instance, at, url, ask;
	before(
		async () => {
			instance = await up({ server: "fcgid", more: settings() });
			({ LAMPLIGHT_VAR: at, LAMPLIGHT_URL: url } = instance.env);
			ask = doctorWith(settings, at);
		},
		{ timeout },
	);
	after(async () => {
		await instance?.down();
		instance?.remove();
	});
	const doctor = () => ask({ args: ["--sockets", `${at}/none`, url] });
	const script = (program) => `${at}/site/cgi-bin/${program}.fcgi`;

	// This test runs first, before any process of these programs is alive.
	test("names a missing program and one that is not executable, and no others", { timeout }, async () => {
		renameSync(script("auth"), script("auth-away"));
		chmodSync(script("sessions"), 0o600);
		try {
			const found = await doctor();
			// On a busy machine the web server has not given up when the doctor does.
			assertFound(found, "web_programs", "error", /\/api\/config \(auth, 404\), .*\/api\/ai\/config \(sessions, (500|0)\)/);
			assert.deepEqual(wrong(found), ["web_programs"]);
			assert.doesNotMatch(found.bad.find(({ code }) => code === "web_programs").finding, /chat|messages|admin|health/);
			assert.equal((await fetch(`${url}/api/health/ready`)).status, 200, "which says nothing of them");
		} finally {
			renameSync(script("auth-away"), script("auth"));
			chmodSync(script("sessions"), 0o700);
		}
		// mod_fcgid tries again for a while before it starts a program that it could not start.
		const answers = async () => (await fetch(`${url}/api/ai/sessions`, { signal: AbortSignal.timeout(5000) })).status;
		await eventually(async () => (await answers()) === 401, 60);
	});
	test("every program is asked through the address", { timeout }, async () => {
		const found = await doctor();
		assert.deepEqual(wrong(found), [], JSON.stringify(found.bad));
		assert.deepEqual(found.findings.map(({ code }) => code).filter((code) => /program|route/.test(code)), ["programs_by_web"]);
	});
	test("the program chat alone; administration alone is a warning", { timeout }, async () => {
		for (const [program, severity] of [
			["chat", "error"],
			["admin", "warning"],
		]) {
			renameSync(script(program), script("away"));
			try {
				assertFound(await doctor(), "web_programs", severity, new RegExp(`not answer: \\S+ \\(${program}, 404\\)\\.$`));
			} finally {
				renameSync(script("away"), script(program));
			}
		}
	});
	test("reports one cause if no program answers", { timeout }, async () => {
		renameSync(`${at}/site/cgi-bin`, `${at}/site/moved`);
		try {
			const found = await doctor();
			assert.equal(wrong(found).length, 1, JSON.stringify(found.bad));
			assert.match(found.bad.find(({ code }) => /^web_/.test(code)).remedy, /\.\/install --site/);
		} finally {
			renameSync(`${at}/site/moved`, `${at}/site/cgi-bin`);
		}
	});
	test("reports an empty folder of sockets", { timeout }, async () => {
		mkdirSync(`${at}/empty`);
		assertFound(await ask({ args: ["--sockets", `${at}/empty`, url] }), "program_absent", "error", /chat, auth, sessions, messages, admin, health\.$/);
		rmSync(`${at}/empty`, { recursive: true });
	});
});

describe("sockets", () => {
	const ask = doctorWith(settings);

	test("programs that begin while the database is away wait for it, and that is no error of theirs", { timeout }, async () => {
		const socket = `${VAR}/run/mysql.sock`;
		renameSync(socket, `${socket}.away`);
		try {
			for (const program of ["auth", "sessions", "messages", "chat", "admin"]) process.kill(pid(program), "SIGTERM");
			for (const path of ["/api/config", "/api/ai/config", "/api/ai/sessions/1/messages", "/api/ai/models", "/api/admin/providers"])
				await eventually(() => fetch(`${URL_BASE}${path}`).then(({ status }) => status === 503, () => false), 20);
			const found = await ask({ args: [URL_BASE] });
			assertFound(found, "database_away", "error");
			assertFound(found, "programs_wait", "warning", /: chat, auth, sessions, messages, admin\.$/);
			assert.deepEqual(wrong(found).sort(), ["database_away", "programs_wait"], JSON.stringify(found.bad));
		} finally {
			renameSync(`${socket}.away`, socket);
		}
		await eventually(async () => wrong(await ask({ args: [URL_BASE] })).length === 0, 30);
	});
});
