/*
 * html_fuzz.c: pages of the web. Must hold for any page: its title and text are
 * valid UTF-8, and not longer than the page makes them (libFuzzer's -timeout
 * watches that the reader ends).
 */

#include "fuzz.h"

#include "tool/html.h"
#include "json/utf8.h"

/* The longest text of a byte: a reference like "&c;" may stand for several. */
#define GROWTH 3

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf page = BUF_INIT, title = BUF_INIT, text = BUF_INIT;

	utf8_repair(&page, fuzz_span(data, size));
	tool_html_text(buf_span(&page), &title, &text);
	must(utf8_valid(buf_span(&title)), "the title is UTF-8");
	must(utf8_valid(buf_span(&text)), "the text is UTF-8");
	must(title.len + text.len <= page.len * GROWTH, "no longer");
	buf_free(&page);
	buf_free(&title);
	buf_free(&text);
	return 0;
}
