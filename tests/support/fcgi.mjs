// The web server's side of FastCGI, record by record, for sequences that no web server sends. FastCGI 1.0, sections 3 to 5.

import { once } from "node:events";
import { connect } from "node:net";
import { VAR } from "./instance.mjs";

export const BEGIN = 1;
export const ABORT = 2;
const END = 3;
export const PARAMS = 4;
export const STDIN = 5;
const STDOUT = 6;
export const GET_VALUES = 9;

export function record(type, content = "", { id = 1, version = 1, length, padding = 0 } = {}) {
	const body = Buffer.from(content);
	const header = Buffer.alloc(8);
	header.writeUInt8(version, 0);
	header.writeUInt8(type, 1);
	header.writeUInt16BE(id, 2);
	header.writeUInt16BE(length ?? body.length, 4);
	header.writeUInt8(padding, 6);
	return Buffer.concat([header, body, Buffer.alloc(padding)]);
}

const size = (n) => {
	const bytes = Buffer.alloc(4);
	bytes.writeUInt32BE((n | 0x80000000) >>> 0);
	return n < 128 ? Buffer.from([n]) : bytes;
};

export const pair = (name, value) =>
	Buffer.concat([size(Buffer.byteLength(name)), size(Buffer.byteLength(value)), Buffer.from(name + value)]);

/** Records that begin a request: `keep` as nginx sets it for a connection that it intends to reuse. */
export function head(method, uri, { token, length, id = 1, keep = true } = {}) {
	const params = { REQUEST_METHOD: method, REQUEST_URI: uri, REMOTE_ADDR: "127.0.0.1", CONTENT_TYPE: "application/json" };
	if (token) params.HTTP_AUTHORIZATION = `Bearer ${token}`;
	if (length !== undefined) params.CONTENT_LENGTH = String(length);
	const pairs = Buffer.concat(Object.entries(params).map(([name, value]) => pair(name, value)));
	const begin = Buffer.from([0, 1, keep ? 1 : 0, 0, 0, 0, 0, 0]);
	return Buffer.concat([record(BEGIN, begin, { id }), record(PARAMS, pairs, { id }), record(PARAMS, "", { id })]);
}

export const whole = (method, uri, options) => Buffer.concat([head(method, uri, options), record(STDIN, "", options)]);

/** A connection to one of the instance's programs. */
export class Link {
	constructor(program, { paused = false } = {}) {
		this.socket = connect(`${VAR}/run/${program}.sock`);
		this.socket.on("error", () => {});
		this.bytes = Buffer.alloc(0);
		this.closed = once(this.socket, "close").then(() => (this.over = true));
		if (!paused) this.socket.on("data", (bytes) => (this.bytes = Buffer.concat([this.bytes, bytes])));
	}

	send(bytes) {
		return new Promise((resolve) => this.socket.write(bytes, resolve));
	}

	/** The next record of the program, or null when it has closed. */
	async next() {
		for (;;) {
			const length = this.bytes.length < 8 ? Infinity : 8 + this.bytes.readUInt16BE(4) + this.bytes[6];
			if (this.bytes.length >= length) {
				const content = this.bytes.subarray(8, 8 + this.bytes.readUInt16BE(4));
				const got = { type: this.bytes[1], id: this.bytes.readUInt16BE(2), content };
				this.bytes = this.bytes.subarray(length);
				return got;
			}
			if (this.over) return null;
			await Promise.race([once(this.socket, "data"), this.closed]);
		}
	}

	/** The status of the next answer, 0 if there is none; `protocol` is FastCGI's own. */
	async answer() {
		let text = "";
		for (let got; (got = await this.next()); ) {
			if (got.type === STDOUT) text += got.content.toString("latin1");
			if (got.type === END) {
				this.protocol = got.content[4];
				break;
			}
		}
		return Number(/^Status: (\d+)/.exec(text)?.[1] ?? 0);
	}

	close() {
		this.socket.destroy();
	}
}
