// Workers die, or are asked to stop, while they stream.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { User, eventually, newId, userMessage } from "../support/api.mjs";
import { messagesOf, query } from "../support/db.mjs";
import { pause, pid, settings } from "../support/instance.mjs";
import { gated, play } from "../support/model.mjs";

const LEASE_S = Number(settings.LAMPLIGHT_WORKER_LEASE_MS) / 1000;

async function running(user, ...words) {
	const upstream = await play({ steps: gated(...words) });
	const turn = await user.ask(`go${upstream.mark}`);
	await turn.until("text-delta");
	return { turn, upstream };
}

const kill = (program, signal) => process.kill(pid(program), signal);

/** A message that is repeated unchanged until a worker accepts it. */
const insist = (user, body) =>
	eventually(async () => {
		const turn = await user.chat(body).catch(() => null);
		return turn?.status === 200 && turn.finish();
	});

describe("the chat worker", () => {
	test(
		"killed in mid-stream: what was shown is kept as interrupted, and the session goes on",
		{ timeout: 60_000 },
		async () => {
			const user = await User.register();
			const streams = await Promise.all([1, 2, 3].map((n) => running(user, `shown ${n}`, " lost")));
			const old = pid("chat");
			kill("chat", "SIGKILL");
			for (const { turn } of streams) await assert.rejects(turn.finish(), "no stream ends as if it were whole");
			assert.equal((await insist(user, { id: newId(), messages: [userMessage("back?")] })).text, "You said: back?");
			assert.notEqual(pid("chat"), old);

			for (const [i, { turn }] of streams.entries()) {
				const stored = await eventually(async () => {
					const list = await user.messages(turn.sessionId);
					return list.length === 2 && list;
				}, LEASE_S + 5);
				assert.equal(stored[1].id, turn.messageId);
				assert.equal(stored[1].metadata.status, "interrupted");
				assert.equal(stored[1].metadata.createTime, turn.metadata.createTime);
				assert.deepEqual(stored[1].parts, [
					{ type: "step-start" },
					{ type: "text", text: `shown ${i + 1}`, state: "done" },
				]);
				const next = await user.say("go on", { sessionId: turn.sessionId });
				assert.equal(next.text, "You said: go on");
				assert.deepEqual(await query("SELECT seq FROM message_delta WHERE message_id = ?", [turn.messageId]), []);
				assert.ok((await messagesOf(turn.sessionId)).every((row) => row.status !== "streaming"));
			}
			for (const { upstream } of streams) assert.equal((await upstream.log()).length, 1, "the model is not asked again");
		},
	);

	test(
		"killed: the reply is marked long before the lease is over, and so is what is followed from elsewhere",
		{ timeout: 120_000 },
		async () => {
			const user = await User.register();
			const took = [];
			for (let n = Number(process.env.KILLS ?? 5); n > 0; n--) {
				const { turn } = await running(user, "shown", " lost");
				const old = pid("chat");
				// runsv pauses before it restarts a process that lived for less than a second.
				await new Promise((resolve) => setTimeout(resolve, 1100));
				kill("chat", "SIGKILL");
				const killed = performance.now();
				await assert.rejects(turn.finish());
				const status = "SELECT status FROM message WHERE id = ?";
				await eventually(async () => (await query(status, [turn.messageId]))[0].status === "interrupted", LEASE_S);
				took.push(performance.now() - killed);
				await eventually(() => pid("chat") !== old);
				const stored = (await user.messages(turn.sessionId))[1];
				assert.equal(stored.parts.at(-1).text, "shown");
				await insist(user, { id: newId(), sessionId: turn.sessionId, messages: [userMessage("go on")], trigger: "submit-message" });
			}
			took.sort((a, b) => a - b);
			const at = (share) => Math.round(took[Math.min(took.length - 1, Math.floor(took.length * share))]);
			console.log(`# killed -> marked: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, n ${took.length}`);
			// The lease of a test instance is short: a longer time means that it waited for the lease.
			assert.ok(at(0.5) < LEASE_S * 1000, `p50 ${at(0.5)} ms`);
		},
	);

	test("a stopped worker keeps its replies until its lease expires", { timeout: 60_000 }, async () => {
		const user = await User.register();
		const { turn, upstream } = await running(user, "one ", "two");
		const old = pid("chat");
		await pause(old);
		const node = async () => (await query("SELECT COUNT(*) AS n FROM worker WHERE lease_until > NOW(3) AND holder LIKE ?", [`% ${old}`]))[0].n;
		assert.equal(Number(await node()), 1);
		await new Promise((resolve) => setTimeout(resolve, (LEASE_S * 1000) / 3));
		const [row] = await query("SELECT status FROM message WHERE id = ?", [turn.messageId]);
		kill("chat", "SIGCONT");
		assert.equal(row.status, "streaming");
		for (const gate of ["1", "end"]) await upstream.open(gate);
		await turn.finish();
		assert.equal(turn.text, "one two");
	});

	test(
		"told to stop in mid-stream: the reply comes to its end, and nobody who asks meanwhile is refused",
		{ timeout: 60_000 },
		async () => {
			const user = await User.register();
			const { turn, upstream } = await running(user, "one ", "two");
			const old = pid("chat");
			kill("chat", "SIGTERM");
			const meanwhile = Promise.all([1, 2, 3].map((n) => user.say(`meanwhile ${n}`)));
			for (const gate of ["1", "end"]) await upstream.open(gate);
			await turn.finish();
			for (const [i, { text }] of (await meanwhile).entries()) assert.equal(text, `You said: meanwhile ${i + 1}`);
			assert.equal(turn.text, "one two");
			assert.equal(turn.metadata.status, "complete");
			assert.equal((await user.messages(turn.sessionId))[1].parts.at(-1).text, "one two");
			await eventually(() => pid("chat") !== old);
		},
	);

	test("told to stop twice: the reply ends as it is, and its program with it", { timeout: 60_000 }, async () => {
		const user = await User.register();
		const { turn } = await running(user, "shown", " never said");
		const old = pid("chat");
		kill("chat", "SIGTERM");
		await eventually(() => pid("chat") !== old);
		const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
		await sleep(3000); // whoever asks sooner is the supervisor, which repeats itself
		process.kill(old, 0);
		process.kill(old, "SIGTERM");
		await eventually(async () => (await query("SELECT status FROM message WHERE id = ?", [turn.messageId]))[0].status === "interrupted");
		await turn.finish().catch(() => {});
		assert.equal((await user.messages(turn.sessionId))[1].parts.at(-1).text, "shown");
		await eventually(() => {
			try {
				process.kill(old, 0);
				return false;
			} catch {
				return true;
			}
		});
	});

	test("killed repeatedly: no id is used twice", { timeout: 60_000 }, async () => {
		const user = await User.register();
		const ids = [];
		for (let n = 0; n < 3; n++) {
			const turns = await Promise.all(Array.from({ length: 8 }, () => insist(user, { messages: [userMessage(`n${n}`)] })));
			for (const turn of turns) ids.push(turn.sessionId, turn.messageId, ...turn.userMessageIds);
			const old = pid("chat");
			kill("chat", "SIGKILL");
			await eventually(() => pid("chat") !== old);
		}
		assert.equal(new Set(ids).size, ids.length);
		await insist(user, { id: newId(), messages: [userMessage("well again")] });
	});
});

describe("the other workers", () => {
	for (const [program, path] of [
		["auth", "/api/me"],
		["sessions", "/api/ai/sessions"],
		["messages", "/api/ai/sessions/ID/messages"],
		["health", "/api/health/live"],
	])
		for (const signal of ["SIGKILL", "SIGTERM"])
			test(`${program} answers again after ${signal}`, { timeout: 30_000 }, async () => {
				const user = await User.register();
				const { sessionId } = await user.say("hi");
				const url = process.env.LAMPLIGHT_URL + path.replace("ID", sessionId);
				const ask = async () => (await fetch(url, { headers: user.headers() })).status;
				assert.equal(await ask(), 200);
				const old = pid(program);
				kill(program, signal);
				await eventually(async () => pid(program) !== old && (await ask()) === 200);
			});

	test("SIGTERM under load loses no request", { timeout: 60_000 }, async () => {
		const user = await User.register();
		await user.say("hi");
		let stop = false;
		const statuses = new Map();
		const load = Array.from({ length: 6 }, async () => {
			while (!stop) {
				const response = await fetch(`${process.env.LAMPLIGHT_URL}/api/ai/sessions`, { headers: user.headers() });
				await response.arrayBuffer();
				statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
			}
		});
		for (let n = 0; n < 3; n++) {
			const old = pid("sessions");
			kill("sessions", "SIGTERM");
			await eventually(() => pid("sessions") !== old);
			const count = statuses.get(200) ?? 0;
			await eventually(() => statuses.get(200) > count + 20);
		}
		stop = true;
		await Promise.all(load);
		assert.deepEqual([...statuses.keys()], [200]);
	});
});
