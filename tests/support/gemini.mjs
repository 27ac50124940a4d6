// Gemini, as a fake server speaks it: streamGenerateContent with alt=sse, and the requests that it refuses. The bytes follow
// the documented forms; wires/gemini.test.mjs reads them with @google/genai.

import { isOurs, sealed } from "./signed.mjs";

const usageMetadata = { promptTokenCount: 7, candidatesTokenCount: 5, totalTokenCount: 12, promptTokensDetails: [{ modality: "TEXT", tokenCount: 7 }] };

/** One event, as it is sent: with blanks and CRLF. */
export const event = (data) => `data: ${JSON.stringify(data).replaceAll('":', '": ')}\r\n\r\n`;

/** The next parts of a reply, and its finish reason. */
export const parts = (list, finishReason, more = {}) =>
	event({
		candidates: [{ ...(list && { content: { parts: list, role: "model" } }), ...(finishReason && { finishReason }), index: 0, ...more }],
		usageMetadata,
		modelVersion: "test-model",
		responseId: "r-1",
	});
export const text = (text, more) => ({ text, ...more });
export const thought = (text, more) => ({ text, thought: true, ...more });
export const call = (name, args, thoughtSignature) => ({ functionCall: { name, args }, ...(thoughtSignature && { thoughtSignature }) });
/** A server that checks its opaque state makes these: the signature of a call, or of a text. */
export const signatureOf = (name, args) => sealed(`call ${name} ${JSON.stringify(args)}`);
export const blocked = (blockReason) => event({ promptFeedback: { blockReason }, usageMetadata: { promptTokenCount: 7, totalTokenCount: 7 }, modelVersion: "test-model" });

/** An error's body, as it is sent. */
export const failed = (code, status, message, details = []) => JSON.stringify([{ error: { code, message, status, details } }], null, 2);

/** The steps of a complete reply with these texts. */
export const says = (...words) => [...words.map((word) => ({ send: parts([text(word)]) })), { send: parts([text("")], "STOP") }];

export const echo = (said) => ({ steps: says("You said: ", said) });

/** The text of the last message that a person sent. */
export function question({ contents = [] }) {
	const ours = /^\[(Your last message was cut off|Answer now)/;
	const said = contents
		.filter(({ role }) => role === "user")
		.map(({ parts }) => parts.map(({ text }) => text).filter((text) => text && !ours.test(text)));
	return said.findLast((list) => list.length > 0)?.join("\n\n") ?? "";
}

// ---- what the real server refuses

const BASE64 = /^(?:[A-Za-z0-9+/_-]{4})*(?:[A-Za-z0-9+/_-]{2,3}={0,2})?$/;
const KNOWN = {
	request: ["contents", "systemInstruction", "tools", "toolConfig", "generationConfig", "safetySettings", "cachedContent"],
	part: ["text", "thought", "thoughtSignature", "inlineData", "functionCall", "functionResponse"],
	declaration: ["name", "description", "parameters", "parametersJsonSchema", "response", "behavior"],
	schema: ["type", "format", "title", "description", "nullable", "enum", "maxItems", "minItems", "properties", "required", "minProperties", "maxProperties", "minLength", "maxLength", "pattern", "example", "anyOf", "propertyOrdering", "default", "items", "minimum", "maximum"],
};

function* unknown(object, known, at) {
	for (const key of Object.keys(object)) if (!known.includes(key)) yield `Invalid JSON payload received. Unknown name "${key}"${at && ` at '${at}'`}: Cannot find field.`;
}

function* ofSchema(schema, at) {
	yield* unknown(schema, KNOWN.schema, at);
	const { format, properties, required, items, anyOf } = schema;
	if (schema.enum?.some((value) => typeof value !== "string")) yield `Invalid value at '${at}.enum' (TYPE_STRING)`;
	if (Array.isArray(schema.type)) yield `Proto field is not repeating, cannot start list at '${at}.type'`;
	const type = String(schema.type).toLowerCase();
	if (type === "string" && format && !["enum", "date-time"].includes(format)) yield `${at}.format: only 'enum' and 'date-time' are supported for STRING type`;
	if (properties && Object.keys(properties).length === 0) yield `${at}.properties: should be non-empty for OBJECT type`;
	if (type === "array" && !items) yield `${at}.items: missing field.`;
	for (const name of required ?? []) if (!properties?.[name]) yield `${at}.required: property is not defined: ${name}`;
	for (const [name, value] of Object.entries(properties ?? {})) yield* ofSchema(value, `${at}.properties[${name}]`);
	for (const value of [...(items ? [items] : []), ...(anyOf ?? [])]) yield* ofSchema(value, `${at}.items`);
}

function* ofTools(tools) {
	for (const [i, tool] of tools.entries())
		for (const [k, declaration] of (tool.functionDeclarations ?? []).entries()) {
			const at = `tools[${i}].function_declarations[${k}]`;
			yield* unknown(declaration, KNOWN.declaration, at);
			if (!/^[A-Za-z_][\w.:-]{0,63}$/.test(declaration.name)) yield `${at}.name: Invalid function name.`;
			if (declaration.parameters) yield* ofSchema(declaration.parameters, `${at}.parameters`);
		}
}

function* ofPart(part, at, role) {
	yield* unknown(part, KNOWN.part, at);
	const { functionCall, functionResponse, inlineData, text, thoughtSignature } = part;
	if (!functionCall && !functionResponse && !inlineData && typeof text !== "string") yield `${at}.data: required oneof field 'data' must have one initialized field`;
	if (text === "" && !thoughtSignature) yield `${at}: Unable to submit request because it must have a text parameter.`;
	if (thoughtSignature !== undefined && !BASE64.test(thoughtSignature)) yield `Invalid value at '${at}.thought_signature' (TYPE_BYTES), Base64 decoding failed`;
	const isObject = (value) => value && typeof value === "object" && !Array.isArray(value);
	if (functionCall && (role !== "model" || !isObject(functionCall.args))) yield `Invalid value at '${at}.function_call'`;
	if (functionResponse && (role !== "user" || !isObject(functionResponse.response))) yield `Invalid value at '${at}.function_response'`;
	if (inlineData && !BASE64.test(inlineData.data)) yield `Invalid value at '${at}.inline_data.data' (TYPE_BYTES), Base64 decoding failed`;
}

function* ofPairs(contents) {
	const names = (content, kind) => content?.parts.filter((part) => part[kind]).map((part) => part[kind].name) ?? [];
	for (const [i, content] of contents.entries()) {
		const calls = names(content, "functionCall");
		const results = names(contents[i + 1], "functionResponse");
		if (calls.length > 0 && i > 0 && contents[i - 1].role !== "user") yield "Please ensure that function call turn comes immediately after a user turn or after a function response turn.";
		if (calls.length > 0 || results.length > 0)
			if (calls.join() !== results.join()) yield "Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.";
	}
	if (names(contents[0], "functionResponse").length > 0) yield "Please ensure that function response turn comes immediately after a function call turn.";
}

/** The documented replacement for the signature of a call that another model made. */
export const NO_SIGNATURE = "skip_thought_signature_validator";

/**
 * What a server that recognises its signatures refuses: the first call of each step since the last message of a person needs
 * its own signature.
 */
function* ofSignatures(contents) {
	const current = contents.findLastIndex(({ role, parts }) => role === "user" && parts.some(({ text }) => text !== undefined));
	for (const [i, { parts }] of contents.entries()) {
		const first = parts.findIndex(({ functionCall }) => functionCall);
		for (const [k, { functionCall, thoughtSignature }] of parts.entries()) {
			if (thoughtSignature === NO_SIGNATURE) continue;
			if (thoughtSignature !== undefined && !isOurs(thoughtSignature)) yield "Corrupted thought signature.";
			if (!functionCall) continue;
			const { name, args } = functionCall;
			if (thoughtSignature === undefined && k === first && i > current)
				yield `Function call is missing a thought_signature in functionCall parts. This is required for tools to work correctly, and missing thought_signature may lead to degraded model performance. Additional data, function call \`default_api:${name}\`, position ${i}.`;
			if (thoughtSignature !== undefined && thoughtSignature !== signatureOf(name, args)) yield "Thought signature is not valid.";
		}
	}
}

function* faults(request, signed) {
	const { contents = [], tools = [], systemInstruction } = request;
	yield* unknown(request, KNOWN.request, "");
	if (contents.length === 0) yield "* GenerateContentRequest.contents: contents is not specified";
	if (systemInstruction && !systemInstruction.parts?.[0]?.text) yield "systemInstruction.parts: must not be empty";
	for (const [i, { role, parts = [] }] of contents.entries()) {
		if (!["user", "model"].includes(role)) yield "Please use a valid role: user, model.";
		if (i > 0 && contents[i - 1].role === role) yield "Please ensure that multiturn requests alternate between user and model.";
		if (parts.length === 0) yield `* GenerateContentRequest.contents[${i}].parts: contents.parts must not be empty.`;
		for (const [k, part] of parts.entries()) yield* ofPart(part, `contents[${i}].parts[${k}]`, role);
	}
	if (contents[0]?.role === "model" || contents.at(-1)?.role === "model") yield "Please ensure that multiturn requests end with a user role or a function response.";
	yield* ofPairs(contents);
	yield* ofTools(tools);
	if (signed) yield* ofSignatures(contents);
}

/** The real server's answer to a request that it refuses, otherwise undefined. `signed`: it also checks its signatures. */
export function refusal(request, headers, { signed = false } = {}) {
	const answer = (code, status, message, details) => ({ status: code, body: failed(code, status, message, details) });
	const key = headers["x-goog-api-key"];
	if (!key) return answer(403, "PERMISSION_DENIED", "Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other form of API consumer identity to call this API.");
	const info = { "@type": "type.googleapis.com/google.rpc.ErrorInfo", reason: "API_KEY_INVALID", domain: "googleapis.com" };
	if (key === "wrong") return answer(400, "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key.", [info]);
	const [message] = faults(request, signed);
	return message && answer(400, "INVALID_ARGUMENT", message);
}
