// The hook itself, rendered by React in a DOM: useChat of ai 5, 6 and 7 shows a conversation and learns its session's id.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { JSDOM } from "jsdom";
import { User, eventually } from "../support/api.mjs";
import { gated, play } from "../support/model.mjs";
import { Page, asJson, lines } from "./lines.mjs";

const dom = new JSDOM("<!doctype html><body></body>", { url: "http://127.0.0.1/" });
for (const [name, value] of Object.entries({
	window: dom.window,
	document: dom.window.document,
	navigator: dom.window.navigator,
}))
	Object.defineProperty(globalThis, name, { value, configurable: true });
const { createElement: h, useState } = await import("react");
const { createRoot } = await import("react-dom/client");

/** A page with one chat; `page.chat` is what the hook returned last. */
function View({ line, page }) {
	const [transport] = useState(() => page.transport(line.ai));
	const { onData, onError } = page;
	page.chat = line.react.useChat({ transport, onData, onError });
	const texts = page.chat.messages.map(({ id, role, parts }) =>
		h("p", { key: id }, `${role}: ${parts.map((part) => part.text ?? "").join("")}`),
	);
	return h("main", null, texts);
}

function show(line, page) {
	const element = document.body.appendChild(document.createElement("div"));
	const root = createRoot(element);
	root.render(h(View, { line, page }));
	const lines = () => [...element.querySelectorAll("p")].map((p) => p.textContent);
	return { lines, close: () => root.unmount() };
}

describe("useChat", () => {
	for (const line of lines) {
		test(`${line.name}: two messages, seen as they stream`, async () => {
			const page = new Page(await User.register());
			const view = show(line, page);
			await eventually(() => page.chat);
			const upstream = await play({ steps: gated("Hel", "lo") });

			const sent = page.chat.sendMessage({ text: `Hi${upstream.mark}` });
			await eventually(() => view.lines()[1] === "assistant: Hel");
			assert.equal(page.chat.status, "streaming");
			await upstream.open("1");
			await upstream.open("end");
			await sent;
			await eventually(() => view.lines()[1] === "assistant: Hello" && page.chat.status === "ready");
			assert.equal(page.byChunk, page.byHeader);

			await page.chat.sendMessage({ text: "again" });
			await eventually(() => view.lines()[3] === "assistant: You said: again" && page.chat.status === "ready");
			assert.equal(page.requests[1].sessionId, page.byHeader);
			const stored = await page.user.messages(page.sessionId);
			const comparable = ({ role, parts }) => ({ role, parts });
			assert.deepEqual(stored.map(comparable), asJson(page.chat.messages).map(comparable));
			view.close();
		});
	}
});
