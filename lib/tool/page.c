/* fetch_page {url} -> {url, title?, text, truncated?} */

#include "tool/tool.h"

#include "llm/web_page.h"
#include "tool/html.h"
#include "json/utf8.h"
#include "json/write.h"

#define TITLE_MAX ((size_t)300)
#define TEXT_MAX ((size_t)48 << 10)

/* Cuts the text to at most *max* bytes of whole characters. */
static struct span
cut(const struct buf *text, size_t max)
{
	struct span span = buf_span(text);

	if (span.len <= max)
		return span;
	while (max > 0 && (span.data[max] & 0xc0) == 0x80)
		max--;
	return (struct span){ span.data, max };
}

static void
put_page(struct buf *out, const struct web_page *page, const struct buf *title,
	const struct buf *text)
{
	struct json_writer w = json_writer(out);

	json_open(&w, '{');
	json_member_str(&w, "url", page->url);
	if (title->len > 0)
		json_member_text(&w, "title", cut(title, TITLE_MAX));
	json_member_text(&w, "text", cut(text, TEXT_MAX));
	if (page->cut || text->len > TEXT_MAX)
		json_member_raw(&w, "truncated", span_of("true"));
	json_close(&w, '}');
}

enum err
tool_page(struct tool_run *run, struct buf *out)
{
	const char *url = json_str(json_get(run->input, "url"));
	struct buf title = BUF_INIT, text = BUF_INIT;
	struct web_page page;
	const char *why = "This isn't a valid address.";

	if (url == NULL ||
		web_page_get(run->arena, url, run->conf->tools.fetch_allow,
			&run->patience, &page, &why) != OK) {
		buf_puts(out, why);
		return ERR_INVALID;
	}
	if (page.html)
		tool_html_text(page.text, &title, &text);
	else
		buf_put_span(&text, page.text);
	put_page(out, &page, &title, &text);
	buf_free(&title);
	buf_free(&text);
	return OK;
}
