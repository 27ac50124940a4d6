// A connection as its reader sees it.

import { within } from "./within.mjs";

/** The server gives a sign of life twice a second. Who hears none takes the connection for lost, whatever its socket says. */
export const SILENCE_MS = 15_000;

/** What comes of a body; the error "silence" where nothing comes. */
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
