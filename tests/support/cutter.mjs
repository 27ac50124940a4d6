// What lies between a browser and an instance, as networks are: an HTTP proxy that a test tells to cut, to fall silent, to be away.
//
//   cutter.url                  where the instance is found behind it
//   cutter.limits.push({ bytes, how })
//                               the next stream that is opened gets no further than so many bytes, the one after it has the next limit;
//                               null: the head of the answer is lost, too
//   cutter.cut(how)             cuts the streams that are open now: how = "end" is a proxy whose time is up (the body ends as if it
//                               were whole), "reset" a connection that breaks
//   cutter.hold()               the streams that are open say nothing more, as when a device sleeps
//   cutter.away() / back()      connections are refused
//   cutter.streams              how many streams there have been

import { once } from "node:events";
import { Agent, createServer, request as ask } from "node:http";

const isStream = (answer) => /^text\/event-stream/.test(answer.headers["content-type"] ?? "");

/** Passes on one stream, up to the point where it is cut. */
class Stream {
	constructor(answer, response, limit) {
		Object.assign(this, { answer, response, limit, passed: 0 });
		answer.on("data", (bytes) => this.pass(bytes));
		answer.on("end", () => response.end());
		answer.on("error", () => response.destroy());
		response.on("close", () => answer.destroy());
	}

	pass(bytes) {
		const room = (this.limit?.bytes ?? Infinity) - this.passed;
		this.passed += bytes.length;
		this.response.write(bytes.length > room ? bytes.subarray(0, room) : bytes);
		if (bytes.length >= room) this.cut(this.limit.how);
	}

	cut(how) {
		this.answer.removeAllListeners("data").removeAllListeners("end").resume();
		if (how === "end") this.response.end();
		else this.response.socket?.resetAndDestroy();
	}

	hold() {
		this.answer.removeAllListeners("data").removeAllListeners("end").resume();
	}
}

/** Opens it on 127.0.0.1, before the instance at `target`. */
export async function startCutter(target) {
	const { hostname, port, pathname } = new URL(target);
	const open = new Set();
	const agent = new Agent();
	const cutter = { streams: 0, limits: [] };

	const server = createServer({ keepAliveTimeout: 0 }, (request, response) => {
		const { method, url: path, headers } = request;
		const upstream = ask({ agent, hostname, port, method, path, headers }, (answer) => {
			response.writeHead(answer.statusCode, answer.headers); // kept back until something follows
			if (!isStream(answer)) return answer.pipe(response);
			cutter.streams++;
			const limit = cutter.limits.shift();
			if (limit?.bytes === null) return response.destroy();
			response.flushHeaders();
			const stream = new Stream(answer, response, limit);
			open.add(stream);
			response.on("close", () => open.delete(stream));
		});
		upstream.on("error", () => response.destroy());
		request.pipe(upstream);
	});
	const listen = async (at) => {
		server.listen(at, "127.0.0.1");
		await once(server, "listening");
	};
	await listen(0);
	const own = server.address().port;

	return Object.assign(cutter, {
		url: `http://127.0.0.1:${own}${pathname}`,
		cut: (how) => [...open].forEach((stream) => stream.cut(how)),
		hold: () => [...open].forEach((stream) => stream.hold()),
		away: async () => {
			const closed = once(server, "close");
			server.close();
			server.closeAllConnections();
			await closed;
		},
		back: () => listen(own),
		close: () => {
			server.close();
			server.closeAllConnections();
			agent.destroy();
		},
	});
}
