// A real Chat of ai 5, 6 and 7 shows what is stored, also while tools run in the server.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { newId, User } from "../support/api.mjs";
import { chunk, DONE, play, says } from "../support/model.mjs";
import { script } from "../support/vectors.mjs";
import { asJson, lines, openChat, Page } from "./lines.mjs";

const calls = (...list) => {
	const tool_calls = list.map(([name, args, id], index) => ({ index, id, type: "function", function: { name, arguments: JSON.stringify(args) } }));
	return { steps: [{ send: chunk({ content: "Let me see. " }) }, { send: chunk({ tool_calls }) }, { send: chunk({}, "tool_calls") }, { send: DONE }] };
};

async function assertStoredAsShown({ ai }, page, chat) {
	assert.deepEqual(page.errors, []);
	assert.equal(chat.status, "ready");
	const stored = await page.user.messages(page.sessionId);
	const parts = (messages) => messages.map(({ role, parts }) => ({ role, parts }));
	assert.deepEqual(parts(stored), parts(asJson(chat.messages)));
	const checked = await ai.safeValidateUIMessages({ messages: stored });
	assert.ok(checked.success, checked.error?.message);
	return stored;
}

for (const line of lines) {
	describe(line.name, { concurrency: 3 }, () => {
		for (const kind of ["tool-multi-step", "tool-multi-step-parallel", "tool-multi-step-error"])
			test(`a reply of the kind ${kind}, and one after it`, async () => {
				const page = new Page(await User.register());
				const upstream = await play(...script(kind), { steps: says("Fine.") });
				const chat = openChat(line, page);
				await chat.sendMessage({ text: `Hello${upstream.mark}` });
				await assertStoredAsShown(line, page, chat);
				await chat.sendMessage({ text: "and then?" });
				await assertStoredAsShown(line, page, chat);
			});

		test("steps that use the same ids", async () => {
			const page = new Page(await User.register());
			const again = (city) => calls(["run_weather", { city }, "call_0"]);
			const upstream = await play(again("Oslo"), again("Rome"), calls(["boom", {}, "call_0"]), { steps: says("Done.") });
			const chat = openChat(line, page);
			await chat.sendMessage({ text: `Hello${upstream.mark}` });
			const [, reply] = await assertStoredAsShown(line, page, chat);
			assert.deepEqual(reply.parts.filter(({ toolCallId }) => toolCallId).map(({ output, errorText }) => output?.city ?? errorText), ["Oslo", "Rome", "boom failed"]);
		});

		test("calls of both sides: the page answers its own, and the same message goes on", async () => {
			const page = new Page(await User.register());
			const both = calls(["run_weather", { city: "Oslo" }, `s_${newId()}`], ["get_weather", { city: "Rome" }, "mine"]);
			const upstream = await play(both, { steps: says("Both.") });
			const sendAutomaticallyWhen = line.ai.lastAssistantMessageIsCompleteWithToolCalls;
			const chat = openChat(line, page, {
				sendAutomaticallyWhen,
				onToolCall({ toolCall }) {
					if (toolCall.toolName === "get_weather") (chat.addToolOutput ?? chat.addToolResult)({ tool: "get_weather", toolCallId: "mine", output: "rain" });
				},
			});
			await chat.sendMessage({ text: `Hello${upstream.mark}` });
			while (chat.status !== "ready" || chat.lastMessage.parts.at(-1).text !== "Both.") await new Promise((resolve) => setTimeout(resolve, 20));
			await assertStoredAsShown(line, page, chat);
			const requests = await upstream.requests();
			assert.equal(requests.length, 2);
			assert.equal(requests[1].messages.filter(({ role }) => role === "tool").length, 2);
		});

		// The page itself sends a reply again as long as all tool calls in its last step are complete.
		for (const [side, tool] of [["server", "run_weather"], ["page", "get_weather"]]) {
			const endless = async (...then) => {
				const page = new Page(await User.register());
				const upstream = await play(...then.map((call, i) => call ?? calls([tool, { city: "Oslo" }, `c${i}`])));
				const sendAutomaticallyWhen = line.ai.lastAssistantMessageIsCompleteWithToolCalls;
				const chat = openChat(line, page, {
					sendAutomaticallyWhen,
					onToolCall({ toolCall: { toolName, toolCallId } }) {
						if (toolName === "get_weather") (chat.addToolOutput ?? chat.addToolResult)({ tool: "get_weather", toolCallId, output: "rain" });
					},
				});
				await chat.sendMessage({ text: `Hello${upstream.mark}` });
				const rests = () => ["ready", "error"].includes(chat.status) && chat.lastMessage.parts.every(({ state }) => state !== "input-available");
				for (let quiet = 0, all = 0; quiet < 20 && all < 600; all++, quiet = rests() ? quiet + 1 : 0) await new Promise((resolve) => setTimeout(resolve, 50));
				return { page, chat, requests: await upstream.requests() };
			};

			test(`a model that calls tools of the ${side} again and again is asked for words at last`, async () => {
				const { page, chat, requests } = await endless(null, null, null, null, null, { steps: says("Rain.") });
				assert.deepEqual(requests.map(({ tool_choice }) => tool_choice), ["auto", "auto", "auto", "auto", "auto", "none"]);
				assert.equal(chat.status, "ready");
				assert.equal(chat.lastMessage.parts.at(-1).text, "Rain.");
				await assertStoredAsShown(line, page, chat);
			});

			test(`a model that never stops calling tools of the ${side} ends the reply`, async () => {
				const { chat, requests } = await endless(...Array(12).fill(null));
				assert.equal(requests.length, 6);
				assert.equal(chat.status, "error");
				assert.match(chat.error.message, /kept calling tools/);
			});
		}

		if (line.name === "ai 5") return; // it has no approvals
		for (const approved of [true, false])
			test(`a person is asked and says ${approved ? "yes" : "no"}`, async () => {
				const page = new Page(await User.register());
				const upstream = await play(calls(["danger", { path: "/x" }, "call_1"]), { steps: says("Done.") });
				const sendAutomaticallyWhen = line.ai.lastAssistantMessageIsCompleteWithApprovalResponses;
				const chat = openChat(line, page, { sendAutomaticallyWhen });
				await chat.sendMessage({ text: `Hello${upstream.mark}` });
				await assertStoredAsShown(line, page, chat);
				const { approval } = chat.lastMessage.parts.at(-1);
				await chat.addToolApprovalResponse({ id: approval.id, approved, reason: "so it is" });
				while (chat.status !== "ready" || chat.lastMessage.parts.at(-1).text !== "Done.") await new Promise((resolve) => setTimeout(resolve, 20));
				const [, reply] = await assertStoredAsShown(line, page, chat);
				assert.equal(reply.parts[2].state, approved ? "output-available" : "output-denied");
				const { messages } = (await upstream.requests())[1];
				assert.equal(messages.at(-1).content, approved ? "deleted" : "so it is");
			});
	});
}
