// A step of a loop of reasoning and tool calls, as the server of each wire sends it, with state that the server recognises;
// and the part of that state that a request returns.

import * as anthropic from "../../../support/anthropic.mjs";
import * as gemini from "../../../support/gemini.mjs";
import * as responses from "../../../support/responses.mjs";

const NAME = "probe";

/** Hidden reasoning has state, too. */
function anthropically(n, args) {
	const hidden = n % 3 === 2;
	const state = hidden ? anthropic.stateOf(n) : anthropic.signatureOf(`hm ${n}`);
	const thought = hidden ? anthropic.redacted(0, state) : anthropic.thinking(0, state, "hm ", String(n));
	const last = args ? anthropic.tool(1, anthropic.callAfter(state, 0), NAME, args) : anthropic.text(1, "done");
	return { state, bytes: anthropic.start() + thought + last + anthropic.end(args ? "tool_use" : "end_turn") };
}

function asGemini(n, args) {
	const state = gemini.signatureOf(NAME, args ?? {});
	const thought = gemini.parts([gemini.thought(`hm ${n}`)]);
	const last = args ? gemini.parts([gemini.call(NAME, args, state)]) : gemini.parts([gemini.text("done")]);
	return { state, bytes: thought + last + gemini.parts([gemini.text("")], "STOP") };
}

function byResponses(n, args) {
	const ids = `${n}_`;
	const state = responses.stateOf(`rs_${ids}0`);
	const reply = responses.reply({ ids }).reasoning([["hm ", String(n)]], state);
	return { state, bytes: (args ? reply.call(responses.callAfter(state, n), NAME, [JSON.stringify(args)]) : reply.text(["done"])).end() };
}

function changed(raw, change) {
	const request = JSON.parse(raw);
	change(request);
	return JSON.stringify(request);
}

/**
 * say(n, args): the bytes of step n, and its state; without arguments it is the last step. thinks, calls: the event that
 * shows that the model thinks, or has called. cut(state): what goes back with a call after which its step was cut off, on
 * wires where such a call goes back as a failed one. states(request): all state that comes back, in order. without(raw,
 * state): the request without that state.
 */
export const WIRES = {
	anthropic: {
		say: anthropically,
		thinks: /"thinking_delta"|"content_block_stop","index":0/,
		calls: /"content_block_stop","index":1/,
		cut: () => [],
		states: ({ messages }) =>
			messages.flatMap(({ content }) => content).filter(({ type }) => /thinking/.test(type)).map(({ signature, data }) => signature ?? data),
		without: (raw, state) =>
			changed(raw, ({ messages }) => {
				for (const message of messages) message.content = message.content.filter(({ signature, data }) => signature !== state && data !== state);
			}),
	},
	gemini: {
		say: asGemini,
		thinks: /"thought": true/,
		calls: /"functionCall"/,
		cut: () => [gemini.NO_SIGNATURE],
		states: ({ contents }) => contents.flatMap(({ parts }) => parts).map(({ thoughtSignature }) => thoughtSignature).filter(Boolean),
		without: (raw, state) =>
			changed(raw, ({ contents }) => {
				for (const part of contents.flatMap(({ parts }) => parts)) if (part.thoughtSignature === state) delete part.thoughtSignature;
			}),
	},
	responses: {
		say: byResponses,
		thinks: /reasoning_summary_text\.delta/,
		calls: /"response.output_item.done".*"function_call"/,
		cut: (state) => [state],
		states: ({ input }) => input.filter(({ type }) => type === "reasoning").map(({ encrypted_content }) => encrypted_content),
		without: (raw, state) => changed(raw, (request) => (request.input = request.input.filter((item) => item.encrypted_content !== state))),
	},
};

/** Nothing more arrives, although the server is there. */
export const WAITS = { repeat: ": still there\n\n", wait: 500 };

/** A complete answer, or everything up to and including the first matching event, and then silence. */
export function answer(bytes, until) {
	if (!until) return { steps: [{ send: bytes }] };
	const events = bytes.split(/(?<=\n\r?\n)/);
	const n = events.findIndex((event) => until.test(event)) + 1;
	if (n === 0) throw new Error(`no event is like ${until}`);
	return { steps: [{ send: events.slice(0, n).join("") }, WAITS] };
}
