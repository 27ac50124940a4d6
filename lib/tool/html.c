#include "tool/html.h"

#include "base/attr.h"

#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <strings.h>

#define ENTITY_MAX 10 /* the longest name between & and ; */

enum effect {
	EFFECT_NONE,
	EFFECT_LINE, /* begins a new line, and ends it */
	EFFECT_ITEM, /* the same, with a bullet */
	EFFECT_CELL, /* is separated from the next cell */
	EFFECT_HIDDEN, /* hides everything up to its end tag */
	EFFECT_TITLE,
	EFFECT_PRE, /* preserves white space */
};

static const struct {
	const char *name;
	enum effect effect;
} elements[] = {
	{ "address", EFFECT_LINE },
	{ "article", EFFECT_LINE },
	{ "aside", EFFECT_LINE },
	{ "blockquote", EFFECT_LINE },
	{ "br", EFFECT_LINE },
	{ "dd", EFFECT_LINE },
	{ "div", EFFECT_LINE },
	{ "dl", EFFECT_LINE },
	{ "dt", EFFECT_LINE },
	{ "figcaption", EFFECT_LINE },
	{ "figure", EFFECT_LINE },
	{ "footer", EFFECT_LINE },
	{ "form", EFFECT_LINE },
	{ "h1", EFFECT_LINE },
	{ "h2", EFFECT_LINE },
	{ "h3", EFFECT_LINE },
	{ "h4", EFFECT_LINE },
	{ "h5", EFFECT_LINE },
	{ "h6", EFFECT_LINE },
	{ "header", EFFECT_LINE },
	{ "hr", EFFECT_LINE },
	{ "li", EFFECT_ITEM },
	{ "main", EFFECT_LINE },
	{ "nav", EFFECT_LINE },
	{ "ol", EFFECT_LINE },
	{ "option", EFFECT_LINE },
	{ "p", EFFECT_LINE },
	{ "pre", EFFECT_PRE },
	{ "script", EFFECT_HIDDEN },
	{ "section", EFFECT_LINE },
	{ "style", EFFECT_HIDDEN },
	{ "svg", EFFECT_HIDDEN },
	{ "table", EFFECT_LINE },
	{ "td", EFFECT_CELL },
	{ "template", EFFECT_HIDDEN },
	{ "th", EFFECT_CELL },
	{ "title", EFFECT_TITLE },
	{ "tr", EFFECT_LINE },
	{ "ul", EFFECT_LINE },
};

static const struct {
	const char *name, *text;
} entities[] = {
	{ "amp", "&" },
	{ "lt", "<" },
	{ "gt", ">" },
	{ "quot", "\"" },
	{ "apos", "'" },
	{ "nbsp", " " },
	{ "copy", "\u00a9" },
	{ "reg", "\u00ae" },
	{ "deg", "\u00b0" },
	{ "laquo", "\u00ab" },
	{ "raquo", "\u00bb" },
	{ "middot", "\u00b7" },
	{ "times", "\u00d7" },
	{ "ndash", "\u2013" },
	{ "mdash", "\u2014" },
	{ "lsquo", "\u2018" },
	{ "rsquo", "\u2019" },
	{ "ldquo", "\u201c" },
	{ "rdquo", "\u201d" },
	{ "bull", "\u2022" },
	{ "hellip", "\u2026" },
	{ "euro", "\u20ac" },
	{ "trade", "\u2122" },
	{ "shy", "" },
};

struct tag {
	struct span name;
	bool end;
};

struct page {
	const char *at, *end;
	struct buf *title, *text;
	struct buf *out; /* the title or the text */
	bool pre;
	bool gap; /* white space was read since the last word */
	bool fresh; /* the line has no word yet */
};

/* ---- writing */

static void
new_line(struct page *page)
{
	struct buf *out = page->out;

	page->gap = false;
	page->fresh = true;
	if (out->len > 0 && out->data[out->len - 1] != '\n')
		buf_putc(out, '\n');
}

static void
put_char(struct page *page, char c)
{
	bool blank = isspace((unsigned char)c);

	if (blank && !page->pre) {
		page->gap = true;
		return;
	}
	if (page->gap && !page->fresh)
		buf_putc(page->out, ' ');
	page->gap = false;
	page->fresh = false;
	if (c != '\0')
		buf_putc(page->out, c);
}

static void
put_text(struct page *page, const char *text)
{
	for (; *text != '\0'; text++)
		put_char(page, *text);
}

/* ---- entities */

/* Writes a character by its number; an invalid number becomes U+FFFD. */
static void
put_number(struct page *page, unsigned long n)
{
	char text[5] = { 0 };

	if (n == 0 || n > 0x10ffff || (n >= 0xd800 && n < 0xe000))
		n = 0xfffd;
	if (n < 0x80) {
		text[0] = (char)n;
	} else if (n < 0x800) {
		text[0] = (char)(0xc0 | n >> 6);
		text[1] = (char)(0x80 | (n & 0x3f));
	} else if (n < 0x10000) {
		text[0] = (char)(0xe0 | n >> 12);
		text[1] = (char)(0x80 | (n >> 6 & 0x3f));
		text[2] = (char)(0x80 | (n & 0x3f));
	} else {
		text[0] = (char)(0xf0 | n >> 18);
		text[1] = (char)(0x80 | (n >> 12 & 0x3f));
		text[2] = (char)(0x80 | (n >> 6 & 0x3f));
		text[3] = (char)(0x80 | (n & 0x3f));
	}
	put_text(page, text);
}

static bool
put_numbered(struct page *page, struct span digits)
{
	bool hex = digits.len > 0 && (digits.data[0] | 0x20) == 'x';
	const char *first = digits.data + hex;
	char *end;
	unsigned long n;

	if (digits.len == (size_t)hex || !isxdigit((unsigned char)*first))
		return false;
	n = strtoul(first, &end, hex ? 16 : 10);
	if (end != digits.data + digits.len)
		return false;
	put_number(page, n);
	return true;
}

/* Reads "&name;" at page->at; an ampersand that begins no entity is literal. */
static void
read_entity(struct page *page)
{
	size_t max = MIN((size_t)(page->end - page->at), ENTITY_MAX + 2u);
	const char *semicolon = memchr(page->at, ';', max);
	struct span name = { page->at + 1, 0 };
	bool known = false;

	if (semicolon != NULL)
		name.len = (size_t)(semicolon - name.data);
	if (name.len > 1 && name.data[0] == '#')
		known = put_numbered(
			page, (struct span){ name.data + 1, name.len - 1 });
	for (size_t i = 0; i < LENGTH(entities) && !known; i++) {
		known = name.len > 0 && span_is(name, entities[i].name);
		if (known)
			put_text(page, entities[i].text);
	}
	if (!known)
		put_char(page, '&');
	page->at = known ? semicolon + 1 : page->at + 1;
}

/* ---- tags */

static enum effect
effect_of(struct span name)
{
	for (size_t i = 0; i < LENGTH(elements); i++)
		if (strlen(elements[i].name) == name.len &&
			strncasecmp(elements[i].name, name.data, name.len) == 0)
			return elements[i].effect;
	return EFFECT_NONE;
}

/* Moves past the next "-->". */
static void
skip_comment(struct page *page)
{
	const char *end = memmem(
		page->at + 4, (size_t)(page->end - page->at) - 4, "-->", 3);

	page->at = end != NULL ? end + 3 : page->end;
}

/* Reads the tag at page->at and moves past its ">"; quoted values may contain
 * another. */
static struct tag
read_tag(struct page *page)
{
	struct tag tag = { .end = page->at[1] == '/' };
	char quote = '\0';

	page->at += 1 + tag.end;
	tag.name.data = page->at;
	while (page->at < page->end && isalnum((unsigned char)*page->at))
		page->at++;
	tag.name.len = (size_t)(page->at - tag.name.data);
	for (; page->at < page->end; page->at++) {
		if (quote == '\0' && *page->at == '>')
			break;
		if (*page->at == quote)
			quote = '\0';
		else if (quote == '\0' &&
			(*page->at == '"' || *page->at == '\''))
			quote = *page->at;
	}
	if (page->at < page->end)
		page->at++;
	return tag;
}

/* Moves past the end tag of a hidden element. */
static void
skip_hidden(struct page *page, struct span name)
{
	for (; page->at < page->end; page->at++) {
		size_t left = (size_t)(page->end - page->at);

		if (left > name.len + 2 && page->at[0] == '<' &&
			page->at[1] == '/' &&
			strncasecmp(page->at + 2, name.data, name.len) == 0) {
			read_tag(page);
			return;
		}
	}
}

static void
apply_tag(struct page *page, struct tag tag)
{
	switch (effect_of(tag.name)) {
	case EFFECT_NONE:
		break;
	case EFFECT_LINE:
		new_line(page);
		break;
	case EFFECT_ITEM:
		new_line(page);
		if (!tag.end)
			buf_puts(page->out, "- ");
		break;
	case EFFECT_CELL:
		page->gap = true;
		break;
	case EFFECT_HIDDEN:
		if (!tag.end)
			skip_hidden(page, tag.name);
		break;
	case EFFECT_TITLE:
		page->out = tag.end ? page->text : page->title;
		page->fresh = page->out->len == 0;
		page->gap = !page->fresh;
		break;
	case EFFECT_PRE:
		new_line(page);
		page->pre = !tag.end;
		break;
	}
}

static void
read_markup(struct page *page)
{
	size_t left = (size_t)(page->end - page->at);

	if (left >= 4 && memcmp(page->at, "<!--", 4) == 0)
		skip_comment(page);
	else if (left >= 2 &&
		(isalpha((unsigned char)page->at[1]) ||
			strchr("/!?", page->at[1]) != NULL))
		apply_tag(page, read_tag(page));
	else
		put_char(page, *page->at++);
}

void
tool_html_text(struct span html, struct buf *title, struct buf *text)
{
	struct page page = { .at = html.data,
		.end = html.data + html.len,
		.title = title,
		.text = text,
		.out = text,
		.fresh = true };

	while (page.at < page.end) {
		if (*page.at == '<')
			read_markup(&page);
		else if (*page.at == '&')
			read_entity(&page);
		else
			put_char(&page, *page.at++);
	}
}
