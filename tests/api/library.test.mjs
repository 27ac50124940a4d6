// Prompts, exporting and importing everything that a user has saved as one file, and the assistant with which a site begins.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { User, newId, request } from "../support/api.mjs";
import { admin, patch } from "../support/admin.mjs";
import * as assistants from "../support/assistants.mjs";
import { query } from "../support/db.mjs";

const PATH = "/api/ai/prompts";
const LIBRARY = "/api/ai/library";
let owner, other;

before(async () => {
	[owner, other] = await Promise.all([User.register(), User.register()]);
});

const post = (body, who = owner) => who.request("POST", PATH, { body });
async function add(more, who = owner) {
	const answer = await post({ name: `p-${newId()}`, text: "Say {{what}}.", ...more }, who);
	assert.equal(answer.status, 201, answer.text);
	return answer.json;
}
const change = (row, body, who = owner) => who.request("PATCH", `${PATH}/${row.id}`, { body: { version: row.version, ...body } });
const drop = (row, who = owner) => who.request("DELETE", `${PATH}/${row.id}`);
const list = async (who = owner) => (await who.get(PATH)).json.prompts;

describe("a prompt", () => {
	test("is what was said of it, changed and removed", async () => {
		let row = await add({ name: "greet", text: "Hello\r\n{{name}}  \n" });
		assert.deepEqual({ ...row, id: 0 }, { id: 0, name: "greet", text: "Hello\n{{name}}", mine: true, published: false, version: 1 });
		assert.deepEqual((await list()).find(({ id }) => id === row.id), row);
		row = (await change(row, { text: "Bye" })).json;
		assert.deepEqual([row.name, row.text, row.version], ["greet", "Bye", 2]);
		assert.deepEqual((await list()).find(({ id }) => id === row.id), row);
		assert.equal((await drop(row)).status, 204);
		(await drop(row)).problem(404);
		(await change(row, { text: "x" })).problem(404);
	});

	test("has a name that no other of its owner's has", async () => {
		const [row, second] = [await add({ name: "taken" }), await add()];
		(await post({ name: "taken", text: "x" })).problem(409, { code: "name_taken" });
		(await change(second, { name: "taken" })).problem(409, { code: "name_taken" });
		assert.equal((await change(row, { name: "taken", text: "same name" })).status, 200);
		assert.equal((await post({ name: "taken", text: "x" }, other)).status, 201);
	});

	test("members with values that are not allowed are refused", async () => {
		const row = await add();
		for (const [field, values] of [["name", ["", "Upper", "a b", "ä", "x".repeat(65), 1, null]], ["text", ["", " \n", "x".repeat(16_385), "a\u0000b", "\ud800", 1, null]], ["published", [1, "yes"]], ["more", [1]]])
			for (const value of values) {
				(await post({ name: newId(), text: "x", [field]: value })).problem(400, { field });
				(await change(row, { [field]: value })).problem(400, { field });
			}
		for (const body of [{ name: "only" }, { text: "only" }, {}]) (await post(body)).problem(400);
		assert.equal((await add({ text: "👩".repeat(16_384) })).text.length, 32_768);
		(await post({ name: newId(), text: "x".repeat(1_000_000) })).problem(400, { field: "text" });
	});

	test("of two changes at once one is told", async () => {
		const row = await add();
		const answers = await Promise.all(["a", "b", "c"].map((text) => change(row, { text })));
		assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 409, 409]);
		answers.find(({ status }) => status === 409).problem(409, { code: "changed_elsewhere" });
	});

	test("is its owner's alone, until it is published", async () => {
		const row = await add({ text: "canary-prompt" });
		for (const who of [other, admin]) {
			assert.ok(!(await list(who)).some(({ id }) => id === row.id));
			(await change(row, { text: "x" }, who)).problem(404);
			(await drop(row, who)).problem(404);
		}
		(await change(row, { published: true })).problem(403, { code: "publish_denied" });
		const shared = await add({}, admin);
		let now = (await change(shared, { published: true }, admin)).json;
		assert.equal(now.published, true);
		const seen = (await list(other)).find(({ id }) => id === shared.id);
		assert.deepEqual([seen.mine, seen.text], [false, shared.text]);
		(await change(now, { text: "x" }, other)).problem(403, { code: "not_yours" });
		(await change(now, { published: false }, other)).problem(403, { code: "publish_denied" });
		(await drop(now, other)).problem(403, { code: "not_yours" });
		await query("UPDATE prompt SET owner_id = ? WHERE id = ?", [owner.id, shared.id]);
		now = (await change(now, { published: false }, admin)).json;
		assert.deepEqual([now.published, now.mine], [false, false]);
		assert.ok(!(await list(other)).some(({ id }) => id === shared.id));
	});

	test("who is no administrator any more takes away what everybody sees, and changes nothing in it", async () => {
		const former = await User.register();
		const asRole = (role) => query("UPDATE user SET role = ? WHERE id = ?", [role, former.id]);
		await asRole("admin");
		let row = (await change(await add({}, former), { published: true }, former)).json;
		await asRole("user");
		for (const body of [{ text: "Evil." }, { name: "evil" }, { text: "Evil.", published: true }]) (await change(row, body, former)).problem(403, { code: "publish_denied" });
		row = (await change(row, { published: false, text: "Mine alone." }, former)).json;
		assert.deepEqual([row.published, row.text], [false, "Mine alone."]);
		(await change(row, { published: true }, former)).problem(403, { code: "publish_denied" });
	});

	test("every route needs a login", async () => {
		for (const [method, path] of [["GET", PATH], ["POST", PATH], ["PATCH", `${PATH}/1`], ["DELETE", `${PATH}/1`], ["GET", LIBRARY], ["POST", LIBRARY]])
			(await request(method, path, { body: method === "GET" ? undefined : {} })).problem(401);
	});

	test("all of one owner's have a megabyte", async () => {
		const who = await User.register();
		const text = "語".repeat(16_384);
		const statuses = [];
		for (let i = 0; i < 24; i++) statuses.push((await post({ name: `n-${i}`, text }, who)).status);
		assert.deepEqual(statuses, Array.from({ length: 24 }, (_, i) => (i < 21 ? 201 : 409)));
		(await post({ name: "more", text }, who)).problem(409, { code: "library_full" });
		assert.equal((await post({ name: "small", text: "x" }, who)).status, 201);
	});
});

describe("the library", () => {
	const load = (body, who) => who.request("POST", LIBRARY, { body });
	/** The answer to a file of which everything was added, or nothing. */
	const said = (file, counts) => ({
		...counts,
		items: [
			...file.assistants.map(({ name }) => ({ kind: "assistant", name, added: counts.added > 0 })),
			...file.prompts.map(({ name }) => ({ kind: "prompt", name, added: counts.added > 0, as: name })),
		],
	});

	test("goes from one account to another, and twice is once", async () => {
		const [from, to] = [await User.register(), await User.register()];
		const row = await assistants.add(from, { options: { temperature: 0.5 }, tools: [] });
		await assistants.add(from, { name: "Plain", instructions: null, starters: [] });
		await add({ name: "greet", text: 'Say "hello"\n\t\\ {{name}}' }, from);
		const file = (await from.get(LIBRARY)).json;
		assert.deepEqual([file.lamplight, file.version, file.assistants.length, file.prompts], ["library", 1, 2, [{ name: "greet", text: 'Say "hello"\n\t\\ {{name}}' }]]);
		assert.ok(!JSON.stringify(file).includes(row.id));
		const answers = await Promise.all([load(file, to), load(file, to)]);
		assert.deepEqual(answers.map(({ json }) => json).sort((a, b) => a.added - b.added), [said(file, { added: 0, skipped: 3 }), said(file, { added: 3, skipped: 0 })]);
		assert.deepEqual((await to.get(LIBRARY)).json, file);
		assert.deepEqual((await load(file, from)).json, said(file, { added: 0, skipped: 3 }));
		const changed = { ...file, prompts: [{ name: "greet", text: "Other" }] };
		const again = (await load(changed, to)).json;
		assert.deepEqual([again.added, again.skipped, again.items.at(-1)], [1, 2, { kind: "prompt", name: "greet", added: true, as: "greet-2" }]);
		const third = (await load(changed, to)).json;
		assert.deepEqual([third.added, third.skipped, third.items.at(-1)], [0, 3, { kind: "prompt", name: "greet", added: false, as: "greet-2" }]);
		assert.deepEqual((await list(to)).filter(({ mine }) => mine).map(({ name }) => name), ["greet", "greet-2"]);
	});

	test("contains nothing that belongs to others", async () => {
		const shared = await assistants.published();
		const file = (await other.get(LIBRARY)).text;
		assert.ok(!file.includes(assistants.CANARY) && !file.includes(shared.id));
	});

	test("a model that is not here is the default", async () => {
		const who = await User.register();
		const file = { lamplight: "library", version: 1, assistants: [{ name: "A", modelId: "17" }] };
		assert.deepEqual((await load(file, who)).json, { added: 1, skipped: 0, items: [{ kind: "assistant", name: "A", added: true, modelLost: true }] });
		assert.deepEqual((await load(file, who)).json, { added: 0, skipped: 1, items: [{ kind: "assistant", name: "A", added: false, modelLost: true }] });
		assert.equal((await who.get(LIBRARY)).json.assistants[0].modelId, null);
	});

	test("is taken whole or not at all", async () => {
		const who = await User.register();
		const file = { lamplight: "library", version: 1, assistants: [{ name: "Good" }], prompts: [{ name: "good", text: "x" }] };
		for (const [more, field] of [
			[{ lamplight: "x" }, "lamplight"], [{ version: 2 }, "lamplight"], [{ assistants: {} }, "assistants"], [{ assistants: [{ name: "Good" }, {}] }, "assistants"], [{ assistants: [1] }, "assistants"],
			[{ prompts: [{ name: "good", text: "x" }, { name: "Bad", text: "x" }] }, "prompts"], [{ assistants: Array(101).fill({ name: "x" }) }, "assistants"],
		])
			(await load({ ...file, ...more }, who)).problem(400, { field });
		const { about } = (await load({ ...file, assistants: [{ name: "Good" }, { name: "Bad", icon: "ab" }] }, who)).problem(400, { field: "assistants" });
		assert.deepEqual(about, { item: 2, detail: '"icon" is one emoji, or empty.' });
		const many = Array.from({ length: 40 }, (_, i) => ({ name: `n${i}`, text: `${i}${"語".repeat(16_000)}` }));
		(await load({ ...file, prompts: many }, who)).problem(409, { code: "library_full" });
		assert.equal((await load({ ...file, more: "x".repeat(5_000_000) }, who)).status, 413);
		assert.deepEqual((await who.get(LIBRARY)).json, { lamplight: "library", version: 1, assistants: [], prompts: [] });
	});
});

describe("what new chats begin with", () => {
	const settings = async () => (await admin.get("/api/admin/settings")).json;
	const set = async (defaultAssistantId) => patch("settings", { version: (await settings()).version, defaultAssistantId });
	const told = async () => (await other.get(assistants.PATH)).json.defaultId;

	after(() => set(null));

	test("is an assistant that all may use", async () => {
		let row = await assistants.published({ name: "The site's" });
		assert.equal((await set(row.id)).json.defaultAssistantId, row.id);
		assert.equal(await told(), row.id);
		(await patch("settings", { version: 4_000_000_000, defaultAssistantId: null })).problem(409, { code: "changed_elsewhere" });
		row = await assistants.changed(row, { published: false }, admin);
		assert.equal(await told(), null);
		(await set(row.id)).problem(409, { code: "not_published" });
		(await set("17")).problem(409, { code: "not_published" });
		for (const id of [17, "x", {}]) (await set(id)).problem(400, { field: "defaultAssistantId" });
		for (const version of [-1, "1", null]) (await patch("settings", { version, defaultAssistantId: null })).problem(400, { field: "version" });
		assert.equal((await set(null)).json.defaultAssistantId, null);
	});

	test("is none once that is deleted; one that is no longer published is named", async () => {
		let row = await assistants.published({ name: "Short-lived" });
		await set(row.id);
		row = await assistants.changed(row, { published: false }, admin);
		assert.equal((await settings()).defaultAssistantId, row.id);
		assert.equal((await assistants.drop(row.id, admin)).status, 204);
		assert.equal((await settings()).defaultAssistantId, null);
	});

	test("is for administrators to say", async () => {
		(await other.get("/api/admin/settings")).problem(403, { code: "admin_only" });
		(await patch("settings", { version: 0, defaultAssistantId: null }, other)).problem(403, { code: "admin_only" });
	});
});
