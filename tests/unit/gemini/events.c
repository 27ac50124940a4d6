#include "events.h"

#include "../unit.h"
#include "gemini/wire.h"
#include "wire/stream.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* ---- events in words: "text", ~thought~, the ends of both |" |~ with their
 * state, +0 id name (kept), 0:args, -0, @address(title) */

struct seen {
	struct buf words;
	unsigned made; /* ids that we have made */
};

static void
put_id(struct seen *seen, struct span id)
{
	bool made = id.len == 16;

	for (size_t i = 0; made && i < id.len; i++)
		made = isalnum((unsigned char)id.data[i]);
	if (made)
		buf_printf(&seen->words, "made%u", ++seen->made);
	else
		buf_put_span(&seen->words, id);
}

static void
put_quoted(struct seen *seen, const char *quote, const struct llm_event *event)
{
	buf_puts(&seen->words, quote);
	buf_put_span(&seen->words, event->text);
	buf_printf(&seen->words, "%s ", quote);
}

static void
put_end(struct seen *seen, const char *mark, const struct llm_event *event)
{
	if (event->kept.data == NULL)
		return;
	assert_string_equal(event->kept_by, "google");
	buf_puts(&seen->words, mark);
	buf_put_span(&seen->words, event->kept);
	buf_putc(&seen->words, ' ');
}

static void
put_start(struct seen *seen, const struct llm_event *event)
{
	buf_printf(&seen->words, "+%u ", event->call);
	put_id(seen, event->id);
	buf_putc(&seen->words, ' ');
	buf_put_span(&seen->words, event->name);
	buf_putc(&seen->words, ' ');
	put_end(seen, "", event);
}

static void
on_event(void *arg, const struct llm_event *event)
{
	struct seen *seen = arg;

	switch (event->type) {
	case LLM_BEGIN:
	case LLM_KEPT:
		break;
	case LLM_TEXT:
		put_quoted(seen, "\"", event);
		break;
	case LLM_REASONING:
		put_quoted(seen, "~", event);
		break;
	case LLM_REASONING_END:
		put_end(seen, "|~", event);
		break;
	case LLM_TEXT_END:
		put_end(seen, "|\"", event);
		break;
	case LLM_SOURCE:
		buf_printf(&seen->words, "@%.*s(%.*s) ", (int)event->text.len,
			event->text.data, (int)event->name.len,
			event->name.len > 0 ? event->name.data : "");
		break;
	case LLM_TOOL_START:
		put_start(seen, event);
		break;
	case LLM_TOOL_ARGS:
		buf_printf(&seen->words, "%u:%.*s ", event->call,
			(int)event->text.len, event->text.data);
		break;
	case LLM_TOOL_END:
		buf_printf(&seen->words, "-%u ", event->call);
		break;
	}
}

static const char *
finish_of(const struct llm_result *result)
{
	return result->finish == LLM_FINISH_NONE
		? "none"
		: llm_finish_word(result->finish);
}

/* Plays the body in two pieces, cut at *cut*. */
static void
play(struct span body, size_t cut, bool clean, struct seen *seen)
{
	struct llm_stream *stream =
		llm_stream_open(&wire_gemini, on_event, seen, 1 << 20);
	struct llm_result result;

	enum llm_fault fault = llm_stream_feed(stream, body.data, cut);

	if (fault == LLM_OK)
		fault = llm_stream_feed(
			stream, body.data + cut, body.len - cut);
	result = llm_stream_end(stream, clean);
	if (fault != LLM_OK)
		assert_int_equal(result.fault, fault);
	buf_printf(&seen->words, "%s %s %d/%d/%d/%d/%d",
		llm_fault_word(result.fault), finish_of(&result),
		(int)result.usage.input, (int)result.usage.output,
		(int)result.usage.total, (int)result.usage.cached_input,
		(int)result.usage.reasoning);
	llm_stream_free(stream);
}

void
gemini_expect_body(
	const char *name, struct span body, bool clean, const char *words)
{
	for (size_t cut = 0; cut <= body.len; cut++) {
		struct seen seen = { 0 };

		play(body, cut, clean, &seen);
		if (!span_is(buf_span(&seen.words), words))
			fail_msg("%s, cut at %zu\nactual   %s\nexpected %s",
				name, cut, buf_str(&seen.words), words);
		buf_free(&seen.words);
	}
}

/* *chunks* are separated by newlines. */
void
gemini_expect(const char *name, const char *chunks, const char *end, bool clean,
	const char *words)
{
	struct buf body = BUF_INIT, all = BUF_INIT;

	for (const char *to; *chunks != '\0';
		chunks = *to != '\0' ? to + 1 : to) {
		to = strchrnul(chunks, '\n');
		buf_puts(&body, "data: ");
		buf_append(&body, chunks, (size_t)(to - chunks));
		buf_puts(&body, end);
	}
	buf_puts(&all, words);
	if (strchr(words, '/') == NULL || strstr(words, "//") != NULL)
		buf_puts(&all, NO_USAGE);
	gemini_expect_body(name, buf_span(&body), clean, buf_str(&all));
	buf_free(&body);
	buf_free(&all);
}
