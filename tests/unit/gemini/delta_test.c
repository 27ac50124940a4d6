/*
 * delta_test.c: the short way and the long way give the same result for
 * texts, thoughts and counts. A member that only the long way accepts, put in
 * front, forces the same event onto it. The events are real ones, and real ones
 * with a few bytes changed.
 */

#include "gemini/delta.h"

#include "../unit.h"
#include "base/attr.h"
#include "gemini/wire.h"
#include "wire/stream.h"

#include <stdio.h>
#include <stdlib.h>

#define ROUNDS 200000

#define PART(part)                                                          \
	"{\"candidates\": [{\"content\": {\"parts\": [" part "],\"role\": " \
	"\"model\"},\"index\": 0}],\"usageMetadata\": {"                    \
	"\"promptTokenCount\": 8,\"candidatesTokenCount\": 3,"              \
	"\"totalTokenCount\": 18,\"promptTokensDetails\": [{\"modality\": " \
	"\"TEXT\",\"tokenCount\": 8}],\"thoughtsTokenCount\": 7},"          \
	"\"modelVersion\": \"gemini-2.5-flash\",\"responseId\": \"x\"}"

static const struct {
	const char *text;
	bool is_short;
} chunks[] = {
	{ PART("{\"text\": \"Hello\"}"), true },
	{ PART("{\"text\": \"hm\\n\\u00e9\",\"thought\": true}"), true },
	{ PART("{\"thought\":true,\"text\":\"\"}"), true },
	{ PART("{\"text\":\"\xe4\xbd\xa0\"}"), true },
	{ PART("{}"), true },
	{ "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"a\"}]}}]}",
		true },
	{ "{\"candidates\":[{}],\"usageMetadata\":{\"cachedContentTokenCount\":"
	  "1,\"cacheTokensDetails\":[{},{\"tokenCount\":0}]}}",
		true },
	{ PART("{\"text\":\"a\",\"thoughtSignature\":\"s\"}"), false },
	{ PART("{\"text\":\"a\"},{\"text\":\"b\"}"), false },
	{ PART("{\"text\":\"a\",\"thought\":false}"), false },
	{ PART("{\"text\":\"\\ud83d\\ude00\"}"), false },
	{ PART("{\"text\":\"a\",\"text\":\"b\"}"), false },
	{ PART("{\"functionCall\":{\"name\":\"f\"}}"), false },
	{ "{\"candidates\":[{\"finishReason\":\"STOP\"}]}", false },
	{ "{\"candidates\":[{\"index\":1}]}", false },
	{ "{\"usageMetadata\":{\"promptTokenCount\":1}}", false },
	{ "{\"candidates\":[{}],\"usageMetadata\":{\"promptTokenCount\":"
	  "9999999999999999999999}}",
		false },
};

/* Pieces that turn JSON into other JSON more often than random bytes do. */
static const char *const pieces[] = { "\"", "\\", "{", "}", "[", "]", ",", ":",
	"null", "n", "u", "0", "1", "-", ".", "e", "true", "\"\"", " ", "\\u",
	"d83d", "\\n", "\"text\":", "\"x\":1,", "\x01", "\"thought\":true",
	"\"a\"" };

static void
on_event(void *arg, const struct llm_event *event)
{
	struct buf *words = arg;

	if (event->type != LLM_TEXT && event->type != LLM_REASONING)
		return;
	buf_putc(words, event->type == LLM_TEXT ? 't' : 'r');
	buf_put_span(words, event->text);
	buf_putc(words, '|');
}

/* The result of the stream for one event. */
static void
say(struct buf *words, struct span chunk)
{
	struct llm_stream *stream =
		llm_stream_open(&wire_gemini, on_event, words, 1 << 20);
	struct llm_result result;
	struct buf body = BUF_INIT;

	buf_puts(&body, "data: ");
	buf_put_span(&body, chunk);
	buf_puts(&body, "\n\n");
	if (llm_stream_feed(stream, buf_str(&body), body.len) != LLM_OK)
		buf_putc(words, '!');
	result = llm_stream_end(stream, true);
	buf_printf(words, "%s %d %lld %lld %lld %lld %lld",
		llm_fault_word(result.fault), (int)result.finish,
		(long long)result.usage.input, (long long)result.usage.output,
		(long long)result.usage.total,
		(long long)result.usage.cached_input,
		(long long)result.usage.reasoning);
	llm_stream_free(stream);
	buf_free(&body);
}

static bool
goes_the_short_way(struct span chunk)
{
	struct buf unescaped = BUF_INIT;
	struct gemini_delta delta;
	bool is_short = gemini_delta_read(chunk, &unescaped, &delta);

	buf_free(&unescaped);
	return is_short;
}

/* Returns whether the event went the short way. */
static bool
compare(struct span chunk)
{
	struct buf here = BUF_INIT, there = BUF_INIT, longer = BUF_INIT;
	bool is_short = goes_the_short_way(chunk);
	const char *begin;

	if (is_short) {
		begin = strchr(chunk.data, '{') + 1;
		buf_puts(&longer, "{\"x\":[],");
		buf_append(&longer, begin,
			chunk.len - (size_t)(begin - chunk.data));
		assert_false(goes_the_short_way(buf_span(&longer)));
		say(&here, chunk);
		say(&there, buf_span(&longer));
		if (!span_equal(buf_span(&here), buf_span(&there)))
			fail_msg("%.*s\nshort %s\nlong  %s", (int)chunk.len,
				chunk.data, buf_str(&here), buf_str(&there));
	}
	buf_free(&here);
	buf_free(&there);
	buf_free(&longer);
	return is_short;
}

static void
real_chunks_mean_the_same_both_ways(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(chunks); i++)
		if (compare(span_of(chunks[i].text)) != chunks[i].is_short)
			fail_msg("%s", chunks[i].text);
}

static void
change(struct buf *text, unsigned *seed)
{
	size_t at = (size_t)rand_r(seed) % text->len;
	const char *piece = pieces[(size_t)rand_r(seed) % LENGTH(pieces)];
	struct buf rest = BUF_INIT;
	size_t cut = (size_t)rand_r(seed) % 3;

	cut = MIN(cut, text->len - at);
	buf_append(&rest, text->data + at + cut, text->len - at - cut);
	text->len = at;
	if (rand_r(seed) % 4 != 0)
		buf_puts(text, piece);
	buf_put_span(text, buf_span(&rest));
	buf_free(&rest);
}

/* The seed is printed with the chunk of a failure; it is always the same. */
static void
changed_chunks_mean_the_same_both_ways(void **state)
{
	unsigned seed = 1, n_short = 0;

	(void)state;
	for (int i = 0; i < ROUNDS; i++) {
		struct buf text = BUF_INIT;

		buf_puts(&text,
			chunks[(size_t)rand_r(&seed) % LENGTH(chunks)].text);
		for (int n = rand_r(&seed) % 3; n >= 0 && text.len > 0; n--)
			change(&text, &seed);
		/* A newline would end the event. */
		if (memchr(buf_str(&text), '\n', text.len) == NULL)
			n_short += compare(buf_span(&text));
		buf_free(&text);
	}
	assert_in_range(n_short, ROUNDS / 50, ROUNDS);
}

/* A truncated chunk is invalid, and nothing beyond its end is read. */
static void
half_a_chunk_goes_the_long_way(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(chunks); i++)
		for (size_t len = 0; len < strlen(chunks[i].text); len++) {
			char *exact = malloc(len + 1);

			memcpy(exact, chunks[i].text, len);
			assert_false(goes_the_short_way(
				(struct span){ exact, len }));
			free(exact);
		}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(real_chunks_mean_the_same_both_ways),
		cmocka_unit_test(changed_chunks_mean_the_same_both_ways),
		cmocka_unit_test(half_a_chunk_goes_the_long_way),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
