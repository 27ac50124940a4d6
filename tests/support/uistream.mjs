// UI message streams: a strict reader of our server's bytes, and a stream's form without generated ids.

import assert from "node:assert/strict";

/** Splits a complete body into chunks. Everything but `data: <JSON>` events and comments is an error; [DONE] comes last. */
export function parse(body) {
	const events = body.split("\n\n");
	assert.equal(events.pop(), "", "the body ends with a blank line");
	const data = events.filter((event) => !event.startsWith(":")).map(payload);
	assert.equal(data.pop(), "[DONE]", "the last event is [DONE]");
	return data.map((text) => JSON.parse(text));
}

export function payload(event) {
	assert.match(event, /^data: [^\n]+$/, "one data line an event");
	return event.slice("data: ".length);
}

/**
 * Writes `actual`'s made-up ids the way `expected` does: where `expected` says gen-N, any id will do as long as it is
 * the same one everywhere and no other's.
 */
export function renameIds(actual, expected) {
	const names = new Map();
	const walk = (a, e) => {
		if (typeof e === "string" && /^gen-\d+$/.test(e) && typeof a === "string") {
			const known = names.get(a);
			if (!known && ![...names.values()].includes(e)) names.set(a, e);
			return names.get(a) ?? a;
		}
		if (Array.isArray(a) && Array.isArray(e)) return a.map((item, i) => walk(item, e[i]));
		if (a && e && typeof a === "object" && typeof e === "object")
			return Object.fromEntries(Object.entries(a).map(([key, value]) => [key, walk(value, e[key])]));
		return a;
	};
	return walk(actual, expected);
}

/** Replaces every errorText by "*": sentences are the server's own. */
export const withoutSentences = (value) =>
	JSON.parse(JSON.stringify(value), (key, text) => (key === "errorText" && text.length > 0 ? "*" : text));
