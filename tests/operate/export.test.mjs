// `lamplight export`: where it writes to, and what it does where it cannot. tests/operate/import.test.mjs asks what is in it.

import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { existsSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { User, newId } from "../support/api.mjs";
import { VAR } from "../support/instance.mjs";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const COMMAND = `${ROOT}build/${process.env.VARIANT || "release"}/bin/lamplight`;
const FOLDER = mkdtempSync(`${tmpdir()}/lamplight-export-`);
after(() => rmSync(FOLDER, { recursive: true }));

let user, whole;

/** { code, stdout, stderr } of the program, which has the settings of the instance. */
function run(...words) {
	return new Promise((resolve) =>
		execFile(`${ROOT}bin/with-env`, words, { cwd: ROOT, env: { ...process.env, VAR }, timeout: 60_000 }, (error, stdout, stderr) =>
			resolve({ code: error?.code ?? 0, stdout, stderr }),
		),
	);
}
const exported = (path) => run(COMMAND, "export", user.username, "--out", path);
/** The usage of storage is that of the moment. */
const lines = (text) => text.replace(/"used":\d+/g, "").trim().split("\n");

/** A full disk: root has one of its own, lest a mistake replace the machine's. */
function fullDevice() {
	if (process.getuid() !== 0) return "/dev/full";
	const path = `${FOLDER}/full`;
	execFileSync("mknod", [path, "c", "1", "7"]);
	return path;
}

before(async () => {
	user = await User.register();
	const { sessionId } = await user.say("one");
	await user.say("two", { sessionId });
	await user.say("three");
	whole = (await run(COMMAND, "export", user.username)).stdout;
	assert.equal(lines(whole).filter((line) => line.startsWith('{"type":"message"')).length, 6);
});

test("where nothing can be written, one sentence says why", async () => {
	const full = fullDevice();
	mkdirSync(`${FOLDER}/taken.part`);
	symlinkSync("/nowhere/at/all", `${FOLDER}/dangling`);
	for (const [path, words] of [
		[`${FOLDER}/no/such/folder`, /\/no\/such\/folder\.part: No such file or directory\.$/m],
		[`${FOLDER}/taken`, /taken\.part: Is a directory\.$/m],
		[FOLDER, /: Is a directory\.$/m],
		[`${FOLDER}/dangling`, /dangling: No such file or directory\.$/m],
		[full, /^The file cannot be written: No space left on device\.$/m],
	]) {
		const { code, stderr } = await exported(path);
		assert.equal(code, 1, path);
		assert.match(stderr, words);
	}
	assert.deepEqual(readdirSync(FOLDER).filter((name) => name !== "full").sort(), ["dangling", "taken.part"]);
});

test("devices and pipes get it as it is, and stay", async () => {
	const pipe = `${FOLDER}/pipe`;
	execFileSync("mkfifo", [pipe]);
	const [read, { code }] = await Promise.all([run("cat", pipe), exported(pipe)]);
	assert.equal(code, 0);
	assert.deepEqual(lines(read.stdout), lines(whole));
	assert.ok(lstatSync(pipe).isFIFO());
	assert.ok(!existsSync(`${pipe}.part`));
});

test("a .part file that is not an export stays unchanged; damaged lines are written again", async () => {
	const path = `${FOLDER}/${newId()}`;
	writeFileSync(`${path}.part`, "Dear all\n");
	const refused = await exported(path);
	assert.equal(refused.code, 1);
	assert.match(refused.stderr, /\.part is not an export, so it stays unchanged\.$/m);
	assert.equal(readFileSync(`${path}.part`, "utf8"), "Dear all\n");
	const all = whole.trim().split("\n");
	for (const begun of [
		[...all.slice(0, -2), '{"type":"message","sessionId":'],
		[...all.slice(0, 3), "\0\0\0\0", ...all.slice(4)],
		['{"type":"account"}', ...all.slice(1)],
		['{"type":"account","account":{"id":""}}', ...all.slice(1)],
		[all[0].replace(user.id, "x".repeat(18)), ...all.slice(1)],
	]) {
		writeFileSync(`${path}.part`, `${begun.join("\n")}\n`);
		const { code, stderr } = await exported(path);
		assert.equal(code, 0, stderr);
		assert.deepEqual(lines(readFileSync(path, "utf8")), lines(whole));
		assert.ok(!existsSync(`${path}.part`));
	}
});

test("on a terminal it says how far it is, and clears the line at the end", async () => {
	const path = `${FOLDER}/${newId()}`;
	const { code, stdout } = await run("script", "-qec", `${COMMAND} export --all --out ${path}`, "/dev/null");
	assert.equal(code, 0, stdout);
	assert.match(stdout, /\r\d+ users, \d+ MB /);
	assert.ok(stdout.includes("\r\x1b[K"));
	assert.ok(readFileSync(path, "utf8").includes(user.id));
});
