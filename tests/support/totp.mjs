// Time-based codes as an authenticator app computes them: a second implementation of RFC 6238.
import { createHmac } from "node:crypto";

export const base32 = (text) => {
	let bits = "";
	for (const letter of text) bits += "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0");
	return Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
};

/** The current code, or the one that many steps away. */
export function codeOf(secret, steps = 0) {
	const counter = Buffer.alloc(8);
	counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps));
	const hash = createHmac("sha1", base32(secret)).update(counter).digest();
	const number = hash.readUInt32BE(hash.at(-1) & 15) & 0x7fffffff;
	return String(number % 1_000_000).padStart(6, "0");
}
