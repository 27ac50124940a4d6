// `lamplight import`: files whose order or ids are not those of the programs that usually write them.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { User, newId } from "../support/api.mjs";
import { VAR } from "../support/instance.mjs";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const COMMAND = `${ROOT}build/${process.env.VARIANT || "release"}/bin/lamplight`;
/** In KiB; the sanitizers reserve more than any limit. */
const MEMORY = /san$/.test(process.env.VARIANT || "") ? "unlimited" : "600000";

/** Imports the chats with bounded memory: { code, stderr }. */
const given = (user, chats) =>
	new Promise((resolve) => {
		const command = ["-c", `ulimit -v ${MEMORY}; exec "$@"`, "sh", `${ROOT}bin/with-env`, COMMAND, "import", user.username, "-"];
		const child = execFile("sh", command, { cwd: ROOT, env: { ...process.env, VAR }, timeout: 60_000 }, (error, _, stderr) => resolve({ code: error ? (error.code ?? error.signal) : 0, stderr }));
		child.stdin.end(JSON.stringify(chats));
	});

/** The texts of the shown messages of the imported chat. */
async function shown(chat) {
	const user = await User.register();
	const { code, stderr } = await given(user, [chat]);
	assert.equal(code, 0, stderr);
	const [session] = await user.sessions();
	return (await user.messages(session.id)).map(({ role, parts }) => `${role}: ${parts.map(({ text }) => text).join("")}`);
}

test("a reply in ten thousand pieces, the last one first", async () => {
	const n = 9_999;
	const node = (i) => [`n${i}`, { parent: i ? `n${i - 1}` : null, message: { author: { role: i ? "assistant" : "user" }, content: { content_type: "text", parts: ["x"] } } }];
	const mapping = Object.fromEntries(Array.from({ length: n + 1 }, (_, i) => node(n - i)));
	assert.deepEqual(await shown({ title: "Pieces", conversation_id: newId(), mapping, current_node: `n${n}` }), ["user: x", `assistant: ${"x".repeat(n)}`]);
});

test("messages in a row with the same id stay in their order", async () => {
	const messages = ["one", "two", "three", "four", "five"].map((content, i) => ({ id: i === 1 ? "b" : "a", role: i % 2 ? "assistant" : "user", content }));
	assert.deepEqual(await shown({ title: "Row", messages }), ["user: one", "assistant: two", "user: three", "assistant: four", "user: five"]);
});

test("chats whose ids are alike up to a NUL, or too long, are each stored", async () => {
	const user = await User.register();
	const chats = ["a\0b", "a\0c", `${"x".repeat(600)}1`, `${"x".repeat(600)}2`].map((id, i) => ({ id, title: `chat ${i}`, messages: [{ role: "user", content: "x" }] }));
	for (let i = 0; i < 2; i++) assert.equal((await given(user, chats)).code, 0);
	assert.deepEqual((await user.sessions()).map(({ title }) => title).sort(), ["chat 0", "chat 1", "chat 2", "chat 3"]);
});

test("messages in a row that are too large together are refused as a whole", async () => {
	const user = await User.register();
	const messages = Array.from({ length: 66 }, (_, i) => ({ role: i % 2 ? "assistant" : "user", content: i === 65 ? "the end" : "x".repeat(1 << 20) }));
	const { code, stderr } = await given(user, messages);
	assert.equal(code, 1, stderr);
	assert.match(stderr, /1 too large/);
	assert.deepEqual(await user.sessions(), []);
});
