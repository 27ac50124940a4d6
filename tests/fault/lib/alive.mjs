// A connection as its reader sees it.

import { within } from "./within.mjs";

/** The server sends a sign of life twice a second. A reader that receives none considers the connection lost, whatever its socket says. */
export const SILENCE_MS = 15_000;

/** Yields what arrives of a body; throws the error "silence" if nothing arrives. */
export async function* alive(body) {
	const reader = body.getReader();
	try {
		for (;;) {
			const { done, value } = await within(SILENCE_MS, reader.read());
			if (done) return;
			yield value;
		}
	} finally {
		reader.cancel().catch(() => {});
	}
}
