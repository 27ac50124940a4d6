/** A page with the list of all pages beside its text; on a phone, behind it. It has no script. */
export function layout(html, page, groups) {
	const entry = ({ url, title }) => `<li><a href="${url}"${url === page.url ? ' aria-current="page"' : ""}>${title}</a></li>`;
	const list = groups
		.filter((group) => !group.hidden)
		.map((group) => `<h2>${group.title}</h2>\n<ul>\n${group.pages.map(entry).join("\n")}\n</ul>`)
		.join("\n");
	return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>${page.title === "Lamplight" ? page.title : `${page.title} - Lamplight`}</title>
<link rel="stylesheet" href="style.css">
</head>
<body>
<a class="skip" href="#text">Skip to the text</a>
<nav id="contents" aria-label="Handbook">
<div>
<p>Lamplight handbook</p>
${list}
</div>
</nav>
<main id="text">
<a class="contents" href="#contents">Contents</a>
${html.replaceAll("<pre", '<pre tabindex="0"')}
</main>
</body>
</html>
`;
}
