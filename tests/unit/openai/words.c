#include "words.h"

#include "../unit.h"
#include "base/buf.h"
#include "openai/wire.h"
#include "wire/stream.h"

#include <ctype.h>
#include <string.h>

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

void
openai_words_on_event(void *arg, const struct llm_event *event)
{
	struct seen *seen = arg;
	struct buf *words = &seen->words;

	switch (event->type) {
	case LLM_BEGIN:
	case LLM_REASONING_END:
	case LLM_TEXT_END:
		break;
	case LLM_SOURCE:
		buf_printf(words, "@%.*s(%.*s) ", (int)event->text.len,
			event->text.data, (int)event->name.len,
			event->name.len > 0 ? event->name.data : "");
		break;
	case LLM_KEPT:
		buf_printf(words, "=%.*s ", (int)event->kept.len - 22,
			event->kept.data + 21); /* the list only */
		break;
	case LLM_TEXT:
		buf_printf(words, "\"%.*s\" ", (int)event->text.len,
			event->text.data);
		break;
	case LLM_REASONING:
		buf_printf(words, "~%.*s~ ", (int)event->text.len,
			event->text.data);
		break;
	case LLM_TOOL_START:
		buf_printf(words, "+%u ", event->call);
		put_id(seen, event->id);
		buf_printf(words, " %.*s ", (int)event->name.len,
			event->name.data);
		if (event->kept.data != NULL)
			buf_printf(words, "(%.*s) ", (int)event->kept.len,
				event->kept.data);
		break;
	case LLM_TOOL_ARGS:
		buf_printf(words, "%u:%.*s ", event->call, (int)event->text.len,
			event->text.data);
		break;
	case LLM_TOOL_END:
		buf_printf(words, "-%u ", event->call);
		break;
	}
}

struct llm_result
openai_words_run(const char *chunks, struct seen *seen)
{
	struct llm_stream *stream = llm_stream_open(
		&wire_openai, openai_words_on_event, seen, 1 << 20);
	struct llm_result result;
	struct buf body = BUF_INIT;

	for (const char *end; *chunks != '\0';
		chunks = *end != '\0' ? end + 1 : end) {
		end = strchrnul(chunks, '\n');
		buf_printf(
			&body, "data: %.*s\n\n", (int)(end - chunks), chunks);
	}
	if (llm_stream_feed(stream, buf_str(&body), body.len) != LLM_OK)
		buf_puts(&seen->words, "! ");
	result = llm_stream_end(stream, true);
	llm_stream_free(stream);
	buf_free(&body);
	return result;
}

void
openai_words_expect(const char *chunks, enum llm_fault fault, const char *words)
{
	struct seen seen = { 0 };
	struct llm_result result = openai_words_run(chunks, &seen);

	if (strcmp(buf_str(&seen.words), words) != 0)
		fail_msg("%s\nactual   %s\nexpected %s", chunks,
			buf_str(&seen.words), words);
	assert_string_equal(
		llm_fault_word(result.fault), llm_fault_word(fault));
	buf_free(&seen.words);
}
