// A second web server in front of an instance, as hosting providers and companies have it: with the default settings of its
// package, so it buffers and compresses, and also over HTTP/2.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";

const MODULES = "/usr/lib/apache2/modules";
const TYPES = "text/plain text/event-stream application/json application/problem+json";

const nginx = (inner, port, dir) => `
daemon off;
${process.getuid() === 0 ? "user root;" : ""}
pid ${dir}/pid;
error_log stderr warn;
events { worker_connections 1024; }
http {
	${["client_body", "fastcgi", "proxy", "scgi", "uwsgi"].map((name) => `${name}_temp_path ${dir}/${name};`).join("\n\t")}
	access_log off;
	gzip on;
	gzip_proxied any;
	gzip_types ${TYPES};
	gzip_min_length 1;
	server {
		listen 127.0.0.1:${port};
		location / { proxy_pass ${inner}; }
	}
	server {
		listen 127.0.0.1:${port + 1} http2;
		location / { proxy_pass ${inner}; proxy_http_version 1.1; }
	}
}`;

const apache = (inner, port, dir) => `
ServerRoot ${dir}
ServerName localhost
Listen 127.0.0.1:${port}
Listen 127.0.0.1:${port + 1}
PidFile ${dir}/pid
DefaultRuntimeDir ${dir}
Mutex file:${dir} default
ErrorLog ${dir}/log
${["mpm_event", "authz_core", "filter", "deflate", "proxy", "proxy_http", "http2"]
	.map((name) => `LoadModule ${name}_module ${MODULES}/mod_${name}.so`)
	.join("\n")}
${process.getuid() === 0 ? "User www-data\nGroup www-data" : ""}
Protocols h2c http/1.1
AddOutputFilterByType DEFLATE ${TYPES}
ProxyPass "/" "${inner}/"
`;

const SERVERS = {
	nginx: { conf: nginx, command: (conf) => ["nginx", "-e", "stderr", "-c", conf] },
	apache: { conf: apache, command: (conf) => ["apache2", "-f", conf, "-DFOREGROUND"] },
};

async function freePair() {
	for (;;) {
		const [one, two] = [createServer().listen(0, "127.0.0.1"), createServer()];
		await once(one, "listening");
		const { port } = one.address();
		two.listen(port + 1, "127.0.0.1");
		const free = await once(two, "listening").then(() => true, () => false);
		one.close();
		if (free) two.close();
		if (free) return port;
	}
}

async function listens(port, seconds = 30) {
	for (const end = Date.now() + seconds * 1000; Date.now() < end; await sleep(50)) {
		const socket = connect(port, "127.0.0.1");
		const open = await once(socket, "connect").then(() => true, () => false);
		socket.destroy();
		if (open) return;
	}
	throw new Error(`nothing listens on ${port}`);
}

/** `url` speaks HTTP/1.1, `h2` is an HTTP/2 address without TLS. */
export async function startOuter(kind, inner) {
	const dir = mkdtempSync(`${tmpdir()}/lamplight-outer-`);
	const port = await freePair();
	const { conf, command } = SERVERS[kind];
	chmodSync(dir, 0o755);
	writeFileSync(`${dir}/conf`, conf(inner, port, dir));
	const [name, ...args] = command(`${dir}/conf`);
	const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin` };
	const child = spawn(name, args, { env, stdio: ["ignore", "ignore", "pipe"] });
	let said = "";
	child.stderr.on("data", (text) => (said += text));
	const ended = once(child, "exit");
	await Promise.race([
		listens(port),
		ended.then(() => {
			throw new Error(`${name} ended: ${said}`);
		}),
	]);
	return {
		url: `http://127.0.0.1:${port}`,
		h2: `http://127.0.0.1:${port + 1}`,
		async close() {
			child.kill("SIGTERM");
			await ended;
			rmSync(dir, { recursive: true, force: true });
		},
	};
}
