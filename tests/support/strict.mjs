// What real providers refuse, each by its own rules: a profile examines a request and returns null or the refusal, { status,
// body }, in the provider's form and words. The rules follow the providers' documentation and reports of refusals.

const text = (content) => (typeof content === "string" ? content : (content ?? []).map((part) => part.text ?? "").join(""));
const blank = (content) => text(content).trim() === "" && !(Array.isArray(content) && content.some(({ type }) => type !== "text"));
const kinds = (messages) => messages.flatMap(({ content }) => (Array.isArray(content) ? content.map(({ type }) => type) : []));
const calls = (messages) => messages.flatMap(({ tool_calls }) => tool_calls ?? []);
const some = (messages, key) => messages.some((message) => key in message);
const isObject = (json) => {
	try {
		return JSON.parse(json) instanceof Object && !(Array.isArray(JSON.parse(json)));
	} catch {
		return false;
	}
};

const openai = (status, message, more = {}) => ({
	status,
	body: JSON.stringify({ error: { message, type: "invalid_request_error", param: null, code: null, ...more } }),
});
const flat = (status, message, more = {}) => ({ status, body: JSON.stringify({ object: "error", message, type: "BadRequestError", param: null, code: status, ...more }) });
const google = (status, message) => ({ status, body: JSON.stringify([{ error: { code: status, message, status: "INVALID_ARGUMENT" } }]) });
const extra = (...loc) => ({
	status: 422,
	body: JSON.stringify({ detail: [{ type: "extra_forbidden", loc: ["body", ...loc], msg: "Extra inputs are not permitted", input: {} }] }),
});
const llamacpp = (message) => ({ status: 500, body: JSON.stringify({ error: { code: 500, message, type: "server_error" } }) });

/**
 * A person and the model take turns, and a person begins; calls and their results belong to the model. `system` counts as
 * such a turn.
 */
function alternates(messages, system) {
	let roles = messages.filter(({ role }) => role !== "tool");
	if (!system) roles = roles.filter(({ role }) => role !== "system");
	roles = roles.filter(({ role, tool_calls }, _i) => !(role === "assistant" && tool_calls));
	return roles.every(({ role }, i) => role === (i % 2 ? "assistant" : "user"));
}

/** Every call has one result directly after its message, and every result a call. */
function paired(messages) {
	let open = [];
	for (const { role, tool_calls, tool_call_id } of messages) {
		if (role === "tool") {
			if (!open.includes(tool_call_id)) return false;
			open = open.filter((id) => id !== tool_call_id);
			continue;
		}
		if (open.length > 0) return false;
		open = (tool_calls ?? []).map(({ id }) => id);
		if (new Set(open).size < open.length) return false;
	}
	return open.length === 0;
}

/** What no provider accepts. */
function nobody({ messages }) {
	const last = messages.at(-1);
	if (!paired(messages)) return openai(400, "An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'.");
	if (messages.some(({ role, content, tool_calls }) => role === "assistant" && blank(content) && !tool_calls?.length)) return openai(400, "the message with role 'assistant' must not be empty");
	if (messages.some(({ content }) => content !== null && blank(content))) return openai(400, "messages: text content blocks must be non-empty");
	if (messages.some(({ content }) => Array.isArray(content) && content.some((part) => part.type === "text" && blank(part.text)))) return openai(400, "messages: text content blocks must be non-empty");
	if (calls(messages).some((call) => !isObject(call.function.arguments))) return openai(400, "tool_use.input: Input should be a valid dictionary");
	if (calls(messages).some((call) => !/^[\w-]{1,64}$/.test(call.function.name))) return openai(400, "Invalid 'messages[].tool_calls[].function.name': string does not match pattern.");
	if (calls(messages).some(({ id }) => id.length > 40)) return openai(400, "Invalid 'messages[].tool_calls[].id': string too long.");
	if (new Set(calls(messages).map(({ id }) => id)).size < calls(messages).length) return openai(400, "messages: `tool_use` ids must be unique");
	if (!["user", "tool"].includes(last.role)) return openai(400, "This model does not support assistant message prefill. The conversation must end with a user message.");
	if (messages.some(({ role }, i) => role === "user" && messages[i - 1]?.role === "tool")) return flat(400, "Unexpected role 'user' after role 'tool'", { type: "invalid_request_message_order", code: "3230" });
	if (!alternates(messages, false)) return flat(400, "Conversation roles must alternate user/assistant/user/assistant/...");
	return null;
}

const refusals = {
	mistral({ messages, stream_options }) {
		if (stream_options) return extra("stream_options");
		const at = messages.findIndex((message) => "reasoning_content" in message);
		if (at >= 0) return extra("messages", at, "assistant", "reasoning_content");
		const bad = calls(messages).find(({ id }) => !/^[a-zA-Z0-9]{9}$/.test(id));
		if (bad) return flat(400, `Tool call id was ${bad.id} but must be a-z, A-Z, 0-9, with a length of 9.`, { type: "invalid_function_call", code: "3280" });
	},
	deepseek({ messages, tools }) {
		if (kinds(messages).includes("image_url"))
			return openai(400, "Failed to deserialize the JSON body into the target type: messages[3]: unknown variant `image_url`, expected `text` at line 1 column 381");
		if (some(messages, "reasoning_content")) return openai(400, "The reasoning_content field is not allowed in the input messages.");
		if (tools) return openai(400, "deepseek-reasoner does not support Function Calling");
	},
	"deepseek-thinking"({ messages }) {
		const at = messages.findIndex((message) => message.tool_calls && !message.reasoning_content);
		if (at >= 0) return openai(400, `Missing \`reasoning_content\` field in the assistant message at message index ${at}. For more information, please refer to the documentation.`);
	},
	"openai-o1"({ messages, max_tokens, temperature }) {
		const unsupported = { code: "unsupported_parameter" };
		if (max_tokens) return openai(400, "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.", { ...unsupported, param: "max_tokens" });
		if (temperature !== undefined && temperature !== 1)
			return openai(400, `Unsupported value: 'temperature' does not support ${temperature} with this model. Only the default (1) value is supported.`, { code: "unsupported_value", param: "temperature" });
		if (messages[0].role === "system") return openai(400, "Unsupported value: 'messages[0].role' does not support 'system' with this model.", { code: "unsupported_value", param: "messages[0].role" });
	},
	/** More problems than one turn can reveal. */
	"openai-o1-mini"({ messages, tools, max_tokens, temperature }) {
		const unsupported = { code: "unsupported_parameter" };
		if (max_tokens) return openai(400, "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.", { ...unsupported, param: "max_tokens" });
		if (temperature !== undefined && temperature !== 1)
			return openai(400, `Unsupported value: 'temperature' does not support ${temperature} with this model. Only the default (1) value is supported.`, { code: "unsupported_value", param: "temperature" });
		const role = messages.find(({ role }) => ["system", "developer"].includes(role))?.role;
		if (role) return openai(400, `Unsupported value: 'messages[0].role' does not support '${role}' with this model.`, { code: "unsupported_value", param: "messages[0].role" });
		if (tools) return openai(400, "Unsupported parameter: 'tools' is not supported with this model.", { ...unsupported, param: "tools" });
	},
	"ollama-no-tools"({ tools }) {
		if (tools) return openai(400, "registry.ollama.ai/library/gemma3:latest does not support tools", { type: "api_error" });
	},
	"vllm-template"({ messages, tools }) {
		if (tools) return flat(400, '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set');
		if (messages.some(({ role }) => role === "tool") || !alternates(messages, true))
			return flat(400, "Conversation roles must alternate user/assistant/user/assistant/...");
		if (kinds(messages).includes("image_url")) return flat(400, "google/gemma-2-9b-it is not a multimodal model");
	},
	azure({ stream_options }) {
		if (stream_options) return openai(400, "Unrecognized request argument supplied: stream_options");
	},
	groq({ messages }) {
		const at = messages.findIndex((message) => "reasoning_content" in message);
		if (at >= 0)
			return openai(400, `'messages.${at}' : for 'role:assistant' the following must be satisfied[('messages.${at}' : property 'reasoning_content' is unsupported)]`);
		const list = messages.findIndex(({ content }) => Array.isArray(content));
		if (list >= 0) return openai(400, `'messages.${list}' : for 'role:user' the following must be satisfied[('messages.${list}.content' : value must be a string)]`);
	},
	"gemini-openai"({ messages }) {
		if (some(messages, "reasoning_content")) return google(400, 'Invalid JSON payload received. Unknown name "reasoning_content" at \'messages[2]\': Cannot find field.');
		if (messages[0].role === "system") return google(400, "Developer instruction is not enabled for models/gemma-3-27b-it");
		if (kinds(messages).includes("file")) return google(400, "Invalid content part type: file");
	},
	"anthropic-openai"({ messages, tools }) {
		const id = calls(messages).find(({ id }) => !/^[a-zA-Z0-9_-]+$/.test(id));
		if (id) return openai(400, "messages.3.content.1.tool_use.id: String should match pattern '^[a-zA-Z0-9_-]+$'");
		if (calls(messages).length > 0 && !tools) return openai(400, "Requests which have `tool_use` blocks must define tools");
	},
	openrouter({ messages, tools }) {
		if (tools) return openai(404, "No endpoints found that support tool use. To learn more about provider routing, visit: https://openrouter.ai/docs", { code: 404 });
		if (kinds(messages).includes("image_url")) return openai(404, "No endpoints found that support image input", { code: 404 });
	},
	"llama.cpp"({ messages, tools }) {
		if (tools) return llamacpp("tools param requires --jinja flag; it is not supported without");
		if (kinds(messages).includes("image_url")) return llamacpp("image input is not supported - hint: if this is unexpected, you may need to provide the mmproj");
	},
	"llama-3.1-template"({ messages }) {
		if (messages.some(({ tool_calls }) => tool_calls?.length > 1)) return flat(400, "This model only supports single tool-calls at once!");
	},
	"old-gateway"({ stream_options, tool_choice }) {
		if (stream_options) return openai(400, "unrecognized request argument");
		if (tool_choice) return openai(400, "unrecognized request argument tool_choice");
	},
	"text-only"({ messages }) {
		if (kinds(messages).some((kind) => kind !== "text")) return { status: 400, body: "" };
	},
};

export const PROFILES = Object.keys(refusals);

/** The refusal of this request by that provider, or null. "window-N" counts 4 characters as a token. */
export function refusal(profile, request) {
	const window = /^window-(\d+)$/.exec(profile)?.[1];
	if (!window) return nobody(request) ?? refusals[profile](request) ?? null;
	const tokens = Math.ceil(JSON.stringify(request.messages).length / 4);
	if (tokens <= Number(window)) return nobody(request);
	return openai(400, `This model's maximum context length is ${window} tokens. However, your messages resulted in ${tokens} tokens. Please reduce the length of the messages.`, {
		code: "context_length_exceeded",
		param: "messages",
	});
}
