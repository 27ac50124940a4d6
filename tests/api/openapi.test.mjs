// docs/openapi.json and the server agree: the tests replay each example, check that each answer is as described, and send
// random requests made from the schemas, which never get a 5xx. SEED chooses other random requests, RUNS how many each
// operation gets. The file has an instance of its own, because other tests would notice what administrators change at random.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { User, newId, refreshCookie, request } from "../support/api.mjs";
import { lamplightAt, up } from "../support/instance.mjs";
import { gated, play } from "../support/model.mjs";
import { TEXT, answerFaultOf, bodyOf, codesIn, operations, resolve } from "../support/openapi.mjs";
import { codeOf } from "../support/totp.mjs";
import { payload } from "../support/uistream.mjs";

const EXAMPLE = { session: "7309137650831949824", question: "7309137650831949825", reply: "7309137650831949826", login: "7309137650831949830", provider: "7309137650831949840", model: "7309137650831949841", user: "7309137650831949842", assistant: "7309137650831949843", prompt: "7309137650831949844" };
const EXAMPLE_PASSWORD = "correct horse battery staple";

let instance, base;
/** A provider that offers one model. */
const provider = createServer((_, response) => response.end('{"data":[{"id":"m"}]}'));

before(async () => {
	await new Promise((done) => provider.listen(0, "127.0.0.1", done));
	const more = { LAMPLIGHT_HTTP_PRIVACY_FILE: fileURLToPath(new URL("../../LICENSE", import.meta.url)) };
	instance = await up({ server: process.env.LAMPLIGHT_SERVER ?? "nginx", more });
	base = instance.env.LAMPLIGHT_URL;
	settled = await fresh();
});

after(async () => {
	provider.close();
	await instance?.down();
	if (!process.env.KEEP) instance?.remove();
});

// ---- which answers are allowed

const eventsOf = (text) => text.split("\n\n").filter((event) => event !== "" && !event.startsWith(":")).map(payload);
const linesOf = (text) => text.split("\n").filter(Boolean);

function checkContent(response, type, text) {
	const { schema } = response.content[type];
	if (response["x-lines"]) return linesOf(text).map((line) => answerFaultOf(response["x-lines"], JSON.parse(line)));
	if (response["x-events"]) {
		const events = eventsOf(text);
		assert.equal(events.pop(), "[DONE]");
		return events.map((event) => answerFaultOf(response["x-events"], JSON.parse(event)));
	}
	return [answerFaultOf(schema, type.endsWith("json") ? JSON.parse(text) : text)];
}

/** Fails unless the operation describes this answer: its status, headers, media type, body, and the code of an error. */
function checkAnswer(operation, { status, headers }, text) {
	const said = `${operation.name}: ${status} ${text.slice(0, 500)}`;
	const response = resolve(operation.responses[status] ?? (status >= 400 && operation.responses.default));
	assert.ok(response, `${said}: docs/openapi.json has no such status there`);
	for (const [name, { required, schema }] of Object.entries(response.headers ?? {}).map(([name, header]) => [name, resolve(header)]))
		if (required) assert.equal(answerFaultOf(schema, headers.get(name)), null, `${said}: header ${name}`);
	const type = headers.get("content-type")?.split(";")[0];
	assert.deepEqual(type ? [type] : [], Object.keys(response.content ?? {}), `${said}: its media type`);
	if (!type) return assert.equal(text, "", said);
	for (const fault of checkContent(response, type, text)) assert.equal(fault, null, said);
	if (status >= 400) assert.ok(codesIn(response.description).includes(JSON.parse(text).code), `${said}: the code is not described`);
}

/** Sends the request and checks the answer; calls `meanwhile` when the answer begins. */
async function send(operation, { path = {}, query = {}, headers = {}, body, meanwhile }) {
	const target = operation.path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(path[name]));
	const members = Object.entries(query).map(([name, value]) => encodeURIComponent(name) + (value === "" ? "" : `=${encodeURIComponent(value)}`));
	const response = await fetch(`${base}${target}${members.length > 0 ? "?" : ""}${members.join("&")}`, {
		method: operation.method,
		headers: { ...(body !== undefined && { "content-type": "application/json" }), ...headers },
		body: body === undefined ? undefined : JSON.stringify(body),
	});
	await meanwhile?.();
	const text = await response.text();
	checkAnswer(operation, response, text);
	return { status: response.status, headers: response.headers, text };
}

// ---- who asks, and about what

/** A user with a chat. */
async function settle(user) {
	const turn = await user.say("Tell me of sailing boats");
	return { user, real: { [EXAMPLE.session]: turn.sessionId, [EXAMPLE.question]: turn.userMessageIds[0], [EXAMPLE.reply]: turn.messageId } };
}

async function arrive() {
	const body = { username: `u-${newId()}`, password: User.password };
	const answer = await request("POST", "/api/auth/register", { base, body });
	assert.equal(answer.status, 201, answer.text);
	return Object.assign(new User(answer.json, refreshCookie(answer)), { base });
}

const fresh = async () => settle(await arrive());

async function withFactor(confirmed) {
	const stage = await fresh();
	const enrolled = await stage.user.request("POST", "/api/me/totp", { body: { password: User.password } });
	const { secret } = enrolled.json;
	if (confirmed) assert.equal((await stage.user.request("POST", "/api/me/totp/confirm", { body: { code: codeOf(secret) } })).status, 200);
	return { ...stage, real: { ...stage.real, 123456: codeOf(secret, confirmed ? 1 : 0) } };
}

const isForAdministrators = ({ path }) => path.startsWith("/api/admin/");

const once = (make) => {
	let made;
	return () => (made ??= make());
};

const administrator = once(async () => {
	const user = await arrive();
	lamplightAt(instance.env.LAMPLIGHT_VAR, "user", "role", user.username, "admin");
	return user;
});

/**
 * An administrator, with a provider under a unique name, a model of it that nobody picks, and an account of somebody else.
 */
async function administer() {
	const [user, somebody] = await Promise.all([administrator(), arrive()]);
	const post = async (path, body) => {
		const answer = await user.request("POST", `/api/admin/${path}`, { body });
		assert.equal(answer.status, 201, answer.text);
		return answer.json.id;
	};
	const id = await post("providers", { name: newId(), kind: "openai", baseUrl: `http://127.0.0.1:${provider.address().port}` });
	const model = await post("models", { providerId: id, upstreamName: newId(), enabled: false });
	const names = Object.fromEntries(["Claude", "The machine below", "ada"].map((name) => [name, `n-${newId()}`]));
	return { user, real: { ...names, [EXAMPLE.provider]: id, [EXAMPLE.model]: model, [EXAMPLE.user]: somebody.id } };
}

/** A user with an assistant and a prompt. */
async function furnish() {
	const stage = await fresh();
	const add = async (what, body) => (await stage.user.request("POST", `/api/ai/${what}`, { body })).json.id;
	const [assistant, prompt] = [await add("assistants", { name: "A" }), await add("prompts", { name: "a", text: "a" })];
	return { ...stage, real: { ...stage.real, [EXAMPLE.assistant]: assistant, [EXAMPLE.prompt]: prompt } };
}

let settled;

/** Operations whose examples need more than a chat, or that remove more. */
const STAGES = {
	register: async () => ({ ...settled, real: { ada: `u-${newId()}` } }),
	logIn: fresh,
	refresh: fresh,
	logOut: fresh,
	deleteMe: fresh,
	async adminRemoveProvider() {
		const stage = await administer();
		await stage.user.request("DELETE", `/api/admin/models/${stage.real[EXAMPLE.model]}`);
		return stage;
	},
	...Object.fromEntries(["assistantsGet", "assistantsChange", "assistantsRemove", "promptsChange", "promptsRemove", "promptsAdd"].map((id) => [id, furnish])),
	setPassword: fresh,
	logOutEverywhere: fresh,
	enrolTotp: fresh,
	confirmTotp: () => withFactor(false),
	disableTotp: () => withFactor(true),
	renewRecoveryCodes: () => withFactor(true),
	async endLogin() {
		const stage = await fresh();
		const answer = await request("POST", "/api/auth/login", { base, body: { username: stage.user.username, password: User.password } });
		const { sid } = JSON.parse(Buffer.from(answer.json.accessToken.split(".")[1], "base64url"));
		return { ...stage, real: { [EXAMPLE.login]: sid } };
	},
	async followReply() {
		const script = await play({ steps: gated("Slowly, ", "at last.") });
		const turn = await settled.user.ask(`go on ${script.mark}`);
		const open = async () => {
			await script.open("1");
			await script.open("end");
			await turn.finish();
		};
		return { ...settled, real: { [EXAMPLE.session]: turn.sessionId }, meanwhile: open };
	},
};

/** The value, with real ids and names in place of those in the examples. */
function put(real, value) {
	if (Array.isArray(value)) return value.map((item) => put(real, item));
	if (value === null || typeof value !== "object") return real[value] ?? value;
	return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, put(real, inner)]));
}

const parametersOf = (operation, place) => (operation.parameters ?? []).map(resolve).filter((parameter) => parameter.in === place);
const examplesOf = (operation, place, real) =>
	Object.fromEntries(parametersOf(operation, place).filter(({ example }) => example !== undefined).map(({ name, example }) => [name, put(real, example)]));

/** The headers with which somebody asks. */
const identity = ({ security }, user) => {
	if (!security) return user.headers();
	return security.some((one) => one.refreshCookie) ? { cookie: user.cookie } : {};
};

describe("every documented example", { timeout: 180_000 }, () => {
	for (const operation of operations)
		for (const [name, example] of Object.entries(bodyOf(operation)?.examples ?? { "": {} }))
			test(`${operation.name} ${name}`, async () => {
				const stage = await (STAGES[operation.operationId] ?? (isForAdministrators(operation) ? administer : () => settle(settled.user)))();
				const real = { [EXAMPLE_PASSWORD]: User.password, ada: stage.user.username, ...stage.real };
				const answer = await send(operation, {
					path: examplesOf(operation, "path", real),
					query: examplesOf(operation, "query", real),
					headers: identity(operation, stage.user),
					body: put(real, example.value),
					meanwhile: stage.meanwhile,
				});
				// Only the operator has the doctor's token.
				if (operation.operationId === "examine") assert.equal(answer.status, 404);
				else assert.ok(answer.status < 300, answer.text);
			});
});

test("the document is the one in this source, and clients can cache it", async () => {
	const operation = operations.find(({ operationId }) => operationId === "getOpenapi");
	const answer = await send(operation, {});
	assert.equal(answer.text, TEXT);
	const again = await send(operation, { headers: { "if-none-match": answer.headers.get("etag") } });
	assert.equal(again.status, 304);
});

test("without a login what needs one says so as documented", async () => {
	for (const operation of operations.filter(({ security }) => !security)) {
		const path = examplesOf(operation, "path", {});
		assert.equal((await send(operation, { path, body: bodyOf(operation) && {} })).status, 401, operation.name);
	}
});

// ---- random requests

const SEED = Number(process.env.SEED ?? 1);
const RUNS = Number(process.env.RUNS ?? 10);
const ANYTHING = fc.jsonValue({ maxDepth: 2 });
const LENGTH_MAX = 40;

const objects = ({ properties = {}, required = [] }, ids) =>
	fc.record(Object.fromEntries(Object.entries(properties).map(([key, schema]) => [key, values(schema, ids)])), { requiredKeys: required });

function strings({ pattern, minLength = 0, maxLength = LENGTH_MAX }) {
	if (pattern) return fc.stringMatching(new RegExp(pattern));
	const long = fc.constant("x".repeat(maxLength + 1));
	const short = fc.string({ minLength: Math.min(minLength, LENGTH_MAX), maxLength: Math.min(maxLength, LENGTH_MAX), unit: "binary" });
	return fc.oneof({ weight: 9, arbitrary: short }, { weight: 1, arbitrary: long });
}

function valid(given, ids) {
	const schema = resolve(given);
	if ("const" in schema) return fc.constant(schema.const);
	if (schema.enum) return fc.constantFrom(...schema.enum);
	if (schema.anyOf && !schema.type) return fc.oneof(...schema.anyOf.map((one) => values(one, ids)));
	if (given.$ref?.endsWith("/Id")) return fc.oneof(fc.constantFrom(...ids), strings(schema));
	const [type] = [schema.type].flat();
	if (type === "boolean") return fc.boolean();
	if (type === "integer") return fc.integer({ min: (schema.minimum ?? 0) - 1, max: (schema.maximum ?? 1e9) + 1 });
	if (type === "string") return strings(schema);
	if (type === "array") return fc.array(values(schema.items, ids), { minLength: schema.minItems ?? 0, maxLength: 3 });
	return type === "object" ? objects(schema, ids) : ANYTHING;
}

/** A value that the schema allows or, sometimes, one that it does not. */
const values = (schema, ids) => fc.oneof({ weight: 12, arbitrary: valid(schema, ids) }, { weight: 1, arbitrary: ANYTHING });

const text = (value) => (typeof value === "string" ? value.toWellFormed() : JSON.stringify(value));

const parameters = (operation, place, ids) =>
	fc.record(Object.fromEntries(parametersOf(operation, place).map(({ name, schema }) => [name, values(schema, ids).map(text)])), {
		requiredKeys: place === "path" ? undefined : [],
	});

const requests = (operation, ids) =>
	fc.record({
		path: parameters(operation, "path", ids),
		query: parameters(operation, "query", ids),
		...(bodyOf(operation) && { body: fc.oneof({ weight: 12, arbitrary: valid(bodyOf(operation).schema, ids) }, { weight: 1, arbitrary: ANYTHING }) }),
	});

const administerAtRandom = once(administer);

/** An empty segment, or one of dots, would be another address. */
const isSegment = (value) => !/^\.{0,2}$/.test(value);

describe(`random requests find no 5xx (SEED=${SEED} RUNS=${RUNS})`, { timeout: 120_000 + RUNS * 4000 }, () => {
	for (const operation of operations)
		test(operation.name, async () => {
			const { user, real } = await (isForAdministrators(operation) ? administerAtRandom() : STAGES[operation.operationId] ? fresh() : settle(settled.user));
			const headers = identity(operation, user);
			const property = fc.asyncProperty(requests(operation, Object.values(real)), async (chosen) => {
				fc.pre(Object.values(chosen.path).every(isSegment));
				const { status, text } = await send(operation, { ...chosen, headers });
				assert.ok(status < 500, text);
			});
			await fc.assert(property, { seed: SEED, numRuns: RUNS, includeErrorInReport: true });
		});
});
