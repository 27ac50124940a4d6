/*
 * upstream_fuzz.c: the body of a model's answer. Must hold for any bytes: how
 * they are cut changes nothing, events come in their order, texts are never
 * empty, and no more than the cap is held.
 *
 * The first byte of the input says how the rest is cut. Targets of other wires
 * define WIRE and include this one.
 */

#include "fuzz.h"

#include "base/attr.h"
#include "base/buf.h"
#include "openai/wire.h"
#include "wire/stream.h"

#include <ctype.h>

#ifndef WIRE
#define WIRE wire_openai
#endif

#define HELD_MAX 4096

struct seen {
	struct buf words;
	unsigned n_calls;
	bool begun;
};

/* Made ids differ each time: all of their length are alike. */
static void
put_id(struct seen *seen, struct span id)
{
	bool made = id.len == 16;

	for (size_t i = 0; made && i < id.len; i++)
		made = isalnum((unsigned char)id.data[i]) != 0;
	if (made)
		buf_puts(&seen->words, "made");
	else
		buf_put_span(&seen->words, id);
}

static void
on_event(void *arg, const struct llm_event *event)
{
	struct seen *seen = arg;

	must(seen->begun == (event->type != LLM_BEGIN), "first LLM_BEGIN");
	seen->begun = true;
	if (event->type == LLM_TEXT || event->type == LLM_REASONING)
		must(event->text.len > 0, "a text is not empty");
	if (event->type == LLM_TOOL_START)
		must(event->call == seen->n_calls++ && event->name.len > 0,
			"calls are numbered and named");
	if (event->type == LLM_TOOL_ARGS || event->type == LLM_TOOL_END)
		must(event->call < seen->n_calls, "a call has begun");
	buf_printf(&seen->words, "%d %u ", (int)event->type, event->call);
	put_id(seen, event->id);
	buf_put_span(&seen->words, event->text);
	buf_put_span(&seen->words, event->name);
	buf_put_span(&seen->words, event->kept);
	buf_putc(&seen->words, '\n');
}

/* Copies of exact size, so that a read past an end is seen. */
static void
play(struct seen *seen, const uint8_t *data, size_t size, size_t piece)
{
	struct llm_stream *stream =
		llm_stream_open(&WIRE, on_event, seen, HELD_MAX);
	struct llm_result result;
	size_t len;

	for (size_t at = 0; at < size; at += len) {
		char *copy;

		len = MIN(piece, size - at);
		copy = malloc(len);
		must(copy != NULL, "memory");
		memcpy(copy, data + at, len);
		if (llm_stream_feed(stream, copy, len) != LLM_OK) {
			free(copy);
			break;
		}
		free(copy);
	}
	result = llm_stream_end(stream, true);
	buf_printf(&seen->words, "%s %d %lld %lld",
		llm_fault_word(result.fault), (int)result.finish,
		(long long)result.usage.input, (long long)result.usage.output);
	llm_stream_free(stream);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct seen whole = { .begun = false }, cut = { .begun = false };

	if (size < 2)
		return 0;
	play(&whole, data + 1, size - 1, size);
	play(&cut, data + 1, size - 1, (size_t)(data[0] % 16) + 1);
	must(span_equal(buf_span(&whole.words), buf_span(&cut.words)),
		"cuts change nothing");
	buf_free(&whole.words);
	buf_free(&cut.words);
	return 0;
}
