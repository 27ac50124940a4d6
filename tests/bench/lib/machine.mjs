// The machine and the versions of a run, for results.json.

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { cpus, loadavg, release, totalmem } from "node:os";
import { ROOT } from "./settings.mjs";

/** The first line of a program's output on stdout or stderr. */
function first(command, ...args) {
	const { stdout, stderr } = spawnSync(command, args, { cwd: ROOT, encoding: "utf8" });
	return (stdout || stderr || "").trim().split("\n")[0];
}

const system = () => /^PRETTY_NAME="?([^"\n]*)/m.exec(readFileSync("/etc/os-release", "utf8"))?.[1] ?? "Linux";
const version = (name) => JSON.parse(readFileSync(`${ROOT}tests/bench/node_modules/${name}/package.json`, "utf8")).version;

export function machine() {
	const all = cpus();
	return {
		date: new Date().toISOString(),
		commit: first("git", "rev-parse", "--short=12", "HEAD") + (first("git", "status", "--porcelain") ? " and changes" : ""),
		processor: `${all.length} x ${all[0].model.trim()}`,
		memoryGB: Math.round(totalmem() / 2 ** 30),
		system: `${system()}, Linux ${release()}`,
		/** The work of others is part of every figure. */
		loadBefore: loadavg()[0],
		versions: {
			compiler: first("cc", "--version"),
			nginx: first("nginx", "-v").replace(/^nginx version: /, ""),
			database: first("mariadbd", "--version"),
			node: process.version,
			...Object.fromEntries(["fastify", "mysql2", "jose", "ai", "echarts"].map((name) => [name, version(name)])),
		},
	};
}
