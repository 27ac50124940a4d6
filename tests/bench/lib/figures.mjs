// Turns the rounds of a run into what the tables and pictures show.

/** The sides and their names. The product and its peer come first; the others show what the machine allows. */
export const SIDES = {
	lamplight: "Lamplight",
	peer: "Node peer",
	copy: "floor: libcurl and a copy",
	commits: "floor: its commits alone, from C",
	sql: "floor: the same SQL from C",
	reader: "floor: own record reader",
	libfcgi: "floor: libfcgi",
	static: "floor: nginx, a file",
};
export const isFloor = (side) => !["lamplight", "peer"].includes(side);

function spread(values) {
	const sorted = values.toSorted((a, b) => a - b);
	const middle = sorted.length >> 1;
	const median = sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
	return { min: sorted[0], median, max: sorted.at(-1) };
}
const median = (values) => spread(values).median;

/** The median of each group of processes. */
function groups(results, of) {
	const names = Object.keys(results[0].cpu);
	return Object.fromEntries(names.map((name) => [name, median(results.map((result) => of(result, name)))]));
}

/** One side of a work: { value: {min, median, max}, cpu, total, memory, p50, p99, wrong, finished }. */
function sideOf(work, side, results) {
	const per = (result, name) => (result.cpu[name] * 1e6) / Math.max(1, work.cost.of(result));
	const cpu = groups(results, per);
	return {
		side,
		value: spread(results.map((result) => work.value(result))),
		cpu,
		total: Object.values(cpu).reduce((sum, value) => sum + value, 0),
		memoryMB: groups(results, ({ memory }, name) => memory[name] / 1024),
		p50: median(results.map(({ latency }) => latency.p50)),
		p99: median(results.map(({ latency }) => latency.p99)),
		wrong: results.reduce((sum, { wrong = 0 }) => sum + wrong, 0),
		...(results[0].expected && streamsOf(work, results)),
	};
}

/**
 * For live streams: how many have ended well, the share of tokens that arrived in time, and what one stream takes in the
 * worker.
 */
const streamsOf = (work, results) => ({
	streams: work.streams,
	finished: Math.min(...results.map(({ finished }) => finished)),
	inTime: Math.min(...results.map(({ answers, expected }) => answers / expected)),
	kbPerStream: median(results.map(({ memory, mark }) => (memory.workers - mark.workers) / 0.9 / work.streams)),
});

/** How many times better the product is than another side; below 1 it is worse. */
function ratio(work, sides, other) {
	const [ours, theirs] = ["lamplight", other].map((name) => sides.find(({ side }) => side === name)?.value.median);
	if (!ours || !theirs) return undefined;
	return work.more ? ours / theirs : theirs / ours;
}

/** A work's figures for results.json, without functions. */
export function figures(work, rounds) {
	const sides = Object.keys(work.sides)
		.map((side) => [side, rounds.filter((round) => round.work === work.name && round.side === side).map(({ result }) => result)])
		.filter(([, results]) => results.length > 0)
		.map(([side, results]) => sideOf(work, side, results));
	for (const figure of sides) figure.ratio = figure.side === "lamplight" ? undefined : ratio(work, sides, figure.side);
	const { name, part = name, title, unit, more, cost, stored } = work;
	return { name, part, title, unit, more, costUnit: cost.unit, stored, sides };
}

/** Whether the product has answered every request, and correctly. */
export const isGood = ({ side, wrong, finished, streams }) => side !== "lamplight" || (wrong === 0 && finished === streams);

/** A remark that must stand beside a figure. */
export function remark({ wrong, finished, streams, inTime }) {
	if (wrong > 0) return `${wrong} wrong answers`;
	if (streams && finished < streams) return `${finished} of ${streams} finished`;
	if (streams && inTime < 0.99) return `${Math.floor(inTime * 100)} % of the tokens in time`;
	return "";
}
