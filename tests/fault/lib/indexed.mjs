// A history (history.mjs), indexed for the checks.

export const groupBy = (list, key) => {
	const groups = new Map();
	for (const item of list) {
		const group = groups.get(key(item));
		if (group) group.push(item);
		else groups.set(key(item), [item]);
	}
	return groups;
};

const byId = (list) => new Map(list.map((item) => [item.id, item]));
export const idOrder = (a, b) => (BigInt(a.id) < BigInt(b.id) ? -1 : 1);
export const nodeOf = (id) => Number((BigInt(id) >> 12n) & 1023n);
export const quote = (text) => JSON.stringify(text.length > 80 ? `${text.slice(0, 30)} ... ${text.slice(-45)}` : text);

/** Whether the shown text is in the stored one: from its beginning, except for a continued reply. */
export const holds = (stored, shown, via) => (via === "continue" ? stored.includes(shown) : stored.startsWith(shown));

/** What the checks look up repeatedly. */
export function index(history) {
	const { messages, sessions } = history.tables;
	const deleted = new Set(history.deletes.filter(({ status }) => status === 204).map(({ sessionId }) => sessionId));
	const tried = new Set(history.deletes.map(({ sessionId }) => sessionId));
	return {
		message: byId(messages),
		session: byId(sessions),
		deleted,
		/** Not if it may have been deleted. */
		kept: (sessionId) => !tried.has(sessionId),
		replies: messages.filter(({ role }) => role === "assistant"),
		asked: messages.filter(({ role }) => role === "user"),
		bySession: groupBy(messages, ({ sessionId }) => sessionId),
		script: new Map(history.upstream.map((script) => [script.script, script])),
		/** Replies that a client has continued: they end more than once. */
		continued: new Set(
			history.sends.filter(({ kind }) => kind === "continue").flatMap(({ acks }) => acks.map(({ replyId }) => replyId)),
		),
		acks: history.sends.flatMap((send) => send.acks.map((ack) => ({ send, ...ack }))),
	};
}
