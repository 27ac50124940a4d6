/* client_test.c: how one call to a model ends. Only outcomes are compared,
 * never durations. */

#include "llm/client_private.h"
#include "testcall.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- outcomes */

static const struct outcome {
	const char *name;
	struct answer answers[4];
	unsigned n_answers;
	enum llm_fault fault;
	const char *text;
	unsigned n_asked;
	int64_t first_byte_ms, idle_ms, total_ms; /* 0 is a minute */
} outcomes[] = {
	{ "an answer", { { HEAD_200 DELTA("Hi") STOP DONE, CLOSE } }, 1, LLM_OK,
		"Hi", 1, 0, 0, 0 },
	{ "no [DONE]", { { HEAD_200 DELTA("Hi") STOP, CLOSE } }, 1, LLM_OK,
		"Hi", 1, 0, 0, 0 },
	{ "a reset after [DONE]", { { HEAD_200 DELTA("Hi") STOP DONE, RESET } },
		1, LLM_OK, "Hi", 1, 0, 0, 0 },
	{ "a hang after [DONE]", { { HEAD_200 DELTA("Hi") STOP DONE, HANG } },
		1, LLM_OK, "Hi", 1, 0, 50, 0 },

	{ "busy, then an answer",
		{ { REFUSE("503", "retry-after-ms: 1\r\n", "x"), CLOSE },
			{ REFUSE("429", "Retry-After: 0\r\n", ""), CLOSE },
			{ HEAD_200 DELTA("Hi") STOP DONE, CLOSE } },
		3, LLM_OK, "Hi", 3, 0, 0, 0 },
	{ "throttled for good",
		{ { REFUSE("429", "Retry-After: 0\r\n", "x"), CLOSE } }, 1,
		LLM_THROTTLED, "", 3, 0, 0, 0 },
	{ "broken for good",
		{ { REFUSE("500", "Retry-After: 0\r\n", "x"), CLOSE } }, 1,
		LLM_FAILED, "", 3, 0, 0, 0 },
	{ "a wrong key", { { REFUSE("401", "", "{}"), CLOSE } }, 1, LLM_KEY, "",
		1, 0, 0, 0 },
	{ "a bad request", { { REFUSE("400", "", "{}"), CLOSE } }, 1,
		LLM_REJECTED, "", 1, 0, 0, 0 },
	{ "a conversation that is too long",
		{ { REFUSE("400", "",
			    "{\"error\":{\"code\":\"context_length_exceeded\""
			    "}}"),
			CLOSE } },
		1, LLM_TOO_LARGE, "", 1, 0, 0, 0 },
	{ "a wrong path", { { REFUSE("404", "", ""), CLOSE } }, 1,
		LLM_NOT_FOUND, "", 1, 0, 0, 0 },
	{ "a redirect",
		{ { REFUSE("307", "Location: http://127.0.0.1:1/\r\n", ""),
			CLOSE } },
		1, LLM_NOT_FOUND, "", 1, 0, 0, 0 },
	{ "an error that never ends", { { REFUSE("404", "", "half"), HANG } },
		1, LLM_NOT_FOUND, "", 1, 0, 50, 0 },

	{ "HTML", { { HEAD_200 "<html>hello</html>", CLOSE } }, 1,
		LLM_NOT_STREAM, "", 1, 0, 0, 0 },
	{ "nothing", { { HEAD_200, CLOSE } }, 1, LLM_NOT_STREAM, "", 1, 0, 0,
		0 },
	{ "an end without a reason", { { HEAD_200 DELTA("ha"), CLOSE } }, 1,
		LLM_CUT, "ha", 1, 0, 0, 0 },
	{ "a reset", { { HEAD_200 DELTA("ha"), RESET } }, 1, LLM_CUT, "ha", 1,
		0, 0, 0 },
	{ "an error inside",
		{ { HEAD_200 DELTA(
			    "ha") "data: {\"error\":{\"message\":\"no\"}}\n\n" DELTA("x")
				STOP,
			CLOSE } },
		1, LLM_ERROR, "ha", 1, 0, 0, 0 },
	{ "garbage inside",
		{ { HEAD_200 DELTA("ha") "data: {]\n\n" STOP, CLOSE } }, 1,
		LLM_OK, "ha", 1, 0, 0, 0 },
	{ "garbage", { { HEAD_200 "data: {]\n\n" DONE, CLOSE } }, 1,
		LLM_MALFORMED, "", 1, 0, 0, 0 },

	{ "silence", { { "", HANG } }, 1, LLM_SILENT, "", 1, 50, 0, 0 },
	{ "silence after the head", { { HEAD_200, HANG } }, 1, LLM_SILENT, "",
		1, 50, 0, 0 },
	{ "a hang in the middle", { { HEAD_200 DELTA("ha"), HANG } }, 1,
		LLM_STALLED, "ha", 1, 0, 50, 0 },
	/* A server that is alive must send content in the end: ten times
	 * that. */
	{ "comments alone", { { HEAD_200, COMMENTS } }, 1, LLM_SILENT, "", 1, 0,
		100, 5000 },
	{ "comments in the middle", { { HEAD_200 DELTA("ha"), COMMENTS } }, 1,
		LLM_STALLED, "ha", 1, 0, 100, 5000 },
	{ "empty pieces alone", { { HEAD_200, EMPTIES } }, 1, LLM_SILENT, "", 1,
		0, 100, 5000 },
	{ "an error that is sent for ever",
		{ { REFUSE("404", "", "half"), COMMENTS } }, 1, LLM_NOT_FOUND,
		"", 1, 0, 100, 5000 },
	{ "no end", { { HEAD_200, DRIBBLE } }, 1, LLM_TOO_LONG, NULL, 1, 0, 0,
		100 },
};

static void
run_outcome(const struct outcome *outcome)
{
	struct server server;
	struct llm_conf conf;
	struct run run;
	char url[64];

	testserver_open(&server, outcome->answers, outcome->n_answers);
	conf = testserver_conf(server.port, url);
	if (outcome->first_byte_ms > 0)
		conf.first_byte_timeout_ms = outcome->first_byte_ms;
	if (outcome->idle_ms > 0)
		conf.idle_timeout_ms = outcome->idle_ms;
	if (outcome->total_ms > 0)
		conf.total_timeout_ms = outcome->total_ms;
	testrun_open(&run, &conf);
	testrun_start(&run);
	loop_run(run.loop);
	testserver_close(&server);

	print_message("%s\n", outcome->name);
	assert_string_equal(llm_fault_word(run.result.fault),
		llm_fault_word(outcome->fault));
	assert_int_equal(run.n_ends, 1);
	assert_int_equal(server.n_asked, outcome->n_asked);
	assert_int_equal(llm_client_calls(run.client), 0);
	if (outcome->text != NULL)
		assert_string_equal(buf_str(&run.text), outcome->text);
	testrun_close(&run);
}

static void
test_outcomes(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(outcomes); i++)
		run_outcome(&outcomes[i]);
}

/* Nobody listens at the port. */
static void
test_refused(void **state)
{
	struct server server;
	struct llm_conf conf;
	struct run run;
	char url[64];

	(void)state;
	testserver_open(&server, NULL, 0);
	conf = testserver_conf(server.port, url);
	conf.retries = 0;
	testserver_close(&server);
	testrun_open(&run, &conf);
	testrun_start(&run);
	loop_run(run.loop);
	assert_int_equal(run.result.fault, LLM_UNREACHABLE);
	testrun_close(&run);
}

static void
test_no_model(void **state)
{
	struct llm_conf conf;
	struct run run;
	char url[64];

	(void)state;
	conf = testserver_conf(1, url);
	conf.base_url = "";
	testrun_open(&run, &conf);
	testrun_start(&run);
	assert_int_equal(run.n_ends, 0);
	loop_run(run.loop);
	assert_int_equal(run.result.fault, LLM_NO_MODEL);
	testrun_close(&run);
}

/* Endless headers, before an answer and in place of one. */
static void
test_header_flood(void **state)
{
	struct buf text = BUF_INIT;
	struct answer answer = { NULL, CLOSE };
	struct server server;
	struct llm_conf conf;
	struct run run;
	char url[64];

	(void)state;
	buf_puts(&text, "HTTP/1.1 200 OK\r\n");
	for (int i = 0; i < 2000; i++)
		buf_printf(
			&text, "X-%d: 0123456789012345678901234567890\r\n", i);
	buf_puts(&text, "\r\n" DELTA("Hi") STOP DONE);
	answer.text = buf_str(&text);
	testserver_open(&server, &answer, 1);
	conf = testserver_conf(server.port, url);
	testrun_open(&run, &conf);
	testrun_start(&run);
	loop_run(run.loop);
	assert_string_equal(llm_fault_word(run.result.fault), "not_stream");
	testserver_close(&server);
	testrun_close(&run);
	buf_free(&text);
}

/* A plain HTTP server does not speak TLS; there is no second attempt. */
static void
test_tls(void **state)
{
	static const struct answer answer = { "HTTP/1.1 400 x\r\n\r\n",
		UNASKED };
	struct server server;
	struct llm_conf conf;
	struct run run;
	char url[64];

	(void)state;
	testserver_open(&server, &answer, 1);
	conf = testserver_conf(server.port, url);
	snprintf(url, sizeof(url), "https://127.0.0.1:%d/v1", server.port);
	testrun_open(&run, &conf);
	testrun_start(&run);
	loop_run(run.loop);
	assert_int_equal(run.result.fault, LLM_TLS);
	testrun_close(&run);
	testserver_close(&server);
	assert_int_equal(server.n_asked, 1);
}

static void
test_request(void **state)
{
	static const struct answer answer = { HEAD_200 STOP DONE, CLOSE };
	struct server server;
	struct llm_conf conf;
	struct run run;
	char url[64];

	(void)state;
	setenv("http_proxy", "http://127.0.0.1:1/", 1);
	setenv("all_proxy", "http://127.0.0.1:1/", 1);
	testserver_open(&server, &answer, 1);
	conf = testserver_conf(server.port, url);
	testrun_open(&run, &conf);
	testrun_start(&run);
	loop_run(run.loop);
	testrun_close(&run);
	testserver_close(&server);
	unsetenv("http_proxy");
	unsetenv("all_proxy");
	assert_int_equal(run.result.fault, LLM_OK);
	assert_ptr_equal(strstr(server.request,
				 "POST /v1/chat/completions HTTP/1.1\r\n"),
		server.request);
	assert_non_null(strstr(
		server.request, "\r\nAuthorization: Bearer sk-secret\r\n"));
	assert_non_null(strstr(
		server.request, "\r\nContent-Type: application/json\r\n"));
	assert_null(strcasestr(server.request, "\nExpect"));
	assert_non_null(
		strstr(server.request, "\nAccept-Encoding: identity\r\n"));
	assert_non_null(strstr(server.request, "\r\n\r\n{}"));
}

/* ---- configuration */

static void
expect_refused(const char *base_url, const char *key, const char *ca_file)
{
	struct llm_model *model;
	struct llm_conf conf;
	char url[64];

	conf = testserver_conf(1, url);
	if (base_url != NULL)
		conf.base_url = base_url;
	if (key != NULL)
		conf.api_key = key;
	if (ca_file != NULL)
		conf.ca_file = ca_file;
	assert_int_equal(testrun_model(&conf, &model), ERR_INVALID);
}

static void
test_configuration(void **state)
{
	(void)state;
	expect_refused("ftp://x/v1", NULL, NULL);
	expect_refused("file:///etc/passwd", NULL, NULL);
	expect_refused("127.0.0.1:11434/v1", NULL, NULL);
	expect_refused("http://", NULL, NULL);
	expect_refused("http://user:password@x/v1", NULL, NULL);
	expect_refused("http://x/v1?key=1", NULL, NULL);
	expect_refused(NULL, "two\nlines", NULL);
	expect_refused(NULL, NULL, "/nonexistent/ca.pem");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_outcomes),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_no_model),
		cmocka_unit_test(test_header_flood),
		cmocka_unit_test(test_tls),
		cmocka_unit_test(test_request),
		cmocka_unit_test(test_configuration),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
