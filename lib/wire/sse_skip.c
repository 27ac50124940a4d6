#include "wire/sse_skip.h"

#include "base/attr.h"

#include <string.h>

#define DATA "data:"

static void
put_tail(struct sse_skip *skip, const char *bytes, size_t len)
{
	if (len > SSE_SKIP_KEPT) {
		bytes += len - SSE_SKIP_KEPT;
		len = SSE_SKIP_KEPT;
	}
	if (skip->tail.len + len > (size_t)2 * SSE_SKIP_KEPT)
		buf_consume(&skip->tail, skip->tail.len - SSE_SKIP_KEPT);
	buf_append(&skip->tail, bytes, len);
}

static void
put_head(struct sse_skip *skip, struct span bytes)
{
	buf_append(&skip->head, bytes.data,
		MIN(bytes.len, SSE_SKIP_KEPT - skip->head.len));
}

/* Returns false when the line is no data. */
static bool
put_first_line(struct sse_skip *skip, struct span line, struct span more)
{
	struct span head;

	put_head(skip, line);
	put_head(skip, more);
	head = buf_span(&skip->head);
	if (!span_begins(head, DATA))
		return *head.data == '{';
	buf_consume(&skip->head, strlen(DATA));
	return true;
}

bool
sse_skip_begin(struct sse_skip *skip, struct span data, struct span line,
	struct span more)
{
	buf_clear(&skip->head);
	buf_clear(&skip->tail);
	if (data.len > 0)
		put_head(skip, data);
	else if (!put_first_line(skip, line, more))
		return false;
	put_tail(skip, data.data, data.len);
	put_tail(skip, line.data, line.len);
	skip->on = true;
	skip->in_line = line.len > 0;
	return true;
}

const char *
sse_skip_feed(
	struct sse_skip *skip, const char *at, const char *end, bool *after_cr)
{
	while (at < end) {
		const char *eol;

		if (*after_cr && *at == '\n')
			at++;
		*after_cr = false;
		eol = at;
		while (eol < end && *eol != '\n' && *eol != '\r')
			eol++;
		put_tail(skip, at, (size_t)(eol - at));
		skip->in_line = skip->in_line || eol > at;
		if (eol == end)
			return end;
		*after_cr = *eol == '\r';
		at = eol + 1;
		skip->on = skip->in_line;
		skip->in_line = false;
		if (!skip->on)
			return at;
	}
	return end;
}

struct span
sse_skip_tail(const struct sse_skip *skip)
{
	size_t len = MIN(skip->tail.len, SSE_SKIP_KEPT);

	return (struct span){ skip->tail.data + skip->tail.len - len, len };
}

void
sse_skip_free(struct sse_skip *skip)
{
	buf_free(&skip->head);
	buf_free(&skip->tail);
}
