#include "ways.h"

#include "wire/stream.h"

static void
ignore(void *arg, const struct llm_event *event)
{
	(void)arg;
	(void)event;
}

bool
ways_is_short(const struct wire *wire, struct span event)
{
	struct llm_stream *stream =
		llm_stream_open(wire, ignore, NULL, 1 << 20);
	bool is_short = wire->take_short(stream, event);

	llm_stream_free(stream);
	return is_short;
}

static void
play(const struct wire *wire, struct span body, struct buf *words)
{
	struct llm_result result =
		wire_play(wire, body, (struct cutting){ body.len, 0 }, words);

	buf_printf(words, " thought=%lld", (long long)result.usage.reasoning);
}

bool
ways_agree(const struct wire *wire, struct span event, const char *after,
	struct buf *words)
{
	struct buf body = BUF_INIT, here = BUF_INIT, there = BUF_INIT;
	struct wire no_short = *wire;
	bool agree;

	no_short.take_short = NULL;
	buf_puts(&body, "data: ");
	buf_put_span(&body, event);
	buf_puts(&body, "\n\n");
	buf_puts(&body, after);
	play(wire, buf_span(&body), &here);
	play(&no_short, buf_span(&body), &there);
	agree = span_equal(buf_span(&here), buf_span(&there));
	if (!agree)
		buf_printf(words, "%.*s\nshort %s\nlong  %s", (int)event.len,
			event.data, buf_str(&here), buf_str(&there));
	buf_free(&body);
	buf_free(&here);
	buf_free(&there);
	return agree;
}
