// Bodies that cost more than their size suggests, and slow bodies and readers.

import { setTimeout as sleep } from "node:timers/promises";
import { newId } from "../../../support/api.mjs";
import { ADDRESSES } from "./attacker.mjs";

const MB = 1 << 20;
const objects = (bytes) => `[${"{},".repeat(bytes / 3 - 1)}{}]`;
const numbers = (bytes) => `[${"1,".repeat(bytes / 2 - 1)}1]`;
const deep = (bytes) => "[".repeat(bytes / 2) + "]".repeat(bytes / 2);
const members = (bytes) => `{${Array.from({ length: bytes / 16 }, (_, n) => `"k${n}":${n}`).join(",")}}`;
const BOMBS = [objects, numbers, deep, members];

/**
 * JSON that is small as text and large as a tree, without a login, on every kind of route, and where it is stored and read
 * again.
 */
export async function memoryBombs(attack) {
	const user = attack.users[0];
	const inChat = (part) => `{"id":"${newId()}","messages":[{"id":"m","role":"user",${part}}]}`;
	const shapes = [
		(bomb) => ["POST", "/api/auth/login", { body: bomb }],
		(bomb) => ["POST", "/api/auth/register", { body: `{"username":${bomb},"password":"x"}` }],
		(bomb) => ["POST", "/api/auth/refresh", { body: bomb, headers: { cookie: "lamplight_refresh=x" } }],
		(bomb) => ["POST", "/api/ai/chat", { body: bomb }],
		(bomb) => ["POST", "/api/ai/search", { token: user.token, body: `{"q":"x","more":${bomb}}` }],
		(bomb) => ["DELETE", "/api/ai/sessions", { token: user.token, body: `{"sessionIds":${bomb}}` }],
		(bomb) => ["POST", "/api/ai/chat", { token: user.token, body: inChat(`"parts":[{"type":"text","text":"a"},{"type":"data-x","data":${bomb}}]`) }],
		(bomb) => ["POST", "/api/ai/chat", { token: user.token, body: inChat(`"metadata":{"x":${bomb}},"parts":[{"type":"text","text":"a"}]`) }],
		() => ["GET", "/api/ai/sessions", { token: user.token }],
	];
	let n = 0;
	await attack.loops(6, async () => {
		const bomb = BOMBS[n % BOMBS.length]([16_000, MB, 4 * MB][n % 3]);
		const [method, path, options] = shapes[n++ % shapes.length](bomb);
		await attack.ask(method, path, options);
	});
}

/** Heads that announce a body, which arrives byte by byte, from several networks, with a login and without. */
export async function slowBodies(attack) {
	const paths = ["/api/auth/login", "/api/ai/chat", "/api/ai/search", "/api/auth/refresh"];
	const open = new Set();
	const dripping = (async () => {
		while (!attack.over) {
			for (const socket of open) socket.write(" ");
			await sleep(500);
		}
	})();
	await attack.crowd(200, (n) => {
		const token = n % 2 ? attack.users[0].token : undefined;
		const head = attack.head("POST", paths[n % paths.length], { token, length: 15_000 });
		const socket = attack.open(`${head}{`, { from: ADDRESSES[n % ADDRESSES.length] });
		open.add(socket);
		socket.on("close", () => open.delete(socket));
		return socket;
	});
	await dripping;
}

/** Readers of a large history, and of running replies, that read next to nothing. */
export async function slowReaders(attack, { play, chunk, DONE }) {
	const user = attack.users[0];
	const large = await attack.say(user, "x".repeat(2 * MB));
	const sessionId = large.headers["x-session-id"];
	const { mark } = await play({
		steps: [{ repeat: chunk({ content: "\u0001".repeat(2000) }), times: 100, wait: 50 }, { send: chunk({}, "stop") }, { send: DONE }],
	});
	let following = sessionId;
	const look = async () => {
		const { status, body } = await attack.ask("GET", "/api/ai/sessions?limit=5", { token: user.token });
		if (status === 200) following = JSON.parse(body).find(({ streaming }) => streaming)?.id ?? following;
		await sleep(200);
	};
	const path = (n) => (n % 2 ? `/api/ai/chat/${following}/stream` : `/api/ai/sessions/${sessionId}/messages`);
	await Promise.all([
		attack.loops(2, () => attack.say(user, mark)),
		attack.loops(1, look),
		attack.crowd(150, (n) =>
			attack.open(attack.head("GET", path(n), { token: user.token }), { paused: true, from: ADDRESSES[n % ADDRESSES.length] }),
		),
	]);
}
