// The page in the handbook (docs/handbook/Chat.jsx), in a DOM: what it sends, shows and stops, and what it shows again after
// a reload.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { transform } from "esbuild";
import { JSDOM } from "jsdom";
import { URL_BASE, User, eventually } from "../support/api.mjs";
import { gated, play } from "../support/model.mjs";
import { lines } from "./lines.mjs";

const dom = new JSDOM("<!doctype html><body></body>", { url: "http://127.0.0.1/" });
const { window } = dom;
for (const [name, value] of Object.entries({ window, document: window.document, navigator: window.navigator }))
	Object.defineProperty(globalThis, name, { value, configurable: true });
const react = await import("react");
const jsx = await import("react/jsx-runtime");
const { createRoot } = await import("react-dom/client");

const source = readFileSync(new URL("../../docs/handbook/Chat.jsx", import.meta.url), "utf8");
const { code } = await transform(source, { loader: "jsx", format: "cjs", jsx: "automatic" });

/** Loads the page's module with this line of the SDK. */
function load(line) {
	const modules = { react, "react/jsx-runtime": jsx, ai: line.ai, "@ai-sdk/react": line.react };
	const module = { exports: {} };
	new Function("require", "module", code)((name) => modules[name], module);
	return module.exports;
}

class Page {
	constructor(page, user) {
		Object.assign(this, page, { api: `${URL_BASE}/api/ai`, token: () => user.token, sessionId: undefined });
	}

	/** Opens the page at its address. */
	async open() {
		const { api, token, sessionId } = this;
		const stored = sessionId && (await this.loadMessages(api, token, sessionId));
		this.element = document.body.appendChild(document.createElement("div"));
		this.root = createRoot(this.element);
		const onSession = (id) => {
			this.sessionId = id;
		};
		this.root.render(react.createElement(this.Chat, { api, token, sessionId, stored, onSession }));
		await eventually(() => this.element.querySelector("button"));
	}

	close() {
		this.root.unmount();
		this.element.remove();
	}

	shown = () => [...this.element.querySelectorAll("p")].map((p) => `${p.className}: ${p.textContent}`);
	press = () => this.element.querySelector("button").click();
	says = (word) => this.element.querySelector("button").textContent === word;

	async send(text) {
		const area = this.element.querySelector("textarea");
		Object.getOwnPropertyDescriptor(window.HTMLTextAreaElement.prototype, "value").set.call(area, text);
		area.dispatchEvent(new window.Event("input", { bubbles: true }));
		await eventually(() => area.value === text);
		this.press();
	}
}

describe("the handbook's page", { timeout: 120_000 }, () => {
	for (const line of lines)
		test(`${line.name}: asks, is reloaded in the middle of a reply, stops it`, async () => {
			const page = new Page(load(line), await User.register());
			await page.open();
			const first = await play({ steps: gated("Hel", "lo") });
			await page.send(`Hi${first.mark}`);
			await eventually(() => page.shown()[1] === "assistant: Hel" && page.says("Stop"));
			page.close();

			await page.open();
			await eventually(() => page.shown()[1] === "assistant: Hel");
			await first.open("1");
			await first.open("end");
			await eventually(() => page.shown()[1] === "assistant: Hello" && page.says("Send"));

			const second = await play({ steps: gated("On and on", " and on") });
			await page.send(`more${second.mark}`);
			await eventually(() => page.shown()[3] === "assistant: On and on" && page.says("Stop"));
			page.press();
			await eventually(() => page.says("Send"));
			const shown = page.shown();
			page.close();

			await page.open();
			await eventually(() => page.shown().length === 4);
			assert.deepEqual(page.shown(), shown);
			page.close();
		});
});
