// The page about the API, generated from docs/openapi.json.

const escaped = (text) => String(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
/** Converts the little Markdown that descriptions contain. */
const inline = (text = "") => escaped(text).replace(/`([^`]+)`/g, "<code>$1</code>").replaceAll("\n\n", "</p>\n<p>");
const pretty = (value) => {
	const line = JSON.stringify(value);
	return `<pre><code>${escaped(line.length < 80 ? line : JSON.stringify(value, null, 2))}</code></pre>`;
};

export function apiPage(document) {
	const at = (ref) => ref.slice(2).split("/").reduce((value, key) => value[key], document);
	const resolve = (value) => (value.$ref ? { ...at(value.$ref), ...value } : value);
	const nameOf = (ref) => ref.split("/").at(-1);

	/** " of 1 to 255 characters" */
	function bounds(schema) {
		const [low, high, unit] =
			schema.type === "array"
				? [schema.minItems, schema.maxItems, "items"]
				: [schema.type].flat().includes("string")
					? [schema.minLength, schema.maxLength, "characters"]
					: [schema.minimum || undefined, schema.maximum, ""];
		if (low === undefined && high === undefined) return "";
		const range = high === undefined ? `at least ${low}` : low === undefined ? `at most ${high}` : `${low} to ${high}`;
		return ` of ${range} ${unit}`.trimEnd();
	}

	function kind(schema) {
		if (schema.$ref) return `<a href="#schema-${nameOf(schema.$ref)}">${nameOf(schema.$ref)}</a>`;
		if ("const" in schema) return `<code>${escaped(JSON.stringify(schema.const))}</code>`;
		if (schema.enum) return schema.enum.map((value) => `<code>${escaped(JSON.stringify(value))}</code>`).join(" or ");
		if (schema.anyOf && !schema.properties) return schema.anyOf.map(kind).join(" or ");
		if (schema.type === "array") return `array of ${kind(schema.items)}${bounds(schema)}`;
		return `${[schema.type ?? "anything"].flat().join(" or ")}${bounds(schema)}`;
	}

	/** The members of an object; for everything else, what it is. */
	function shape(schema) {
		if (!schema.properties) return `<p>${kind(schema)}</p>`;
		const rows = Object.entries(schema.properties).map(([name, member]) => {
			const needed = schema.required?.includes(name) ? "" : ' <span class="quiet">optional</span>';
			return `<dt><code>${name}</code>: ${kind(member)}${needed}</dt>\n<dd>${inline(member.description)}${member.properties ? shape(member) : ""}</dd>`;
		});
		return `<dl>\n${rows.join("\n")}\n</dl>`;
	}

	const described = (schema) => (schema.$ref && !schema.properties ? `<p>${kind(schema)}</p>` : shape(schema));

	const parameter = (given) => {
		const { name, in: place, required, schema, description } = resolve(given);
		return `<dt><code>${name}</code> <span class="quiet">(${place}${required ? "" : ", optional"})</span>: ${kind(schema)}</dt>\n<dd>${inline(description)}${schema.default === undefined ? "" : ` Default: <code>${schema.default}</code>.`}</dd>`;
	};

	function body({ requestBody, "x-body": size }) {
		if (!requestBody) return "";
		const { schema, examples } = requestBody.content["application/json"];
		const shown = Object.values(examples).map(({ value }) => pretty(value));
		const caps = { small: "16 KB", text: "64 KB", large: "<code>http.body_max</code>" };
		return `<h4>Body, at most ${caps[size]}</h4>\n${described(schema)}\n${shown.join("\n")}`;
	}

	function response([status, given]) {
		const { description, content } = resolve(given);
		const [[type, { schema }] = [null, {}]] = Object.entries(content ?? {});
		const what = !type ? "" : type === "application/json" ? `${schema.$ref || schema.type === "array" || schema.anyOf ? kind(schema) : ""} ` : type === "application/problem+json" ? "" : `<code>${type}</code> `;
		const inside = type === "application/json" && schema.properties ? shape(schema) : "";
		return `<tr><td>${status}</td><td>${what}${inline(description)}${inside}</td></tr>`;
	}

	function operation(path, verb, it) {
		const security = it.security ?? document.security;
		const who = security.length === 0 ? "anybody" : security.map((one) => Object.keys(one)[0] ?? "none").join(" or ");
		return `<h3 id="${it.operationId}"><code>${verb.toUpperCase()} ${path}</code></h3>
<p>${inline(it.summary)}. <span class="quiet">Needs: ${who}.${it["x-limit"] ? ` Counted by <code>limits.${it["x-limit"]}</code>.` : ""}</span></p>
${it.description ? `<p>${inline(it.description)}</p>` : ""}
${it.parameters ? `<dl>\n${it.parameters.map(parameter).join("\n")}\n</dl>` : ""}
${body(it)}
<table><tbody>\n${Object.entries(it.responses).filter(([status]) => status !== "default").map(response).join("\n")}\n</tbody></table>`;
	}

	const all = Object.entries(document.paths).flatMap(([path, item]) => Object.entries(item).map(([verb, it]) => ({ path, verb, it })));
	const tags = document.tags.map(({ name, description }) => {
		const own = all.filter(({ it }) => it.tags[0] === name);
		return `<h2 id="${name}">${name[0].toUpperCase()}${name.slice(1)}</h2>\n<p>${description}</p>\n${own.map(({ path, verb, it }) => operation(path, verb, it)).join("\n")}`;
	});
	const secrets = Object.entries(document.components.securitySchemes).map(([name, { description }]) => `<dt><code>${name}</code></dt><dd>${inline(description)}</dd>`);
	const schemas = Object.entries(document.components.schemas).map(([name, schema]) => `<h3 id="schema-${name}">${name}</h3>\n<p>${inline(schema.description)}</p>\n${shape(schema)}`);
	return `<h1>The API</h1>
<p>${inline(document.info.description)}</p>
<p>This page is made of <code>/api/openapi.json</code>, which every Lamplight serves: OpenAPI 3.1, for generators of clients and other tools.</p>
<dl>\n${secrets.join("\n")}\n</dl>
<p>Of any operation: ${inline(document.components.responses.Problem.description)}</p>
${tags.join("\n")}
<h2 id="schemas">Schemas</h2>
${schemas.join("\n")}`;
}
