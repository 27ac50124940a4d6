// A history (history.mjs) as the checks ask it.

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

/** Whether what was shown is in what is stored: from its beginning, but for what a reply says that goes on. */
export const holds = (stored, shown, via) => (via === "continue" ? stored.includes(shown) : stored.startsWith(shown));

/** What the checks look up again and again. */
export function index(history) {
	const { messages, sessions } = history.tables;
	const deleted = new Set(history.deletes.filter(({ status }) => status === 204).map(({ sessionId }) => sessionId));
	const tried = new Set(history.deletes.map(({ sessionId }) => sessionId));
	return {
		message: byId(messages),
		session: byId(sessions),
		deleted,
		/** Not where a delete may have happened. */
		kept: (sessionId) => !tried.has(sessionId),
		replies: messages.filter(({ role }) => role === "assistant"),
		asked: messages.filter(({ role }) => role === "user"),
		bySession: groupBy(messages, ({ sessionId }) => sessionId),
		script: new Map(history.upstream.map((script) => [script.script, script])),
		/** Replies that a client let go on: they end more than once. */
		continued: new Set(
			history.sends.filter(({ kind }) => kind === "continue").flatMap(({ acks }) => acks.map(({ replyId }) => replyId)),
		),
		acks: history.sends.flatMap((send) => send.acks.map((ack) => ({ send, ...ack }))),
	};
}
