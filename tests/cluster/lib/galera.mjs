// A Galera cluster on this machine: each node is a server with a network of its own, joined by a bridge, so that a node can be cut off
// from the others. Programs reach all of them by unix sockets, which no network is between.

import { execFile, execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, openSync, closeSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createConnection } from "mysql2/promise";

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const SCRIPTS = `${ROOT}build/galera`;
const PROVIDER = "/usr/lib/galera/libgalera_smm.so";
const ip = (...words) => run("ip", words);

/** Why there is no cluster here, or null. */
export function cannotCluster() {
	try {
		execFileSync(`${ROOT}tests/support/galera`, [SCRIPTS], { stdio: ["ignore", "ignore", "pipe"], encoding: "utf8" });
		return null;
	} catch (error) {
		if (error.status === 77) return error.stderr.trim();
		throw error;
	}
}

class Node {
	constructor(cluster, n) {
		Object.assign(this, { cluster, n, name: `node${n}`, address: `10.77.0.${n}`, process: null });
		this.space = `${cluster.tag}-${n}`;
		this.dir = `${cluster.dir}/${this.name}`;
		this.socket = `${this.dir}/mysql.sock`;
		this.log = `${this.dir}/log`;
	}

	/** A network of its own, and a wire to the others' switch. */
	async wire() {
		const [here, there] = [`${this.cluster.tag}h${this.n}`, `${this.cluster.tag}n${this.n}`];
		this.link = here;
		await ip("netns", "add", this.space);
		await ip("link", "add", here, "type", "veth", "peer", "name", there, "netns", this.space);
		await ip("link", "set", here, "master", this.cluster.bridge, "up");
		await ip("-n", this.space, "addr", "add", `${this.address}/24`, "dev", there);
		await ip("-n", this.space, "link", "set", there, "up");
		await ip("-n", this.space, "link", "set", "lo", "up");
	}

	configure() {
		mkdirSync(this.dir);
		const others = this.cluster.members.map(({ address }) => address).join(",");
		writeFileSync(
			`${this.dir}/my.cnf`,
			`[mysqld]
user = root
datadir = ${this.dir}/db
tmpdir = ${this.dir}
socket = ${this.socket}
pid-file = ${this.dir}/pid
skip-networking
character-set-server = utf8mb4
default-storage-engine = InnoDB
binlog_format = ROW
innodb_autoinc_lock_mode = 2
innodb_flush_log_at_trx_commit = 1
innodb_buffer_pool_size = 128M
innodb_log_file_size = 64M
key_buffer_size = 1M
aria_pagecache_buffer_size = 1M
max_connections = 200
max_allowed_packet = 64M
performance_schema = OFF
wsrep_on = ON
wsrep_provider = ${PROVIDER}
wsrep_provider_options = "gcache.size=64M;gmcast.listen_addr=tcp://${this.address}:4567;${this.cluster.options}"
wsrep_cluster_name = ${this.cluster.tag}
wsrep_cluster_address = gcomm://${others}
wsrep_node_name = ${this.name}
wsrep_node_address = ${this.address}
wsrep_sst_method = rsync
wsrep_sst_donor = node3,node2,
`,
		);
	}

	create() {
		execFileSync("mariadb-install-db", [
			`--defaults-file=${this.dir}/my.cnf`,
			"--auth-root-authentication-method=normal",
			"--skip-test-db",
			"--skip-name-resolve",
			"--force",
			"--wsrep-on=OFF",
		], { stdio: "ignore" });
	}

	start(...more) {
		const file = openSync(this.log, "a");
		const server = ["mariadbd", `--defaults-file=${this.dir}/my.cnf`, ...more];
		this.process = spawn("ip", ["netns", "exec", this.space, ...server], {
			env: { ...process.env, PATH: `${SCRIPTS}/bin:${process.env.PATH}:/usr/sbin:/sbin` },
			stdio: ["ignore", file, file],
			detached: true,
		});
		closeSync(file);
		this.ended = new Promise((resolve) => this.process.on("exit", resolve));
	}

	/** The server itself: ip has become it. */
	signal(signal) {
		process.kill(this.process.pid, signal);
	}

	async kill() {
		this.signal("SIGKILL");
		await this.ended;
	}

	async stop() {
		if (!this.process || this.process.exitCode !== null || this.process.signalCode !== null) return;
		await this.joinUp();
		this.signal("SIGCONT");
		this.signal("SIGTERM");
		const { process: server } = this; // in half a minute there may be another
		const timer = setTimeout(() => server.kill("SIGKILL"), 30_000);
		await this.ended;
		clearTimeout(timer);
	}

	/** Its data are gone: it gets all of them from another one when it starts. */
	forget() {
		rmSync(`${this.dir}/db`, { recursive: true });
		mkdirSync(`${this.dir}/db`);
	}

	cutOff = () => ip("link", "set", this.link, "down");
	joinUp = () => ip("link", "set", this.link, "up");

	connect(more = {}) {
		return createConnection({ socketPath: this.socket, user: "root", connectTimeout: 2000, ...more });
	}

	/** A query's rows, with root's rights. */
	async query(sql) {
		const db = await this.connect();
		db.on("error", () => {});
		try {
			return (await db.query({ sql, timeout: 2000 }))[0];
		} finally {
			db.destroy();
		}
	}

	/** { wsrep_local_state_comment: "Synced", ... }; null: it does not answer. */
	async status() {
		const rows = await this.query("SHOW STATUS LIKE 'wsrep\\_%'").catch(() => null);
		return rows && Object.fromEntries(rows.map(({ Variable_name, Value }) => [Variable_name, Value]));
	}

	async isSynced(size) {
		const status = await this.status();
		if (status?.wsrep_ready !== "ON" || status.wsrep_local_state !== "4" || (size && Number(status.wsrep_cluster_size) !== size)) return false;
		// One that was frozen says so, too, until it knows that the others went on without it; this it cannot.
		return this.query("SET STATEMENT wsrep_sync_wait = 1 FOR SELECT 1").then(
			() => true,
			() => false,
		);
	}

	/** How long it took until it was a full member; *size*: of a cluster of so many. */
	async synced(size, seconds = 90) {
		const began = Date.now();
		while (!(await this.isSynced(size))) {
			if (Date.now() - began > seconds * 1000) throw new Error(`${this.name} is not synced after ${seconds} s:\n${this.tail()}`);
			await sleep(50);
		}
		return Date.now() - began;
	}

	tail() {
		return readFileSync(this.log, "utf8").split("\n").slice(-15).join("\n");
	}
}

export class Cluster {
	/** `options` are the provider's, beside those that the tests need. */
	static async open({ nodes = 3, options = "" } = {}) {
		const cluster = new Cluster();
		const tag = `lmp${process.pid}`;
		Object.assign(cluster, { nodes: [], members: [], tag, options, bridge: `${tag}br`, dir: mkdtempSync(`${tmpdir()}/lamplight-galera-`) });
		try {
			await ip("link", "add", cluster.bridge, "type", "bridge");
			await ip("link", "set", cluster.bridge, "up");
			for (let n = 1; n <= nodes; n++) cluster.members.push(new Node(cluster, n));
			for (const node of cluster.members) await cluster.begin(node, node.n === 1);
		} catch (error) {
			await cluster.close();
			throw error;
		}
		return cluster;
	}

	async begin(node, isFirst) {
		this.nodes.push(node);
		await node.wire();
		node.configure();
		if (isFirst) node.create();
		else mkdirSync(`${node.dir}/db`);
		node.start(...(isFirst ? ["--wsrep-new-cluster"] : []));
		const took = await node.synced();
		if (isFirst) await this.makeAccount(node);
		return took;
	}

	/** One more, that has nothing yet; how long it took. */
	async add() {
		const node = new Node(this, this.nodes.length + 1);
		this.members.push(node);
		return this.begin(node, false);
	}

	async makeAccount(node) {
		for (const sql of [
			"CREATE DATABASE lamplight CHARACTER SET utf8mb4",
			"CREATE USER lamplight@localhost",
			"GRANT SELECT, INSERT, UPDATE, DELETE ON lamplight.* TO lamplight@localhost",
		])
			await node.query(sql);
	}

	/** The first that is a member now, as the programs look for it. */
	async wellSocket() {
		for (let tries = 0; tries < 200; tries++) {
			for (const node of this.nodes) if (await node.isSynced()) return node.socket;
			await sleep(100);
		}
		throw new Error("no node is synced");
	}

	/** What makes an instance use it. */
	get settings() {
		return {
			LAMPLIGHT_DB_HOST: this.nodes.map(({ socket }) => socket).join(","),
			LAMPLIGHT_DB_SOCKET: undefined,
			LAMPLIGHT_DB_USER: "lamplight",
			LAMPLIGHT_DB_NAME: "lamplight",
			MIGRATION_USER: "root",
		};
	}

	async close() {
		await Promise.all(this.nodes.map((node) => node.stop()));
		for (const node of this.nodes) await ip("netns", "delete", node.space).catch(() => {});
		await ip("link", "delete", this.bridge).catch(() => {});
		rmSync(this.dir, { recursive: true, force: true });
	}
}
