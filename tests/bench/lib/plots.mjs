// Pictures of a run as SVG, by Apache ECharts: in Node it draws into a string without a browser, a DOM or a native canvas; it
// has two dependencies, and a foundation maintains it.

import * as echarts from "echarts";
import { SIDES } from "./figures.mjs";

const [WIDTH, LINE, EDGE] = [860, 22, 110];
const COLOURS = { lamplight: "#b7791f", peer: "#3b6ea5", floor: "#9aa0a6", workers: "#b7791f", web: "#6b8e6b", database: "#7a6f9b" };
const font = { fontFamily: "sans-serif", color: "#444" };

/**
 * Without a browser nobody knows the width of a text; a guess that is too large leaves a gap, and one that is too small cuts
 * the text off.
 */
echarts.setPlatformAPI({ measureText: (text) => ({ width: text.length * 7 }) });

function draw(title, height, option) {
	const chart = echarts.init(null, null, { renderer: "svg", ssr: true, width: WIDTH, height });
	chart.setOption({
		animation: false,
		backgroundColor: "#fff",
		textStyle: font,
		title: { text: title, left: 12, top: 8, textStyle: { ...font, fontSize: 15 } },
		legend: { top: 32, left: 12, textStyle: font },
		grid: { left: 12, right: 40, top: 66, bottom: 16, containLabel: true },
		...option,
	});
	const svg = chart.renderToSVGString();
	chart.dispose();
	return `${svg}\n`;
}

const axis = (name, type = "value") => ({ type, name, nameLocation: "end", axisLabel: font, nameTextStyle: font });
/** Categories are listed from the top. */
const categories = (names) => ({ type: "category", data: names, inverse: true, axisLabel: font });
const label = { show: true, position: "right", formatter: ({ value }) => (value > 0 ? Number(value.toPrecision(3)).toLocaleString("en") : "") };
const byName = (works) => works.map(({ title }) => title);
const of = (work, side) => work.sides.find((figure) => figure.side === side);

/** A row for each side of each work, with its name. */
const rowsOf = (works) => works.flatMap((work) => work.sides.map((figure) => ({ name: `${SIDES[figure.side]}: ${work.title}`, figure })));
const heightOf = (rows) => EDGE + rows.length * LINE;

/** One bar for each row. */
function bars(title, works, value, scale) {
	const rows = rowsOf(works).filter(({ figure }) => value(figure) > 0);
	const data = rows.map(({ figure }) => ({ value: value(figure), itemStyle: { color: COLOURS[figure.side] ?? COLOURS.floor } }));
	const yAxis = categories(rows.map(({ name }) => name));
	return draw(title, heightOf(rows), { legend: { show: false }, xAxis: axis("", scale), yAxis, series: [{ type: "bar", label, data }] });
}

/** The processor time of each side in one bar, by process. */
function cpu(works) {
	const rows = rowsOf(works);
	const series = ["workers", "web", "database"].map((name) => ({
		type: "bar",
		stack: "cpu",
		name: { workers: "workers, or a client of the database alone", web: "web server" }[name] ?? name,
		itemStyle: { color: COLOURS[name] },
		data: rows.map(({ figure }) => figure.cpu[name] ?? (name === "workers" ? figure.cpu.client : null)),
	}));
	const yAxis = categories(rows.map(({ name }) => name));
	return draw(`Processor time by process, ${works[0].costUnit}`, heightOf(rows), { xAxis: axis(""), yAxis, series });
}

function latencies(works) {
	const series = ["lamplight", "peer"].flatMap((side) =>
		["p50", "p99"].map((name) => ({
			type: "bar",
			name: `${SIDES[side]}, ${name}`,
			itemStyle: { color: COLOURS[side], opacity: name === "p50" ? 1 : 0.5 },
			label,
			data: works.map((work) => of(work, side)?.[name] || null),
		})),
	);
	const height = EDGE + works.length * (4 * LINE + 16);
	return draw("Latency in ms: of a request, of a reply's first token, of a live token", height, {
		xAxis: axis("", "log"),
		yAxis: categories(byName(works)),
		series,
	});
}

function growth(works) {
	const series = ["lamplight", "peer"].map((side) => ({
		type: "line",
		name: SIDES[side],
		itemStyle: { color: COLOURS[side] },
		data: works.map((work) => [work.stored, of(work, side)?.value.median]),
	}));
	return draw("50 messages of 1 KB, requests/s, by how many messages are stored", 340, {
		xAxis: axis("", "log"),
		yAxis: { ...axis(""), min: 0 },
		series,
	});
}

/** Returns file names and their contents, without pictures for which nothing was measured. */
export function plots(works) {
	const reads = works.filter(({ unit }) => unit === "requests/s");
	const grown = works.filter(({ stored }) => stored);
	const streams = works.filter(({ part }) => part === "streams");
	const replies = works.filter(({ part }) => part === "chat");
	const pictures = [
		["throughput.svg", [...reads.filter(({ stored }) => !stored), ...replies], (list) => bars("Answers a second", list, ({ value }) => value.median, "log")],
		["latency.svg", works, latencies],
		["cpu-reads.svg", reads, cpu],
		["cpu-streams.svg", [...replies, ...streams], cpu],
		["memory.svg", works, (list) => bars("Private memory of the workers, MB", list, ({ memoryMB }) => memoryMB.workers, "value")],
		["growth.svg", grown, growth],
	];
	return pictures.filter(([, list]) => list.length > 0).map(([name, list, make]) => [name, make(list)]);
}
