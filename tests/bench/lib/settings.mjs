// The settings of a run, from its environment:
//
//   PARTS="list history"   these works (works.mjs); all of them by default
//   ROUNDS=3               rounds of each, and SIDES="lamplight peer": for these sides
//   SECONDS=3              length of a measurement; by default, streams have their own
//   STREAMS=1000 RATE=20   only streams of that shape
//   GAP=10                 chat.journal_gap_ms, of Lamplight and of the floor of its commits
//   GROWTH="10000 100000"  messages in the tables for the part `growth`
//   OUT=FILE               file for the results; by default build/bench/results.json

import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const { PARTS, ROUNDS, SIDES, SECONDS, STREAMS, RATE, GAP, GROWTH, OUT, PORT, VARIANT } = process.env;

const words = (text) => (text ?? "").split(/\s+/).filter(Boolean);

function number(name, text, otherwise) {
	if (!text) return otherwise;
	if (!/^[1-9]\d*$/.test(text)) throw new Error(`${name} is a number; not "${text}"`);
	return Number(text);
}

export const settings = {
	parts: words(PARTS),
	sides: words(SIDES),
	rounds: number("ROUNDS", ROUNDS),
	seconds: number("SECONDS", SECONDS),
	streams: number("STREAMS", STREAMS),
	rate: number("RATE", RATE),
	gap: number("GAP", GAP, 25),
	growth: words(GROWTH || "10000 100000").map((text) => number("GROWTH", text)),
	out: OUT || `${ROOT}build/bench/results.json`,
	/** The ports of the site, the model, the peer and the floors follow one another. */
	port: number("PORT", PORT, 8290),
	build: `${ROOT}build/${VARIANT || "release"}/tests/bench`,
};
