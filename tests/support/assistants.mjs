// Assistants for their tests: an owner, another user, and the model's request in a chat that begins with one.

import assert from "node:assert/strict";
import { after, before } from "node:test";
import { User, newId, userMessage } from "./api.mjs";
import { admin } from "./admin.mjs";
import { play, says } from "./model.mjs";

export const PATH = "/api/ai/assistants";
export const CANARY = `canary-${newId()}`;
export const TEXT = { name: "Editor", icon: "✍️", description: "Mends texts.", instructions: `Be brief. ${CANARY}`, starters: ["Shorten this:", "What is wrong here?"] };
export let owner, other;

before(async () => {
	[owner, other] = await Promise.all([User.register(), User.register()]);
});

export async function add(who = owner, more) {
	const answer = await who.request("POST", PATH, { body: { ...TEXT, ...more } });
	assert.equal(answer.status, 201, answer.text);
	return answer.json;
}
export const get = (id, who = owner) => who.get(`${PATH}/${id}`);
export const list = async (who = owner) => (await who.get(PATH)).json;
export const change = (row, body, who = owner) => who.request("PATCH", `${PATH}/${row.id}`, { body: { version: row.version, ...body } });
export const drop = (id, who = owner) => who.request("DELETE", `${PATH}/${id}`);

export async function changed(row, body, who) {
	const answer = await change(row, body, who);
	assert.equal(answer.status, 200, answer.text);
	return answer.json;
}
const shown = [];
/** An administrator's assistant, which everybody sees; removed with this file. */
export async function published(more) {
	const row = await add(admin, more);
	shown.push(row.id);
	return changed(row, { published: true }, admin);
}
after(async () => {
	for (const id of shown) await drop(id, admin);
});

export const ask = (text, { who = owner, message = userMessage(text), ...more } = {}) => who.chat({ id: newId(), messages: [message], trigger: "submit-message", ...more });
export async function say(text, more) {
	const turn = await ask(text, more);
	assert.equal(turn.status, 200, turn.text);
	return turn.finish();
}
/** The model's first request. */
export async function asked(more) {
	const upstream = await play({ steps: says("Yes.") });
	const turn = await say(`go${upstream.mark}`, more);
	const [first] = await upstream.requests();
	const system = first.messages.filter(({ role }) => role === "system").map(({ content }) => content).join("\n");
	return { ...first, system, sessionId: turn.sessionId };
}
