#include "../unit.h"
#include "base/attr.h"
#include "llm/retry.h"
#include "wire/failure.h"

#include <string.h>

#define NOW_S 1700000000 /* Tue, 14 Nov 2023 22:13:20 GMT */

static void
test_retry_after_in_each_form(void **state)
{
	static const struct {
		const char *line;
		int64_t ms;
	} cases[] = {
		{ "Retry-After: 7\r\n", 7000 },
		{ "retry-after:7", 7000 },
		{ "RETRY-AFTER:   0  \r\n", 0 },
		{ "Retry-After: 1.5\r\n", 1000 },
		{ "retry-after-ms: 250\r\n", 250 },
		{ "retry-after-ms: 250.75\r\n", 250 },
		{ "Retry-After: Tue, 14 Nov 2023 22:13:30 GMT\r\n", 10000 },
		{ "Retry-After: Tue, 14 Nov 2023 22:13:00 GMT\r\n", 0 },
		{ "Retry-After: 999999999999\r\n", 999999999999000 },
		/* unusual values */
		{ "Retry-After: 99999999999999999999\r\n", -1 },
		{ "Retry-After: -5\r\n", -1 },
		{ "Retry-After: \r\n", -1 },
		{ "Retry-After:\r\n", -1 },
		{ "Retry-After: soon\r\n", -1 },
		{ "Retry-After: 5 minutes\r\n", -1 },
		{ "Retry-After: 1.x\r\n", -1 },
		{ "Retry-After: 0x10\r\n", -1 },
		{ "retry-after-ms: NaN\r\n", -1 },
		/* other lines */
		{ "Retry-Aftermath: 5\r\n", -1 },
		{ "X-Retry-After: 5\r\n", -1 },
		{ "HTTP/1.1 503 x\r\n", -1 },
		{ "\r\n", -1 },
		{ "", -1 },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++)
		if (retry_after_ms(span_of(cases[i].line), NOW_S) !=
			cases[i].ms)
			fail_msg("%s: %lld", cases[i].line,
				(long long)retry_after_ms(
					span_of(cases[i].line), NOW_S));
}

static void
test_waits_grow_and_are_limited(void **state)
{
	(void)state;
	assert_int_equal(retry_wait_ms(1, -1), 2000);
	assert_int_equal(retry_wait_ms(2, -1), 4000);
	assert_int_equal(retry_wait_ms(1, 0), 0);
	assert_int_equal(retry_wait_ms(1, 30000), 30000);
	/* A wait longer than anybody accepts counts as not given. */
	assert_int_equal(retry_wait_ms(1, 30001), 2000);
	assert_int_equal(retry_wait_ms(1, INT64_MAX), 2000);
	assert_int_equal(retry_wait_ms(1000, -1), 16000);
}

/* Every fault has a sentence, without words that only we understand. */
static void
test_each_fault_has_a_plain_sentence(void **state)
{
	static const char *const secrets[] = { "http", "sk-", "curl", "JSON",
		"errno", "  " };

	(void)state;
	for (int i = LLM_OK + 1; i < LLM_FAULT_N; i++) {
		const char *sentence = llm_fault_sentence((enum llm_fault)i);

		assert_true(strlen(llm_fault_word((enum llm_fault)i)) > 0);
		if (i == LLM_STOPPED)
			continue;
		assert_true(strlen(sentence) > 20);
		assert_int_equal(sentence[strlen(sentence) - 1], '.');
		for (size_t k = 0; k < LENGTH(secrets); k++)
			assert_null(strstr(sentence, secrets[k]));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_retry_after_in_each_form),
		cmocka_unit_test(test_waits_grow_and_are_limited),
		cmocka_unit_test(test_each_fault_has_a_plain_sentence),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
