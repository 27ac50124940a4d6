// The model of bin/capacity fits a run from which it was not derived, and scales as it should.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const COMMAND = fileURLToPath(new URL("../../bin/capacity", import.meta.url));
const run = (...words) => spawnSync(process.execPath, [COMMAND, ...words.map(String)], { encoding: "utf8" });
const plan = (...words) => {
	const { status, stdout, stderr } = run("--json", ...words);
	assert.equal(status, 0, stderr);
	return JSON.parse(stdout);
};
const sum = ({ processors }) => Object.values(processors).reduce((all, one) => all + one, 0);

test("1,000 streams are foretold by the other runs, within a third and not too low by a fifth", () => {
	const { status, stdout } = run("--check", "--json");
	assert.equal(status, 0, stdout);
	const { streams, ratio, measured } = JSON.parse(stdout);
	assert.equal(streams, 1000);
	assert.ok(measured.all > 0.1 && ratio > 0.8 && ratio < 1.35, stdout);
});

test("with all runs in it, it is near each of the large ones", () => {
	const { measured } = JSON.parse(run("--check", "--json").stdout);
	const all = sum(plan("--streams", 1000, "--rate", 20, "--users", 0));
	assert.ok(all / measured.all > 0.75 && all / measured.all < 1.25, `${all} of ${measured.all}`);
});

test("more of anything is never cheaper", () => {
	for (const option of ["streams", "users", "messages", "rate", "message-bytes"]) {
		let before = 0;
		for (const n of [1, 10, 1000, 100_000, 1_000_000]) {
			const found = plan(`--${option}`, n);
			const cost = found.cost.month + sum(found);
			assert.ok(Number.isFinite(cost) && cost >= before, `${option} ${n}: ${cost} after ${before}`);
			before = cost;
		}
	}
});

test("100,000 streams and 1,000,000,000 messages have machines, memory and a cost", () => {
	const found = plan("--streams", 100_000, "--users", 2_000_000, "--messages", 1_000_000_000);
	assert.ok(found.machines > 10 && found.shards >= 1 && found.diskGB > 1000 && found.bufferPoolGB > 1 && found.cost.month > 100, JSON.stringify(found));
	assert.ok(found.machineMemoryGB > 0 && found.databaseCores <= 32);
	assert.match(run("--streams", "100000").stdout, /machines for the programs +\d+, of 8 processors/);
});

test("what it does not know is refused", () => {
	for (const words of [["--stream", 1], ["--streams"], ["--streams", "many"], ["--streams", -1], ["--busy", 0], ["--busy", 101], ["--cores", 0], ["1"], ["--streams", "1e13"]]) {
		const { status, stderr } = run(...words);
		assert.equal(status, 2, words.join(" "));
		assert.ok(stderr.length > 10);
	}
});
