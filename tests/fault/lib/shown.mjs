// What a person reads of a reply, as one text that only grows: what a stream has shown so far is a prefix of what is stored. Each block
// begins with a mark of its kind, which reveals missing blocks and wrong kinds.

const mark = (kind) => `\n<${kind}>\n`;

/** From stored parts. */
export const shownOf = (parts) =>
	parts
		.filter(({ type }) => type === "text" || type === "reasoning")
		.map(({ type, text }) => mark(type) + text)
		.join("");

/** From chunks in order. */
export class Shown {
	text = "";

	see({ type, delta }) {
		const [, kind, what] = /^(text|reasoning)-(start|delta)$/.exec(type) ?? [];
		if (what === "start") this.text += mark(kind);
		if (what === "delta") this.text += delta;
	}
}
