// OpenAI Responses, as a fake server speaks it: its events, and the requests that it refuses. The bytes follow the documented
// forms; wires/responses-chats.test.mjs reads them with the openai package.

import { belongs, idWith, isId, sealed } from "./signed.mjs";

const MODEL = "test-model";
const noise = (n) => "aB3xZ9".repeat(3).slice(0, 4 + (n % 13));

/** The events of one response; they are numbered as they are made. */
class Reply {
	#n = 0;
	#index = 0;
	output = [];
	sent = "";

	/** `ids`: the prefix of its items' ids. */
	constructor({ named = true, obfuscation = true, ids = "" } = {}) {
		this.named = named;
		this.obfuscation = obfuscation;
		this.ids = ids;
	}

	event(type, members) {
		const data = JSON.stringify({ type, sequence_number: this.#n++, ...members });
		this.sent += `${this.named ? `event: ${type}\n` : ""}data: ${data}\n\n`;
		return this;
	}

	response(status, more = {}) {
		return {
			id: "resp_01", object: "response", created_at: 1764390000, status, background: false, error: null, incomplete_details: null,
			instructions: "Be brief.", max_output_tokens: null, model: MODEL, output: [], parallel_tool_calls: true, previous_response_id: null,
			reasoning: { effort: null, summary: null }, store: false, temperature: 1, text: { format: { type: "text" } }, tool_choice: "auto",
			tools: [], top_p: 1, truncation: "disabled", usage: null, user: null, metadata: {}, ...more,
		};
	}

	begin() {
		this.event("response.created", { response: this.response("in_progress") });
		return this.event("response.in_progress", { response: this.response("in_progress") });
	}

	#open(item) {
		this.event("response.output_item.added", { output_index: this.#index, item });
	}

	#close(item) {
		this.event("response.output_item.done", { output_index: this.#index++, item });
		this.output.push(item);
		return this;
	}

	#deltas(type, at, pieces, more = {}) {
		for (const delta of pieces) this.event(type, { ...at, delta, ...more, ...(this.obfuscation && { obfuscation: noise(this.#n) }) });
	}

	text(pieces, { annotations = [], ...more } = {}) {
		const id = `msg_${this.ids}${this.#index}`;
		const item = (status, content) => ({ id, type: "message", status, content, role: "assistant", ...more });
		const at = { item_id: id, output_index: this.#index, content_index: 0 };
		const text = pieces.join("");
		const part = (text, annotations) => ({ type: "output_text", annotations, logprobs: [], text });
		this.#open(item("in_progress", []));
		this.event("response.content_part.added", { ...at, part: part("", []) });
		this.#deltas("response.output_text.delta", at, pieces, { logprobs: [] });
		for (const [annotation_index, annotation] of annotations.entries())
			this.event("response.output_text.annotation.added", { ...at, annotation_index, annotation });
		this.event("response.output_text.done", { ...at, text, logprobs: [] });
		this.event("response.content_part.done", { ...at, part: part(text, annotations) });
		return this.#close(item("completed", [part(text, annotations)]));
	}

	refusal(pieces) {
		const id = `msg_${this.ids}${this.#index}`;
		const item = (status, content) => ({ id, type: "message", status, content, role: "assistant" });
		const at = { item_id: id, output_index: this.#index, content_index: 0 };
		const refusal = pieces.join("");
		this.#open(item("in_progress", []));
		this.event("response.content_part.added", { ...at, part: { type: "refusal", refusal: "" } });
		this.#deltas("response.refusal.delta", at, pieces);
		this.event("response.refusal.done", { ...at, refusal });
		this.event("response.content_part.done", { ...at, part: { type: "refusal", refusal } });
		return this.#close(item("completed", [{ type: "refusal", refusal }]));
	}

	/** A list of lists: the pieces of each part of the summary. */
	reasoning(parts, encrypted_content = "gAAAAstate") {
		const id = `rs_${this.ids}${this.#index}`;
		const item = (summary, encrypted_content) => ({ id, type: "reasoning", encrypted_content, summary });
		this.#open(item([], "gAAAAbegin"));
		for (const [summary_index, pieces] of parts.entries()) {
			const at = { item_id: id, output_index: this.#index, summary_index };
			const text = pieces.join("");
			this.event("response.reasoning_summary_part.added", { ...at, part: { type: "summary_text", text: "" } });
			this.#deltas("response.reasoning_summary_text.delta", at, pieces);
			this.event("response.reasoning_summary_text.done", { ...at, text });
			this.event("response.reasoning_summary_part.done", { ...at, part: { type: "summary_text", text } });
		}
		return this.#close(item(parts.map((pieces) => ({ type: "summary_text", text: pieces.join("") })), encrypted_content));
	}

	call(call_id, name, pieces) {
		const id = `fc_${this.ids}${this.#index}`;
		const at = { item_id: id, output_index: this.#index };
		const item = (status, text) => ({ id, type: "function_call", status, arguments: text, call_id, name });
		this.#open(item("in_progress", ""));
		this.#deltas("response.function_call_arguments.delta", at, pieces);
		this.event("response.function_call_arguments.done", { ...at, arguments: pieces.join("") });
		return this.#close(item("completed", pieces.join("")));
	}

	search(query) {
		const id = `ws_${this.ids}${this.#index}`;
		const item = (status) => ({ id, type: "web_search_call", status, action: { type: "search", query } });
		const at = { item_id: id, output_index: this.#index };
		this.#open(item("in_progress"));
		for (const state of ["in_progress", "searching", "completed"]) this.event(`response.web_search_call.${state}`, at);
		return this.#close(item("completed"));
	}

	#usage(reasoning_tokens) {
		return { input_tokens: 7, input_tokens_details: { cached_tokens: 2 }, output_tokens: 5, output_tokens_details: { reasoning_tokens }, total_tokens: 12 };
	}

	end(more = {}) {
		return this.event("response.completed", { response: this.response("completed", { output: this.output, usage: this.#usage(1), ...more }) }).sent;
	}

	incomplete(reason) {
		const more = { output: this.output, usage: this.#usage(0), incomplete_details: reason && { reason } };
		return this.event("response.incomplete", { response: this.response("incomplete", more) }).sent;
	}

	failed(code, message) {
		return this.event("response.failed", { response: this.response("failed", { output: this.output, error: { code, message } }) }).sent;
	}

	error(code, message) {
		return this.event("error", { code, message, param: null }).sent;
	}
}

export const reply = (more) => new Reply(more).begin();

/** The steps of a complete reply with these words. */
export const says = (...words) => [{ send: reply().text(words).end() }];

export const echo = (said) => ({ steps: says("You said: ", said) });

/**
 * A server that checks its opaque state makes these: the encrypted content of a reasoning item, and the id of a call that
 * follows it.
 */
export const stateOf = (id) => sealed(`item ${id}`);
export const callAfter = (state, n) => idWith("call_", state, n);

const items = ({ input = [] }) => (typeof input === "string" ? [{ role: "user", content: input }] : input);

/** The text of the last message that a person sent. */
export function question(request) {
	const texts = ({ content }) => (typeof content === "string" ? [content] : content.filter(({ type }) => type === "input_text").map(({ text }) => text));
	const ours = /^\[(Your last message was cut off|Answer now)/;
	const said = items(request).filter(({ role }) => role === "user").map((item) => texts(item).filter((text) => !ours.test(text)));
	return said.findLast((list) => list.length > 0)?.join("\n\n") ?? "";
}

// ---- what the real server refuses

const CONTENT = { user: ["input_text", "input_image", "input_file"], developer: ["input_text"], system: ["input_text"], assistant: ["output_text", "refusal"] };
const KINDS = ["message", "function_call", "function_call_output", "reasoning"];

function* ofItem(item, at) {
	const type = item.type ?? "message";
	if (!KINDS.includes(type)) yield `Invalid value: '${type}'. (${at}.type)`;
	if (type === "message" && typeof item.content !== "string")
		for (const [k, part] of item.content.entries())
			if (!CONTENT[item.role]?.includes(part.type)) yield `Invalid value: '${part.type}'. (${at}.content[${k}])`;
	if (type === "function_call" && (typeof item.arguments !== "string" || !/^[\w-]{1,64}$/.test(item.name))) yield `Invalid '${at}.name'`;
	if (/^function_call/.test(type) && !/^.{1,64}$/.test(item.call_id ?? "")) yield `Invalid '${at}.call_id'`;
	if (type === "function_call_output" && typeof item.output !== "string") yield `Invalid '${at}.output'`;
	if (type === "reasoning" && !Array.isArray(item.summary)) yield `Missing required parameter: '${at}.summary'.`;
	if (type === "reasoning" && !item.encrypted_content)
		yield `Item with id '${item.id}' not found. Items are not persisted when \`store\` is set to false.`;
	if (type === "reasoning" && !/^rs_/.test(item.id ?? "")) yield `Invalid '${at}.id'`;
}

function* ofOrder(list) {
	const called = new Set(), answered = new Set();
	for (const [i, item] of list.entries()) {
		if (item.type === "function_call") called.add(item.call_id);
		if (item.type === "function_call_output") {
			if (!called.has(item.call_id)) yield `No tool call found for function call output with call_id ${item.call_id}.`;
			answered.add(item.call_id);
		}
		const next = list[i + 1];
		const follows = next?.type === "reasoning" || next?.type === "function_call" || next?.role === "assistant";
		if (item.type === "reasoning" && !follows) yield `Item '${item.id}' of type 'reasoning' was provided without its required following item.`;
	}
	for (const id of called) if (!answered.has(id)) yield `No tool output found for function call ${id}.`;
}

/** What a server that recognises its encrypted items refuses. */
function* ofStates(list) {
	let state = null;
	for (const item of list) {
		const made = item.type === "reasoning" || item.type === "function_call" || item.role === "assistant";
		if (item.type === "reasoning") {
			if (item.encrypted_content !== stateOf(item.id))
				yield `The encrypted content ${String(item.encrypted_content).slice(0, 4)}... could not be verified. Reason: Encrypted content could not be decrypted or parsed.`;
			state = item.encrypted_content;
		} else if (!made) {
			state = null;
		}
		if (item.type === "function_call" && isId(item.call_id) && !(state && belongs(item.call_id, state)))
			yield `Item '${item.id ?? item.call_id}' of type 'function_call' was provided without its required 'reasoning' item.`;
	}
}

function* faults(request, signed) {
	const known = ["model", "instructions", "input", "tools", "tool_choice", "stream", "store", "include", "reasoning", "max_output_tokens", "temperature", "top_p", "parallel_tool_calls"];
	for (const key of Object.keys(request)) if (!known.includes(key)) yield `Unknown parameter: '${key}'.`;
	if (request.stream !== true) yield "this fake streams";
	if (items(request).length === 0) yield "Missing required parameter: 'input'.";
	for (const [i, tool] of (request.tools ?? []).entries())
		if (tool.type === "function" && (!tool.name || tool.parameters?.type !== "object")) yield `Missing required parameter: 'tools[${i}].name'.`;
	for (const [i, item] of items(request).entries()) yield* ofItem(item, `input[${i}]`);
	yield* ofOrder(items(request));
	if (signed) yield* ofStates(items(request));
}

/**
 * The real server's answer to a request that it refuses, otherwise undefined. `signed`: it also checks its encrypted items.
 */
export function refusal(request, headers, { signed = false } = {}) {
	const answer = (status, type, code, message) => ({ status, body: JSON.stringify({ error: { message, type, param: null, code } }) });
	if (!/^Bearer .+/.test(headers.authorization ?? "")) return answer(401, "invalid_request_error", "invalid_api_key", "Missing bearer authentication in header");
	const [message] = faults(request, signed);
	return message && answer(400, "invalid_request_error", null, message);
}
