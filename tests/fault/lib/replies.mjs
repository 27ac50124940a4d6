// Replies of the fake model (support/upstream.mjs) in which every word contains its script, its call and its position, so that no text can
// be mistaken for another.

import { eventsOf } from "./voices.mjs";

const failing = (status, headers = {}) => ({
	status,
	headers: { "content-type": "application/json", ...headers },
	steps: [{ send: '{"error":{"message":"no"}}' }],
});

/** Escaped as within a JSON text. */
const quoted = (text) => JSON.stringify(text).slice(1, -1);

/** Splits into single bytes. */
const byByte = (send) => ({ send, cuts: Array.from({ length: Buffer.byteLength(send) - 1 }, (_, i) => i + 1) });

/** Replaces each "@" by an invalid byte. */
const badly = (send) => ({ send64: Buffer.from(Buffer.from(send).map((byte) => (byte === 64 ? 0xff : byte))).toString("base64") });

/**
 * How a reply goes wrong: the steps after some words (an event contains the last of them), which take the place of its end if
 * the reply is not clean; what precedes a call that works; how the words are written on the wire, and how a reader sees the
 * bad place.
 */
const ENDINGS = {
	plain: { clean: true },
	slow: { clean: true },
	/* 400 words a second; pieces of 10 kB. */
	fast: { clean: true, n: 1200, pause: 2 },
	large: { clean: true, n: 120, pause: 25, padding: 10_000 },
	dribble: { clean: true, spelled: byByte },
	"bad utf-8": { clean: true, spelled: badly, said: "\ufffd" },
	reset: { steps: [{ end: "reset" }] },
	eof: { steps: [{ end: "eof" }] },
	hang: { steps: [{ end: "hang" }] },
	endless: { steps: (said, word) => [{ repeat: said.replace(quoted(word), quoted("and so on ".repeat(100))), wait: 2 }] },
	"endless line": { steps: [{ send: "data: " }, { repeat: "x".repeat(65_536), wait: 2 }] },
	garbage: { steps: [{ send: 'data: {"choices": [\n\n' }] },
	cut: { steps: [] },
	500: { clean: true, before: [failing(500), failing(502)] },
	429: { clean: true, before: [failing(429, { "retry-after": "1" })] },
	401: { clean: true, before: [failing(401)] },
	302: { clean: true, before: [failing(302, { location: "http://169.254.169.254/v1/chat/completions" })] },
	html: {
		clean: true,
		before: [{ headers: { "content-type": "text/html" }, steps: [{ send: "<h1>Bad gateway</h1>" }] }],
	},
};

export const UPSTREAM_FAULTS = Object.keys(ENDINGS).filter((kind) => !["plain", "slow", "fast", "large"].includes(kind));

function wordsOf(random, script, call, kind) {
	const { n = kind === "slow" ? 80 : random.between(2, 30), padding = 0 } = ENDINGS[kind];
	const end = () => "x".repeat(padding) + random.pick([" ", ", ", "\n", " ünï ", " @ "]);
	return Array.from({ length: n }, (_, i) => `${script}.${call}.${i}${end()}`);
}

function callOf(random, wire, script, call, kind) {
	const { steps = [], clean = false, spelled = (send) => ({ send }), said = "@" } = ENDINGS[kind];
	const words = wordsOf(random, script, call, kind);
	const last = words.at(-1);
	const thoughts = random.chance(0.3) ? words.splice(0, words.length >> 1) : [];
	const pause = ENDINGS[kind].pause ?? (kind === "slow" ? 50 : random.pick([0, 5, 20, 30]));
	const read = (text) => text.replaceAll("@", said);
	const events = eventsOf(wire, thoughts, words, read);
	const shown =
		(thoughts.length ? `\n<reasoning>\n${thoughts.join("")}` : "") + (words.length ? `\n<text>\n${words.join("")}` : "");
	return {
		call: {
			steps: [
				...events.before.map(spelled),
				...events.said.flatMap((event) => [...(events.is(event) ? [{ wait: pause }] : []), spelled(event)]),
				...(clean ? events.after.map(spelled) : typeof steps === "function" ? steps(events.said.at(-1), last) : steps),
			],
		},
		planned: { shown: read(shown), clean },
	};
}

/** A script for one question: the answers to the first, second and third attempt. */
export function makeScript(random, kind, wire) {
	const script = random.id();
	const before = (ENDINGS[kind].before ?? []).map((call) => ({ call, planned: { shown: "", clean: false } }));
	const answers = [0, 1, 2].map((call) => callOf(random, wire, script, call, call ? "plain" : kind));
	const all = [...before, ...answers];
	return {
		script,
		kind,
		wire,
		mark: `[[play:${script}]]`,
		retried: before.length > 0,
		planned: all.map(({ planned }) => planned),
		calls: all.map(({ call }) => call),
	};
}
