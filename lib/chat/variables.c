#include "chat/variables.h"

#include "base/attr.h"
#include "base/date.h"

#define DATE_LEN 10 /* 2026-01-31 */

static void
put_user_name(struct buf *out, const struct variables *variables)
{
	buf_puts(out, variables->user_name);
}

static void
put_site_name(struct buf *out, const struct variables *variables)
{
	buf_puts(out, variables->site_name);
}

static void
put_date(struct buf *out, const struct variables *variables)
{
	char text[DATE_ISO_LEN];

	date_iso(variables->now_ms, text);
	buf_append(out, text, DATE_LEN);
}

static const struct {
	const char *written;
	void (*put)(struct buf *out, const struct variables *variables);
} known[] = {
	{ "{{user.name}}", put_user_name },
	{ "{{site.name}}", put_site_name },
	{ "{{date}}", put_date },
};

/* Appends the value of the variable at the beginning of *text*, and returns its
 * length there; 0 if there is none. */
static size_t
put_one(struct buf *out, struct span text, const struct variables *variables)
{
	for (size_t i = 0; i < LENGTH(known); i++) {
		if (!span_begins(text, known[i].written))
			continue;
		known[i].put(out, variables);
		return strlen(known[i].written);
	}
	return 0;
}

void
variables_fill(
	struct buf *out, struct span text, const struct variables *variables)
{
	const char *end = text.data + text.len, *at = text.data, *brace;
	size_t n;

	while (at < end) {
		brace = memchr(at, '{', (size_t)(end - at));
		brace = brace != NULL ? brace : end;
		buf_append(out, at, (size_t)(brace - at));
		at = brace;
		if (at == end)
			return;
		n = put_one(out, (struct span){ at, (size_t)(end - at) },
			variables);
		if (n == 0)
			buf_putc(out, *at);
		at += n > 0 ? n : 1;
	}
}
