// Tests the checker: a valid history passes, and each planted violation is found by the check of its invariant and by no other.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { CHECKS, check } from "./lib/checks.mjs";
import { newHistory } from "./lib/history.mjs";
import { random } from "./lib/random.mjs";
import { Shown, shownOf } from "./lib/shown.mjs";

const EPOCH_MS = 1704067200000;
const T = 1_800_000_000_000; // when the history begins
const id = (ms, node = 7, sequence = 0) => String((BigInt(T + ms - EPOCH_MS) << 22n) | (BigInt(node) << 12n) | BigInt(sequence));

const partsOf = (script) => `[ {"type":"text", "text":"go [[play:${script}]]"} ]`;
const text = (words) => `\n<text>\n${words}`;

/** Two turns of ann's first session, the second one stopped; one of bob's that was cut off by a kill; one deleted. */
function clean() {
	const history = newHistory({ usableMs: 6500, stopMs: 1000 });
	const session = id(0),
		other = id(3000),
		gone = id(5000, 7, 1);
	const rows = [
		{ id: id(0, 7, 1), sessionId: session, parentId: null, role: "user", clientId: "c1", script: "one" },
		{
			id: id(0, 7, 2),
			sessionId: session,
			parentId: id(0, 7, 1),
			role: "assistant",
			status: "complete",
			shown: text("one two three"),
		},
		{ id: id(1000), sessionId: session, parentId: id(0, 7, 2), role: "user", clientId: "c2", script: "two" },
		{
			id: id(1000, 7, 1),
			sessionId: session,
			parentId: id(1000),
			role: "assistant",
			status: "stopped",
			shown: text("four five"),
		},
		{ id: id(3000, 7, 1), sessionId: other, parentId: null, role: "user", clientId: "c3", script: "three" },
		{
			id: id(3000, 7, 2),
			sessionId: other,
			parentId: id(3000, 7, 1),
			role: "assistant",
			status: "interrupted",
			shown: text("six seven"),
		},
	];
	history.tables = {
		users: [{ id: id(-9000) }, { id: id(-8000) }],
		sessions: [
			{ id: session, userId: id(-9000), chatId: "chat-1" },
			{ id: other, userId: id(-8000), chatId: "chat-2" },
		],
		messages: rows.map(({ script, ...row }) => ({
			status: "complete",
			active: true,
			clientId: null,
			createdAt: Number(BigInt(row.id) >> 22n) + EPOCH_MS,
			...row,
			parts: script ? partsOf(script) : JSON.stringify([{ type: "text", text: row.shown }]),
			shown: row.shown ?? partsOf(script),
		})),
		deltas: [],
	};
	const send = (n, user, clientId, script, sessionId, userId, replyId, at, more = {}) => ({
		send: `send-${n}`,
		user,
		chatId: "chat",
		clientId,
		parts: partsOf(script),
		kind: "next",
		script,
		sessionId,
		conflict: false,
		refusals: [],
		attempts: [T + at, T + at + 5],
		acks: [10, 15].map((later) => ({ at: T + at + later, sessionId, replyId, userIds: [userId] })),
		...more,
	});
	history.sends = [
		send(1, id(-9000), "c1", "one", session, id(0, 7, 1), id(0, 7, 2), 0, { kind: "first" }),
		send(2, id(-9000), "c2", "two", session, id(1000), id(1000, 7, 1), 1000),
		send(3, id(-8000), "c3", "three", other, id(3000, 7, 1), id(3000, 7, 2), 3000, { kind: "first" }),
		send(4, id(-8000), "c4", "four", gone, id(5000, 7, 2), id(5000, 7, 3), 5000, { kind: "first" }),
		{
			...send(5, id(-9000), "c1", "one", session, null, null, 1500),
			parts: '[{"type":"text","text":"other"}]',
			conflict: true,
			acks: [],
			refusals: [{ at: T + 1510, status: 409, code: "message_conflict" }],
		},
	];
	const view = (replyId, sessionId, at, shown, more = {}) => ({
		replyId,
		sessionId,
		via: "send",
		startAt: T + at,
		at: T + at + 50,
		text: shown,
		status: null,
		done: false,
		...more,
	});
	history.views = [
		view(id(0, 7, 2), session, 20, text("one t")),
		view(id(0, 7, 2), session, 100, text("one two three"), { via: "resume", done: true, status: "complete" }),
		view(id(1000, 7, 1), session, 1020, text("four five"), { done: true, status: "stopped" }),
		view(id(3000, 7, 2), other, 3020, text("six")),
	];
	history.witnesses = [{ replyId: id(3000, 7, 2), sessionId: other, shown: text("si"), stored: text("six sev") }];
	history.stops = [
		{
			sessionId: session,
			at: T + 1100,
			answeredAt: T + 1200,
			status: 204,
			running: { replyId: id(1000, 7, 1), text: text("four") },
			listed: "stopped",
		},
	];
	const list = (sessionId, at, ...ids) => ({
		user: "x",
		sessionId,
		at: T + at,
		status: 200,
		messages: ids
			.map((wanted) => history.tables.messages.find((row) => row.id === wanted))
			.map((row) => ({ id: row.id, role: row.role, status: row.role === "user" ? undefined : row.status, shown: row.shown })),
	});
	history.reads = [
		list(session, 500, id(0, 7, 1), id(0, 7, 2)),
		list(session, 9000, id(0, 7, 1), id(0, 7, 2), id(1000), id(1000, 7, 1)),
		{ user: "x", sessionId: gone, at: T + 6500, status: 404, messages: null },
	];
	history.deletes = [{ user: id(-8000), sessionId: gone, at: T + 6000, answeredAt: T + 6100, status: 204 }];
	history.probes = [{ sessionId: other, since: T + 3300, usableAt: T + 6300 }];
	history.faults = [{ name: "kill", at: T + 3250, until: T + 3260, allows5xx: true }];
	history.refused = [{ at: T + 3255, method: "POST", path: "/api/ai/chat", status: 503 }];
	const called = (script, shown, calls, clean = true) => ({
		script,
		retried: false,
		planned: [{ shown: text(shown), clean }],
		calls,
	});
	const call = { at: T, steps: 9, gone: false };
	history.upstream = [
		called("one", "one two three", [call]),
		called("two", "four five six", [{ ...call, gone: true }]),
		called("three", "six seven eight", [{ ...call, gone: true }]),
		called("four", "nine", [call]),
	];
	const running = (row, node, epoch, seq) => ({
		id: row,
		sessionId: rows.find(({ id }) => id === row).sessionId,
		node,
		epoch,
		seq,
	});
	history.samples = [
		{ at: T + 50, workers: [{ node: 7, epoch: 3 }], streaming: [running(id(0, 7, 2), 7, 3, 1)] },
		{ at: T + 1050, workers: [{ node: 7, epoch: 3 }], streaming: [running(id(1000, 7, 1), 7, 3, 2)] },
		{
			at: T + 3200,
			workers: [
				{ node: 7, epoch: 4 },
				{ node: 9, epoch: 1 },
			],
			streaming: [running(id(3000, 7, 2), 7, 4, 5)],
		},
		{
			at: T + 5500,
			workers: [
				{ node: 7, epoch: 5 },
				{ node: 9, epoch: 1 },
			],
			streaming: [running(id(3000, 7, 2), 7, 4, 5)],
		},
	];
	history.recovered = [id(3000, 7, 2)];
	return history;
}

const found = (history) => [...new Set(check(history).map(({ invariant }) => invariant))];

test("a correct history has no violations", () => assert.deepEqual(check(clean()), []));

/** Each one changes a clean history so that it violates only its own invariant. `row(h, n)`: the nth stored message. */
const PLANTED = {
	I1: {
		"an acknowledged message is not there": (h) => {
			const [lost] = h.tables.messages.splice(2, 1);
			h.tables.messages[2].parentId = lost.id;
			h.tables.messages.splice(2, 1);
			h.sends[1].acks.forEach((ack) => (ack.replyId = null));
			h.views.splice(2, 1);
			h.stops = [];
			h.upstream[1].calls = [];
			h.reads.splice(1, 1);
		},
		"it is another's": (h) => (h.sends[2].user = id(-9000)),
		"other parts": (h) => (h.tables.messages[2].parts = h.tables.messages[2].parts.replace("go", "g0")),
		"one more blank": (h) => (h.tables.messages[2].parts = h.tables.messages[2].parts.replace("[ {", "[  {")),
		"another client's id": (h) => (h.tables.messages[0].clientId = "c9"),
	},
	I2: {
		"repeats are answered with other replies": (h) => (h.sends[0].acks[1].replyId = h.sends[1].acks[0].replyId),
		"another content under a used key is taken": (h) =>
			h.sends[4].acks.push({ at: T + 1510, sessionId: h.sends[0].sessionId, replyId: id(0, 7, 2), userIds: [] }),
		"one client id twice": (h) => (h.tables.messages[2].clientId = h.sends[1].clientId = "c1"),
	},
	I3: {
		"shown and not stored": (h) => (h.views[0].text = text("one t!")),
		"more shown than stored": (h) => (h.views[3].text = text("six seven eight")),
		"stored got less": (h) =>
			h.reads.splice(1, 0, {
				user: "x",
				sessionId: id(3000),
				at: T + 7000,
				status: 200,
				messages: [{ id: id(3000, 7, 2), role: "assistant", status: "interrupted", shown: text("six seven eight") }],
			}),
		"a block of another kind": (h) => (h.views[3].text = "\n<reasoning>\nsix"),
	},
	I4: {
		"still streaming at rest": (h) => {
			h.tables.messages[5].status = "streaming";
			h.recovered = [];
		},
		"complete, and the model did not finish": (h) => (h.upstream[0].planned[0].clean = false),
		"complete, and the model said more": (h) => (h.upstream[0].planned[0].shown += " four"),
		"a terminal state changed": (h) => (h.reads[0].messages[1].status = "interrupted"),
		"told another end than the stored one": (h) => (h.views[2].status = "complete"),
		"streams again after its end": (h) =>
			h.samples.push({
				at: T + 9500,
				workers: [{ node: 9, epoch: 1 }],
				streaming: [{ ...h.samples[0].streaming[0], node: 9, epoch: 1 }],
			}),
	},
	I5: {
		"a reply without its message": (h) => {
			h.tables.messages.splice(4, 1);
			h.tables.messages[4].parentId = null;
			h.sends[2].acks.forEach((ack) => (ack.userIds = null));
			h.upstream[2].calls = [];
		},
		"a message without a reply": (h) =>
			h.tables.messages.push({
				...h.tables.messages[4],
				id: id(4000),
				parentId: id(3000, 7, 2),
				clientId: null,
				parts: "[]",
				shown: "[]",
			}),
		"an empty session": (h) => h.tables.sessions.push({ id: id(4000), userId: id(-9000), chatId: "chat-3" }),
	},
	I6: {
		"usable too late": (h) => (h.probes[0].usableAt = T + 3300 + 7000),
		"never usable": (h) => (h.probes[0].usableAt = null),
	},
	I7: {
		"a gap at the end": (h) => (h.views[1].text = text("one two")),
		"an end that shows nothing": (h) => (h.views[2].text = ""),
	},
	I8: {
		"a message's id is a session's": (h) => h.tables.users.push({ id: id(3000) }),
		"acknowledged as two things": (h) => h.sends[3].acks.forEach((ack) => ack.userIds.push(id(1000))),
	},
	I9: {
		"written after it was recovered": (h) => {
			h.tables.messages[5].status = "stopped";
			h.stops.push({ sessionId: id(3000), at: T + 3100, answeredAt: T + 3200, status: 503, running: null });
			h.recovered = [];
		},
		"recovered, then something else": (h) => {
			h.samples = h.samples.slice(0, 2);
			h.tables.messages[5].status = "error";
		},
		"the journal of an orphan grows": (h) =>
			h.samples.push({ at: T + 5700, workers: h.samples[3].workers, streaming: [{ ...h.samples[3].streaming[0], seq: 6 }] }),
		"a turn under a lease that is over": (h) => {
			h.samples[2].workers = h.samples[3].workers;
			h.samples.splice(2, 0, { at: T + 2900, workers: h.samples[3].workers, streaming: [] });
		},
		"a later lease makes lower ids": (h) => (h.samples[0].streaming[0].epoch = 5),
	},
	I10: {
		"listed out of order": (h) => h.reads[0].messages.reverse(),
		"two branches are shown": (h) => (h.tables.messages[2].parentId = null),
		"nothing is shown": (h) => h.tables.messages.slice(4).forEach((row) => (row.active = false)),
	},
	I11: {
		"stopped by nobody": (h) => {
			h.stops = [];
			h.sends[1].attempts = [T];
			h.tables.messages[3].createdAt = T + 2000;
		},
		"a stop of the reply before": (h) => {
			Object.assign(h.stops[0], { at: T + 300, answeredAt: T + 400, running: null });
			h.sends[1].attempts = [T + 900];
		},
		"far too slow": (h) => (h.stops[0].answeredAt = T + 3000),
		"answered, and it runs on": (h) => (h.stops[0].listed = null),
		"it lost text": (h) => (h.stops[0].running.text = text("four five six")),
	},
	I21: {
		"deleted and stored": (h) => {
			const [session] = h.tables.sessions.splice(1, 1);
			h.tables.sessions.push(session);
			h.deletes.push({ user: id(-8000), sessionId: session.id, at: T + 8000, answeredAt: T + 8100, status: 204 });
		},
		"deleted and listed": (h) => Object.assign(h.reads[2], { status: 200, messages: [] }),
		"a journal is left": (h) => h.tables.deltas.push({ messageId: id(0, 7, 2) }),
	},
	I22: {
		"the model was asked twice": (h) => h.upstream[0].calls.push({ ...h.upstream[0].calls[0] }),
		"two replies for one send": (h) => {
			h.tables.messages.push({ ...h.tables.messages[5], id: id(3100), active: false });
			h.upstream[2].calls.push({ ...h.upstream[2].calls[0] });
		},
	},
	I23: {
		"two replies run in one session": (h) =>
			h.samples[1].streaming.push({ id: id(1001), sessionId: id(0), node: 7, epoch: 3, seq: 0 }),
	},
	I24: {
		"shown before it was stored": (h) => (h.witnesses[0].stored = text("s")),
		"shown when there was no row": (h) => (h.witnesses[0].stored = null),
		"a reply was acknowledged and is not there": (h) => h.sends[0].acks.forEach((ack) => (ack.replyId = id(77))),
	},
	answers: {
		"an internal error": (h) => (h.refused[0].status = 500),
		"a model that was picked is unknown": (h) => (h.refused[0].status = 404),
		"turned away without a reason": (h) => (h.faults[0].allows5xx = false),
		"turned away long after the fault": (h) => (h.refused[0].at = T + 20_000),
		"a good token is refused": (h) => (h.refused[0].status = 401),
	},
	asks: {
		"a model's server refused what it was asked": (h) => (h.wrong = ['{"error":{"message":"Corrupted thought signature."}}']),
	},
	reports: {
		"a sanitizer's": (h) => h.reports.push("chat.asan.1: heap-use-after-free"),
	},
};

for (const [invariant, plants] of Object.entries(PLANTED))
	describe(invariant, () => {
		for (const [what, plant] of Object.entries(plants))
			test(what, () => {
				const history = clean();
				plant(history);
				assert.deepEqual(found(history), [invariant], JSON.stringify(check(history), null, 1));
			});
	});

test("a tab that has not heard of an edit may ask for a new reply to what its message says now", () => {
	const history = clean();
	PLANTED.I22["two replies for one send"](history);
	assert.deepEqual(found(history), ["I22"]);
	const { sessionId } = history.sends[2];
	history.sends.push({ ...history.sends[2], send: "send-6", kind: "regenerate", script: "stale", sessionId, clientId: null, parts: null, acks: [] });
	assert.deepEqual(check(history), []);
});

test("every check has a planted violation", () => assert.deepEqual(Object.keys(PLANTED), Object.keys(CHECKS)));

test("a seed gives the same decisions again, and another seed others", () => {
	const decisions = (seed) => {
		const source = random(seed).source("client 3");
		return Array.from({ length: 50 }, () => [source.between(0, 9), source.id(), source.weighted({ a: 1, b: 2 })]);
	};
	assert.deepEqual(decisions("5.1"), decisions("5.1"));
	assert.notDeepEqual(decisions("5.1"), decisions("5.2"));
});

test("what a stream shows is what the same parts, stored, show", () => {
	const shown = new Shown();
	const chunks = [
		{ type: "start", messageId: "1" },
		{ type: "start-step" },
		{ type: "reasoning-start", id: "r" },
		{ type: "reasoning-delta", id: "r", delta: "hm" },
		{ type: "reasoning-end", id: "r" },
		{ type: "text-start", id: "t" },
		{ type: "text-delta", id: "t", delta: "a" },
		{ type: "text-delta", id: "t", delta: "b" },
		{ type: "text-end", id: "t" },
	];
	for (const chunk of chunks) shown.see(chunk);
	assert.equal(shown.text, shownOf([{ type: "step-start" }, { type: "reasoning", text: "hm" }, { type: "text", text: "ab" }]));
});
