/*
 * delta_test.c: the short way and the long way give the same result.
 * A member that only the long way accepts, put in front, forces the same event
 * onto it.
 */

#include "responses/delta.h"

#include "../unit.h"
#include "responses/wire.h"
#include "wire/stream.h"

#include <stdio.h>
#include <stdlib.h>

#define ROUNDS 100000

#define DELTA(kind) "{\"type\":\"response." kind ".delta\","

static const char *const events[] = {
	DELTA("output_text") "\"sequence_number\":4,\"item_id\":\"msg_1\","
			     "\"output_index\":0,\"content_index\":0,\"delta\":"
			     "\"Hello\",\"logprobs\":[],\"obfuscation\":\"aB\"}",
	DELTA("output_text") "\"delta\":\"a\\n\\\"b\\\\\\u00e9\\u4f60\\t\"}",
	DELTA("output_text") "\"delta\":\"\xe4\xbd\xa0\",\"logprobs\":null}",
	DELTA("output_text") "\"delta\":\"\"}",
	DELTA("reasoning_summary_text") "\"item_id\":\"rs_1\",\"output_index\":"
					"1,\"summary_index\":2,\"delta\":\"hm\"}",
	DELTA("reasoning_text") "\"item_id\":\"rs_1\",\"content_index\":1,"
				"\"delta\":\"why\"}",
	/* These go the long way: */
	DELTA("output_text") "\"delta\":\"\\ud83d\\ude00\"}",
	DELTA("output_text") "\"delta\":\"a\",\"delta\":\"b\"}",
	DELTA("output_text") "\"delta\":1}",
	DELTA("output_text") "\"item_id\":\"a\\u0062\",\"delta\":\"a\"}",
	DELTA("output_text") "\"output_index\":12345678901,\"delta\":\"a\"}",
	DELTA("output_text") "\"output_index\":-1,\"delta\":\"a\"}",
	DELTA("refusal") "\"delta\":\"No\"}",
	DELTA("function_call_arguments") "\"delta\":\"{}\"}",
	"{\"delta\":\"a\"}",
	"{\"type\":\"response.created\",\"response\":{}}",
};
#define SHORT 6 /* the first events, which go the short way */

/* Pieces that turn JSON into other JSON more often than random bytes do. */
static const char *const pieces[] = { "\"", "\\", "{", "}", "[", "]", ",", ":",
	"null", "n", "u", "0", "1", "-", ".", "true", "\"\"", " ", "\\u",
	"d83d", "\\n", "\"delta\":", "\"x\":1,", "\x01",
	"\"item_id\":", "\"a\"" };

static void
on_event(void *arg, const struct llm_event *event)
{
	struct buf *words = arg;

	buf_printf(words, "%d", (int)event->type);
	buf_put_span(words, event->text);
	buf_put_span(words, event->kept);
	buf_putc(words, '|');
}

/* The result of the stream for the event between others, at whose end its item
 * is visible. */
static void
say(struct buf *words, struct span event)
{
	static const char after[] =
		"\n\ndata: {\"type\":\"response.output_item.done\",\"item\":{"
		"\"type\":\"reasoning\",\"id\":\"rs_1\",\"summary\":[{\"text\":"
		"\"x\"},{\"text\":\"y\"},{\"text\":\"z\"}]}}\n\ndata: {\"type\":"
		"\"response.output_item.done\",\"output_index\":0,\"item\":{"
		"\"type\":\"message\",\"id\":\"msg_1\",\"content\":[{\"text\":"
		"\"t\"}]}}\n\n";
	struct llm_stream *stream =
		llm_stream_open(&wire_responses, on_event, words, 1 << 20);
	struct llm_result result;
	struct buf body = BUF_INIT;

	buf_puts(&body, "data: ");
	buf_put_span(&body, event);
	buf_puts(&body, after);
	if (llm_stream_feed(stream, buf_str(&body), body.len) != LLM_OK)
		buf_putc(words, '!');
	result = llm_stream_end(stream, true);
	buf_printf(words, "%s", llm_fault_word(result.fault));
	llm_stream_free(stream);
	buf_free(&body);
}

static bool
goes_the_short_way(struct span event)
{
	struct buf unescaped = BUF_INIT;
	struct responses_piece piece;
	bool is_short = responses_delta_read(event, &unescaped, &piece);

	buf_free(&unescaped);
	return is_short;
}

/* Returns whether the event went the short way. */
static bool
compare(struct span event)
{
	struct buf here = BUF_INIT, there = BUF_INIT, longer = BUF_INIT;
	const char *begin;

	if (!goes_the_short_way(event))
		return false;
	begin = memchr(event.data, '{', event.len);
	assert_non_null(begin);
	begin++;
	buf_puts(&longer, "{\"x\":[],");
	buf_append(&longer, begin, event.len - (size_t)(begin - event.data));
	assert_false(goes_the_short_way(buf_span(&longer)));
	say(&here, event);
	say(&there, buf_span(&longer));
	if (!span_equal(buf_span(&here), buf_span(&there)))
		fail_msg("%.*s\nshort %s\nlong  %s", (int)event.len, event.data,
			buf_str(&here), buf_str(&there));
	buf_free(&here);
	buf_free(&there);
	buf_free(&longer);
	return true;
}

static void
test_real_events_take_the_short_way(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(events); i++)
		if (compare(span_of(events[i])) != (i < SHORT))
			fail_msg("%s", events[i]);
}

/* Inserts or replaces a few pieces. */
static void
test_both_ways_agree_on_changed_events(void **state)
{
	struct buf event = BUF_INIT;
	unsigned n_short = 0;

	(void)state;
	srand(7);
	for (int i = 0; i < ROUNDS; i++) {
		const char *whole = events[(size_t)rand() % LENGTH(events)];
		const char *piece = pieces[(size_t)rand() % LENGTH(pieces)];
		size_t len = strlen(whole), at = (size_t)rand() % len;
		size_t gone = (size_t)rand() % 3;

		buf_clear(&event);
		buf_append(&event, whole, at);
		buf_puts(&event, piece);
		if (at + gone < len)
			buf_puts(&event, whole + at + gone);
		n_short += compare(buf_span(&event));
	}
	assert_true(n_short > ROUNDS / 50);
	buf_free(&event);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_real_events_take_the_short_way),
		cmocka_unit_test(test_both_ways_agree_on_changed_events),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
