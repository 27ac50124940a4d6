// The invariants of a history (history.mjs): I1, I2 ... name them in what is printed. Each check is a function of the history
// alone and gives a list of sentences, one for each violation.

import { scriptOf } from "./history.mjs";
import { groupBy, holds, idOrder, index, nodeOf, quote } from "./indexed.mjs";

/** I1: every acknowledged user message exists exactly once, as it was sent. */
function acknowledgedIsStored(_history, { acks, kept, session, asked, message }) {
	const found = [];
	const times = groupBy(asked, ({ id }) => id);
	for (const { send, sessionId, userIds } of acks) {
		if (!kept(sessionId)) continue;
		if (session.get(sessionId)?.userId !== send.user) found.push(`session ${sessionId} of send ${send.send} is not there`);
		for (const id of userIds ?? []) {
			const row = message.get(id);
			const what = `message ${id} of send ${send.send}`;
			if ((times.get(id)?.length ?? 0) !== 1) found.push(`${what} is stored ${times.get(id)?.length ?? 0} times`);
			else if (row.sessionId !== sessionId) found.push(`${what} is in another session`);
			else if (row.parts !== send.parts) found.push(`${what} has other parts`);
			// An edit passes the client's id to the new message.
			else if (row.clientId !== send.clientId && row.clientId !== null) found.push(`${what} has another client's id`);
		}
	}
	return found;
}

/** I2: a send is sent once; its repeats get the same ids; another content under its key changes nothing. */
function sentOnce(history, { asked, session }) {
	const found = [];
	for (const [key, rows] of groupBy(
		asked.filter(({ clientId }) => clientId),
		(row) => `${row.sessionId} ${row.clientId}`,
	))
		if (rows.length > 1) found.push(`client's message ${key} is stored ${rows.length} times`);
	const ofParts = groupBy(asked, (row) => `${session.get(row.sessionId)?.userId} ${row.parts}`);
	for (const send of history.sends) {
		const rows = ofParts.get(`${send.user} ${send.parts}`) ?? [];
		if (send.conflict) {
			if (rows.length || send.acks.length) found.push(`send ${send.send}: another content under a used key was taken`);
			continue;
		}
		if (send.kind !== "first" && send.kind !== "next") continue;
		if (rows.length > 1) found.push(`send ${send.send} is stored ${rows.length} times`);
		for (const field of ["sessionId", "replyId", "userIds"]) {
			const answers = new Set(send.acks.filter((ack) => ack[field]?.length).map((ack) => String(ack[field])));
			if (answers.size > 1) found.push(`send ${send.send} was answered with ${field} ${[...answers].join(" and ")}`);
		}
	}
	return found;
}

/** I3: what was shown is a prefix of what is stored, and what is stored only grows. */
function shownIsStored(history, { message, kept }) {
	const found = [];
	for (const view of history.views) {
		if (!view.replyId || !kept(view.sessionId)) continue;
		const row = message.get(view.replyId);
		if (!row) found.push(`reply ${view.replyId} was shown and is not stored`);
		else if (!holds(row.shown, view.text, view.via))
			found.push(`reply ${row.id}: shown ${quote(view.text)}, stored ${quote(row.shown)}`);
	}
	const last = new Map();
	for (const read of history.reads)
		for (const { id, role, shown } of read.messages ?? []) {
			if (role !== "assistant") continue;
			if (!shown.startsWith(last.get(id) ?? "")) found.push(`reply ${id}: ${quote(last.get(id))} became ${quote(shown)}`);
			last.set(id, shown);
		}
	for (const [id, shown] of last)
		if (message.has(id) && !message.get(id).shown.startsWith(shown))
			found.push(`reply ${id}: ${quote(shown)} was stored, is ${quote(message.get(id).shown)}`);
	return found;
}

const TERMINAL = ["complete", "stopped", "interrupted", "error"];

/** I4: at rest nothing is streaming; "complete" means that the model said so; a final state never changes. */
function endsHonestly(history, { replies, message, script, continued }) {
	const found = [];
	for (const { id, status, shown, parentId } of replies) {
		if (!TERMINAL.includes(status) && history.atRest) found.push(`reply ${id} is ${status} at rest`);
		if (status !== "complete") continue;
		const source = script.get(scriptOf(message.get(parentId)?.parts ?? ""));
		const call = source?.calls.find(
			(_, i) =>
				planned(source, i).clean &&
				(continued.has(id) ? shown.endsWith(planned(source, i).shown) : planned(source, i).shown === shown),
		);
		if (!call) found.push(`reply ${id} is complete, but the model did not say ${quote(shown)} to its end`);
	}
	const seen = new Map();
	const told = [
		...history.reads.flatMap((read) => (read.messages ?? []).map(({ id, role, status }) => ({ at: read.at, id, role, status }))),
		...history.views
			.filter(({ status }) => status)
			.map((view) => ({ at: view.at, id: view.replyId, role: "assistant", status: view.status })),
	];
	for (const { id, role, status } of told.sort((a, b) => a.at - b.at)) {
		if (role !== "assistant" || !TERMINAL.includes(status) || continued.has(id)) continue;
		if (seen.has(id) && seen.get(id) !== status) found.push(`reply ${id} was ${seen.get(id)}, then ${status}`);
		seen.set(id, status);
	}
	for (const [id, status] of seen)
		if (message.has(id) && message.get(id).status !== status)
			found.push(`reply ${id} was ${status}, is ${message.get(id).status}`);
	for (const sample of history.samples)
		for (const { id } of sample.streaming) {
			if (continued.has(id)) continue;
			const read = history.reads.find(
				({ at, messages }) => at < sample.at && messages?.some((other) => other.id === id && TERMINAL.includes(other.status)),
			);
			if (read) found.push(`reply ${id} had ended and streams again`);
		}
	return found;
}

/** The last call of a script is repeated. */
const planned = ({ planned }, i) => planned[Math.min(i, planned.length - 1)];

/** I5: no half turn. */
function wholeTurns(_history, { replies, asked, message, session, bySession }) {
	const found = [];
	const answered = new Set(replies.map(({ parentId }) => parentId));
	for (const { id, parentId, sessionId } of replies) {
		const parent = message.get(parentId);
		if (parent?.role !== "user" || parent.sessionId !== sessionId) found.push(`reply ${id} has no message that it answers`);
	}
	for (const { id } of asked) if (!answered.has(id)) found.push(`message ${id} has no reply`);
	for (const { id, sessionId } of asked) if (!session.has(sessionId)) found.push(`message ${id} is in no session`);
	for (const id of session.keys()) if (!bySession.has(id)) found.push(`session ${id} is empty`);
	return found;
}

/** I6: a session is usable again soon after a fault. */
function usableSoon(history) {
	const found = [];
	for (const { sessionId, since, usableAt } of history.probes) {
		const end = usableAt ?? Infinity;
		const took = end - Math.max(since, ...history.faults.filter(({ at }) => at <= end).map(({ until }) => until));
		if (took > history.bounds.usableMs) found.push(`session ${sessionId} took ${took} ms to be usable`);
	}
	return found;
}

/** I7: a stream that came to its end has shown what is stored, no less and no more. */
function resumedIsWhole(history, { message, kept, continued }) {
	const found = [];
	for (const { replyId, sessionId, text, done } of history.views) {
		const row = message.get(replyId);
		if (done && row && kept(sessionId) && !continued.has(replyId) && row.shown !== text)
			found.push(`reply ${replyId}: read to its end ${quote(text)}, stored ${quote(row.shown)}`);
	}
	return found;
}

/** I8: no id names two objects. */
function idsAreUnique(history, { acks }) {
	const found = [];
	const named = new Map();
	const name = (id, what) => {
		if (named.has(id) && named.get(id) !== what) found.push(`id ${id} names ${named.get(id)} and ${what}`);
		named.set(id, what);
	};
	for (const { id } of history.tables.users) name(id, "a user");
	for (const { id } of history.tables.sessions) name(id, "a session");
	for (const { id, sessionId, role } of history.tables.messages) name(id, `a message of ${role} in ${sessionId}`);
	for (const { sessionId, replyId, userIds } of acks) {
		name(sessionId, "a session");
		if (replyId) name(replyId, `a message of assistant in ${sessionId}`);
		for (const id of userIds ?? []) name(id, `a message of user in ${sessionId}`);
	}
	return found;
}

/** I9: nothing is committed under a lease that has been passed on; ids rise from lease to lease. */
function leaseIsFence(history, { message, continued }) {
	const found = [];
	let newest = new Map(); // node -> epoch in the previous sample
	const seen = new Map(); // id -> its last sample
	const orphans = new Set();
	const ids = new Map(); // node -> epoch -> ids
	for (const { workers, streaming } of history.samples) {
		for (const row of streaming) {
			const over = row.epoch < (newest.get(row.node) ?? 0);
			const before = seen.get(row.id);
			if (over && before?.epoch !== row.epoch && !continued.has(row.id))
				found.push(`reply ${row.id} began under a lease that was over`);
			if (over && before?.epoch === row.epoch && row.seq > before.seq && before.over)
				found.push(`reply ${row.id} went on under a lease that was over`);
			seen.set(row.id, { ...row, over: over || row.epoch < (workers.find(({ node }) => node === row.node)?.epoch ?? 0) });
			if (seen.get(row.id).over) orphans.add(row.id);
			if (nodeOf(row.id) === row.node && !continued.has(row.id)) remember(ids, row);
		}
		newest = new Map(workers.map(({ node, epoch }) => [node, epoch]));
	}
	for (const id of orphans) {
		const status = message.get(id)?.status;
		if (status && !continued.has(id) && status !== "interrupted" && status !== "streaming")
			found.push(`reply ${id} ended as ${status} under a lease that was over`);
	}
	for (const id of history.recovered)
		if (message.has(id) && !continued.has(id) && message.get(id).status !== "interrupted")
			found.push(`reply ${id} was recovered, then written as ${message.get(id).status}`);
	for (const [node, epochs] of ids) {
		const leases = [...epochs]
			.sort(([a], [b]) => a - b)
			.map(([epoch, list]) => ({ epoch, list: list.sort((a, b) => (a < b ? -1 : 1)) }));
		for (const [i, { epoch, list }] of leases.entries())
			if (i > 0 && list[0] <= leases[i - 1].list.at(-1))
				found.push(`node ${node}: epoch ${epoch} made an id below one of epoch ${leases[i - 1].epoch}`);
	}
	return found;
}

function remember(ids, { id, node, epoch }) {
	if (!ids.has(node)) ids.set(node, new Map());
	if (!ids.get(node).has(epoch)) ids.get(node).set(epoch, []);
	ids.get(node).get(epoch).push(BigInt(id));
}

/** I10: ids rise in the order of the conversation, and lists are in that order. */
function inOrder(history, { message, bySession }) {
	const found = [];
	for (const { id, parentId } of message.values())
		if (parentId && BigInt(parentId) >= BigInt(id)) found.push(`message ${id} is below its parent ${parentId}`);
	for (const [sessionId, rows] of bySession) {
		const path = rows.filter(({ active }) => active).sort(idOrder);
		if (path.length === 0) found.push(`session ${sessionId} shows nothing`);
		for (const [i, row] of path.entries())
			if ((row.parentId ?? null) !== (path[i - 1]?.id ?? null))
				found.push(`session ${sessionId}: ${row.id} is shown, but does not follow ${path[i - 1]?.id}`);
	}
	for (const { sessionId, messages } of history.reads)
		for (const [i, { id }] of (messages ?? []).entries())
			if (i > 0 && BigInt(messages[i - 1].id) >= BigInt(id)) found.push(`session ${sessionId} was listed out of order`);
	return found;
}

/** I11: a stop ends the running reply, keeps its text, is quick, and affects no other reply. */
function stopIsExact(history, { replies, message, kept, continued }) {
	const found = [];
	for (const { sessionId, at, answeredAt, status, running, listed } of history.stops) {
		if (status !== 204 || !kept(sessionId)) continue;
		if (answeredAt - at > history.bounds.stopMs) found.push(`a stop in ${sessionId} took ${answeredAt - at} ms`);
		if (!running) continue;
		const row = message.get(running.replyId);
		if (row && !row.shown.startsWith(running.text)) found.push(`reply ${row.id} lost text when it was stopped`);
		if (row && listed === null) found.push(`reply ${row.id} ran on after it was stopped`);
	}
	const stops = groupBy(history.stops, ({ sessionId }) => sessionId);
	const sends = groupBy(history.sends, ({ acks, sessionId }) => acks[0]?.sessionId ?? sessionId);
	for (const { id, sessionId, status, createdAt } of replies) {
		if (status !== "stopped" || continued.has(id)) continue;
		// A send that knows of the running reply replaces it.
		const stopped = stops.get(sessionId)?.some((stop) => (stop.answeredAt ?? Infinity) >= createdAt);
		const replaced = sends
			.get(sessionId)
			?.some((send) => !send.conflict && Math.max(...send.attempts) >= createdAt && !send.acks.some((ack) => ack.replyId === id));
		if (!stopped && !replaced) found.push(`reply ${id} was stopped by nobody`);
	}
	return found;
}

/** I21: what was deleted stays deleted. */
function deletedIsGone(history, { session, deleted, bySession, message }) {
	const found = [];
	for (const id of deleted) if (session.has(id) || bySession.has(id)) found.push(`session ${id} was deleted and is stored`);
	const gone = new Map(history.deletes.filter(({ status }) => status === 204).map((item) => [item.sessionId, item.answeredAt]));
	for (const { sessionId, at, status } of history.reads)
		if (at > (gone.get(sessionId) ?? Infinity) && status === 200) found.push(`session ${sessionId} was deleted and is listed`);
	for (const { messageId } of history.tables.deltas)
		if (history.atRest && message.get(messageId)?.status !== "streaming")
			found.push(`the journal of ${messageId} is still there`);
	return found;
}

/** I22: no request runs its first transaction twice: one reply per turn, one call of the model per reply. */
function turnsOnce(history, { replies, message, session, acks, deleted }) {
	const found = [];
	const turns = groupBy(
		replies,
		({ parentId }) => `${session.get(message.get(parentId)?.sessionId)?.userId} ${scriptOf(message.get(parentId)?.parts ?? "")}`,
	);
	const attempts = groupBy(history.sends, (send) => `${send.user} ${send.script}`);
	for (const [key, rows] of turns) {
		const sends = attempts.get(key);
		if (!sends) continue;
		// Edits and regenerations have no key, so each attempt may be a turn of its own. A tab that does not know of an edit requests a new
		// reply to the edited message, which is not what it shows.
		const again = history.sends.filter(({ kind, sessionId }) => kind === "regenerate" && sessionId === rows[0].sessionId);
		const most = [...sends.filter(({ kind, conflict }) => !["continue", "regenerate"].includes(kind) && !conflict), ...again].reduce(
			(sum, { kind, attempts }) => sum + (kind === "first" || kind === "next" ? 1 : attempts.length),
			0,
		);
		if (rows.length > most) found.push(`script ${key}: ${rows.length} replies for ${most} sends`);
	}
	for (const { script, retried, calls } of history.upstream) {
		const rows = [...turns].filter(([key]) => key.endsWith(` ${script}`)).reduce((sum, [, rows]) => sum + rows.length, 0);
		const goneOn = history.sends
			.filter((send) => send.script === script && send.kind === "continue")
			.reduce((sum, { attempts }) => sum + attempts.length, 0);
		const inDeleted = history.deletes.length > 0 && rows === 0;
		// The key of a message is deleted with its session: a delayed one may arrive after the deletion, and is then new.
		const gone = new Set(acks.filter((ack) => ack.send.script === script && deleted.has(ack.sessionId)).map(({ replyId }) => replyId));
		if (!retried && !inDeleted && calls.length > rows + gone.size + goneOn)
			found.push(`the model was asked ${calls.length} times for ${rows} replies of script ${script}`);
	}
	return found;
}

/** I23: one running reply a session. */
function oneAtATime(history) {
	const found = [];
	for (const { at, streaming } of history.samples)
		for (const [sessionId, rows] of groupBy(streaming, (row) => row.sessionId))
			if (rows.length > 1) found.push(`session ${sessionId} had ${rows.length} running replies at ${at}`);
	return found;
}

/** I24: an acknowledgement and every chunk come after their commit. */
function committedFirst(history, { acks, kept, message }) {
	const found = [];
	for (const { replyId, via, shown, stored } of history.witnesses)
		if (!history.undurable && (stored === null || !holds(stored, shown, via)))
			found.push(`reply ${replyId}: ${quote(shown)} was shown when ${stored === null ? "nothing" : quote(stored)} was stored`);
	for (const { send, sessionId, replyId } of acks)
		if (replyId && kept(sessionId) && !message.has(replyId))
			found.push(`reply ${replyId} of send ${send.send} was acknowledged and is not stored`);
	return found;
}

/** Every answer is one that was promised: never a 500 or an unknown model, other 5xx and a refused token only while a fault
 * allows it. */
function answersWell(history) {
	const { usableMs } = history.bounds;
	const because = ({ at, status }, fault) =>
		(status === 401 ? fault.allows401 : fault.allows5xx) && at >= fault.at && at <= fault.until + usableMs;
	return history.refused
		.filter((answer) => [404, 500].includes(answer.status) || !history.faults.some((fault) => because(answer, fault)))
		.map(({ status, method, path }) => `${method} ${path} was answered ${status}`);
}

/** Models receive only requests that their servers accept, with the state that they have issued. */
const asksWell = (history) => history.wrong.map((body) => `a model's server refused: ${body}`);

/** No program did anything that a sanitizer reports. */
const noReports = (history) => history.reports;

export const CHECKS = {
	I1: acknowledgedIsStored,
	I2: sentOnce,
	I3: shownIsStored,
	I4: endsHonestly,
	I5: wholeTurns,
	I6: usableSoon,
	I7: resumedIsWhole,
	I8: idsAreUnique,
	I9: leaseIsFence,
	I10: inOrder,
	I11: stopIsExact,
	I21: deletedIsGone,
	I22: turnsOnce,
	I23: oneAtATime,
	I24: committedFirst,
	answers: answersWell,
	asks: asksWell,
	reports: noReports,
};

/** All violations: [{ invariant, what }]. */
export function check(history) {
	const indexed = index(history);
	return Object.entries(CHECKS).flatMap(([invariant, find]) => find(history, indexed).map((what) => ({ invariant, what })));
}
