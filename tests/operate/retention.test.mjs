// chat.keep_days: a chat process with this setting deletes chats that nobody has used for that long, and leaves nothing of
// them.

import assert from "node:assert/strict";
import { test } from "node:test";
import { User, eventually } from "../support/api.mjs";
import { query } from "../support/db.mjs";
import { VAR, beside, up } from "../support/instance.mjs";

test("deletes old chats, including archived ones, but not pinned or used ones", { timeout: 120_000 }, async () => {
	const user = await User.register();
	const sessions = {};
	for (const name of ["old", "archived", "pinned", "used"]) sessions[name] = (await user.say(`find the ${name} walrus`)).sessionId;
	for (const [name, change] of Object.entries({ archived: { archived: true }, pinned: { pinned: true } }))
		assert.equal((await user.request("PATCH", `/api/ai/sessions/${sessions[name]}`, { body: change })).status, 200);
	const found = async () => {
		const hits = (await user.request("POST", "/api/ai/search", { body: { q: "walrus" } })).json;
		return new Set(hits.map(({ sessionId }) => sessionId)).size;
	};
	await eventually(async () => (await found()) === 4);
	for (const name of ["old", "archived", "pinned"])
		await query("UPDATE session SET update_time = NOW(3) - INTERVAL 31 DAY WHERE id = ?", [sessions[name]]);
	await query("UPDATE session SET update_time = NOW(3) - INTERVAL 29 DAY WHERE id = ?", [sessions.used]);
	const temporary = (await user.say("find the temporary walrus", { temporary: true })).sessionId;
	const fresh = (await user.say("find the fresh walrus", { temporary: true })).sessionId;
	await query("UPDATE session SET update_time = NOW(3) - INTERVAL 25 HOUR WHERE id = ?", [temporary]);

	const keeper = await up({ more: { ...beside(VAR), LAMPLIGHT_CHAT_KEEP_DAYS: "30" } });
	try {
		const left = async () => (await query("SELECT id FROM session WHERE user_id = ?", [user.id])).map(({ id }) => id);
		await eventually(async () => (await left()).length === 3, 30);
		assert.deepEqual((await left()).sort(), [sessions.pinned, sessions.used, fresh].sort());
	} finally {
		await keeper.down();
		keeper.remove();
	}
	for (const name of ["old", "archived"]) {
		(await user.get(`/api/ai/sessions/${sessions[name]}`)).problem(404);
		assert.deepEqual(await query("SELECT id FROM message WHERE session_id = ?", [sessions[name]]), []);
	}
	await eventually(async () => (await found()) === 2);
	assert.equal((await user.get(`/api/ai/sessions/${sessions.pinned}`)).status, 200);
});
