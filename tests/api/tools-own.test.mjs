// What the built-in tools of the server return, and what the tools of a site return that have an address.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { newId, User } from "../support/api.mjs";
import { ask, partOf, runner, SERVER } from "../support/toolcalls.mjs";

const user = await User.register();
const run = runner(user);

describe("what the site's own tools answer", () => {
	test("is told the call's name, arguments and ids", async () => {
		const key = newId();
		const { turn } = await run([["probe", { key, answer: {} }, "call_abc"]]);
		const [{ gone, headers, ...call }] = await ask(`/calls/${key}`);
		assert.deepEqual(call, { name: "probe", arguments: { key, answer: {} }, toolCallId: "call_abc", messageId: turn.messageId, sessionId: turn.sessionId, userId: user.id });
	});

	for (const [what, args, error] of [
		["no JSON", { raw: "<html>" }, /valid JSON/],
		["a key that breaks clients", { raw: '{"__proto__":{}}' }, /valid JSON/],
		["too much", { raw: JSON.stringify("x".repeat(300_000)) }, /too large/],
		["a status without words", { status: 503, raw: "oops upstream-body-5e1d" }, /^The tool failed\.$/],
	])
		test(`${what} is an error`, async () => {
			const { turn, stored } = await run([["probe", args]]);
			assert.match(turn.of("tool-output-error")[0].errorText, error);
			assert.equal(partOf(stored, "probe").state, "output-error");
			assert.equal(turn.text, "done");
		});

	test("every kind of JSON is an output", async () => {
		for (const answer of [null, 0, "text", [1, "two"], { a: { b: [] } }, true]) {
			const { turn, stored } = await run([["probe", { answer }]]);
			assert.deepEqual(turn.of("tool-output-available")[0].output, answer);
			assert.deepEqual(partOf(stored, "probe").output, answer);
		}
	});
});

describe("current_time", () => {
	const time = async (args) => (await run([["current_time", args]])).turn.chunks.find(({ type }) => /^tool-output/.test(type));

	test("in a zone, and in UTC without one", async () => {
		for (const [args, zone] of [[{ zone: "Asia/Kathmandu" }, "Asia/Kathmandu"], [{}, "UTC"]]) {
			const { output } = await time(args);
			assert.equal(output.zone, zone);
			assert.match(output.time, zone === "UTC" ? /\+00:00$/ : /\+05:45$/);
			assert.ok(Math.abs(new Date(output.time) - Date.now()) < 60_000);
			assert.equal(output.weekday, new Intl.DateTimeFormat("en", { weekday: "long", timeZone: zone }).format(new Date(output.time)));
		}
	});

	test("in a zone that there is not", async () => {
		for (const zone of ["Mars/Base", "../../../etc/passwd", ""]) assert.match((await time({ zone })).errorText, /no time zone with this name/);
	});
});

describe("fetch_page", () => {
	const fetched = async (url) => (await run([["fetch_page", { url }]])).turn.chunks.find(({ type }) => /^tool-output/.test(type));

	test("text, JSON and HTML as text", async () => {
		assert.deepEqual((await fetched(`${SERVER}/pages/plain.txt`)).output, { url: `${SERVER}/pages/plain.txt`, text: "plain & simple" });
		assert.equal((await fetched(`${SERVER}/pages/data.json`)).output.text, '{"a":1}');
		const { title, text } = (await fetched(`${SERVER}/pages/article.html`)).output;
		assert.equal(title, "An & article");
		assert.equal(text, "Head\nOne two three.\n- first\n- second\n");
	});

	test("a redirect is followed, and its target named", async () => {
		assert.deepEqual((await fetched(`${SERVER}/pages/moved`)).output, { url: `${SERVER}/pages/plain.txt`, text: "plain & simple" });
	});

	test("bytes that are no UTF-8 are repaired, what is too long is cut", async () => {
		assert.equal((await fetched(`${SERVER}/pages/broken`)).output.text, "a\ufffdb");
		const { text, truncated } = (await fetched(`${SERVER}/pages/large`)).output;
		assert.equal(text.length, 48 << 10);
		assert.equal(truncated, true);
	});

	const { host, port } = new URL(SERVER);
	for (const url of [
		"http://127.0.0.1/",
		"http://127.1/",
		"http://2130706433/",
		"http://0x7f.1/",
		"http://017700000001/",
		"http://localhost/",
		`http://localhost:${port}/pages/plain.txt`,
		"http://[::1]/",
		"http://[::ffff:127.0.0.1]/",
		"http://[64:ff9b::7f00:1]/",
		"http://[2002:7f00:1::]/",
		"http://[2001:0:1::1]/",
		"http://[fe80::1]/",
		"http://0.0.0.0/",
		"http://10.0.0.1/",
		"http://169.254.169.254/latest/meta-data/",
		"http://100.64.0.1/",
		"http://224.0.0.1/",
		"http://8.8.8.8:22/",
		`${SERVER}/pages/to-metadata`,
		`${SERVER}/pages/to-loopback`,
	])
		test(`${url.replace(host, "(listed)").replace(port, "(its port)")} is not reached`, async () => {
			assert.match((await fetched(url)).errorText, /isn't public/);
		});

	for (const [url, error] of [
		["ftp://example.org/", /isn't an http or https address/],
		["file:///etc/passwd", /isn't an http or https address/],
		["//example.org", /isn't an http or https address/],
		["http://", /isn't an http or https address/],
		["http://user:secret@example.org/", /username/],
		[`http://user@${host}/pages/plain.txt`, /username/],
		[`${SERVER}/pages/to-file`, /isn't an http or https address/],
		[`${SERVER}/pages/round`, /redirects too many times/],
		[`${SERVER}/pages/picture.png`, /no text/],
		[`${SERVER}/pages/missing`, /status 404/],
	])
		test(`${url.replace(host, "(listed)")}: ${error.source}`, async () => {
			assert.match((await fetched(url)).errorText, error);
		});
});
