// The contents of the handbook, in order: groups of pages, each with its source file. Nothing is written twice: a document of
// the project is a page itself, or a page includes a section of it.

import { readdirSync } from "node:fs";

const decisions = readdirSync(new URL("../decisions", import.meta.url))
	.filter((name) => name.endsWith(".md") && name !== "README.md")
	.sort();

const manuals = ["lamplight.1", "lamplight.conf.5", "lamplight.7"].concat(
	readdirSync(new URL("../man", import.meta.url))
		.filter((name) => name.endsWith(".8"))
		.sort(),
);

const own = (name) => ({ source: `docs/handbook/${name}.md`, url: `${name}.html` });

export const groups = [
	{ title: "Lamplight", pages: [{ source: "README.md", url: "index.html", title: "Overview" }, { source: "CHANGELOG.md", url: "changes.html" }] },
	{ title: "For operators", pages: ["install", "models", "upgrade", "import", "backup", "tuning", "capacity", "cluster", "sharding", "monitoring", "troubleshooting"].map(own) },
	{ title: "For site owners", pages: ["logins", "embed", "tools"].map(own) },
	{ title: "For developers", pages: [own("usechat"), { url: "api.html", title: "The API" }] },
	{
		title: "Manuals",
		pages: manuals.map((manual) => ({ manual, url: `${manual}.html`, title: manual.replace(/\.(\d)$/, "($1)") })),
	},
	{
		title: "How it is made",
		pages: [
			{ source: "ARCHITECTURE.md", url: "architecture.html" },
			{ source: "docs/decisions/README.md", url: "decisions.html" },
			{ source: "docs/SECURITY.md", url: "security.html" },
			{ source: "docs/ASVS.md", url: "asvs.html", title: "OWASP ASVS 5.0" },
			{ source: "docs/BENCHMARKS.md", url: "benchmarks.html" },
			{ source: "CONTRIBUTING.md", url: "contributing.html" },
			{ source: "tests/README.md", url: "tests.html" },
		],
	},
	{ title: "Decisions", hidden: true, pages: decisions.map((name) => ({ source: `docs/decisions/${name}`, url: `decisions-${name.replace(/md$/, "html")}` })) },
];
