// GET /api/admin/usage and `lamplight usage`: what replies have used, by user, by model and by day, and what that has cost.
// Sums over all users are checked on days long ago, when nobody else on this instance used anything.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { aModel, aProvider, admin, made, remove } from "../support/admin.mjs";
import { User, eventually, newId, userMessage } from "../support/api.mjs";
import { query } from "../support/db.mjs";
import { lamplight } from "../support/instance.mjs";
import { DONE, chunk, gated, play } from "../support/model.mjs";

const usage = async (more) => {
	const answer = await admin.get(`/api/admin/usage?${new URLSearchParams(more)}`);
	assert.equal(answer.status, 200, answer.text);
	return answer.json;
};
const NONE = { replies: 0, inputTokens: 0, cachedTokens: 0, outputTokens: 0, cost: null };
const rowsOf = (user) => query("SELECT model_id, name, replies, input_tokens, cached_tokens, output_tokens, cost FROM usage_model WHERE user_id = ? ORDER BY model_id", [user.id]);

/** A reply for which the model's server reports these tokens. */
async function reply(user, [input, cached, output], body) {
	const counts = { prompt_tokens: input, completion_tokens: output, total_tokens: input + output, prompt_tokens_details: { cached_tokens: cached } };
	const sent = [chunk({ content: "x" }), chunk({}, "stop"), chunk(null, null, { choices: [], usage: counts }), DONE];
	const upstream = await play({ steps: sent.map((send) => ({ send })) });
	const turn = await user.chat({ id: newId(), messages: [userMessage(`go${upstream.mark}`)], trigger: "submit-message", ...body });
	assert.equal(turn.status, 200, turn.text);
	return turn.finish();
}

async function aPricedModel(prices) {
	const { id } = await aProvider({ kind: "openai", baseUrl: process.env.LAMPLIGHT_LLM_BASE_URL });
	const model = await aModel(id, { label: `priced-${newId()}`, prices });
	await eventually(async () => (await admin.get("/api/ai/models")).json.models.some((one) => one.id === model.id));
	return model;
}

describe("a reply that ends", () => {
	test("is counted for its user, its model and its day, with its cost", async () => {
		const user = await User.register();
		const model = await aPricedModel({ input: 3_000_000, cached: 300_000, output: 15_000_000 });
		const turn = await reply(user, [1000, 400, 100], { model: model.id });
		assert.equal(turn.metadata.cost, 600 * 3 + 400 * 0.3 + 100 * 15);
		await reply(user, [10, 0, 1], { model: model.id });
		await reply(user, [7, 0, 3]);
		const numbers = (row) => Object.fromEntries(Object.entries(row).map(([key, value]) => [key, key === "name" || value === null ? value : String(value)]));
		assert.deepEqual((await rowsOf(user)).map(numbers), [
			{ model_id: "0", name: "test-model", replies: "1", input_tokens: "7", cached_tokens: "0", output_tokens: "3", cost: null },
			{ model_id: model.id, name: model.upstreamName, replies: "2", input_tokens: "1010", cached_tokens: "400", output_tokens: "101", cost: "3465" },
		]);
		const { rows } = await usage({ by: "model", limit: "200" });
		assert.deepEqual(rows.find((row) => row.modelId === model.id), { modelId: model.id, label: model.label, replies: 2, inputTokens: 1010, cachedTokens: 400, outputTokens: 101, cost: 3465 });
		assert.ok(rows.some((row) => row.modelId === "configured" && row.label === "test-model"));
		// A model that has been removed appears under its provider's name for it.
		assert.equal((await remove(`models/${model.id}`)).status, 204);
		made.splice(made.indexOf(`models/${model.id}`), 1);
		assert.equal((await usage({ by: "model", limit: "200" })).rows.find((row) => row.modelId === model.id).label, model.upstreamName);
	});

	test("a stopped reply counts once, without tokens; a deleted reply does not count", async () => {
		const user = await User.register();
		const upstream = await play({ steps: gated("a", "b") });
		const turn = await user.ask(`go${upstream.mark}`);
		await turn.until("text-delta");
		assert.equal((await user.request("POST", `/api/ai/chat/${turn.sessionId}/stop`)).status, 204);
		await turn.finish();
		const [row] = await rowsOf(user);
		assert.deepEqual([row.replies, Number(row.input_tokens), row.cost], [1, 0, null]);
		const another = await play({ steps: gated("a", "b") });
		const gone = await user.ask(`go${another.mark}`);
		await gone.until("text-delta");
		await user.request("DELETE", `/api/ai/sessions/${gone.sessionId}`);
		await gone.finish();
		assert.equal((await rowsOf(user))[0].replies, 1);
	});
});

describe("sums", () => {
	/** A month that no other run of this file uses. */
	const year = 2000 + Math.floor(Math.random() * 20);
	const month = String(1 + Math.floor(Math.random() * 12)).padStart(2, "0");
	const day = (n) => `${year}-${month}-${String(n).padStart(2, "0")}`;
	const span = { from: day(1), to: day(28) };

	async function fill(rows) {
		await query("DELETE FROM usage_model WHERE day BETWEEN ? AND ?", [span.from, span.to]);
		await query("INSERT INTO usage_model (day, user_id, model_id, name, replies, input_tokens, cached_tokens, output_tokens, cost) VALUES ?", [rows]);
	}

	test("by user, model and day, the most expensive first", async () => {
		const [ada, bob] = [await User.register(), await User.register()];
		await fill([
			[day(1), ada.id, 0, "m", 1, 10, 5, 1, null],
			[day(1), ada.id, 77, "priced", 2, 20, 0, 2, 500],
			[day(3), bob.id, 77, "priced", 4, 40, 0, 4, 900],
			[day(3), bob.id, 0, "m", 8, 80, 0, 8, null],
			[day(28), "12345", 0, "m", 16, 160, 0, 16, null],
		]);
		const sum = (replies, cached, cost) => ({ replies, inputTokens: 10 * replies, cachedTokens: cached, outputTokens: replies, cost });
		assert.deepEqual((await usage(span)).rows, [
			{ userId: bob.id, username: bob.username, ...sum(12, 0, 900) },
			{ userId: ada.id, username: ada.username, ...sum(3, 5, 500) },
			{ userId: "12345", username: null, ...sum(16, 0, null) },
		]);
		assert.deepEqual((await usage({ ...span, by: "model" })).rows, [
			{ modelId: "77", label: "priced", ...sum(6, 0, 1400) },
			{ modelId: "configured", label: "m", ...sum(25, 5, null) },
		]);
		const days = [{ day: day(1), ...sum(3, 5, 500) }, { day: day(3), ...sum(12, 0, 900) }, { day: day(28), ...sum(16, 0, null) }];
		assert.deepEqual((await usage({ ...span, by: "day" })).rows, days);
		assert.deepEqual((await usage({ ...span, by: "day", to: day(27) })).rows, days.slice(0, 2));
		assert.deepEqual(JSON.parse(lamplight("usage", "--by", "day", "--from", span.from, "--to", span.to, "--json")), days);
		const said = lamplight("usage", "--from", span.from, "--to", span.to);
		assert.match(said, new RegExp(`^ +12 +120 +0 +12 +0\\.000900  ${bob.username}$`, "m"));
		assert.match(said, /^ +16 +160 +0 +16 +- {2}\(gone\)$/m);
		assert.deepEqual(JSON.parse(lamplight("usage", "--from", "1999-01-01", "--to", "1999-01-02", "--json")), []);
	});

	test("page by page, each user exactly once", async () => {
		// Some rows have the same cost, and some of these the same tokens.
		const rows = Array.from({ length: 23 }, (_, n) => [day(1 + n), 5000 + n, 9000 + n, "m", 1, n % 4, 0, 0, n % 3 === 0 ? null : n % 5]);
		await fill(rows);
		for (const [by, key] of [["user", "userId"], ["model", "modelId"], ["day", "day"]]) {
			const seen = [];
			let next;
			for (let pages = 0; next !== null && pages < 9; pages++) {
				const page = await usage({ ...span, by, limit: "4", ...(next && { after: next }) });
				assert.ok(page.rows.length <= 4);
				seen.push(...page.rows);
				next = page.next;
			}
			assert.equal(new Set(seen.map((row) => row[key])).size, 23, by);
			assert.equal(seen.length, 23, by);
			if (by === "day") continue;
			const rank = ({ cost, inputTokens }) => (cost ?? 0) * 100 + inputTokens;
			assert.deepEqual(seen.map(rank), seen.map(rank).sort((a, b) => b - a), by);
		}
		await query("DELETE FROM usage_model WHERE day BETWEEN ? AND ?", [span.from, span.to]);
		assert.deepEqual(await usage(span), { rows: [], next: null });
	});

	test("leave out users without usage and include today's", async () => {
		const user = await User.register();
		const mine = async () => {
			for (let next; next !== null; ) {
				const page = await usage({ limit: "200", ...(next && { after: next }) });
				const found = page.rows.find((row) => row.userId === user.id);
				if (found) return found;
				next = page.next;
			}
			return NONE;
		};
		assert.deepEqual(await mine(), NONE);
		await reply(user, [5, 0, 6]);
		assert.deepEqual(await mine(), { userId: user.id, username: user.username, replies: 1, inputTokens: 5, cachedTokens: 0, outputTokens: 6, cost: null });
	});

	test("invalid parameters are refused by name", async () => {
		const bad = [
			["by=week", "by"],
			["by=", "by"],
			["from=2026-02-30", "from"],
			["from=2026-2-3", "from"],
			["from=yesterday", "from"],
			["to=2026-11-22T00:00", "to"],
			["to=1969-12-31", "to"],
			["from=2026-11-22&to=2026-11-21", "from"],
			["from=2024-11-21&to=2026-11-22", "from"],
			["after=x", "after"],
			["after=1-2", "after"],
			["after=1-2-3-4", "after"],
			["after=-1-2-3", "after"],
			["after=1--2-3", "after"],
			["by=day&after=1-2-3", "after"],
			["by=day&from=2026-11-20&to=2026-11-22&after=2026-11-20", "after"],
			["limit=0", "limit"],
			["limit=201", "limit"],
		];
		for (const [more, field] of bad) (await admin.get(`/api/admin/usage?${more}`)).problem(400, { field });
	});
});
