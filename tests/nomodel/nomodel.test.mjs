// An instance without a model: everything works except an answer, and the reply says what is missing.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { test } from "node:test";
import { User, eventually, newId, request } from "../support/api.mjs";
import { query } from "../support/db.mjs";
import { VAR, lamplight } from "../support/instance.mjs";

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

test("the only model has a key that does not open: none is the default, until it does", { timeout: 60_000 }, async () => {
	const user = await User.register();
	const [keyFile, name] = [`${VAR}/key`, `p-${newId()}`];
	writeFileSync(keyFile, "sk-0123456789-abcdef\n", { mode: 0o600 });
	lamplight("provider", "add", name, "--kind", "openai", "--base-url", "http://127.0.0.1:9/v1", "--key-file", keyFile);
	lamplight("model", "add", "m", "--provider", name);
	const list = async () => (await user.get("/api/ai/models")).json;
	const { id } = await eventually(async () => (await list()).models[0]);
	assert.equal((await list()).defaultId, id);
	// As if the secret file had been replaced. Later the right one comes back, and no table says so.
	const [{ sealed }] = await query("SELECT HEX(key_sealed) AS sealed FROM provider WHERE name = ?", [name]);
	await query("UPDATE provider SET key_sealed = CONCAT(LEFT(key_sealed, 40), 'xxxxxxx'), version = version + 1 WHERE name = ?", [name]);
	await query("UPDATE settings_epoch SET epoch = epoch + 1");
	await eventually(async () => (await list()).models[0].problem === "failing");
	assert.deepEqual([(await list()).defaultId, (await list()).models[0].isDefault], [null, false]);
	await query("UPDATE provider SET key_sealed = UNHEX(?) WHERE name = ?", [sealed, name]);
	await eventually(async () => (await list()).defaultId === id, 30);
	assert.equal((await list()).models[0].problem, null);
	lamplight("model", "remove", id);
	lamplight("provider", "remove", name);
});
