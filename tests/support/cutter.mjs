// The network between a browser and an instance: an HTTP proxy that cuts streams, falls silent or disappears when a test says
// so.
//
//   cutter.url                  the address of the instance behind it
//   cutter.limits.push({ bytes, how })
//                               the next stream that opens is cut after so many bytes; the one after it gets the next limit.
//                               With null, the head of the answer is lost, too
//   cutter.cut(how)             cuts the open streams: "end" ends the body as if it were complete, as a proxy does after its time
//                               limit; "reset" breaks the connection
//   cutter.hold()               passes nothing more on in the open streams, as when a device sleeps
//   cutter.away() / back()      refuses connections, and accepts them again
//   cutter.streams              the number of streams so far

import { once } from "node:events";
import { Agent, createServer, request as ask } from "node:http";

const isStream = (answer) => /^text\/event-stream/.test(answer.headers["content-type"] ?? "");

/** Passes one stream on, up to the point where it is cut. */
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

/** Opens the proxy on 127.0.0.1, in front of the instance at `target`. */
export async function startCutter(target) {
	const { hostname, port, pathname } = new URL(target);
	const open = new Set();
	const agent = new Agent();
	const cutter = { streams: 0, limits: [] };

	const server = createServer({ keepAliveTimeout: 0 }, (request, response) => {
		const { method, url: path, headers } = request;
		const upstream = ask({ agent, hostname, port, method, path, headers }, (answer) => {
			response.writeHead(answer.statusCode, answer.headers); // the head waits until something follows
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
