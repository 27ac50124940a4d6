#include "wire_cases.h"

#include "../unit.h"
#include "base/file.h"
#include "wire/made_id.h"
#include "wire/stream.h"

#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FOLDER "tests/wires"
#define BODY_MAX ((size_t)1 << 20)
/* Larger bodies are cut into pieces, not in two at every byte. */
#define TWO_MAX ((size_t)8 << 10)

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
	char *copy = malloc(to - from + 1);
	bool goes_on;

	assert_non_null(copy);
	memcpy(copy, body.data + from, to - from);
	goes_on = llm_stream_feed(stream, copy, to - from) == LLM_OK;
	free(copy);
	return goes_on;
}

void
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
}

struct span
wire_case(struct arena *arena, const char *folder, const char *name)
{
	char path[512];
	struct span body;

	snprintf(path, sizeof(path), FOLDER "/%s/%s.sse", folder, name);
	assert_int_equal(file_read(arena, path, BODY_MAX, &body), OK);
	return body;
}

static void
check_cut(const struct wire *wire, struct span body, struct cutting how,
	const struct buf *whole, const char *name)
{
	struct buf words = BUF_INIT;

	wire_play(wire, body, how, &words);
	if (!span_equal(buf_span(&words), buf_span(whole)))
		fail_msg("%s cut into %zu, at %zu:\n%s\nwhole:\n%s", name,
			how.piece, how.cut, buf_str(&words), buf_str(whole));
	buf_free(&words);
}

static void
cut(const struct wire *wire, struct span body, const char *name)
{
	static const size_t pieces[] = { 1, 2, 3, 7, 64, 1000 };
	struct buf whole = BUF_INIT;

	wire_play(wire, body, (struct cutting){ BODY_MAX, 0 }, &whole);
	for (size_t i = 0; i < LENGTH(pieces); i++)
		check_cut(wire, body, (struct cutting){ pieces[i], 0 }, &whole,
			name);
	for (size_t at = 1; at < body.len && body.len <= TWO_MAX; at++)
		check_cut(wire, body, (struct cutting){ BODY_MAX, at }, &whole,
			name);
	buf_free(&whole);
}

size_t
wire_cut_all(const struct wire *wire, const char *folder)
{
	struct arena arena = ARENA_INIT;
	struct dirent *entry;
	char path[256], name[256];
	size_t n = 0;
	DIR *dir;

	snprintf(path, sizeof(path), FOLDER "/%s", folder);
	dir = opendir(path);
	assert_non_null(dir);
	while ((entry = readdir(dir)) != NULL) {
		const char *end = strstr(entry->d_name, ".sse");

		if (end == NULL)
			continue;
		snprintf(name, sizeof(name), "%.*s", (int)(end - entry->d_name),
			entry->d_name);
		cut(wire, wire_case(&arena, folder, name), name);
		n++;
	}
	closedir(dir);
	arena_reset(&arena);
	return n;
}
