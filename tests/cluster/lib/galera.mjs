// A Galera cluster on this machine.

import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { account, Server, Site } from "./server.mjs";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const SCRIPTS = `${ROOT}build/galera`;
const PROVIDER = "/usr/lib/galera/libgalera_smm.so";

/** The reason why no cluster can run here, or null. */
export function cannotCluster() {
	try {
		execFileSync(`${ROOT}tests/support/galera`, [SCRIPTS], { stdio: ["ignore", "ignore", "pipe"], encoding: "utf8" });
		return null;
	} catch (error) {
		if (error.status === 77) return error.stderr.trim();
		throw error;
	}
}

class Node extends Server {
	constructor(cluster, n) {
		super(cluster.site, `node${n}`, { n, address: `10.77.0.${n}` });
		this.cluster = cluster;
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
wsrep_cluster_name = ${this.site.tag}
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
		this.spawn(["mariadbd", `--defaults-file=${this.dir}/my.cnf`, ...more], { PATH: `${SCRIPTS}/bin:${process.env.PATH}:/usr/sbin:/sbin` });
	}

	/** Deletes the node's data; when it starts, it gets everything from another node. */
	forget() {
		rmSync(`${this.dir}/db`, { recursive: true });
		mkdirSync(`${this.dir}/db`);
	}

	/** The node's status, for example { wsrep_local_state_comment: "Synced" }; null if it does not answer. */
	async status() {
		const rows = await this.query("SHOW STATUS LIKE 'wsrep\\_%'").catch(() => null);
		return rows && Object.fromEntries(rows.map(({ Variable_name, Value }) => [Variable_name, Value]));
	}

	async isSynced(size) {
		const status = await this.status();
		if (status?.wsrep_ready !== "ON" || status.wsrep_local_state !== "4" || (size && Number(status.wsrep_cluster_size) !== size)) return false;
		// A node that was frozen reports the same until it learns that the others went on without it, but it cannot run this
		// statement.
		return this.query("SET STATEMENT wsrep_sync_wait = 1 FOR SELECT 1").then(
			() => true,
			() => false,
		);
	}

	/** Waits until the node is a full member of a cluster of *size*; returns how long that took, in ms. */
	synced(size, seconds = 90) {
		return this.becomes("synced", () => this.isSynced(size), { seconds, pause: 50 });
	}

	/** Waits until all nodes are members of one cluster. */
	whole() {
		return this.synced(this.cluster.nodes.length, 150);
	}
}

export class Cluster {
	/** `options` are for the provider, in addition to those that the tests need. */
	static async open({ nodes = 3, options = "" } = {}) {
		const cluster = Object.assign(new Cluster(), { nodes: [], members: [], options, site: await Site.open(`lmp${process.pid}`) });
		try {
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
		this.site.servers.push(node);
		await node.wire();
		node.configure();
		if (isFirst) node.create();
		else mkdirSync(`${node.dir}/db`);
		node.start(...(isFirst ? ["--wsrep-new-cluster"] : []));
		const took = await node.synced();
		if (isFirst) await node.run(...account);
		return took;
	}

	/** Adds a node without data; returns how long that took. */
	async add() {
		const node = new Node(this, this.nodes.length + 1);
		this.members.push(node);
		return this.begin(node, false);
	}

	get servers() {
		return this.nodes;
	}

	/** The statement after which a session reads everything that was committed at other servers. */
	catchUp = "SET SESSION wsrep_sync_wait = 1";

	/** The node that the programs use while it works. */
	async writer() {
		return this.nodes[0];
	}

	/** The first node that is a member now, in the order in which the programs look for it. */
	async well() {
		for (let tries = 0; tries < 200; tries++) {
			for (const node of this.nodes) if (await node.isSynced()) return node;
			await sleep(100);
		}
		throw new Error("no node is synced");
	}

	get settings() {
		return this.site.settings;
	}

	close() {
		return this.site.close();
	}
}
