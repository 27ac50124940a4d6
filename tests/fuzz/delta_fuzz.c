/*
 * delta_fuzz.c: one event of a model's answer. Must hold for any bytes: what
 * the short way (openai/delta.h) takes means the same the long way, where a
 * member that only the long way reads sends it.
 */

#include "fuzz.h"

#include "base/buf.h"
#include "openai/delta.h"
#include "openai/wire.h"
#include "wire/stream.h"

static void
on_event(void *arg, const struct llm_event *event)
{
	struct buf *words = arg;

	if (event->type != LLM_TEXT && event->type != LLM_REASONING)
		return;
	buf_printf(words, "%d", (int)event->type);
	buf_put_span(words, event->text);
	buf_putc(words, '|');
}

static void
say(struct buf *words, struct span chunk)
{
	struct llm_stream *stream =
		llm_stream_open(&wire_openai, on_event, words, 1 << 20);
	struct llm_result result;
	struct buf body = BUF_INIT;

	buf_puts(&body, "data: ");
	buf_put_span(&body, chunk);
	buf_puts(&body, "\n\n");
	if (llm_stream_feed(stream, buf_str(&body), body.len) != LLM_OK)
		buf_putc(words, '!');
	result = llm_stream_end(stream, true);
	buf_printf(words, "%s %d", llm_fault_word(result.fault),
		(int)result.finish);
	llm_stream_free(stream);
	buf_free(&body);
}

static void
compare(struct span chunk)
{
	const char *begin = memchr(chunk.data, '{', chunk.len);
	struct buf here = BUF_INIT, there = BUF_INIT, longer = BUF_INIT;

	buf_puts(&longer, "{\"x\":[],");
	buf_append(&longer, begin + 1,
		chunk.len - (size_t)(begin + 1 - chunk.data));
	say(&here, chunk);
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
	struct buf chunk = BUF_INIT, unescaped = BUF_INIT;
	struct openai_delta delta;

	buf_append(&chunk, data, size);
	/* In an event a line end would be its own. */
	if (size > 0 && memchr(data, '\n', size) == NULL &&
		memchr(data, '\r', size) == NULL &&
		openai_delta_read(buf_span(&chunk), &unescaped, &delta))
		compare(buf_span(&chunk));
	buf_free(&chunk);
	buf_free(&unescaped);
	return 0;
}
