// The figures that the rules and the dashboard in conf/monitoring use exist. promtool and a Prometheus check them if they are
// installed (Debian's package prometheus; PROMETHEUS=FOLDER names a folder with both programs); otherwise these tests are
// skipped, and say so.

import assert from "node:assert/strict";
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { URL_BASE, User, eventually, request } from "../support/api.mjs";
import { freePort } from "../support/instance.mjs";

const FOLDER = fileURLToPath(new URL("../../conf/monitoring", import.meta.url));
const PATH = `${process.env.PROMETHEUS ?? ""}:${process.env.PATH}`;
const skip = spawnSync("promtool", ["--version"], { env: { PATH } }).error && "promtool is not installed (Debian: prometheus)";
const read = (name) => readFileSync(`${FOLDER}/${name}`, "utf8");
const promtool = (args, input) => execFileSync("promtool", args, { cwd: FOLDER, env: { PATH }, input, stdio: ["pipe", "pipe", "pipe"] });

let figures;

before(async () => {
	// Histograms have lines only after something was counted.
	await (await User.register()).say("count me");
	figures = (await request("GET", "/api/health/metrics")).text;
});

test("every figure in a rule or panel exists, and a panel shows every figure", () => {
	const there = new Set([...figures.matchAll(/^# TYPE (\w+) /gm)].map((match) => match[1]));
	const asked = (text) => [...text.matchAll(/\blamplight_\w+/g)].map(([name]) => name.replace(/_(bucket|sum|count)$/, ""));
	const dashboard = JSON.parse(read("grafana.json"));
	const panels = dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)).join("\n");
	const rules = read("alerts.yml").replace(/^ +(summary|remedy):.*$/gm, "");
	for (const name of [...asked(panels), ...asked(rules)]) assert.ok(there.has(name), name);
	const shown = new Set([...asked(panels), ...asked(rules)]);
	assert.deepEqual([...there].filter((name) => !shown.has(name)), ["lamplight_streams_total"], "a new figure gets a panel");
	for (const { gridPos, targets, title } of dashboard.panels) assert.ok(gridPos.w > 0 && targets.length > 0 && title, title);
	assert.equal(new Set(dashboard.panels.map(({ id }) => id)).size, dashboard.panels.length);
});

test("outcomes that are no failure are words of the programs", () => {
	const source = readFileSync(fileURLToPath(new URL("../../lib/wire/event.c", import.meta.url)), "utf8");
	const [, words] = /outcome!~"([a-z|_]+)"/.exec(read("alerts.yml"));
	for (const word of words.split("|")) assert.ok(source.includes(`= { "${word}", `), word);
});

describe("promtool", { skip }, () => {
	test("takes the rules, the settings and the figures", () => {
		promtool(["check", "rules", "alerts.yml"]);
		promtool(["check", "config", "prometheus.yml"]);
		assert.equal(String(promtool(["check", "metrics"], figures)), "");
	});
	test("finds that rules fire when they should, and not otherwise", () => promtool(["test", "rules", "alerts.test.yml"]));
});

test("a Prometheus reads all of it, and no rule fires", { skip, timeout: 60_000 }, async () => {
	const dir = mkdtempSync(`${tmpdir()}/lamplight-prometheus-`);
	let prometheus;
	after(async () => {
		if (prometheus && prometheus.exitCode === null) {
			prometheus.kill("SIGTERM");
			await once(prometheus, "exit");
		}
		rmSync(dir, { recursive: true, force: true });
	});
	const port = await freePort();
	const { host, pathname } = new URL(URL_BASE);
	const settings = read("prometheus.yml").replace("127.0.0.1:80", host).replace("15s", "1s").replace("/api/", `${pathname.replace(/\/$/, "")}/api/`);
	writeFileSync(`${dir}/prometheus.yml`, settings);
	cpSync(`${FOLDER}/alerts.yml`, `${dir}/alerts.yml`);
	const args = [`--config.file=${dir}/prometheus.yml`, `--storage.tsdb.path=${dir}/data`, `--web.listen-address=127.0.0.1:${port}`];
	prometheus = spawn("prometheus", args, { env: { PATH }, stdio: "ignore" });
	const ask = async (path) => (await fetch(`http://127.0.0.1:${port}/api/v1/${path}`)).json();
	const value = async (query) => (await ask(`query?query=${encodeURIComponent(query)}`).catch(() => null))?.data?.result[0]?.value[1];
	await eventually(async () => (await value('up{job="lamplight"}')) === "1", 30);
	assert.equal(await value("lamplight_database_up"), "1");
	assert.equal(await value("count(lamplight_threads)"), String(figures.match(/^lamplight_threads\{/gm).length));
	assert.ok(Number(await value("sum(lamplight_requests_total)")) > 0);
	const { data } = await ask("rules");
	assert.ok(data.groups[0].rules.length >= 10);
	for (const { name, state } of data.groups[0].rules) assert.equal(state, "inactive", name);
});
