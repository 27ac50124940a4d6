// What a run is asked for, by its environment:
//
//   PARTS="list history"   which works (works.mjs), all of them without it
//   ROUNDS=3               rounds of each, and SIDES="lamplight peer" whom
//   SECONDS=3              measured in each; without it streams have times of their own
//   STREAMS=1000 RATE=20   streams of that shape alone
//   GROWTH="10000 100000"  messages in the tables for the part `growth`
//   OUT=FILE               where the results go, build/bench/results.json

import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const { PARTS, ROUNDS, SIDES, SECONDS, STREAMS, RATE, GROWTH, OUT, PORT, VARIANT } = process.env;

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
	growth: words(GROWTH || "10000 100000").map((text) => number("GROWTH", text)),
	out: OUT || `${ROOT}build/bench/results.json`,
	/** The site's, the model's, the peer's and the floors' ports follow each other. */
	port: number("PORT", PORT, 8290),
	build: `${ROOT}build/${VARIANT || "release"}/tests/bench`,
};
