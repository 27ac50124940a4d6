// Two hosts on a MySQL group of three (group replication, single-primary), while people chat: the primary is killed, freezes, is cut off. Nothing
// that was acknowledged or shown may be lost, at any member; how long everybody waited is printed. Run by make test-cluster.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { up } from "../support/instance.mjs";
import { startModel } from "../support/upstream.mjs";
import { Group, cannotGroup } from "./lib/group.mjs";
import { broken } from "./lib/kept.mjs";
import { Talkers } from "./lib/talkers.mjs";

const skip = cannotGroup() ?? false;
/** Far above what was measured (docs/handbook/cluster.md): a loaded machine. */
const STALL_MAX_MS = 60_000;
const timeout = 300_000;
const hosts = [];
let group, model, talkers, keys;

before(async () => {
	if (skip) return;
	group = await Group.open();
	model = await startModel();
	keys = mkdtempSync(`${tmpdir()}/lamplight-keys-`);
	const more = { ...group.settings, LAMPLIGHT_DB_READ_HOST: group.members[2].socket, LAMPLIGHT_LLM_BASE_URL: model.baseUrl, LAMPLIGHT_AUTH_SECRET_FILE: `${keys}/secret` };
	for (let n = 0; n < 2; n++) hosts.push(await up({ more }));
	talkers = await Talkers.open(hosts.map(({ env }) => env.LAMPLIGHT_URL));
	await talkers.flow(30_000);
});

after(async () => {
	for (const host of hosts) await host.down().then(host.remove);
	await model?.close();
	await group?.close();
	if (keys) rmSync(keys, { recursive: true });
});

test("lists are read at a secondary, and nobody misses what was stored", { skip, timeout }, async () => {
	const [{ env }] = hosts;
	const ask = async (method, path, body, token) => {
		const headers = { "content-type": "application/json", ...(token && { authorization: `Bearer ${token}` }) };
		const answer = await fetch(env.LAMPLIGHT_URL + path, { method, headers, ...(body && { body: JSON.stringify(body) }) });
		assert.ok(answer.ok, `${method} ${path}: ${answer.status}`);
		return answer.text();
	};
	const { accessToken } = JSON.parse(await ask("POST", "/api/auth/register", { username: "reader", password: "correct horse battery" }));
	const before = await group.members[2].reads();
	for (let n = 1; n <= 20; n++) {
		const messages = [{ id: `question-${n}`, role: "user", parts: [{ type: "text", text: `question ${n}` }] }];
		await ask("POST", "/api/ai/chat", { id: `chat-${n}`, messages }, accessToken);
		assert.equal(JSON.parse(await ask("GET", "/api/ai/sessions", null, accessToken)).length, n);
	}
	const reads = (await group.members[2].reads()) - before;
	assert.ok(reads >= 40, String(reads));
});

/** Does something to the primary, and undoes it: another one has the writers then, and keeps them. */
async function measured(what, harm, mend, ms) {
	const primary = await group.primary();
	const before = talkers.acks.length;
	const began = Date.now();
	await harm(primary);
	await sleep(ms);
	await talkers.flow(STALL_MAX_MS);
	const stallMs = talkers.stallSince(began);
	const mended = Date.now();
	await mend(primary);
	await primary.rejoin();
	const acks = talkers.acks.length - before;
	console.log(`# ${what}: nobody was answered for ${stallMs} ms; a member again after ${Date.now() - mended} ms; ${acks} messages meanwhile`);
	assert.ok(stallMs < STALL_MAX_MS, String(stallMs));
	assert.notEqual((await group.primary()).name, primary.name);
}

test("the primary is killed", { skip, timeout }, () =>
	measured(
		"killed",
		(member) => member.kill(),
		(member) => member.start(),
		9000,
	));

test("the primary is frozen", { skip, timeout }, () =>
	measured(
		"frozen",
		(member) => member.signal("SIGSTOP"),
		(member) => member.signal("SIGCONT"),
		14_000,
	));

test("the primary is cut off from the others", { skip, timeout }, () =>
	measured(
		"cut off",
		(member) => member.cutOff(),
		(member) => member.joinUp(),
		20_000,
	));

test("nothing that was acknowledged or shown is lost, and all members have the same", { skip, timeout }, async () => {
	await talkers.end();
	await sleep(3000);
	const { promised, refused, repeated } = talkers;
	for (const member of group.members) {
		const rows = await messagesAt(member);
		const lost = broken(promised, rows);
		for (const { text, shown, stored } of lost.slice(0, 3)) console.log(`# lost at ${member.name}: ${JSON.stringify({ text, shown, stored })}`);
		assert.equal(lost.length, 0, member.name);
		assert.equal(rows.filter(({ status }) => status === "streaming").length, 0, member.name);
	}
	const sums = await Promise.all(group.members.map((member) => member.query("CHECKSUM TABLE lamplight.user, lamplight.session, lamplight.message", 30_000)));
	console.log(`# ${promised.length} messages were acknowledged, ${refused} requests refused, ${repeated} sent again`);
	for (const sum of sums.slice(1)) assert.deepEqual(sum, sums[0]);
	assert.ok(promised.length > 50, String(promised.length));
});

async function messagesAt(member) {
	return (await member.query("SELECT CAST(id AS CHAR) AS id, CAST(session_id AS CHAR) AS session_id, role, status, parts FROM lamplight.message ORDER BY id", 30_000)).map((row) => ({
		...row,
		parts: String(row.parts),
	}));
}
