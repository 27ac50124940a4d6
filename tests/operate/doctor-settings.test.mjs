// `lamplight doctor`: the running programs have the present settings, their base path is that of the address, and the model's
// address contains no secret.

import assert from "node:assert/strict";
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { URL_BASE, eventually } from "../support/api.mjs";
import { COMMAND, assertFound, codes as allCodes, doctorWith } from "../support/doctor.mjs";
import { VAR, freePort } from "../support/instance.mjs";

const model = () => ({ LAMPLIGHT_LLM_BASE_URL: process.env.LAMPLIGHT_LLM_BASE_URL });
const doctor = doctorWith(model);
/** The test model has no list of models. */
const codes = (found) => allCodes(found).filter((code) => code !== "model_address");
let dir, nginx, below;

/** A site below /chat whose programs have no base path. */
before(async () => {
	dir = mkdtempSync(`${tmpdir()}/lamplight-doctor-`);
	const port = await freePort();
	below = `http://127.0.0.1:${port}/chat`;
	const params = ["REQUEST_METHOD $request_method", "REQUEST_URI $request_uri", "QUERY_STRING $query_string", "CONTENT_LENGTH $content_length"];
	const to = (program) => `{ ${params.map((pair) => `fastcgi_param ${pair};`).join(" ")} fastcgi_pass unix:${VAR}/run/${program}.sock; }`;
	const site = `server { listen 127.0.0.1:${port}; location /chat/api/ai/chat ${to("chat")} location /chat/api/health/ ${to("health")} }`;
	const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((kind) => `${kind}_temp_path ${dir}/${kind};`).join(" ");
	const user = process.getuid() === 0 ? "user root;" : "";
	const main = `daemon off; ${user} pid ${dir}/nginx.pid; worker_processes 1; error_log ${dir}/nginx.log; events { }`;
	writeFileSync(`${dir}/nginx.conf`, `${main} http { access_log off; ${temporary} ${site} }`);
	nginx = spawn("nginx", ["-e", "stderr", "-c", `${dir}/nginx.conf`], { stdio: "ignore", env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` } });
	await eventually(() => fetch(below).then(() => true, () => false), 20);
});
after(async () => {
	nginx.kill("SIGTERM");
	if (nginx.exitCode === null) await once(nginx, "exit");
	rmSync(dir, { recursive: true, force: true });
});

const differ = async (env) => {
	const found = await doctor({ env });
	return found.bad.find(({ code }) => code === "settings_differ")?.finding ?? JSON.stringify(found.bad);
};

test("names every setting that differs, but not its value", async () => {
	for (const [key, value] of [
		["llm.model", "another-model"],
		["llm.api_key", "canary-5c1f"],
		["llm.system_prompt", "Be brief."],
		["chat.keep_days", "365"],
		["limits.chat", "user 3/min"],
		["auth.register", "invite"],
		["http.site_name", "Elsewhere"],
		["worker.lease_ms", "12000"],
	]) {
		const said = await differ({ [`LAMPLIGHT_${key.toUpperCase().replace(".", "_")}`]: value });
		assert.match(said, new RegExp(`: ${key.replace(".", "\\.")}\\.$`));
		assert.ok(!said.includes("canary"));
	}
	const many = Object.fromEntries(["REGISTER", "LOGIN", "REFRESH", "ACCOUNT", "READ", "WRITE", "SEARCH", "CHAT", "FOLLOW", "STOP"].map((rule) => [`LAMPLIGHT_LIMITS_${rule}`, "user 9/min"]));
	assert.match(await differ({ ...many, LAMPLIGHT_LIMITS_REGISTER: "network 9/h", LAMPLIGHT_LIMITS_LOGIN: "network 9/h", LAMPLIGHT_LIMITS_REFRESH: "network 9/h" }), /(limits\.\w+, ){7}limits\.\w+ and 2 more\.$/);
});

test("it says which file it has read", async () => {
	const file = `${dir}/own.conf`;
	writeFileSync(file, "", { mode: 0o600 });
	const { findings } = await doctor({ env: { LAMPLIGHT_CONF: file } });
	assert.ok(findings.find(({ code }) => code === "configuration").finding.includes(file));
});

test("another base path than the address has is that, and no other secret", async () => {
	const found = await doctor({ env: { LAMPLIGHT_HTTP_BASE_PATH: "/talk/" }, args: [URL_BASE] });
	assertFound(found, "base_path", "error", /has the path \/, and http\.base_path is \/talk\/\./);
	assertFound(found, "settings_differ", "warning", /http\.base_path/);
	assert.deepEqual(codes(found).sort(), ["base_path", "settings_differ"]);
});

test("programs that were given another base path than the address has", async () => {
	const found = await doctor({ env: { LAMPLIGHT_HTTP_BASE_PATH: "/chat/" }, args: [below] });
	assertFound(found, "base_path", "error", /have another http\.base_path than its path/);
	assert.deepEqual(codes(found).sort(), ["base_path", "settings_differ"]);
});

test("where the web server starts the programs, they are compared through the address", async () => {
	const args = ["--sockets", `${dir}/none`, URL_BASE];
	assert.deepEqual(codes(await doctor({ args, env: { LAMPLIGHT_HTTP_THREADS: "9" } })), []);
	assertFound(await doctor({ args, env: { LAMPLIGHT_LLM_RETRIES: "9" } }), "settings_differ", "warning", /: llm\.retries\.$/);
});

test("a password in the address is refused, and said nowhere", async () => {
	for (const url of ["https://ann:canary-77@chat.example.org/x", "ann:canary-77@chat.example.org"]) {
		const found = await doctor({ args: [url] });
		assertFound(found, "url", "error");
		assert.ok(!JSON.stringify(found).includes("canary-77"));
		assert.ok(!(await doctor({ args: [url], words: true })).said.includes("canary-77"));
	}
	// So is one in a setting.
	const env = { LAMPLIGHT_LLM_BASE_URL: "http://ann:canary-77@127.0.0.1:9/v1" };
	const found = await doctor({ env });
	assertFound(found, "configuration", "error");
	assert.match(found.stderr, /llm\.base_url/);
	assert.ok(!JSON.stringify(found).includes("canary-77"));
});

test("an address as it stands in a browser is taken, and one without a host is not", async () => {
	for (const end of ["/#account", "/?assistant=1", "//", "?a/#b"]) assert.deepEqual(codes(await doctor({ args: [`${URL_BASE}${end}`] })), [], end);
	for (const none of ["", "http://", "https:///", "/", "#"]) assert.throws(() => execFileSync(COMMAND, ["doctor", none], { stdio: "pipe" }), { status: 2 }, none);
});

test("queues of the machine that are too short are found, in a network of its own", { skip: process.getuid() !== 0 && "only root may have one" }, () => {
	const found = (max) => {
		const words = ["--net", "sh", "-c", `echo ${max} >/proc/sys/net/core/somaxconn && exec "$@"`, "sh", fileURLToPath(new URL("../../bin/with-env", import.meta.url))];
		const { stdout } = spawnSync("unshare", [...words, COMMAND, "doctor", "--json", "--sockets", `${VAR}/run`], {
			env: { ...process.env, ...model(), VAR },
			encoding: "utf8",
			timeout: 60_000,
		});
		return JSON.parse(stdout).findings.find(({ code }) => code === "somaxconn");
	};
	const { severity, finding, remedy } = found(128);
	assert.equal(severity, "warning");
	assert.match(finding, /128/);
	assert.match(remedy, /sysctl -w net\.core\.somaxconn=4096/);
	assert.equal(found(4096), undefined);
});
