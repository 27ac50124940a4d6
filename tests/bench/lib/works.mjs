// The works: what each side has to do, and how to read its figures.
//
// A work has `value(result)`, which is compared, in `unit`, where `more` says whether more is better; `cost`, whose unit
// belongs to the processor seconds for a million of what `of(result)` counts; and `sides`, each of which measures and returns
// what a client in C has printed.

import { ask } from "./process.mjs";
import { settings } from "./settings.mjs";

const CONNECTIONS = 16;
const DATABASE_CONNECTIONS = 4;
const ROWS = { list: 20, history: 50 };
const SESSIONS_OF_ALL = 200; // which a run with many rows asks for in turn

/** Groups of processes, as the clients in C take them. */
const groups = (pids) =>
	Object.entries(pids)
		.map(([name, pid]) => `${name}=${pid}`)
		.join(" ");

const ofProduct = (site, program) => ({ workers: site.pid(program), web: site.pid("nginx"), database: site.pid("mysql") });
const ofPeer = (site) => ({ workers: site.peer.pid, database: site.pid("mysql") });
const ofFloor = (site, name) => ({ ...(name && { workers: site.floors[name].pid }), web: site.floors.web.pid });

// ---- reads

const perSecond = ({ answers, seconds }) => answers / seconds;
const requests = { unit: "requests/s", more: true, value: perSecond, cost: { unit: "ms per 1,000", of: ({ answers }) => answers } };

const get = (port, pids, targets) =>
	ask(
		`${settings.build}/requests`,
		[port, CONNECTIONS, settings.seconds ?? 3, groups(pids)],
		targets.map((target) => target.join(" ")).join("\n"),
	);

const sql = (site, name, ids) =>
	ask(
		`${settings.build}/sql`,
		[
			`${site.VAR}/run/mysql.sock`,
			DATABASE_CONNECTIONS,
			settings.seconds ?? 3,
			ROWS[name],
			groups({ client: "self", database: site.pid("mysql") }),
			name,
		],
		ids.join("\n"),
	);

const echoes = (path, name) => (site) => get(site.ports.floor, ofFloor(site, name), [[path, ROWS.list, "-"]]);

export const list = {
	...requests,
	name: "list",
	title: "session list, 20 rows",
	async prepare(site) {
		site.reader ??= await site.account("reader");
		site.listed ??= await site.data.sessions(site.reader.id, 100);
		await site.data.analyze();
		this.targets = [["/api/ai/sessions", ROWS.list, site.reader.token]];
	},
	sides: {
		lamplight: (site) => get(site.ports.site, ofProduct(site, "sessions"), list.targets),
		peer: (site) => get(site.ports.peer, ofPeer(site), list.targets),
		sql: (site) => sql(site, "list", [site.reader.id]),
		reader: echoes("/reader", "reader"),
		libfcgi: echoes("/echo", "echo"),
		static: echoes("/static"),
	},
};

const history = {
	...requests,
	name: "history",
	title: "50 messages of 1 KB",
	async prepare(site) {
		site.writer ??= await site.account("writer");
		this.ids = await site.data.sessions(site.writer.id, 1, ROWS.history);
		await site.data.analyze();
		this.targets = this.ids.map((id) => [`/api/ai/sessions/${id}/messages`, ROWS.history, site.writer.token]);
	},
	sides: {
		lamplight: (site) => get(site.ports.site, ofProduct(site, "messages"), history.targets),
		peer: (site) => get(site.ports.peer, ofPeer(site), history.targets),
		sql: (site) => sql(site, "history", history.ids),
	},
};

/** Random sessions among all, when this many messages are stored. */
const growth = (n) => {
	const work = {
		...history,
		name: `growth-${n}`,
		part: "growth",
		rounds: 2,
		title: `50 messages of 1 KB, ${n.toLocaleString("en")} stored`,
		stored: n,
		async prepare(site) {
			site.writer ??= await site.account("writer");
			site.grown ??= [];
			const missing = n / ROWS.history - site.grown.length;
			site.grown.push(...(await site.data.sessions(site.writer.id, missing, ROWS.history)));
			await site.data.analyze();
			const ids = Array.from({ length: SESSIONS_OF_ALL }, () => site.grown[Math.floor(Math.random() * site.grown.length)]);
			work.targets = ids.map((id) => [`/api/ai/sessions/${id}/messages`, ROWS.history, site.writer.token]);
		},
		sides: {
			lamplight: (site) => get(site.ports.site, ofProduct(site, "messages"), work.targets),
			peer: (site) => get(site.ports.peer, ofPeer(site), work.targets),
		},
	};
	return work;
};

// ---- replies

const perMillion = { unit: "s per 1M tokens", of: ({ answers, tokens = 1 }) => answers * tokens };

/** The three sides that can hold a conversation: the address to ask, and the processes that work for it. */
const speakers = {
	lamplight: (site) => [site.ports.site, ofProduct(site, "chat")],
	peer: (site) => [site.ports.peer, ofPeer(site)],
	copy: (site) => [site.ports.floor, ofFloor(site, "floor")],
};
const spoken = (measure) => Object.fromEntries(Object.entries(speakers).map(([side, of]) => [side, (site) => measure(site, ...of(site))]));

async function prepareChat(site) {
	site.chatter ??= await site.account("chatter");
}

const reply = (site, port, pids, connections, n, pause) =>
	ask(`${settings.build}/replies`, [
		port,
		site.chatter.token,
		site.ports.model,
		connections,
		n,
		pause,
		settings.seconds ?? 4,
		groups(pids),
	]);

const chat = {
	name: "chat",
	title: "replies of 200 tokens at once, 16 at a time",
	unit: "replies/s",
	more: true,
	value: perSecond,
	cost: perMillion,
	prepare: prepareChat,
	sides: spoken((site, port, pids) => reply(site, port, pids, 16, 200, 0)),
};

const first = (n) => ({
	name: `first-${n}`,
	part: "first",
	title: `first token after the model's, ${n} at a time`,
	unit: "ms, p50",
	more: false,
	value: ({ latency }) => latency.p50,
	cost: { unit: "ms per 1,000 replies", of: ({ answers }) => answers },
	prepare: prepareChat,
	sides: spoken((site, port, pids) => reply(site, port, pids, n, 8, 200)),
});

// ---- live streams

const cpuOf = ({ cpu }) => Object.values(cpu).reduce((sum, seconds) => sum + seconds, 0);

const streams = (n, rate, seconds) => ({
	name: `streams-${n}x${rate}`,
	part: "streams",
	title: `${n.toLocaleString("en")} live streams of ${rate} tokens/s`,
	unit: "CPU s per 1M tokens",
	more: false,
	value: (result) => (cpuOf(result) / result.answers) * 1e6,
	cost: perMillion,
	streams: n,
	rounds: n > 2000 ? 1 : undefined, // such a crowd needs half a minute to gather
	prepare: prepareChat,
	sides: {
		...spoken(async (site, port, pids) => {
			const shape = [n, rate, settings.seconds ?? seconds];
			const result = await ask(`${settings.build}/streams`, [port, site.chatter.token, site.ports.model, ...shape, groups(pids)]);
			if (result.finished < n && pids.workers === site.peer?.pid) await site.restartPeer();
			return result;
		}),
		commits: (site) => {
			const of = groups({ client: "self", database: site.pid("mysql") });
			return ask(`${settings.build}/commits`, [`${site.VAR}/run/mysql.sock`, n, rate, settings.seconds ?? seconds, settings.gap, of]);
		},
	},
});

const shapes = settings.streams || settings.rate ? [[settings.streams ?? 1000, settings.rate ?? 20, 20]] : [[1000, 20, 6], [50, 20, 8], [10, 20, 10], [9900, 2, 8]];
const all = [list, history, ...settings.growth.map(growth), chat, first(1), first(16), ...shapes.map((shape) => streams(...shape))];

/** The chosen works; STREAMS or RATE choose streams. */
export function chosen() {
	const parts = settings.parts.length === 0 && (settings.streams || settings.rate) ? ["streams"] : settings.parts;
	const known = new Set(all.flatMap(({ name, part }) => [name, part]));
	const unknown = parts.find((part) => !known.has(part));
	if (unknown) throw new Error(`PARTS: no "${unknown}"; there are ${[...known].filter(Boolean).join(", ")}`);
	return parts.length === 0 ? all : all.filter(({ name, part }) => parts.includes(name) || parts.includes(part));
}

/** The body of the product's list. */
export const listBody = async (site) => {
	const response = await fetch(`http://127.0.0.1:${site.ports.site}/api/ai/sessions`, { headers: { authorization: `Bearer ${site.reader.token}` } });
	return response.text();
};
