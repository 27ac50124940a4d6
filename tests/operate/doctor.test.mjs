// `lamplight doctor` finds nothing wrong with our instance. Then the tests plant one fault after the other in the real
// database, files, sockets, programs, nginx, Apache and a model's server: the doctor finds each, names a remedy, and no
// longer finds it when it is gone.

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { once } from "node:events";
import { networkInterfaces, tmpdir } from "node:os";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { createConnection } from "mysql2/promise";
import { URL_BASE, eventually, newId } from "../support/api.mjs";
import { COMMAND, assertFound, codes as allCodes, doctorWith } from "../support/doctor.mjs";
import { VAR, freePort, lamplight, pause, pid } from "../support/instance.mjs";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const NONE = { LAMPLIGHT_LLM_BASE_URL: "", LAMPLIGHT_LLM_API_KEY: "" };
let dir;
/** A model's server: its answer to a request for its list, and its address. */
let answer = [200, '{"data":[{"id":"test-model"}]}'];
let model;
const modelServer = createServer((request, response) => {
	const [status, body] = request.url === "/v1/models" && request.method === "GET" ? answer : [404, ""];
	response.writeHead(status, { "content-type": "application/json" }).end(body);
});

const doctor = doctorWith(() => model);
/** The doctor is told another model's server than the programs. */
const codes = (found) => allCodes(found).filter((code) => code !== "settings_differ");

async function sql(...statements) {
	const db = await createConnection({ socketPath: `${VAR}/run/mysql.sock`, user: "root" });
	try {
		let rows;
		for (const statement of statements) [rows] = await db.query(statement);
		return rows;
	} finally {
		await db.end();
	}
}

before(async () => {
	dir = mkdtempSync(`${tmpdir()}/lamplight-doctor-`);
	await once(modelServer.listen(0, "127.0.0.1"), "listening");
	model = { LAMPLIGHT_LLM_BASE_URL: `http://127.0.0.1:${modelServer.address().port}/v1` };
});
after(() => {
	modelServer.close();
	rmSync(dir, { recursive: true, force: true });
});

test("finds nothing wrong with a new instance", async () => {
	const healthy = await doctor({ args: [URL_BASE] });
	assert.deepEqual(codes(healthy), [], JSON.stringify(healthy.bad));
	const fine = healthy.findings.filter(({ severity }) => severity === "ok").map(({ code }) => code);
	assert.deepEqual(fine.sort(), [
		...["configuration", "database", "database_suits", "model", "page", "programs", "routes", "schema", "secret", "stream"],
	]);
});

test("in words: a line for each finding, then the sum; an option that is none is refused", async () => {
	const { said } = await doctor({ words: true });
	for (const line of said.trim().split("\n").slice(0, -2)) assert.match(line, /^(ok {6}|warning |error {3}) [A-Z].*\.$/);
	assert.match(said, /\nIn order: \d+\. Warnings: \d\. Errors: 0\.\n/);
	assert.throws(() => execFileSync(COMMAND, ["doctor", "--joson"], { stdio: "pipe" }), { status: 2 });
});

test("the handbook's words for findings are those of the command", () => {
	const sources = readdirSync(`${ROOT}bin/lamplight`).filter((name) => name.startsWith("doctor"));
	const code = sources.map((name) => readFileSync(`${ROOT}bin/lamplight/${name}`, "utf8")).join("");
	const rows = readFileSync(`${ROOT}docs/handbook/troubleshooting.md`, "utf8").matchAll(/^\| [^|]+ \| ([^|]+) \|/gm);
	const words = [...rows].flatMap(([, cell]) => [...cell.matchAll(/`(\w+)`/g)].map(([, word]) => word));
	assert.ok(words.length > 10);
	for (const word of words) assert.ok(code.includes(`"${word}"`), word);
});

describe("the database", () => {
	const global = (name, value) => ({
		plant: async () => {
			const [row] = await sql(`SELECT @@GLOBAL.${name} AS was`);
			await sql(`SET GLOBAL ${name} = ${value}`);
			return () => sql(`SET GLOBAL ${name} = ${typeof row.was === "string" ? `'${row.was}'` : row.was}`);
		},
	});
	const statements = (fault, undo) => ({ plant: () => sql(...fault).then(() => () => sql(...undo)) });
	const granted = (n) => [`ALTER USER lamplight@localhost WITH MAX_USER_CONNECTIONS ${n}`];
	const right = (verb, to) => [`${verb} DELETE ON lamplight.* ${to} lamplight@localhost`];
	const faults = [
		["connections", "warning", global("max_connections", 20)],
		["connections_user", "warning", statements(granted(9), granted(0))],
		["buffer_pool", "warning", global("innodb_buffer_pool_size", 64 << 20)],
		["wait_timeout", "warning", global("wait_timeout", 30)],
		["net_timeout", "warning", global("net_read_timeout", 5)],
		["database_unsuitable", "warning", global("max_allowed_packet", 1 << 20), /max_allowed_packet/],
		["database_unsuitable", "warning", global("innodb_flush_log_at_trx_commit", 2), /innodb_flush_log/],
		["charset", "warning", statements(["ALTER DATABASE lamplight CHARACTER SET latin1"], ["ALTER DATABASE lamplight CHARACTER SET utf8mb4"])],
		["database_unsuitable", "error", statements(right("REVOKE", "FROM"), right("GRANT", "TO")), /DELETE FROM message/],
	];
	for (const [code, severity, { plant }, words] of faults)
		test(`a planted fault is found as ${code}${words ? `, in words like ${words.source}` : ""}`, async () => {
			const undo = await plant();
			try {
				assertFound(await doctor(), code, severity, words);
			} finally {
				await undo();
			}
		});
	test("nothing is found any more when the faults are gone", async () => assert.deepEqual(codes(await doctor()), []));

	test("a clock of the database that is ahead is found", async () => {
		await sql("CREATE USER late@localhost", "GRANT SELECT, INSERT, UPDATE, DELETE ON lamplight.* TO late@localhost");
		await sql("SET GLOBAL init_connect = \"SET timestamp = IF(USER() LIKE 'late@%', UNIX_TIMESTAMP() + 7, 0)\"");
		try {
			assertFound(await doctor({ env: { LAMPLIGHT_DB_USER: "late" } }), "clock", "warning", / [5-7]\.\d s apart/);
		} finally {
			await sql("SET GLOBAL init_connect = ''", "DROP USER late@localhost");
		}
	});
	test("a database without our tables is found", async () => {
		await sql("CREATE DATABASE lamplight_none CHARACTER SET utf8mb4", "GRANT SELECT ON lamplight_none.* TO lamplight@localhost");
		try {
			assertFound(await doctor({ env: { LAMPLIGHT_DB_NAME: "lamplight_none" } }), "schema", "error");
		} finally {
			await sql("REVOKE SELECT ON lamplight_none.* FROM lamplight@localhost", "DROP DATABASE lamplight_none");
		}
	});
	test("a database that is away is found", async () => {
		assertFound(await doctor({ env: { LAMPLIGHT_DB_SOCKET: `${dir}/none.sock` } }), "database_away", "error");
	});
	test("an account that the database does not know is found", async () => {
		const found = await doctor({ env: { LAMPLIGHT_DB_USER: "lamplihgt" } });
		assertFound(found, "database_away", "error");
		assert.match(found.bad.find(({ code }) => code === "database_away").remedy, /there is no such account|refuses db\.user/);
	});
	test("a limit of packets below our messages is found", async () => {
		assertFound(await doctor({ env: { LAMPLIGHT_HTTP_BODY_MAX: 64 << 20, LAMPLIGHT_HTTP_BUFFER_MAX: 128 << 20 } }), "packet", "warning");
	});
});

describe("files and settings", () => {
	const secret = (name, text, mode) => {
		writeFileSync(`${dir}/${name}`, text, { mode });
		chmodSync(`${dir}/${name}`, mode);
		return { LAMPLIGHT_AUTH_SECRET_FILE: `${dir}/${name}` };
	};
	test("a mistake in the configuration is found", async () => {
		const found = await doctor({ env: { LAMPLIGHT_CHAT_DRAIN_MS: "30s" } });
		assertFound(found, "configuration", "error");
		assert.match(found.stderr, /LAMPLIGHT_CHAT_DRAIN_MS/);
	});
	test("a configuration that everybody may change", async () => {
		writeFileSync(`${dir}/open.conf`, "[log]\nlevel = info\n");
		chmodSync(`${dir}/open.conf`, 0o666);
		assertFound(await doctor({ env: { LAMPLIGHT_CONF: `${dir}/open.conf` } }), "configuration_writable", "error");
	});
	test("a secret file that is not there, and none is made", async () => {
		const env = { LAMPLIGHT_AUTH_SECRET_FILE: `${dir}/no-secret` };
		assertFound(await doctor({ env, args: [URL_BASE] }), "secret_missing", "error");
		assert.throws(() => readFileSync(env.LAMPLIGHT_AUTH_SECRET_FILE), { code: "ENOENT" });
	});
	test("a secret that others may read", async () => {
		assertFound(await doctor({ env: secret("open", readFileSync(`${VAR}/secret`), 0o644) }), "secret", "error");
	});
	test("another secret than the programs'", async () => {
		const found = await doctor({ env: secret("other", "x".repeat(43), 0o600), args: [URL_BASE] });
		assertFound(found, "secret_differs", "error");
		assertFound(found, "web_other", "error");
	});
	test("other settings than the programs'", async () => {
		assertFound(await doctor({ env: { LAMPLIGHT_CHAT_STREAMS_MAX: 7 } }), "settings_differ", "warning");
	});
});

describe("programs and sockets", () => {
	/** The instance's sockets in a folder of the test. */
	const folder = (name, programs, mode = 0o700) => {
		mkdirSync(`${dir}/${name}`);
		chmodSync(`${dir}/${name}`, mode);
		for (const program of programs) symlinkSync(`${VAR}/run/${program}.sock`, `${dir}/${name}/${program}.sock`);
		return { args: ["--sockets", `${dir}/${name}`] };
	};
	const ALL = ["auth", "sessions", "messages", "chat", "admin", "health"];

	test("a program without a socket is found", async () => {
		assertFound(await doctor(folder("five", ALL.filter((program) => program !== "sessions"))), "program_absent", "error", /sessions/);
		assertFound(await doctor(folder("commands", ALL.filter((program) => program !== "admin"))), "program_absent", "warning", /admin/);
		const { findings } = await doctor({ args: ["--sockets", `${dir}/none`, URL_BASE] });
		assert.deepEqual(findings.map(({ code }) => code).filter((code) => code.startsWith("program")), ["programs_by_web"]);
	});
	test("a program that stands still is found", async () => {
		const worker = pid("messages");
		await pause(worker);
		try {
			assertFound(await doctor(), "program_away", "error", /messages/);
		} finally {
			process.kill(worker, "SIGCONT");
		}
	});
	test("a socket to which everybody may connect is found", async () => {
		const open = folder("entered", ALL, 0o755);
		chmodSync(`${VAR}/run/auth.sock`, 0o666);
		try {
			assertFound(await doctor(open), "socket_open", "error", /auth\.sock/);
		} finally {
			chmodSync(`${VAR}/run/auth.sock`, 0o660);
		}
		assert.deepEqual(codes(await doctor(open)), []);
	});
	test("a limit of too few descriptors is found", async () => {
		const limit = (soft) => execFileSync("prlimit", ["--pid", String(pid("chat")), `--nofile=${soft}:`]);
		const was = execFileSync("prlimit", ["--pid", String(pid("chat")), "--nofile", "--output", "SOFT", "--noheadings"], { encoding: "utf8" });
		limit(1024);
		try {
			assertFound(await doctor(), "nofile", "warning", /may open 1024 files, which is enough for 412 /);
		} finally {
			limit(was.trim());
		}
	});
});

describe("the model", () => {
	for (const [code, severity, status, body] of [
		["model_key", "error", 401, "{}"],
		["model_unknown", "warning", 200, '{"data":[{"id":"another"}]}'],
		["model_address", "error", 200, "<!doctype html><title>Welcome</title>"],
		["model_address", "warning", 404, "{}"],
		["model_answer", "error", 500, "{}"],
	])
		test(`a model that answers ${status} with ${body} is found as ${code}`, async () => {
			answer = [status, body];
			const found = await doctor();
			assertFound(found, code, severity);
			assert.ok(!JSON.stringify(found).includes("test-key-7f3a") && !found.stderr.includes("test-key-7f3a"));
		});
	test("a list that has it, in each kind's own form", async () => {
		for (const body of ['{"data":[{"id":"test-model"}]}', '{"models":[{"name":"models/test-model"}]}']) {
			answer = [200, body];
			assert.deepEqual(codes(await doctor()), [], body);
		}
	});
	test("a provider of the database: it refuses the key, or lacks a model", async () => {
		const name = `p-${newId()}`;
		lamplight("provider", "add", name, "--kind", "openai", "--base-url", model.LAMPLIGHT_LLM_BASE_URL, "--no-key");
		const rare = `another-${name}`;
		lamplight("model", "add", rare, "--provider", name);
		try {
			answer = [401, "{}"];
			assertFound(await doctor({ env: NONE }), "provider", "error", new RegExp(name));
			answer = [200, '{"data":[{"id":"test-model"}]}'];
			assertFound(await doctor(), "model_unknown", "warning", new RegExp(rare));
		} finally {
			lamplight("model", "remove", rare);
			lamplight("provider", "remove", name);
		}
		assert.deepEqual(codes(await doctor()), []);
	});
	test("none in the settings, and one in the database", async () => {
		const name = `p-${newId()}`;
		lamplight("provider", "add", name, "--kind", "openai", "--base-url", model.LAMPLIGHT_LLM_BASE_URL, "--no-key");
		lamplight("model", "add", "test-model", "--provider", name);
		try {
			answer = [200, '{"data":[{"id":"test-model"}]}'];
			const found = await doctor({ env: NONE });
			assert.deepEqual(codes(found), [], JSON.stringify(found.bad));
			lamplight("provider", "set", name, "--enabled", "off");
			assertFound(await doctor({ env: NONE }), "model_missing", "error");
		} finally {
			lamplight("model", "remove", "test-model");
			lamplight("provider", "remove", name);
		}
	});
	test("a model that is away or missing is found", async () => {
		assertFound(await doctor({ env: { LAMPLIGHT_LLM_BASE_URL: "http://127.0.0.1:9/v1" } }), "model_away", "error");
		assertFound(await doctor({ env: NONE }), "model_missing", "error");
	});
});

describe("the way through web servers", () => {
	const running = [];

	/** Runs a real web server until the tests end. */
	async function serve(command, args, port) {
		const child = spawn(command, args, { cwd: dir, stdio: ["ignore", "ignore", "pipe"] });
		let said = "";
		child.stderr.setEncoding("utf8").on("data", (text) => (said += text));
		running.push(child);
		const answers = () => fetch(`http://127.0.0.1:${port}/`, { redirect: "manual" }).then(() => true, () => false);
		await eventually(async () => child.exitCode !== null || (await answers()), 20);
		assert.equal(child.exitCode, null, said);
	}

	/** An address at which other machines would reach this one. */
	const OUTSIDE = Object.values(networkInterfaces())
		.flat()
		.find(({ family, internal }) => family === "IPv4" && !internal)?.address;

	/** One nginx, which has a site with each of these faults in front of the instance. */
	const SITES = {
		// With HTTP 1.0, nginx's default towards a server behind it.
		held: "proxy_http_version 1.0; location / { proxy_pass @; proxy_ignore_headers X-Accel-Buffering; proxy_hide_header Cache-Control; proxy_hide_header X-Request-Id;" +
			' add_header Cache-Control public; proxy_set_header Authorization ""; client_max_body_size 1m; }',
		pressed: "proxy_http_version 1.1; location / { proxy_pass @; gzip on; gzip_types text/event-stream; gzip_min_length 0; proxy_hide_header Content-Security-Policy; }",
		cut: "proxy_http_version 1.1; location / { proxy_pass @; } location /api/ai/chat { proxy_pass @; proxy_buffering off; proxy_read_timeout 100ms; } location = / { return 404; }",
		older: "proxy_http_version 1.1; location / { proxy_pass @; proxy_buffering off; } location /api/ai/assistants { rewrite ^ /api/none break; proxy_pass @; }" +
			" location = /api/config { return 404; }",
		moved: "return 301 https://chat.example.org$request_uri;",
		other: "location / { root /nonexistent; }",
		dead: "location / { proxy_pass http://127.0.0.1:9; }",
		plain: "proxy_http_version 1.1; location / { proxy_pass @; proxy_buffering off; }",
	};
	const urls = {};

	before(async () => {
		const openssl = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "tls.key", "-out", "tls.pem", "-days", "2"];
		execFileSync("openssl", [...openssl, "-subj", "/CN=chat", "-addext", "subjectAltName=IP:127.0.0.1"], { cwd: dir, stdio: "ignore" });
		const sites = [];
		for (const [name, rules] of Object.entries(SITES)) {
			const port = await freePort();
			urls[name] = `http://127.0.0.1:${port}`;
			sites.push(`server { listen 127.0.0.1:${port}; ${rules.replaceAll("@", URL_BASE)} }`);
		}
		if (OUTSIDE) {
			const port = await freePort();
			urls.outside = `http://${OUTSIDE}:${port}`;
			sites.push(`server { listen ${OUTSIDE}:${port}; ${SITES.plain.replaceAll("@", URL_BASE)} }`);
		}
		const port = await freePort();
		urls.tls = `https://127.0.0.1:${port}`;
		const tls = `ssl_certificate ${dir}/tls.pem; ssl_certificate_key ${dir}/tls.key;`;
		sites.push(`server { listen 127.0.0.1:${port} ssl; ${tls} ${SITES.plain.replaceAll("@", URL_BASE)} }`);
		const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((kind) => `${kind}_temp_path ${dir}/${kind};`).join(" ");
		const user = process.getuid() === 0 ? "user root;" : "";
		const events = `daemon off; ${user} pid ${dir}/nginx.pid; worker_processes 1; error_log ${dir}/nginx.log; events { }`;
		writeFileSync(`${dir}/nginx.conf`, `${events} http { access_log off; client_max_body_size 20m; ${temporary} ${sites.join("\n")} }`);
		await serve("nginx", ["-e", "stderr", "-c", `${dir}/nginx.conf`], urls.plain.split(":").at(-1));
	});
	after(async () => {
		for (const child of running) {
			child.kill("SIGTERM");
			if (child.exitCode === null) await once(child, "exit");
		}
	});

	const all = (found, wanted) => {
		for (const [code, severity] of Object.entries(wanted)) assertFound(found, code, severity);
		assert.deepEqual(codes(found).sort(), Object.keys(wanted).sort());
	};
	for (const [name, wanted] of Object.entries({
		held: { stream_buffered: "error", cache: "error", header: "warning", authorization: "error", body_limit: "warning" },
		pressed: { stream_compressed: "error", policy: "warning" },
		cut: { stream_cut: "error", page: "error" },
		older: { web_programs: "error", web_route: "error" },
		moved: { web_redirect: "error" },
		other: { web_route: "error" },
		dead: { web_programs: "error" },
		plain: {},
	}))
		test(`behind the nginx "${name}" it finds ${Object.keys(wanted).join(", ") || "nothing"}`, async () => {
			const found = await doctor({ args: [urls[name]] });
			// By default nginx does not pass this header on.
			found.bad = found.bad.filter(({ code, finding }) => code !== "header" || !finding.includes("X-Accel-Buffering"));
			all(found, wanted);
		});
	test("a certificate that nobody trusts; then one that is, and programs that do not know of it", async () => {
		all(await doctor({ args: [urls.tls] }), { web_tls: "error" });
		const trusted = await doctor({ args: [urls.tls, "--ca-file", `${dir}/tls.pem`] });
		assertFound(trusted, "https_unknown", "warning");
	});
	test("reports a model whose certificate is not trusted", async () => {
		assertFound(await doctor({ env: { LAMPLIGHT_LLM_BASE_URL: `${urls.tls}/v1` } }), "model_tls", "error");
	});
	test("from another machine: in the clear, through a proxy that hides who asks", { skip: !OUTSIDE && "this machine has no address but its own" }, async () => {
		const found = await doctor({ args: [urls.outside] });
		assertFound(found, "no_tls", "warning");
		assertFound(found, "address", "warning");
	});
	test("nobody is there, and no such name", async () => {
		all(await doctor({ args: ["http://127.0.0.1:9"] }), { web_away: "error" });
		all(await doctor({ args: ["http://chat.invalid/"] }), { web_name: "error" });
	});
	test("Apache without CGIPassAuth and flushpackets", { skip: !existsSync("/usr/sbin/apache2") && "there is no Apache" }, async () => {
		const port = String(await freePort());
		const command = execFileSync(`${ROOT}bin/server-conf`, { cwd: ROOT, env: { ...process.env, VAR, SERVER: "apache", PORT: port }, encoding: "utf8" });
		const file = `${VAR}/etc/apache/lamplight.conf`;
		copyFileSync(file, `${file}.was`);
		writeFileSync(file, readFileSync(file, "utf8").replace(/^.*(CGIPassAuth On|flushpackets=on).*$/gm, ""));
		await serve("sh", ["-c", `exec ${command.trim()}`], port);
		const found = await doctor({ args: [`http://127.0.0.1:${port}`] });
		all(found, { stream_buffered: "error", authorization: "error" });
	});
});
