/* Events that are too large to be read: what is said of them, and that it is
 * the same however the input is cut and whatever comes before and after. */

#include "../unit.h"
#include "base/buf.h"
#include "wire/sse_parser.h"

#include <stdlib.h>
#include <string.h>

/* What comes of an input: events with | behind each, ! before an error's, and
 * < and > where one that is too large begins and is over. */
struct heard {
	struct sse_parser parser;
	struct buf events, head, tail; /* the last large one's */
	char refuse; /* what on_large says no to: < or > */
};

static enum err
on_data(void *arg, struct span data, bool error)
{
	struct heard *heard = arg;

	if (error)
		buf_putc(&heard->events, '!');
	buf_put_span(&heard->events, data);
	buf_putc(&heard->events, '|');
	return OK;
}

static enum err
on_large(void *arg, struct span head, struct span tail)
{
	struct heard *heard = arg;
	char what = tail.data == NULL ? '<' : '>';

	buf_putc(&heard->events, what);
	buf_clear(&heard->head);
	buf_clear(&heard->tail);
	buf_put_span(&heard->head, head);
	buf_put_span(&heard->tail, tail);
	/* Only the two ends stay in memory. */
	assert_null(heard->parser.line.data);
	assert_null(heard->parser.data.data);
	assert_in_range(heard->parser.skip->tail.len, 0, 2 * SSE_SKIP_KEPT);
	return heard->refuse == what ? ERR_UPSTREAM : OK;
}

static struct heard
heard_new(void)
{
	return (struct heard){ .parser = { .on_data = on_data,
				       .on_large = on_large } };
}

static void
heard_free(struct heard *heard)
{
	sse_free(&heard->parser);
	buf_free(&heard->events);
	buf_free(&heard->head);
	buf_free(&heard->tail);
}

/* A copy of its own, so that a read past its end is seen. */
static enum err
feed(struct heard *heard, const char *bytes, size_t len)
{
	char *copy = malloc(len + (len == 0));
	enum err err;

	assert_non_null(copy);
	memcpy(copy, bytes, len);
	heard->parser.arg = heard;
	err = sse_feed(&heard->parser, copy, len);
	free(copy);
	return err;
}

/* In pieces of *piece* behind a first one of *first*; then the end. */
static enum err
hear(struct heard *heard, const struct buf *input, size_t first, size_t piece)
{
	enum err err = feed(heard, input->data, MIN(first, input->len));
	size_t n;

	for (size_t at = first; err == OK && at < input->len; at += n) {
		n = MIN(piece, input->len - at);
		err = feed(heard, input->data + at, n);
	}
	return err == OK ? sse_end(&heard->parser) : err;
}

/* ---- inputs */

/* *len* bytes in which every place looks different from those near it. */
static void
put_json(struct buf *buf, size_t len)
{
	size_t end = buf->len + len;

	buf_putc(buf, '{');
	while (buf->len < end - 1)
		buf_printf(buf, "%zu,", buf->len);
	buf->len = end - 1;
	buf_putc(buf, '}');
}

struct large {
	struct buf input;
	struct span json; /* of the event that is too large */
};

/* A large event between two others. */
static struct large
large_new(const char *before, size_t len, const char *eol)
{
	struct large large = { .input = BUF_INIT };
	size_t at;

	buf_printf(&large.input, "data: a%s%s%s", eol, eol, before);
	at = large.input.len;
	put_json(&large.input, len);
	buf_printf(&large.input, "%s%sdata: b%s%s", eol, eol, eol, eol);
	large.json = (struct span){ large.input.data + at, len };
	return large;
}

static void
assert_tail(const struct heard *heard, struct span json)
{
	assert_int_equal(heard->tail.len, SSE_SKIP_KEPT);
	assert_memory_equal(heard->tail.data,
		json.data + json.len - SSE_SKIP_KEPT, SSE_SKIP_KEPT);
}

static void
assert_passed_over(const struct large *large, size_t first, size_t piece)
{
	struct heard heard = heard_new();
	const char *head;

	assert_int_equal(hear(&heard, &large->input, first, piece), OK);
	assert_string_equal(buf_str(&heard.events), "a|<>b|");
	assert_in_range(
		heard.head.len, SSE_SKIP_KEPT - strlen("data:"), SSE_SKIP_KEPT);
	head = buf_str(&heard.head);
	head += *head == ' ';
	assert_memory_equal(head, large->json.data, strlen(head));
	assert_tail(&heard, large->json);
	heard_free(&heard);
}

/* ---- the cases */

static const char *const eols[] = { "\n", "\r\n", "\r" };

static void
test_pieces_of_any_size(void **state)
{
	static const size_t pieces[] = { SIZE_MAX, 16384, 1000, 1 };

	(void)state;
	for (size_t i = 0; i < LENGTH(eols) * LENGTH(pieces); i++) {
		struct large large = large_new("data: ", SSE_EVENT_MAX + 100,
			eols[i / LENGTH(pieces)]);

		assert_passed_over(&large, 0, pieces[i % LENGTH(pieces)]);
		buf_free(&large.input);
	}
}

/* Where the large event begins, becomes too large, and ends. */
static void
test_cuts_around_the_large_event(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(eols); i++) {
		struct large large =
			large_new("data:", SSE_EVENT_MAX + 20, eols[i]);
		size_t end = large.input.len;

		for (size_t cut = 0; cut < 24; cut++)
			assert_passed_over(&large, cut, SIZE_MAX);
		for (size_t cut = SSE_EVENT_MAX - 10; cut <= end; cut++)
			assert_passed_over(&large, cut, SIZE_MAX);
		buf_free(&large.input);
	}
}

/* Without "data:", so long that it just is too large, or just is not. */
static void
test_the_exact_bound(void **state)
{
	struct large large = large_new("", SSE_EVENT_MAX, "\n");
	struct heard heard = heard_new();

	(void)state;
	assert_passed_over(&large, 0, SIZE_MAX);
	assert_passed_over(&large, 0, 1000);
	buf_free(&large.input);
	large = large_new("", SSE_EVENT_MAX - 1, "\n");
	assert_int_equal(hear(&heard, &large.input, 0, SIZE_MAX), OK);
	assert_int_equal(heard.events.len, SSE_EVENT_MAX - 1 + strlen("a||b|"));
	heard_free(&heard);
	buf_free(&large.input);
}

/* Its name and its earlier lines are forgotten with it. */
static void
test_earlier_lines_are_forgotten(void **state)
{
	struct large large =
		large_new("event: error\ndata: 1\ndata: ", SSE_EVENT_MAX, "\n");

	(void)state;
	for (size_t piece = 1000; piece <= large.input.len; piece *= 8) {
		struct heard heard = heard_new();

		assert_int_equal(hear(&heard, &large.input, 0, piece), OK);
		assert_string_equal(buf_str(&heard.events), "a|<>b|");
		assert_string_equal(buf_str(&heard.head), "1");
		assert_tail(&heard, large.json);
		heard_free(&heard);
	}
	buf_free(&large.input);
}

/* It is too large by its last line, of which nearly all of the end is not. */
static void
test_a_line_behind(void **state)
{
	static const char line[] = "data: and a line behind it that is short";
	struct buf input = BUF_INIT;

	(void)state;
	put_json(&input, SSE_EVENT_MAX - 20);
	buf_printf(&input, "\n%s\n\n", line);
	for (size_t piece = 1000; piece <= input.len; piece *= 8) {
		struct heard heard = heard_new();
		size_t len = SSE_SKIP_KEPT - strlen(line);

		assert_int_equal(hear(&heard, &input, 0, piece), OK);
		assert_string_equal(buf_str(&heard.events), "<>");
		assert_int_equal(heard.tail.len, SSE_SKIP_KEPT);
		assert_memory_equal(heard.tail.data,
			input.data + SSE_EVENT_MAX - 20 - len, len);
		assert_string_equal(buf_str(&heard.tail) + len, line);
		heard_free(&heard);
	}
	buf_free(&input);
}

/* It is too large by the line end between its lines: when it is over. */
static void
test_by_a_line_end(void **state)
{
	struct buf input = BUF_INIT;

	(void)state;
	put_json(&input, SSE_EVENT_MAX - 3);
	buf_puts(&input, "\n{}\n\ndata: b\n\n");
	for (size_t piece = 1; piece <= input.len; piece *= 8) {
		struct heard heard = heard_new();

		assert_int_equal(hear(&heard, &input, 0, piece), OK);
		assert_string_equal(buf_str(&heard.events), "<>b|");
		assert_int_equal(heard.tail.len, SSE_SKIP_KEPT);
		assert_string_equal(
			buf_str(&heard.tail) + heard.tail.len - 4, "}\n{}");
		heard_free(&heard);
	}
	buf_free(&input);
}

/* The lines become too large together, and the last of them is a short one. */
static void
test_short_lines_are_too_large_together(void **state)
{
	struct buf input = BUF_INIT;
	struct heard heard = heard_new();

	(void)state;
	while (input.len < 2 * (size_t)SSE_EVENT_MAX)
		buf_puts(&input, "data: 0123456789\n");
	buf_puts(&input, "data: end\n\ndata: b\n\n");
	assert_int_equal(hear(&heard, &input, 0, 1000), OK);
	assert_string_equal(buf_str(&heard.events), "<>b|");
	assert_int_equal(heard.head.len, SSE_SKIP_KEPT);
	assert_memory_equal(heard.head.data, "0123456789\n0123456789\n", 22);
	assert_string_equal(
		buf_str(&heard.tail) + heard.tail.len - strlen("data: end"),
		"data: end");
	heard_free(&heard);
	buf_free(&input);
}

/* Each has its own ends. */
static void
test_two_of_them(void **state)
{
	struct large first = large_new("data: ", SSE_EVENT_MAX + 100, "\n");
	struct large second =
		large_new("data: {\"second\":", SSE_EVENT_MAX + 5000, "\n");
	struct heard heard = heard_new();

	(void)state;
	buf_put_span(&first.input, buf_span(&second.input));
	assert_int_equal(hear(&heard, &first.input, 0, 1000), OK);
	assert_string_equal(buf_str(&heard.events), "a|<>b|a|<>b|");
	assert_memory_equal(heard.head.data, " {\"second\":{", 12);
	assert_tail(&heard, second.json);
	heard_free(&heard);
	buf_free(&first.input);
	buf_free(&second.input);
}

/* As any other event is closed by it. */
static void
test_the_body_ends_in_it(void **state)
{
	struct large large = large_new("data: ", SSE_EVENT_MAX + 100, "\n");
	struct heard heard = heard_new();

	(void)state;
	large.input.len -= strlen("\n\ndata: b\n\n");
	assert_int_equal(hear(&heard, &large.input, 0, 1000), OK);
	assert_string_equal(buf_str(&heard.events), "a|<>");
	assert_tail(&heard, large.json);
	heard_free(&heard);
	buf_free(&large.input);
}

static void
test_it_may_be_refused(void **state)
{
	struct large large = large_new("data: ", SSE_EVENT_MAX + 100, "\n");

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		struct heard heard = heard_new();

		heard.refuse = "<>"[i % 2];
		if (i == 2) /* its end is the body's */
			large.input.len -= strlen("\n\ndata: b\n\n");
		assert_int_equal(
			hear(&heard, &large.input, 0, 1000), ERR_UPSTREAM);
		assert_string_equal(buf_str(&heard.events),
			heard.refuse == '<' ? "a|<" : "a|<>");
		heard_free(&heard);
	}
	buf_free(&large.input);
}

/* Nobody can say of them what they repeat. */
static void
test_what_is_no_data_is_too_large(void **state)
{
	static const char *const starts[] = { ": ", "event: ", "id: ", "x",
		"datax: " };

	(void)state;
	for (size_t i = 0; i < LENGTH(starts); i++) {
		struct large large =
			large_new(starts[i], SSE_EVENT_MAX + 100, "\n");
		struct heard heard = heard_new();

		assert_int_equal(
			hear(&heard, &large.input, 0, 1000), ERR_TOO_BIG);
		assert_string_equal(buf_str(&heard.events), "a|");
		heard_free(&heard);
		buf_free(&large.input);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pieces_of_any_size),
		cmocka_unit_test(test_cuts_around_the_large_event),
		cmocka_unit_test(test_the_exact_bound),
		cmocka_unit_test(test_earlier_lines_are_forgotten),
		cmocka_unit_test(test_a_line_behind),
		cmocka_unit_test(test_by_a_line_end),
		cmocka_unit_test(test_short_lines_are_too_large_together),
		cmocka_unit_test(test_two_of_them),
		cmocka_unit_test(test_the_body_ends_in_it),
		cmocka_unit_test(test_it_may_be_refused),
		cmocka_unit_test(test_what_is_no_data_is_too_large),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
