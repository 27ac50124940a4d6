/* front_requests_test.c: requests, whole and in pieces, and their bodies. */

#include "fronttest.h"
#include "webtest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
answers_a_request(void **state)
{
	(void)state;
	webtest_put_request("/chat/api/x?a=1&b=%20?", "body");
	webtest_ask("POST /api/x?a=1&b=%20? ok 4:body");
}

static void
the_base_path_is_taken_off(void **state)
{
	static const char *const paths[][2] = {
		{ "/chat/", "POST /? ok 0:" },
		{ "/chat", "POST /chat? ok 0:" },
		{ "/chatty/x", "POST /chatty/x? ok 0:" },
		{ "/api/x", "POST /api/x? ok 0:" },
		{ "/chat/chat/x", "POST /chat/x? ok 0:" },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(paths); i++) {
		buf_clear(&webtest.sent);
		webtest_put_request(paths[i][0], "");
		webtest_ask(paths[i][1]);
	}
}

static void
takes_a_request_in_pieces_of_any_size(void **state)
{
	(void)state;
	webtest_put_request("/chat/x", "body");
	for (size_t cut = 1; cut < webtest.sent.len; cut++) {
		int fd = webtest_dial();

		assert_true(webtest_send_from(fd, 0, cut));
		assert_true(webtest_send_from(fd, cut, webtest.sent.len));
		webtest_receive(fd);
		webtest_assert_answer("POST /x? ok 4:body");
	}
}

static void
splits_a_long_answer_into_records(void **state)
{
	static const size_t lengths[] = { 65500, 65535, 65536, 131070, 200000 };
	struct buf text = BUF_INIT;

	(void)state;
	for (size_t i = 0; i < LENGTH(lengths); i++) {
		char large[24];

		snprintf(large, sizeof(large), "%zu", lengths[i]);
		buf_clear(&webtest.sent);
		webtest_put_begin();
		webtest_put_params("/chat/x", NULL, large);
		webtest_put_body("", 0);
		webtest_exchange();
		assert_non_null(webtest_answer(&text));
		assert_int_equal(
			text.len, strlen("POST /x? ok 0:") + lengths[i]);
	}
	buf_free(&text);
}

static void
a_program_may_take_the_connection_over(void **state)
{
	(void)state;
	if (!served.hands_over)
		return; /* this front keeps all connections */
	webtest_put_request("/chat/taken", "");
	webtest_ask("Status: 200\r\n\r\none two");
}

/* ---- bodies */

static void
takes_a_body_up_to_the_limit(void **state)
{
	char *body = malloc(BODY_MAX + 2);
	struct buf text = BUF_INIT;

	(void)state;
	memset(body, 'b', BODY_MAX + 1);
	body[BODY_MAX] = '\0';
	webtest_put_request("/chat/x", body);
	buf_printf(&text, "POST /x? ok %d:%s", BODY_MAX, body);
	webtest_ask(buf_str(&text));

	/* One byte too many: announced by its length, or noticed on arrival. */
	body[BODY_MAX] = 'b';
	body[BODY_MAX + 1] = '\0';
	buf_clear(&webtest.sent);
	webtest_put_request("/chat/x", body);
	webtest_ask("POST /x? too_large 0:");
	buf_clear(&webtest.sent);
	webtest_put_begin();
	webtest_put_params("/chat/x", NULL, NULL);
	webtest_put_body(body, BODY_MAX + 1);
	webtest_exchange();
	buf_clear(&text);
	assert_non_null(webtest_answer(&text));
	assert_non_null(strstr(buf_str(&text), " too_large "));
	buf_free(&text);
	free(body);
}

static void
a_body_of_another_length_is_invalid(void **state)
{
	static const char *const lengths[] = { "3", "5", "99999", "0", "x" };

	(void)state;
	for (size_t i = 0; i < LENGTH(lengths); i++) {
		buf_clear(&webtest.sent);
		webtest_put_begin();
		webtest_put_params("/chat/x", lengths[i], NULL);
		webtest_put_body("body", 4);
		webtest_ask("POST /x? invalid 4:body");
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(a_program_may_take_the_connection_over),
		TEST(answers_a_request),
		TEST(the_base_path_is_taken_off),
		TEST(takes_a_request_in_pieces_of_any_size),
		TEST(splits_a_long_answer_into_records),
		TEST(takes_a_body_up_to_the_limit),
		TEST(a_body_of_another_length_is_invalid),
	};

	return fronttest_run(tests, LENGTH(tests));
}
