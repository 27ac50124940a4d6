// Models that call the server's tools, and the results of the calls.

import { chunk, DONE, play, says } from "./model.mjs";

/** The location of the tests' tools (toolserver.mjs). */
export const SERVER = process.env.LAMPLIGHT_TEST_TOOLS;
export const ask = async (path) => (await fetch(SERVER + path)).json();

let calls = 0;

/** Steps of an answer with tool calls: [name, arguments, id?]; usage 10 + 1. */
export const callsTo = (...list) => [
	{ send: chunk({ role: "assistant", content: "" }) },
	...list.map(([name, args, id = `call_${++calls}`], index) => ({
		send: chunk({ tool_calls: [{ index, id, type: "function", function: { name, arguments: typeof args === "string" ? args : JSON.stringify(args) } }] }),
	})),
	{ send: chunk({}, "tool_calls") },
	{ send: chunk(null, null, { choices: [], usage: { prompt_tokens: 10, completion_tokens: 1, total_tokens: 11 } }) },
	{ send: DONE },
];

/** Returns a function that sends one message of *user* to a model that calls tools and then says something. */
export const runner = (user) => async (list, ...more) => {
	const upstream = await play({ steps: callsTo(...list) }, ...(more.length ? more : [{ steps: says("done") }]));
	const turn = await user.say(`go${upstream.mark}`);
	const [, stored] = await user.messages(turn.sessionId);
	return { turn, stored, upstream, requests: await upstream.requests() };
};

export const kinds = (turn) => turn.chunks.map(({ type }) => type).filter((type) => !/^(text|tool-input-(start|delta))/.test(type));
export const toolMessages = (request) => request.messages.filter(({ role }) => role === "tool");
export const partOf = (message, name) => message.parts.find(({ type }) => type === `tool-${name}`);
