/** A page around its text: the way around on the left, no script. */
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
<nav aria-label="Handbook">
<details open>
<summary>Lamplight handbook</summary>
${list}
</details>
</nav>
<main id="text">
${html}
</main>
</body>
</html>
`;
}
