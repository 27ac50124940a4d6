// A real Firefox through WebDriver BiDi (https://w3c.github.io/webdriver-bidi/), which a distribution's browser supports
// unmodified; playwright needs a build of its own. It can do only what a journey needs: navigate, press keys and buttons,
// look.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { WebSocket } from "ws";

const TIMEOUT_MS = Number(process.env.PATIENCE_MS ?? 30_000);
const KEYS = { Enter: "\uE007", Tab: "\uE004", Escape: "\uE00C", ArrowUp: "\uE013", ArrowDown: "\uE015", Control: "\uE009", Alt: "\uE00A", Shift: "\uE008" };

/** Resolves as the promise does, or fails after some time with an error that names what did not happen. */
function within(what, promise) {
	let timer;
	const late = new Promise((_, reject) => {
		timer = setTimeout(() => reject(new Error(`Firefox: not in time: ${what}`)), TIMEOUT_MS);
	});
	return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

export class Firefox {
	/** What the page must never do: raise errors, or violate its policy. */
	complaints = [];
	#calls = new Map();
	#id = 0;

	static async open({ width = 1280, height = 860 } = {}) {
		const firefox = new Firefox();
		firefox.profile = mkdtempSync(`${tmpdir()}/firefox-`);
		// Nobody but us connects to it, and it connects to nobody.
		const quiet = ["browser.shell.checkDefaultBrowser", "datareporting.policy.dataSubmissionEnabled", "app.update.enabled", "network.captive-portal-service.enabled", "network.connectivity-service.enabled"];
		writeFileSync(`${firefox.profile}/user.js`, quiet.map((name) => `user_pref("${name}", false);\n`).join(""));
		const args = ["--headless", "--no-remote", "--remote-debugging-port", "0", "--profile", firefox.profile, `--width=${width}`, `--height=${height}`];
		firefox.process = spawn(process.env.FIREFOX ?? "/usr/bin/firefox-esr", args, { stdio: ["ignore", "ignore", "pipe"] });
		try {
			await within("the start", firefox.#connect());
			await firefox.#call("session.new", { capabilities: {} });
			await firefox.#call("session.subscribe", { events: ["log.entryAdded", "network.beforeRequestSent"] });
			const { contexts } = await firefox.#call("browsingContext.getTree", {});
			firefox.context = contexts[0].context;
			await firefox.resize(width, height);
		} catch (error) {
			await firefox.close();
			throw error;
		}
		return firefox;
	}

	async #connect() {
		let said = "";
		const address = await new Promise((resolve, reject) => {
			this.process.once("error", reject);
			this.process.once("exit", (code) => reject(new Error(`Firefox ended with ${code}: ${said}`)));
			this.process.stderr.on("data", (piece) => {
				said += piece;
				const found = /WebDriver BiDi listening on (ws:\S+)/.exec(said);
				if (found) resolve(found[1]);
			});
		});
		this.socket = new WebSocket(`${address}/session`);
		await new Promise((resolve, reject) => this.socket.once("open", resolve).once("error", reject));
		this.socket.on("message", (data) => this.#hear(JSON.parse(data)));
	}

	#hear({ id, result, error, message, method, params }) {
		// Leaving a page aborts its loads, which Firefox reports as an error of the service worker. Other tests check that it delivers
		// every file.
		if (method === "log.entryAdded" && /A ServiceWorker intercepted the request/.test(params.text ?? "")) return;
		if (method === "log.entryAdded" && (params.type === "javascript" || /Content.Security.Policy/i.test(params.text ?? ""))) this.complaints.push(params.text);
		if (method === "network.beforeRequestSent" && params.isBlocked) this.#call("network.failRequest", { request: params.request.request }).catch(() => {}); // it may be gone
		const call = this.#calls.get(id);
		if (call === undefined) return;
		this.#calls.delete(id);
		if (error === undefined) call.resolve(result);
		else call.reject(new Error(`${call.method}: ${error}: ${message}`));
	}

	#call(method, params) {
		const id = ++this.#id;
		const answer = new Promise((resolve, reject) => this.#calls.set(id, { method, resolve, reject }));
		this.socket.send(JSON.stringify({ id, method, params }));
		return within(method, answer);
	}

	resize(width, height) {
		return this.#call("browsingContext.setViewport", { context: this.context, viewport: { width, height } });
	}

	goto(url) {
		return this.#call("browsingContext.navigate", { context: this.context, url, wait: "complete" });
	}

	reload() {
		return this.#call("browsingContext.reload", { context: this.context, wait: "complete" });
	}

	/** Calls a function in the page and resolves to its result; arguments and result are JSON. */
	async evaluate(fn, ...args) {
		const expression = `(async () => JSON.stringify(await (${fn})(...${JSON.stringify(args)})))()`;
		const { result, exceptionDetails } = await this.#call("script.evaluate", { expression, target: { context: this.context }, awaitPromise: true });
		if (exceptionDetails) throw new Error(exceptionDetails.text);
		return result.value === undefined ? undefined : JSON.parse(result.value);
	}

	/** Waits until the function returns something true, and resolves to that. */
	async until(fn, ...args) {
		for (const end = Date.now() + TIMEOUT_MS; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 100))) {
			const value = await this.evaluate(fn, ...args).catch(() => undefined); // between two documents there is none
			if (value) return value;
		}
		const text = await this.evaluate(() => document.body.innerText.slice(-1500)).catch(String);
		throw new Error(`Firefox: never: ${fn} ${JSON.stringify(args)}; the page ends so:\n${text}`);
	}

	/** Presses keys: a named key, or the characters of a text. */
	async press(...keys) {
		const values = keys.flatMap((key) => KEYS[key] ?? [...key]);
		const actions = values.flatMap((value) => [{ type: "keyDown", value }, { type: "keyUp", value }]);
		await this.#call("input.performActions", { context: this.context, actions: [{ type: "key", id: "keyboard", actions }] });
	}

	/** Holds keys down together: `chord("Control", "k")`. */
	async chord(...keys) {
		const values = keys.map((key) => KEYS[key] ?? key);
		const actions = [...values.map((value) => ({ type: "keyDown", value })), ...values.toReversed().map((value) => ({ type: "keyUp", value }))];
		await this.#call("input.performActions", { context: this.context, actions: [{ type: "key", id: "keyboard", actions }] });
	}

	/** Chooses files of this machine, as a person does in the browser's dialog. */
	async pick(selector, ...files) {
		const { result } = await this.#call("script.evaluate", { expression: `document.querySelector(${JSON.stringify(selector)})`, target: { context: this.context }, awaitPromise: false });
		await this.#call("input.setFiles", { context: this.context, element: { sharedId: result.sharedId }, files });
	}

	/** Makes requests to paths with this ending fail, as without a network, until the returned function is called. */
	async cutOff(pathname) {
		const { intercept } = await this.#call("network.addIntercept", { phases: ["beforeRequestSent"], contexts: [this.context], urlPatterns: [{ type: "pattern", pathname }] });
		return () => this.#call("network.removeIntercept", { intercept });
	}

	/** Prints the page as a PDF. */
	async print() {
		const { data } = await this.#call("browsingContext.print", { context: this.context });
		return Buffer.from(data, "base64");
	}

	/**
	 * Presses the first visible element of this kind that has the name with a mouse, as soon as it stands still, is enabled,
	 * and nothing lies over it. Presses again if the element has moved away from the pointer in the meantime.
	 */
	async click(selector, name) {
		for (let tries = 0; !(await this.#press(selector, name)); tries++) if (tries === 10) throw new Error(`Firefox: it does not stand still: ${selector} ${name}`);
	}

	async #press(selector, name) {
		const find = async (selector, name) => {
			const element = [...document.querySelectorAll(selector)].find(
				(each) => each.checkVisibility() && (each.getAttribute("aria-label") ?? each.textContent).replace(/\s+/g, " ").trim().includes(name),
			);
			if (element === undefined || element.disabled || element.getAttribute("aria-disabled") === "true") return null;
			element.scrollIntoView({ block: "nearest" });
			const middle = () => {
				const box = element.getBoundingClientRect();
				return { x: Math.round(box.x + box.width / 2), y: Math.round(box.y + box.height / 2) };
			};
			const before = middle();
			for (const _ of [1, 2]) await new Promise((resolve) => requestAnimationFrame(resolve));
			const { x, y } = middle();
			const top = document.elementFromPoint(x, y);
			const hit = top !== null && (element.contains(top) || top.contains(element));
			if (!hit || !element.isConnected || x !== before.x || y !== before.y) return null;
			window.pressed = undefined;
			const note = ({ target }) => {
				window.pressed = element.contains(target) || target.contains(element);
			};
			document.addEventListener("pointerdown", note, { capture: true, once: true });
			return { x, y };
		};
		const { x, y } = await this.until(find, selector, name);
		const actions = [{ type: "pointerMove", x, y }, { type: "pointerDown", button: 0 }, { type: "pointerUp", button: 0 }];
		await this.#call("input.performActions", { context: this.context, actions: [{ type: "pointer", id: "mouse", actions }] });
		// A pressed link leads to another document.
		return (await this.evaluate(() => window.pressed ?? true).catch(() => true)) === true;
	}

	async shot(path) {
		const { data } = await this.#call("browsingContext.captureScreenshot", { context: this.context });
		writeFileSync(path, Buffer.from(data, "base64"));
	}

	async close() {
		this.socket?.close();
		const ended = new Promise((resolve) => (this.process.exitCode === null && this.process.signalCode === null ? this.process.once("exit", resolve) : resolve()));
		this.process.kill("SIGTERM");
		await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 5000))]);
		if (this.process.exitCode === null) this.process.kill("SIGKILL");
		rmSync(this.profile, { recursive: true, force: true, maxRetries: 5 });
	}
}
