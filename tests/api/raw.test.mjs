// Requests that no HTTP client would send, byte for byte on a connection.

import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { before, describe, test } from "node:test";
import { URL_BASE, User, newId, request, userMessage } from "../support/api.mjs";
import { play, says } from "../support/model.mjs";

const { hostname, port } = new URL(URL_BASE);
let user;

before(async () => {
	user = await User.register();
});

/** Sends the bytes and returns everything that comes back, until the server closes or is silent for a second. */
async function send(text, { close = false } = {}) {
	const socket = connect(Number(port), hostname);
	let answer = "";
	socket.setTimeout(1000, () => socket.destroy());
	socket.on("data", (bytes) => (answer += bytes.toString("latin1")));
	socket.on("error", () => {});
	socket.write(text, () => close && socket.destroy());
	await once(socket, "close");
	return answer;
}

const statuses = (answer) => [...answer.matchAll(/^HTTP\/1\.[01] (\d{3})/gm)].map((match) => Number(match[1]));
const head = (line, headers) => [line, `Host: ${hostname}:${port}`, ...headers, "", ""].join("\r\n");
const bearer = () => `Authorization: Bearer ${user.token}`;

/** Fails unless the server still answers. */
const serves = async () => assert.equal((await user.get("/api/me")).status, 200);

describe("headers", () => {
	test("the scheme's case does not matter", async () => {
		for (const scheme of ["Bearer", "bearer", "BEARER"])
			assert.deepEqual(
				statuses(await send(head("GET /api/me HTTP/1.1", [`Authorization: ${scheme} ${user.token}`]))),
				[200],
			);
	});

	test("of two tokens one is used or the request is refused", async () => {
		for (const pair of [
			[bearer(), "Authorization: Bearer a.b.c"],
			["Authorization: Bearer a.b.c", bearer()],
		])
			assert.ok([200, 400, 401].includes(statuses(await send(head("GET /api/me HTTP/1.1", pair)))[0]));
	});

	test("Proxy and friends do not send the model's request elsewhere", async () => {
		const upstream = await play({ steps: says("straight") });
		const turn = await user.chat(
			{ id: newId(), messages: [userMessage(`go${upstream.mark}`)] },
			{
				headers: {
					proxy: "http://127.0.0.1:9/",
					"http-proxy": "http://127.0.0.1:9/",
					"https-proxy": "http://127.0.0.1:9/",
				},
			},
		);
		await turn.finish();
		assert.equal(turn.text, "straight");
	});

	test("many, long, and with underscores", async () => {
		const many = Array.from({ length: 1000 }, (_, i) => `X-H${i}: ${i}`);
		for (const headers of [
			many,
			[`X-Long: ${"x".repeat(100_000)}`],
			["Content_Length: 5", "HTTP_AUTHORIZATION: Bearer x"],
			[`Cookie: ${"a=b; ".repeat(1500)}`],
		]) {
			const [status] = statuses(await send(head("GET /api/me HTTP/1.1", [bearer(), ...headers])));
			assert.ok([200, 400, 414, 431].includes(status), `${headers[0].slice(0, 20)}: ${status}`);
		}
		await serves();
	});

	test("a bearer of 100 kB, and one of strange bytes", async () => {
		for (const token of ["x".repeat(100_000), "\x01\x02", "\xff\xfe", "a\tb", "%00"]) {
			const [status] = statuses(await send(head("GET /api/me HTTP/1.1", [`Authorization: Bearer ${token}`])));
			assert.ok([400, 401, 431].includes(status), `${status}`);
		}
		await serves();
	});
});

describe("bodies", () => {
	const register = () => JSON.stringify({ username: `raw-${newId()}`, password: User.password });
	const json = "Content-Type: application/json";

	test("a body in chunks is read", async () => {
		const body = register();
		const [a, b] = [body.slice(0, 10), body.slice(10)];
		const chunks = [a, b, ""].map((part) => `${part.length.toString(16)}\r\n${part}\r\n`).join("");
		assert.deepEqual(
			statuses(await send(head("POST /api/auth/register HTTP/1.1", [json, "Transfer-Encoding: chunked"]) + chunks)),
			[201],
		);
	});

	test("whose length is a lie: too long, negative, huge, no number, twice", async () => {
		for (const length of ["-1", "18446744073709551616", "99999999999999", "5x", "0x5", "5, 6", "5\r\nContent-Length: 6"]) {
			const answer = await send(head("POST /api/auth/login HTTP/1.1", [json, `Content-Length: ${length}`]) + "{}");
			for (const status of statuses(answer)) assert.ok([400, 413, 501].includes(status), `${length}: ${status}`);
		}
		await serves();
	});

	test("bodies that never arrive completely do no harm", async () => {
		const before = await user.sessions();
		const line = head("POST /api/ai/chat HTTP/1.1", [json, bearer(), "Content-Length: 1000"]);
		await Promise.all(Array.from({ length: 20 }, () => send(`${line}{"messages":`, { close: true })));
		await serves();
		assert.deepEqual(await user.sessions(), before);
	});

	test("that many clients send a byte at a time delay nobody", { timeout: 60_000 }, async () => {
		const sockets = Array.from({ length: 50 }, () => connect(Number(port), hostname));
		for (const [i, socket] of sockets.entries()) {
			socket.on("error", () => {});
			socket.resume();
			const [path, who] = i % 2 ? ["/api/auth/login", []] : ["/api/ai/chat", [bearer()]];
			socket.write(head(`POST ${path} HTTP/1.1`, [json, ...who, "Content-Length: 100000"]) + "{");
		}
		for (let n = 0; n < 5; n++) {
			for (const socket of sockets) socket.write(" ");
			assert.equal((await user.say(`hello ${n}`)).text, `You said: hello ${n}`);
			await serves();
		}
		for (const socket of sockets) socket.destroy();
	});

	test("that are large and come from nobody are refused, and the refusal arrives", { timeout: 60_000 }, async () => {
		const large = "[{}" + ",{}".repeat(2_000_000) + "]";
		for (const [path, status] of [
			["/api/auth/login", 413],
			["/api/ai/chat", 401],
			["/api/ai/sessions", 405],
		]) {
			const answer = await send(head(`POST ${path} HTTP/1.1`, [json, `Content-Length: ${large.length}`]) + large);
			assert.deepEqual(statuses(answer), [status], `${path}: ${answer.slice(0, 200)}`);
		}
		await serves();
	});

	test("a request hidden in a body is not carried out", async () => {
		const victim = await User.register();
		const hidden = head(`DELETE /api/ai/sessions/1 HTTP/1.1`, [`Authorization: Bearer ${victim.token}`]);
		const both = ["Transfer-Encoding: chunked", `Content-Length: ${5 + hidden.length}`];
		const answer = await send(head("POST /api/auth/logout HTTP/1.1", both) + `0\r\n\r\n${hidden}`);
		assert.ok(statuses(answer).length <= 1 || statuses(answer)[0] === 400, answer);
	});
});

describe("request lines", () => {
	const LINES = [
		"GET //api/me HTTP/1.1",
		"GET /api//me HTTP/1.1",
		"GET /api/me/ HTTP/1.1",
		"GET /api/./me HTTP/1.1",
		"GET /api/x/../me HTTP/1.1",
		"GET /API/ME HTTP/1.1",
	];
	LINES.push(
		"GET /api/me? HTTP/1.1",
		"GET /api/me?a=%zz HTTP/1.1",
		"GET /api/me;x HTTP/1.1",
		"GET /api/%6de HTTP/1.1",
		"GET /api/ai/chat.fcgi HTTP/1.1",
	);
	LINES.push(
		"FOO /api/me HTTP/1.1",
		"GET /api/me HTTP/9.9",
		"GET http://evil.example/api/me HTTP/1.1",
		`GET /api/${"x".repeat(100_000)} HTTP/1.1`,
	);
	for (const line of LINES)
		test(line.slice(0, 50), async () => {
			const [status] = statuses(await send(head(line, [bearer()])));
			assert.ok(status < 500 || [501, 505].includes(status), `${status}`);
		});

	test("the programs themselves are not files of the site", async () => {
		for (const path of [
			"/cgi-bin/chat.fcgi",
			"/../conf/lamplight.conf",
			"/.git/config",
			"/lamplight.conf",
			"/var/secret",
			"/%2e%2e/etc/passwd",
		]) {
			const answer = await send(head(`GET ${path} HTTP/1.1`, []));
			assert.ok([400, 403, 404].includes(statuses(answer)[0]), `${path}: ${statuses(answer)[0]}`);
		}
	});

	test("HEAD, OPTIONS and TRACE get an answer that ends", async () => {
		for (const verb of ["HEAD", "OPTIONS", "TRACE"]) {
			const [status] = statuses(await send(head(`${verb} /api/ai/sessions HTTP/1.1`, [bearer()])));
			assert.ok(verb === "TRACE" ? status === 405 : status < 500, `${verb}: ${status}`);
		}
		assert.equal((await request("GET", "/api/health/live")).status, 200);
	});
});
