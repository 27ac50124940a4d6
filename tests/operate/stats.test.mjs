// The figures of `lamplight stats` and `lamplight top` agree with the tables and with what is going on.

import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { User, newId } from "../support/api.mjs";
import { query } from "../support/db.mjs";
import { VAR, lamplight } from "../support/instance.mjs";
import { gated, play } from "../support/model.mjs";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const COMMAND = `${ROOT}build/${process.env.VARIANT || "release"}/bin/lamplight`;
const run = promisify(execFile);
const top = (...words) => run(`${ROOT}bin/with-env`, [COMMAND, "top", "--once", "--interval", "1", ...words], { cwd: ROOT, env: { ...process.env, VAR }, timeout: 30_000 });
const stats = () => JSON.parse(lamplight("stats", "--json"));

test("stats counts users, replies and their tokens", async () => {
	const before = stats();
	const user = await User.register();
	const text = `secret-${newId()}`;
	await user.say(text);
	const after = stats();
	assert.equal(after.users, Number((await query("SELECT COUNT(*) AS n FROM user"))[0].n));
	assert.ok(after.users > before.users && after.logins > before.logins);
	for (const period of ["Today", "Week"]) {
		assert.ok(after[`replies${period}`] > before[`replies${period}`], period);
		assert.ok(after[`users${period}`] > before[`users${period}`], period);
		assert.ok(after[`outputTokens${period}`] >= before[`outputTokens${period}`], period);
	}
	assert.ok(after.bytes > 100_000 && after.workers >= 2);
	const said = lamplight("stats");
	assert.match(said, new RegExp(`^ +${after.users} {2}users$`, "m"));
	assert.equal(said.trimEnd().split("\n").length, Object.keys(after).length);
	for (const own of [text, user.username, user.id]) assert.ok(!said.includes(own));
});

test("top sees a reply that runs, and every program", async () => {
	const user = await User.register();
	const script = await play({ steps: gated("Slowly, ", "at last.") });
	const turn = await user.ask(`go on ${script.mark}`);
	const shown = JSON.parse((await top("--json", "--sockets", `${VAR}/run`)).stdout);
	await script.open("1");
	await script.open("end");
	await turn.finish();
	assert.ok(shown.streams >= 1 && shown.seconds >= 1, JSON.stringify(shown));
	assert.equal(shown.databaseAway, false);
	assert.deepEqual(Object.keys(shown.programs).sort(), ["admin", "auth", "chat", "health", "messages", "sessions"]);
	for (const [name, program] of Object.entries(shown.programs)) {
		assert.equal(program.answers, true, name);
		// At least the earlier request of `top` itself counts.
		assert.ok(program.requestsPerSecond > 0, name);
	}
	const { stdout } = await top("--sockets", `${VAR}/run`);
	assert.match(stdout, /^streams +\d+ running/m);
	for (const name of Object.keys(shown.programs)) assert.match(stdout, new RegExp(`^${name} +\\d+\\.\\d `, "m"));
});

test("top where nothing runs says so; what it does not know is refused", async () => {
	await assert.rejects(top("--sockets", "/nonexistent"), { code: 1, stderr: /No program answers in \/nonexistent/ });
	for (const words of [["top", "--often"], ["top", "--interval", "0"], ["top", "--interval", "1x"], ["stats", "--all"]])
		assert.throws(() => execFileSync(COMMAND, words, { stdio: "pipe" }), { status: 2 }, words.join(" "));
});
