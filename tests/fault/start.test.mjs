// A program is started while the database does not let it work.

import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { User, eventually, request } from "../support/api.mjs";
import { pid } from "../support/instance.mjs";
import { asRoot, endConnections, said } from "./lib/account.mjs";

const AT_START = {
	"refuses the password": ["ALTER USER lamplight@localhost IDENTIFIED BY 'another'", "ALTER USER lamplight@localhost IDENTIFIED BY ''"],
	"is read-only": ["SET GLOBAL read_only = 1", "SET GLOBAL read_only = 0"],
};
for (const [what, [away, back]] of Object.entries(AT_START))
	test(`a program that is started while it ${what}: 503 until it does not, from one process`, { timeout: 90_000 }, async () => {
		const user = await User.register();
		const log = said("sessions");
		const old = pid("sessions");
		let started;
		asRoot(away);
		try {
			endConnections();
			process.kill(old, "SIGKILL");
			await eventually(() => pid("sessions") !== old);
			started = pid("sessions");
			await eventually(async () => {
				const answer = await user.get("/api/ai/sessions");
				if (answer.json?.requestId === undefined || answer.headers.get("retry-after") === null) return false;
				answer.problem(503, { code: "unavailable" });
				return true;
			});
			await eventually(async () => (await request("GET", "/api/health/ready")).status === 503);
			const before = log().length;
			await sleep(2500);
			for (let i = 0; i < 3; i++) (await user.get("/api/ai/sessions")).problem(503, { code: "unavailable" });
			assert.equal(pid("sessions"), started, "it has not ended and begun again");
			assert.equal(log().length, before, "it is logged once");
		} finally {
			asRoot(back);
		}
		await eventually(async () => (await user.get("/api/ai/sessions")).status === 200);
		assert.equal(pid("sessions"), started);
		await eventually(async () => (await request("GET", "/api/health/ready")).status === 200);
	});
