// The chat worker is killed again and again under load; afterwards nothing acknowledged or shown is missing.

import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { User, eventually } from "../support/api.mjs";
import { pid, runs, settings } from "../support/instance.mjs";
import { chunk, play } from "../support/model.mjs";

const STREAMS = 12;
const KILLS = 6;
const WORDS = 40;
const REST_S = Number(settings.LAMPLIGHT_WORKER_LEASE_MS) / 1000 + 5;

/** A reply of many words with short pauses. */
const slowly = () => Array.from({ length: WORDS }, (_, i) => [{ wait: 25 }, { send: chunk({ content: `w${i} ` }) }]).flat();
const whole = Array.from({ length: WORDS }, (_, i) => `w${i} `).join("");

/** Sends messages until stopped; keeps what was shown of every acknowledged turn. */
async function reader(user, storm) {
	const turns = [];
	while (!storm.over) {
		const upstream = await play({ steps: [...slowly(), { send: chunk({}, "stop") }] });
		const turn = await user.ask(`go${upstream.mark}`).catch(() => null);
		if (!turn) {
			await sleep(50);
			continue;
		}
		turns.push(turn);
		await turn.finish().catch(() => {});
	}
	return turns;
}

test("a chat program that is killed under load loses nothing that was shown", { timeout: 180_000 }, async () => {
	const users = await Promise.all(Array.from({ length: STREAMS }, () => User.register()));
	const storm = { over: false };
	const readers = users.map((user) => reader(user, storm));
	try {
		for (let n = 0; n < KILLS; n++) {
			await sleep(300 + Math.random() * 900);
			const old = pid("chat");
			process.kill(old, "SIGKILL");
			await eventually(() => pid("chat") !== old && runs(pid("chat")), 30);
		}
	} finally {
		storm.over = true;
	}
	const turns = await Promise.all(readers);
	const statuses = new Map();
	for (const [i, user] of users.entries())
		for (const turn of turns[i].filter((turn) => turn.messageId)) {
			const [asked, stored] = await eventually(async () => {
				const list = await user.messages(turn.sessionId);
				return list.length === 2 && list;
			}, REST_S);
			assert.equal(asked.id, turn.userMessageIds?.[0] ?? asked.id);
			assert.equal(stored.id, turn.messageId);
			const text = stored.parts.find((part) => part.type === "text")?.text ?? "";
			assert.ok(text.startsWith(turn.text), `shown "${turn.text}", stored "${text}"`);
			assert.ok(whole.startsWith(text));
			const { status } = stored.metadata;
			statuses.set(status, (statuses.get(status) ?? 0) + 1);
			assert.equal(status, text === whole && status === "complete" ? "complete" : "interrupted");
			if (turn.done) assert.equal(status, "complete");
		}
	assert.ok(statuses.get("interrupted") >= KILLS, JSON.stringify([...statuses]));
});
