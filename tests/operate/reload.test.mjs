// `lamplight reload`: what it asks of systemd, in which order, and what it says when something is in the way. Here systemd is three small
// programs that note what they are asked, and the machine's /run is an empty one; tests/install walks the same with a real systemd.

import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { createConnection, createServer } from "node:net";
import { tmpdir } from "node:os";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { VAR } from "../support/instance.mjs";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const COMMAND = `${ROOT}build/${process.env.VARIANT || "release"}/bin/lamplight`;
const FOLDER = mkdtempSync(`${tmpdir()}/lamplight-reload-`);
after(() => rmSync(FOLDER, { recursive: true }));

/** A /run of its own, with the folder of the sockets in it if there is one; then the command. */
const INSIDE = `mount -t tmpfs none /run && { [ -z "$SYSTEMD" ] || mkdir -p /run/systemd/system; } && { [ -z "$SOCKETS" ] || ln -s "$SOCKETS" /run/lamplight; } && exec "$@"`;

function cannotUnshare() {
	try {
		execFileSync("unshare", ["--mount", "sh", "-c", INSIDE, "sh", "true"], { stdio: "ignore" });
		return false;
	} catch {
		return "only root may have a /run of its own";
	}
}
const skip = cannotUnshare();

const SYSTEMCTL = `#!/bin/sh
echo "systemctl $*" >>"$ASKED"
case "$*" in
cat*) cat "${ROOT}conf/systemd/lamplight@.service" ;;
"$FAILS"*) echo "systemctl: this is why" >&2; exit 1 ;;
esac
`;
/** Runs the command as a unit that cannot see everything: with $BLIND as a setting. */
const SYSTEMD_RUN = `#!/bin/sh
printf 'systemd-run' >>"$ASKED"
while [ "\${1#-}" != "$1" ]; do
	case $1 in
	-p) printf ' %s' "$2" >>"$ASKED"; shift 2 ;;
	*) shift ;;
	esac
done
echo " -- \${1##*/} $2" >>"$ASKED"
exec env \${BLIND:-A=} "$@"
`;
const JOURNALCTL = `#!/bin/sh
echo "journalctl $*" >>"$ASKED"
case "$*" in *--unit*) echo "the last words of a program" ;; esac
`;

const bin = `${FOLDER}/bin`;
mkdirSync(bin);
for (const [name, text] of Object.entries({ systemctl: SYSTEMCTL, "systemd-run": SYSTEMD_RUN, journalctl: JOURNALCTL })) {
	writeFileSync(`${bin}/${name}`, text);
	chmodSync(`${bin}/${name}`, 0o755);
}

/** {code, stdout, stderr, asked}: what the command says, and what it asked of systemd. */
function reload({ fails = "nothing", sockets = `${VAR}/run`, systemd = "yes", blind = "", set = {} } = {}) {
	const asked = mkdtempSync(`${FOLDER}/asked-`) + "/asked";
	writeFileSync(asked, "");
	const env = { ...process.env, VAR, PATH: `${bin}:${process.env.PATH}`, ASKED: asked, FAILS: fails, SOCKETS: sockets, SYSTEMD: systemd, BLIND: blind };
	const settings = Object.entries(set).map(([name, value]) => `${name}=${value}`);
	const words = ["--mount", "sh", "-c", INSIDE, "sh", `${ROOT}bin/with-env`, "env", ...settings, COMMAND, "reload"];
	return new Promise((resolve) =>
		execFile("unshare", words, { cwd: ROOT, env, timeout: 60_000 }, (error, stdout, stderr) =>
			resolve({ code: error?.code ?? 0, stdout, stderr, asked: readFileSync(asked, "utf8").trim().split("\n").filter(Boolean) }),
		),
	);
}
const replaced = ({ asked }) => asked.some((line) => /systemctl (start|restart)/.test(line));

/** The sockets of the instance, but for chat's, where `serve` answers each connection. */
async function withOtherChat(serve, work) {
	const sockets = mkdtempSync(`${FOLDER}/sockets-`);
	for (const name of readdirSync(`${VAR}/run`))
		if (name.endsWith(".sock") && name !== "chat.sock") symlinkSync(`${VAR}/run/${name}`, `${sockets}/${name}`);
	const server = createServer(serve).listen(`${sockets}/chat.sock`);
	await once(server, "listening");
	try {
		await work(sockets);
	} finally {
		server.close();
	}
}

test("it looks, then replaces all programs, and sees that they answer", { skip }, async () => {
	const { code, stdout, stderr, asked } = await reload();
	assert.equal(code, 0, stderr);
	assert.match(stdout, /^Reloaded: /m);
	const [active, daemon, failed, cat, run, start, restart, ...more] = asked;
	assert.deepEqual(
		[active, daemon, failed, cat, start, restart, more],
		[
			"systemctl is-active --quiet lamplight.target",
			"systemctl daemon-reload",
			"systemctl reset-failed lamplight@*",
			"systemctl cat lamplight@chat.service",
			"systemctl start lamplight.target",
			"systemctl restart lamplight@*.service",
			[],
		],
	);
	// What limits the programs' view limits that of the check; what starts and restarts them does not belong to it.
	for (const property of ["User=lamplight", "ProtectHome=yes", "ProtectSystem=strict", "Environment=LAMPLIGHT_CONF=/etc/lamplight/lamplight.conf"])
		assert.ok(run.includes(` ${property}`), `${property}: ${run}`);
	for (const word of ["ExecStart", "StandardInput", "Restart=", "MemoryMax"]) assert.ok(!run.includes(word), `${word}: ${run}`);
	assert.ok(run.endsWith(" -- lamplight check"), run);
});

test("a machine without systemd, and a site that does not run: nothing is replaced", { skip }, async () => {
	const without = await reload({ systemd: "" });
	assert.deepEqual([without.code, without.asked], [1, []]);
	assert.match(without.stderr, /systemd runs no programs here/);
	const stopped = await reload({ fails: "is-active" });
	assert.equal(stopped.code, 1);
	assert.match(stopped.stderr, /Lamplight is not running\. To start it, run systemctl enable --now lamplight\.target/);
	assert.deepEqual(stopped.asked, ["systemctl is-active --quiet lamplight.target"]);
});

test("what is wrong is found before systemd is asked anything", { skip }, async () => {
	for (const [name, value, words] of [
		["LAMPLIGHT_DB_PORT", "many", /db\.port/],
		["LAMPLIGHT_LLM_TOOLS_FILE", "/nowhere", /llm\.tools_file/],
		["LAMPLIGHT_DB_SOCKET", "/nowhere.sock", /There is no database server/],
	]) {
		const { code, asked, stderr } = await reload({ set: { [name]: value } });
		assert.deepEqual([code, asked], [1, []], name);
		assert.match(stderr, words);
	}
});

test("a file that only root can read is found before anything is replaced", { skip }, async () => {
	const run = await reload({ blind: "LAMPLIGHT_LLM_TOOLS_FILE=/home/site/tools.json" });
	assert.equal(run.code, 1);
	assert.match(run.stderr, /key=llm\.tools_file/);
	assert.match(run.stderr, /Nothing was replaced: .*Unlike root, they run under their own account/);
	assert.ok(!replaced(run), run.asked.join("\n"));
});

test("what systemctl cannot do is said with its words", { skip }, async () => {
	for (const fails of ["daemon-reload", "reset-failed", "start", "restart"]) {
		const { code, stderr } = await reload({ fails });
		assert.equal(code, 1, fails);
		assert.match(stderr, /^systemctl: this is why\nsystemctl failed, and says above why\.$/m, fails);
	}
});

test("it waits for programs that come up slowly", { skip }, async () => {
	let refusals = 3;
	const serve = (connection) => {
		if (refusals-- > 0) return connection.destroy();
		const real = createConnection(`${VAR}/run/chat.sock`);
		for (const [from, to] of [
			[connection, real],
			[real, connection],
		]) {
			from.on("error", () => to.destroy());
			from.pipe(to);
		}
	};
	await withOtherChat(serve, async (sockets) => {
		const { code, stderr } = await reload({ sockets });
		assert.equal(code, 0, stderr);
		assert.ok(refusals < 0);
	});
});

test("programs that do not come up are named, with what they said last", { skip }, async () => {
	const serve = (connection) => connection.destroy();
	await withOtherChat(serve, async (sockets) => {
		const [down, nowhere] = await Promise.all([reload({ sockets }), reload({ sockets: "" })]);
		assert.equal(down.code, 1);
		assert.match(down.stderr, /^the last words of a program\nThese programs were started again and do not answer: chat\. /m);
		assert.match(down.asked.at(-1), /^journalctl .*--unit lamplight@chat\.service --since=@\d+$/);
		assert.equal(nowhere.code, 1);
		assert.match(nowhere.stderr, /No program has a socket in \/run\/lamplight: systemctl restart lamplight\.target/);
	});
});
