// The site's own tools and a few web pages, for tools.http_file and fetch_page: a server on 127.0.0.1.
//
// The tool `probe` does what its arguments say: { key, answer, status, raw, gate }. It answers with `answer` as JSON or with
// `raw` unchanged, with `status`, and not before the test opens `gate`, if that is set. It remembers calls under their key.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { pathToFileURL } from "node:url";

const parameters = (properties, required = []) => ({ type: "object", properties, required, additionalProperties: false });

/** The tools, as the model sees them. */
export const OWN_TOOLS = [
	{
		name: "run_weather",
		description: "Weather of a city",
		parameters: parameters({ city: { type: "string" }, days: { type: "integer" } }, ["city"]),
	},
	{ name: "boom", description: "Always fails", parameters: parameters({}) },
	{ name: "danger", description: "Needs approval", parameters: parameters({ path: { type: "string" } }) },
	{
		name: "probe",
		description: "Does as it is told",
		parameters: parameters({ key: { type: "string" }, answer: {}, status: { type: "integer" }, raw: { type: "string" }, gate: { type: "string" } }),
	},
].map((definition) => ({ type: "function", function: definition }));

const toolsFile = (url) => OWN_TOOLS.map((tool) => ({ ...tool, url, ...(tool.function.name === "danger" && { approval: true }), timeout_ms: 60_000 }));

const json = (value, status = 200) => ({ status, type: "application/json", body: JSON.stringify(value) });
const page = (body, type = "text/html; charset=utf-8", status = 200) => ({ status, type, body });
const redirect = (location, status = 302) => ({ status, type: "text/html", body: "", location });

const TOOLS = {
	run_weather: ({ city }) => json({ city, sky: "sunny", temp: 21 }),
	boom: () => json({ error: "boom failed" }, 500),
	danger: () => json("deleted"),
	probe: ({ answer = null, status = 200, raw }) => (raw === undefined ? json(answer, status) : { status, type: "application/json", body: raw }),
};

const PAGES = {
	"/pages/plain.txt": () => page("plain & simple", "text/plain"),
	"/pages/data.json": () => page('{"a":1}', "application/json"),
	"/pages/article.html": () =>
		page(
			"<!doctype html><html><head><title>An  &amp; article</title><style>p{}</style><script>alert('no')</script></head>" +
				"<body><h1>Head</h1><p>One\n  two <b>three</b>.</p><ul><li>first<li>second</ul><!-- hidden --></body></html>",
		),
	"/pages/picture.png": () => page("\x89PNG", "image/png"),
	"/pages/broken": () => page(Buffer.from([0x61, 0xff, 0x62]), "text/plain"),
	"/pages/missing": () => page("no", "text/plain", 404),
	"/pages/large": () => page("x".repeat(3 << 20), "text/plain"),
	"/pages/moved": () => redirect("/pages/plain.txt"),
	"/pages/to-metadata": () => redirect("http://169.254.169.254/latest/meta-data/"),
	"/pages/to-loopback": () => redirect("http://127.0.0.1:80/"),
	"/pages/to-file": () => redirect("file:///etc/passwd"),
	"/pages/round": () => redirect("/pages/round"),
};

async function readBody(request) {
	const parts = [];
	for await (const part of request) parts.push(part);
	return Buffer.concat(parts).toString("utf8");
}

/** Opens the server and writes the file for tools.http_file. */
export async function startTools({ port = 0 } = {}) {
	const calls = new Map();
	const gates = new Map();

	const gate = (name) => {
		if (!gates.has(name)) gates.set(name, withResolvers());
		return gates.get(name);
	};

	async function call(request, response) {
		const body = JSON.parse(await readBody(request));
		const entry = { ...body, headers: request.headers, gone: false };
		response.on("close", () => (entry.gone = !response.writableFinished));
		const { key, gate: name } = body.arguments;
		if (key) calls.set(key, [...(calls.get(key) ?? []), entry]);
		if (name) await gate(name).promise;
		return TOOLS[body.name](body.arguments);
	}

	async function answer(request, response) {
		const [, what, key] = request.url.split("/");
		if (what === "pages") return (PAGES[request.url] ?? PAGES["/pages/missing"])();
		if (what === "call") return call(request, response);
		if (what === "calls") return json(calls.get(key) ?? []);
		if (what === "open") gate(key).resolve();
		return json(null);
	}

	const server = createServer({ keepAliveTimeout: 0 }, async (request, response) => {
		const { status, type, body, location } = await answer(request, response);
		response.writeHead(status, { "content-type": type, ...(location && { location }) });
		response.end(body);
	});
	await once(server.listen(port, "127.0.0.1"), "listening");

	const url = `http://127.0.0.1:${server.address().port}`;
	const folder = mkdtempSync(`${tmpdir()}/lamplight-tools-`);
	writeFileSync(`${folder}/tools.json`, JSON.stringify(toolsFile(`${url}/call`)));
	return {
		url,
		settings: {
			LAMPLIGHT_TOOLS_HTTP_FILE: `${folder}/tools.json`,
			LAMPLIGHT_TOOLS_FETCH: "on",
			LAMPLIGHT_TOOLS_FETCH_ALLOW: new URL(url).host,
		},
		close() {
			server.close();
			server.closeAllConnections();
			rmSync(folder, { recursive: true });
		},
	};
}

function withResolvers() {
	const made = {};
	made.promise = new Promise((resolve) => (made.resolve = resolve));
	return made;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
	const { url, settings } = await startTools({ port: Number(process.argv[2] ?? 0) });
	for (const [name, value] of Object.entries({ ...settings, LAMPLIGHT_TEST_TOOLS: url })) console.log(`${name}=${value}`);
}
