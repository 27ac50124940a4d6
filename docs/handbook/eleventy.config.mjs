// Builds the handbook as static HTML without scripts: `make handbook` writes build/handbook. pages.mjs lists the pages. All
// links and their anchors must lead somewhere; a linked file of the project that is not a page is copied. A paragraph that
// consists of one link with the title "included" is replaced by the target, a section of a document or a file, so that each
// text has only one source.

import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { apiPage } from "./theme/api.mjs";
import { layout } from "./theme/layout.mjs";
import { groups } from "./pages.mjs";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const OUT = join(ROOT, "build/handbook");
const read = (path) => readFileSync(join(ROOT, path), "utf8");
const pages = groups.flatMap((group) => group.pages);
/** The page of each file of the project; for some files, the page is generated from them. */
const urls = new Map([
	...pages.map((page) => [page.source ?? `docs/man/${page.manual}`, page.url]),
	["docs/openapi.json", "api.html"],
	["conf/lamplight.conf", "lamplight.conf.5.html"],
]);
const titleOf = (text) => /^# (.+)$/m.exec(text)?.[1].replaceAll("`", "");

// ---- links

/** The target in the handbook of a link in this source. */
function relink(target, source) {
	if (/^([a-z]+:|#)/.test(target)) return target;
	const [path, anchor = ""] = target.split(/(?=#)/);
	const file = posix.join(posix.dirname(source), path);
	if (urls.has(file)) return urls.get(file) + anchor;
	return bring(file, `${source}: ${target}`);
}

/** Copies a file of the project, or makes a list of a folder's contents, beside the pages. */
function bring(file, who) {
	if (!existsSync(join(ROOT, file))) throw new Error(`${who} is not there`);
	mkdirSync(join(OUT, "files", dirname(file)), { recursive: true });
	cpSync(join(ROOT, file), join(OUT, "files", file), { recursive: true });
	if (statSync(join(ROOT, file)).isFile()) return `files/${file}`;
	const entries = readdirSync(join(ROOT, file)).map((name) => `<li><a href="${name}">${name}</a></li>`);
	writeFileSync(join(OUT, "files", file, "index.html"), `<!doctype html><html lang="en"><title>${file}</title><h1>${file}</h1><ul>${entries.join("")}</ul></html>\n`);
	return posix.join("files", file, "index.html");
}

const relinked = (html, source) => html.replace(/\b(href|src|srcset)="([^"]*)"/g, (_, name, target) => `${name}="${relink(target, source)}"`);

// ---- Markdown

const slug = (text) =>
	text
		.toLowerCase()
		.replace(/[^\p{L}\p{N} _-]/gu, "")
		.replaceAll(" ", "-");

/** Gives headings the same ids as code hosts do. */
function anchored(md) {
	md.core.ruler.push("ids", ({ tokens }) => {
		const seen = new Map();
		for (const [i, token] of tokens.entries()) {
			if (token.type !== "heading_open") continue;
			const text = tokens[i + 1].children.map((child) => child.content).join("");
			const n = seen.get(slug(text)) ?? 0;
			seen.set(slug(text), n + 1);
			token.attrSet("id", slug(text) + (n > 0 ? `-${n}` : ""));
		}
	});
}

/** The text below a heading, up to the next heading of its level. */
function section(source, anchor) {
	const lines = read(source).split("\n");
	const start = lines.findIndex((line) => /^##+ /.test(line) && slug(line.replace(/^#+ /, "")) === anchor);
	if (start < 0) throw new Error(`${source} has no section ${anchor}`);
	const level = /^#+/.exec(lines[start])[0].length;
	const end = lines.findIndex((line, i) => i > start && new RegExp(`^#{1,${level}} `).test(line));
	return lines.slice(start + 1, end < 0 ? undefined : end).join("\n");
}

const INCLUDED = /^\[[^\]\n]*\]\(([^)#\s]+)#?([^)\s]*) "included"\)$/m;

function markdown(md) {
	const render = md.render.bind(md);
	const part = (text, source) => relinked(render(text, {}), source);
	const include = (path, anchor, source) => {
		const file = posix.join(posix.dirname(source), path);
		return anchor ? part(section(file, anchor), file) : render(`\`\`\`${posix.extname(file).slice(1)}\n${read(file)}\`\`\`\n`, {});
	};
	md.render = (text, { source }) => {
		const pieces = text.split(INCLUDED);
		let html = part(pieces[0], source);
		for (let i = 1; i < pieces.length; i += 3) html += include(pieces[i], pieces[i + 1], source) + part(pieces[i + 2], source);
		return html;
	};
}

// ---- the other kinds of pages

const manual = (name) => {
	const folder = existsSync(join(ROOT, "docs/man", name)) ? "docs/man" : "build/man";
	const html = execFileSync("mandoc", ["-T", "html", "-O", "fragment", join(ROOT, folder, name)], { encoding: "utf8" });
	return html.replace(/<table class="(head|foot)">[^]*?<\/table>/g, "").replace(/<(\/?)h1\b/g, "<$1h2").replace(/<td>(<a class="Xr">)/g, "<td>$1");
};

function add(config, page) {
	const data = { ...page, permalink: page.url, layout: false, eleventyExcludeFromCollections: true };
	if (page.manual) return config.addTemplate(`${page.url}`, `<h1>${page.title}</h1>\n${manual(page.manual)}`, { ...data, templateEngineOverride: "html" });
	if (!page.source) return config.addTemplate("api.html", apiPage(JSON.parse(read("docs/openapi.json"))), { ...data, templateEngineOverride: "html" });
	const text = read(page.source);
	page.title ??= titleOf(text);
	config.addTemplate(page.url.replace(/html$/, "md"), text, { ...data, title: page.title, templateEngineOverride: "md" });
}

// ---- all links must lead somewhere

function checkLinks() {
	const files = readdirSync(OUT).filter((name) => name.endsWith(".html"));
	const texts = new Map(files.map((name) => [name, readFileSync(join(OUT, name), "utf8")]));
	const ids = new Map([...texts].map(([name, text]) => [name, new Set([...text.matchAll(/\bid="([^"]+)"/g)].map((match) => match[1]))]));
	const dead = [];
	for (const [name, text] of texts)
		for (const [, target] of text.matchAll(/\bhref="([^"]+)"/g)) {
			if (/^[a-z]+:/.test(target)) continue;
			const [path, anchor] = target.split("#");
			if (path && !existsSync(join(OUT, path))) dead.push(`${name}: ${target}`);
			else if (anchor && !ids.get(path || name)?.has(decodeURIComponent(anchor))) dead.push(`${name}: ${target}: no such place`);
		}
	if (dead.length > 0) throw new Error(`links of the handbook that lead nowhere:\n${dead.join("\n")}`);
}

export default function (config) {
	config.amendLibrary("md", (md) => {
		md.set({ html: true });
		anchored(md);
		markdown(md);
	});
	for (const page of pages) add(config, page);
	config.addTransform("layout", function (html) {
		return layout(html, pages.find((page) => page.url === this.page.outputPath.split("/").at(-1)), groups);
	});
	config.addPassthroughCopy({ "theme/style.css": "style.css" });
	config.on("eleventy.after", checkLinks);
	return { dir: { input: "theme", output: "../../build/handbook" }, markdownTemplateEngine: false, htmlTemplateEngine: false };
}
