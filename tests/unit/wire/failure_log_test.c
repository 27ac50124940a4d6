/* failure_log_test.c: what the log may keep of a provider's words. */

#include "wire/failure_log.h"

#include "../unit.h"
#include "base/attr.h"
#include "wire/failure.h"

#include <stdio.h>
#include <string.h>

#define KEY "sk-proj-Zq81Lm4Xw07TbVn5"
#define REQUEST                                                              \
	"{\"model\":\"meta-llama/Llama-3.3-70B\",\"messages\":[{\"role\":"   \
	"\"system\",\"content\":\"Be kind to CANARY-0\"},{\"role\":\"user\"" \
	",\"content\":[{\"type\":\"text\",\"text\":\"My PIN is CANARY-1\\n"  \
	"and \\\"CANARY-2\\\" \xc3\xa4\xc3\xb6\xc3\xbc\"}]},{\"role\":"      \
	"\"assistant\",\"tool_calls\":[{\"function\":{\"name\":"             \
	"\"current_time\",\"arguments\":\"{\\\"a\\\":\\\"CANARY-3\\\"}\"}}]" \
	"}],\"tools\":[{\"function\":{\"name\":\"current_time\"}}]}"

static const struct {
	const char *message, *logged;
} logged[] = {
	{ "This model does not support tools.",
		"This model does not support tools." },
	{ "The model `meta-llama/Llama-3.3-70B` does not exist",
		"The model `meta-llama/Llama-3.3-70B` does not exist" },
	{ "Invalid schema for function 'current_time'",
		"Invalid schema for function 'current_time'" },
	{ "property 'reasoning_content' is unsupported",
		"property 'reasoning_content' is unsupported" },
	{ "two\nlines\x01 and \xc2\x9b"
	  "31m \xff",
		"two\\nlines\\u0001 and \\u009b31m \xef\xbf\xbd" },
	/* keys, whole and in pieces */
	{ "Incorrect API key provided: " KEY ".",
		"Incorrect API key provided: ***" },
	{ "key sk-proj-****bVn5 is wrong", "key *** is wrong" },
	{ "it ends in Vn5TbVn5 and begins with Zq81Lm",
		"it ends in Vn5*** and begins with ***" },
	{ "Authorization: Bearer abc.def-123", "Authorization: Bearer ***" },
	{ "gsk_abcdef123 and AIzaSyAbc123", "*** and ***" },
	{ "https://me:secret@host/v1?key=abcd1234",
		"https://***@host/v1?key=***" },
	{ "request 0123456789abcdef0123456789abcdef", "request ***" },
	/* text of users: quoted, bare, in JSON, truncated */
	{ "Invalid value: My PIN is CANARY-1\nand \"CANARY-2\" \xc3\xa4\xc3"
	  "\xb6\xc3\xbc.",
		"Invalid value: ***." },
	{ "bad input ...PIN is CANA", "bad input ...***" },
	{ "Be kind to CANARY-0 is no prompt", "*** is no prompt" },
	{ "args {\"a\":\"CANARY-3\"}", NULL },
	{ "got {'role': 'user', 'content': 'My PIN'} instead",
		"got {***} instead" },
	{ "got [{'type': 'text', 'text': 'My PIN'}] instead",
		"got [***] instead" },
	{ "expected 'a long quotation of something that was sent before'",
		"expected '***'" },
};

static void
test_log_has_no_key_and_no_conversation(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(logged); i++) {
		struct buf out = BUF_INIT;

		failure_log_put(&out, logged[i].message, KEY, span_of(REQUEST));
		if (logged[i].logged != NULL &&
			strcmp(buf_str(&out), logged[i].logged) != 0)
			fail_msg("%s\n%s", logged[i].message, buf_str(&out));
		assert_null(strstr(buf_str(&out), "CANARY"));
		assert_null(strstr(buf_str(&out), KEY));
		buf_free(&out);
	}
}

/* No four bytes of our key remain, wherever and however it is cut. */
static void
test_no_piece_of_the_key(void **state)
{
	const char *key = KEY;
	char message[100];

	(void)state;
	for (size_t from = 0; from + 4 <= strlen(key); from++)
		for (size_t len = 4; from + len <= strlen(key); len++) {
			struct buf out = BUF_INIT;

			snprintf(message, sizeof(message), "x%.*sx", (int)len,
				key + from);
			failure_log_put(&out, message, key, span_of(REQUEST));
			for (size_t i = 0; i + 4 <= strlen(key); i++)
				assert_null(memmem(
					buf_str(&out), out.len, key + i, 4));
			buf_free(&out);
		}
}

/* The key and the values of headers: long ones are hidden in every piece, short
 * ones as a whole. */
static void
test_none_of_several_keys(void **state)
{
	struct buf out = BUF_INIT;

	(void)state;
	failure_log_put(&out,
		"no ab12 for Abcdefgh-9876-ijklmnop, nor h-98; team7 9876",
		"ab12\nAbcdefgh-9876-ijklmnop\nteam7\n", span_of(REQUEST));
	assert_string_equal(buf_str(&out), "no *** for ***, nor ***; *** ***");
	buf_free(&out);
}

/* The request is gone, so nothing after a possible quotation is logged. */
static void
test_log_in_a_stream(void **state)
{
	struct buf out = BUF_INIT;

	(void)state;
	failure_log_put(
		&out, "Overloaded: CANARY-1", "", (struct span){ NULL, 0 });
	assert_string_equal(buf_str(&out), "Overloaded");
	buf_free(&out);
}

static void
test_log_is_short(void **state)
{
	struct buf out = BUF_INIT;
	char message[FAILURE_MESSAGE_LEN];

	(void)state;
	for (size_t i = 0; i < sizeof(message) - 1; i++)
		message[i] = i % 5 == 4 ? ' ' : '\x01';
	message[sizeof(message) - 1] = '\0';
	failure_log_put(&out, message, "", span_of(REQUEST));
	assert_in_range(out.len, FAILURE_LOG_MAX / 2, FAILURE_LOG_MAX);
	buf_free(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_log_has_no_key_and_no_conversation),
		cmocka_unit_test(test_no_piece_of_the_key),
		cmocka_unit_test(test_none_of_several_keys),
		cmocka_unit_test(test_log_in_a_stream),
		cmocka_unit_test(test_log_is_short),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
