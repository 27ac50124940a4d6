// On a full disk, files that are not essential must not stop the work. (For the database's disk and the logs see
// torture.mjs.)

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { User, eventually, newId, request, userMessage } from "../support/api.mjs";
import { runs, up } from "../support/instance.mjs";
import { cannotMount } from "./lib/site.mjs";

const worker = fileURLToPath(new URL("../../bin/worker", import.meta.url));
const skip = (await cannotMount()) ?? false;

/** Runs the work in a small file system that is full. */
async function onFullDisk(work) {
	const dir = mkdtempSync(`${tmpdir()}/lamplight-full-`);
	execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k", "lamplight-test", dir]);
	try {
		mkdirSync(`${dir}/tmp`);
		assert.throws(() => writeFileSync(`${dir}/ballast`, Buffer.alloc(1 << 20)), /ENOSPC/);
		return await work(dir);
	} finally {
		execFileSync("umount", ["-l", dir]);
		rmSync(dir, { recursive: true });
	}
}

test("a worker starts, serves and stops with a full /tmp", { skip, timeout: 30_000 }, () =>
	onFullDisk(async (dir) => {
		const script = `${tmpdir()}/lamplight-worker-${process.pid}`;
		writeFileSync(script, "#!/bin/sh\necho pid $$\nexec sleep 60\n", { mode: 0o700 });
		const env = { ...process.env, TMPDIR: `${dir}/tmp` };
		const supervised = spawn(worker, [script], { env, stdio: ["pipe", "pipe", "inherit"] });
		const ended = once(supervised, "exit");
		try {
			const [said] = await once(supervised.stdout, "data");
			const pid = Number(/pid (\d+)/.exec(said)[1]);
			await new Promise((resolve) => setTimeout(resolve, 500));
			assert.ok(runs(pid), "the program runs");
			assert.equal(supervised.exitCode, null, "and is watched");
			supervised.kill("SIGTERM");
			await ended;
			await eventually(() => !runs(pid));
		} finally {
			supervised.kill("SIGKILL");
			rmSync(script);
		}
	}),
);

test("a body that the web server cannot put down is answered in the form of all errors", { skip, timeout: 120_000 }, async () => {
	let small;
	const before = (VAR) => {
		small = `${VAR}/tmp/body`;
		mkdirSync(small, { recursive: true });
		execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k", "lamplight-test", small]);
		assert.throws(() => writeFileSync(`${small}/ballast`, Buffer.alloc(1 << 20)), /ENOSPC/);
	};
	const instance = await up({ server: "nginx", before });
	try {
		const base = instance.env.LAMPLIGHT_URL;
		const body = { username: `u-${newId()}`, password: User.password };
		const { json } = await request("POST", "/api/auth/register", { body, base });
		const user = new User(json).at(base);
		const answer = await user.chat({ id: newId(), messages: [userMessage("x".repeat(1 << 20))], trigger: "submit-message" });
		answer.problem(503, { code: "unavailable" });
		const short = await user.ask("hello");
		assert.equal(short.status, 200);
		await short.leave();
	} finally {
		await instance.down();
		execFileSync("umount", ["-l", small]);
		instance.remove();
	}
});
