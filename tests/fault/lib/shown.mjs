// What a person reads of a reply, as one text that only grows: what a stream has shown so far is a prefix of what is stored.
// A block begins with a mark of its kind, so that a block that is missing or of another kind shows as well.

const mark = (kind) => `\n<${kind}>\n`;

/** Of the parts that are stored. */
export const shownOf = (parts) =>
	parts
		.filter(({ type }) => type === "text" || type === "reasoning")
		.map(({ type, text }) => mark(type) + text)
		.join("");

/** Of chunks, one after the other. */
export class Shown {
	text = "";

	see({ type, delta }) {
		const [, kind, what] = /^(text|reasoning)-(start|delta)$/.exec(type) ?? [];
		if (what === "start") this.text += mark(kind);
		if (what === "delta") this.text += delta;
	}
}
