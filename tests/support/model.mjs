// A test's messages to the fake model (upstream.mjs): registers a script, opens its gates, reads the requests received.

import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { chunk, DONE } from "./upstream.mjs";

export { chunk, DONE };

const control = async (method, path, body) => {
	const url = process.env.LAMPLIGHT_TEST_MODEL + path;
	const response = await fetch(url, { method, body: body && JSON.stringify(body) });
	if (!response.ok) throw new Error(`${method} ${path}: ${response.status}`);
	return response.json();
};

/**
 * Registers a script under an id of its own. `mark` goes into the user's text; `requests()` returns the bodies received,
 * parsed.
 */
export async function play(...calls) {
	const id = randomBytes(6).toString("hex");
	await control("PUT", `/${id}`, calls);
	const log = () => control("GET", `/${id}`);
	return {
		id,
		mark: `[[play:${id}]]`,
		log,
		requests: async () => (await log()).map(({ raw }) => JSON.parse(raw)),
		open: (gate) => control("POST", `/${id}/${gate}`),
		/** Waits until the model was called `n` times. */
		async called(n = 1) {
			let entries;
			while ((entries = await log()).length < n) await sleep(10);
			return entries;
		},
	};
}

/** Steps of a complete, healthy reply: the role, one delta per text, finish, usage, [DONE]. */
export const says = (...texts) =>
	[
		chunk({ role: "assistant", content: "" }),
		...texts.map((content) => chunk({ content })),
		chunk({}, "stop"),
		chunk(null, null, {
			choices: [],
			usage: { prompt_tokens: 7, completion_tokens: texts.length, total_tokens: 7 + texts.length },
		}),
		DONE,
	].map((send) => ({ send }));

/** Steps of a reply that waits before each text but the first until the test opens the gate with that index. */
export const gated = (...texts) =>
	texts
		.flatMap((content, i) => [...(i ? [{ gate: String(i) }] : []), { send: chunk({ content }) }])
		.concat({ gate: "end" }, { send: chunk({}, "stop") }, { send: DONE });

/** Makes the model as strict as that provider (strict.mjs); with "" it accepts everything again. */
export const beStrict = (profile) => control("POST", `/profile/${profile}`);

/** The requests to a strict model since the last call: { request, refused }. */
export const judged = () => control("GET", "/profile");

/** Refuses every connection to the model while `work` runs. */
export async function refusing(work) {
	await control("DELETE", "/");
	try {
		return await work();
	} finally {
		await control("PATCH", "/");
	}
}

/** The errors of a wire's server about requests since the last call: their bodies. */
export const refusals = () => control("GET", "/refusals");

/** Makes the servers of the other wires check the opaque state that comes back (signed.mjs); with false they do not. */
export const lookAtState = (on) => control("POST", `/signed/${on ? "on" : "off"}`);
