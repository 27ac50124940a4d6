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

/** Imports the chats with bounded memory; returns the texts of the shown messages of the first. */
async function shown(...chats) {
	const user = await User.register();
	const { code, stderr } = await new Promise((resolve) => {
		const command = ["-c", `ulimit -v ${MEMORY}; exec "$@"`, "sh", `${ROOT}bin/with-env`, COMMAND, "import", user.username, "-"];
		const child = execFile("sh", command, { cwd: ROOT, env: { ...process.env, VAR }, timeout: 60_000 }, (error, _, stderr) => resolve({ code: error ? (error.code ?? error.signal) : 0, stderr }));
		child.stdin.end(JSON.stringify(chats));
	});
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
