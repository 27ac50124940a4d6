// `lamplight import`: chats from the exports of other programs, in their usual forms and in odd ones; each file completely or
// not at all, and each chat once.

import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { User, eventually, newId } from "../support/api.mjs";
import { query } from "../support/db.mjs";
import { VAR } from "../support/instance.mjs";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const COMMAND = `${ROOT}build/${process.env.VARIANT || "release"}/bin/lamplight`;
const FOLDER = mkdtempSync(`${tmpdir()}/lamplight-import-`);
after(() => rmSync(FOLDER, { recursive: true }));

const options = { cwd: ROOT, env: { ...process.env, VAR } };
/** { code, stdout, stderr } of the command; `input` goes to its standard input. */
function command(words, input) {
	return new Promise((resolve) => {
		const child = execFile(`${ROOT}bin/with-env`, [COMMAND, ...words], { ...options, timeout: 120_000, maxBuffer: 1 << 26 }, (error, stdout, stderr) =>
			resolve({ code: error ? error.code : 0, stdout, stderr }),
		);
		child.stdin.end(input);
	});
}
const file = (name, content) => {
	const path = `${FOLDER}/${newId()}-${name}`;
	writeFileSync(path, typeof content === "string" || content instanceof Uint8Array ? content : JSON.stringify(content));
	return path;
};
/** Imports the contents; returns the report and the user's chats by title. */
async function imported(user, ...contents) {
	const { stdout, stderr, code } = await command(["import", user.username, ...contents.map((one) => file("export.json", one)), "--json"]);
	return { code, stderr, report: stdout.trim().split("\n").filter(Boolean).map((line) => JSON.parse(line)) };
}
const chatOf = async (user, title) => (await user.sessions("?limit=100")).find((session) => session.title === title);
const said = (messages) => messages.map(({ role, parts }) => `${role}: ${parts.map(({ type, text }) => (type === "text" ? text : `(${type}) ${text}`)).join(" | ")}`);
const shown = async (user, title) => said(await user.messages((await chatOf(user, title)).id));
const rows = (user) =>
	query("SELECT m.*, s.branched, s.title FROM message m JOIN session s ON s.id = m.session_id WHERE s.user_id = ? ORDER BY m.session_id, m.id", [user.id]);

// ---- ChatGPT

const gpt = (id, parent, role, content, more = {}) => ({
	id,
	parent,
	children: [],
	message: content && {
		id,
		author: { role, name: null, metadata: {} },
		create_time: 1_700_000_000.25,
		content: typeof content === "string" ? { content_type: "text", parts: [content] } : content,
		status: "finished_successfully",
		end_turn: true,
		weight: 1,
		metadata: {},
		recipient: "all",
		...more,
	},
});
const conversation = (title, nodes, more = {}) => ({
	title,
	create_time: 1_700_000_000.123456,
	update_time: 1_700_000_100.5,
	mapping: Object.fromEntries(nodes.map((node) => [node.id, node])),
	current_node: nodes.at(-1).id,
	conversation_id: `conv-${newId()}`,
	...more,
});
const simple = (title, more) => conversation(title, [gpt("r", null), gpt("a", "r", "user", `ask ${title}`), gpt("b", "a", "assistant", `reply ${title}`)], more);

test("ChatGPT: branches, hidden ones, tools, pictures, thoughts, times", async () => {
	const user = await User.register();
	const chat = conversation(
		"Walruses",
		[
			gpt("root", null),
			gpt("system", "root", "system", "You are ChatGPT"),
			gpt("context", "system", "user", { content_type: "user_editable_context", user_profile: "me" }, { metadata: { is_visually_hidden_from_conversation: true } }),
			gpt("q", "context", "user", { content_type: "multimodal_text", parts: [{ content_type: "image_asset_pointer", asset_pointer: "file-service://x" }, "What is this?"] }),
			gpt("old", "q", "assistant", "A seal."),
			gpt("think", "q", "assistant", { content_type: "thoughts", thoughts: [{ summary: "Look", content: "It has tusks." }] }),
			gpt("code", "think", "assistant", { content_type: "code", language: "python", text: "print(1)" }, { recipient: "python" }),
			gpt("out", "code", "tool", { content_type: "execution_output", text: "1" }),
			gpt("web", "out", "tool", { content_type: "tether_browsing_display", result: "x" }),
			gpt("new", "web", "assistant", 'A walrus. "\u{1F9AD}"\\n', { create_time: null }),
			gpt("gone", "new", "user", null),
			gpt("q2", "gone", "user", "Thanks"),
			gpt("a2", "q2", "assistant", { content_type: "text", parts: ["You are ", "welcome"] }),
		],
		{ is_archived: false },
	);
	const { report, code } = await imported(user, [chat]);
	assert.equal(code, 0);
	assert.deepEqual(report, [{ result: "imported", from: "chatgpt", id: chat.conversation_id, title: "Walruses", messages: 5, leftOut: 2 }]);
	assert.deepEqual(await shown(user, "Walruses"), [
		"user: What is this?",
		'assistant: (reasoning) It has tusks. | ````python\nprint(1)\n```` | ````\n1\n```` | A walrus. "\u{1F9AD}"\\n',
		"user: Thanks",
		"assistant: You are  | welcome",
	]);
	const session = await chatOf(user, "Walruses");
	assert.deepEqual([session.createTime, session.updateTime], ["2023-11-14T22:13:20.123Z", "2023-11-14T22:15:00.500Z"]);
	const stored = await rows(user);
	assert.equal(stored.length, 5);
	assert.ok(stored.every(({ branched, client_id }) => branched === 1 && client_id));
	assert.deepEqual(stored.filter(({ active }) => !active).map(({ parts }) => JSON.parse(parts)[0].text), ["A seal."]);
	await eventually(async () => (await user.request("POST", "/api/ai/search", { body: { q: "welcome" } })).json.length > 0, 20);
	// The chat can go on here.
	const turn = await user.say("And now?", { sessionId: session.id });
	assert.equal(turn.metadata.status, "complete");
});

test("ChatGPT: odd trees", async () => {
	const user = await User.register();
	const circle = conversation("Circle", [gpt("a", "c", "user", "one"), gpt("b", "a", "assistant", "two"), gpt("c", "b", "user", "three")]);
	const orphan = conversation("Orphan", [gpt("a", "nobody", "user", "lost"), gpt("b", "a", "assistant", "found")], { current_node: "nobody", create_time: null, update_time: null });
	const self = conversation("Self", [gpt("a", "a", "user", "me"), gpt("b", "a", "assistant", "you")]);
	const hiddenCircle = conversation("Hidden circle", [gpt("x", "y"), gpt("y", "x"), gpt("a", "y", "user", "in"), gpt("b", "a", "assistant", "out")]);
	const long = conversation(
		"Long",
		Array.from({ length: 3000 }, (_, i) => gpt(`n${i}`, i ? `n${i - 1}` : null, i % 2 ? "assistant" : "user", i % 7 === 3 ? null : `text ${i}`)),
	);
	const nobody = conversation("Nobody asks", [gpt("a", null, "system", "x"), gpt("b", "a", "assistant", "hello")]);
	const first = conversation("It begins", [gpt("b", null, "assistant", "hello"), gpt("c", "b", "user", "hi")]);
	const future = simple("Future", { create_time: 9e12, update_time: -5 });
	const { report, code } = await imported(user, [circle, orphan, self, hiddenCircle, long, nobody, first, future, { ...simple("X"), mapping: [] }, { title: "no chat" }, 5]);
	assert.equal(code, 1);
	assert.deepEqual(
		report.map(({ result }) => result),
		["imported", "imported", "imported", "imported", "imported", "empty", "imported", "imported", "unknown", "unknown"],
	);
	assert.deepEqual(await shown(user, "Orphan"), ["user: lost", "assistant: found"]);
	assert.equal((await shown(user, "Circle")).length, 3);
	assert.deepEqual(await shown(user, "Hidden circle"), ["user: in", "assistant: out"]);
	assert.deepEqual(await shown(user, "It begins"), ["assistant: hello", "user: hi"]);
	for (const { id, parent_id } of await rows(user)) assert.ok(parent_id === null || BigInt(parent_id) < BigInt(id));
	const { createTime } = await chatOf(user, "Future");
	assert.ok(Math.abs(Date.parse(createTime) - 1_700_000_000_250) < 1000, createTime);
});

test("several files, files in parts, from standard input, and what is no JSON", async () => {
	const user = await User.register();
	const parts = [JSON.stringify([simple("one"), simple("two")], null, "\t"), `\ufeff${JSON.stringify([simple("three")])}`];
	const { code, stderr } = await command(["import", user.username, "-"], parts.join("\n"));
	assert.equal(code, 0, stderr);
	assert.match(stderr, /^3 chats imported with 6 messages, 0 there already/);
	const zip = await command(["import", user.username, file("x.zip", "PK\x03\x04...")]);
	assert.deepEqual([zip.code, /unzip -p/.test(zip.stderr)], [1, true]);
	const cut = JSON.stringify([simple("whole"), simple("cut")]).slice(0, -30);
	const half = await imported(user, cut);
	assert.deepEqual([half.code, half.report.map(({ title }) => title)], [1, ["whole"]]);
	assert.match(half.stderr, /not JSON, or it ends too early/);
	for (const text of ["", "[]", "hello", "{", "[[[[[[", '"text"', `[${"[".repeat(100)}${"]".repeat(100)}]`, "\0\0\0", '[{"mapping":{"a":{"message":{"author":'])
		assert.notEqual((await imported(user, text)).code, null, text);
	assert.equal((await user.sessions()).length, 4);
	for (const words of [["import", user.username], ["import", user.username, "--all", "x"], ["import", user.username, FOLDER], ["import", user.username, "/nonexistent"], ["import", `no-${newId()}`, "-"]])
		assert.equal((await command(words, "")).code, words.length === 2 ? 1 : 1, words.join(" "));
});

// ---- the others

test("Claude: thoughts, attachments, artifacts, branches, and a row without parents", async () => {
	const user = await User.register();
	const row = {
		uuid: newId(),
		name: "Row",
		created_at: "2024-05-06T07:08:09.123456Z",
		updated_at: "2024-05-06T08:00:00+00:00",
		account: { uuid: "x" },
		chat_messages: [
			{ uuid: "1", text: "Summarize", content: [{ type: "text", text: "Summarize" }], sender: "human", created_at: "2024-05-06T07:08:09Z", attachments: [{ file_name: "a.txt", file_type: "txt", extracted_content: "file text" }], files: [{ file_name: "b.png" }] },
			{ uuid: "2", text: "Done", content: [{ type: "thinking", thinking: "Hm." }, { type: "tool_use", name: "artifacts", input: { content: "<svg/>" } }, { type: "tool_result", content: [] }, { type: "text", text: "Done" }], sender: "assistant" },
			{ uuid: "3", text: "old form", sender: "human" },
		],
	};
	const tree = {
		...row,
		uuid: newId(),
		name: "",
		current_leaf_message_uuid: "b1",
		chat_messages: [
			{ uuid: "a", parent_message_uuid: "00000000-0000-4000-8000-000000000000", text: "Tree?", sender: "human" },
			{ uuid: "b1", parent_message_uuid: "a", text: "first", sender: "assistant" },
			{ uuid: "b2", parent_message_uuid: "a", text: "second", sender: "assistant" },
		],
	};
	const { report } = await imported(user, [row, tree, { ...row, uuid: newId(), chat_messages: [] }]);
	assert.deepEqual(report.map(({ result, messages, leftOut }) => [result, messages, leftOut]), [["imported", 3, 2], ["imported", 3, 0], ["empty", 0, 0]]);
	assert.deepEqual(await shown(user, "Row"), ["user: Summarize | ````\nfile text\n````", "assistant: (reasoning) Hm. | ````\n<svg/>\n```` | Done", "user: old form"]);
	assert.deepEqual(await shown(user, "Tree?"), ["user: Tree?", "assistant: first"]);
	assert.equal((await chatOf(user, "Row")).createTime, "2024-05-06T07:08:09.123Z");
});

test("Open WebUI, LibreChat and the AI SDK", async () => {
	const user = await User.register();
	const webui = {
		id: newId(),
		title: "WebUI",
		pinned: true,
		archived: false,
		created_at: 1_700_000_000,
		updated_at: 1_700_000_500,
		chat: {
			history: {
				currentId: "c",
				messages: {
					a: { id: "a", parentId: null, childrenIds: ["b", "c"], role: "user", content: "Hi", timestamp: 1_700_000_000, files: [{ type: "image" }] },
					b: { id: "b", parentId: "a", childrenIds: [], role: "assistant", content: "one", timestamp: 1_700_000_001 },
					c: { id: "c", parentId: "a", childrenIds: [], role: "assistant", content: "two", timestamp: 1_700_000_002 },
				},
			},
		},
	};
	const libre = {
		conversationId: newId(),
		title: "Libre",
		options: {},
		recursive: false,
		messages: [
			{ messageId: "1", parentMessageId: "00000000-0000-0000-0000-000000000000", isCreatedByUser: true, text: "Bonjour", createdAt: "2024-01-01T00:00:00.000Z" },
			{ messageId: "2", parentMessageId: "1", isCreatedByUser: false, text: "", content: [{ type: "think", think: "fr" }, { type: "text", text: { value: "Salut" } }, { type: "tool_call", tool_call: {} }] },
		],
	};
	const nested = { ...libre, conversationId: newId(), title: "Nested", recursive: true, messages: [{ ...libre.messages[0], children: [{ ...libre.messages[1], children: [] }] }] };
	const messages = [
		{ id: "s", role: "system", content: "be brief" },
		{ id: "u", role: "user", parts: [{ type: "text", text: "SDK?" }, { type: "file", mediaType: "image/png", url: "data:image/png;base64,AA==" }] },
		{ id: "r", role: "assistant", parts: [{ type: "step-start" }, { type: "reasoning", text: "so" }, { type: "text", text: "Yes", state: "done" }] },
		{ role: "user", content: "old text" },
	];
	const { report, code } = await imported(user, [webui], libre, JSON.stringify(nested, null, 2), { id: newId(), title: "Sdk", messages }, messages);
	assert.equal(code, 0);
	assert.deepEqual(report.map(({ from, result, messages: n, leftOut }) => [from, result, n, leftOut]), [
		["openwebui", "imported", 3, 1],
		["librechat", "imported", 2, 1],
		["librechat", "imported", 2, 1],
		["aisdk", "imported", 3, 1],
		["aisdk", "imported", 3, 1],
	]);
	assert.deepEqual(await shown(user, "WebUI"), ["user: Hi", "assistant: two"]);
	assert.equal((await chatOf(user, "WebUI")).pinned, true);
	for (const title of ["Libre", "Nested"]) assert.deepEqual((await shown(user, title)).slice(0, 1), ["user: Bonjour"], title);
	assert.deepEqual(await shown(user, "Libre"), ["user: Bonjour", "assistant: (reasoning) fr | Salut"]);
	for (const title of ["Sdk", "SDK?"]) assert.deepEqual(await shown(user, title), ["user: SDK?", "assistant: (reasoning) so | Yes", "user: old text"], title);
	const again = await imported(user, [webui], libre, { id: "x", title: "Other id", messages: [] }, messages);
	assert.deepEqual(again.report.map(({ result }) => result), ["there", "there", "empty", "there"]);
});

// ---- once, and completely

test("killed in the middle, run again, and two at once: each chat is there once, with all of it", { timeout: 180_000 }, async () => {
	const user = await User.register();
	const N = 60;
	const chats = Array.from({ length: N }, (_, n) =>
		conversation(`chat ${n}`, Array.from({ length: 20 }, (_, i) => gpt(`n${i}`, i ? `n${i - 1}` : null, i % 2 ? "assistant" : "user", `text ${i}`))),
	);
	const path = file("many.json", chats);
	const child = spawn(`${ROOT}bin/with-env`, [COMMAND, "import", user.username, path, "--json"], { ...options, stdio: ["ignore", "pipe", "ignore"] });
	await once(child.stdout, "data");
	child.kill("SIGKILL");
	await once(child, "close");
	const whole = async () => {
		const found = await query("SELECT s.id, COUNT(m.id) AS n, COUNT(DISTINCT s.title) AS t FROM session s LEFT JOIN message m ON m.session_id = s.id WHERE s.user_id = ? GROUP BY s.id", [user.id]);
		for (const { n } of found) assert.equal(Number(n), 20);
		return found.length;
	};
	const before = await whole();
	assert.ok(before >= 1 && before < N, `${before} before it was killed`);
	const both = await Promise.all([1, 2].map(() => command(["import", user.username, path, "--json"])));
	for (const { code, stderr } of both) assert.equal(code, 0, stderr);
	assert.equal(await whole(), N);
	const results = both.flatMap(({ stdout }) => stdout.trim().split("\n").map((line) => JSON.parse(line).result));
	assert.equal(results.filter((result) => result === "imported").length, N - before);
	assert.equal(results.filter((result) => result === "there").length, N + before);
	assert.equal(Number((await query("SELECT COUNT(DISTINCT title) AS n FROM session WHERE user_id = ?", [user.id]))[0].n), N);
});

test("100 MB pass through little memory", { timeout: 180_000 }, async () => {
	const user = await User.register();
	const filler = "x".repeat(100_000);
	const child = spawn(`${ROOT}bin/with-env`, [COMMAND, "import", user.username, "-"], { ...options, stdio: ["pipe", "pipe", "pipe"] });
	let stderr = "";
	let peak = 0;
	child.stderr.setEncoding("utf8").on("data", (text) => (stderr += text));
	child.stdout.resume();
	const write = (text) => new Promise((resolve) => child.stdin.write(text, resolve));
	await write("[");
	for (let i = 0; i < 1000; i++) {
		const chat = i % 100 === 0 ? simple(`kept ${i}`) : conversation("hidden", [gpt("a", null, "system", filler)]);
		await write(`${i ? "," : ""}${JSON.stringify(chat)}`);
		if (i % 50 === 49) peak = Math.max(peak, Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))?.[1] ?? 0));
	}
	child.stdin.end("]");
	const [code] = await once(child, "close");
	assert.equal(code, 0, stderr);
	assert.match(stderr, /^10 chats imported with 20 messages, 0 there already, 990 empty/);
	assert.ok(peak > 1000 && peak < 80_000, `${peak} KB`);
});

// ---- our own files

test("imports assistants and prompts once, and reports those that it cannot import", async () => {
	const [user, other, third] = [await User.register(), await User.register(), await User.register()];
	const add = async (path, body) => assert.equal((await user.request("POST", `/api/ai/${path}`, { body })).status, 201);
	await add("assistants", { name: "Owl", icon: "🦉", instructions: "Hoot.\n{{date}}", options: { temperature: 0.5 }, tools: [], starters: ["Who?"] });
	await add("assistants", { name: "Plain" });
	await add("prompts", { name: "greet", text: 'Say "hello"\n{{name}}' });
	await user.say("from here");
	const path = `${FOLDER}/${newId()}.jsonl`;
	assert.equal((await command(["export", user.username, "--out", path])).code, 0);
	const library = async (who) => (await who.get("/api/ai/library")).json;
	const whole = await library(user);

	const both = await Promise.all([1, 2].map(() => command(["import", other.username, path, "--json"])));
	for (const { code, stderr } of both) assert.equal(code, 0, stderr);
	const results = both.flatMap(({ stdout }) => stdout.trim().split("\n").map((line) => JSON.parse(line)));
	assert.deepEqual(results.filter(({ kind, result }) => kind && result === "imported").map(({ name }) => name).sort(), ["Owl", "Plain", "greet"]);
	assert.equal(results.filter(({ kind, result }) => kind && result === "there").length, 3);
	assert.deepEqual(await library(other), whole);
	assert.deepEqual(await query("SELECT day FROM usage_model WHERE user_id = ?", [other.id]), []);
	const again = await command(["import", other.username, path]);
	assert.match(again.stderr, /^0 chats imported .* 1 there already.*\n0 assistants and prompts imported, 3 there already, 0 refused\.$/m);
	assert.deepEqual(await library(other), whole);

	// The page's file of assistants and prompts only, and one that contains something that nobody accepts.
	assert.equal((await imported(third, whole)).code, 0);
	assert.deepEqual(await library(third), whole);
	const odd = await imported(third, { ...whole, assistants: [{ name: "" }, { name: "Elsewhere", modelId: "17" }], prompts: [{ name: "No Name", text: "x" }, { name: "greet", text: "Other" }] });
	assert.equal(odd.code, 1);
	assert.deepEqual(odd.report.map(({ result, kind, name }) => [result, kind, name]), [["refused", "assistant", ""], ["imported", "assistant", "Elsewhere"], ["refused", "prompt", "No Name"], ["imported", "prompt", "greet"]]);
	assert.ok(odd.report.filter(({ result }) => result === "refused").every(({ detail }) => detail.length > 10));
	assert.deepEqual((await library(third)).prompts.map(({ name }) => name), ["greet", "greet-2"]);
	for (const text of ['{"type":"assistant","message":{"role":"assistant","content":"of another program"}}', '{"type":"prompt","prompt":7}', '{"lamplight":"library","assistants":{},"prompts":[1,null,[]]}'])
		assert.notEqual((await imported(third, text)).code, null, text);
	const many = Array.from({ length: 40 }, (_, i) => ({ name: `n${i}`, text: `${i}${"語".repeat(16_000)}` }));
	const full = await imported(third, { ...whole, prompts: many });
	assert.equal(full.code, 1);
	assert.ok(full.report.filter(({ kind, result }) => kind === "prompt" && result === "imported").length >= 20);
	assert.match(full.report.at(-1).detail, /use all their storage/);
});

test("export and import: another user has the same; a cut file is gone on with; what is no export stays", async () => {
	const [user, other, third] = [await User.register(), await User.register(), await User.register()];
	await imported(user, [simple("branch"), conversation("two", [gpt("a", null, "user", "q"), gpt("b", "a", "assistant", "x"), gpt("c", "a", "assistant", "y")])]);
	await user.say("from here");
	const path = `${FOLDER}/${newId()}.jsonl`;
	assert.equal((await command(["export", user.username, "--out", path])).code, 0);
	const text = readFileSync(path, "utf8");
	assert.equal((await command(["export", user.username])).stdout.replace(/"used":\d+/g, ""), text.replace(/"used":\d+/g, ""));
	const lines = text.trim().split("\n").map((line) => JSON.parse(line));
	assert.equal(lines[0].account.id, user.id);
	assert.equal(lines.filter(({ type }) => type === "message").length, 7);
	const taken = await command(["import", other.username, path, "--json"]);
	assert.equal(taken.code, 0, taken.stdout + taken.stderr);
	const content = async (of) => (await rows(of)).map(({ title, role, parts, active, branched }) => ({ title, role, parts: JSON.parse(parts).map(({ type, text }) => [type, text]), active, branched }));
	const sorted = (list) => list.map((one) => JSON.stringify(one)).sort();
	assert.deepEqual(sorted(await content(other)), sorted(await content(user)));
	assert.match((await command(["import", other.username, path])).stderr, /^0 chats imported with 0 messages, 3 there already/);

	for (const cut of [text.length - 3, Math.floor(text.length / 2), text.indexOf("\n") + 5, 10, 0]) {
		writeFileSync(path, "");
		writeFileSync(`${path}.part`, text.slice(0, cut));
		const { code, stderr } = await command(["export", user.username, "--out", path]);
		assert.equal(code, 0, stderr);
		assert.equal(readFileSync(path, "utf8"), text, `cut at ${cut}`);
		assert.equal(existsSync(`${path}.part`), false);
	}
	// A complete export shows its own moment: the next one lacks what has been deleted since.
	const { sessionId } = await user.say("to be deleted");
	assert.equal((await command(["export", user.username, "--out", path])).code, 0);
	assert.ok(readFileSync(path, "utf8").includes("to be deleted"));
	assert.equal((await user.request("DELETE", `/api/ai/sessions/${sessionId}`)).status, 204);
	assert.equal((await command(["export", user.username, "--out", path])).code, 0);
	assert.ok(!readFileSync(path, "utf8").includes("to be deleted"));
	assert.equal((await command(["export", third.username, "--out", path])).code, 1, "somebody else's");
	const letter = file("letter.txt", "Dear all");
	assert.equal((await command(["export", user.username, "--out", letter])).code, 1);
	assert.equal(readFileSync(letter, "utf8"), "Dear all");
	assert.equal((await command(["export", user.username, "--file", letter])).code, 1);

	const all = `${FOLDER}/${newId()}-all.jsonl`;
	assert.equal((await command(["export", "--all", "--out", all])).code, 0);
	const everybody = readFileSync(all, "utf8");
	for (const { id } of [user, other, third]) assert.ok(everybody.includes(`{"type":"account","account":{"id":"${id}"`));
	writeFileSync(`${all}.part`, everybody.slice(0, Math.floor(everybody.length / 2)));
	assert.equal((await command(["export", "--all", "--out", all])).code, 0);
	assert.equal(readFileSync(all, "utf8").split("\n").length, everybody.split("\n").length);
});
