// Replies of the fake model (support/upstream.mjs) whose every word names its script, its call and its place, so that no
// text can be taken for another.

import { DONE, chunk } from "../../support/upstream.mjs";

const FINISH = [
	{ send: chunk({}, "stop") },
	{ send: chunk(null, null, { choices: [], usage: { prompt_tokens: 7, completion_tokens: 9, total_tokens: 16 } }) },
	{ send: DONE },
];
const failing = (status, headers = {}) => ({
	status,
	headers: { "content-type": "application/json", ...headers },
	steps: [{ send: '{"error":{"message":"no"}}' }],
});

/** Every byte a piece of its own. */
const byByte = (send) => ({ send, cuts: Array.from({ length: Buffer.byteLength(send) - 1 }, (_, i) => i + 1) });

/** A byte that is no UTF-8 in place of each "@". */
const badly = (send) => ({ send64: Buffer.from(Buffer.from(send).map((byte) => (byte === 64 ? 0xff : byte))).toString("base64") });

/** How a reply goes wrong: its steps after some words, and what comes before a call that works; how its words are spelled on
 * the wire, and what is read of the spot that is bad. */
const ENDINGS = {
	plain: { steps: FINISH, clean: true },
	slow: { steps: FINISH, clean: true },
	/* 400 words a second; pieces of 10 kB. */
	fast: { steps: FINISH, clean: true, n: 1200, pause: 2 },
	large: { steps: FINISH, clean: true, n: 120, pause: 25, padding: 10_000 },
	dribble: { steps: FINISH, clean: true, spelled: byByte },
	"bad utf-8": { steps: FINISH, clean: true, spelled: badly, said: "\ufffd" },
	reset: { steps: [{ end: "reset" }] },
	eof: { steps: [{ end: "eof" }] },
	hang: { steps: [{ end: "hang" }] },
	endless: { steps: [{ repeat: chunk({ content: "and so on ".repeat(100) }), wait: 2 }] },
	"endless line": { steps: [{ send: "data: " }, { repeat: "x".repeat(65_536), wait: 2 }] },
	garbage: { steps: [{ send: 'data: {"choices": [\n\n' }] },
	cut: { steps: [] },
	500: { steps: FINISH, clean: true, before: [failing(500), failing(502)] },
	429: { steps: FINISH, clean: true, before: [failing(429, { "retry-after": "1" })] },
	401: { steps: FINISH, clean: true, before: [failing(401)] },
	302: { steps: FINISH, clean: true, before: [failing(302, { location: "http://169.254.169.254/v1/chat/completions" })] },
	html: {
		steps: FINISH,
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

function callOf(random, script, call, kind) {
	const { steps, clean = false, spelled = (send) => ({ send }), said = "@" } = ENDINGS[kind];
	const words = wordsOf(random, script, call, kind);
	const thought = random.chance(0.3) ? words.splice(0, words.length >> 1) : [];
	const pause = ENDINGS[kind].pause ?? (kind === "slow" ? 50 : random.pick([0, 5, 20, 30]));
	const sent = [...thought.map((text) => chunk({ reasoning_content: text })), ...words.map((content) => chunk({ content }))];
	const shown =
		(thought.length ? `\n<reasoning>\n${thought.join("")}` : "") + (words.length ? `\n<text>\n${words.join("")}` : "");
	return {
		call: {
			steps: [
				{ send: chunk({ role: "assistant", content: "" }) },
				...sent.flatMap((send) => [{ wait: pause }, spelled(send)]),
				...steps,
			],
		},
		planned: { shown: shown.replaceAll("@", said), clean },
	};
}

/** A script for one question: how it is answered the first, second and third time. */
export function makeScript(random, kind) {
	const script = random.id();
	const before = (ENDINGS[kind].before ?? []).map((call) => ({ call, planned: { shown: "", clean: false } }));
	const answers = [0, 1, 2].map((call) => callOf(random, script, call, call ? "plain" : kind));
	const all = [...before, ...answers];
	return {
		script,
		kind,
		mark: `[[play:${script}]]`,
		retried: before.length > 0,
		planned: all.map(({ planned }) => planned),
		calls: all.map(({ call }) => call),
	};
}
