// The programs that a run starts; each is ended by its id, whatever happens.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { openSync } from "node:fs";

const running = new Set();

/** Starts a program that keeps running; its output goes to the file `log`. */
export function start(command, args, { env, log }) {
	const out = openSync(log, "a");
	const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ["ignore", out, out] });
	running.add(child);
	child.on("exit", () => running.delete(child));
	return child;
}

export async function stop(child) {
	if (child.exitCode !== null || child.signalCode !== null) return;
	const ended = once(child, "exit");
	child.kill();
	const kill = setTimeout(() => child.kill("SIGKILL"), 5000);
	await ended;
	clearTimeout(kill);
}

export const stopAll = () => Promise.all([...running].map(stop));

/** The parsed output of a program. */
export async function ask(command, args, input = "") {
	const child = spawn(command, args, { stdio: ["pipe", "pipe", "inherit"] });
	running.add(child);
	let printed = "";
	child.stdout.setEncoding("utf8").on("data", (text) => (printed += text));
	child.stdin.on("error", () => {}); // the program itself says why it does not read
	child.stdin.end(input);
	const [code, signal] = await once(child, "close");
	running.delete(child);
	if (code !== 0) throw new Error(`${command} ended with ${code ?? signal}`);
	return JSON.parse(printed);
}

/** Repeats `check` until it returns true, or fails after `seconds` with the last reason. */
export async function until(what, check, seconds = 60) {
	const end = Date.now() + seconds * 1000;
	let reason;
	while (Date.now() < end) {
		if (await check().catch((error) => void (reason = error))) return;
		await new Promise((resolve) => setTimeout(resolve, 100));
	}
	throw new Error(`${what} is not there after ${seconds} s`, { cause: reason });
}
