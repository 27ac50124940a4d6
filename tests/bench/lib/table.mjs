// The table of a run, for a terminal and for a page.

import { SIDES, isFloor, remark } from "./figures.mjs";

export function round(value) {
	if (value === undefined || Number.isNaN(value)) return "";
	if (!Number.isFinite(value)) return "-";
	const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
	return value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

const HEAD = ["work", "side", "min", "median", "max", "unit", "CPU workers", "web", "database", "unit", "MB", "p50 ms", "p99 ms", "ratio", ""];

/** If a client is a part of what is measured, it counts as the workers. */
const workers = (groups) => groups.workers ?? groups.client;

function rowOf(work, figure, isFirst) {
	const { side, value, cpu, memoryMB, p50, p99, ratio } = figure;
	return [
		isFirst ? work.title : "",
		SIDES[side],
		...[value.min, value.median, value.max].map(round),
		work.unit,
		...[workers(cpu), cpu.web, cpu.database].map(round),
		work.costUnit,
		...[workers(memoryMB), p50, p99].map(round),
		ratio === undefined ? "" : `${round(ratio)} x`,
		remark(figure),
	];
}

const rows = (works) => works.flatMap((work) => work.sides.map((figure, i) => rowOf(work, figure, i === 0)));

export function textTable(works) {
	const all = [HEAD, ...rows(works)];
	const widths = HEAD.map((_, column) => Math.max(...all.map((row) => row[column].length)));
	const isText = (column) => [0, 1, 5, 9, 14].includes(column);
	const cell = (text, column) => (isText(column) ? text.padEnd(widths[column]) : text.padStart(widths[column]));
	return all.map((row) => row.map(cell).join("  ").trimEnd()).join("\n");
}

const markdown = (head, body, right) => [
	`| ${head.join(" | ")} |`,
	`|${head.map((_, column) => (right(column) ? "---:" : "---")).join("|")}|`,
	...body.map((row) => `| ${row.join(" | ")} |`),
];

export const fullTable = (works) => markdown(HEAD, rows(works), (column) => ![0, 1, 5, 9, 14].includes(column)).join("\n");

/** The floor that does most of our work comes first. */
const floorOf = (work) => work.sides.find(({ side }) => isFloor(side));

function cell(figure) {
	if (!figure) return "-";
	const { value } = figure;
	const said = remark(figure);
	return `${round(value.median)} (${round(value.min)}-${round(value.max)})${said ? `, ${said}` : ""}`;
}

const cpu = ({ cpu, total }) => `${round(total)} (${[workers(cpu), cpu.web, cpu.database].map((value) => round(value ?? 0)).join(" + ")})`;

/** The short table: the product, its peer, one floor, and the ratios, in bold where we lose. */
export function shortTable(works) {
	const head = ["", "Lamplight", "Node peer", "floor", "times the peer", "of the floor", "our CPU (workers + web + database)"];
	const body = works.map((work) => {
		const of = (name) => work.sides.find(({ side }) => side === name);
		const [ours, peer, floor] = [of("lamplight"), of("peer"), floorOf(work)];
		const times = peer && peer.wrong === 0 && peer.finished === peer.streams ? round(peer.ratio) : "";
		return [
			`${work.title}, ${work.unit}`,
			cell(ours),
			cell(peer),
			cell(floor),
			peer?.ratio < 1 && times ? `**${times}**` : times,
			floor?.ratio ? `${round(floor.ratio * 100)} %` : "",
			ours ? `${cpu(ours)} ${work.costUnit}` : "",
		];
	});
	return markdown(head, body, (column) => column > 0 && column < 6).join("\n");
}
