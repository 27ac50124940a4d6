// Users give the model instructions for all their chats, and for one chat.

import assert from "node:assert/strict";
import { test } from "node:test";
import { User, request } from "../support/api.mjs";
import { query } from "../support/db.mjs";
import { play, says } from "../support/model.mjs";

const MAX = 4000;
const OWN = "/api/me/instructions";
const of = (id) => `/api/ai/sessions/${id}/instructions`;
const set = (user, path, instructions) => user.request("PATCH", path, { body: { instructions } });

async function kept(user, path, instructions, expected = instructions) {
	for (const answer of [await set(user, path, instructions), await user.get(path)]) {
		assert.equal(answer.status, 200, answer.text);
		assert.deepEqual(answer.json, { instructions: expected, maxLength: MAX });
	}
}

/** The system messages that the model got. */
async function told(user, sessionId) {
	const upstream = await play({ steps: says("Yes.") });
	const turn = await user.say(`go${upstream.mark}`, { sessionId });
	const [{ messages }] = await upstream.requests();
	return { id: turn.sessionId, system: messages.filter(({ role }) => role === "system").map(({ content }) => content) };
}

test("the user's and then the chat's follow the operator's prompt, from the first question on", async () => {
	const user = await User.register();
	const { id, system: before } = await told(user);
	await kept(user, OWN, "Call me Ada.\nBe brief.");
	await kept(user, of(id), "Answer in verse.");
	const [first] = (await told(user)).system;
	assert.ok(first.endsWith("Instructions from the user, for all conversations:\nCall me Ada.\nBe brief."), first);
	assert.ok(before.length === 0 || first.startsWith(before[0]), "the operator's comes first");
	assert.ok(!first.includes("verse"), "not another chat's");
	const [second] = (await told(user, id)).system;
	assert.ok(second.includes("Be brief."), second);
	assert.ok(second.endsWith("\n\nInstructions from the user, for this conversation:\nAnswer in verse."), second);
	await kept(user, OWN, "");
	await kept(user, of(id), "");
	assert.deepEqual((await told(user, id)).system, before);
});

for (const [what, text, expected] of [
	["as long as it may be", "é".repeat(MAX)],
	["all of it emoji", "👩".repeat(MAX)],
	["with lines and tabs", "a\n\n\tb"],
	["with lines of Windows, and blanks around", " \n a\r\nb\r\n ", "a\nb"],
	["of quotation marks", '"\\ {{x}} <system>'],
	["of blanks alone", " \n\t ", ""],
])
	test(`a text ${what} is kept`, async () => {
		const user = await User.register();
		const { id } = await told(user);
		for (const path of [OWN, of(id)]) await kept(user, path, text, expected);
		await told(user, id);
	});

test("invalid instructions are refused, and nothing changes", async () => {
	const user = await User.register();
	const { id } = await told(user);
	for (const path of [OWN, of(id)]) {
		await kept(user, path, "kept");
		for (const text of ["x".repeat(MAX + 1), "a\u0000b", "a\u001bb", "a\u007fb", 1, null, ["x"], {}])
			(await set(user, path, text)).problem(400, { field: "instructions" });
		(await user.request("PATCH", path, { body: {} })).problem(400, { field: "instructions" });
		assert.equal((await user.request("PATCH", path, { body: "{" })).status, 400);
		assert.equal((await user.request("PATCH", path, { body: { instructions: "x".repeat(70000) } })).status, 413);
		assert.equal((await user.get(path)).json.instructions, "kept");
	}
});

test("nobody reads or writes another's, and nobody without a login any", async () => {
	const [ada, bea] = [await User.register(), await User.register()];
	const { id } = await told(ada);
	await kept(ada, of(id), "Ada's");
	await kept(ada, OWN, "Ada's own");
	(await bea.get(of(id))).problem(404);
	(await set(bea, of(id), "Bea's")).problem(404);
	(await set(bea, of("1"), "Bea's")).problem(404);
	(await bea.get(of("x"))).problem(400);
	assert.equal((await bea.get(OWN)).json.instructions, "");
	const theirs = await told(bea);
	assert.ok(!JSON.stringify(theirs.system).includes("Ada's"));
	assert.equal((await ada.get(of(id))).json.instructions, "Ada's");
	for (const path of [OWN, of(id)])
		for (const method of ["GET", "PATCH"])
			assert.equal((await request(method, path, method === "GET" ? {} : { body: { instructions: "x" } })).status, 401);
});

test("instructions use up context, so the oldest turn may be left out", async () => {
	const user = await User.register();
	const upstream = await play({ steps: says("Yes.") });
	const { sessionId } = await user.say(`oldest ${"a ".repeat(19_000)}${upstream.mark}`);
	await user.say(`newer ${"b ".repeat(19_500)}${upstream.mark}`, { sessionId });
	const asks = async () => {
		const script = await play({ steps: says("Yes.") });
		await user.say(`go${script.mark}`, { sessionId });
		return JSON.stringify((await script.requests())[0].messages);
	};
	assert.ok((await asks()).includes("oldest"));
	await kept(user, OWN, "x".repeat(MAX));
	await kept(user, of(sessionId), "y".repeat(MAX));
	const short = await asks();
	assert.ok(!short.includes("oldest"), "its oldest turn stays out");
	assert.ok(short.includes("newer"));
});

test("they go with the chat and with the account", async () => {
	const user = await User.register();
	const { id } = await told(user);
	await kept(user, of(id), "secret words");
	await kept(user, OWN, "secret words");
	assert.equal((await user.request("DELETE", `/api/ai/sessions/${id}`)).status, 204);
	assert.deepEqual(await query("SELECT id FROM session WHERE instructions = 'secret words' AND user_id = ?", [user.id]), []);
	(await user.get(of(id))).problem(404);
	assert.equal((await user.request("DELETE", "/api/me", { body: { password: User.password } })).status, 204);
	assert.deepEqual(await query("SELECT id FROM user WHERE id = ?", [user.id]), []);
});
