// TLS to the database: what is refused, and whether the log line helps the administrator. The command connects to a server with our own
// certificates, by TCP; with MySQL, also the command that is linked with MySQL's client library.

import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { once } from "node:events";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { createConnection } from "mysql2/promise";
import { freePort, up } from "../support/instance.mjs";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const MYSQL = process.env.DB === "mysql";
const DEBIAN = `${ROOT}build/debian/sid`;
const THERE = "/src/build/release/bin/lamplight";

let instance, dir, port;

// ---- certificates

const openssl = (...args) => execFileSync("openssl", args, { cwd: dir, stdio: ["ignore", "ignore", "pipe"] });
const KEY = ["-newkey", "rsa:2048", "-nodes"];

/** An authority: NAME.pem, NAME.key. */
const authority = (name) => openssl("req", "-x509", ...KEY, "-keyout", `${name}.key`, "-out", `${name}.pem`, "-subj", `/CN=${name}`);

/** The server's certificate: issued by the authority "ca", only for 127.0.0.1. */
function certificate(days) {
	writeFileSync(`${dir}/names`, "subjectAltName = IP:127.0.0.1\n");
	if (!existsSync(`${dir}/server.csr`))
		openssl("req", ...KEY, "-keyout", "server.key", "-out", "server.csr", "-subj", "/CN=database");
	const signed = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-extfile", "names", "-days", String(days)];
	openssl("x509", "-req", "-in", "server.csr", "-out", "server.pem", ...signed);
}

// ---- the server

function makeCertificates(VAR) {
	dir = VAR;
	for (const name of ["ca", "other"]) authority(name);
	certificate(30);
	writeFileSync(`${dir}/garbage.pem`, "no certificate\n");
}

const config = (VAR) =>
	[
		"skip-networking = OFF",
		"bind-address = 127.0.0.1,127.0.0.2",
		`port = ${port}`,
		`ssl-ca = ${VAR}/ca.pem`,
		`ssl-cert = ${VAR}/server.pem`,
		`ssl-key = ${VAR}/server.key`,
	].join("\\n");

async function asRoot(...statements) {
	const db = await createConnection({ socketPath: `${dir}/run/mysql.sock`, user: "root" });
	try {
		for (const statement of statements) await db.query(statement);
	} finally {
		await db.end();
	}
}

/** An attacker in between: the server seems to have no TLS. `said`: what clients have sent, in bytes. */
async function withoutTls() {
	const between = createServer((client) => {
		const server = connect(port, "127.0.0.1");
		client.pipe(server);
		client.on("data", ({ length }) => (between.said += length));
		server.once("data", (greeting) => {
			const behindVersion = greeting.indexOf(0, 5) + 1;
			greeting.writeUInt16LE(greeting.readUInt16LE(behindVersion + 13) & ~0x0800, behindVersion + 13); // CLIENT_SSL
			client.write(greeting);
			server.pipe(client);
		});
		for (const [one, other] of [
			[client, server],
			[server, client],
		])
			one.on("error", () => {}).on("close", () => other.destroy());
	}).listen(0, "127.0.0.1");
	between.said = 0;
	await once(between, "listening");
	return between;
}

// ---- the command

/** Exit status and output of `lamplight check`, for each installed client library. */
async function check(settings) {
	const env = {
		PATH: process.env.PATH,
		LAMPLIGHT_CONF: "/dev/null",
		LAMPLIGHT_DB_HOST: "127.0.0.1",
		LAMPLIGHT_DB_PORT: String(port),
		LAMPLIGHT_DB_USER: "by_tls",
		LAMPLIGHT_DB_PASSWORD: "a-password",
		LAMPLIGHT_DB_NAME: "lamplight",
		...settings,
	};
	const commands = [[`${ROOT}build/${process.env.VARIANT || "release"}/bin/lamplight`, "check"]];
	if (MYSQL) commands.push([`${ROOT}bin/in-debian`, DEBIAN, dir, THERE, "check"]);
	const ask = ([program, ...args]) =>
		new Promise((resolve) =>
			execFile(program, args, { env, timeout: 60_000 }, (error, stdout, stderr) =>
				resolve({ status: error ? error.code : 0, said: stdout + stderr }),
			),
		);
	const answers = [];
	for (const command of commands) answers.push(await ask(command));
	return answers;
}

const by = (tls, caFile, host = "127.0.0.1") => ({
	LAMPLIGHT_DB_TLS: tls,
	LAMPLIGHT_DB_HOST: host,
	...(caFile && { LAMPLIGHT_DB_CA_FILE: caFile.startsWith("/") ? caFile : `${dir}/${caFile}` }),
});

async function works(settings) {
	for (const { status, said } of await check(settings)) assert.equal(status, 0, said);
}

async function fails(settings, words = /TLS to the database failed; check db\.tls, db\.ca_file and the server's certificate\. \(.+\)/) {
	for (const { status, said } of await check(settings)) {
		assert.equal(status, 1, said);
		assert.match(said, /event=db_away number=\d+ reason="/);
		assert.match(said, words);
		assert.equal(said.includes("a-password"), false);
	}
}

// ---- the tests

before(
	async () => {
		port = await freePort();
		const more = { LAMPLIGHT_LLM_BASE_URL: process.env.LAMPLIGHT_LLM_BASE_URL };
		const made = (VAR) => {
			makeCertificates(VAR);
			more.DB_CONFIG = config(VAR);
		};
		instance = await up({ more, before: made });
		await asRoot(
			...["127.0.0.1", "127.0.0.2", "localhost"].flatMap((host) => [
				`CREATE USER by_tls@'${host}' IDENTIFIED BY 'a-password' REQUIRE SSL`,
				`CREATE USER by_any@'${host}' IDENTIFIED BY 'a-password'`,
				`GRANT ALL ON lamplight.* TO by_tls@'${host}', by_any@'${host}'`,
			]),
		);
	},
	{ timeout: 120_000 },
);

after(async () => {
	await instance?.down();
	instance?.remove();
});

describe("db.tls = off", () => {
	test("connects without TLS", () => works({ ...by("off"), LAMPLIGHT_DB_USER: "by_any" }));
});

describe("db.tls = required", () => {
	test("takes any certificate without a ca_file", () => works(by("required")));
	test("and, with one, what its authority has signed, whatever the host", async () => {
		await works(by("required", "ca.pem"));
		await works(by("required", "ca.pem", "127.0.0.2"));
	});
	test("refuses another authority's", () => fails(by("required", "other.pem")));
	test("refuses a ca_file that is missing", () => fails(by("required", "missing.pem")));
});

describe("db.tls = verify", () => {
	test("takes the host's", () => works(by("verify", "ca.pem")));
	test("refuses another host's", () => fails(by("verify", "ca.pem", "127.0.0.2")));
	test("refuses another authority's", () => fails(by("verify", "other.pem")));
	test("refuses an authority that this system does not know", () => fails(by("verify")));
	test("refuses a ca_file that is missing, or no certificate", async () => {
		await fails(by("verify", "missing.pem"));
		await fails(by("verify", "garbage.pem"));
	});
});

test("a man in the middle who removes TLS is refused; with verify before anything is sent", async () => {
	const between = await withoutTls();
	const settings = { LAMPLIGHT_DB_USER: "by_any", LAMPLIGHT_DB_PORT: String(between.address().port) };
	try {
		await fails({ ...by("verify", "ca.pem"), ...settings });
		assert.equal(between.said, 0);
		await fails({ ...by("required"), ...settings });
		await fails({ ...by("required", "ca.pem"), ...settings });
	} finally {
		between.close();
	}
});

test("a certificate that has run out is refused where it is checked", { skip: MYSQL && "MySQL does not load one" }, async () => {
	certificate(0);
	await asRoot("FLUSH SSL");
	await fails(by("verify", "ca.pem"));
	await works(by("required"));
});
