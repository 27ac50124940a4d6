#!/usr/bin/env node
// The peer of a measurement: the same routes on the same tables, as a good engineer would write them in Node today, with
// fastify, mysql2, jose and the AI SDK, in a cluster over all processors. It is meant to be fast: prepared statements, the
// same indexes, rows copied into answers, no web server in front, no log, and no journal (a reply is stored when it has
// ended).
//
//   PEER_PORT, PEER_SECRET_FILE, LAMPLIGHT_DB_SOCKET, LAMPLIGHT_LLM_BASE_URL, LAMPLIGHT_LLM_MODEL, LAMPLIGHT_LLM_API_KEY

import cluster from "node:cluster";
import { availableParallelism } from "node:os";
import fastify from "fastify";
import { accounts } from "./accounts.mjs";
import { chat } from "./chat.mjs";
import { messages } from "./messages.mjs";
import { Problem, problem } from "./problem.mjs";
import { sessions } from "./sessions.mjs";
import { holdLease } from "./tables.mjs";

/** A number does not count as a text. */
const ajv = { customOptions: { coerceTypes: false } };

async function serve() {
	await holdLease(cluster.worker.id);
	const app = fastify({ bodyLimit: 8 << 20, genReqId: () => crypto.randomUUID(), ajv });
	app.addHook("onRequest", async (request, reply) => {
		reply.header("x-request-id", request.id);
	});
	app.setErrorHandler((error, request, reply) => problem(reply, request, error));
	app.setNotFoundHandler((request, reply) => problem(reply, request, new Problem(404)));
	for (const routes of [accounts, sessions, messages, chat]) app.register(routes);
	await app.listen({ port: Number(process.env.PEER_PORT), host: "127.0.0.1", backlog: 4096 });
}

/** Prints a line when all workers listen. */
function lead() {
	let listening = 0;
	const n = availableParallelism();
	for (let i = 0; i < n; i++) cluster.fork();
	cluster.on("listening", () => ++listening === n && console.log("ready"));
	cluster.on("exit", (_worker, code) => {
		console.error(`peer: a worker ended with ${code}`);
		process.exit(1);
	});
	process.on("SIGTERM", () => process.exit(0));
}

if (cluster.isPrimary) lead();
else {
	process.on("disconnect", () => process.exit(0));
	await serve();
}
