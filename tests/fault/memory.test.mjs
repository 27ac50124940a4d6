// JSON that is short as text and large in memory, on every route that accepts JSON: no program exceeds its memory limit, and each returns
// to its earlier size.

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { User, eventually, newId, userMessage } from "../support/api.mjs";
import { messagesOf, query } from "../support/db.mjs";
import { Link, whole } from "../support/fcgi.mjs";
import { pid } from "../support/instance.mjs";
import { chunk, DONE, play, says } from "../support/model.mjs";

const MB = 1024;

/** The most memory of a worker, in KB, whatever arrives. */
const CAP = 128 * MB;
/** How much it may keep after an attack. */
const KEPT = 32 * MB;

const status = (program, key) => Number(new RegExp(`${key}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid(program)}/status`, "utf8"))[1]);

/** Runs it, and checks the program's peak memory meanwhile, and its memory afterwards. */
async function within(program, run, cap = CAP) {
	const before = status(program, "VmRSS");
	writeFileSync(`/proc/${pid(program)}/clear_refs`, "5");
	await run();
	const peak = status(program, "VmHWM");
	assert.ok(peak < cap, `${program}: ${before} KB, at most ${peak} KB`);
	await eventually(() => status(program, "VmRSS") < before + KEPT, 30);
}

const times = (text, bytes) => Array(Math.floor(bytes / (text.length + 1))).fill(text).join(",");

/** Arrays of the values that cost most for their length. */
const BOMBS = {
	objects: (bytes) => `[${times("{}", bytes)}]`,
	arrays: (bytes) => `[${times("[]", bytes)}]`,
	numbers: (bytes) => `[${times("1.5", bytes)}]`,
	texts: (bytes) => `[${times('""', bytes)}]`,
	nested: (bytes) => `[${times(`${"[".repeat(40)}${"]".repeat(40)}`, bytes)}]`,
	members: (bytes) => `[${times('{"a":{},"b":{},"c":{}}', bytes)}]`,
};

const user = await User.register();

describe("requests without a login", () => {
	for (const [kind, bomb] of Object.entries(BOMBS))
		test(kind, () =>
			within("auth", async () => {
				for (const bytes of [15_000, 500_000, 4_000_000])
					for (const path of ["/api/auth/login", "/api/auth/register", "/api/auth/refresh"])
						for (const body of [bomb(bytes), `{"username":${bomb(bytes)}}`]) {
							const answer = await user.request("POST", path, { body });
							assert.ok(answer.status >= 400 && answer.status < 500, `${path}: ${answer.status}`);
						}
			}),
		);
});

test("renaming and deleting with deep JSON takes little memory", async () => {
	const { sessionId } = await user.say("hello");
	await within("sessions", async () => {
		for (const bomb of Object.values(BOMBS))
			for (const bytes of [15_000, 2_000_000]) {
				const answer = await user.request("PATCH", `/api/ai/sessions/${sessionId}`, { body: `{"title":"a","x":${bomb(bytes)}}` });
				assert.equal(answer.status, bytes > 16_384 ? 413 : 200);
				(await user.request("DELETE", "/api/ai/sessions", { body: `{"sessionIds":${bomb(bytes)}}` })).problem(bytes > 16_384 ? 413 : 400);
			}
	});
});

describe("histories of the largest messages", () => {
	const SIZE = 11_900_000;
	let path, sessionId;

	before(async () => {
		({ sessionId } = await user.say("hello"));
		const [row] = await messagesOf(sessionId);
		for (let i = 1; i <= 3; i++)
			await query(
				"INSERT INTO message (session_id, id, parent_id, role, status, active, parts, create_time, update_time)" +
					` SELECT session_id, id + 1000000000 + ${i}, NULL, 'user', 'complete', TRUE, CONCAT('[{"type":"text","text":"', REPEAT('a', ${SIZE}), '"}]'), NOW(3), NOW(3)` +
					" FROM message WHERE session_id = ? AND id = ?",
				[sessionId, row.id],
			);
		path = `/api/ai/sessions/${sessionId}/messages`;
	});

	test("read by many at once: complete, or 503", () =>
		within("messages", async () => {
			const answers = await Promise.all(Array.from({ length: 8 }, () => user.get(path)));
			const sizes = answers.filter(({ status }) => status === 200).map(({ text }) => text.length);
			assert.ok(sizes.length >= 2 && sizes.every((size) => size > SIZE), `${answers.map(({ status }) => status)}`);
			for (const answer of answers) if (answer.status !== 200) answer.problem(503);
		}));

	test("requested by many who do not read", { timeout: 120_000 }, () =>
		within("messages", async () => {
			const links = Array.from({ length: 40 }, () => new Link("messages", { paused: true }));
			for (const link of links) {
				await link.send(whole("GET", path, { token: user.token }));
				await sleep(50);
			}
			await sleep(2000);
			assert.equal((await user.get(`${path}?limit=1&before=1`)).status, 200, "others are served");
			for (const link of links) link.close();
		}));

	test("the memory is released afterwards", async () => {
		assert.equal((await user.request("DELETE", `/api/ai/sessions/${sessionId}`)).status, 204);
		await eventually(async () => (await query("SELECT id FROM message WHERE session_id = ?", [sessionId])).length === 0, 30);
	});
});

describe("messages", () => {
	const SIZE = 2_000_000;
	const at = (place) => JSON.stringify({ id: newId(), messages: place("#") });
	const message = (more) => ({ id: newId(), role: "user", parts: [{ type: "text", text: "hi" }], ...more });
	const asked = (parts) => [message(), { id: newId(), role: "assistant", parts: [{ type: "step-start" }, ...parts] }, message()];
	const call = { type: "tool-get_time", toolCallId: "c", state: "output-available", input: {}, output: 1 };
	const PLACES = {
		"a data part": (x) => [message({ parts: [{ type: "text", text: "hi" }, { type: "data-x", data: x }] })],
		"provider metadata": (x) => [message({ parts: [{ type: "text", text: "hi", providerMetadata: { p: { x } } }] })],
		"an unknown member": (x) => [message({ x })],
		"a tool's input": (x) => asked([{ ...call, input: x }]),
		"a tool's output": (x) => asked([{ ...call, output: x }]),
		"an unknown part": (x) => asked([{ type: "custom", x }]),
		metadata: (x) => [message({ metadata: { x } })],
	};
	for (const [place, messages] of Object.entries(PLACES))
		test(place, async () => {
			let sessionId;
			await within("chat", async () => {
				for (const bomb of Object.values(BOMBS)) {
					const answer = await user.chat(at(messages).replace('"#"', () => bomb(SIZE)));
					if (answer.status === 413) continue;
					assert.equal(answer.status, 200, answer.text);
					await answer.finish();
					sessionId = answer.headers.get("x-session-id");
					await user.say("and now?", { sessionId });
				}
			});
			if (sessionId) await within("messages", async () => assert.equal((await user.messages(sessionId)).at(-1).role, "assistant"));
		});

	test("list and all else of the body", () =>
		within("chat", async () => {
			for (const bomb of Object.values(BOMBS)) {
				(await user.chat(`{"messages":${bomb(8_000_000)}}`)).problem(400);
				const answer = await user.chat(JSON.stringify({ id: newId(), x: "#", messages: [message()] }).replace('"#"', () => bomb(8_000_000)));
				assert.equal(answer.status, 200, answer.text);
				await answer.finish();
			}
		}));
});

describe("what a model sends", () => {
	const delta = (raw) => `data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":${raw},"finish_reason":null}]}\n\n`;
	for (const [kind, bomb] of Object.entries(BOMBS))
		test(kind, () =>
			within("chat", async () => {
				for (const raw of [`{"content":"a","x":${bomb(1_000_000)}}`, `{"content":${bomb(1_000_000)}}`]) {
					const upstream = await play({ steps: [{ send: delta('{"content":"first"}') }, { send: delta(raw) }, ...says("done")] });
					const answer = await user.chat({ id: newId(), messages: [userMessage(`go${upstream.mark}`)] });
					await answer.finish();
				}
				const upstream = await play(
					{
						steps: [
							{ send: chunk({ tool_calls: [{ index: 0, id: "c", type: "function", function: { name: "any", arguments: bomb(300_000) } }] }) },
							{ send: chunk({}, "tool_calls") },
							{ send: DONE },
						],
					},
					{ steps: says("done") },
				);
				const answer = await user.chat({ id: newId(), messages: [userMessage(`go${upstream.mark}`)] });
				await answer.finish();
			}),
		);
});
