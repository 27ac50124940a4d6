// Finding a conversation by its words.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { before, describe, test } from "node:test";
import { User, eventually, newId } from "../support/api.mjs";
import { query } from "../support/db.mjs";
import { VAR } from "../support/instance.mjs";
import { play, says } from "../support/model.mjs";

let user, lamps, fish, archived;

/** Waits until a request to this path is in the log, and returns everything that the instance has logged. */
const logged = (path) =>
	eventually(() => {
		const log = readdirSync(`${VAR}/log`).map((name) => readFileSync(`${VAR}/log/${name}`, "latin1")).join("");
		return log.includes(path) && { log };
	});

/** Waits for the words of the messages, which the server writes a moment after it has stored a message. */
const written = (who) =>
	eventually(async () => {
		const pending = "SELECT 1 FROM search_pending JOIN session ON session.id = session_id WHERE user_id = ?";
		return (await query(pending, [who.id])).length === 0;
	});

const search = async (q, more = {}, who = user) => {
	await written(who);
	const answer = await who.request("POST", "/api/ai/search", { body: { q, ...more } });
	assert.equal(answer.status, 200, answer.text);
	return answer.json;
};
const found = (hits) => new Set(hits.map((hit) => hit.sessionId));

async function reply(who, question, answer, sessionId) {
	const upstream = await play({ steps: says(answer) });
	return who.say(`${question}${upstream.mark}`, { sessionId });
}

before(async () => {
	user = await User.register();
	lamps = await reply(user, "Wer zündete die Laternen an? ", "The lamplighter walked through Göteborg at dusk.");
	await reply(user, "And in the morning? ", "He put them out again.", lamps.sessionId);
	fish = await reply(user, "深海の魚について教えて ", "アンコウは光る器官を持っています。");
	archived = await reply(user, "Recipe for saffron buns ", "Take 100% flour_and milk.");
	await user.request("PATCH", `/api/ai/sessions/${archived.sessionId}`, { body: { archived: true } });
	const stranger = await User.register();
	await reply(stranger, "lamplighter secrets ", "A stranger's lamplighter in Göteborg.");
});

describe("search", () => {
	const HITS = {
		lamplighter: () => [lamps],
		"lamp göte": () => [lamps],
		"GOTEBORG dusk": () => [lamps],
		zundete: () => [lamps],
		"dusk morning": () => [],
		light: () => [lamps],
		ht: () => [],
		深海: () => [fish],
		光る: () => [fish],
		saffron: () => [archived],
		"lamplighter nothing": () => [],
	};
	for (const [q, sessions] of Object.entries(HITS))
		test(`a search for "${q}" finds the chats that have it, and no other`, async () => {
			assert.deepEqual(found(await search(q)), new Set(sessions().map((turn) => turn.sessionId)));
		});

	test("a hit shows its place in one plain line", async () => {
		const [hit] = await search("lamplighter dusk");
		assert.deepEqual(Object.keys(hit).sort(), ["messageId", "sessionId", "snippet", "title", "updateTime"]);
		assert.equal(hit.messageId, lamps.messageId);
		assert.match(hit.snippet, /lamplighter walked/);
		const page = await user.get(`/api/ai/sessions/${hit.sessionId}/messages?around=${hit.messageId}`);
		assert.ok(page.json.some(({ id }) => id === hit.messageId));
	});

	test("a long message is cut around the word, never inside a character", async () => {
		const other = await User.register();
		await reply(other, "long ", `${"👨‍👩‍👧‍👦 und ".repeat(100)}needle ${"🇳🇴 weiter ".repeat(100)}\n<b>end</b>`);
		const [hit] = await search("needle", "", other);
		assert.match(hit.snippet, /needle/);
		assert.ok(hit.snippet.isWellFormed() && !/[\n\r\t]/.test(hit.snippet));
		assert.ok([...hit.snippet].length <= 170, `${[...hit.snippet].length}`);
	});

	test("quotes, signs, wildcards and SQL are searched as text", async () => {
		for (const q of ['"lamplighter"', "+lamplighter", "lamplighter*", "-lamplighter", "(lamplighter", "lamplighter)", "~lamplighter", "@lamplighter"])
			assert.deepEqual(found(await search(q)), new Set([lamps.sessionId]), q);
		for (const q of ["%", "_", "*", "'", '"', "\\", "()", "<>~", "...", "!?"]) assert.deepEqual(await search(q), [], q);
		for (const q of ["' OR 1=1 --", "%' UNION SELECT", "x".repeat(200)]) await search(q);
	});

	test("finds only shown branches and nothing deleted", async () => {
		const other = await User.register();
		const turn = await reply(other, "alpha ", "betagamma one");
		const list = await other.messages(turn.sessionId);
		const edited = { ...list[0], parts: [{ type: "text", text: "delta" }] };
		await (await other.chat({ id: newId(), sessionId: turn.sessionId, messages: [edited], trigger: "submit-message", messageId: list[0].id })).finish();
		assert.deepEqual((await search("betagamma", "", other)).filter((hit) => hit.messageId), []);
		assert.equal((await search("delta", "", other)).length > 0, true);
		await other.request("DELETE", `/api/ai/sessions/${turn.sessionId}`);
		assert.deepEqual(await search("delta", "", other), []);
	});

	test("returns at most *limit* hits and at most three of a session", async () => {
		const other = await User.register();
		for (let n = 0; n < 3; n++) {
			const { sessionId } = await other.say("pepper one");
			for (let i = 0; i < 3; i++) await other.say("pepper more", { sessionId });
		}
		const hits = await search("pepper", "", other);
		assert.equal(found(hits).size, 3);
		for (const sessionId of found(hits)) assert.equal(hits.filter((hit) => hit.sessionId === sessionId).length, 3);
		assert.equal((await search("pepper", { limit: 2 }, other)).length, 2);
	});

	test("a title is a hit, also a new one", async () => {
		const other = await User.register();
		const { sessionId } = await reply(other, "quartz ", "fine");
		const titled = async (q) => (await search(q, {}, other)).filter((hit) => hit.messageId === null);
		const [hit] = await titled("quartz");
		assert.equal(hit.sessionId, sessionId);
		assert.equal(hit.snippet, hit.title);
		await other.request("PATCH", `/api/ai/sessions/${sessionId}`, { body: { title: "Feldspar, ground" } });
		assert.deepEqual((await titled("ground feld")).map((one) => one.title), ["Feldspar, ground"]);
		assert.deepEqual(await titled("quartz"), []);
	});

	const BAD = [{}, { q: "" }, { q: "a\0b" }, { q: "x".repeat(201) }, { q: 1 }, { q: ["x"] }, ...[0, 51, -1, 1.5, "5"].map((limit) => ({ q: "x", limit }))];
	for (const bad of BAD)
		test(`a search with ${JSON.stringify(bad).slice(0, 30)} is refused`, async () => {
			const answer = await user.request("POST", "/api/ai/search", { body: bad });
			answer.problem(400, { field: "limit" in bad ? "limit" : "q" });
		});

	test("no log contains the words, even if a client puts them into the address", async () => {
		const [searched, asked] = [`sought${newId()}`, `asked${newId()}`];
		await search(searched);
		(await user.get(`/api/ai/search?q=${asked}`)).problem(405);
		const { log } = await logged("/api/ai/search");
		for (const word of [searched, asked]) assert.ok(!log.includes(word), word);
	});
});
