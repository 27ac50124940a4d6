// A network that fails: a TCP proxy on 127.0.0.1 that cuts connections, holds them up, or leaves them dead.
//
//   cut     both ends see a reset
//   stall   nothing moves for some time, then the connection goes on
//   dead    what is sent disappears without any sign of it; after some time, both ends see a reset
//   refuse  new connections are reset at once

import { connect, createServer } from "node:net";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";

/** One connection through it. A fate is { what: "cut" | "stall" | "dead" | "dribble", after (bytes), ms }. */
class Link {
	constructor(near, target, fate, happened) {
		Object.assign(this, { fate, happened, near, far: connect(target), left: fate?.after ?? Infinity, dead: false });
		this.held = null;
		for (const socket of [near, this.far]) {
			socket.setNoDelay(true);
			socket.on("error", () => this.cut());
		}
		near.on("close", () => this.far.destroySoon()); // the far side may never notice, and stay for ever
		this.pump(near, this.far);
		this.pump(this.far, near);
	}

	cut() {
		// Only TCP has resets.
		for (const socket of [this.near, this.far]) socket.remoteFamily ? socket.resetAndDestroy() : socket.destroy();
	}

	/** Nothing moves until then. */
	stall(ms) {
		const held = sleep(ms);
		this.held = this.held ? Promise.all([this.held, held]) : held;
	}

	die(ms) {
		this.dead = true;
		setTimeout(() => this.cut(), ms);
	}

	meet({ what, ms }) {
		this.happened(what);
		if (what === "cut") this.cut();
		if (what === "stall") this.stall(ms);
		if (what === "dead") this.die(ms);
	}

	/** Yields the pieces of these bytes that are passed on; the fate comes between them. */
	*pieces(bytes) {
		if (this.fate?.what === "dribble") {
			if (this.left > 0 && this.left !== Infinity) this.meet(this.fate);
			this.left = Infinity;
			for (let i = 0; i < bytes.length; i++) yield bytes.subarray(i, i + 1);
			return;
		}
		const before = bytes.subarray(0, Math.min(this.left, bytes.length));
		this.left -= before.length;
		if (before.length) yield before;
		if (this.left > 0) return;
		this.left = Infinity;
		this.meet(this.fate);
		yield bytes.subarray(before.length);
	}

	async pass(bytes, to) {
		for (const piece of this.pieces(bytes)) {
			if (this.held) await this.held;
			if (this.dead || to.destroyed || piece.length === 0) continue;
			if (this.fate?.what === "dribble") await new Promise(setImmediate);
			if (!to.write(piece)) await Promise.race([once(to, "drain"), once(to, "close")]).catch(() => {});
		}
	}

	/** Not with `for await`, which destroys the socket at its end: the other direction may continue. */
	pump(from, to) {
		let passed;
		from.on("data", async (bytes) => {
			from.pause();
			await (passed = this.pass(bytes, to));
			from.resume();
		});
		from.on("end", async () => {
			await passed;
			if (this.held) await this.held;
			if (!this.dead) to.end();
		});
	}
}

export class FlakyProxy {
	/** target: { port } or { path }, as net.connect() takes it. */
	static async open(target) {
		const proxy = new FlakyProxy();
		Object.assign(proxy, { links: new Set(), counts: {}, refusing: false, newFate: () => null });
		proxy.server = createServer({ allowHalfOpen: true }, (near) => proxy.accept(near, target));
		await once(proxy.server.listen(0, "127.0.0.1"), "listening");
		proxy.port = proxy.server.address().port;
		return proxy;
	}

	accept(near, target) {
		if (this.refusing) {
			near.on("error", () => {});
			near.resetAndDestroy();
			return;
		}
		const link = new Link(near, { ...target, allowHalfOpen: true }, this.newFate(), (what) => this.count(what));
		this.links.add(link);
		near.on("close", () => this.links.delete(link));
	}

	count(what) {
		this.counts[what] = (this.counts[what] ?? 0) + 1;
	}

	/** The fates since the last call: { cut: 3, ... } */
	takeCounts() {
		const { counts } = this;
		this.counts = {};
		return counts;
	}

	cut() {
		for (const link of this.links) link.cut();
	}

	stall(ms) {
		for (const link of this.links) link.stall(ms);
	}

	die(ms) {
		for (const link of this.links) link.die(ms);
	}

	/** Gives existing connections a fate from now on. */
	doom(fate) {
		for (const link of this.links) {
			link.fate = fate();
			link.left = link.fate?.after ?? Infinity;
		}
	}

	async refuse(ms) {
		this.refusing = true;
		this.cut();
		await sleep(ms);
		this.refusing = false;
	}

	close() {
		this.server.close();
		this.cut();
	}
}
