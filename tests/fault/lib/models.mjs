// A model for each wire on a site: the one of the configuration speaks Chat Completions, those of the tables the others.

import { execFile } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const KNOWN_MS = 30_000;

export const WIRES = ["openai", "anthropic", "gemini", "responses"];

/** The operator's command on a node. */
async function lamplight(node, { variant, env }, words, input) {
	const work = run(`${ROOT}/bin/with-env`, [`${ROOT}/build/${variant}/bin/lamplight`, ...words], {
		cwd: ROOT,
		env: { ...process.env, ...env, VAR: node.dir, VARIANT: variant },
	});
	if (input !== undefined) work.child.stdin.end(input);
	return (await work).stdout;
}

/** [{ wire, id }]; the configured one has no id: it is used if nothing is chosen. `env`: settings of the node from other sources. */
export async function addModels(node, { variant, baseUrl, wires, env = {} }) {
	const build = { variant, env };
	const models = [];
	for (const wire of wires) {
		if (wire === "openai") {
			models.push({ wire });
			continue;
		}
		await lamplight(node, build, ["provider", "add", wire, "--kind", wire, "--base-url", baseUrl], "torture-key\n");
		await lamplight(node, build, ["model", "add", `test-${wire}`, "--provider", wire]);
		const rows = JSON.parse(await lamplight(node, build, ["model", "list", "--json"]));
		models.push({ wire, id: rows.find((row) => row.upstreamName === `test-${wire}`).id });
	}
	return models;
}

/** Waits until a node lists all of them. */
export async function knowsModels(url, token, models) {
	const end = Date.now() + KNOWN_MS;
	for (;;) {
		const response = await fetch(`${url}/api/ai/models`, { headers: { authorization: `Bearer ${token}` } }).catch(() => null);
		const listed = response?.ok ? (await response.json()).models.map(({ id }) => id) : [];
		if (models.every(({ id }) => !id || listed.includes(id))) return;
		if (Date.now() > end) throw new Error(`${url} does not have its models after ${KNOWN_MS} ms, but ${listed.join(", ")}`);
		await sleep(50);
	}
}
