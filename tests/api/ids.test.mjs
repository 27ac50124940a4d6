// Malformed ids of every form get 400 or 404, in paths and in bodies; never 500, and never the answer for another session.

import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { User, assertNoInsides, newId, userMessage } from "../support/api.mjs";
import { countOf } from "../support/db.mjs";

let user, id, rows;

before(async () => {
	user = await User.register();
	id = (await user.say("the only one")).sessionId;
	rows = await countOf(user.id);
});

// How each form looks in a path. All that could fool a lenient reader derive from a session that exists.
const FORMS = {
	"minus one": () => "-1",
	zero: () => "0",
	one: () => "1",
	"plus sign": () => `+${id}`,
	"leading zeros": () => `000${id}`,
	blanks: () => `%20${id}%20`,
	"line feed behind": () => `${id}%0A`,
	"letters behind": () => `${id}abc`,
	"dot behind": () => `${id}.`,
	exponent: () => "1e3",
	fraction: () => `${id}.0`,
	hexadecimal: () => `0x${BigInt(id).toString(16)}`,
	negative: () => `-${id}`,
	"2^63-1": () => String(2n ** 63n - 1n),
	"2^63": () => String(2n ** 63n),
	"2^63+id": () => String(2n ** 63n + BigInt(id)),
	"2^64": () => String(2n ** 64n),
	"2^64+id": () => String(2n ** 64n + BigInt(id)),
	"2^128+id": () => String(2n ** 128n + BigInt(id)),
	"full-width digits": () => encodeURIComponent([...id].map((digit) => String.fromCodePoint(0xff10 + Number(digit))).join("")),
	"arabic digits": () => encodeURIComponent("٣٤٥"),
	"bad UTF-8": () => "%ff%fe",
	quoted: () => `%27${id}%27`,
	"SQL behind": () => `${id}%20OR%201=1`,
	comment: () => `${id}--`,
	comma: () => `${id},1`,
	text: () => "abc",
	"a word": () => "null",
	percent: () => "%25",
	"encoded slash": () => `${id}%2Fmessages`,
	"dots and slash": () => "..%2f..%2f",
	"1 kB": () => "9".repeat(1000),
};

const ROUTES = [
	["GET", (id) => `/api/ai/sessions/${id}`],
	["PATCH", (id) => `/api/ai/sessions/${id}`, { title: "x" }],
	["DELETE", (id) => `/api/ai/sessions/${id}`],
	["GET", (id) => `/api/ai/sessions/${id}/messages`],
	["GET", (id) => `/api/ai/chat/${id}/stream`],
	["POST", (id) => `/api/ai/chat/${id}/stop`],
];

/** The web server itself refuses some of these, so only the status counts. */
async function status(method, path, body) {
	const response = await fetch(process.env.LAMPLIGHT_URL + path, {
		method,
		headers: user.headers(body && { "content-type": "application/json" }),
		body: body && JSON.stringify(body),
	});
	const text = await response.text();
	if (response.headers.get("content-type") === "application/problem+json") {
		assertNoInsides(text);
		assert.equal(JSON.parse(text).status, response.status);
	}
	return response.status;
}

/** Resuming or stopping an unknown reply is no failure, because nothing is running. */
const refusals = (path) => (path("x").startsWith("/api/ai/chat/") ? [400, 404, 204] : [400, 404]);

describe("in the path", () => {
	for (const [form, make] of Object.entries(FORMS))
		test(form, async () => {
			for (const [method, path, body] of ROUTES) {
				const got = await status(method, path(make()), body);
				assert.ok(refusals(path).includes(got), `${method} ${path(make()).slice(0, 80)}: ${got}`);
			}
		});

	test("an empty id and one of 10 kB are refused", async () => {
		for (const [method, path, body] of ROUTES) {
			if (method === "DELETE" || method === "PATCH") continue; // without an id, that is another route
			if (path("") !== "/api/ai/sessions/")
				assert.ok([...refusals(path), 405].includes(await status(method, path(""), body)));
			assert.ok([...refusals(path), 414].includes(await status(method, path("1".repeat(10_000)), body)));
		}
	});

	test("NUL and a percent sign that starts nothing", async () => {
		for (const bad of [`${id}%00`, "%00", "%", "%zz", "%u0031"])
			for (const [method, path, body] of ROUTES) {
				const got = await status(method, path(bad), body);
				assert.ok(refusals(path).includes(got), `${method} ${path(bad)}: ${got}`);
			}
	});
});

describe("as sessionId of a chat", () => {
	const wrong = [
		-1,
		0,
		1,
		1.5,
		1e30,
		true,
		[],
		{},
		" ",
		"-1",
		"+1",
		"0",
		"00012",
		" 3 ",
		"3\u0000",
		"3abc",
		"1e3",
		"1.0",
		"٣",
		"x".repeat(10_000),
	];
	wrong.push(String(2n ** 63n), String(2n ** 64n), "NaN", "null", "3\n");
	for (const sessionId of wrong)
		test(JSON.stringify(sessionId).slice(0, 40), async () => {
			const answer = await user.chat({ id: newId(), sessionId, messages: [userMessage("x")] });
			assert.ok([400, 404].includes(answer.status), answer.text);
			answer.problem(answer.status, answer.status === 400 ? { field: "sessionId" } : {});
			assert.equal(await countOf(user.id), rows);
		});

	test("null and an empty text start a new session", async () => {
		const other = await User.register();
		for (const sessionId of [null, ""])
			assert.equal((await other.chat({ id: newId(), sessionId, messages: [userMessage("x")] })).status, 200);
		assert.equal(await countOf(other.id), 2 * rows);
	});

	test("what equals a real id only when read carelessly", async () => {
		const alias = [
			`0${id}`,
			` ${id}`,
			`${id} `,
			`+${id}`,
			`${id}.0`,
			`${id}\u0000`,
			String(2n ** 64n + BigInt(id)),
			[id],
			{ id },
		];
		for (const sessionId of alias) {
			const answer = await user.chat({ id: newId(), sessionId, messages: [userMessage("x")] });
			assert.ok([400, 404].includes(answer.status), JSON.stringify(sessionId));
		}
		assert.equal(await countOf(user.id), rows);
	});
});

describe("in a list to delete", () => {
	for (const bad of ["0", "-1", "00012", "1e3", "1.0", " 3 ", "3abc", "٣", String(2n ** 64n), String(2n ** 63n)])
		test(bad, async () => {
			const answer = await user.request("DELETE", "/api/ai/sessions", { body: { sessionIds: [id, bad] } });
			assert.ok([400, 404].includes(answer.status), answer.text);
			assert.equal(await countOf(user.id), rows);
		});
});
