// What the web server answers itself, before or instead of a program: the answers have the same form and an id, and never
// trust what the request says about the host.

import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { test } from "node:test";
import { URL_BASE } from "../support/api.mjs";

const { hostname, port, pathname } = new URL(URL_BASE);
const base = pathname.replace(/\/$/, "");

/** Sends the bytes and returns the head and the body of the answer. */
async function send(...lines) {
	const socket = connect(Number(port), hostname);
	let answer = "";
	socket.setTimeout(10_000, () => socket.destroy());
	socket.on("data", (bytes) => (answer += bytes));
	socket.on("error", () => {});
	socket.write(`${lines.join("\r\n")}\r\n\r\n`);
	await once(socket, "close");
	const [head, ...body] = answer.split("\r\n\r\n");
	const fields = head.split("\r\n").slice(1);
	return {
		status: Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1]),
		header: (name) => fields.filter((line) => line.toLowerCase().startsWith(`${name}:`)).map((line) => line.slice(name.length + 2)),
		text: body.join("\r\n\r\n"),
	};
}

const get = (path, ...headers) => send(`GET ${base}${path} HTTP/1.1`, "Connection: close", ...headers);

for (const [what, status, ask] of [
	["a line that is no request", 400, () => send("GARBAGE")],
	["a header of 40 kB", 400, () => get("/api/me", "Host: x", `X: ${"x".repeat(40_000)}`)],
	["an address of 40 kB", 414, () => get(`/api/${"x".repeat(40_000)}`, "Host: x")],
	["no host", 400, () => get("/api/me")],
])
	test(`${what} is refused in our own form`, async () => {
		const answer = await ask();
		assert.equal(answer.status, status);
		assert.deepEqual(answer.header("content-type"), ["application/problem+json"]);
		assert.deepEqual(answer.header("x-content-type-options"), ["nosniff"]);
		const problem = JSON.parse(answer.text);
		assert.equal(problem.status, status);
		assert.equal(problem.code, "invalid");
		assert.equal(problem.status, status);
		assert.ok(!/nginx|apache|html/i.test(answer.text));
	});

test("every answer has one id, one nosniff and one policy", async () => {
	for (const path of ["/", "/nothing", "/api/me", "/api/health/live", "/assets/nothing.js"]) {
		const answer = await get(path, "Host: x");
		assert.equal(answer.header("x-request-id").length, 1, path);
		assert.match(answer.header("x-request-id")[0], /^[\w@-]{8,}$/, path);
		assert.equal(answer.header("x-content-type-options").length, 1, path);
		assert.equal(answer.header("content-security-policy").length, 1, path);
	}
});

test("the page's files say how they are encoded, and whose address they may tell", async () => {
	const [, script] = /src="(?:[^"]*)(\/assets\/[^"]+\.js)"/.exec((await get("/", "Host: x")).text);
	for (const [path, type] of [["/", "text/html"], [script, "(text|application)/javascript"], ["/favicon.svg", "image/svg\\+xml"]]) {
		const answer = await get(path, "Host: x");
		assert.match(answer.header("content-type").join(), new RegExp(`^${type}; ?charset=utf-8$`, "i"), path);
		assert.deepEqual(answer.header("referrer-policy"), ["no-referrer"]);
	}
});

test("an unknown address opens the chat, and one below /s/ its session", async () => {
	for (const path of ["/nothing", "/nothing/at/all", "/s/1/2", "/index.php", "/%E7%81%AF"]) {
		const answer = await get(path, "Host: x");
		assert.equal(answer.status, 404, path);
		assert.match(answer.header("content-type").join(), /^text\/html/, path);
		assert.match(answer.text, new RegExp(`href="${base}/"`), path);
		for (const language of ["en", "de", "es", "fr", "pt-BR", "ja", "zh-CN"]) assert.ok(answer.text.includes(`lang="${language}"`), `${path}: ${language}`);
		assert.ok(!/nginx|apache/i.test(answer.text), path);
	}
	const page = (await get("/s/1", "Host: x")).text;
	for (const path of ["/s/abc", "/s/abc/", "/s/-1", "/s/%20", "/s/18446744073709551616"]) {
		const answer = await get(path, "Host: x");
		assert.deepEqual([answer.status, answer.text], [200, page], path);
	}
});

test("no redirect goes to the host that a request names", async () => {
	for (const path of ["/assets", "/s", "/s/", "//evil.example/..", base ? "" : "/s"]) {
		const { status, header } = await get(path, "Host: evil.example", "X-Forwarded-Host: evil.example");
		assert.notEqual(status, undefined);
		for (const location of header("location")) assert.match(location, /^\/(?!\/)/, `${path} -> ${location}`);
	}
});

test("TRACE and TRACK are refused", async () => {
	for (const method of ["TRACE", "TRACK"])
		for (const path of ["/", "/api/me"]) {
			const answer = await send(`${method} ${base}${path} HTTP/1.1`, "Host: x", "X-Canary: c4n4ry", "Connection: close");
			assert.ok([400, 403, 405, 501].includes(answer.status), `${method} ${path}: ${answer.status}`);
			assert.ok(!answer.text.includes("c4n4ry"));
		}
});
