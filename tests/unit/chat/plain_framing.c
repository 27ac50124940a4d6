#include "plain_framing.h"

static void
put(struct buf *out, unsigned tag, struct span text)
{
	(void)tag;
	buf_put_span(out, text);
}

static void
put_end(struct buf *out, unsigned tag)
{
	(void)tag;
	buf_puts(out, "<end>");
}

const struct framing plain_framing = { put, put_end };
