// /api/admin: which models a provider offers, and what a model does when an administrator tries it.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, before, describe, test } from "node:test";
import { HEADER, KEY, aModel, aProvider, admin, post } from "../support/admin.mjs";
import { fileURLToPath } from "node:url";
import { lamplightWhile } from "../support/instance.mjs";

describe("a provider's list of models", () => {
	let asked, answer;
	const server = createServer((request, response) => {
		asked = request;
		answer(response);
	});
	before(async () => {
		await once(server.listen(0, "127.0.0.1"), "listening");
	});
	after(() => {
		server.close();
		server.closeAllConnections();
	});

	const says = (body, status = 200) => (response) => response.writeHead(status).end(typeof body === "string" ? body : JSON.stringify(body));
	const at = (more) => aProvider({ baseUrl: `http://127.0.0.1:${server.address().port}/v1/`, ...more });
	const offers = (provider) => admin.get(`/api/admin/providers/${provider.id}/offers`);
	const KINDS = [
		["openai", "/v1/models", "authorization", `Bearer ${KEY}`, { data: [{ id: "a" }, { id: "b" }] }],
		["responses", "/v1/models", "authorization", `Bearer ${KEY}`, { data: [{ id: "a" }, { id: "b" }] }],
		["anthropic", "/v1/models?limit=1000", "x-api-key", KEY, { data: [{ type: "model", id: "a", display_name: "A" }, { id: "b" }], has_more: false }],
		["gemini", "/v1/models?pageSize=1000", "x-goog-api-key", KEY, { models: [{ name: "models/a" }, { name: "models/b" }] }],
	];
	for (const [kind, path, header, value, body] of KINDS)
		test(`${kind}, asked as it is spoken to`, async () => {
			answer = says(body);
			const answered = await offers(await at({ kind, headers: { "X-Team": HEADER } }));
			assert.deepEqual(answered.json, { models: ["a", "b"] }, answered.text);
			assert.deepEqual([asked.method, asked.url, asked.headers[header], asked.headers["x-team"]], ["GET", path, value, HEADER]);
		});

	test("is cut off at ten thousand names", async () => {
		answer = says({ data: Array.from({ length: 12_000 }, (_, n) => ({ id: `vendor/model-${n}`, description: "x".repeat(300) })) });
		const answered = await offers(await at());
		assert.equal(answered.status, 200, answered.text);
		const { models } = answered.json;
		assert.deepEqual([models.length, models.at(-1)], [10_000, "vendor/model-9999"]);
	});

	const PAGES = [
		["anthropic", "after_id", (names, more) => ({ data: names.map((id) => ({ id })), has_more: more, last_id: names.at(-1) })],
		["gemini", "pageToken", (names, more) => ({ models: names.map((name) => ({ name: `models/${name}` })), ...(more && { nextPageToken: names.at(-1) }) })],
	];
	for (const [kind, parameter, page] of PAGES)
		test(`${kind}: a list in pages is read to its end`, async () => {
			const asked = [];
			answer = (response) => {
				const after = new URL(response.req.url, "http://x").searchParams.get(parameter);
				asked.push(after);
				response.end(JSON.stringify(after === null ? page(["a/+", "b &"], true) : after === "b &" ? page(["c"], true) : page(["d"], false)));
			};
			assert.deepEqual((await offers(await at({ kind }))).json, { models: ["a/+", "b &", "c", "d"] });
			assert.deepEqual(asked, [null, "b &", "c"]);
			// One list never ends, another repeats itself.
			let n = 0;
			answer = (response) => response.end(JSON.stringify(page([`m${n++}`], true)));
			assert.equal((await offers(await at({ kind }))).json.models.length, 50);
			answer = says(page(["same"], true));
			assert.deepEqual((await offers(await at({ kind }))).json, { models: ["same", "same"] });
			// Its second page is not a list.
			answer = (response) => (response.req.url.includes(parameter) ? response.writeHead(500).end() : response.end(JSON.stringify(page(["x"], true))));
			(await offers(await at({ kind }))).problem(502, { code: "provider_away" });
		});

	test("an unreachable provider or an odd answer gets a sentence", { timeout: 60_000 }, async () => {
		const provider = await at();
		const bad = [
			[says("secret words", 401), /refuses the key \(401\)/],
			[says("secret words", 404), /has no list of models \(404\)/],
			[says("secret words", 500), /answered with status 500/],
			[says("", 302), /answered with status 302/],
			[says("secret words"), /something else than a list/],
			[says(""), /something else than a list/],
			[says({ error: "secret words" }), /something else than a list/],
			[says({ data: [{ id: "x".repeat(9 << 20) }] }), /too long/],
			[(response) => response.writeHead(200, { "content-length": 100 }) && response.write('{"data":[', () => response.destroy()), /broke off/],
			[(response) => response.destroy(), /did not answer/],
		];
		for (const [way, sentence] of bad) {
			answer = way;
			const { detail } = (await offers(provider)).problem(502, { code: "provider_away" });
			assert.match(detail, sentence);
			assert.ok(!detail.includes("secret"), detail);
		}
		const nowhere = await aProvider({ baseUrl: "http://127.0.0.1:9/v1" });
		assert.match((await offers(nowhere)).problem(502, { code: "provider_away" }).detail, /takes connections/);
		(await admin.get("/api/admin/providers/1/offers")).problem(404);
		(await admin.get("/api/admin/providers/x/offers")).problem(400);
	});

	test("a provider that hangs is asked once and does not delay the others", { timeout: 90_000 }, async () => {
		const held = createServer(() => {});
		await once(held.listen(0, "127.0.0.1"), "listening");
		const timed = async (asked) => {
			const began = Date.now();
			return { answered: await asked, ms: Date.now() - began };
		};
		const hanging = await Promise.all(Array.from({ length: 3 }, () => at({ baseUrl: `http://127.0.0.1:${held.address().port}/v1/` })));
		answer = says({ data: [{ id: "a" }] });
		const other = await at();
		const asked = Array.from({ length: 6 }, () => timed(offers(hanging[0]))).concat(hanging.slice(1).map((one) => timed(offers(one))));
		await new Promise((done) => setTimeout(done, 300));
		const { answered, ms } = await timed(offers(other));
		assert.deepEqual(answered.json, { models: ["a"] }, answered.text);
		assert.ok(ms < 2000, `${ms} ms`);
		const ended = await Promise.all(asked);
		for (const one of ended) assert.ok(one.ms < 20_000, `${one.ms} ms`);
		const away = ended.filter((one) => one.answered.status === 502);
		assert.equal(away.length, 3, "each is asked once");
		for (const one of away) assert.match(one.answered.problem(502, { code: "provider_away" }).detail, /did not answer/);
		for (const one of ended.filter((one) => !away.includes(one))) assert.match(one.answered.problem(503, { code: "offers_running" }).detail, /already.*in a minute/);
		// An administrator may ask again.
		(await offers(hanging[0])).problem(502, { code: "provider_away" });
		held.close();
		held.closeAllConnections();
	});

	test("the command \"provider test\" lists the same models, or says why there are none", async () => {
		answer = says({ data: [{ id: "a" }, { id: "b" }] });
		const { name } = await at();
		assert.equal(await lamplightWhile("provider", "test", name, "--json"), '{"models":["a","b"]}\n');
		assert.equal(await lamplightWhile("provider", "test", name), `${name} answers, and lists 2 models:\n  a\n  b\n`);
		const refused = (...words) => lamplightWhile("provider", "test", name, ...words).then(() => assert.fail("it went well"), ({ code, stderr }) => [code, stderr]);
		answer = says("No.", 401);
		assert.deepEqual(await refused(), [1, "The provider refuses the key (401).\n"]);
		assert.deepEqual(await refused("--json", "more"), [1, "After the name, only --json is possible.\n"]);
	});
});

describe("trying out a model", () => {
	/** The demo model understands all four kinds. */
	let demo, port;
	before(async () => {
		demo = spawn(`build/${process.env.VARIANT || "release"}/bin/demo-llm`, ["0", "0"], { cwd: fileURLToPath(new URL("../..", import.meta.url)), stdio: ["ignore", "pipe", "ignore"] });
		const [line] = await once(demo.stdout, "data");
		port = Number(/\d{4,5}/.exec(line));
	});
	after(() => demo.kill());
	const trial = async (provider, more) => {
		const model = await aModel(provider.id, more);
		const answer = await post(`models/${model.id}/test`, {});
		assert.equal(answer.status, 200, answer.text);
		const { checks, ...rest } = answer.json;
		return { model, checks: Object.fromEntries(checks.map(({ name, ...check }) => [name, check])), ...rest };
	};

	for (const kind of ["openai", "responses", "anthropic", "gemini"])
		test(kind, { timeout: 60_000 }, async () => {
			const provider = await aProvider({ kind, baseUrl: `http://127.0.0.1:${port}/v1` });
			const { checks, takes } = await trial(provider, { upstreamName: "demo" });
			assert.deepEqual(Object.keys(checks), ["list", "answer", "tools", "images", "reasoning"]);
			assert.equal(checks.list.detail, "It is the only model that the provider lists.");
			assert.match(checks.answer.detail, /^It answered in \d+ ms\.$/);
			assert.deepEqual([checks.list.ok, checks.answer.ok, checks.tools.ok, checks.images.ok, takes], [true, true, true, true, ""]);
		});

	describe("trying out a model whose server supports little", () => {
		/** Refuses in the words of such servers. */
		const server = createServer(async (request, response) => {
			let text = "";
			for await (const piece of request) text += piece;
			const refuse = (message) => response.writeHead(400, { "content-type": "application/json" }).end(JSON.stringify({ error: { message } }));
			asked.push(request.headers["x-team"]);
			if (request.method === "GET") return response.end(JSON.stringify({ data: offered.map((id) => ({ id })) }));
			const body = JSON.parse(text);
			if (body.tools) return refuse("registry.ollama.ai/library/m:latest does not support tools");
			if (text.includes("image_url")) return refuse("This model does not support image input.");
			response.writeHead(200, { "content-type": "text/event-stream" });
			const chunk = (delta, finish_reason = null) => `data: ${JSON.stringify({ choices: [{ index: 0, delta, finish_reason }] })}\n\n`;
			response.end(`${chunk({ reasoning_content: "Hm." })}${chunk({ content: "OK" })}${chunk({}, "stop")}data: [DONE]\n\n`);
		});
		const asked = [];
		let offered = ["other"];
		before(() => once(server.listen(0, "127.0.0.1"), "listening"));
		after(() => server.close());
		const at = () => aProvider({ kind: "openai", baseUrl: `http://127.0.0.1:${server.address().port}/v1`, headers: { "X-Team": HEADER } });

		test("stores what the server refuses, for use in chats", { timeout: 60_000 }, async () => {
			const { model, checks, takes, version } = await trial(await at());
			assert.deepEqual(
				Object.entries(checks).map(([name, { ok, detail }]) => [name, ok, detail.replace(/\d+ ms/, "N ms")]),
				[
					["list", false, "The provider lists one model, and this is not it."],
					["answer", true, "It answered in N ms."],
					["tools", false, "It takes no tools."],
					["images", false, "It takes no images."],
					["reasoning", true, "It shows its thoughts."],
				],
			);
			assert.deepEqual([takes, version], ["tools=off images=off", 2]);
			const { models } = (await admin.get("/api/admin/models")).json;
			assert.equal(models.find((one) => one.id === model.id).takes, takes);
			assert.ok(asked.every((team) => team === HEADER), "its headers go with each request");
		});

		test("the sentence is right for several refusals and for none", { timeout: 60_000 }, async () => {
			const provider = await at();
			const said = async (...names) => {
				offered = names;
				return (await trial(provider)).checks.list;
			};
			assert.deepEqual(await said(), { ok: false, detail: "The provider lists no models." });
			assert.deepEqual(await said("a", "b"), { ok: false, detail: "It is none of the 2 models that the provider lists." });
			offered = ["other"];
		});

		test("the command \"model test\" reports the same", { timeout: 60_000 }, async () => {
			const { id } = await aModel((await at()).id);
			const said = await lamplightWhile("model", "test", id);
			assert.match(said, /^list +no +The provider lists one model, and this is not it\./m);
			assert.match(said, /^tools +no +It takes no tools\.$/m);
			assert.match(said, /^takes +tools=off images=off$/m);
			const { checks, takes, version } = JSON.parse(await lamplightWhile("model", "test", id, "--json"));
			assert.deepEqual(checks.find(({ name }) => name === "tools"), { name: "tools", ok: false, detail: "Turned off in its settings (takes). Clear that to try it." });
			assert.equal(takes, "tools=off images=off");
			assert.equal(typeof version, "number");
			await assert.rejects(lamplightWhile("model", "test", id, "--yaml"), { stderr: "After the name, only --json is possible.\n" });
		});
	});

	test("only one model of a provider is tried at a time; another has to wait", { timeout: 120_000 }, async () => {
		const server = createServer((_, response) => held.push(response));
		const held = [];
		await once(server.listen(0, "127.0.0.1"), "listening");
		const provider = await aProvider({ kind: "openai", baseUrl: `http://127.0.0.1:${server.address().port}/v1` });
		const [first, second] = [await aModel(provider.id), await aModel(provider.id)];
		const running = post(`models/${first.id}/test`, {});
		while (held.length === 0) await new Promise((done) => setTimeout(done, 20));
		assert.match((await post(`models/${second.id}/test`, {})).problem(503, { code: "trial_running" }).detail, /in a minute/);
		// A request to another provider does not wait.
		const elsewhere = await aModel((await aProvider({ kind: "openai", baseUrl: "http://127.0.0.1:9/v1" })).id);
		assert.equal((await post(`models/${elsewhere.id}/test`, {})).status, 200);
		server.close();
		server.closeAllConnections();
		assert.equal((await running).status, 200);
		assert.equal((await post(`models/${second.id}/test`, {})).status, 200);
	});

	test("says why the model does not answer, and asks no further", { timeout: 60_000 }, async () => {
		const provider = await aProvider({ kind: "openai", baseUrl: "http://127.0.0.1:9/v1" });
		const { checks, takes } = await trial(provider);
		assert.deepEqual(Object.values(checks).map(({ ok }) => ok), [false, false, false, false, false]);
		assert.match(checks.list.detail, /takes connections/);
		assert.match(checks.images.detail, /^Not tried/);
		assert.equal(takes, "");
		(await post("models/1/test", {})).problem(404);
		(await post("models/x/test", {})).problem(400);
	});
});
