// docs/openapi.json, and the corresponding facts in the sources: used by tests/lint/openapi and tests/api/openapi.test.mjs.

import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import Ajv from "ajv/dist/2020.js";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const read = (path) => readFileSync(ROOT + path, "utf8");

export const TEXT = read("docs/openapi.json");
export const DOCUMENT = JSON.parse(TEXT);

/** Resolves a $ref; members beside it take precedence. */
export function resolve(value) {
	if (!value?.$ref) return value;
	const { $ref, ...beside } = value;
	const found = $ref
		.slice(2)
		.split("/")
		.reduce((at, key) => at?.[key.replaceAll("~1", "/").replaceAll("~0", "~")], DOCUMENT);
	if (!found) throw new Error(`docs/openapi.json: nothing is at ${$ref}`);
	return { ...resolve(found), ...beside };
}

/** Every operation: {name: "GET /api/me", method, path, at: where its object is, ...the object}. */
export const operations = Object.entries(DOCUMENT.paths).flatMap(([path, item]) =>
	Object.entries(item).map(([verb, object]) => {
		const method = verb.toUpperCase();
		return { name: `${method} ${path}`, method, path, at: `paths["${path}"].${verb}`, ...object };
	}),
);

/** The codes of errors in a description: the words in backquotes that look like one. */
export const codesIn = (text = "") => [...text.matchAll(/`([a-z][a-z0-9_]*)`/g)].map((match) => match[1]);

/** The body of an operation: its media type's object, or undefined. */
export const bodyOf = (operation) => operation.requestBody?.content["application/json"];

// ---- checking values

/** Clients ignore unknown members; for us, an undocumented member is an error. */
function closed(value) {
	if (Array.isArray(value)) return value.map(closed);
	if (value === null || typeof value !== "object") return value;
	const copy = Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, closed(inner)]));
	const isObject = copy.type === "object" && copy.properties && !("additionalProperties" in copy);
	return isObject ? { ...copy, additionalProperties: false } : copy;
}

const isDate = (text) => !Number.isNaN(Date.parse(text));

function validator(document) {
	const ajv = new Ajv({ strict: false, allErrors: false, formats: { "date-time": isDate, date: /^\d{4}-\d\d-\d\d$/ } });
	ajv.addSchema({ $id: "openapi", ...document });
	const pointed = (schema) => JSON.parse(JSON.stringify(schema).replaceAll('"$ref":"#/', '"$ref":"openapi#/'));
	const known = new Map();
	return (schema, value) => {
		const key = JSON.stringify(schema);
		if (!known.has(key)) known.set(key, ajv.compile(pointed(schema)));
		const check = known.get(key);
		return check(value) ? null : ajv.errorsText(check.errors, { dataVar: "it" });
	};
}

/** What is wrong with a value by its schema, or null. */
export const faultOf = validator(DOCUMENT);
const closedFaultOf = validator({ ...DOCUMENT, components: { ...DOCUMENT.components, schemas: closed(DOCUMENT.components.schemas) } });
/** The same for the server's answers, which may have no other members. */
export const answerFaultOf = (schema, value) => closedFaultOf(closed(schema), value);

// ---- what the sources say

const sources = (folder) => readdirSync(ROOT + folder).filter((name) => name.endsWith(".c")).map((name) => `${folder}/${name}`);
const flat = (path) => read(path).replace(/\s+/g, " ");

/** Every row of a table of routes: {name, method, path, access: "LOGGED_IN", limit: "read" or null, body: "small", file}. */
export const routes = [...sources("cgi-bin"), ...sources("lib/api")].flatMap((file) =>
	[...flat(file).matchAll(/\{ "([A-Z]+)", "(\/api\/[^"]*)", (\w+), (\w+), LIMIT_(\w+), (\w+)_BODY,? \}/g)].map((row) => {
		const [, method, pattern, handler, access, limit, body] = row;
		const path = pattern.replace(/:(\w+)/g, "{$1}");
		return {
			name: `${method} ${path}`,
			method,
			path,
			handler,
			access,
			limit: limit === "NONE" ? null : limit.toLowerCase(),
			body: body.toLowerCase(),
			file,
		};
	}),
);

/** The number of rows in any form: reveals rows that `routes` cannot read. */
export const rowCount = [...sources("cgi-bin"), ...sources("lib/api")]
	.map((file) => flat(file).match(/\{ "(GET|POST|PUT|PATCH|DELETE)", "/g)?.length ?? 0)
	.reduce((sum, n) => sum + n, 0);

const REFUSALS = /(?:request_fail|turn_refuse)\( ?\w+, \w+, "([a-z_]+)"/g;

/** Every error code that an answer may have, with the file that contains it. */
export const codes = new Map([
	...[...flat("lib/base/err.c").matchAll(/\[ERR_\w+\] = \{ [45]\d\d, "([a-z_]+)"/g)].map((match) => [match[1], "lib/base/err.c"]),
	...["lib/api", "lib/chat", "cgi-bin"].flatMap(sources).flatMap((file) => [...flat(file).matchAll(REFUSALS)].map((match) => [match[1], file])),
	...[...flat("lib/api/admin_form.c").matchAll(/\[REFUSED_\w+\] = \{ "([a-z_]+)"/g)].map((match) => [match[1], "lib/api/admin_form.c"]),
	["too_many_values", "lib/http/request.c"],
]);

/** Why a reply failed, according to its metadata. */
export const replyErrors = [...flat("lib/wire/event.c").matchAll(/\[LLM_\w+\] = \{ "([a-z_]+)"/g)].map((match) => match[1]).filter((word) => word !== "ok");
