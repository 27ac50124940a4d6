/* record_pairs_test.c: parameter pairs, and writing records. */

#include "http/record.h"
#include "http/record_private.h"

#include "../unit.h"

#include <string.h>

static void
assert_pairs(enum err expected, const char *pairs, size_t len)
{
	assert_int_equal(
		record_pairs_check((struct span){ pairs, len }), expected);
}

#define PAIRS(text) text, sizeof(text) - 1

static void
lengths_of_pairs_must_be_true(void **state)
{
	(void)state;
	assert_pairs(OK, PAIRS(""));
	assert_pairs(OK, PAIRS("\1\0a"));
	assert_pairs(OK, PAIRS("\1\1ab\1\1cd"));
	assert_pairs(OK, PAIRS("\200\0\0\1\200\0\0\1ab"));
	assert_pairs(ERR_INVALID, PAIRS("\1"));
	assert_pairs(ERR_INVALID, PAIRS("\1\1a"));
	assert_pairs(ERR_INVALID, PAIRS("\1\1ab\1"));
	assert_pairs(ERR_INVALID, PAIRS("\200\0\0"));
	assert_pairs(ERR_INVALID, PAIRS("\1\200\0\0"));
	assert_pairs(ERR_INVALID, PAIRS("\377\377\377\377\377\377\377\377ab"));
	assert_pairs(ERR_INVALID, PAIRS("\325\325\325\325\325\325\325\325ab"));
	assert_pairs(ERR_INVALID, PAIRS("\300\0\0\0\300\0\0\0ab"));
}

static void
names_and_values_must_be_texts(void **state)
{
	(void)state;
	assert_pairs(ERR_INVALID, PAIRS("\0\1b"));
	assert_pairs(ERR_INVALID, PAIRS("\2\1a=b"));
	assert_pairs(ERR_INVALID, PAIRS("\2\1a\0b"));
	assert_pairs(ERR_INVALID, PAIRS("\1\2ab\0"));
	assert_pairs(OK, PAIRS("\1\2ab="));
}

static void
what_is_written_is_read_back(void **state)
{
	static char body[200000];
	struct buf out = BUF_INIT;
	const unsigned char *at;
	size_t got = 0;

	(void)state;
	memset(body, 'b', sizeof(body));
	record_put(
		&out, RECORD_STDOUT, 258, (struct span){ body, sizeof(body) });
	record_put(&out, RECORD_STDOUT, 258, (struct span){ "", 0 });
	record_put_eof(&out, RECORD_STDOUT, 258);
	for (at = (unsigned char *)out.data; at[4] != 0 || at[5] != 0;
		at += 8 + at[4] * 256 + at[5]) {
		assert_memory_equal(at, "\1\6\1\2", 4);
		got += at[4] * 256U + at[5];
	}
	assert_int_equal(got, sizeof(body));
	assert_ptr_equal(at + 8, out.data + out.len);
	buf_free(&out);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(lengths_of_pairs_must_be_true),
		cmocka_unit_test(names_and_values_must_be_texts),
		cmocka_unit_test(what_is_written_is_read_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
