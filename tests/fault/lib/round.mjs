// One round: clients use a site, a fault is injected repeatedly, everything comes to rest, and the history is checked.

import { setTimeout as sleep } from "node:timers/promises";
import { check } from "./checks.mjs";
import { Client } from "./client.mjs";
import { newHistory } from "./history.mjs";
import { UPSTREAM_FAULTS } from "./replies.mjs";
import { storedOf } from "./site.mjs";
import { shownOf } from "./shown.mjs";

const EPOCH_MS = 1704067200000n; // of the ids
const SAMPLE_MS = 200;
/** A loaded machine is slow, so the round reports the specified limit and calls only far more a violation. */
const SLACK_MS = 5000;

const firstIdAt = (ms) => String((BigInt(ms) - EPOCH_MS) << 22n);

class World {
	constructor(site, row, history) {
		const { kinds, repeats, padding, wrongClocks } = row;
		Object.assign(this, { site, history, kinds, repeats, padding, wrongClocks, bases: site.urls, scripts: [], over: false });
	}

	isOver = () => this.over;

	addScript(script) {
		this.scripts.push(script);
		script.ready = this.site.control("PUT", `/${script.script}`, script.calls);
	}

	/** Resolves when the model knows the script. */
	ready(id) {
		return this.scripts.findLast(({ script }) => script === id)?.ready;
	}

	/** What the database holds at this moment; undefined: it does not answer. */
	async witness(sessionId, replyId) {
		try {
			this.db ??= await this.site.connect();
			return await storedOf(this.db, sessionId, replyId);
		} catch {
			this.db?.destroy();
			this.db = null;
			return undefined;
		}
	}
}

/** Reads the tables several times a second, each time consistently. */
async function sampler(world) {
	let db = null;
	while (!world.ended) {
		try {
			db ??= await world.site.connect();
			const at = Date.now();
			await db.query("START TRANSACTION WITH CONSISTENT SNAPSHOT");
			const [workers] = await db.query("SELECT id, epoch FROM worker");
			const [rows] = await db.query(
				"SELECT id, session_id, worker_id, worker_epoch, (SELECT MAX(seq) FROM message_delta WHERE message_id = message.id) AS seq" +
					" FROM message WHERE streaming_session IS NOT NULL",
			);
			await db.query("COMMIT");
			world.history.samples.push({
				at,
				workers: workers.map(({ id, epoch }) => ({ node: Number(id), epoch: Number(epoch) })),
				streaming: rows.map((row) => ({
					id: row.id,
					sessionId: row.session_id,
					node: Number(row.worker_id),
					epoch: Number(row.worker_epoch),
					seq: Number(row.seq ?? -1),
				})),
			});
		} catch {
			db?.destroy();
			db = null;
		}
		await sleep(SAMPLE_MS);
	}
	db?.destroy();
}

async function injector(world, row, random, counts, node) {
	const { history, site } = world;
	while (!world.over) {
		await sleep(random.between(...row.gap));
		if (world.over) break;
		const { allows5xx = false, allows401 = false } = row;
		const fault = { name: null, at: Date.now(), until: Infinity, allows5xx, allows401 };
		history.faults.push(fault);
		const done = await row.inject(site, random, node ?? random.pick(site.nodes));
		const faults = typeof done === "string" ? { [done]: 1 } : (done ?? {});
		fault.name = Object.keys(faults).join(", ");
		fault.until = fault.name ? Date.now() : fault.at;
		for (const [name, n] of Object.entries(faults)) counts[name] = (counts[name] ?? 0) + n;
	}
}

/** Waits until nothing streams and the journal is empty. */
async function rest(world, boundMs) {
	for (const end = Date.now() + boundMs; ; await sleep(100)) {
		const open = "SELECT id FROM message WHERE streaming_session IS NOT NULL UNION ALL SELECT message_id FROM message_delta";
		const rows = await world.site.asRoot(async (db) => (await db.query(open))[0]);
		if (rows.length === 0 || Date.now() > end) return;
	}
}

/** Sessions whose ids may belong to this round, whatever the clocks showed meanwhile. */
async function recentSessions(site, startedAt) {
	const from = firstIdAt(startedAt - 600_000);
	return site.asRoot(async (db) => (await db.query("SELECT id, user_id, chat_id FROM session WHERE id >= ?", [from]))[0]);
}

async function readTables(world, startedAt, earlier) {
	const sessions = (await recentSessions(world.site, startedAt)).filter(({ id }) => !earlier.has(id));
	const from = sessions.reduce((least, { id }) => (BigInt(id) < BigInt(least) ? id : least), firstIdAt(startedAt));
	await world.site.asRoot(async (db) => {
		const all = async (sql, values) => (await db.query(sql, values))[0];
		const { tables } = world.history;
		tables.users = await all("SELECT id FROM user");
		tables.sessions = sessions.map((row) => ({ id: row.id, userId: row.user_id, chatId: row.chat_id }));
		const messages = await all("SELECT * FROM message WHERE session_id >= ?", [from]);
		tables.messages = messages.filter((row) => !earlier.has(row.session_id)).map((row) => ({
			id: row.id,
			sessionId: row.session_id,
			parentId: row.parent_id,
			role: row.role,
			status: row.status,
			active: row.active === 1,
			clientId: row.client_id,
			parts: row.parts,
			shown: row.role === "assistant" ? shownOf(JSON.parse(row.parts)) : row.parts,
			createdAt: world.wrongClocks ? 0 : Date.parse(`${row.create_time.replace(" ", "T")}Z`),
		}));
		tables.deltas = (await all("SELECT message_id FROM message_delta")).map((row) => ({ messageId: row.message_id }));
	});
}

async function readUpstream(world, faults) {
	for (const { script, kind, retried, planned, ready } of world.scripts) {
		await ready;
		const log = await world.site.control("GET", `/${script}`);
		if (log.length && UPSTREAM_FAULTS.includes(kind)) faults[`model: ${kind}`] = (faults[`model: ${kind}`] ?? 0) + 1;
		world.history.upstream.push({
			script,
			retried: retried || Boolean(world.repeats),
			planned,
			calls: log.map(({ at, steps, gone }) => ({ at, steps, gone })),
		});
	}
}

/** On a full disk a line may be written in part, and the next one follows on the same line. */
const isTorn = (line) => line.indexOf("time=", 1) > 0;

function readLogs(world) {
	const errors = {};
	for (const node of world.site.nodes)
		for (const line of node.log()) {
			if (line.includes("event=journal_late")) world.history.undurable = true;
			if (isTorn(line)) continue;
			const event = /\bevent=(\S+)/.exec(line)?.[1];
			if (event === "reply_recovered") world.history.recovered.push(/message=(\d+)/.exec(line)[1]);
			if (/\blevel=error\b/.test(line) || event === "loop_slow") errors[event] = (errors[event] ?? 0) + 1;
		}
	return errors;
}

/** Plays one round; { row, seed, violations, faults, counts, errors, measured }. */
export async function play(site, { name, row, seed, users, ms, random }) {
	const history = newHistory({ usableMs: site.leaseMs + 5000 + SLACK_MS, stopMs: 1000 + SLACK_MS + (row.stallMs ?? 0) });
	await site.renewModel();
	// A connection keeps a server's setting (small packets) for as long as it lives: 20 s.
	await site.nodesAnswer(users[0], Math.max(history.bounds.usableMs, 45_000));
	if (site.kind === "disks") await site.shrinkTables();
	for (const node of site.nodes) node.log();
	const world = new World(site, row, history);
	const startedAt = Date.now();
	const earlier = new Set((await recentSessions(site, startedAt)).map(({ id }) => id));
	// A person chooses a model and keeps it.
	const clients = users.map((user, n) => new Client(world, user, random.source(`client ${n}`), site.models[n % site.models.length]));
	const lives = clients.map((client) => client.live());
	const samples = sampler(world);
	const faults = {};
	const injectors = (row.each ? site.nodes : [null]).map((node, n) =>
		injector(world, row, random.source(`faults ${n}`), faults, node),
	);
	try {
		await Promise.race([sleep(ms), ...lives, ...injectors]); // a failing one ends the round
	} catch (error) {
		world.over = world.ended = true;
		throw error;
	}
	world.over = true;
	await Promise.all(injectors);
	await Promise.all(lives);
	await rest(world, history.bounds.usableMs);
	for (const client of clients) for (const { id } of client.sessions) await client.list(id);
	world.ended = true;
	await samples;
	world.db?.destroy();
	await readTables(world, startedAt, earlier);
	await readUpstream(world, faults);
	const errors = readLogs(world);
	history.wrong = await site.control("GET", "/refusals");
	history.reports = site.nodes.flatMap((node) => node.reports());
	return {
		name,
		seed,
		faults,
		errors,
		violations: check(history),
		measured: measure(history),
		counts: countsOf(clients, history),
		history,
	};
}

function countsOf(clients, history) {
	const counts = {
		sends: history.sends.length,
		acks: history.sends.reduce((sum, { acks }) => sum + acks.length, 0),
		views: history.views.length,
		refused: history.refused.length,
		witnesses: history.witnesses.length,
	};
	for (const { wire } of history.sends) counts[`sends of ${wire}`] = (counts[`sends of ${wire}`] ?? 0) + 1;
	for (const client of clients) for (const [what, n] of Object.entries(client.counts)) counts[what] = (counts[what] ?? 0) + n;
	for (const { role, status } of history.tables.messages) if (role === "assistant") counts[status] = (counts[status] ?? 0) + 1;
	return counts;
}

const highest = (list) => list.reduce((most, n) => Math.max(most, n), 0);

function measure(history) {
	return {
		usableMs: highest(history.probes.map(({ since, usableAt }) => (usableAt ?? Infinity) - since)),
		stopMs: highest(history.stops.filter(({ status }) => status === 204).map(({ at, answeredAt }) => answeredAt - at)),
	};
}
