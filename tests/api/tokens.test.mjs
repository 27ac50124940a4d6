// Which bearer tokens the server accepts: its own and those of the site, and nothing that only looks like one.

import assert from "node:assert/strict";
import { createHmac, generateKeyPairSync, sign as signWith } from "node:crypto";
import { readFileSync } from "node:fs";
import { before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { User, newId, request } from "../support/api.mjs";
import { query } from "../support/db.mjs";
import { VAR, lamplight, settings } from "../support/instance.mjs";

const b64 = (value) => Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");
const decode = (part) => JSON.parse(Buffer.from(part, "base64url").toString());
const hmac =
	(key, bits = 256) =>
	(input) =>
		createHmac(`sha${bits}`, key).update(input).digest("base64url");

/** A token of these parts. `header` and `claims` may be JSON text, for what JSON.stringify cannot write. */
function token(header, claims, signature) {
	const input = `${b64(header)}.${b64(claims)}`;
	return `${input}.${signature(input)}`;
}

const me = (bearer) => request("GET", "/api/me", { headers: { authorization: bearer } });
const refused = async (jwt) => (await me(`Bearer ${jwt}`)).problem(401);
const now = () => Math.floor(Date.now() / 1000);

/**
 * The key of the instance that signed this token, in whichever form its file has it; another test may have put a new key in
 * use.
 */
function secretKey(jwt) {
	const input = jwt.slice(0, jwt.lastIndexOf("."));
	const words = readFileSync(`${VAR}/secret`, "latin1").split(/\s+/).filter(Boolean);
	const forms = words.flatMap((word) => ["latin1", "hex", "base64"].map((form) => Buffer.from(word, form)));
	return forms.find((key) => key.length && `${input}.${hmac(key)(input)}` === jwt);
}

let user, header, claims, key;

before(async () => {
	user = await User.register();
	[header, claims] = user.token.split(".").slice(0, 2).map(decode);
	key = secretKey(user.token);
	assert.ok(key, "the key that signs our tokens");
});

describe("our own tokens", () => {
	test("a token made with the right key and claims is let in: the rest of this file tests what it says", async () => {
		assert.equal((await me(`Bearer ${token(header, claims, hmac(key))}`)).status, 200);
		assert.equal(header.alg, "HS256");
	});

	test("a request without a token is refused, and asked for a Bearer token", async () => {
		for (const headers of [{}, { authorization: "" }, { authorization: "Bearer" }, { authorization: "Bearer " }]) {
			const answer = await request("GET", "/api/me", { headers });
			answer.problem(401);
			assert.match(answer.headers.get("www-authenticate") ?? "", /^Bearer/);
		}
	});

	test("a token under another scheme than Bearer is refused", async () => {
		for (const scheme of ["Basic", "Token", "JWT"]) (await me(`${scheme} ${user.token}`)).problem(401);
	});

	test("tokens that are cut, padded, doubled or huge are refused", async () => {
		const [h, c, s] = user.token.split(".");
		const bad = [
			`${h}.${c}`,
			`${h}.${c}.`,
			`${h}..${s}`,
			`.${c}.${s}`,
			`${user.token}.${s}`,
			`${user.token}=`,
			`${h}.${c}.${s.slice(0, -1)}`,
		];
		for (const jwt of [...bad, "a.b.c", "....", `${h}.${"A".repeat(3000)}.${s}`, user.token + user.token]) await refused(jwt);
	});

	test("the signature of another token, of another key, of none", async () => {
		const other = await User.register();
		const [h, c] = user.token.split(".");
		await refused(`${h}.${c}.${other.token.split(".")[2]}`);
		for (const wrong of ["", "secret", Buffer.alloc(32), Buffer.from(settings.LAMPLIGHT_AUTH_SITE_SECRET)])
			await refused(token(header, claims, hmac(wrong)));
	});

	test("the algorithm none is refused in any spelling", async () => {
		for (const alg of ["none", "None", "NONE", "nOnE", "", null])
			for (const signature of [() => "", hmac(key)]) await refused(token({ ...header, alg }, claims, signature));
	});

	test("HS384 and HS512 with the right key", async () => {
		for (const bits of [384, 512]) await refused(token({ ...header, alg: `HS${bits}` }, claims, hmac(key, bits)));
	});

	test("RS256 with a key of its own, and header members that name keys", async () => {
		const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
		const rs256 = (input) => signWith("sha256", Buffer.from(input), privateKey).toString("base64url");
		await refused(token({ ...header, alg: "RS256", jwk: publicKey.export({ format: "jwk" }) }, claims, rs256));
		for (const more of [{ kid: "../../dev/null" }, { jku: "http://127.0.0.1/keys" }, { x5u: "http://127.0.0.1/x" }])
			await refused(token({ ...header, ...more }, claims, hmac("")));
	});

	test("an unknown critical extension is refused", async () => {
		await refused(token({ ...header, crit: ["exp"], exp: 1 }, claims, hmac(key)));
		await refused(token({ ...header, crit: ["b64"], b64: false }, claims, hmac(key)));
	});

	const without = (claims, name) => Object.fromEntries(Object.entries(claims).filter(([key]) => key !== name));
	const TIMES = {
		"no exp": () => without(claims, "exp"),
		"exp a second ago": () => ({ ...claims, exp: now() - 1 }),
		"exp long ago": () => ({ ...claims, exp: 1 }),
		"exp 0": () => ({ ...claims, exp: 0 }),
		"exp negative": () => ({ ...claims, exp: -1 }),
		"exp as text": () => ({ ...claims, exp: String(now() + 600) }),
		"exp as float": () => JSON.stringify(claims).replace(/"exp":\d+/, `"exp":${now() + 600}.5`),
		"exp with an exponent": () => JSON.stringify(claims).replace(/"exp":\d+/, '"exp":9e99'),
		"exp beyond 64 bits": () => JSON.stringify(claims).replace(/"exp":\d+/, '"exp":18446744073709551617'),
		"exp null": () => ({ ...claims, exp: null }),
		"exp as array": () => ({ ...claims, exp: [now() + 600] }),
		"nbf in an hour": () => ({ ...claims, nbf: now() + 3600 }),
		"nbf as text": () => ({ ...claims, nbf: "soon" }),
		"iat in an hour": () => ({ ...claims, iat: now() + 3600 }),
		"no sub": () => without(claims, "sub"),
		"sub as number": () => JSON.stringify(claims).replace(/"sub":"(\d+)"/, '"sub":$1'),
		"sub empty": () => ({ ...claims, sub: "" }),
		"sub with a blank": () => ({ ...claims, sub: `${claims.sub} ` }),
		"sub of nobody": () => ({ ...claims, sub: "1" }),
		"exp twice": () => JSON.stringify(claims).replace(/}$/, `,"exp":${now() + 600}}`),
		"claims no object": () => "[]",
		"claims no JSON": () => "{",
	};
	for (const [name, make] of Object.entries(TIMES))
		test(`rightly signed, but ${name}`, async () => {
			await refused(token(header, make(), hmac(key)));
		});

	test("the login of another user under one's own name", async () => {
		const other = await User.register();
		const [, theirs] = other.token.split(".").slice(0, 2).map(decode);
		await refused(token(header, { ...claims, sub: theirs.sub }, hmac(key)));
	});
});

describe("a site's own tokens", () => {
	const secret = settings.LAMPLIGHT_AUTH_SITE_SECRET;
	const site = () => ({
		iss: settings.LAMPLIGHT_AUTH_SITE_ISSUER,
		aud: settings.LAMPLIGHT_AUTH_SITE_AUDIENCE,
		sub: "customer-17",
		exp: now() + 300,
	});
	const siteToken = (more, alg = "HS256", key = secret) =>
		token({ alg, typ: "JWT" }, { ...site(), ...more }, hmac(key, Number(alg.slice(2))));

	test("are let in, and the same subject is always the same user", async () => {
		const sub = `customer-${newId()}`;
		const first = await me(`Bearer ${siteToken({ sub })}`);
		assert.equal(first.status, 200, first.text);
		const again = await me(`Bearer ${siteToken({ sub, exp: now() + 60, jti: "2" })}`);
		assert.equal(again.json.id, first.json.id);
		const another = await me(`Bearer ${siteToken({ sub: `${sub} ` })}`);
		assert.notEqual(another.json.id, first.json.id);
	});

	test("chat, and see their own sessions only", async () => {
		const users = await Promise.all([1, 2].map((n) => User.withToken(siteToken({ sub: `chat-${newId()}-${n}` }))));
		const turn = await users[0].say("hello");
		assert.deepEqual(
			(await users[0].sessions()).map((session) => session.id),
			[turn.sessionId],
		);
		assert.deepEqual(await users[1].sessions(), []);
		(await users[1].get(`/api/ai/sessions/${turn.sessionId}`)).problem(404);
	});

	test("of a user who was deleted are refused everywhere, until the operator allows new ones", async () => {
		const sub = `gone-${newId()}`;
		const old = siteToken({ sub, iat: now() - 2 });
		const { id } = (await me(`Bearer ${old}`)).json;
		const everywhere = async (jwt, status) => {
			for (const path of ["/api/me", "/api/ai/sessions", "/api/ai/sessions/1/messages", "/api/ai/chat/1/stream"])
				assert.equal((await request("GET", path, { headers: { authorization: `Bearer ${jwt}` } })).status, status, path);
		};
		lamplight("user", "delete", sub);
		await sleep(1100);
		const fresh = siteToken({ sub, iat: now() });
		for (const jwt of [old, fresh, siteToken({ sub })]) await everywhere(jwt, 401);
		assert.deepEqual(await query("SELECT 1 FROM user WHERE subject = ?", [sub]), []);
		assert.deepEqual(await query("SELECT 1 FROM ended_subject WHERE subject_hash LIKE ?", [`%${sub}%`]), []);

		lamplight("user", "allow", sub);
		for (const jwt of [old, siteToken({ sub })]) await everywhere(jwt, 401);
		const again = await me(`Bearer ${fresh}`);
		assert.equal(again.status, 200, again.text);
		assert.notEqual(again.json.id, id);
		await sleep(700);
		for (const jwt of [old, siteToken({ sub })]) await everywhere(jwt, 401);
		assert.throws(() => lamplight("user", "allow", `never-${sub}`), /was deleted/);

		lamplight("user", "delete", sub);
		await sleep(1100);
		await everywhere(siteToken({ sub, iat: now() }), 401);
	});

	test("a numeric subject is the same user as its digits as text", async () => {
		const sub = Date.now();
		const [number, text] = [await me(`Bearer ${siteToken({ sub })}`), await me(`Bearer ${siteToken({ sub: String(sub) })}`)];
		assert.equal(number.status, 200, number.text);
		assert.equal(number.json.id, text.json.id);
	});

	test("a token for several audiences is accepted if ours is among them", async () => {
		assert.equal((await me(`Bearer ${siteToken({ aud: ["shop", settings.LAMPLIGHT_AUTH_SITE_AUDIENCE] })}`)).status, 200);
	});

	const wrong = {
		issuer: { iss: "https://evil.example" },
		"no issuer": { iss: undefined },
		audience: { aud: "shop" },
		"no audience": { aud: undefined },
		"empty list of audiences": { aud: [] },
		expiry: { exp: now() - 10 },
		"no expiry": { exp: undefined },
		"no subject": { sub: undefined },
		"empty subject": { sub: "" },
		"huge subject": { sub: "x".repeat(256) },
		"subject true": { sub: true },
		"subject with a fraction": { sub: 17.5 },
	};
	for (const [name, more] of Object.entries(wrong))
		test(`with the wrong ${name} are not`, async () => {
			await refused(siteToken(more));
		});

	test("of another algorithm or key are not", async () => {
		await refused(siteToken({}, "HS512"));
		await refused(siteToken({}, "HS256", `${secret}x`));
		await refused(siteToken({}, "HS256", key));
	});

	test("cannot be made with the site's key for one of our accounts", async () => {
		const mine = await me(`Bearer ${siteToken({ sub: user.id })}`);
		assert.equal(mine.status, 200);
		assert.notEqual(mine.json.id, user.id);
		await refused(token(header, claims, hmac(secret)));
	});
});
