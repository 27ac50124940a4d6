// "Ready" means that every program answers, not only the one asked.

import assert from "node:assert/strict";
import { test } from "node:test";
import { eventually, request } from "../support/api.mjs";
import { pause, pid } from "../support/instance.mjs";

test("/ready notices a frozen program and names it to the operator", { timeout: 120_000 }, async () => {
	for (const program of ["auth", "sessions", "messages", "chat", "admin"]) {
		const worker = pid(program);
		await pause(worker);
		try {
			const answer = await request("GET", "/api/health/ready");
			answer.problem(503, { code: "unavailable" });
			assert.equal(answer.json.detail.includes(program), false);
			const full = await request("GET", "/api/health/ready?full");
			full.problem(503, { code: "unavailable" });
			assert.equal(full.json.detail, `These do not answer: ${program}.`);
		} finally {
			process.kill(worker, "SIGCONT");
		}
		await eventually(async () => (await request("GET", "/api/health/ready")).status === 200);
	}
});
