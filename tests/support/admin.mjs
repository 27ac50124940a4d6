// An administrator for /api/admin, and the providers and models that a test file creates, which are removed after it.

import assert from "node:assert/strict";
import { after, before } from "node:test";
import { User, newId } from "./api.mjs";
import { lamplight } from "./instance.mjs";

export const KEY = "sk-canary-4f1e-0123456789-wxyz";
export const HEADER = "canary-header-77aa";
export let admin;
/** The paths below /api/admin/ of everything that this file has created; each is removed at its end. */
export const made = [];

before(async () => {
	admin = await User.register();
	lamplight("user", "role", admin.username, "admin");
});
after(async () => {
	for (const path of made.reverse()) await remove(path);
});

export const post = (path, body, who = admin) => who.request("POST", `/api/admin/${path}`, { body });
export const patch = (path, body, who = admin) => who.request("PATCH", `/api/admin/${path}`, { body });
export const remove = (path, who = admin) => who.request("DELETE", `/api/admin/${path}`);

export async function aProvider(more) {
	const answer = await post("providers", { name: `p-${newId()}`, kind: "anthropic", key: KEY, ...more });
	assert.equal(answer.status, 201, answer.text);
	made.push(`providers/${answer.json.id}`);
	return answer.json;
}
export async function aModel(providerId, more) {
	const answer = await post("models", { providerId, upstreamName: `m-${newId()}`, ...more });
	assert.equal(answer.status, 201, answer.text);
	made.push(`models/${answer.json.id}`);
	return answer.json;
}
