// What counts as a failure: a browser test that fails while others run is tried again, any other is not.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";

const folder = mkdtempSync(join(tmpdir(), "suite-"));
after(() => rmSync(folder, { recursive: true }));
mkdirSync(join(folder, "browser"));

const write = (name, body) => {
	writeFileSync(join(folder, name), `import { test } from "node:test";\nimport { existsSync, writeFileSync } from "node:fs";\n${body}\n`);
	return name;
};
const passes = (name) => write(name, 'test("passes", () => {});');
const fails = (name) => write(name, 'test("passes", () => {});\ntest("fails", () => { throw new Error("never " + import.meta.url); });');
const failsOnce = (name) =>
	write(
		name,
		`const seen = new URL(import.meta.url + ".seen");\nconst first = !existsSync(seen);\nwriteFileSync(seen, "");
test("passes", () => {});\ntest("comes and goes", () => { if (first) throw new Error("for the first time"); });`,
	);

/** The output of a run of these files, in a separate process, because no test runs other tests. */
function run(...files) {
	const suite = new URL("suite.mjs", import.meta.url).href;
	const script = `import { Suite } from ${JSON.stringify(suite)};
		const suite = new Suite({ mayTryAgain: (file) => file.startsWith("browser/"), fileMs: 60_000 });
		await suite.run("these", ${JSON.stringify(files)}, 2);
		await suite.tryAgain();
		suite.end();
		process.exit(suite.failed ? 1 : 0);`;
	const { NODE_TEST_CONTEXT, ...env } = process.env;
	writeFileSync(join(folder, "run.mjs"), script);
	const child = spawnSync(process.execPath, ["run.mjs"], { cwd: folder, env, encoding: "utf8" });
	return { text: child.stdout + child.stderr, failed: child.status !== 0, last: child.stdout.trim().split("\n").slice(-2) };
}

test("a browser file that fails once counts as unsteady, and the run passes", () => {
	const { text, failed, last } = run(passes("browser/a.mjs"), failsOnce("browser/b.mjs"), passes("c.mjs"));
	assert.deepEqual(last, ["1 unsteady: browser/b.mjs", "4 passed, 0 failed"]);
	assert.equal(failed, false);
	assert.match(text, /unsteady: these: browser\/b\.mjs, failed beside others, passed alone/);
	assert.match(text.slice(text.indexOf("unsteady: these")), /comes and goes\nError: for the first time\n/);
});

test("one that fails again has failed, once", () => {
	const { text, failed, last } = run(passes("browser/a.mjs"), fails("browser/d.mjs"));
	assert.deepEqual(last, ["failed: these: browser/d.mjs: fails", "2 passed, 1 failed"]);
	assert.equal(failed, true);
	assert.doesNotMatch(text, /unsteady/);
});

test("a test that files share is tried again with the file that had it", () => {
	failsOnce("browser/shared.mjs");
	writeFileSync(join(folder, "browser/p.mjs"), 'import "./shared.mjs";');
	const { failed, last } = run("browser/p.mjs");
	assert.deepEqual(last, ["1 unsteady: browser/p.mjs", "2 passed, 0 failed"]);
	assert.equal(failed, false);
});

test("other files are not tried again", () => {
	const { failed, last } = run(failsOnce("e.mjs"));
	assert.equal(last.at(-1), "1 passed, 1 failed");
	assert.equal(failed, true);
});

test("three unsteady files fail the run", () => {
	const { text, failed, last } = run(...["f", "g", "h"].map((name) => failsOnce(`browser/${name}.mjs`)));
	assert.deepEqual(last, ["failed: too many unsteady files", "6 passed, 1 failed"]);
	assert.match(text, /^3 unsteady: browser\/f\.mjs, browser\/g\.mjs, browser\/h\.mjs$/m);
	assert.equal(failed, true);
	assert.match(text, /too many unsteady files/);
});

test("a file that breaks before its first test, or whose preparation fails, is a failure", () => {
	for (const body of ['throw new Error("at once");', 'import { before } from "node:test"; before(() => { throw new Error("at once"); }); test("t", () => {});']) {
		const { text, failed } = run(write("browser/i.mjs", body));
		assert.equal(failed, true);
		assert.match(text, /at once/);
	}
});

test("a page that is broken is not tried file by file once more", () => {
	const { text, failed } = run(...["j", "k", "l", "m", "n", "o"].map((name) => failsOnce(`browser/${name}.mjs`)));
	assert.equal(failed, true);
	assert.doesNotMatch(text, /unsteady/);
});
