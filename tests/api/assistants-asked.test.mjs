// What the model gets in a chat that begins with an assistant.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { User } from "../support/api.mjs";
import { add, asked, other, owner, published, say } from "../support/assistants.mjs";
import { query } from "../support/db.mjs";
import { chunk, DONE, play, says } from "../support/model.mjs";

describe("variables", () => {
	const today = () => new Date().toISOString().slice(0, 10);
	const filled = async (instructions, who = owner) => {
		const row = await add(who, { instructions });
		return (await asked({ who, assistant: row.id })).system.split("Instructions for this assistant:\n")[1];
	};

	test("are filled in when the model is asked", async () => {
		const before = today();
		const system = await filled("{{user.name}} on {{date}} at {{site.name}}.");
		assert.ok([before, today()].some((date) => system === `${owner.username} on ${date} at Lamplight.`), system);
	});

	for (const [text, expected] of [
		["{{{{user.name}}}}", "{{NAME}}"],
		["{{", "{{"],
		["{{{user.name}}", "{NAME"],
		["{{user.name", "{{user.name"],
		["{{ user.name }}", "{{ user.name }}"],
		["{{User.Name}}", "{{User.Name}}"],
		["{{user.password}} {{site.secret}} {{unknown}}", "{{user.password}} {{site.secret}} {{unknown}}"],
		["{{user.{{user.name}}}}", "{{user.NAME}}"],
		["%s %n {{date", "%s %n {{date"],
		["{".repeat(4000), "{".repeat(4000)],
		["{{user.name}}".repeat(300), "NAME".repeat(300)],
	])
		test(`${text.slice(0, 40)} is what is known of it`, async () => assert.equal(await filled(text), expected.replaceAll("NAME", owner.username)));

	test("a user name that looks like a variable is not filled in again", async () => {
		const who = await User.register();
		await query("UPDATE user SET username = ? WHERE id = ?", ["{{site.name}}", who.id]);
		assert.equal(await filled("{{user.name}}", who), "{{site.name}}");
	});

	test("variables in a user's own text are not filled in", async () => {
		const row = await published({ instructions: "For {{user.name}}" });
		assert.match((await asked({ who: other, assistant: row.id })).system, new RegExp(`For ${other.username}$`));
	});
});

describe("tools", () => {
	let calls = 0;
	const callsTo = (...names) => [
		...names.map((name, index) => ({ send: chunk({ tool_calls: [{ index, id: `assistant_call_${++calls}`, type: "function", function: { name, arguments: "{}" } }] }) })),
		{ send: chunk({}, "tool_calls") },
		{ send: DONE },
	];
	async function run(tools, ...names) {
		const row = await add(owner, { tools });
		const upstream = await play({ steps: callsTo(...names) }, { steps: says("done") });
		const turn = await say(`go${upstream.mark}`, { assistant: row.id });
		return { turn, requests: await upstream.requests() };
	}

	test("only the assistant's tools are offered, in each step", async () => {
		const { turn, requests } = await run(["current_time", "get_time", "no_such_tool"], "current_time");
		for (const request of requests) assert.deepEqual(request.tools.map((tool) => tool.function.name), ["get_time", "current_time"]);
		assert.equal(requests.length, 2);
		assert.equal(turn.of("tool-output-available").length, 1);
	});

	for (const [name, what] of [["run_weather", "that runs in the server"], ["get_weather", "of the page"], ["danger", "that asks for approval"]])
		test(`a call of another ${what} is of none that is there`, async () => {
			const { turn, requests } = await run(["current_time"], name);
			const errors = turn.chunks.filter(({ type }) => /^tool-(in|out)put-error$/.test(type));
			assert.equal(errors.length, 1);
			assert.match(errors[0].errorText, /no tool of this name/);
			assert.equal(turn.of("tool-approval-request").length + turn.of("tool-output-available").length, 0);
			assert.equal(requests.length, 2, "the model is told");
			assert.equal(turn.text, "done");
		});

	test("an assistant with an empty list of tools offers none", async () => {
		const { requests } = await run([], "current_time");
		assert.equal(requests[0].tools, undefined);
	});

	test("an assistant without a list offers all tools", async () => {
		const { requests } = await run(null, "current_time");
		assert.ok(requests[0].tools.length > 4);
	});
});
