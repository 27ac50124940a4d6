// Malformed, wrongly typed and oversized bodies: the problem names the field, nothing is stored, and no model is called.

import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { User, newId, userMessage } from "../support/api.mjs";
import { countOf } from "../support/db.mjs";
import { settings } from "../support/instance.mjs";
import { play, says } from "../support/model.mjs";

let user;

before(async () => {
	user = await User.register();
});

async function refused(body, expectation = {}, status = 400) {
	const answer = await user.chat(body);
	assert.ok(answer.problem, `${answer.status} streams`);
	answer.problem(status, expectation);
	assert.equal(await countOf(user.id), 0, "nothing is stored");
}

const good = (more = {}) => ({ id: newId(), trigger: "submit-message", messages: [userMessage("hello")], ...more });
const raw = (text) => `{"messages":[{"id":"a","role":"user","parts":[{"type":"text","text":${text}}]}]}`;
const bytes = (...middle) => {
	const [head, tail] = raw('"#"').split("#");
	return Buffer.concat([Buffer.from(head), Buffer.from(middle), Buffer.from(tail)]);
};

describe("bodies that are not JSON", () => {
	const SYNTAX = {
		nothing: "",
		blank: "   ",
		"a word": "hello",
		"an open brace": "{",
		"a cut body": JSON.stringify(good()).slice(0, -1),
		"something behind": `${JSON.stringify(good())}x`,
		"two values": `${JSON.stringify(good())}{}`,
		"a comma too many": '{"messages":[],}',
		"no quotes": "{messages:[]}",
		"single quotes": "{'messages':[]}",
		comment: '{/* */"messages":[]}',
		NaN: '{"messages":NaN}',
		Infinity: '{"messages":-Infinity}',
		"leading zero": '{"messages":-01}',
		"a number that ends in a dot": '{"messages":2.}',
		"a plus sign": '{"messages":+2}',
		"wrong escape": raw('"\\x41"'),
		"short escape": raw('"\\u12"'),
		"tab in a text": raw('"a\tb"'),
		"line break in a text": raw('"a\nb"'),
		"NUL in a text": bytes(0),
		"NUL behind": `${JSON.stringify(good())}\0`,
		True: '{"messages":True}',
		"a form": "messages=hello",
	};
	for (const [kind, body] of Object.entries(SYNTAX)) test(kind, () => refused(body));
});

describe("bodies that are not UTF-8 are refused", () => {
	const BYTES = {
		"a lone continuation": [0x80],
		"a cut sequence": [0xe2, 0x82],
		"an overlong slash": [0xc0, 0xaf],
		"an overlong NUL": [0xc0, 0x80],
		"an encoded surrogate": [0xed, 0xa0, 0xbd],
		"above 10FFFF": [0xf4, 0x90, 0x80, 0x80],
		"FE and FF": [0xfe, 0xff],
	};
	for (const [kind, middle] of Object.entries(BYTES)) test(kind, () => refused(bytes(...middle)));

	test("a body in UTF-16 is refused", () => refused(Buffer.from(JSON.stringify(good()), "utf16le")));
});

describe("JSON that is not an object is refused", () => {
	for (const body of ["null", "true", "5", '"text"', "[]", '[{"messages":[]}]']) test(body, () => refused(body));
});

describe("deep and wide JSON, and members that occur twice", () => {
	const nested = (depth) => `{"messages":${"[".repeat(depth)}${"]".repeat(depth)}}`;
	for (const depth of [1_000, 100_000]) test(`${depth} levels of lists are refused`, () => refused(nested(depth)));

	test("100,000 levels of objects are refused", () => refused(`${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`));

	test("levels that a message may have are kept", async () => {
		const other = await User.register();
		const deep = (n) => (n ? { a: [deep(n - 1)] } : 1);
		for (const n of [1, 10, 14]) {
			const parts = [{ type: "data-deep", data: deep(n) }];
			const turn = await other.say("", { message: { id: newId(), role: "user", parts } });
			assert.deepEqual((await other.messages(turn.sessionId))[0].parts, parts);
		}
	});

	test("100,000 members are refused", async () => {
		const members = Array.from({ length: 100_000 }, (_, i) => `"k${i}":${i}`).join(",");
		const answer = await user.chat(`{${members}}`);
		answer.problem(413, { code: "too_many_values" });
	});

	const twice = (member) => JSON.stringify(good()).replace("{", `{${member},`);
	test("a member that occurs twice is refused", async () => {
		await refused(twice('"messages":[]'));
		await refused(twice('"id":"x"'));
		await refused(raw('"a","text":"b"'));
		await refused('{"messages":[{"id":"a","role":"user","role":"assistant","parts":[{"type":"text","text":"x"}]}]}');
		await refused(twice('"\\u006dessages":[]'));
	});
});

describe("members of the wrong type", () => {
	const VALUES = {
		null: null,
		true: true,
		number: 5,
		text: "x",
		array: [],
		object: {},
		"array of arrays": [[]],
		fraction: 0.5,
	};

	/** Every value except those of the accepted kinds. */
	const wrong = (...right) => Object.entries(VALUES).filter(([kind]) => !right.includes(kind));

	for (const [kind, messages] of [...wrong(), ["missing", undefined]])
		test(`"messages" of a wrong kind is refused: ${kind}`, () => refused(good({ messages }), { field: "messages" }));
	for (const [kind, message] of wrong())
		test(`a message of a wrong kind is refused: ${kind}`, () => refused(good({ messages: [message] }), { field: "messages[0]" }));

	for (const [member, ...right] of [["id", "text", "null"], ["role"], ["parts"]])
		for (const [kind, value] of [...wrong(...right), ...(member === "id" ? [] : [["missing", undefined]])]) {
			const messages = [{ ...userMessage("x"), [member]: value }];
			test(`a message with "${member}" of a wrong kind is refused: ${kind}`, () => refused(good({ messages }), { field: `messages[0].${member}` }));
		}

	for (const role of ["system", "tool", "USER", "user ", "assistent", "developer", ""])
		test(`a message with the role "${role}" is refused`, () =>
			refused(good({ messages: [{ ...userMessage("x"), role }] }), { field: "messages[0].role" }));

	const PARTS = [
		...wrong().map(([kind, part]) => [kind, part, ""]),
		["without type", { text: "x" }, "type"],
		["type number", { type: 5, text: "x" }, "type"],
		["unknown type", { type: "picture" }, "type"],
		["an old call", { type: "tool-invocation", toolInvocation: {} }, ""],
		["text without text", { type: "text" }, "text"],
		["text null", { type: "text", text: null }, "text"],
		["text number", { type: "text", text: 5 }, "text"],
		["text array", { type: "text", text: ["x"] }, "text"],
		["unknown state", { type: "text", text: "x", state: "open" }, "state"],
		["file without url", { type: "file", mediaType: "image/png" }, "url"],
		["file without type", { type: "file", url: "data:," }, "mediaType"],
		["file of a path", { type: "file", mediaType: "image/png", url: "/uploads/a.png" }, "url"],
		["file of a page", { type: "file", mediaType: "image/png", url: "blob:https://example.org/0b1c" }, "url"],
		["file of nothing", { type: "file", mediaType: "image/png", url: "" }, "url"],
		["file url number", { type: "file", mediaType: "image/png", url: 5 }, "url"],
		["data without data", { type: "data-x" }, "data"],
		["provider metadata text", { type: "text", text: "x", providerMetadata: "x" }, "providerMetadata"],
	];
	for (const [kind, part, member] of PARTS)
		test(`a wrong part is refused: ${kind}`, () => {
			const field = ["messages[0].parts[0]", member].filter(Boolean).join(".");
			return refused(good({ messages: [{ ...userMessage("x"), parts: [part] }] }), { field });
		});

	for (const [kind, id] of [...wrong("text", "null"), ["too long", "x".repeat(129)]])
		test(`an id of a wrong kind is refused: ${kind}`, () => refused(good({ id }), { field: "id" }));
	for (const [kind, trigger] of wrong("text", "null")) test(`a trigger of a wrong kind is refused: ${kind}`, () => refused(good({ trigger }), { field: "trigger" }));
	for (const [kind, messageId] of wrong("text", "null"))
		test(`a message id of a wrong kind is refused: ${kind}`, () => refused(good({ messageId }), { field: "messageId" }));
	test("a message id that is too long", () =>
		refused(good({ messages: [{ ...userMessage("x"), id: "x".repeat(129) }] }), { field: "messages[0].id" }));

	test("the second message of a list is checked like the first", () =>
		refused(good({ messages: [userMessage("a"), { ...userMessage("b"), parts: 5 }] }), { field: "messages[1].parts" }));
});

describe("harmless bodies of clients are accepted", () => {
	const hello = { type: "text", text: "hello" };
	const png = "data:image/png;base64,iVBORw0KGgo=";
	const asked = (more) => ({ id: newId(), messages: [{ id: newId(), role: "user", parts: [hello] }], ...more });
	const messages = (...list) => ({ id: newId(), messages: list });
	const one = (message) => messages({ id: newId(), role: "user", parts: [hello], ...message });
	const BODIES = {
		"{id, message}": { id: newId(), message: { id: newId(), role: "user", parts: [hello] } },
		"{message} alone": { message: { role: "user", parts: [hello] } },
		"null beside {message}": { id: newId(), messages: null, message: { id: newId(), role: "user", parts: [hello] } },
		"empty sessionId": asked({ sessionId: "" }),
		"null for all that may be left out": asked({ sessionId: null, messageId: null, trigger: null }),
		"empty messageId": asked({ messageId: "" }),
		"null id": asked({ id: null }),
		"empty id": asked({ id: "" }),
		"a trigger of another version": asked({ trigger: "submit-user-message" }),
		"a trigger that nobody knows": asked({ trigger: "go" }),
		"unknown members": asked({ data: { a: [1] }, body: null, tools: [{}], webSearch: true, annotations: [] }),
		"a message without id": one({ id: undefined }),
		"a message with a null id": one({ id: null }),
		"a message with an empty id": one({ id: "" }),
		"createdAt and other members": one({ createdAt: "2026-01-01T00:00:00.000Z", revisionId: "x", annotations: [], content: "" }),
		"content alone": one({ parts: undefined, content: "hello" }),
		"content and null for parts": one({ parts: null, content: "hello" }),
		"content and parts": one({ content: "not this" }),
		"metadata that is no object": one({ metadata: "x" }),
		"state null": one({ parts: [{ ...hello, state: null }] }),
		"provider metadata null": one({ parts: [{ ...hello, providerMetadata: null }] }),
		"filename null": one({ parts: [hello, { type: "file", mediaType: "image/png", url: png, filename: null }] }),
		"data with a null id": one({ parts: [hello, { type: "data-x", id: null, data: null }] }),
		"attachments of ai 4": one({
			parts: undefined,
			content: "hello",
			experimental_attachments: [{ name: "a.png", contentType: "image/png", url: png }],
		}),
		"parts that only ai 7 has": messages(
			{ id: newId(), role: "user", parts: [hello] },
			{ id: newId(), role: "assistant", parts: [{ type: "custom", kind: "x" }, { type: "reasoning-file", url: "u" }] },
			{ id: newId(), role: "user", parts: [hello] },
		),
	};
	for (const [kind, body] of Object.entries(BODIES))
		test(kind, async () => {
			const other = await User.register();
			const answer = await other.chat(body);
			assert.equal(answer.status, 200, answer.text);
			await answer.finish();
			const stored = await other.messages(answer.headers.get("x-session-id"));
			assert.equal(stored[0].parts[0].text, "hello");
			assert.equal(stored.at(-1).metadata.status, "complete");
		});

	test("files of ai 4 become parts", async () => {
		const other = await User.register();
		const answer = await other.chat(BODIES["attachments of ai 4"]);
		await answer.finish();
		const [first] = await other.messages(answer.headers.get("x-session-id"));
		assert.deepEqual(first.parts, [hello, { type: "file", mediaType: "image/png", url: png, filename: "a.png" }]);
	});

	test("an attachment with a relative address is refused by name", () =>
		refused(one({ experimental_attachments: [{ contentType: "image/png", url: "/a.png" }] }), {
			field: "messages[0].parts[1].url",
		}));
});

describe("metadata", () => {
	const OURS = { status: "nonsense", createTime: {}, model: [], usage: 1, finishReason: {}, siblings: 1, error: [], context: 0 };

	test("a client's own metadata are kept, but not under names that the server uses", async () => {
		const other = await User.register();
		const reply = { id: newId(), role: "assistant", parts: [{ type: "text", text: "r" }], metadata: { ...OURS, mine: [1.5] } };
		const turn = await other.chat(good({ messages: [userMessage("a", { metadata: { ...OURS, mine: "x" } }), reply, userMessage("b")] }));
		await turn.finish();
		const stored = await other.messages(turn.headers.get("x-session-id"));
		assert.deepEqual({ ...stored[0].metadata, createTime: 0 }, { mine: "x", createTime: 0 });
		assert.deepEqual({ ...stored[1].metadata, createTime: 0 }, { mine: [1.5], createTime: 0, status: "complete" });
		for (const { metadata } of stored) assert.ok(Date.parse(metadata.createTime) > 0);
	});

	const objects = (bytes) => `[${"{},".repeat(bytes / 3 - 1)}{}]`;
	for (const [kind, metadata] of [
		["too long", { x: "x".repeat(16_384) }],
		["too many values", `{"x":${objects(12_000)}}`],
	])
		test(`metadata is refused as too large: ${kind}`, () => {
			const [text, value] = [JSON.stringify(good({ messages: [userMessage("a", { metadata: "#" })] })), metadata];
			const body = text.replace('"#"', typeof value === "string" ? value : JSON.stringify(value));
			return refused(body, { code: "metadata_too_large" }, 413);
		});
});

describe("tool parts of an assistant message that no client makes", () => {
	const call = { type: "tool-get_time", toolCallId: "c", input: {} };
	const CALLS = {
		"no state": call,
		"old state": { ...call, state: "result", output: 1 },
		"no output": { ...call, state: "output-available" },
		"no errorText": { ...call, state: "output-error" },
		"no id": { ...call, toolCallId: undefined, state: "input-available" },
		"id number": { ...call, toolCallId: 5, state: "input-available" },
	};
	for (const [kind, part] of Object.entries(CALLS))
		test(kind, () => {
			const reply = { id: newId(), role: "assistant", parts: [part] };
			return refused(good({ messages: [userMessage("a"), reply, userMessage("b")] }), { field: "messages[1].parts[0]" });
		});
});

describe("size", () => {
	const MAX = Number(settings.LAMPLIGHT_HTTP_BODY_MAX);
	const ofSize = (size) => {
		const empty = JSON.stringify(good({ messages: [userMessage("")] }));
		return JSON.stringify(good({ messages: [userMessage("x".repeat(size - empty.length))] }));
	};

	test("a body that is one byte too large gets 413, and nothing is stored", () => refused(ofSize(MAX + 1), {}, 413));

	test("the largest body that is allowed reaches the model or is told apart", async () => {
		const other = await User.register();
		const answer = await other.chat(ofSize(MAX));
		if (answer.status === 413) return answer.problem(413);
		assert.equal(answer.status, 200, answer.text);
		await answer.finish();
	});

	test("a message of 3 MB is answered and comes back whole", async () => {
		const other = await User.register();
		const upstream = await play({ steps: says("a lot") });
		const text = upstream.mark + "ä".repeat(1_500_000);
		const turn = await other.say(text);
		assert.equal(turn.text, "a lot");
		assert.equal((await other.messages(turn.sessionId))[0].parts[0].text, text);
		assert.equal((await upstream.requests())[0].messages[0].content, text);
	});
});

test("text of every kind reaches the model and comes back unchanged", async () => {
	const TEXTS = [
		"\0",
		"\u0001\u001f\u007f\u0085",
		"\u2028\u2029",
		"\u202e\u2066",
		"𝔘🦎👨‍👩‍👧",
		"é vs é",
		"\ud83d",
		"a\ude00b",
		"\ud83d\ude00",
		"\ufeffBOM",
		"\\u0041\\",
		'"',
		"</script>",
	];
	const other = await User.register();
	for (const text of TEXTS) {
		const upstream = await play({ steps: says("ok") });
		const sent = text + upstream.mark;
		const turn = await other.say(sent);
		const stored = await other.messages(turn.sessionId);
		assert.equal(stored[0].parts[0].text, sent, JSON.stringify(text));
		assert.equal((await upstream.requests())[0].messages[0].content, sent, JSON.stringify(text));
	}
});

describe("other routes", () => {
	const routes = () => [
		["POST", "/api/auth/register"],
		["POST", "/api/auth/login"],
		["DELETE", "/api/ai/sessions"],
		["PATCH", "/api/ai/sessions/1"],
	];
	for (const body of [
		"",
		"{",
		"[]",
		"null",
		'"x"',
		"{'a':1}",
		'{"a":1,"a":2}',
		Buffer.from([0x7b, 0xff, 0x7d]),
		"[".repeat(10_000),
	])
		test(`every route refuses a body that begins with ${String(body).slice(0, 20)}`, async () => {
			for (const [method, path] of routes()) {
				const answer = await user.request(method, path, { body });
				answer.problem(answer.status === 404 ? 404 : 400);
			}
		});

	test("bodies larger than a route needs are refused", async () => {
		for (const [method, path] of routes())
			(
				await user.request(method, path, {
					body: JSON.stringify({ username: "x".repeat(settings.LAMPLIGHT_HTTP_BODY_MAX) }),
				})
			).problem(413);
	});

	test("a route that does not exist, a verb that a route has not", async () => {
		for (const path of [
			"/api/ai/nothing",
			"/api/ai/chat/1/nothing",
			"/api/auth/nothing",
			"/api/ai/sessions/1/nothing",
			"/api/health/nothing",
		])
			(await user.get(path)).problem(404);
		for (const [method, path] of [
			["PUT", "/api/ai/sessions"],
			["POST", "/api/ai/sessions"],
			["GET", "/api/ai/chat"],
			["GET", "/api/auth/login"],
			["PUT", "/api/me"],
		]) {
			const answer = await user.request(method, path);
			assert.ok([404, 405].includes(answer.status), `${method} ${path}: ${answer.status}`);
			answer.problem(answer.status);
		}
	});
});
