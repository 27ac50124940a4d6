// A client's W3C traceparent reaches the model and the site's own tools with a new span id, and appears in the logs.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { User, eventually, newId, userMessage } from "../support/api.mjs";
import { VAR } from "../support/instance.mjs";
import { chunk, play, says } from "../support/model.mjs";

const hex = (n) => randomBytes(n).toString("hex");
const log = () => readFileSync(`${VAR}/log/chat.log`, "utf8");
const ask = async (user, text, headers) => (await user.chat({ id: newId(), messages: [userMessage(text)] }, { headers })).finish();

test("the model and a tool get the trace, and the log has it", async () => {
	const user = await User.register();
	const [trace, parent, key] = [hex(16), hex(8), newId()];
	const call = { index: 0, id: "call_1", type: "function", function: { name: "probe", arguments: JSON.stringify({ key, answer: 1 }) } };
	const calls = [{ send: chunk({ tool_calls: [call] }) }, { send: chunk({}, "tool_calls") }, { send: "data: [DONE]\n\n" }];
	const upstream = await play({ steps: calls }, { steps: says("done") });
	const turn = await ask(user, upstream.mark, { traceparent: `00-${trace}-${parent}-01`, tracestate: "vendor=secret-state", baggage: "who=secret" });
	assert.equal(turn.metadata.status, "complete");

	const asked = await upstream.log();
	const [{ headers: tool }] = await (await fetch(`${process.env.LAMPLIGHT_TEST_TOOLS}/calls/${key}`)).json();
	const got = [...asked.map(({ headers }) => headers), tool];
	assert.equal(got.length, 3);
	for (const headers of got) {
		assert.match(headers.traceparent, new RegExp(`^00-${trace}-[0-9a-f]{16}-01$`));
		assert.equal(headers.tracestate, undefined);
		assert.equal(headers.baggage, undefined);
	}
	const parents = got.map(({ traceparent }) => traceparent.split("-")[2]);
	assert.equal(new Set([...parents, parent]).size, 4, "each request has an id of its own");
	for (const event of ["request", "tool_ended", "reply_ended"])
		await eventually(() => log().split("\n").some((line) => line.includes(` trace=${trace} `) && line.includes(` event=${event} `)));
	assert.match(log(), new RegExp(` request=\\w+ trace=${trace} event=request `));
	assert.ok(!log().includes("secret-state"));
});

test("a request without a valid traceparent has no trace", async () => {
	const user = await User.register();
	const id = hex(16);
	const hostile = [
		`00-${id}-${hex(8)}-01, 00-${id}-${hex(8)}-01`,
		`00-${id}-${hex(8)}-01 event=forged`,
		`00-${"0".repeat(32)}-${hex(8)}-01`,
		`00-${id.toUpperCase()}Z-${hex(8)}-01`,
		`ff-${id}-${hex(8)}-01`,
		`00-${id}`,
		"x".repeat(4000),
		"%0d%0aX-Evil: 1",
	];
	for (const traceparent of [undefined, ...hostile]) {
		const upstream = await play({ steps: says("fine") });
		await ask(user, upstream.mark, traceparent && { traceparent });
		const [{ headers }] = await upstream.log();
		assert.equal(headers.traceparent, undefined, traceparent);
		assert.equal(headers["x-evil"], undefined);
	}
	assert.ok(!log().includes(` trace=${id}`) && !log().includes("forged"));
});
