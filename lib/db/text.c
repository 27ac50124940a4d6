#include "db/text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static void
put_escaped(struct buf *sql, struct span text)
{
	char *to = buf_reserve(sql, text.len * 2 + 1);

	for (size_t i = 0; i < text.len; i++) {
		if (text.data[i] == '\'' || text.data[i] == '\\')
			*to++ = '\\';
		*to++ = text.data[i];
	}
	*to = '\0';
	sql->len = (size_t)(to - sql->data);
}

/*
 * Escapes for a connection in utf8mb4, where no byte of a multi-byte character
 * looks like a quote or a backslash, and without NO_BACKSLASH_ESCAPES
 * (session.c ensures both). Inside quotes only these two need escaping. The
 * library's function also escapes characters such as the double quotes of JSON,
 * and the server has a fast path for texts without escapes.
 */
static void
put_span(struct buf *sql, struct span text)
{
	buf_putc(sql, '\'');
	if (text.len > 0 && memchr(text.data, '\'', text.len) == NULL &&
		memchr(text.data, '\\', text.len) == NULL)
		buf_put_span(sql, text);
	else
		put_escaped(sql, text);
	buf_putc(sql, '\'');
}

/* Written by hand, because the journal writes two numbers per row. */
static void
put_u64(struct buf *sql, uint64_t number)
{
	char digits[20], *at = digits + sizeof(digits);

	do
		*--at = (char)('0' + number % 10);
	while ((number /= 10) > 0);
	buf_append(sql, at, (size_t)(digits + sizeof(digits) - at));
}

static void
put_time(struct buf *sql, int64_t wall_ms)
{
	time_t seconds = (time_t)(wall_ms / 1000);
	char text[32];
	struct tm tm;

	gmtime_r(&seconds, &tm);
	strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S", &tm);
	buf_printf(sql, "'%s.%03d'", text, (int)(wall_ms % 1000));
}

void
text_put(struct buf *sql, const struct param *param)
{
	switch (param->type) {
	case PARAM_NULL:
		buf_puts(sql, "NULL");
		break;
	case PARAM_U64:
		put_u64(sql, param->as.u64);
		break;
	case PARAM_I64:
		buf_printf(sql, "%" PRId64, param->as.i64);
		break;
	case PARAM_SPAN:
		if (param->as.span.data == NULL)
			buf_puts(sql, "NULL");
		else
			put_span(sql, param->as.span);
		break;
	case PARAM_TIME:
		put_time(sql, param->as.i64);
		break;
	}
}

void
text_put_all(struct buf *out, const char *sql, struct params params)
{
	const char *mark;

	for (unsigned i = 0; i < params.n; i++) {
		mark = strchr(sql, '?');
		if (mark == NULL)
			abort();
		buf_append(out, sql, (size_t)(mark - sql));
		text_put(out, &params.list[i]);
		sql = mark + 1;
	}
	if (strchr(sql, '?') != NULL)
		abort();
	buf_puts(out, sql);
}
