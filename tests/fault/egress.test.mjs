// A model that is reached only with TLS, a private authority and a proxy: with CONNECT, with a name and a password, and
// through a proxy that itself speaks TLS. If one of the two refuses, people and the log learn why. Runs on instances of its
// own.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer as createHttp } from "node:http";
import { createServer as createHttps } from "node:https";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { after, before, test } from "node:test";
import { User, newId, request } from "../support/api.mjs";
import { up } from "../support/instance.mjs";
import { chunk, DONE } from "../support/model.mjs";

let folder, model;
const servers = [];

const listen = async (server) => {
	servers.push(server);
	await once(server.listen(0, "127.0.0.1"), "listening");
	return server.address().port;
};

/** An authority, and its certificate for localhost. */
function certify() {
	const openssl = (...args) => execFileSync("openssl", args, { cwd: folder, stdio: "ignore" });
	const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
	openssl("req", "-x509", ...key, "-keyout", "ca.key", "-out", "ca.pem", "-days", "2", "-subj", "/CN=authority");
	openssl("req", ...key, "-keyout", "own.key", "-out", "own.csr", "-subj", "/CN=localhost");
	writeFileSync(`${folder}/ext`, "subjectAltName=DNS:localhost,DNS:model.test,IP:127.0.0.1");
	openssl("x509", "-req", "-in", "own.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-days", "2", "-extfile", "ext", "-out", "own.pem");
	return { key: readFileSync(`${folder}/own.key`), cert: readFileSync(`${folder}/own.pem`) };
}

/** A proxy that only supports CONNECT, and reaches the model whatever name is requested. */
async function proxy({ tls, refuse } = {}) {
	const asked = [];
	const server = tls ? createHttps(tls) : createHttp();
	server.on("request", (_, response) => response.writeHead(405).end());
	server.on("connect", (request, socket) => {
		asked.push({ to: request.url, headers: request.headers });
		socket.on("error", () => {});
		if (refuse) return socket.end(`HTTP/1.1 ${refuse} No\r\nContent-Length: 0\r\n\r\n`);
		const there = connect(model.port, "127.0.0.1", () => {
			socket.write("HTTP/1.1 200 OK\r\n\r\n");
			socket.pipe(there).pipe(socket);
		});
		there.on("error", () => socket.destroy());
	});
	return { asked, port: await listen(server) };
}

before(async () => {
	folder = mkdtempSync(`${tmpdir()}/lamplight-egress-`);
	const tls = certify();
	const requests = [];
	const server = createHttps(tls, async (request, response) => {
		for await (const _ of request);
		requests.push(request.headers);
		response.writeHead(200, { "content-type": "text/event-stream" });
		for (const event of [chunk({ content: "Through." }), chunk({}, "stop"), DONE]) response.write(event);
		response.end();
	});
	model = { tls, requests, port: await listen(server) };
});
after(() => {
	for (const server of servers) server.close() && server.closeAllConnections?.();
	rmSync(folder, { recursive: true });
});

/** The answer to a person on an instance with these settings. */
async function answered(more) {
	const instance = await up({ more: { LAMPLIGHT_LLM_BASE_URL: "https://model.test/v1", LAMPLIGHT_LLM_RETRIES: "0", ...more } });
	try {
		const base = instance.env.LAMPLIGHT_URL;
		const body = { username: `u-${newId()}`, password: User.password };
		const { json } = await request("POST", "/api/auth/register", { body, base });
		const user = new User(json).at(base);
		const turn = await user.say("hello");
		return { turn, log: readFileSync(`${instance.env.LAMPLIGHT_VAR}/log/chat.log`, "utf8") };
	} finally {
		await instance.down();
		instance.remove();
	}
}
const trusting = () => ({ LAMPLIGHT_LLM_CA_FILE: `${folder}/ca.pem` });

test("TLS to the model through CONNECT, with a name and a password", async () => {
	const { asked, port } = await proxy();
	const { turn, log } = await answered({ ...trusting(), LAMPLIGHT_LLM_PROXY: `http://me:s3cret@127.0.0.1:${port}` });
	assert.equal(turn.text, "Through.", log);
	assert.equal(asked[0].to, "model.test:443");
	assert.equal(asked[0].headers["proxy-authorization"], `Basic ${Buffer.from("me:s3cret").toString("base64")}`);
	assert.equal(asked[0].headers.authorization, undefined, "the key is not the proxy's");
	assert.match(model.requests.at(-1).authorization, /^Bearer /);
	assert.equal(model.requests.at(-1)["proxy-authorization"], undefined);
	assert.ok(!log.includes("s3cret"));
});

test("a proxy that speaks TLS itself", async () => {
	const { asked, port } = await proxy({ tls: model.tls });
	const { turn, log } = await answered({ ...trusting(), LAMPLIGHT_LLM_PROXY: `https://localhost:${port}` });
	assert.equal(turn.text, "Through.", log);
	assert.equal(asked.length, 1);
});

test("what is not reached through it: llm.no_proxy", async () => {
	const { asked, port } = await proxy();
	const { turn, log } = await answered({
		...trusting(),
		LAMPLIGHT_LLM_BASE_URL: `https://localhost:${model.port}/v1`,
		LAMPLIGHT_LLM_PROXY: `http://127.0.0.1:${port}`,
		LAMPLIGHT_LLM_NO_PROXY: "example.org localhost",
	});
	assert.equal(turn.text, "Through.", log);
	assert.deepEqual(asked, []);
});

test("an authority that is not trusted, and proxies that refuse, are told as such", async () => {
	const open = await proxy();
	for (const { more, code, said } of [
		{ more: { LAMPLIGHT_LLM_PROXY: `http://127.0.0.1:${open.port}` }, code: "tls", said: /fault=tls/ },
		{ more: { ...trusting(), LAMPLIGHT_LLM_PROXY: `http://127.0.0.1:${(await proxy({ refuse: 407 })).port}` }, code: "unreachable", said: /status=407 .*the proxy refused/ },
		{ more: { ...trusting(), LAMPLIGHT_LLM_PROXY: `http://127.0.0.1:${(await proxy({ refuse: 502 })).port}` }, code: "unreachable", said: /status=502 .*the proxy refused/ },
		{ more: { LAMPLIGHT_LLM_PROXY: `https://localhost:${(await proxy({ tls: model.tls })).port}` }, code: "tls", said: /fault=tls/ },
	]) {
		const { turn, log } = await answered(more);
		assert.equal(turn.metadata.error?.code, code, log);
		assert.match(log, said);
	}
});
