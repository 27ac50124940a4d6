// `lamplight doctor`: answers that are cut off, or that contain what no terminal should get.

import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { test } from "node:test";
import { assertFound, doctorWith } from "../support/doctor.mjs";

const doctor = doctorWith(() => ({ LAMPLIGHT_LLM_BASE_URL: process.env.LAMPLIGHT_LLM_BASE_URL }));

/** Answers every connection with these bytes; returns what use() returns. */
async function answering(bytes, where, use) {
	const server = createServer((socket) => {
		socket.on("error", () => {});
		socket.once("data", () => socket.end(bytes));
	}).listen(where);
	await once(server, "listening");
	try {
		return await use(server.address());
	} finally {
		server.close();
	}
}

/** An answer as FastCGI records: its text, and the end. */
const records = (text) => Buffer.concat([Buffer.from([1, 6, 0, 1, text.length >> 8, text.length & 255, 0, 0]), Buffer.from(text), Buffer.from([1, 3, 0, 1, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])]);

test("a program that lives, but says nothing of itself, or only half of it", async () => {
	for (const answer of ["Status: 200\r\n\r\n", 'Status: 200\r\n\r\n{"nofile":1024,"sche', "Status: 500\r\n\r\n{}"]) {
		const folder = mkdtempSync(`${tmpdir()}/lamplight-doctor-`);
		// Whether it lives is the first question.
		let asked = 0;
		const server = createServer((socket) => {
			socket.on("error", () => {});
			socket.once("data", () => socket.end(records(asked++ === 0 ? "Status: 200\r\n\r\n{}" : answer)));
		}).listen(`${folder}/chat.sock`);
		await once(server, "listening");
		const found = await doctor({ args: ["--sockets", folder] });
		server.close();
		rmSync(folder, { recursive: true });
		assertFound(found, "program_away", "error", /chat/);
	}
});

test("control characters of a header, and bytes that are no text, are shown as their numbers", async () => {
	const answer = Buffer.from("HTTP/1.1 302 Found\r\nLocation: http://x/\x1b[2J\xff\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", "latin1");
	const [found, { said }] = await answering(answer, { port: 0, host: "127.0.0.1" }, async ({ port }) => {
		const args = [`http://127.0.0.1:${port}`];
		return [await doctor({ args }), await doctor({ args, words: true })];
	});
	assertFound(found, "web_redirect", "error", /http:\/\/x\/\\x1b\[2J\\xff\.$/);
	assert.ok(!said.includes("\x1b") && said.includes("\\x1b[2J\\xff"), said);
});
