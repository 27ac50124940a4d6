// Reads from a replica (db.read_host): the replica serves them, they never lack what was stored before, and they go to the
// main server if the replica is behind, away or frozen.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { freePort, up } from "../support/instance.mjs";
import { Replica, primary } from "../support/replica.mjs";
import { startModel } from "../support/upstream.mjs";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const skip = process.env.DB === "mysql" && "the replica is one of MariaDB";
const timeout = 120_000;
let instance, model, replica, user, eventually;

before(async () => {
	if (skip) return;
	const port = await freePort();
	replica = new Replica();
	model = await startModel();
	instance = await up({ more: { ...primary(port), LAMPLIGHT_LLM_BASE_URL: model.baseUrl, LAMPLIGHT_DB_READ_HOST: replica.socket } });
	process.env.LAMPLIGHT_URL = instance.env.LAMPLIGHT_URL;
	const api = await import("../support/api.mjs");
	eventually = api.eventually;
	user = await api.User.register();
	await replica.open(`${instance.env.LAMPLIGHT_VAR}/run/mysql.sock`, port);
	await eventually(isRead, 30);
});

after(async () => {
	await instance?.down();
	instance?.remove();
	await replica?.close();
	await model?.close();
});

const logOf = (program) => readFileSync(`${instance.env.LAMPLIGHT_VAR}/log/${program}.log`, "utf8");
const logged = (event) => logOf("sessions").includes(`event=${event}`);

/** Whether lists come from the replica now: one statement asks whether it has everything, another reads the list. */
async function isRead() {
	const before = await replica.reads();
	await user.sessions();
	return (await replica.reads()) > before + 1;
}

/** Fails unless a user who has stored something can read it, wherever that happens. */
async function readsOwn(text) {
	const { sessionId } = await user.say(text);
	const [first] = await user.sessions();
	assert.equal(first.id, sessionId);
	const messages = await user.messages(sessionId);
	assert.deepEqual(messages.map(({ parts }) => parts.at(-1).text), [text, `You said: ${text}`]);
	const renamed = await user.request("PATCH", `/api/ai/sessions/${sessionId}`, { body: { title: `title of ${text}` } });
	assert.equal(renamed.status, 200);
	assert.equal((await user.get(`/api/ai/sessions/${sessionId}`)).json.title, `title of ${text}`);
	return sessionId;
}

test("lists, histories and searches come from the replica, and nobody misses what was stored", { skip, timeout }, async () => {
	const before = await replica.reads();
	for (let n = 0; n < 40; n++) await readsOwn(`word${n}`);
	// Three reads of at least two statements each: whether the replica has everything, and the data.
	const reads = (await replica.reads()) - before;
	assert.ok(reads >= 40 * 6, String(reads));
	await eventually(async () => {
		const answer = await user.request("POST", "/api/ai/search", { body: { q: "word7" } });
		return answer.json.some(({ title }) => title === "title of word7");
	});
	const gone = await readsOwn("to be deleted");
	assert.equal((await user.request("DELETE", `/api/ai/sessions/${gone}`)).status, 204);
	assert.equal((await user.get(`/api/ai/sessions/${gone}/messages`)).status, 404);
});

test("a replica that is behind is not used", { skip, timeout }, async () => {
	await replica.query("STOP SLAVE SQL_THREAD");
	for (let n = 0; n < 5; n++) await readsOwn(`behind ${n}`);
	assert.ok(logged("replica_behind"));
	await replica.query("START SLAVE SQL_THREAD");
	await eventually(isRead, 30);
	assert.ok(logged("replica_back"));
	await readsOwn("caught up");
});

test("losing the replica loses no read", { skip, timeout }, async () => {
	await replica.kill();
	for (let n = 0; n < 5; n++) await readsOwn(`killed ${n}`);
	assert.ok(logged("replica_away"));
	await replica.start();
	await eventually(isRead, 60);
	await readsOwn("back");
});

test("a frozen replica delays some reads and nothing else", { skip, timeout }, async () => {
	const { sessionId } = await user.say("to be renamed");
	await eventually(isRead, 60);
	replica.signal("SIGSTOP");
	try {
		// More requests at once than there are threads: half of these wait for 2 s (a new connection) or 6 s. Writers do not
		// wait behind them.
		let open = 12;
		const lists = Array.from({ length: open }, () => user.sessions().then(() => open--));
		await eventually(() => open <= 2, 1.5);
		assert.equal((await user.request("PATCH", `/api/ai/sessions/${sessionId}`, { body: { title: "renamed" } })).status, 200);
		assert.ok(open > 0, "nobody waited for it");
		await Promise.all(lists);
		for (let n = 0; n < 3; n++) await readsOwn(`frozen ${n}`);
	} finally {
		replica.signal("SIGCONT");
	}
	await eventually(isRead, 60);
});

test("a search that takes too long there says nothing of it: it is not asked again elsewhere, and the replica is read on", { skip, timeout }, async () => {
	const word = "unhurried";
	await readsOwn(word);
	const search = () => user.request("POST", "/api/ai/search", { body: { q: word } });
	await eventually(async () => (await search()).json.length > 0, 60);
	await eventually(isRead, 60);
	const away = () => logOf("sessions").split("event=replica_away").length;
	const before = away();
	const tables = (await replica.query("SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'lamplight' AND table_name LIKE 'search%'")).map(({ name }) => `lamplight.${name} WRITE`);
	const unlock = await replica.hold(`LOCK TABLES ${tables.join(", ")}`);
	try {
		(await search()).problem(503, { code: "search_too_broad" });
		assert.ok(await isRead(), "it was left alone");
	} finally {
		unlock();
	}
	assert.equal(away(), before);
	assert.ok((await search()).json.length > 0);
});

test("one that grants nothing, or not enough, is not missed either, and doctor says so", { skip, timeout }, async () => {
	// Connections keep the rights that they began with.
	const endAll = async () => {
		for (const { id } of await replica.query("SELECT id FROM information_schema.processlist WHERE user = 'lamplight'")) await replica.query(`KILL ${id}`);
	};
	await replica.query("REVOKE SELECT ON lamplight.* FROM lamplight@localhost");
	await endAll();
	await readsOwn("without rights");
	assert.equal((await finding()).severity, "warning");
	// It answers whether it has all, and refuses the list: that is read again elsewhere.
	await replica.query("GRANT SELECT ON lamplight.login TO lamplight@localhost");
	const refused = () => logOf("sessions").split("during=prepare number=1142").length;
	const before = refused();
	let failed;
	await eventually(async () => {
		await readsOwn("without most of them").catch((error) => (failed ??= error));
		return refused() > before;
	}, 60);
	assert.ifError(failed);
	assert.equal((await finding()).severity, "warning");
	await replica.query("REVOKE SELECT ON lamplight.login FROM lamplight@localhost");
	await replica.query("GRANT SELECT ON lamplight.* TO lamplight@localhost");
	await endAll();
	await eventually(isRead, 60);
});

/** The finding of `lamplight doctor` about the replica. */
function finding() {
	const command = ["env", `LAMPLIGHT_DB_READ_HOST=${replica.socket}`, `build/${process.env.VARIANT || "release"}/bin/lamplight`, "doctor", "--json", "--sockets", `${instance.env.LAMPLIGHT_VAR}/run`];
	const env = { ...process.env, VAR: instance.env.LAMPLIGHT_VAR };
	return new Promise((resolve) => {
		execFile(`${ROOT}bin/with-env`, command, { cwd: ROOT, env, timeout: 60_000 }, (_error, stdout) => {
			resolve(JSON.parse(stdout).findings.find(({ code }) => code === "database_replica"));
		});
	});
}

test("doctor reports on the replica", { skip, timeout }, async () => {
	assert.equal((await finding()).severity, "ok");
	await replica.query("STOP SLAVE SQL_THREAD");
	await user.say("not there yet");
	const { severity, finding: words } = await finding();
	assert.equal(severity, "warning");
	assert.match(words, /is behind the server of db\.host/);
	await replica.query("START SLAVE SQL_THREAD");
});

test("the metrics count the reads of the replica", { skip, timeout }, async () => {
	const text = await (await fetch(`${instance.env.LAMPLIGHT_URL}/api/health/metrics`)).text();
	for (const outcome of ["read", "behind", "away"])
		assert.match(text, new RegExp(`^lamplight_replica_reads_total\\{program="sessions",outcome="${outcome}"\\} [1-9]`, "m"), outcome);
});
