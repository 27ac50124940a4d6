/* trace_test.c: valid traceparent headers, and similar texts. */

#include "base/trace.h"

#include "../unit.h"
#include "base/attr.h"

#include <stdlib.h>
#include <string.h>

#define ID "4bf92f3577b34da6a3ce929d0e0e4736"
#define GOOD "00-" ID "-00f067aa0ba902b7-01"

static void
a_trace_is_read(void **state)
{
	static const struct {
		const char *header, *flags;
	} good[] = {
		{ GOOD, "01" },
		{ "00-" ID "-00f067aa0ba902b7-00", "00" },
		{ "00-" ID "-00f067aa0ba902b7-ff", "01" },
		{ "00-" ID "-00f067aa0ba902b7-fb", "01" },
		{ "00-" ID "-00f067aa0ba902b7-fe", "00" },
		{ "01-" ID "-00f067aa0ba902b7-01", "01" },
		{ "cc-" ID "-00f067aa0ba902b7-01-what-comes", "01" },
	};
	struct trace trace;

	(void)state;
	for (size_t i = 0; i < LENGTH(good); i++) {
		assert_true(trace_parse(good[i].header, &trace));
		assert_string_equal(trace.id, ID);
		assert_string_equal(trace.flags, good[i].flags);
	}
}

static void
other_texts_are_no_trace(void **state)
{
	static const char *const bad[] = { NULL, "", "00", "00-", "00-" ID,
		"00-" ID "-00f067aa0ba902b7", "00-" ID "-00f067aa0ba902b7-",
		"00-" ID "-00f067aa0ba902b7-0", GOOD "0", GOOD "-", GOOD "-x",
		GOOD " ", " " GOOD, GOOD ", " GOOD, GOOD "\n",
		"ff-" ID "-00f067aa0ba902b7-01",
		"0x-" ID "-00f067aa0ba902b7-01",
		"cc-" ID "-00f067aa0ba902b7-01.x",
		"00-00000000000000000000000000000000-00f067aa0ba902b7-01",
		"00-" ID "-0000000000000000-01",
		"00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
		"00-4bf92f3577b34da6a3ce929d0e0e473g-00f067aa0ba902b7-01",
		"00-4bf92f3577b34da6a3ce929d0e0e47-36-0f067aa0ba902b7-01",
		"00_" ID "-00f067aa0ba902b7-01",
		"00-" ID "\r\n-0f067aa0ba902b7-01" };
	struct trace trace;

	(void)state;
	for (size_t i = 0; i < LENGTH(bad); i++) {
		memset(&trace, 'x', sizeof(trace));
		if (trace_parse(bad[i], &trace))
			fail_msg("\"%s\" was taken", bad[i]);
		assert_string_equal(trace.id, "");
	}
}

/* Copied to memory of exactly its size, so that the address sanitizer detects a
 * read beyond it. */
static void
a_cut_trace_is_refused(void **state)
{
	struct trace trace;

	(void)state;
	for (size_t len = 0; len < strlen(GOOD); len++) {
		char *cut = malloc(len + 1);

		memcpy(cut, GOOD, len);
		cut[len] = '\0';
		assert_false(trace_parse(cut, &trace));
		free(cut);
	}
}

static void
each_request_in_it_has_an_id_of_its_own(void **state)
{
	char first[TRACE_PARENT_LEN + 1], second[TRACE_PARENT_LEN + 1];
	struct trace trace, again;

	(void)state;
	assert_true(trace_parse(GOOD, &trace));
	trace_parent(&trace, first);
	trace_parent(&trace, second);
	assert_int_equal(strlen(first), TRACE_PARENT_LEN);
	assert_string_not_equal(first, second);
	assert_string_not_equal(first, GOOD);
	assert_true(trace_parse(first, &again));
	assert_memory_equal(&again, &trace, sizeof(trace));
	trace = (struct trace){ 0 };
	trace_parent(&trace, first);
	assert_string_equal(first, "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_trace_is_read),
		cmocka_unit_test(other_texts_are_no_trace),
		cmocka_unit_test(a_cut_trace_is_refused),
		cmocka_unit_test(each_request_in_it_has_an_id_of_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
