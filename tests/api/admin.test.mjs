// /api/admin: every route for every role; what administrators may set for providers, models and users; and which words refuse
// what.

import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { HEADER, KEY, aModel, aProvider, admin, patch, post, remove } from "../support/admin.mjs";
import { User, eventually, newId, request } from "../support/api.mjs";
import { query } from "../support/db.mjs";
import { lamplight } from "../support/instance.mjs";
import { gated, play } from "../support/model.mjs";
import { codeOf } from "../support/totp.mjs";

let user, disabled;

before(async () => {
	[user, disabled] = await Promise.all([User.register(), User.register()]);
});

const ROUTES = [
	["GET", "providers"],
	["POST", "providers"],
	["PATCH", "providers/1"],
	["DELETE", "providers/1"],
	["GET", "providers/1/offers"],
	["GET", "models"],
	["POST", "models"],
	["PATCH", "models/1"],
	["DELETE", "models/1"],
	["POST", "models/1/test"],
	["GET", "users"],
	["POST", "users"],
	["PATCH", "users/1"],
	["POST", "users/1/password"],
	["GET", "usage"],
];

describe("every route", () => {
	for (const [method, path] of ROUTES) {
		const ask = (who) => who.request(method, `/api/admin/${path}`, { body: method === "GET" ? undefined : { version: 1 } });
		test(`${method} ${path}: nobody, and who is none`, async () => {
			(await request(method, `/api/admin/${path}`, { body: method === "GET" ? undefined : {} })).problem(401);
			(await ask(user)).problem(403, { code: "admin_only" });
			assert.ok(![401, 403].includes((await ask(admin)).status));
		});
	}

	test("the role in the database decides, not the token", async () => {
		assert.equal((await user.get("/api/me")).json.role, "user");
		assert.equal((await admin.get("/api/me")).json.role, "admin");
		lamplight("user", "role", user.username, "admin");
		assert.equal((await user.get("/api/admin/users")).status, 200);
		lamplight("user", "role", user.username, "user");
		(await user.get("/api/admin/users")).problem(403, { code: "admin_only" });
	});

	test("a disabled administrator is refused", async () => {
		lamplight("user", "role", disabled.username, "admin");
		assert.equal((await disabled.get("/api/admin/users")).status, 200);
		await patch(`users/${disabled.id}`, { disabled: true });
		(await disabled.get("/api/admin/users")).problem(401);
	});
});

describe("providers", () => {
	test("no answer contains a provider's key", async () => {
		const provider = await aProvider({ key: `\n ${KEY}\r\n`, headers: { "X-Team": HEADER } });
		assert.equal(provider.keyTail, "wxyz");
		assert.equal(provider.hasKey, true);
		assert.deepEqual(provider.headers, { "X-Team": "..." });
		const list = await admin.get("/api/admin/providers");
		const changed = await patch(`providers/${provider.id}`, { version: 1, headers: { "X-Team": "...", "X-More": "2" } });
		assert.equal(changed.status, 200, changed.text);
		assert.deepEqual(changed.json.headers, { "X-Team": "...", "X-More": "..." });
		const [row] = await query("SELECT HEX(key_sealed) AS k, HEX(headers_sealed) AS h FROM provider WHERE id = ?", [provider.id]);
		for (const canary of [KEY, HEADER])
			for (const text of [list.text, changed.text, JSON.stringify(provider), Buffer.from(row.k + row.h, "hex").toString("latin1")])
				assert.ok(!text.includes(canary));
		const gone = await patch(`providers/${provider.id}`, { version: 2, key: null, headers: null });
		assert.deepEqual([gone.json.hasKey, gone.json.keyTail, gone.json.headers], [false, null, {}]);
	});

	test("the configured provider and model are listed and locked", async () => {
		const [first] = (await admin.get("/api/admin/providers")).json.providers;
		assert.deepEqual([first.id, first.locked, first.hasKey], ["configured", true, true]);
		assert.ok(!JSON.stringify(first).includes("test-key-7f3a"));
		(await patch("providers/configured", { version: 1, name: "mine" })).problem(409, { code: "locked" });
		(await remove("providers/configured")).problem(409, { code: "locked" });
		const [model] = (await admin.get("/api/admin/models")).json.models;
		assert.deepEqual([model.id, model.upstreamName, model.locked, model.isDefault], ["configured", "test-model", true, true]);
		(await patch("models/configured", { version: 1 })).problem(409, { code: "locked" });
		(await remove("models/configured")).problem(409, { code: "locked" });
	});

	test("of several simultaneous changes only the first succeeds", async () => {
		const { id } = await aProvider();
		const answers = await Promise.all([1, 2, 3, 4].map((n) => patch(`providers/${id}`, { version: 1, name: `n-${newId()}-${n}` })));
		assert.deepEqual(answers.map((answer) => answer.status).sort(), [200, 409, 409, 409]);
		for (const answer of answers) if (answer.status === 409) answer.problem(409, { code: "changed_elsewhere" });
		const name = answers.find((answer) => answer.status === 200).json.name;
		(await patch(`providers/${id}`, { version: 1, name: "late" })).problem(409, { code: "changed_elsewhere" });
		const { providers } = (await admin.get("/api/admin/providers")).json;
		assert.equal(providers.find((provider) => provider.id === id).name, name);
	});

	test("a provider with models cannot be removed", async () => {
		const { id } = await aProvider();
		const model = await aModel(id);
		(await remove(`providers/${id}`)).problem(409, { code: "in_use" });
		assert.equal((await remove(`models/${model.id}`)).status, 204);
		assert.equal((await remove(`providers/${id}`)).status, 204);
		(await remove(`providers/${id}`)).problem(404);
		(await patch(`providers/${id}`, { version: 1 })).problem(404);
	});

	const bad = [
		[{}, "name"],
		[{ name: "" }, "name"],
		[{ name: "x".repeat(65) }, "name"],
		[{ name: "\u200b" }, "name"],
		[{ name: ["x"] }, "name"],
		[{ kind: "claude" }, "kind"],
		[{ kind: null }, "kind"],
		[{ kind: "openai" }, "baseUrl"],
		[{ baseUrl: "ftp://h/" }, "baseUrl"],
		[{ baseUrl: "http://user:secret@h/" }, "baseUrl"],
		[{ baseUrl: "http://h/?key=1" }, "baseUrl"],
		[{ baseUrl: "http://h/\n" }, "baseUrl"],
		[{ baseUrl: `http://${"h".repeat(2050)}/` }, "baseUrl"],
		[{ key: "two words" }, "key"],
		[{ key: "two\nlines" }, "key"],
		[{ key: "schlüssel" }, "key"],
		[{ key: "k".repeat(4097) }, "key"],
		[{ key: 7 }, "key"],
		[{ headers: [] }, "headers"],
		[{ headers: { "Content-Length": "1" } }, "headers"],
		[{ headers: { "X Y": "1" } }, "headers"],
		[{ headers: { "X-Y": "a\r\nHost: b" } }, "headers"],
		[{ headers: { "X-Y": "..." } }, "headers"],
		[{ headers: { "X-Y": 1 } }, "headers"],
		[{ headers: Object.fromEntries(Array.from({ length: 33 }, (_, n) => [`X-${n}`, "1"])) }, "headers"],
		[{ headers: { "X-Y": "x".repeat(8190) } }, "headers"],
		[{ proxy: "http://user:secret@proxy:1" }, "proxy"],
		[{ proxy: "proxy:1" }, "proxy"],
		[{ enabled: "yes" }, "enabled"],
		[{ colour: "red" }, undefined],
		[{ id: "1" }, undefined],
	];
	test("odd values are refused by name, and nothing is stored", async () => {
		const names = [];
		for (const [body, field] of bad) {
			const whole = Object.keys(body).length === 0 ? body : { name: `p-${newId()}`, kind: "anthropic", ...body };
			names.push(whole.name ?? "");
			const answer = await post("providers", whole);
			answer.problem(400, { code: "invalid" });
			assert.equal(answer.json.field, field, answer.text);
			assert.ok(!answer.text.includes("secret"), answer.text);
		}
		assert.deepEqual(await query("SELECT name FROM provider WHERE name IN (?)", [names.map(String)]), []);
		const { name } = await aProvider();
		(await post("providers", { name: name.toUpperCase(), kind: "gemini" })).problem(409, { code: "name_taken" });
		(await patch("providers/x", { version: 1 })).problem(400);
	});

	test("a key and headers do not move to another address", async () => {
		const { id } = await aProvider({ headers: { "X-Team": HEADER } });
		const move = (body) => patch(`providers/${id}`, { version: 1, baseUrl: "https://elsewhere.example/v1", ...body });
		(await move({})).problem(400, { field: "key", about: { rule: "moved" } });
		(await move({ key: KEY })).problem(400, { field: "headers", about: { rule: "moved" } });
		(await move({ key: KEY, headers: { "X-Team": "..." } })).problem(400, { field: "headers" });
		assert.equal((await move({ key: KEY, headers: { "X-Team": "another" } })).status, 200);
		assert.equal((await patch(`providers/${id}`, { version: 2, name: `p-${newId()}` })).status, 200);
		// A proxy reads the key, too; without an address, another kind means another address.
		(await patch(`providers/${id}`, { version: 3, proxy: "http://127.0.0.1:1" })).problem(400, { field: "key" });
		assert.equal((await patch(`providers/${id}`, { version: 3, proxy: "http://127.0.0.1:1", key: KEY, headers: { "X-Team": "another" } })).status, 200);
		assert.equal((await patch(`providers/${id}`, { version: 4, proxy: "" })).status, 200);
		const vendor = await aProvider({ kind: "anthropic", baseUrl: "" });
		(await patch(`providers/${vendor.id}`, { version: 1, kind: "gemini" })).problem(400, { field: "key" });
		assert.equal((await patch(`providers/${vendor.id}`, { version: 1, kind: "gemini", key: KEY })).status, 200);
	});

	test("another kind is accepted only if it supports all of the provider's models", async () => {
		const { id, name } = await aProvider();
		const model = await aModel(id, { label: "Nine", options: { input: "x" } });
		const { detail } = (await patch(`providers/${id}`, { version: 1, kind: "responses" })).problem(400, { field: "kind", about: { rule: "reserved", model: "Nine", member: "input" } });
		assert.equal(detail, 'Its model "Nine": "options" cannot contain "input": the server sets it.');
		assert.throws(() => lamplight("provider", "set", name, "--kind", "responses"), /Its model/);
		(await patch(`providers/${id}`, { version: 1, proxy: "http://user:secret@proxy:1" })).problem(400, { field: "proxy", about: { rule: "password" } });
		assert.equal((await patch(`providers/${id}`, { version: 1, proxy: "proxy:1" })).problem(400, { field: "proxy" }).about, undefined);
		assert.equal((await patch(`models/${model.id}`, { version: 1, options: null })).status, 200);
		assert.equal((await patch(`providers/${id}`, { version: 1, kind: "responses", key: KEY })).json.kind, "responses");
	});

	test("a change without a valid version is refused", async () => {
		const { id } = await aProvider();
		for (const version of [undefined, null, "1", 0, -1, 1.5, 2 ** 32, 1e300]) (await patch(`providers/${id}`, { version, enabled: false })).problem(400, { code: "invalid" });
	});
});

describe("models", () => {
	test("are stored and shown as an administrator entered them", async () => {
		const { id } = await aProvider();
		const other = await aModel(id);
		const said = {
			upstreamName: "claude-9",
			label: "Nine 🪔",
			contextTokens: 200_000,
			takes: "images=off",
			options: { top_p: 0.5, metadata: { team: "a" } },
			temperature: 0.7,
			maxTokens: 4096,
			effort: "high",
			prices: { input: 3_000_000, cached: 0, output: null },
			fallbackId: other.id,
			position: -3,
			enabled: false,
			isDefault: false,
		};
		const model = await aModel(id, said);
		assert.deepEqual(model, { id: model.id, providerId: id, ...said, version: 1, locked: false });
		const changed = (await patch(`models/${model.id}`, { version: 1, options: null, temperature: null, maxTokens: null, effort: null, prices: { cached: null }, fallbackId: null })).json;
		assert.deepEqual(changed, { ...model, options: null, temperature: null, maxTokens: null, effort: null, prices: { input: 3_000_000, cached: null, output: null }, fallbackId: null, version: 2 });
		const { models } = (await admin.get("/api/admin/models")).json;
		assert.deepEqual(models.find((one) => one.id === model.id), changed);
		assert.equal(other.label, other.upstreamName);
	});

	test("a new default model replaces the previous one at once", async () => {
		const { id } = await aProvider();
		const [first, second] = [await aModel(id, { isDefault: true }), await aModel(id, { isDefault: true })];
		const { models } = (await admin.get("/api/admin/models")).json;
		const of = (model) => models.find((one) => one.id === model.id);
		assert.deepEqual([of(first).isDefault, of(second).isDefault], [false, true]);
		(await patch(`models/${first.id}`, { version: first.version, isDefault: true })).problem(409, { code: "changed_elsewhere" });
	});

	const bad = [
		[{ upstreamName: "" }, "upstreamName"],
		[{ upstreamName: "x".repeat(256) }, "upstreamName"],
		[{ label: "x".repeat(129) }, "label"],
		[{ label: " \u202e " }, "label"],
		[{ contextTokens: 511 }, "contextTokens"],
		[{ contextTokens: 1e9 }, "contextTokens"],
		[{ takes: "images=maybe" }, "takes"],
		[{ takes: "images=off ".repeat(60) }, "takes"],
		[{ options: [] }, "options"],
		[{ options: { messages: [] } }, "options"],
		[{ options: { x: "y".repeat(20_000) } }, "options"],
		[{ temperature: 2.1 }, "temperature"],
		[{ temperature: "1" }, "temperature"],
		[{ maxTokens: 0 }, "maxTokens"],
		[{ effort: "huge" }, "effort"],
		[{ prices: { input: -1 } }, "prices"],
		[{ prices: { input: 0.5 } }, "prices"],
		[{ prices: { input: 1e15 } }, "prices"],
		[{ prices: { lunch: 1 } }, "prices"],
		[{ prices: 3 }, "prices"],
		[{ position: null }, "position"],
		[{ isDefault: 1 }, "isDefault"],
		[{ providerId: 1 }, "providerId"],
		[{ fallbackId: "x" }, "fallbackId"],
	];
	test("odd values are refused by name", async () => {
		const { id } = await aProvider();
		for (const [body, field] of bad) {
			const answer = await post("models", { providerId: id, upstreamName: "m", ...body });
			answer.problem(400, { code: "invalid" });
			assert.equal(answer.json.field, field, answer.text);
		}
		(await post("models", { upstreamName: "m" })).problem(400);
		(await post("models", { providerId: "1", upstreamName: "m" })).problem(409, { code: "provider_unknown" });
		(await post("models", { providerId: id, upstreamName: "m", fallbackId: "1" })).problem(409, { code: "fallback_unknown" });
		const model = await aModel(id);
		(await patch(`models/${model.id}`, { version: 1, fallbackId: model.id })).problem(409, { code: "fallback_unknown" });
	});
});

describe("users", () => {
	test("can be searched by part of the name, page by page", async () => {
		const part = newId();
		const made = [];
		for (let n = 0; n < 5; n++) {
			const answer = await post("users", { username: `s${part}-${n}`, password: User.password });
			assert.equal(answer.status, 201, answer.text);
			assert.deepEqual([answer.json.role, answer.json.disabled, answer.json.lastTime], ["user", false, null]);
			made.push(answer.json);
		}
		const first = (await admin.get(`/api/admin/users?search=${part.toUpperCase()}&limit=3`)).json;
		const second = (await admin.get(`/api/admin/users?search=${part}&limit=3&after=${first.next}`)).json;
		assert.deepEqual([...first.users, ...second.users], made);
		assert.equal(second.next, null);
		assert.deepEqual((await admin.get(`/api/admin/users?search=${encodeURIComponent("%")}`)).json.users, []);
		const mine = (await admin.get(`/api/admin/users?search=${admin.username}`)).json.users;
		assert.deepEqual([mine.length, mine[0].role], [1, "admin"]);
		assert.match(mine[0].lastTime, /^\d{4}-/);
		assert.ok(!JSON.stringify(mine).includes("argon2"));
	});

	test("an added user can log in; a disabled one cannot", async () => {
		const username = `a-${newId()}`;
		const body = { username, password: User.password };
		const { id } = (await post("users", { ...body, role: "admin" })).json;
		(await post("users", body)).problem(409, { code: "username_taken" });
		const logIn = () => request("POST", "/api/auth/login", { body });
		const login = await logIn();
		assert.equal(login.status, 200, login.text);
		const theirs = new User(login.json);
		assert.equal((await theirs.get("/api/admin/models")).status, 200);
		assert.deepEqual((await patch(`users/${id}`, { disabled: true })).json.disabled, true);
		await eventually(async () => (await theirs.get("/api/me")).status === 401);
		(await logIn()).problem(403);
		assert.equal((await patch(`users/${id}`, { disabled: false, role: "user" })).json.role, "user");
		assert.equal((await logIn()).status, 200);
	});

	test("disabling a user stops that user's replies only", { timeout: 60_000 }, async () => {
		const disable = {
			"in the page": (who) => patch(`users/${who.id}`, { disabled: true }),
			"by the command": (who) => lamplight("user", "disable", who.username),
		};
		for (const by of Object.values(disable)) {
			const [who, other] = await Promise.all([User.register(), User.register()]);
			const upstreams = [await play({ steps: gated("a") }), await play({ steps: gated("a") }), await play({ steps: gated("a") })];
			const turns = await Promise.all([who.ask(`1${upstreams[0].mark}`), who.ask(`2${upstreams[1].mark}`), other.ask(`3${upstreams[2].mark}`)]);
			for (const turn of turns) await turn.until("text-delta");
			await by(who);
			for (const turn of turns.slice(0, 2)) assert.equal((await turn.finish()).metadata.status, "stopped");
			await upstreams[2].open("end");
			assert.equal((await turns[2].finish()).metadata.status, "complete");
		}
	});

	test("a user whose password was set must log in with it and with the second factor", async () => {
		const someone = await User.register();
		const { secret } = (await someone.request("POST", "/api/me/totp", { body: { password: User.password } })).json;
		assert.equal((await someone.request("POST", "/api/me/totp/confirm", { body: { code: codeOf(secret) } })).status, 200);
		const password = `another ${newId()} staple`;
		assert.equal((await post(`users/${someone.id}/password`, { password })).status, 204);
		await eventually(async () => (await someone.get("/api/me")).status === 401);
		const logIn = (body) => request("POST", "/api/auth/login", { body: { username: someone.username, ...body } });
		(await logIn({ password: User.password })).problem(401, { code: "bad_credentials" });
		(await logIn({ password })).problem(401, { code: "otp_required" });
		assert.equal((await logIn({ password, code: codeOf(secret, 1) })).status, 200);
	});

	test("an administrator cannot set their own, an unknown user's, or a bad password", async () => {
		const password = `another ${newId()} staple`;
		(await post(`users/${admin.id}/password`, { password })).problem(409, { code: "own_account" });
		assert.equal((await admin.get("/api/me")).status, 200);
		(await post("users/1/password", { password })).problem(404);
		(await post("users/x/password", { password })).problem(400);
		for (const bad of [undefined, null, "", "short", "password1", 7, user.username, "x".repeat(2000)])
			(await post(`users/${user.id}/password`, { password: bad })).problem(400, { field: "password" });
		assert.equal((await user.get("/api/me")).status, 200);
	});

	test("odd values are refused", async () => {
		(await post("users", { username: "x", password: User.password })).problem(400);
		(await post("users", { username: `a-${newId()}`, password: "password1" })).problem(400);
		(await post("users", { username: `a-${newId()}`, password: User.password, role: "root" })).problem(400);
		(await patch(`users/${user.id}`, {})).problem(400);
		(await patch(`users/${user.id}`, { role: null })).problem(400);
		(await patch(`users/${user.id}`, { disabled: "no" })).problem(400);
		(await patch("users/1", { role: "user" })).problem(404);
		for (const path of ["after=x", "after=0", "limit=0", "limit=201", `search=${"x".repeat(65)}`]) (await admin.get(`/api/admin/users?${path}`)).problem(400);
	});
});
