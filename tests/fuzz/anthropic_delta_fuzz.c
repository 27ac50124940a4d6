/*
 * anthropic_delta_fuzz.c: one event of an Anthropic answer. Must hold for any
 * bytes: what the short way (anthropic/delta.h) takes means the same the long
 * way, where a member that only the long way reads sends it.
 */

#include "fuzz.h"

#include "anthropic/delta.h"
#include "anthropic/wire.h"
#include "base/buf.h"
#include "wire/stream.h"

static void
on_event(void *arg, const struct llm_event *event)
{
	struct buf *words = arg;

	buf_printf(words, "%d", (int)event->type);
	buf_put_span(words, event->text);
	buf_putc(words, '|');
}

static void
say(struct buf *words, struct span event)
{
	struct llm_stream *stream =
		llm_stream_open(&wire_anthropic, on_event, words, 1 << 20);
	struct llm_result result;
	struct buf body = BUF_INIT;

	buf_puts(&body, "data: ");
	buf_put_span(&body, event);
	buf_puts(&body, "\n\n");
	if (llm_stream_feed(stream, buf_str(&body), body.len) != LLM_OK)
		buf_putc(words, '!');
	result = llm_stream_end(stream, true);
	buf_puts(words, llm_fault_word(result.fault));
	llm_stream_free(stream);
	buf_free(&body);
}

static void
compare(struct span event)
{
	const char *begin = memchr(event.data, '{', event.len);
	struct buf here = BUF_INIT, there = BUF_INIT, longer = BUF_INIT;

	buf_puts(&longer, "{\"x\":[],");
	buf_append(&longer, begin + 1,
		event.len - (size_t)(begin + 1 - event.data));
	say(&here, event);
	say(&there, buf_span(&longer));
	if (!span_equal(buf_span(&here), buf_span(&there))) {
		fprintf(stderr, "short %s\nlong  %s\n", buf_str(&here),
			buf_str(&there));
		abort();
	}
	buf_free(&here);
	buf_free(&there);
	buf_free(&longer);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf event = BUF_INIT, unescaped = BUF_INIT;
	struct anthropic_delta delta;

	buf_append(&event, data, size);
	/* In an event a line end would be its own. */
	if (size > 0 && memchr(data, '\n', size) == NULL &&
		memchr(data, '\r', size) == NULL &&
		anthropic_delta_read(buf_span(&event), &unescaped, &delta))
		compare(buf_span(&event));
	buf_free(&event);
	buf_free(&unescaped);
	return 0;
}
