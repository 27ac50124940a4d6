// What people were promised, against what a server has.

const textOf = ({ parts }) =>
	JSON.parse(parts)
		.filter(({ type }) => type === "text")
		.map(({ text }) => text)
		.join("");

/** The question is there once, and what was shown of the reply is what its text begins with. */
function isKept({ text, shown }, list) {
	const questions = list.filter((row) => row.role === "user" && textOf(row) === text);
	return questions.length === 1 && list.some((row) => row.role === "assistant" && textOf(row).startsWith(shown));
}

/** The promises that these messages break, each with what there is in its place. */
export function broken(promised, messages) {
	const bySession = new Map();
	for (const row of messages) bySession.set(row.session_id, [...(bySession.get(row.session_id) ?? []), row]);
	const stored = ({ sessionId }) => bySession.get(sessionId) ?? [];
	return promised.filter((promise) => !isKept(promise, stored(promise))).map((promise) => ({ ...promise, stored: stored(promise) }));
}
