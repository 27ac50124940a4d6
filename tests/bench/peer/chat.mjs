// One question and its reply, which the AI SDK streams and which is stored when it has ended.

import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { consumeStream, convertToModelMessages, streamText } from "ai";
import { guard } from "./accounts.mjs";
import { Problem } from "./problem.mjs";
import { columnTime, isoTime, lease, newId, run, transaction } from "./tables.mjs";

const { LAMPLIGHT_LLM_BASE_URL, LAMPLIGHT_LLM_MODEL, LAMPLIGHT_LLM_API_KEY } = process.env;
const model = createOpenAICompatible({
	name: "model",
	baseURL: LAMPLIGHT_LLM_BASE_URL,
	apiKey: LAMPLIGHT_LLM_API_KEY,
	includeUsage: true,
})(LAMPLIGHT_LLM_MODEL);

const INSERT =
	"INSERT INTO message (session_id, id, parent_id, role, status, active, client_id, parts, metadata, worker_id, worker_epoch," +
	" create_time, update_time) VALUES (?, ?, ?, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?)";

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });
const TITLE_MAX = 50;

function titleOf({ parts }) {
	const text = parts.map((part) => (part.type === "text" ? part.text : "")).join(" ");
	const line = (/\S/.test(text) ? text : parts.map((part) => part.filename ?? "").join(" ")).replace(/[\s\p{Cc}]+/gu, " ").trim();
	const cut = [];
	for (const { segment } of graphemes.segment(line)) {
		if (cut.length === TITLE_MAX || [...cut.join(""), ...segment].length > 250) return `${cut.join("").trim()}…`;
		cut.push(segment);
	}
	return line || "New session";
}

/** The session, which the first question creates, and its newest message; locked until the question is stored. */
async function openSession(run, turn, messages, sessionId) {
	if (!sessionId) {
		turn.sessionId = newId();
		const values = [turn.sessionId, turn.userId, titleOf(messages[0]), turn.chatId, turn.now, turn.now];
		await run("INSERT INTO session (id, user_id, title, chat_id, create_time, update_time) VALUES (?, ?, ?, ?, ?, ?)", values);
		return { stored: [], fresh: messages };
	}
	const [row] = await run("SELECT id FROM session WHERE id = ? AND user_id = ? FOR UPDATE", [sessionId, turn.userId]);
	if (!row) throw new Problem(404);
	turn.sessionId = sessionId;
	await run("UPDATE session SET update_time = ? WHERE id = ?", [turn.now, sessionId]);
	const stored = await run(
		"SELECT id, role, parts FROM message WHERE session_id = ? AND active AND status <> 'streaming' ORDER BY id",
		[sessionId],
	);
	return { stored: stored.map((row) => ({ ...row, parts: JSON.parse(row.parts) })), fresh: messages.slice(-1) };
}

/** Stores what is new of the question, and the coming reply; returns the conversation. */
const openTurn = (turn, messages, sessionId) =>
	transaction(async (run) => {
		const { stored, fresh } = await openSession(run, turn, messages, sessionId);
		let parent = stored.at(-1)?.id ?? null;
		const insert = (id, role, status, clientId, parts, [worker, epoch]) =>
			run(INSERT, [turn.sessionId, id, parent, role, status, clientId, JSON.stringify(parts), null, worker, epoch, turn.now, turn.now]);
		for (const { id, role, parts } of fresh) {
			const own = newId();
			await insert(own, role, "complete", id ?? null, parts, [null, null]);
			if (role === "user") turn.userMessageIds.push(own);
			parent = own;
		}
		turn.replyId = newId();
		await insert(turn.replyId, "assistant", "streaming", null, [], lease());
		return [...stored, ...fresh];
	});

const usageOf = ({ inputTokens, outputTokens, totalTokens }) => ({ inputTokens, outputTokens, totalTokens });

/** The metadata of a reply, in the stream and in its row. */
function metadataOf(turn, part) {
	const head = { createTime: isoTime(turn.now), model: LAMPLIGHT_LLM_MODEL };
	if (part.type === "start") return head;
	if (part.type !== "finish") return undefined;
	const known = part.totalUsage.totalTokens !== undefined;
	return { status: "complete", ...(known && { usage: usageOf(part.totalUsage) }), finishReason: part.finishReason };
}

function store(turn, { responseMessage: { parts, metadata } }) {
	const status = metadata?.status ?? "error";
	return run(
		"UPDATE message SET status = ?, parts = ?, metadata = ?, worker_id = NULL, worker_epoch = NULL, update_time = ?" +
			" WHERE session_id = ? AND id = ?",
		[status, JSON.stringify(parts), JSON.stringify({ ...metadata, status }), columnTime(Date.now()), turn.sessionId, turn.replyId],
	);
}

async function answer({ body, userId }, reply) {
	const { id: chatId = null, messages, sessionId } = body;
	const turn = { userId, chatId, now: columnTime(Date.now()), userMessageIds: [] };
	const conversation = await openTurn(turn, messages, sessionId);
	const result = streamText({ model, messages: await convertToModelMessages(conversation), maxRetries: 0 });
	const response = result.toUIMessageStreamResponse({
		originalMessages: messages,
		generateMessageId: () => turn.replyId,
		messageMetadata: ({ part }) => metadataOf(turn, part),
		onFinish: (event) => store(turn, event),
		consumeSseStream: consumeStream, // the reply goes on when the reader has left
		headers: { "x-session-id": turn.sessionId, "x-accel-buffering": "no" },
	});
	return reply.send(withSession(response, turn));
}

/** The answer, with the ids that the client does not know yet. */
function withSession(response, { sessionId, userMessageIds }) {
	const data = `data: ${JSON.stringify({ type: "data-session", data: { sessionId, userMessageIds }, transient: true })}\n\n`;
	const first = new TextEncoder().encode(data);
	const body = response.body.pipeThrough(new TransformStream({ start: (controller) => controller.enqueue(first) }));
	return new Response(body, response);
}

const body = {
	type: "object",
	required: ["messages"],
	properties: {
		id: { type: "string", maxLength: 128 },
		sessionId: { type: "string", pattern: "^[1-9][0-9]{0,18}$" },
		messages: { type: "array", minItems: 1, items: { type: "object", required: ["role", "parts"] } },
	},
};

export async function chat(app) {
	app.addHook("onRequest", guard);
	app.post("/api/ai/chat", { schema: { body } }, answer);
}
