// JSON that is short to write and large to hold, at every door that takes JSON: no program's memory goes beyond its cap, and it comes
// back to where it was.

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { describe, test } from "node:test";
import { User, eventually, newId, userMessage } from "../support/api.mjs";
import { pid } from "../support/instance.mjs";
import { chunk, DONE, play, says } from "../support/model.mjs";

const MB = 1024;

/** What a worker may take at most, in KB, whatever comes. */
const CAP = 128 * MB;
/** What it may keep of an attack. */
const KEPT = 32 * MB;

const status = (program, key) => Number(new RegExp(`${key}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid(program)}/status`, "utf8"))[1]);

/** Runs it, and checks the highest that the program's memory was meanwhile, and what it is afterwards. */
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

test("changes of a session", async () => {
	const { sessionId } = await user.say("hello");
	await within("sessions", async () => {
		for (const bomb of Object.values(BOMBS))
			for (const bytes of [15_000, 2_000_000]) {
				const answer = await user.request("PATCH", `/api/ai/sessions/${sessionId}`, { body: `{"title":"a","x":${bomb(bytes)}}` });
				assert.ok([200, 413].includes(answer.status), `${answer.status}`);
				(await user.request("DELETE", "/api/ai/sessions", { body: `{"sessionIds":${bomb(bytes)}}` })).problem(bytes > 16_384 ? 413 : 400);
			}
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
