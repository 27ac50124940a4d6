// Pages of the sites listed in http.cors_origins may call the API, and pages of other sites may not.

import assert from "node:assert/strict";
import { before, test } from "node:test";
import { request, User } from "../support/api.mjs";

let user;
before(async () => {
	user = await User.register();
});

test("a listed origin may send what the API takes, and read the answer", async () => {
	const origin = "https://listed.example";
	for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE"]) {
		const { headers } = await request("OPTIONS", "/api/ai/chat", { headers: { origin, "access-control-request-method": method } });
		assert.equal(headers.get("access-control-allow-origin"), origin);
		assert.ok(headers.get("access-control-allow-methods").split(", ").includes(method), method);
	}
	const answer = await user.request("GET", "/api/me", { headers: { origin } });
	assert.equal(answer.status, 200);
	assert.equal(answer.headers.get("access-control-allow-origin"), origin);
	assert.match(answer.headers.get("vary"), /Origin/);
});

test("nothing tells other origins that they may read", async () => {
	const headers = { origin: "https://evil.example", "access-control-request-method": "POST" };
	for (const answer of [
		await user.request("GET", "/api/me", { headers }),
		await request("OPTIONS", "/api/ai/chat", { headers }),
	])
		assert.equal(answer.headers.get("access-control-allow-origin"), null);
});
