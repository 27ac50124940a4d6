/* buf_test.c: a growing buffer and its sticky limit. */

#include "base/buf.h"

#include "../unit.h"

#include <stdlib.h>
#include <string.h>

static void
assert_holds(const struct buf *buf, const char *expected)
{
	assert_int_equal(buf->len, strlen(expected));
	assert_string_equal(buf_str(buf), expected);
	assert_true(span_is(buf_span(buf), expected));
	assert_true(span_is(buf_span(buf), expected));
}

static void
an_empty_one_has_no_memory(void **state)
{
	struct buf buf = BUF_INIT;

	(void)state;
	assert_holds(&buf, "");
	assert_non_null(buf_span(&buf).data);
	buf_clear(&buf);
	buf_consume(&buf, 0);
	buf_append(&buf, NULL, 0);
	assert_holds(&buf, "");
	buf_free(&buf);
	assert_null(buf.data);
}

static void
appends_everything(void **state)
{
	struct buf buf = BUF_INIT;

	(void)state;
	buf_append(&buf, "ab", 2);
	buf_puts(&buf, "cd");
	buf_putc(&buf, 'e');
	buf_put_span(&buf, (struct span){ "fgh", 2 });
	buf_printf(&buf, "%d", 42);
	assert_holds(&buf, "abcdefg42");
	buf_clear(&buf);
	assert_holds(&buf, "");
	assert_true(buf.cap > 0);
	buf_putc(&buf, 'x');
	assert_holds(&buf, "x");
	buf_free(&buf);
	assert_holds(&buf, "");
}

static void
may_hold_nul(void **state)
{
	struct buf buf = BUF_INIT;

	(void)state;
	buf_append(&buf, "a\0b", 3);
	buf_putc(&buf, '\0');
	assert_int_equal(buf.len, 4);
	assert_memory_equal(buf.data, "a\0b\0", 5);
	assert_false(span_is(buf_span(&buf), "a"));
	buf_free(&buf);
}

/* A NUL follows the content at every length. */
static void
is_always_ended(void **state)
{
	struct buf buf = BUF_INIT;
	size_t reallocations = 0, cap = 0;

	(void)state;
	for (size_t i = 0; i < 100000; i++) {
		buf_putc(&buf, (char)('a' + i % 26));
		assert_int_equal(buf.len, i + 1);
		assert_int_equal(buf.data[i + 1], '\0');
		reallocations += buf.cap != cap;
		cap = buf.cap;
	}
	for (size_t i = 0; i < buf.len; i++)
		assert_int_equal(buf.data[i], 'a' + i % 26);
	assert_true(reallocations < 20);
	buf_free(&buf);
}

static void
prints_text_of_any_length(void **state)
{
	(void)state;
	for (int len = 250; len < 262; len++) {
		struct buf buf = BUF_INIT;

		buf_puts(&buf, "<");
		buf_printf(&buf, "%0*d", len, 7);
		buf_puts(&buf, ">");
		assert_int_equal(buf.len, len + 2);
		assert_int_equal(buf.data[len], '7');
		assert_int_equal(buf.data[len + 1], '>');
		buf_free(&buf);
	}
}

static void
gives_room_to_write_into(void **state)
{
	struct buf buf = BUF_INIT;
	char *room;

	(void)state;
	buf_puts(&buf, "ab");
	room = buf_reserve(&buf, 1000);
	memset(room, 'x', 1000);
	buf_wrote(&buf, room + 3);
	assert_holds(&buf, "abxxx");
	buf_free(&buf);
}

static void
gives_up_its_beginning(void **state)
{
	struct buf buf = BUF_INIT;

	(void)state;
	buf_puts(&buf, "abcdef");
	buf_consume(&buf, 0);
	buf_consume(&buf, 2);
	assert_holds(&buf, "cdef");
	buf_puts(&buf, "g");
	buf_consume(&buf, 5);
	assert_holds(&buf, "");
	buf_free(&buf);
}

static void
above_its_limit_nothing_more_goes_in(void **state)
{
	struct buf buf = { .max = 5 };

	(void)state;
	buf_puts(&buf, "abc");
	buf_puts(&buf, "de");
	assert_false(buf.too_big);
	assert_holds(&buf, "abcde");
	buf_puts(&buf, "");
	assert_false(buf.too_big);
	buf_putc(&buf, 'f');
	assert_true(buf.too_big);
	assert_holds(&buf, "abcde");

	/* even if there is room again */
	buf_consume(&buf, 3);
	buf_putc(&buf, 'f');
	assert_true(buf.too_big);
	assert_holds(&buf, "de");

	buf_clear(&buf);
	assert_false(buf.too_big);
	buf_printf(&buf, "%s", "123456");
	assert_true(buf.too_big);
	assert_holds(&buf, "");
	buf_free(&buf);
	assert_int_equal(buf.max, 5);
	assert_false(buf.too_big);
}

static void
moves_without_a_copy(void **state)
{
	struct buf from = { .max = 100 }, to = { .max = 7 };
	char *data;

	(void)state;
	buf_puts(&to, "old");
	buf_clear(&to);
	buf_puts(&from, "text");
	data = from.data;
	buf_move(&to, &from);
	assert_ptr_equal(to.data, data);
	assert_holds(&to, "text");
	assert_holds(&from, "");
	assert_int_equal(to.max, 7);
	assert_int_equal(from.max, 100);
	buf_puts(&from, "again");
	assert_holds(&from, "again");
	buf_free(&from);
	buf_free(&to);
}

static void
spans_compare_by_content(void **state)
{
	struct span absent = { NULL, 0 }, empty = { "", 0 };

	(void)state;
	assert_true(span_equal(absent, empty));
	assert_true(span_is(empty, ""));
	assert_true(span_equal(
		(struct span){ "a\0b", 3 }, (struct span){ "a\0b", 3 }));
	assert_false(span_equal(
		(struct span){ "a\0b", 3 }, (struct span){ "a\0c", 3 }));
	assert_false(span_is((struct span){ "abc", 2 }, "abc"));
	assert_int_equal(span_of(NULL).len, 0);
	assert_null(span_of(NULL).data);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_empty_one_has_no_memory),
		cmocka_unit_test(appends_everything),
		cmocka_unit_test(may_hold_nul),
		cmocka_unit_test(is_always_ended),
		cmocka_unit_test(prints_text_of_any_length),
		cmocka_unit_test(gives_room_to_write_into),
		cmocka_unit_test(gives_up_its_beginning),
		cmocka_unit_test(above_its_limit_nothing_more_goes_in),
		cmocka_unit_test(moves_without_a_copy),
		cmocka_unit_test(spans_compare_by_content),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
