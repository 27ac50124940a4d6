// Assistants: who sees and changes which, what a chat takes from one, and what only its owner may read.

import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { User, eventually, newId, request, userMessage } from "../support/api.mjs";
import { admin, aModel, aProvider, remove } from "../support/admin.mjs";
import { CANARY, PATH, TEXT, add, ask, asked, change, changed, drop, get, list, other, owner, published, say } from "../support/assistants.mjs";
import { query } from "../support/db.mjs";
import { gated, play, says } from "../support/model.mjs";

describe("an assistant", () => {
	test("is stored as sent; the list leaves out its instructions", async () => {
		const row = await add(owner, { options: { temperature: 0.5 }, tools: ["current_time"] });
		assert.deepEqual({ ...row, id: 0, updateTime: 0 }, { ...TEXT, id: 0, updateTime: 0, modelId: null, options: { temperature: 0.5 }, tools: ["current_time"], mine: true, published: false, version: 1 });
		assert.deepEqual((await get(row.id)).json, row);
		const all = await list();
		assert.ok(!JSON.stringify(all).includes(CANARY));
		const { instructions, ...listed } = row;
		assert.ok(instructions);
		assert.deepEqual(all.assistants.find(({ id }) => id === row.id), listed);
		assert.equal((await drop(row.id)).status, 204);
		(await get(row.id)).problem(404);
		(await drop(row.id)).problem(404);
	});

	test("needs only a name", async () => {
		const answer = await owner.request("POST", PATH, { body: { name: "Plain" } });
		const { id, updateTime, ...rest } = answer.json;
		assert.ok(id && updateTime);
		assert.deepEqual(rest, { name: "Plain", icon: "", description: "", modelId: null, options: null, tools: null, starters: [], instructions: "", mine: true, published: false, version: 1 });
	});

	test("a change may name single members, and makes a new version", async () => {
		let row = await add();
		row = await changed(row, { name: "Editor in chief" });
		assert.deepEqual([row.version, row.name, row.instructions, row.starters], [2, "Editor in chief", TEXT.instructions, TEXT.starters]);
		row = await changed(row, { instructions: null, starters: [], tools: [], options: {}, icon: "", description: null });
		assert.deepEqual([row.version, row.instructions, row.starters, row.tools, row.options, row.icon, row.description], [3, "", [], [], null, "", ""]);
		row = await changed(row, { tools: null });
		assert.equal(row.tools, null);
	});

	test("of two changes at once one is refused", async () => {
		const row = await add();
		const answers = await Promise.all(["a", "b", "c", "d"].map((name) => change(row, { name })));
		assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 409, 409, 409]);
		for (const answer of answers) if (answer.status === 409) answer.problem(409, { code: "changed_elsewhere" });
		const now = (await get(row.id)).json;
		assert.deepEqual([now.version, now.name], [2, answers.find(({ status }) => status === 200).json.name]);
		(await change({ ...row, version: 99 }, { name: "x" })).problem(409, { code: "changed_elsewhere" });
		(await change({ ...row, version: undefined }, { name: "x" })).problem(400, { field: "version" });
	});

	test("an unchanged list is not sent again", async () => {
		const answer = await owner.get(PATH);
		const again = await owner.request("GET", PATH, { headers: { "if-none-match": answer.headers.get("etag") } });
		assert.equal(again.status, 304);
	});

	const wrong = {
		name: [undefined, "", " ", "x".repeat(129), 1, null, "\u200b"],
		icon: ["ab", "👍👎", "x".repeat(17), 1],
		description: ["x".repeat(513), 1],
		instructions: ["x".repeat(4001), "a\u0000b", "\ud800", 1],
		options: [{ top_p: 1 }, { temperature: 3 }, [], "x"],
		tools: ["current_time", [1], [""], ["x".repeat(65)], Array(65).fill("x")],
		starters: ["x", [1], [""], ["x".repeat(201)], Array(7).fill("x")],
		modelId: [1, {}],
		nonsense: [1],
	};
	for (const [field, values] of Object.entries(wrong))
		test(`values of ${field} that are not allowed are refused`, async () => {
			const row = await add();
			for (const value of values) {
				(await owner.request("POST", PATH, { body: { ...TEXT, [field]: value } })).problem(400, { field });
				if (value !== undefined) (await change(row, { [field]: value })).problem(400, { field });
			}
			assert.equal((await get(row.id)).json.version, 1);
		});

	test("the answer says which option is wrong", async () => {
		for (const options of [{ temperature: 3 }, { maxTokens: 0 }, { effort: "huge" }, { tools: 1 }])
			(await owner.request("POST", PATH, { body: { ...TEXT, options } })).problem(400, { field: "options", about: { member: Object.keys(options)[0] } });
		assert.equal((await owner.request("POST", PATH, { body: { ...TEXT, options: { top_p: 1 } } })).problem(400, { field: "options" }).about, undefined);
	});

	test("members of maximum length are stored; larger bodies are refused", async () => {
		const most = { name: "é".repeat(128), icon: "👩‍👩‍👧‍👦", description: "é".repeat(512), instructions: "語".repeat(4000), tools: Array.from({ length: 64 }, (_, i) => `t${i}`), starters: Array(6).fill("語".repeat(200)) };
		const row = await add(owner, most);
		for (const key of Object.keys(most)) assert.deepEqual(row[key], most[key]);
		assert.equal((await owner.request("POST", PATH, { body: { ...TEXT, name: "x".repeat(70_000) } })).status, 413);
		assert.equal((await owner.request("POST", PATH, { body: { ...TEXT, name: "x".repeat(1_000_000) } })).status, 413);
	});

	test("an owner can have exactly a hundred, even if several are added at once", async () => {
		const who = await User.register();
		const answers = [];
		for (let i = 0; i < 6; i++) answers.push(...(await Promise.all(Array.from({ length: 18 }, (_, j) => who.request("POST", PATH, { body: { name: `n${i}-${j}` } })))));
		assert.equal(answers.filter(({ status }) => status === 201).length, 100);
		for (const answer of answers) if (answer.status !== 201) answer.problem(409, { code: "too_many" });
		assert.equal((await list(who)).assistants.filter(({ mine }) => mine).length, 100);
	});
});

describe("permissions", () => {
	let theirs, shared;

	before(async () => {
		theirs = await add();
		shared = await published({ name: "For all" });
	});

	test("other users neither see nor change an unpublished assistant", async () => {
		for (const who of [other, admin]) {
			assert.ok(!(await list(who)).assistants.some(({ id }) => id === theirs.id));
			(await get(theirs.id, who)).problem(404);
			for (const body of [{ name: "mine" }, { published: true }, { published: false }]) (await change(theirs, body, who)).problem(404);
			(await drop(theirs.id, who)).problem(404);
			(await ask("hi", { who, assistant: theirs.id })).problem(404, { code: "assistant_unknown" });
		}
		assert.deepEqual((await get(theirs.id)).json, theirs);
	});

	test("everybody uses a published assistant; only its owner changes it", async () => {
		for (const who of [owner, other]) {
			const row = (await get(shared.id, who)).json;
			assert.deepEqual([row.mine, row.published, row.name, row.instructions], [false, true, "For all", undefined]);
			(await change(shared, { name: "mine" }, who)).problem(403, { code: "not_yours" });
			(await change(shared, { published: true }, who)).problem(403, { code: "not_yours" });
			(await change(shared, { published: false }, who)).problem(403, { code: "publish_denied" });
			(await drop(shared.id, who)).problem(403, { code: "not_yours" });
		}
		const again = await changed(shared, { description: "New." }, admin);
		assert.deepEqual([again.version, again.published], [shared.version + 1, true]);
		shared = again;
	});

	test("only administrators publish, and only their own assistants", async () => {
		(await change(theirs, { published: true })).problem(403, { code: "publish_denied" });
		(await change(theirs, { published: 1 })).problem(400, { field: "published" });
		(await owner.request("POST", PATH, { body: { name: "x", published: true } })).problem(400, { field: "published" });
		(await admin.request("POST", PATH, { body: { name: "x", published: true } })).problem(400, { field: "published" });
	});

	test("its owner and any administrator can withdraw it", async () => {
		let row = await published({ name: "Withdrawn" });
		row = await changed(row, { published: false }, admin);
		assert.equal(row.published, false);
		(await get(row.id, other)).problem(404);
		row = await changed(row, { published: true }, admin);
		// Now somebody else owns the assistant, and an administrator changes it.
		await query("UPDATE assistant a JOIN assistant_version v ON v.assistant_id = a.id SET a.owner_id = ?, v.owner_id = ? WHERE a.id = ?", [other.id, other.id, row.id]);
		(await change(row, { name: "x", published: false }, admin)).problem(403, { code: "not_yours" });
		(await change({ ...row, version: 7 }, { published: false }, admin)).problem(409, { code: "changed_elsewhere" });
		const withdrawn = await changed(row, { published: false }, admin);
		assert.deepEqual([withdrawn.published, withdrawn.mine, withdrawn.instructions], [false, false, undefined]);
		(await get(row.id, admin)).problem(404);
		assert.equal((await get(row.id, other)).json.mine, true);
	});

	test("a former administrator can withdraw a published assistant but not change it", async () => {
		const former = await User.register();
		const asRole = (role) => query("UPDATE user SET role = ? WHERE id = ?", [role, former.id]);
		await asRole("admin");
		let row = await add(former);
		row = await changed(row, { published: true }, former);
		await asRole("user");
		for (const body of [{ instructions: "Evil." }, { name: "x" }, { starters: ["x"] }, { instructions: "Evil.", published: true }])
			(await change(row, body, former)).problem(403, { code: "publish_denied" });
		assert.equal((await asked({ who: other, assistant: row.id })).system.includes("Evil."), false);
		row = await changed(row, { published: false, instructions: "Mine alone." }, former);
		(await get(row.id, other)).problem(404);
		row = await changed(row, { instructions: "Still mine." }, former);
		(await change(row, { published: true }, former)).problem(403, { code: "publish_denied" });
	});

	test("every route needs a login", async () => {
		for (const [method, path, body] of [["GET", PATH], ["POST", PATH, TEXT], ["GET", `${PATH}/${shared.id}`], ["PATCH", `${PATH}/${shared.id}`, { version: 1, name: "x" }], ["DELETE", `${PATH}/${shared.id}`]])
			(await request(method, path, { body })).problem(401);
	});
});

describe("a chat", () => {
	test("sends the assistant's instructions after the operator's and before the user's own", async () => {
		const row = await add(owner, { options: { temperature: 0.25, effort: "low" } });
		await owner.request("PATCH", "/api/me/instructions", { body: { instructions: "Call me Ada." } });
		const first = await asked({ assistant: row.id });
		await owner.request("PATCH", "/api/me/instructions", { body: { instructions: "" } });
		assert.match(first.system, new RegExp(`Instructions for this assistant:\\nBe brief. ${CANARY}\\n\\nInstructions from the user, for all conversations:\\nCall me Ada\\.$`));
		assert.deepEqual([first.temperature, first.reasoning_effort], [0.25, "low"]);
		const session = (await owner.get(`/api/ai/sessions/${first.sessionId}`)).json;
		assert.deepEqual([session.assistant, session.options], [{ id: row.id, name: "Editor", icon: TEXT.icon, version: 1 }, { temperature: 0.25, effort: "low" }]);
		const [listed] = await owner.sessions();
		assert.equal(listed.assistant, undefined, "it is not in lists");
		assert.equal((await owner.get(`/api/ai/sessions/${(await say("plain")).sessionId}`)).json.assistant, null);
	});

	test("options in the request override the assistant's", async () => {
		const row = await add(owner, { options: { temperature: 0.25 } });
		const first = await asked({ assistant: row.id, options: { temperature: 1 } });
		assert.equal(first.temperature, 1);
		const none = await asked({ assistant: row.id, options: {} });
		assert.equal(none.temperature, undefined);
	});

	test("keeps the version that it was started with", async () => {
		let row = await add(owner, { instructions: "The first." });
		const { sessionId } = await asked({ assistant: row.id });
		row = await changed(row, { instructions: "The second.", name: "Renamed" });
		assert.match((await asked({ sessionId })).system, /The first\.$/);
		assert.match((await asked({ sessionId, assistant: row.id })).system, /The first\.$/);
		assert.deepEqual((await owner.get(`/api/ai/sessions/${sessionId}`)).json.assistant, { id: row.id, name: "Editor", icon: TEXT.icon, version: 1 });
		assert.match((await asked({ assistant: row.id })).system, /The second\.$/);
		// Versions that no chat uses disappear in time: of four, this chat has the first.
		row = await changed(row, { instructions: "The third." });
		await query("UPDATE assistant_version SET end_time = end_time - INTERVAL 1 HOUR WHERE assistant_id = ?", [row.id]);
		const second = (await query("SELECT id FROM session WHERE assistant_id = ? AND assistant_version = 2", [row.id]))[0].id;
		assert.equal((await owner.request("DELETE", `/api/ai/sessions/${second}`)).status, 204);
		row = await changed(row, { name: "Again" });
		const left = await query("SELECT version FROM assistant_version WHERE assistant_id = ? ORDER BY version", [row.id]);
		assert.deepEqual(left.map(({ version }) => version), [1, 3, 4]);
		assert.equal((await drop(row.id)).status, 204);
		assert.match((await asked({ sessionId })).system, /The first\.$/);
		(await ask("hi", { assistant: row.id })).problem(404, { code: "assistant_unknown" });
	});

	test("keeps its assistant, or has none", async () => {
		const [row, another] = [await add(), await add()];
		const { sessionId } = await say("hi", { assistant: row.id });
		for (const assistant of [another.id, "17"]) (await ask("more", { sessionId, assistant })).problem(409, { code: "assistant_fixed" });
		for (const assistant of [row.id, null, ""]) await say("more", { sessionId, assistant });
		const plain = await say("hi");
		(await ask("more", { sessionId: plain.sessionId, assistant: row.id })).problem(409, { code: "assistant_fixed" });
	});

	test("an unknown assistant is refused, and nothing is stored", async () => {
		const who = await User.register();
		for (const assistant of ["17", "18446744073709551615", "nonsense", "0"]) (await ask("hi", { who, assistant })).problem(404, { code: "assistant_unknown" });
		for (const assistant of [17, {}, [], true]) (await ask("hi", { who, assistant })).problem(400, { field: "assistant" });
		assert.equal((await who.sessions()).length, 0);
	});

	test("a repeated first request gets the same chat, even after the assistant was deleted", async () => {
		const row = await add();
		const body = { id: newId(), message: userMessage("hi"), assistant: row.id };
		const turns = await Promise.all([1, 2, 3].map(() => ask("", body)));
		for (const turn of turns) await turn.finish();
		assert.equal(new Set(turns.map(({ sessionId }) => sessionId)).size, 1);
		await drop(row.id);
		assert.equal((await say("", body)).sessionId, turns[0].sessionId);
		const rows = await query("SELECT assistant_id FROM session WHERE id = ?", [turns[0].sessionId]);
		assert.deepEqual(rows.map(({ assistant_id }) => String(assistant_id)), [row.id]);
	});

	test("a running reply finishes when its assistant is deleted", async () => {
		const row = await add();
		const upstream = await play({ steps: gated("half", " whole") });
		const turn = await ask(`go${upstream.mark}`, { assistant: row.id });
		await turn.until("text-delta");
		assert.equal((await drop(row.id)).status, 204);
		await upstream.open("1");
		await upstream.open("end");
		await turn.finish();
		assert.deepEqual([turn.text, turn.metadata.status], ["half whole", "complete"]);
	});

	test("an assistant's model is the chat's unless the request names one; a removed model is refused", async () => {
		const { id: provider } = await aProvider({ kind: "openai", baseUrl: process.env.LAMPLIGHT_LLM_BASE_URL });
		const model = await aModel(provider);
		const known = () => eventually(async () => (await owner.get("/api/ai/models")).json.models.some(({ id }) => id === model.id));
		await known();
		const row = await add(owner, { modelId: model.id });
		assert.equal(row.modelId, model.id);
		assert.equal((await asked({ assistant: row.id })).model, model.upstreamName);
		assert.equal((await asked({ assistant: row.id, model: "configured" })).model, "test-model");
		for (const modelId of ["17", "nonsense"]) {
			(await owner.request("POST", PATH, { body: { ...TEXT, modelId } })).problem(409, { code: "model_unknown" });
			(await change(row, { modelId })).problem(409, { code: "model_unknown" });
		}
		await remove(`models/${model.id}`);
		await eventually(async () => (await ask("hi", { assistant: row.id })).status === 404);
		(await ask("hi", { assistant: row.id })).problem(404, { code: "model_unknown" });
		assert.equal((await asked({ assistant: row.id, model: "configured" })).model, "test-model");
		const now = await changed(row, { name: "Still there" });
		assert.equal(now.modelId, model.id);
		assert.equal((await changed(now, { modelId: null })).modelId, null);
	});
});

test("only the owner can read its instructions", async () => {
	const row = await published();
	const who = await User.register();
	const upstream = await play({ steps: says("Yes.") });
	const turn = await say(`go${upstream.mark}`, { who, assistant: row.id });
	assert.ok(JSON.stringify(await upstream.requests()).includes(CANARY), "the model is told");
	const texts = [JSON.stringify(turn.chunks), JSON.stringify([...turn.headers])];
	for (const path of [PATH, `${PATH}/${row.id}`, "/api/ai/sessions", `/api/ai/sessions/${turn.sessionId}`, `/api/ai/sessions/${turn.sessionId}/messages`, `/api/ai/sessions/${turn.sessionId}/instructions`, "/api/ai/sessions/export", "/api/ai/config", "/api/ai/models", "/api/ai/chat/tools", "/api/me", "/api/me/instructions", "/api/me/usage"])
		texts.push((await who.get(path)).text);
	texts.push((await who.request("POST", "/api/ai/search", { body: { q: CANARY } })).text);
	texts.push((await who.request("PATCH", `${PATH}/${row.id}`, { body: { version: row.version, name: "x" } })).text);
	texts.push((await change({ ...row, version: 99 }, { published: false }, who)).text);
	texts.push((await drop(row.id, who)).text);
	for (const text of texts) assert.ok(!text.includes(CANARY), text.slice(0, 300));
	assert.equal((await get(row.id, admin)).json.instructions, TEXT.instructions);
});

test("an owner's assistants are deleted with the account; chats that use them stay", async () => {
	const who = await User.register();
	const row = await add(who, { instructions: "soon gone" });
	const unused = await add(who);
	await query("UPDATE assistant SET published = TRUE WHERE id = ?", [row.id]);
	const { sessionId } = await asked({ assistant: row.id });
	assert.equal((await who.request("DELETE", "/api/me", { body: { password: User.password } })).status, 204);
	for (const table of ["assistant", "assistant_version"]) {
		const key = table === "assistant" ? "id" : "assistant_id";
		assert.deepEqual(await query(`SELECT ${key} FROM ${table} WHERE ${key} IN (?, ?)`, [row.id, unused.id]), []);
	}
	assert.ok(!(await asked({ sessionId })).system.includes("soon gone"));
	assert.equal((await owner.get(`/api/ai/sessions/${sessionId}`)).json.assistant, null);
	(await get(row.id)).problem(404);
});
