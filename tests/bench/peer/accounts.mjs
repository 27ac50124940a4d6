// Who is asking: the product's tokens, signed with the same key; and accounts, for the tests.

import { randomBytes, scrypt } from "node:crypto";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { SignJWT, jwtVerify } from "jose";
import { columnTime, newId, run } from "./tables.mjs";
import { Problem } from "./problem.mjs";

const NAME = "lamplight";
const key = new TextEncoder().encode(readFileSync(process.env.PEER_SECRET_FILE, "utf8").split("\n")[0]);
const policy = { algorithms: ["HS256"], issuer: NAME, audience: NAME, requiredClaims: ["sub", "exp", "iat"] };

/** The hook of all routes that need a user. */
export async function guard(request) {
	const header = request.headers.authorization;
	if (!header?.startsWith("Bearer ")) throw new Problem(401);
	const { payload } = await jwtVerify(header.slice(7), key, policy).catch(() => {
		throw new Problem(401);
	});
	request.userId = payload.sub;
}

const hash = promisify(scrypt);

async function register({ body: { username, password } }, reply) {
	const [id, salt, now] = [newId(), randomBytes(16), columnTime(Date.now())];
	const stored = `scrypt:${salt.toString("hex")}:${(await hash(password, salt, 32)).toString("hex")}`;
	await run("INSERT INTO user (id, username, password_hash, create_time, update_time) VALUES (?, ?, ?, ?, ?)", [
		id,
		username,
		stored,
		now,
		now,
	]);
	const accessToken = await new SignJWT({ sid: newId() })
		.setProtectedHeader({ alg: "HS256", typ: "JWT" })
		.setSubject(id)
		.setIssuer(NAME)
		.setAudience(NAME)
		.setIssuedAt()
		.setNotBefore("0s")
		.setExpirationTime("15m")
		.sign(key);
	return reply.code(201).send({ accessToken, user: { id, username } });
}

export async function accounts(app) {
	const text = (maxLength) => ({ type: "string", minLength: 1, maxLength });
	const body = { type: "object", required: ["username", "password"], properties: { username: text(64), password: text(200) } };
	app.post("/api/auth/register", { schema: { body } }, register);
}
