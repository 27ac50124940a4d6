// Everything that is measured, at the same time on this machine: an instance of the product, the peer on its tables, and the
// floors. Idle sides cost nothing.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { settings as tests, up } from "../../support/instance.mjs";
import { Data } from "./data.mjs";
import { start, stop, until } from "./process.mjs";
import { ROOT, settings } from "./settings.mjs";

const ports = { site: settings.port, model: settings.port + 1, peer: settings.port + 2, floor: settings.port + 3 };
const PASSWORD = "a lamp in the window 7";
/** The largest number of live streams: each takes two descriptors in a program, and two connections in the web server. */
const STREAMS_MAX = Math.max(settings.streams ?? 0, 9900);

/** The settings are those that we ship, except the limits, because there is only one user and one network. */
const shipped = Object.fromEntries(Object.keys(tests).map((name) => [name, undefined]));
const unlimited = Object.fromEntries(Object.entries(tests).filter(([name]) => name.startsWith("LAMPLIGHT_LIMITS_")));
const llm = { LAMPLIGHT_LLM_BASE_URL: `http://127.0.0.1:${ports.model}/v1`, LAMPLIGHT_LLM_MODEL: "bench", LAMPLIGHT_LLM_TITLES: "off" };
const env = {
	...shipped,
	...unlimited,
	...llm,
	LAMPLIGHT_LIMITS_SESSIONS: "0",
	LAMPLIGHT_LIMITS_STORED_MB: "0",
	LAMPLIGHT_AUTH_ACCESS_TTL_S: "86400",
	LAMPLIGHT_CHAT_JOURNAL_GAP_MS: String(settings.gap),
	LAMPLIGHT_CHAT_STREAMS_MAX: String(STREAMS_MAX + 100),
	NGINX_CONNECTIONS: String(2 * STREAMS_MAX + 150),
};

export class Site {
	ports = ports;

	static async open() {
		const site = new Site();
		site.instance = await up({ more: env, port: ports.site });
		site.VAR = site.instance.env.LAMPLIGHT_VAR;
		site.data = new Data(`${site.VAR}/run/mysql.sock`);
		return site;
	}

	async close() {
		await this.data.close();
		await this.instance.down();
		this.instance.remove();
	}

	pid = (program) => Number(readFileSync(`${this.VAR}/run/${program}.pid`, "utf8"));

	/** Creates an account; returns its id and its token. */
	async account(username) {
		const response = await fetch(`http://127.0.0.1:${ports.site}/api/auth/register`, {
			method: "POST",
			headers: { "content-type": "application/json" },
			body: JSON.stringify({ username, password: PASSWORD }),
		});
		if (response.status !== 201) throw new Error(`register: ${response.status} ${await response.text()}`);
		const { accessToken, user } = await response.json();
		return { id: user.id, token: accessToken };
	}

	log = (name) => `${this.VAR}/log/${name}.log`;

	async startPeer() {
		this.peer = startPeer(this.VAR, ports.peer, llm, this.log("peer"));
		await answers(`http://127.0.0.1:${ports.peer}/api/ai/sessions`, 401);
	}

	/** A peer that got more requests than it can handle would keep working on them. */
	async restartPeer() {
		await stop(this.peer);
		await this.startPeer();
	}

	/** Starts nginx with each floor behind it, at its socket; all of them answer with this body. */
	async startFloors(body) {
		const dir = `${this.VAR}/floors`;
		mkdirSync(`${dir}/tmp`, { recursive: true });
		writeFileSync(`${dir}/body.json`, body);
		const behind = (name, ...args) => this.#behind(dir, name, args);
		this.floors = {
			echo: behind("echo", `${dir}/body.json`),
			reader: behind("reader", `${dir}/body.json`),
			floor: behind("floor"),
			web: start("nginx", ["-e", "stderr", "-c", floorsConf(dir)], { log: this.log("floor-nginx") }),
		};
		await answers(`http://127.0.0.1:${ports.floor}/static`, 200);
		await answers(`http://127.0.0.1:${ports.floor}/reader`, 200);
	}

	#behind(dir, name, args) {
		const command = ["-n", "-s", `${dir}/${name}.sock`, "-M", "0660", "-b", "4096", "--", `${settings.build}/${name}`, ...args];
		return start("spawn-fcgi", command, { env: { ...env, LAMPLIGHT_CONF: `${this.VAR}/lamplight.conf` }, log: this.log(name) });
	}
}

/** Starts the peer with the tables and the key of the instance below VAR. */
export function startPeer(VAR, port, llm, log) {
	const env = { ...llm, PEER_PORT: String(port), PEER_SECRET_FILE: `${VAR}/secret`, LAMPLIGHT_DB_SOCKET: `${VAR}/run/mysql.sock` };
	return start(process.execPath, [`${ROOT}tests/bench/peer/server.mjs`], { env: { ...env, NODE_ENV: "production" }, log });
}

export const answers = (url, status) => until(url, async () => (await fetch(url, { signal: AbortSignal.timeout(5000) })).status === status);

function floorsConf(dir) {
	const text = readFileSync(`${ROOT}tests/bench/floors.conf`, "utf8")
		.replaceAll("@DIR@", dir)
		.replaceAll("@PORT@", ports.floor)
		.replaceAll("@CONNECTIONS@", env.NGINX_CONNECTIONS)
		.replaceAll("@USER@", process.getuid() === 0 ? "user root;" : "");
	writeFileSync(`${dir}/nginx.conf`, text);
	return `${dir}/nginx.conf`;
}
