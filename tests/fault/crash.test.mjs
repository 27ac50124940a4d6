// A chat worker dies while `chat.on_crash = continue`: the next one continues its replies.

import assert from "node:assert/strict";
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { User, eventually } from "../support/api.mjs";
import { query } from "../support/db.mjs";
import { VAR, pid } from "../support/instance.mjs";
import { gated, play } from "../support/model.mjs";

const CONF = `${VAR}/lamplight.conf`;

/** The next worker reads the settings again, and answers. */
async function crash() {
	const old = pid("chat");
	process.kill(old, "SIGKILL");
	await eventually(() => pid("chat") !== old, 20);
}

async function running(user) {
	const upstream = await play({ steps: gated("shown ", "and on") });
	const turn = await user.ask(`go${upstream.mark}`);
	await turn.until("text-delta");
	return { turn, upstream };
}

const calls = async (upstream) => (await upstream.log()).length;

describe("chat.on_crash = continue", () => {
	const settings = readFileSync(CONF, "utf8");
	before(async () => {
		appendFileSync(CONF, "\n[chat]\non_crash = continue\n");
		await crash();
	});
	after(async () => {
		writeFileSync(CONF, settings);
		await crash();
	});

	test("a reply goes on by itself: the same message, to its end", { timeout: 60_000 }, async () => {
		const user = await User.register();
		const { turn, upstream } = await running(user);
		await crash();
		await assert.rejects(turn.finish());
		await eventually(async () => (await calls(upstream)) === 2, 20);
		const reader = await eventually(async () => {
			const followed = await user.resume(turn.sessionId);
			return followed.status === 200 && followed;
		}, 20);
		for (const gate of ["1", "end"]) await upstream.open(gate);
		await reader.finish();
		assert.equal(reader.messageId, turn.messageId);
		assert.equal(reader.metadata.status, "complete");
		const [, stored] = await eventually(async () => {
			const list = await user.messages(turn.sessionId);
			return list[1]?.metadata.status === "complete" && list;
		}, 20);
		assert.equal(stored.id, turn.messageId);
		assert.deepEqual(
			stored.parts.filter(({ type }) => type === "text").map(({ text, state }) => [text, state]),
			[
				["shown ", "done"],
				["shown and on", "done"],
			],
		);
		const [, again] = await upstream.log();
		const told = JSON.parse(again.raw).messages;
		assert.ok(told.some(({ role, content }) => role === "assistant" && JSON.stringify(content).includes("shown ")), again.raw);
		assert.deepEqual(await query("SELECT seq FROM message_delta WHERE message_id = ?", [turn.messageId]), []);
	});

	test("a reply is continued once; one that has killed two workers is left", { timeout: 60_000 }, async () => {
		const user = await User.register();
		const { turn, upstream } = await running(user);
		await crash();
		await assert.rejects(turn.finish());
		await eventually(async () => (await calls(upstream)) === 2, 20);
		await crash();
		const [, stored] = await eventually(async () => {
			const list = await user.messages(turn.sessionId);
			return list[1]?.metadata.status === "interrupted" && list;
		}, 20);
		assert.ok(stored.parts.some(({ text }) => text === "shown "));
		assert.equal(await calls(upstream), 2);
	});
});
