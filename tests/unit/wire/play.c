#include "play.h"

#include "base/attr.h"
#include "base/mem.h"
#include "wire/made_id.h"
#include "wire/stream.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static const char *const names[] = {
	[LLM_BEGIN] = "begin",
	[LLM_TEXT] = "text",
	[LLM_REASONING] = "thought",
	[LLM_REASONING_END] = "thought-end",
	[LLM_TEXT_END] = "text-end",
	[LLM_SOURCE] = "source",
	[LLM_KEPT] = "kept",
	[LLM_TOOL_START] = "call",
	[LLM_TOOL_ARGS] = "args",
	[LLM_TOOL_END] = "call-end",
};

static void
put(struct buf *words, const char *sign, struct span text)
{
	if (text.data == NULL)
		return;
	buf_puts(words, sign);
	buf_put_span(words, text);
}

/* Generated ids differ each time, so all of their length look alike. */
static struct span
unmade(struct span id)
{
	bool made = id.len == MADE_ID_LEN - 1;

	for (size_t i = 0; made && i < id.len; i++)
		made = isalnum((unsigned char)id.data[i]) != 0;
	return made ? span_of("made") : id;
}

static void
on_event(void *arg, const struct llm_event *event)
{
	struct buf *words = arg;

	buf_puts(words, names[event->type]);
	if (event->type >= LLM_TOOL_START)
		buf_printf(words, " %u", event->call);
	put(words, " #", unmade(event->id));
	put(words, " @", event->name);
	put(words, " ", event->text);
	if (event->kept.len > 0)
		put(words, " !", event->kept);
	buf_putc(words, '\n');
}

static bool
feed(struct llm_stream *stream, struct span body, size_t from, size_t to)
{
	/* The copy has the exact size, so that reading past the end is
	 * noticed. */
	char *copy = mem_alloc(to - from);
	bool goes_on;

	memcpy(copy, body.data + from, to - from);
	goes_on = llm_stream_feed(stream, copy, to - from) == LLM_OK;
	free(copy);
	return goes_on;
}

struct llm_result
wire_play(const struct wire *wire, struct span body, struct cutting how,
	struct buf *words)
{
	struct llm_stream *stream =
		llm_stream_open(wire, on_event, words, 1 << 20);
	struct llm_result result;
	size_t end;

	for (size_t at = 0; at < body.len; at = end) {
		end = MIN(at + how.piece, body.len);
		if (at < how.cut && end > how.cut)
			end = how.cut;
		if (!feed(stream, body, at, end))
			break;
	}
	result = llm_stream_end(stream, true);
	buf_printf(words,
		"%s %d in=%lld out=%lld total=%lld read=%lld wrote=%lld",
		llm_fault_word(result.fault), (int)result.finish,
		(long long)result.usage.input, (long long)result.usage.output,
		(long long)result.usage.total,
		(long long)result.usage.cached_input,
		(long long)result.usage.cache_write);
	llm_stream_free(stream);
	return result;
}
