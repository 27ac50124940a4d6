// Reads the recorded cases of tests/vectors.

import { existsSync, readFileSync, readdirSync } from "node:fs";

const ROOT = new URL("../vectors/", import.meta.url);

const file = (name, path) => new URL(`${name}/${path}`, ROOT);
const json = (name, path) => JSON.parse(readFileSync(file(name, path), "utf8"));

/** The file in the form that this product follows: `x.json`, otherwise `x.v6.json`; undefined if neither exists. */
function followed(name, stem, ext) {
	const path = [`${stem}.${ext}`, `${stem}.v6.${ext}`].find((path) => existsSync(file(name, path)));
	return path && readFileSync(file(name, path), "utf8");
}

/**
 * Cases whose tools the recorded server ran itself. In all others the browser answers get_weather. A server
 * cannot have it both ways, so here the calls are of run_weather (toolserver.mjs), a name of the same length.
 */
const RUN_BY_SERVER = /up to 5 steps/;
const asRun = (meta, text) => (RUN_BY_SERVER.test(meta.tools) ? text?.replaceAll("get_weather", "run_weather") : text);

/** The cases of a kind: "stream", "request" or "ui"; of all kinds if none is given. */
export const vectors = (kind) => json(".", "INDEX.json").filter((vector) => !kind || vector.kind === kind);

export const deviations = () => json(".", "DEVIATIONS.json");

export function load(name) {
	const meta = json(name, "meta.json");
	const parsed = (stem) => {
		const text = asRun(meta, followed(name, stem, "json"));
		return text && JSON.parse(text);
	};
	return {
		meta,
		request: parsed("request"),
		secondRequest: parsed("request.2"),
		uiMessages: parsed("ui_messages"),
		uiStream: asRun(meta, followed(name, "ui_stream", "sse")),
		finalMessage: parsed("final_message"),
		clientMessage: parsed("client_message"),
	};
}

/** The upstream side of a vector as a script of the fake model. */
export function script(name) {
	const meta = json(name, "meta.json");
	const { httpStatus, httpHeaders, tcpPieces, connectionEnd, thenAnswers = [] } = meta;
	const files = readdirSync(file(name, ".")).filter((path) => /^upstream(\.\d+)?\.sse$/.test(path));
	const order = (path) => Number(/\d+/.exec(path)?.[0] ?? 1);
	return files
		.sort((a, b) => order(a) - order(b))
		.map((path, i) => {
			const { status, headers } = i === 0 ? { status: httpStatus, headers: httpHeaders } : (thenAnswers[i - 1] ?? {});
			const bytes = asRun(meta, readFileSync(file(name, path), "latin1"));
			const send64 = Buffer.from(bytes, "latin1").toString("base64");
			const cuts = i === 0 && Array.isArray(tcpPieces) ? tcpPieces : [];
			const end = i === 0 && connectionEnd ? [{ end: connectionEnd }] : [];
			return { status, headers, steps: [{ send64, cuts }, ...end] };
		});
}
