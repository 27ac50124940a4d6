// The operator can change what a running program logs. Slow statements are logged with the id of the request, without
// anybody's text.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { createConnection } from "mysql2/promise";
import { User, eventually, newId, request } from "../support/api.mjs";
import { PROCESSES, query } from "../support/db.mjs";
import { VAR, pid } from "../support/instance.mjs";

const log = (program) => readFileSync(`${VAR}/log/${program}.log`, "utf8");
/** Returns a function that reads what the log gets from now on. */
function following(program) {
	const { length } = log(program);
	return () => log(program).slice(length);
}
const STATEMENT = /level=debug program=chat request=\w+ event=statement ms=\d+ sql="(SELECT|INSERT|UPDATE|DELETE)/;

test("everything at SIGUSR1, also when its supervisor gets it; as configured at SIGUSR2; and nobody's text", { timeout: 60_000 }, async () => {
	const user = await User.register();
	const worker = pid("chat");
	const supervisor = Number(/^PPid:\t(\d+)$/m.exec(readFileSync(`/proc/${worker}/status`, "utf8"))[1]);
	for (const id of [worker, supervisor]) {
		const since = following("chat");
		const secret = `secret-${newId()}`;
		process.kill(id, "SIGUSR1");
		try {
			await eventually(async () => / event=log_level all=1/.test(since()));
			await user.say(secret);
			await eventually(async () => STATEMENT.test(since()));
			assert.ok(!since().includes(secret) && !since().includes(user.token));
		} finally {
			process.kill(id, "SIGUSR2");
		}
		await eventually(async () => / event=log_level all=0/.test(since()));
		const after = following("chat");
		await user.say("again");
		await eventually(async () => / event=reply_ended /.test(after()));
		assert.doesNotMatch(after(), /level=debug/);
	}
	// The worker has survived the signals, whichever process got them.
	assert.equal(pid("chat"), worker);
});

test("successful health checks are not logged unless everything is; refused ones are", { timeout: 60_000 }, async () => {
	const since = ["auth", "health"].map(following);
	const watch = async () => {
		for (const what of ["live", "ready", "metrics"]) assert.equal((await request("GET", `/api/health/${what}`)).status, 200);
	};
	const refusal = async () => {
		const { requestId } = await request("GET", "/api/health/none");
		await eventually(async () => since[1]().includes(`level=info program=health request=${requestId} event=request `));
	};
	await watch();
	await refusal();
	for (const said of since) assert.doesNotMatch(said(), /path=\/api\/health\/(live|ready|figures|metrics) status=200/);
	process.kill(pid("health"), "SIGUSR1");
	try {
		await eventually(async () => / event=log_level all=1/.test(since[1]()));
		await watch();
		await refusal();
		assert.match(since[1](), /level=debug program=health request=\w+ event=request method=GET path=\/api\/health\/ready status=200/);
	} finally {
		process.kill(pid("health"), "SIGUSR2");
	}
});

test("a statement that takes long is logged, with the request that waits for it", { timeout: 60_000 }, async () => {
	const user = await User.register();
	const { sessionId } = await user.say("wait for me");
	const since = following("sessions");
	const db = await createConnection({ socketPath: `${VAR}/run/mysql.sock`, user: "lamplight", database: "lamplight" });
	let answer;
	try {
		await db.query("START TRANSACTION");
		await db.query("SELECT id FROM session WHERE id = ? FOR UPDATE", [sessionId]);
		const title = `secret-${newId()}`;
		const renamed = user.request("PATCH", `/api/ai/sessions/${sessionId}`, { body: { title } });
		const waits = `SELECT 1 FROM ${PROCESSES} WHERE info LIKE '%session%' AND id <> CONNECTION_ID() AND info NOT LIKE '%CONNECTION_ID%'`;
		await eventually(async () => (await query(waits)).length > 0);
		// The request is waiting; this makes it wait for longer than db.slow_ms.
		await new Promise((resolve) => setTimeout(resolve, 1200));
		await db.query("ROLLBACK");
		answer = await renamed;
		assert.equal(answer.status, 200, answer.text);
		const slow = await eventually(async () => /^.* event=statement_slow ms=\d{4,} sql=".*"$/m.exec(since())?.[0]);
		assert.match(slow, new RegExp(` level=warn program=sessions request=${answer.requestId} `));
		assert.ok(!since().includes(title));
	} finally {
		await db.end();
	}
});
