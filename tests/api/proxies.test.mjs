// A reply arrives word by word through a second web server in front of ours, whatever that server likes to buffer or
// compress, and whichever protocol it speaks.

import assert from "node:assert/strict";
import { once } from "node:events";
import http from "node:http";
import http2 from "node:http2";
import { after, before, describe, test } from "node:test";
import { createGunzip, constants } from "node:zlib";
import { URL_BASE, User, newId, userMessage } from "../support/api.mjs";
import { gated, play } from "../support/model.mjs";
import { startOuter } from "../support/outer.mjs";

const WORDS = ["first ", "second ", "third "];
const { origin, pathname } = new URL(URL_BASE);
const path = `${pathname.replace(/\/$/, "")}/api/ai/chat`;
let user;

before(async () => {
	user = await User.register();
});

const headers = (gzip) => ({
	authorization: `Bearer ${user.token}`,
	"content-type": "application/json",
	...(gzip && { "accept-encoding": "gzip" }),
});

async function overHttp1(url, gzip, body) {
	const request = http.request(url + path, { method: "POST", headers: headers(gzip), agent: false });
	request.end(body);
	const [response] = await once(request, "response");
	return { status: response.statusCode, headers: response.headers, stream: response, close: () => request.destroy() };
}

async function overHttp2(url, gzip, body) {
	const session = http2.connect(url);
	const stream = session.request({ ":method": "POST", ":path": path, ...headers(gzip) });
	stream.end(body);
	const [answer] = await once(stream, "response");
	return { status: answer[":status"], headers: answer, stream, close: () => session.destroy() };
}

/** What the reader has received so far, complete to the last byte. */
function collect({ stream, headers }) {
	const plain =
		headers["content-encoding"] === "gzip" ? stream.pipe(createGunzip({ finishFlush: constants.Z_SYNC_FLUSH })) : stream;
	const got = { text: "", ended: once(plain, "end") };
	plain.on("data", (bytes) => (got.text += bytes));
	got.until = async (words) => {
		while (!got.text.includes(words)) await once(plain, "data");
	};
	return got;
}

async function wordByWord(ask, url, gzip) {
	const upstream = await play({ steps: gated(...WORDS) });
	const body = JSON.stringify({ id: newId(), messages: [userMessage(`go${upstream.mark}`)] });
	const answer = await ask(url, gzip, body);
	assert.equal(answer.status, 200);
	assert.match(answer.headers["x-session-id"], /^\d+$/);
	assert.equal(answer.headers["x-vercel-ai-ui-message-stream"], "v1");
	const got = collect(answer);
	for (const [i, word] of WORDS.entries()) {
		if (i) await upstream.open(String(i));
		// The model sends no more until the next gate, so this word did not wait for more to come.
		await got.until(`"delta":"${word}"`);
		assert.ok(!got.text.includes(`"${WORDS[i + 1]}"`));
	}
	await upstream.open("end");
	await got.ended;
	assert.match(got.text, /data: \[DONE\]\s*$/);
	answer.close();
}

// mod_http2 begins six requests of a connection at a time, and more only as some of them end.
const TABS = { nginx: 20, apache: 5 };

for (const kind of ["nginx", "apache"])
	describe(`behind another ${kind}`, () => {
		let outer;
		before(async () => {
			outer = await startOuter(kind, origin);
		});
		after(() => outer.close());

		for (const gzip of [false, true]) {
			const how = gzip ? ", gzip on" : "";
			test(`a reply arrives word by word over HTTP/1.1${how}`, { timeout: 30_000 }, () => wordByWord(overHttp1, outer.url, gzip));
			test(`a reply arrives word by word over HTTP/2${how}`, { timeout: 30_000 }, () => wordByWord(overHttp2, outer.h2, gzip));
		}

		test(`${TABS[kind]} tabs on one HTTP/2 connection`, { timeout: 60_000 }, async () => {
			const session = http2.connect(outer.h2);
			const tabs = await Promise.all(
				Array.from({ length: TABS[kind] }, async () => {
					const upstream = await play({ steps: gated("one ", "two ") });
					const stream = session.request({ ":method": "POST", ":path": path, ...headers(false) });
					stream.end(JSON.stringify({ id: newId(), messages: [userMessage(`go${upstream.mark}`)] }));
					const [answer] = await once(stream, "response");
					assert.equal(answer[":status"], 200);
					return { upstream, stream, got: collect({ stream, headers: answer }) };
				}),
			);
			// While all streams run, the server answers a request that streams nothing.
			for (const { got } of tabs) await got.until('"delta":"one "');
			const me = session.request({ ":path": path.replace("/ai/chat", "/me"), ...headers(false) });
			assert.equal((await once(me, "response"))[0][":status"], 200);
			me.resume();
			for (const { upstream } of tabs) {
				await upstream.open("1");
				await upstream.open("end");
			}
			for (const { got } of tabs) {
				await got.ended;
				assert.match(got.text, /"delta":"two "[^]*data: \[DONE\]\s*$/);
			}
			session.destroy();
		});
	});
