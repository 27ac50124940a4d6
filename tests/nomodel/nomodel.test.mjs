// An instance without a model: everything but an answer works, and the reply says what is missing.

import assert from "node:assert/strict";
import { test } from "node:test";
import { User, request } from "../support/api.mjs";

test("a question is kept, and the reply says that there is no model", async () => {
	const user = await User.register();
	const turn = await user.say("anybody there?");
	assert.match(turn.chunks.at(-1).errorText, /^[A-Z].{15,}\.$/);
	assert.match(turn.chunks.at(-1).errorText, /model/i);
	const stored = await user.messages(turn.sessionId);
	assert.equal(stored[0].parts[0].text, "anybody there?");
	assert.equal(stored[1].metadata.status, "error");
	assert.equal((await user.sessions())[0].status, "idle");
});

test("it is alive, and says that it is not ready to answer or that it is", async () => {
	assert.equal((await request("GET", "/api/health/live")).status, 200);
	const { status } = await fetch(`${process.env.LAMPLIGHT_URL}/api/health/ready`);
	assert.ok([200, 503].includes(status));
});
