// What the operator tells people about the data that the site stores (http.privacy_file), and what an account says about
// itself.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { after, before, test } from "node:test";
import { User, request } from "../support/api.mjs";
import { up } from "../support/instance.mjs";

const TEXT = '# Privacy\n\nChats stay until you delete them. <script>alert("no")</script>\n\n隐私 "\\" \t…\n';
let folder, instance, base;

before(async () => {
	folder = mkdtempSync(`${tmpdir()}/lamplight-privacy-`);
	const file = `${folder}/privacy.md`;
	writeFileSync(file, `\ufeff${TEXT}`);
	instance = await up({ server: process.env.LAMPLIGHT_SERVER ?? "nginx", more: { LAMPLIGHT_HTTP_PRIVACY_FILE: file } });
	base = instance.env.LAMPLIGHT_URL;
});
after(async () => {
	await instance?.down();
	if (!process.env.KEEP) instance?.remove();
	rmSync(folder, { recursive: true, force: true });
});

test("anybody can read the text as it is in the file", async () => {
	assert.equal((await request("GET", "/api/config", { base })).json.privacy, true);
	const answer = await request("GET", "/api/privacy", { base });
	assert.equal(answer.status, 200, answer.text);
	assert.deepEqual(answer.json, { text: TEXT });
});

test("without a file there is none", async () => {
	assert.equal((await request("GET", "/api/config")).json.privacy, false);
	(await request("GET", "/api/privacy")).problem(404);
});

test("an account shows its date of creation", async () => {
	const begin = Date.now();
	const user = await User.register();
	const { id, username, createTime, ...others } = (await user.get("/api/me")).json;
	assert.deepEqual([id, username, others], [user.id, user.username, { role: "user" }]);
	assert.ok(Math.abs(Date.parse(createTime) - begin) < 60_000, createTime);
});
