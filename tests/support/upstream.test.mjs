// Tests the fake model with the real SDK server: streamText turns a replayed vector into what was recorded.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { convertToModelMessages, jsonSchema, streamText } from "ai6";
import { play } from "./model.mjs";
import { parse, renameIds } from "./uistream.mjs";
import { startModel } from "./upstream.mjs";
import { load, script, vectors } from "./vectors.mjs";

let model;

before(async () => {
	model = await startModel();
	process.env.LAMPLIGHT_TEST_MODEL = model.controlUrl;
});
after(() => model.close());

const offered = (tools = []) =>
	Object.fromEntries(
		tools.map(({ function: { name, description, parameters } }) => [
			name,
			{ description, inputSchema: jsonSchema(parameters) },
		]),
	);

async function sdkServer(mark, { request, meta }) {
	const messages = [{ id: "msg-user-1", role: "user", parts: [{ type: "text", text: `Hello${mark}` }] }];
	const provider = createOpenAICompatible({ name: "upstream", baseURL: model.baseUrl, includeUsage: meta.includeUsage });
	const result = streamText({
		model: provider("test-model"),
		messages: await convertToModelMessages(messages),
		tools: offered(request.tools),
		maxRetries: 0,
		onError: () => {},
	});
	const ids = { originalMessages: messages, generateMessageId: () => "msg-assistant-1" };
	return result.toUIMessageStreamResponse(ids).text();
}

describe("the replayed vectors, answered by streamText", () => {
	const serverSide = /execute \(server-side\)|approval/;
	const breaksTheBody = ["error-connection-reset", "tool-name-never"];
	for (const { name } of vectors("stream")) {
		const vector = load(name);
		if (serverSide.test(vector.meta.tools ?? "") || breaksTheBody.includes(name)) continue;
		test(name, async () => {
			const upstream = await play(...script(name));
			const expected = parse(vector.uiStream);
			const actual = parse(await sdkServer(upstream.mark, vector));
			assert.deepEqual(renameIds(actual, expected), expected);
			const [sent] = await upstream.requests();
			assert.deepEqual(sent.messages, [{ role: "user", content: `Hello${upstream.mark}` }]);
		});
	}
});
