// A model fails in every way: the message is kept, the reply says in a sentence what happened, and the session can continue.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { deflateSync, gzipSync } from "node:zlib";
import { UPSTREAM_SECRET, User, assertNoInsides, eventually } from "../support/api.mjs";
import { messagesOf } from "../support/db.mjs";
import { DONE, chunk, play, refusing, says } from "../support/model.mjs";

const failing = (status, body, headers = {}) => ({
	status,
	headers: { "content-type": "application/json", ...headers },
	steps: [{ send: body }],
});
const errorBody = JSON.stringify({
	error: { message: `${UPSTREAM_SECRET}: SELECT * FROM keys at /usr/lib/model.py`, type: "x", code: "x" },
});
const half = [{ send: chunk({ role: "assistant", content: "" }) }, { send: chunk({ content: "half" }) }];

/** What must be true of every reply that did not end well. */
async function assertFailed(user, turn, { status, text }) {
	assert.equal(turn.status, 200);
	const error = turn.chunks.at(-1);
	assert.equal(error.type, "error");
	assert.match(error.errorText, /^[A-Z].{15,}\.$/, "a sentence");
	assert.equal(turn.metadata.status, status);
	assert.equal(turn.text, text);

	const stored = await user.messages(turn.sessionId);
	assertNoInsides(JSON.stringify(stored));
	assert.deepEqual(
		stored.map(({ role }) => role),
		["user", "assistant"],
	);
	assert.equal(stored[1].id, turn.messageId);
	assert.deepEqual(stored[1].metadata, turn.metadata);
	assert.equal(
		stored[1].parts
			.filter((part) => part.type === "text")
			.map((part) => part.text)
			.join(""),
		text,
	);
	for (const part of stored[1].parts) if (part.state) assert.notEqual(part.state, "streaming");
	for (const row of await messagesOf(turn.sessionId)) assert.notEqual(row.status, "streaming");

	const next = await user.say("and now?", { sessionId: turn.sessionId });
	assert.equal(next.text, "You said: and now?");
}

/** One message to a model that plays `calls`, which must fail in this way. */
async function fails(calls, expected) {
	const user = await User.register();
	const upstream = await play(...calls);
	const turn = await user.say(`go${upstream.mark}`);
	await assertFailed(user, turn, { status: "error", text: "", ...expected });
	return upstream;
}

describe("an answer that is not a stream fails the reply", { concurrency: 4 }, () => {
	for (const status of [400, 422])
		test(`${status} that says nothing is tried in two other forms, and its body is not shown`, async () => {
			const upstream = await fails([failing(status, errorBody)]);
			const forms = (await upstream.requests()).map((request) => ["stream_options", "tools"].filter((member) => member in request));
			assert.deepEqual(forms, [["stream_options", "tools"], ["tools"], []]);
		});

	for (const status of [401, 402, 403, 404, 405, 413, 418])
		test(`${status} is not tried again, and its body is not shown`, async () => {
			const upstream = await fails([failing(status, errorBody)]);
			assert.equal((await upstream.log()).length, 1);
		});

	for (const status of [500, 502, 503, 529, 408, 409, 429])
		test(`${status} is tried three times, and its body is not shown`, async () => {
			const upstream = await fails([failing(status, errorBody)]);
			assert.equal((await upstream.log()).length, 3);
		});

	test("after a 500 the retry succeeds, and the reader does not notice", async () => {
		const user = await User.register();
		const upstream = await play(failing(500, errorBody), { steps: says("well") });
		const turn = await user.say(`go${upstream.mark}`);
		assert.equal(turn.text, "well");
		assert.equal(turn.metadata.status, "complete");
		assert.equal(turn.of("start").length, 1);
		const [first, second] = await upstream.requests();
		assert.deepEqual(second, first);
	});

	test("429 with Retry-After: it waits that long", async () => {
		const user = await User.register();
		const upstream = await play(failing(429, errorBody, { "retry-after": "3" }), { steps: says("well") });
		const turn = await user.say(`go${upstream.mark}`);
		assert.equal(turn.text, "well");
		const [first, second] = await upstream.log();
		assert.ok(second.at - first.at >= 2900, `${second.at - first.at} ms`);
	});

	for (const odd of ["soon", "-5", "", "1e9", "99999999999999999999", "Wed, 21 Oct 2015 07:28:00 GMT"])
		test(`429 with Retry-After "${odd}": it does not hang`, { timeout: 30_000 }, async () => {
			const user = await User.register();
			const upstream = await play(failing(429, errorBody, { "retry-after": odd }), { steps: says("well") });
			const turn = await user.say(`go${upstream.mark}`);
			assert.ok(["complete", "error"].includes(turn.metadata.status));
		});

	test("a page of HTML", () =>
		fails([{ headers: { "content-type": "text/html" }, steps: [{ send: `<h1>${UPSTREAM_SECRET}</h1>` }] }]));
	test("plain JSON", () => fails([failing(200, errorBody)]));
	test("an empty answer", () => fails([{ steps: [{ send: "" }] }]));
	test("a status 204", () => fails([{ status: 204, steps: [] }]));

	test("a redirect is not followed", async () => {
		const elsewhere = await play({ steps: says("lured") });
		for (const status of [301, 302, 307, 308]) {
			const location = `http://127.0.0.1:1/v1/chat/completions?${elsewhere.id}`;
			const upstream = await fails([{ status, headers: { location }, steps: [{ send: "" }] }]);
			assert.equal((await upstream.log()).length, 1);
		}
		const toItself = await fails([{ status: 307, headers: { location: "/v1/chat/completions" }, steps: [{ send: "" }] }]);
		assert.equal((await toItself.log()).length, 1);
	});
});

// For the answers to tool calls, and for every cut, see tests/unit/chat/field_test.c.
describe("answers in odd forms are read, shown and stored", { concurrency: 4 }, () => {
	const field = JSON.parse(readFileSync(new URL("../vectors/field.json", import.meta.url), "utf8"));
	const joined = (parts, type) =>
		parts
			.filter((part) => part.type === type)
			.map((part) => part.text)
			.join("");
	for (const { name, situation, raw, events, right } of field) {
		if (right.call || right.calls) continue;
		test(`${name}: ${situation}`, async () => {
			const user = await User.register();
			const body = raw ?? events.map((event) => `data: ${event}\n\n`).join("");
			const upstream = await play({ steps: [{ send: body }] });
			const turn = await user.say(`go${upstream.mark}`);
			const [, stored] = await user.messages(turn.sessionId);
			assert.equal(joined(stored.parts, "text"), right.text);
			assert.equal(joined(stored.parts, "reasoning"), right.reasoning ?? "");
			assert.equal(stored.metadata.status, right.status);
			if (right.error) assert.equal(stored.metadata.error.code, right.error);
			if (right.status === "complete") assert.equal(stored.metadata.error, undefined);
			if (right.usage) assert.ok(stored.metadata.usage.totalTokens > 0);
			assert.deepEqual(stored.metadata, turn.metadata);
		});
	}
});

describe("compressed answers, though none was asked for", { concurrency: 4 }, () => {
	const packed = (text, pack) => [{ send64: pack(Buffer.from(text)).toString("base64") }];
	const body = [chunk({ content: "read" }), chunk({}, "stop"), DONE].join("");

	for (const [encoding, pack] of [["gzip", gzipSync], ["deflate", deflateSync]])
		test(encoding, async () => {
			const user = await User.register();
			const headers = { "content-encoding": encoding };
			const upstream = await play({ headers, steps: packed(body, pack) });
			const turn = await user.say(`go${upstream.mark}`);
			assert.equal(turn.text, "read");
			assert.equal(turn.metadata.status, "complete");
			assert.equal((await upstream.log())[0].headers["accept-encoding"], "identity");
		});
	test("a compressed error is understood", async () => {
		const headers = { "content-encoding": "gzip", "content-type": "application/json" };
		const refusal = JSON.stringify({ error: { code: "context_length_exceeded" } });
		const user = await User.register();
		const upstream = await play({ status: 400, headers, steps: packed(refusal, gzipSync) });
		const turn = await user.say(`go${upstream.mark}`);
		assert.equal(turn.metadata.error.code, "too_large");
	});
	test("an answer that only claims to be compressed fails", async () => {
		const user = await User.register();
		const upstream = await play({ headers: { "content-encoding": "gzip" }, steps: [{ send: body }] });
		const turn = await user.say(`go${upstream.mark}`);
		assert.equal(turn.metadata.status, "error");
	});
	for (const [name, piece] of Object.entries({ comments: ": x\n", blanks: "\n", pings: "data: null\n\n" }))
		test(`100 MB of ${name} in 100 KB end with a sentence`, { timeout: 60_000 }, async () => {
			const user = await User.register();
			const bomb = piece.repeat(100_000_000 / piece.length);
			const upstream = await play({ headers: { "content-encoding": "gzip" }, steps: packed(bomb, gzipSync) });
			const turn = await user.say(`go${upstream.mark}`);
			assert.equal(turn.metadata.error.code, "too_big");
		});
});

describe("a stream that goes wrong fails the reply", { concurrency: 4 }, () => {
	test("an error inside, its text not shown", () =>
		fails([{ steps: [...half, { send: `data: ${errorBody}\n\n` }] }], { text: "half" }));
	test("an error first", () => fails([{ steps: [{ send: `data: ${errorBody}\n\n` }] }]));
	test("no JSON inside", () =>
		fails([{ steps: [...half, { send: `data: ${UPSTREAM_SECRET}\n\n` }] }], { text: "half", status: "interrupted" }));
	test("reset in the middle", () => fails([{ steps: [...half, { end: "reset" }] }], { text: "half", status: "interrupted" }));
	test("closed in the middle", () => fails([{ steps: [...half, { end: "eof" }] }], { text: "half", status: "interrupted" }));
	test("ended without a finish reason", () => fails([{ steps: half }], { text: "half", status: "interrupted" }));
	test("silent in the middle", { timeout: 30_000 }, () =>
		fails([{ steps: [...half, { end: "hang" }] }], { text: "half", status: "interrupted" }),
	);
	test("silent from the start", { timeout: 60_000 }, () => fails([{ steps: [{ end: "hang" }] }]));
	test("headers, then silent", { timeout: 60_000 }, () => fails([{ steps: [{ send: "" }, { end: "hang" }] }]));
	test("reset before the first byte", { timeout: 30_000 }, () => fails([{ steps: [{ end: "reset" }] }]));
	test("closed before the first byte", { timeout: 30_000 }, () => fails([{ steps: [{ end: "eof" }] }]));

	test("reset before the first byte, then well", { timeout: 30_000 }, async () => {
		const user = await User.register();
		const upstream = await play({ steps: [{ end: "reset" }] }, { steps: says("well") });
		assert.equal((await user.say(`go${upstream.mark}`)).text, "well");
	});

	/** The model never stops: the server must stop, and close the connection. */
	async function endless(steps, expected) {
		const user = await User.register();
		const upstream = await play({ steps });
		const turn = await user.say(`go${upstream.mark}`);
		assert.equal(turn.chunks.at(-1).type, "error");
		assert.ok(["error", "interrupted"].includes(turn.metadata.status));
		const [, stored] = await user.messages(turn.sessionId);
		assert.equal(
			stored.parts
				.filter((part) => part.type === "text")
				.map((part) => part.text)
				.join(""),
			turn.text,
		);
		expected(turn);
		await eventually(async () => (await upstream.log())[0].gone);
		assert.equal((await user.say("still there?", { sessionId: turn.sessionId })).text, "You said: still there?");
	}

	test("a reply without end is cut at its cap, with its text", { timeout: 60_000 }, () =>
		endless([{ repeat: chunk({ content: "for ever and ever ".repeat(50) }) }], ({ text }) => {
			assert.ok(text.length > 100_000 && text.length <= 1_048_576, `${text.length}`);
		}),
	);
	test("a line without end", { timeout: 60_000 }, () =>
		endless([...half, { send: "data: " }, { repeat: "x".repeat(65_536) }], ({ text }) => assert.equal(text, "half")),
	);
	test("a field name without end", { timeout: 60_000 }, () =>
		endless([...half, { repeat: "x".repeat(65_536) }], ({ text }) => assert.equal(text, "half")),
	);
	test("data lines without end", { timeout: 60_000 }, () =>
		endless([...half, { repeat: `data: ${"x".repeat(8000)}\n` }], ({ text }) => assert.equal(text, "half")),
	);
	test("tool arguments without end", { timeout: 60_000 }, () => {
		const call = (args, more) =>
			chunk({ tool_calls: [{ index: 0, ...more, function: { ...(more && { name: "get_time" }), arguments: args } }] });
		return endless([{ send: call("", { id: "c1", type: "function" }) }, { repeat: call("x".repeat(8000)) }], () => {});
	});
});

test("a model that refuses connections: an error; when it is back, an answer", { timeout: 60_000 }, async () => {
	const user = await User.register();
	const turn = await refusing(() => user.say("anybody there?"));
	await assertFailed(user, turn, { status: "error", text: "" });
});
