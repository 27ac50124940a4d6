/* html_test.c: the text of a page, whole and cut anywhere. */

#include "tool/html.h"

#include "../unit.h"
#include "base/attr.h"
#include "json/utf8.h"

#include <stdlib.h>

static const struct {
	const char *html, *title, *text;
} pages[] = {
	{ "", "", "" },
	{ "plain", "", "plain" },
	{ "  a \n\t b  ", "", "a b" },
	{ "a<b>b</b>c", "", "abc" },
	{ "a<br>b<BR/>c", "", "a\nb\nc" },
	{ "<p>a</p>\n<p>b</p>", "", "a\nb\n" },
	{ "<div><div>a</div></div>b", "", "a\nb" },
	{ "<ul><li>a<li>b</ul>c", "", "- a\n- b\nc" },
	{ "<tr><td>a</td><td>b</td></tr>", "", "a b\n" },
	{ "<pre>a\n  b</pre>c  d", "", "a\n  b\nc d" },
	{ "<title>T &amp; U</title>x", "T & U", "x" },
	{ "x<title> T </title>y", "T", "x y" },
	{ "a<script>if (a</b/) '</p>'</script>b", "", "ab" },
	{ "a<SCRIPT src='x'>b</ScRiPt >c", "", "ac" },
	{ "a<script>never ends", "", "a" },
	{ "a<style>p{}</style>b<svg><text>c</text></svg>d", "", "abd" },
	{ "a<template>b</template>c", "", "ac" },
	{ "a<!-- <p>b --> c", "", "a c" },
	{ "a<!-- never ends", "", "a" },
	{ "<!doctype html>a<?php b ?>c", "", "ac" },
	{ "<a title=\"a > b\" href='>'>c</a>", "", "c" },
	{ "<a title=\"never", "", "" },
	{ "1 < 2 &lt; 3", "", "1 < 2 < 3" },
	{ "<", "", "<" },
	{ "a<3", "", "a<3" },
	{ "&amp;lt;", "", "&lt;" },
	{ "&nbsp;&euro;&hellip;", "", "\u20ac\u2026" },
	{ "&#8364;&#x20AC;&#X20ac;", "", "\u20ac\u20ac\u20ac" },
	{ "&#128512;&#233;&#65;", "", "\U0001f600\u00e9A" },
	{ "&#0;&#xD800;&#x110000;&#99999999999999999999;", "",
		"\ufffd\ufffd\ufffd&#99999999999999999999;" },
	{ "&#;&#x;&# 65;&#-65;&#x-41;&#65", "",
		"&#;&#x;&# 65;&#-65;&#x-41;&#65" },
	{ "&", "", "&" },
	{ "&;", "", "&;" },
	{ "&unknown; & co", "", "&unknown; & co" },
	{ "\u00fcber<p>\u20ac", "", "\u00fcber\n\u20ac" },
};

static void
read_page(struct span html, struct buf *title, struct buf *text)
{
	buf_clear(title);
	buf_clear(text);
	tool_html_text(html, title, text);
	assert_true(utf8_valid(buf_span(title)));
	assert_true(utf8_valid(buf_span(text)));
}

static void
test_text_and_title_of_pages(void **state)
{
	struct buf title = BUF_INIT, text = BUF_INIT;

	(void)state;
	for (size_t i = 0; i < LENGTH(pages); i++) {
		read_page(span_of(pages[i].html), &title, &text);
		if (strcmp(buf_str(&title), pages[i].title) != 0 ||
			strcmp(buf_str(&text), pages[i].text) != 0)
			fail_msg("%s: \"%s\", \"%s\"", pages[i].html,
				buf_str(&title), buf_str(&text));
	}
	buf_free(&title);
	buf_free(&text);
}

/* The memory has exactly that size, so that reading too far is noticed. */
static void
test_cut_pages_are_read_within_bounds(void **state)
{
	struct buf title = BUF_INIT, text = BUF_INIT, valid = BUF_INIT;

	(void)state;
	for (size_t i = 0; i < LENGTH(pages); i++) {
		size_t len = strlen(pages[i].html);

		for (size_t cut = 0; cut <= len; cut++) {
			struct span piece = { pages[i].html, cut };
			char *exact;

			buf_clear(&valid);
			utf8_repair(&valid, piece);
			exact = malloc(valid.len + 1);
			memcpy(exact, buf_str(&valid), valid.len);
			exact = realloc(exact, valid.len > 0 ? valid.len : 1);
			read_page((struct span){ exact, valid.len }, &title,
				&text);
			free(exact);
		}
	}
	buf_free(&valid);
	buf_free(&title);
	buf_free(&text);
}

/* Hidden text is skipped once, not once for each tag that begins in it. */
static void
test_hidden_text_is_skipped_once(void **state)
{
	struct buf html = BUF_INIT, title = BUF_INIT, text = BUF_INIT;

	(void)state;
	for (int i = 0; i < 200000; i++)
		buf_puts(&html, "<!--<script>&#<p");
	read_page(buf_span(&html), &title, &text);
	assert_int_equal(text.len, 0);
	buf_free(&html);
	buf_free(&title);
	buf_free(&text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text_and_title_of_pages),
		cmocka_unit_test(test_cut_pages_are_read_within_bounds),
		cmocka_unit_test(test_hidden_text_is_skipped_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
