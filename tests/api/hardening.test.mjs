// How the programs are built and run, which limits what a fault in one of them could reach.

import assert from "node:assert/strict";
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { eventually } from "../support/api.mjs";
import { VAR, pid } from "../support/instance.mjs";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const PROGRAMS = ["auth", "sessions", "messages", "chat", "health"];
const isRoot = process.getuid() === 0;
const has = (command) => spawnSync(command, ["--version"]).status === 0;
const run = (command, ...args) => execFileSync(command, args, { encoding: "utf8" });

const status = (program, key) => new RegExp(`^${key}:\\s*(\\S+)`, "m").exec(readFileSync(`/proc/${pid(program)}/status`, "utf8"))[1];

test("a program started by root keeps only the capability to read", { skip: !isRoot && "not root" }, () => {
	const dacReadSearch = "0000000000000004";
	for (const program of PROGRAMS) {
		assert.equal(status(program, "NoNewPrivs"), "1", program);
		for (const set of ["CapPrm", "CapEff", "CapBnd"]) assert.equal(status(program, set), dacReadSearch, `${program} ${set}`);
		for (const set of ["CapInh", "CapAmb"]) assert.equal(Number(status(program, set)), 0, `${program} ${set}`);
	}
});

const isRelease = (process.env.VARIANT ?? "release") === "release";

test("no user can read the memory of a program, not even its own", { skip: !(isRoot && isRelease) && "not root, or not the release" }, async () => {
	// A process of the same user without the right to trace may read the memory of processes that can be dumped, such as this
	// one:
	const plain = spawn("setpriv", ["--inh-caps=-all", "--bounding-set=-all", "sleep", "60"], { stdio: "ignore" });
	const asUser = (id) =>
		spawnSync("setpriv", ["--inh-caps=-all", "--bounding-set=-sys_ptrace,-perfmon,-sys_admin", "cat", `/proc/${id}/maps`], { encoding: "utf8" });
	try {
		await eventually(() => readFileSync(`/proc/${plain.pid}/comm`, "utf8") === "sleep\n");
		assert.equal(asUser(plain.pid).status, 0);
		for (const program of PROGRAMS) assert.match(asUser(pid(program)).stderr, /Permission denied/, program);
	} finally {
		plain.kill();
	}
});

describe("built with", () => {
	const skip = !has("readelf") ? "no readelf" : !isRelease && "not the release";
	for (const program of PROGRAMS)
		test(program, { skip }, () => {
			const file = readFileSync(`/proc/${pid(program)}/cmdline`, "latin1").split("\0").find((word) => word.endsWith(`${program}.fcgi`));
			const elf = run("readelf", "--wide", "-h", "-l", "-d", "-n", "-s", file);
			assert.match(elf, /Type:\s+DYN/, "loaded anywhere");
			assert.match(elf, /BIND_NOW|FLAGS_1.* NOW/, "its tables are read-only");
			assert.match(elf, /GNU_RELRO/);
			assert.match(elf, /GNU_STACK\s+\S+ \S+ \S+ \S+ \S+ RW /, "its stack runs no code");
			assert.match(elf, /__stack_chk_fail/, "its stack is guarded");
			assert.match(elf, /__mem(cpy|move)_chk/, "copies are checked");
			// endbr64 stands at the head of functions; whether the processor checks it is up to the system.
			if (process.arch === "x64") assert.ok(readFileSync(file).includes(Buffer.from([0xf3, 0x0f, 0x1e, 0xfa])), "jumps can be checked");
		});
});

test("the units of an installation: systemd finds little that a program could reach", { skip: !has("systemd-analyze") && "no systemd-analyze" }, (t) => {
	const said = spawnSync("systemd-analyze", ["security", "--offline=true", "--threshold=20", "--no-pager", `${ROOT}/conf/systemd/lamplight@.service`], {
		encoding: "utf8",
	});
	if (/unrecognized option/.test(said.stderr)) return t.skip("an older systemd-analyze");
	assert.equal(said.status, 0, said.stdout + said.stderr);
	const unit = readFileSync(`${ROOT}/conf/systemd/lamplight@.service`, "utf8");
	for (const key of ["SystemCallFilter", "MemoryMax", "TasksMax", "ProtectProc"]) assert.match(unit, new RegExp(`^${key}=`, "m"));
});

test("only the owner can read files with secrets", () => {
	const found = run("find", VAR, "-type", "f", "-name", "*secret*", "-perm", "/077");
	assert.equal(found, "");
	assert.notEqual(run("find", VAR, "-type", "f", "-name", "*secret*"), "", "there is one");
});

describe("packages fetched for the build", () => {
	for (const folder of ["bin/node", "htdocs", "tests", "tests/bench"])
		test(`${folder}: every package is the one that was chosen, to the bit`, () => {
			const { packages } = JSON.parse(readFileSync(`${ROOT}/${folder}/package-lock.json`, "utf8"));
			const fetched = Object.entries(packages).filter(([path, { link, inBundle }]) => path !== "" && !link && !inBundle);
			assert.ok(fetched.length > 0);
			for (const [path, { integrity }] of fetched) assert.match(integrity ?? "", /^sha512-/, path);
		});

	test("and runs nothing while it is installed", () => {
		const places = ["Makefile", "bin", "tests/run", "tests/lint", "tests/bench/run"].map((path) => `${ROOT}/${path}`);
		const lines = run("grep", "-rhIE", '^[^#]*(npm (ci|install) |"npm", "ci")', ...places).trim().split("\n");
		assert.ok(lines.length > 3, lines.join("\n"));
		for (const line of lines) assert.ok(line.includes("--ignore-scripts"), line);
	});
});
