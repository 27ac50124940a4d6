// What this server makes of a recorded case. The records come from the SDK's own server; ours differs in two things on
// purpose: an invalid tool call always has the form that all clients understand, and the first error ends the
// reply, after its open parts have ended.

import assert from "node:assert/strict";
import { Chat } from "@ai-sdk/react6";

const START = { type: "start", messageId: "msg-assistant-1" };

class Open {
	blocks = [];
	calls = new Map();
	step = false;

	see({ type, id, toolCallId, toolName, inputTextDelta }) {
		if (/^(text|reasoning)-start$/.test(type)) this.blocks.push({ type: type.replace("start", "end"), id });
		if (/^(text|reasoning)-end$/.test(type)) this.blocks = this.blocks.filter((block) => block.id !== id);
		if (type === "tool-input-start") this.calls.set(toolCallId, { toolName, input: "" });
		if (type === "tool-input-delta") this.calls.get(toolCallId).input += inputTextDelta;
		if (type === "tool-input-available") this.calls.delete(toolCallId);
		if (type === "start-step") this.step = true;
		if (type === "finish-step") this.step = false;
	}

	/** How a reply ends that did not reach its finish. */
	endings = () => [
		...this.blocks,
		...[...this.calls].flatMap(([toolCallId, call]) => [
			{ type: "tool-input-available", toolCallId, ...call },
			{ type: "tool-output-error", toolCallId, errorText: "*" },
		]),
		...(this.step ? [{ type: "finish-step" }] : []),
		{ type: "message-metadata" },
		{ type: "error", errorText: "*" },
	];
}

/** An invalid call is available, with its arguments as received, + output-error; without a `dynamic` mark. */
function alike({ dynamic, ...chunk }, open) {
	if (chunk.type !== "tool-input-error") return chunk;
	const { errorText, ...available } = chunk;
	return { ...available, type: "tool-input-available", input: open.calls.get(chunk.toolCallId).input };
}

/** The chunks this server sends where the SDK's server sent `recorded`. */
export function ourForm(recorded) {
	const open = new Open();
	const chunks = [];
	for (const theirs of recorded) {
		const chunk = alike(theirs, open);
		if (chunk.type === "error") return [...chunks, ...open.endings()];
		chunks.push(chunk);
		open.see(chunk);
		if (chunk.type === "finish") return chunks;
	}
	return [...chunks, ...open.endings()];
}

/** The message that a real client shows after these chunks. */
export async function assemble(chunks) {
	const stream = new ReadableStream({
		start(controller) {
			for (const chunk of chunks) controller.enqueue(chunk);
			controller.close();
		},
	});
	const chat = new Chat({ transport: { sendMessages: async () => stream }, onError: () => {} });
	await chat.sendMessage({ text: "Hello" });
	return JSON.parse(JSON.stringify(chat.messages[1]));
}

/**
 * Our stream without what the records lack: Snowflake ids, metadata and the session's chunk. All of these are checked here.
 */
export function plain(turn) {
	const [start, session, ...rest] = turn.chunks;
	assert.equal(start.type, "start");
	assert.match(start.messageId, /^[1-9]\d*$/);
	assert.deepEqual(Object.keys(start.messageMetadata).sort(), ["createTime", "model", "modelId"]);
	assert.equal(new Date(start.messageMetadata.createTime).toISOString(), start.messageMetadata.createTime);
	assert.equal(session.type, "data-session");
	assert.equal(session.transient, true);
	assert.equal(session.data.sessionId, turn.sessionId);
	return [START, ...rest.map(({ messageMetadata, ...chunk }) => checkEnd(chunk, messageMetadata))];
}

function checkEnd(chunk, metadata) {
	if (chunk.type === "finish") assert.ok(["complete", "stopped"].includes(metadata.status), JSON.stringify(metadata));
	if (chunk.type === "message-metadata")
		assert.ok(["error", "interrupted"].includes(metadata.status), JSON.stringify(metadata));
	return chunk;
}

/** Usage as in our metadata; optional members that are 0 or absent are the same. */
export function usage({ inputTokens, outputTokens, totalTokens, cachedInputTokens, reasoningTokens } = {}) {
	if (inputTokens === undefined) return undefined;
	return {
		inputTokens,
		outputTokens,
		totalTokens,
		...(cachedInputTokens && { cachedInputTokens }),
		...(reasoningTokens && { reasoningTokens }),
	};
}
