// From `lamplight provider add` to the first reply, as a newcomer does it in the first minute: for each kind of provider,
// with the demo model, which understands all four. `tests/run operate/first-reply.test.mjs` prints how long it took.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { User, eventually, newId, userMessage } from "../support/api.mjs";
import { lamplight } from "../support/instance.mjs";

let demo, url;
before(async () => {
	demo = spawn(`build/${process.env.VARIANT || "release"}/bin/demo-llm`, ["0", "0"], { cwd: fileURLToPath(new URL("../..", import.meta.url)), stdio: ["ignore", "pipe", "ignore"] });
	const [line] = await once(demo.stdout, "data");
	url = `http://127.0.0.1:${/\d{4,5}/.exec(line)}/v1`;
});
after(() => demo.kill());

for (const kind of ["openai", "responses", "anthropic", "gemini"])
	test(kind, { timeout: 60_000 }, async (t) => {
		const user = await User.register();
		const name = `first-${kind}-${newId()}`;
		const begun = Date.now();
		lamplight("provider", "add", name, "--kind", kind, "--base-url", url, "--no-key");
		lamplight("model", "add", "demo", "--provider", name, "--label", name);
		const { id } = await eventually(async () => (await user.get("/api/ai/models")).json.models.find((model) => model.label === name), 30);
		const turn = await user.chat({ id: newId(), messages: [userMessage("Hello")], trigger: "submit-message", model: id });
		await turn.finish();
		t.diagnostic(`${kind}: ${((Date.now() - begun) / 1000).toFixed(1)} s`);
		assert.deepEqual([turn.metadata.status, turn.metadata.modelId], ["complete", id]);
		assert.ok(turn.text.length > 0);
		lamplight("model", "remove", name);
		lamplight("provider", "remove", name);
	});
