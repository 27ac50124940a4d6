// The caps of bodies follow from the caps of their members, so no accepted member is too large for its body.

import assert from "node:assert/strict";
import { test } from "node:test";
import { User, newId } from "../support/api.mjs";

/** JSON whose texts consist of escapes only, the longest form that it can have. */
function escaped(value) {
	const unit = (code) => `\\u${code.toString(16).padStart(4, "0")}`;
	return JSON.stringify(value).replace(/"(?:[^"\\]|\\.)*"/g, (quoted) => {
		const text = JSON.parse(quoted);
		return `"${Array.from({ length: text.length }, (_, i) => unit(text.charCodeAt(i))).join("")}"`;
	});
}

test("an allowed address is reached however it is written", async () => {
	const other = await User.register();
	const { sessionId, messageId } = await other.say("hello");
	const send = (method, path, body) => other.request(method, path, { body: escaped(body) });
	const session = `/api/ai/sessions/${sessionId}`;
	const longest = "🦎".repeat(4000);
	for (const path of ["/api/me/instructions", `${session}/instructions`]) {
		const answer = await send("PATCH", path, { instructions: longest });
		assert.equal(answer.status, 200, answer.text);
		assert.equal(answer.json.instructions, longest);
	}
	assert.equal((await send("PATCH", session, { title: "🦎".repeat(255) })).status, 200);
	assert.equal((await send("PUT", `${session}/messages/${messageId}/rating`, { rating: "down", comment: "🦎".repeat(500) })).status, 204);
	assert.equal((await send("POST", "/api/ai/search", { q: "🦎".repeat(200) })).status, 200);
	(await send("DELETE", "/api/ai/sessions", { sessionIds: Array.from({ length: 100 }, (_, i) => `${BigInt(sessionId) + BigInt(i)}`) })).problem(404);
	const [password, newPassword] = [User.password, "a1b2".repeat(256)];
	const change = await send("POST", "/api/me/password", { password, newPassword });
	assert.equal(change.status, 200, change.text);
	other.token = change.json.accessToken;
	(await send("POST", "/api/me/password", { password: "x".repeat(1024), newPassword, code: "1".repeat(64) })).problem(403, { code: "wrong_password" });
	(await send("POST", "/api/auth/login", { username: "x".repeat(256), password: newPassword, code: "1".repeat(64) })).problem(401);
	const username = `x${newId()}`.padEnd(64, "x");
	assert.equal((await send("POST", "/api/auth/register", { username, password: newPassword, invite: "1".repeat(64) })).status, 201);
	assert.equal((await send("DELETE", "/api/me", { password: newPassword })).status, 204);
});
