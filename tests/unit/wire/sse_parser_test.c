/* Every input gives the same events, whole and cut into pieces of every
 * size. */

#include "../unit.h"
#include "base/arena.h"
#include "wire/sse_parser.h"

#include <stdlib.h>
#include <string.h>

/* Events are joined, each followed by |. */
static const struct {
	const char *name, *input, *events;
	size_t len; /* 0 for strlen(input) */
} cases[] = {
	{ "LF", "data: a\n\ndata: b\n\n", "a|b|", 0 },
	{ "CRLF", "data: a\r\n\r\ndata: b\r\n\r\n", "a|b|", 0 },
	{ "CR", "data: a\r\rdata: b\r\r", "a|b|", 0 },
	{ "mixed", "data: a\r\n\ndata: b\n\r\ndata: c\r\n\r\r\r", "a|b|c|", 0 },
	{ "CR LF CR is two ends", "data: a\r\n\rdata: b\n\n", "a|b|", 0 },
	{ "no blank", "data:a\n\n", "a|", 0 },
	{ "two blanks", "data:  a\n\n", " a|", 0 },
	{ "tab", "data:\ta\n\n", "\ta|", 0 },
	{ "several lines", "data: a\ndata: b\ndata:\ndata: c\n\n", "a\nb\n\nc|",
		0 },
	{ "empty data", "data:\n\ndata: \n\ndata\n\n", "|||", 0 },
	{ "two empty lines of data", "data\ndata\n\n", "\n|", 0 },
	{ "comments", ": hi\n:\ndata: a\n: between\n\n: end\n\n", "a|", 0 },
	{ "other fields", "event: x\nid: 1\nretry: 5\nfoo\ndata: a\n\n", "a|",
		0 },
	{ "names that only begin alike",
		"datax: a\ndata : b\n data: c\nDATA: d"
		"\n\n",
		"", 0 },
	{ "colons in the value", "data: a:b: c\n\n", "a:b: c|", 0 },
	{ "only blank lines", "\n\r\n\r\n\n", "", 0 },
	{ "no end", "data: a\n\ndata: b\n", "a|b|", 0 },
	{ "no end at all", "data: a", "a|", 0 },
	{ "no end of a short line", "data: a\n\n{", "a|{|", 0 },
	{ "no end of an empty line", "data: a\n\ndata:", "a||", 0 },
	{ "no end of a comment", "data: a\n\n: b", "a|", 0 },
	{ "an error",
		"event: error\ndata: a\n\ndata: b\n\nevent:error\n\ndata: c"
		"\n\ndata: d\nevent: error\n\n",
		"!a|b|c|!d|", 0 },
	{ "JSON as it is", "data: a\n\n{\"x\":1}\n\n {\n", "a|{\"x\":1}|", 0 },
	{ "a mark at the start",
		"\xef\xbb\xbf"
		"data: a\n\n",
		"a|", 0 },
	{ "a mark later",
		"data: a\n\n\xef\xbb\xbf"
		"data: b\n\n",
		"a|", 0 },
	{ "a mark alone", "\xef\xbb\xbf\n\ndata: a\n\n", "a|", 0 },
	{ "half a mark", "\xef\xbb", "", 0 },
	{ "NUL", "data: a\0b\n\n", "a\0b|", 11 },
	{ "bad UTF-8", "data: \xff\xe2\x82 \xe2\x82\xac\xf0\x9f\n\n",
		"\xef\xbf\xbd\xef\xbf\xbd \xe2\x82\xac\xef\xbf\xbd|", 0 },
	{ "a long line",
		"data: 0123456789012345678901234567890123456789012345678901234"
		"\n\n",
		"0123456789012345678901234567890123456789012345678901234|", 0 },
};

static enum err
collect(void *arg, struct span data, bool error)
{
	struct buf *events = arg;

	if (error)
		buf_putc(events, '!');
	buf_put_span(events, data);
	buf_putc(events, '|');
	return OK;
}

/* Each piece is a copy of its own, so that reading past its end is noticed. */
static void
run(const char *input, size_t len, size_t piece, struct buf *events)
{
	struct sse_parser parser = SSE_PARSER(collect, events);
	char *copy;
	size_t n;

	for (size_t at = 0; at < len; at += n) {
		n = MIN(piece, len - at);
		copy = malloc(n);
		assert_non_null(copy);
		memcpy(copy, input + at, n);
		assert_int_equal(sse_feed(&parser, copy, n), OK);
		free(copy);
	}
	assert_int_equal(sse_end(&parser), OK);
	sse_free(&parser);
}

static void
test_every_piece_size(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		size_t len = cases[i].len > 0 ? cases[i].len
					      : strlen(cases[i].input);
		size_t n = cases[i].len > 0 ? 4 : strlen(cases[i].events);

		for (size_t piece = 1; piece <= len; piece++) {
			struct buf events = BUF_INIT;

			run(cases[i].input, len, piece, &events);
			if (events.len != n ||
				memcmp(buf_str(&events), cases[i].events, n) !=
					0)
				fail_msg("%s in pieces of %zu: %s",
					cases[i].name, piece, buf_str(&events));
			buf_free(&events);
		}
	}
}

/* Two pieces, cut anywhere. */
static void
test_any_cut_gives_the_same_events(void **state)
{
	static const char input[] = "\xef\xbb\xbf: c\r\ndata: a\xc3\xa4\r\ndata"
				    ": b\r\n\r\ndata:c\r\rdata: d\n\n";

	(void)state;
	for (size_t cut = 0; cut < sizeof(input); cut++) {
		struct buf events = BUF_INIT;
		struct sse_parser parser = SSE_PARSER(collect, &events);

		assert_int_equal(sse_feed(&parser, input, cut), OK);
		assert_int_equal(sse_feed(&parser, input + cut,
					 sizeof(input) - 1 -
						 MIN(cut, sizeof(input) - 1)),
			OK);
		sse_free(&parser);
		assert_string_equal(buf_str(&events), "a\xc3\xa4\nb|c|d|");
		buf_free(&events);
	}
}

/* Feeds *text* again and again until it is too much; returns how much was
 * accepted. */
static size_t
flood(const char *start, const char *text)
{
	struct buf events = BUF_INIT, chunk = BUF_INIT;
	struct sse_parser parser = SSE_PARSER(collect, &events);
	size_t taken = 0;
	enum err err;

	while (chunk.len < 60000)
		buf_puts(&chunk, text);
	err = sse_feed(&parser, start, strlen(start));
	while (err == OK && taken < 4 * (size_t)SSE_EVENT_MAX) {
		err = sse_feed(&parser, chunk.data, chunk.len);
		taken += chunk.len;
		assert_true(parser.line.len + parser.data.len <=
			SSE_EVENT_MAX + chunk.len);
	}
	assert_int_equal(events.len, 0);
	sse_free(&parser);
	buf_free(&chunk);
	buf_free(&events);
	return err == ERR_TOO_BIG ? taken : SIZE_MAX;
}

static void
test_floods_are_stopped(void **state)
{
	(void)state;
	assert_in_range(flood("", "x"), 1, SSE_EVENT_MAX + 60001);
	assert_in_range(flood("data: ", "x"), 1, SSE_EVENT_MAX + 60001);
	assert_in_range(flood(": ", "x"), 1, SSE_EVENT_MAX + 60001);
	assert_in_range(flood("", "data: xxxxxxxx\n"), 1, 2 * SSE_EVENT_MAX);
	/* Skipped lines have no limit. */
	assert_int_equal(flood("", ": comment\n"), SIZE_MAX);
	assert_int_equal(flood("", "event: x\n\n"), SIZE_MAX);
}

/* The limit includes the newline that would join another line. */
static void
test_the_longest_event(void **state)
{
	(void)state;
	for (size_t len = SSE_EVENT_MAX - 1; len <= SSE_EVENT_MAX; len++) {
		struct buf events = BUF_INIT, text = BUF_INIT;
		struct sse_parser parser = SSE_PARSER(collect, &events);

		buf_putc(&text, '{');
		while (text.len < len)
			buf_putc(&text, 'x');
		buf_puts(&text, "\n\n");
		assert_int_equal(sse_feed(&parser, text.data, text.len),
			len < SSE_EVENT_MAX ? OK : ERR_TOO_BIG);
		assert_int_equal(events.len, len < SSE_EVENT_MAX ? len + 1 : 0);
		sse_free(&parser);
		buf_free(&text);
		buf_free(&events);
	}
}

/* Feeds an event of *len* bytes of invalid UTF-8, and a valid one; returns how
 * many arrived. */
static size_t
broken_events(size_t len)
{
	struct buf events = BUF_INIT, text = BUF_INIT;
	struct sse_parser parser = SSE_PARSER(collect, &events);
	size_t n = 0;

	buf_puts(&text, "data: ");
	while (text.len < len + strlen("data: "))
		buf_putc(&text, '\xff');
	buf_puts(&text, "\n\ndata: fine\n\n");
	assert_int_equal(sse_feed(&parser, text.data, text.len), OK);
	n = events.len;
	sse_free(&parser);
	buf_free(&text);
	buf_free(&events);
	return n;
}

/* Repairing it would take the loop too long. */
static void
test_what_is_wrong_and_long_is_left_out(void **state)
{
	(void)state;
	assert_true(broken_events(SSE_REPAIR_MAX) > 2 * SSE_REPAIR_MAX);
	assert_in_range(broken_events(SSE_REPAIR_MAX + 1), 1, 100);
}

static enum err
refuse(void *arg, struct span data, bool error)
{
	(void)data;
	(void)error;
	++*(int *)arg;
	return ERR_UPSTREAM;
}

static void
test_callback_ends_it(void **state)
{
	int calls = 0;
	struct sse_parser parser = SSE_PARSER(refuse, &calls);
	const char *input = "data: a\n\ndata: b\n\n";

	(void)state;
	assert_int_equal(sse_feed(&parser, input, strlen(input)), ERR_UPSTREAM);
	assert_int_equal(calls, 1);
	sse_free(&parser);
}

/* The data say what the event's name should be. */
static enum err
collect_name(void *arg, struct span data, bool error)
{
	struct sse_parser *parser = arg;

	(void)error;
	assert_true(span_is(data, parser->name));
	return OK;
}

/* One that is longer than any that is known is none. */
static void
test_long_names_count_as_none(void **state)
{
	struct sse_parser parser = SSE_PARSER(collect_name, &parser);
	char name[64] = "";

	(void)state;
	for (size_t len = 0; len < sizeof(name); len++) {
		struct buf input = BUF_INIT;

		memset(name, 'n', len);
		buf_printf(&input, "event: %s\ndata: %s\n\n", name,
			len < sizeof(parser.name) ? name : "");
		buf_puts(&input, "data\n\n"); /* has no name */
		assert_int_equal(sse_feed(&parser, input.data, input.len), OK);
		buf_free(&input);
	}
	sse_free(&parser);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_piece_size),
		cmocka_unit_test(test_any_cut_gives_the_same_events),
		cmocka_unit_test(test_floods_are_stopped),
		cmocka_unit_test(test_the_longest_event),
		cmocka_unit_test(test_what_is_wrong_and_long_is_left_out),
		cmocka_unit_test(test_callback_ends_it),
		cmocka_unit_test(test_long_names_count_as_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
