// Anthropic Messages, as a fake server speaks it: its events, and the requests that it refuses. The bytes follow the
// documented forms; wires/anthropic.test.mjs reads them with @anthropic-ai/sdk.

import { belongs, idWith, isId, isOurs, sealed } from "./signed.mjs";

/** One event, as it is sent. */
export const event = (data) => `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`;

export const start = (usage = { input_tokens: 7, output_tokens: 1 }) =>
	event({
		type: "message_start",
		message: { id: "msg_01", type: "message", role: "assistant", model: "test-model", content: [], stop_reason: null, stop_sequence: null, usage },
	});

const begin = (index, content_block) => event({ type: "content_block_start", index, content_block });
export const delta = (index, delta) => event({ type: "content_block_delta", index, delta });
const stop = (index) => event({ type: "content_block_stop", index });

export const text = (index, ...pieces) =>
	begin(index, { type: "text", text: "" }) + pieces.map((text) => delta(index, { type: "text_delta", text })).join("") + stop(index);
export const thinking = (index, signature, ...pieces) =>
	begin(index, { type: "thinking", thinking: "", signature: "" }) +
	pieces.map((thinking) => delta(index, { type: "thinking_delta", thinking })).join("") +
	delta(index, { type: "signature_delta", signature }) +
	stop(index);
export const redacted = (index, data) => begin(index, { type: "redacted_thinking", data }) + stop(index);
export const tool = (index, id, name, input) =>
	begin(index, { type: "tool_use", id, name, input: {} }) +
	delta(index, { type: "input_json_delta", partial_json: "" }) +
	delta(index, { type: "input_json_delta", partial_json: JSON.stringify(input) }) +
	stop(index);
export const end = (stop_reason = "end_turn", usage = { output_tokens: 5 }) =>
	event({ type: "message_delta", delta: { stop_reason, stop_sequence: null }, usage }) + event({ type: "message_stop" });

export const failed = (type, message) => event({ type: "error", error: { type, message } });

/**
 * A server that checks its opaque state makes these: the signature of a thought, the data of hidden reasoning, and the id of
 * a call that follows.
 */
export const signatureOf = (thought) => sealed(`thought ${thought}`);
export const stateOf = (n) => sealed(`redacted ${n}`);
export const callAfter = (signature, n) => idWith("toolu_", signature, n);

/** The steps of a complete reply with these blocks. */
export const says = (...words) => [{ send: start() }, { send: text(0, ...words) }, { send: end() }];

export const echo = (said) => ({ steps: says("You said: ", said) });

/** The text of the last message that a person sent. */
export function question({ messages = [] }) {
	const texts = ({ content }) =>
		typeof content === "string" ? [content] : content.filter(({ type }) => type === "text").map(({ text }) => text);
	const ours = /^\[(Your last message was cut off|Answer now)/;
	const said = messages.filter(({ role }) => role === "user").map((message) => texts(message).filter((text) => !ours.test(text)));
	return said.findLast((list) => list.length > 0)?.join("\n\n") ?? "";
}

// ---- what the real server refuses

const ID = /^[a-zA-Z0-9_-]+$/;
const blocks = ({ content }) => (typeof content === "string" ? [{ type: "text", text: content }] : content);

function* ofBlock(block, at, role, last) {
	if (block.type === "text" && block.text.trim() === "") yield `${at}: text content blocks must contain non-whitespace text`;
	if (block.type === "tool_use" && !ID.test(block.id)) yield `${at}.tool_use.id: String should match pattern '^[a-zA-Z0-9_-]+$'`;
	if (block.type === "tool_use" && (typeof block.input !== "object" || Array.isArray(block.input))) yield `${at}.tool_use.input: Input should be a valid dictionary`;
	if (block.type === "thinking" && !block.signature) yield `${at}.thinking.signature: Field required`;
	if (/thinking/.test(block.type) && role === "assistant" && last) yield `${at}: The final block in an assistant message cannot be \`thinking\`.`;
	if ((block.type === "tool_use" || /thinking/.test(block.type)) && role !== "assistant") yield `${at}: unexpected block of ${role}`;
	if (block.type === "tool_result" && role !== "user") yield `${at}: unexpected tool_result`;
	if (/thinking/.test(block.type) && block.cache_control) yield `${at}.cache_control: Extra inputs are not permitted`;
}

function* ofPairs(messages) {
	for (const [i, message] of messages.entries()) {
		const calls = blocks(message).filter(({ type }) => type === "tool_use").map(({ id }) => id);
		const next = messages[i + 1] ? blocks(messages[i + 1]) : [];
		const results = next.filter(({ type }) => type === "tool_result").map((block) => block.tool_use_id);
		if (calls.some((id) => !results.includes(id))) yield `messages.${i}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after`;
		if (results.some((id) => !calls.includes(id))) yield `messages.${i + 1}: unexpected \`tool_use_id\` found in \`tool_result\` blocks`;
		const firstOther = next.findIndex(({ type }) => type !== "tool_result");
		if (firstOther >= 0 && next.slice(firstOther).some(({ type }) => type === "tool_result")) yield `messages.${i + 1}: tool_result blocks must come first`;
	}
}

function* ofThinking({ thinking, messages, temperature, max_tokens }) {
	if (thinking?.type !== "enabled") return;
	if (max_tokens <= thinking.budget_tokens) yield "`max_tokens` must be greater than `thinking.budget_tokens`";
	if (temperature !== undefined && temperature !== 1) yield "`temperature` may only be set to 1 when thinking is enabled";
	const i = currentTurn(messages);
	const first = messages[i] && blocks(messages[i])[0].type;
	if (first && !/thinking/.test(first)) yield `messages.${i}.content.0.type: Expected \`thinking\` or \`redacted_thinking\`, but found \`${first}\``;
}

/** The position from which blocks must be unchanged: after the last message of a person. */
function currentTurn(messages) {
	const onlyResults = (message) => message.role === "user" && blocks(message).every(({ type }) => type === "tool_result");
	let i = messages.length - 1;
	while (i > 0 && (messages[i].role === "assistant" || onlyResults(messages[i]))) i--;
	return i + 1;
}

/** What a server that recognises its signatures refuses. */
function* ofSignatures({ messages }) {
	const current = currentTurn(messages);
	for (const [i, message] of messages.entries()) {
		let state = null;
		for (const [k, block] of blocks(message).entries()) {
			const at = `messages.${i}.content.${k}`;
			if (block.type === "thinking" && block.signature !== signatureOf(block.thinking)) yield `${at}: Invalid \`signature\` in \`thinking\` block`;
			if (block.type === "redacted_thinking" && !isOurs(block.data)) yield `${at}: Invalid \`data\` in \`redacted_thinking\` block`;
			if (/thinking/.test(block.type)) state = block.signature ?? block.data;
			if (block.type === "tool_use" && isId(block.id) && i >= current && !(state && belongs(block.id, state)))
				yield `${at}: \`thinking\` or \`redacted_thinking\` blocks in the latest assistant message cannot be modified. These blocks must remain as they were in the original response.`;
		}
	}
}

function* faults(request, headers, signed) {
	const { messages = [], system, tools, max_tokens, stream } = request;
	if (!["2023-06-01", "2026-10-21"].includes(headers["anthropic-version"])) yield "anthropic-version: header is required";
	if (!Number.isInteger(max_tokens) || max_tokens < 1) yield "max_tokens: Field required";
	if (stream !== true) yield "stream: this fake streams";
	if (messages.length === 0) yield "messages: at least one message is required";
	if (messages[0]?.role !== "user") yield "messages: first message must use the user role";
	for (const [i, message] of messages.entries()) {
		if (!["user", "assistant"].includes(message.role)) yield `messages: Unexpected role "${message.role}"`;
		if (i > 0 && messages[i - 1].role === message.role) yield "messages: roles must alternate";
		const list = blocks(message);
		if (list.length === 0) yield `messages.${i}: all messages must have non-empty content`;
		for (const [k, block] of list.entries()) yield* ofBlock(block, `messages.${i}.content.${k}`, message.role, k + 1 === list.length);
	}
	const last = messages.at(-1);
	if (last?.role === "assistant" && /\s$/.test(blocks(last).at(-1).text ?? "")) yield "messages: final assistant content cannot end with trailing whitespace";
	const all = messages.flatMap(blocks);
	if (all.some(({ type }) => type === "tool_use") && !tools?.length) yield "tools: Field required";
	for (const { input_schema, type, name } of tools ?? []) if (!type && (input_schema?.type !== "object" || !ID.test(name))) yield `tools: ${name}`;
	const marks = [...(Array.isArray(system) ? system : []), ...(tools ?? []), ...all].filter(({ cache_control }) => cache_control);
	if (marks.length > 4) yield `A maximum of 4 blocks with cache_control may be provided. Found ${marks.length}.`;
	yield* ofPairs(messages);
	yield* ofThinking(request);
	if (signed) yield* ofSignatures(request);
}

/** The real server's answer to a request that it refuses, otherwise undefined. `signed`: it also checks its signatures. */
export function refusal(request, headers, { signed = false } = {}) {
	const answer = (status, type, message) => ({ status, body: JSON.stringify({ type: "error", error: { type, message }, request_id: "req_1" }) });
	if (!headers["x-api-key"] && !headers.authorization) return answer(401, "authentication_error", "x-api-key header is required");
	const [message] = faults(request, headers, signed);
	return message && answer(400, "invalid_request_error", message);
}
