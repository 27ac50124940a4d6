/*
 * Providers' error messages: found in every form, classified, and prepared for
 * the log.
 */

#include "llm/failure.h"

#include "../unit.h"
#include "base/attr.h"
#include "llm/failure_log.h"

#include <stdio.h>
#include <string.h>

/* ---- finding */

static const struct {
	const char *body, *message, *code;
} forms[] = {
	/* OpenAI, DeepSeek, Groq, Mistral, Together, xAI */
	{ "{\"error\":{\"message\":\"no\",\"type\":\"t\",\"param\":null,"
	  "\"code\":\"c_1\"}}",
		"no", "c_1" },
	{ "{\"error\":{\"message\":\"no\",\"type\":\"t\",\"code\":null}}", "no",
		"" },
	{ "{\"error\":\"no\"}", "no", "" },
	/* vLLM, LM Studio */
	{ "{\"object\":\"error\",\"message\":\"no\",\"type\":\"BadRequestError\""
	  ",\"param\":null,\"code\":400}",
		"no", "400" },
	/* FastAPI: Mistral, Xinference */
	{ "{\"detail\":\"no\"}", "no", "" },
	{ "{\"detail\":[{\"loc\":[\"body\"],\"msg\":\"no\",\"type\":\"x\"}]}",
		"no", "" },
	/* Cloudflare */
	{ "{\"success\":false,\"errors\":[{\"code\":7003,\"message\":\"no\"}]}",
		"no", "7003" },
	/* Gemini: inside an array */
	{ "[{\"error\":{\"code\":400,\"message\":\"no\",\"status\":"
	  "\"INVALID_ARGUMENT\"}}]",
		"no", "400" },
	/* OpenRouter: the cause is JSON inside JSON */
	{ "{\"error\":{\"message\":\"Provider returned error\",\"code\":400,"
	  "\"metadata\":{\"raw\":\"{\\\"error\\\":{\\\"message\\\":\\\"no\\\"}}"
	  "\",\"provider_name\":\"x\"}}}",
		"no", "400" },
	/* LiteLLM: with words before the JSON */
	{ "{\"error\":{\"message\":\"litellm.BadRequestError: "
	  "{\\\"error\\\":{\\\"message\\\":\\\"no\\\"}}\"}}",
		"no", "" },
	/* MiniMax, Qianfan, DashScope, Bedrock, OAuth */
	{ "{\"base_resp\":{\"status_code\":1004,\"status_msg\":\"no\"}}", "no",
		"1004" },
	{ "{\"error_code\":17,\"error_msg\":\"no\"}", "no", "17" },
	{ "{\"code\":\"InvalidParameter\",\"message\":\"no\",\"request_id\":"
	  "\"x\"}",
		"no", "InvalidParameter" },
	{ "{\"Message\":\"no\"}", "no", "" },
	{ "{\"error\":{\"type\":\"x\"},\"error_description\":\"no\"}", "no",
		"" },
	/* pages and plain text */
	{ "<html><head><title>502 Bad Gateway</title></head>",
		"502 Bad Gateway", "" },
	{ "upstream connect error", "upstream connect error", "" },
	/* truncated */
	{ "{\"error\":{\"message\":\"no\",\"x\":\"", "no", "" },
	{ "{\"error\": {\"message\": \"it goes on", "it goes on", "" },
	/* without words */
	{ "", "", "" },
	{ "{}", "", "" },
	{ "null", "", "" },
	{ "{\"error\":null}", "", "" },
	{ "{\"error\":{\"code\":\"two words\"}}", "", "" },
	{ "{\"error\":{\"code\":\"a\\nb\"}}", "", "" },
	{ "[[[[[[[[[[\"deep\"]]]]]]]]]]", "", "" },
};

static void
test_messages_are_found_in_each_form(void **state)
{
	struct failure failure;

	(void)state;
	for (size_t i = 0; i < LENGTH(forms); i++) {
		failure_read(&failure, 400, span_of(forms[i].body));
		if (strcmp(failure.message, forms[i].message) != 0 ||
			strcmp(failure.code, forms[i].code) != 0)
			fail_msg("%s: \"%s\" %s", forms[i].body,
				failure.message, failure.code);
		assert_int_equal(failure.status, 400);
	}
}

/* ---- classification */

static const struct {
	long status;
	const char *body;
	enum llm_fault fault;
} meanings[] = {
	{ 401, "", LLM_KEY },
	{ 401, "{\"error\":\"no quota, no billing\"}", LLM_KEY },
	{ 403, "", LLM_KEY },
	{ 402, "", LLM_QUOTA },
	{ 429, "", LLM_THROTTLED },
	{ 429, "{\"error\":{\"code\":\"insufficient_quota\"}}", LLM_QUOTA },
	{ 429, "{\"error\":{\"message\":\"Insufficient balance\"}}",
		LLM_QUOTA },
	{ 400,
		"{\"code\":\"Arrearage\",\"message\":\"Access denied, please "
		"make sure your account is in good standing.\"}",
		LLM_QUOTA },
	{ 529, "", LLM_OVERLOADED },
	{ 503, "", LLM_FAILED },
	{ 503, "{\"error\":{\"message\":\"The model is overloaded.\"}}",
		LLM_OVERLOADED },
	{ 500, "x", LLM_FAILED },
	{ 408, "", LLM_FAILED },
	{ 413, "<html>", LLM_TOO_LARGE },
	{ 400, "{\"error\":{\"code\":\"context_length_exceeded\"}}",
		LLM_TOO_LARGE },
	{ 400,
		"{\"object\":\"error\",\"message\":\"This model's maximum "
		"context length is 4096 tokens.\",\"code\":400}",
		LLM_TOO_LARGE },
	{ 400,
		"{\"error\":{\"code\":400,\"message\":\"the request exceeds the "
		"available context size\",\"type\":\"exceed_context_size_error\""
		"}}",
		LLM_TOO_LARGE },
	{ 400, "{\"error\":{\"message\":\"prompt is too long: 9 > 8\"}}",
		LLM_TOO_LARGE },
	{ 404, "", LLM_NOT_FOUND },
	{ 400, "{\"error\":{\"message\":\"x is not a valid model ID\"}}",
		LLM_NOT_FOUND },
	{ 404, "{\"error\":{\"message\":\"model \\\"x\\\" not found\"}}",
		LLM_NOT_FOUND },
	{ 404,
		"{\"error\":{\"message\":\"No endpoints found that support tool "
		"use.\"}}",
		LLM_NO_TOOLS },
	{ 400, "{\"error\":{\"message\":\"x does not support tools\"}}",
		LLM_NO_TOOLS },
	{ 400,
		"{\"message\":\"\\\"auto\\\" tool choice requires "
		"--enable-auto-tool-choice and --tool-call-parser to be set\"}",
		LLM_NO_TOOLS },
	{ 404,
		"{\"error\":{\"message\":\"No endpoints found that support image "
		"input\"}}",
		LLM_NO_IMAGES },
	{ 400, "{\"message\":\"x is not a multimodal model; image\"}",
		LLM_NO_IMAGES },
	{ 500,
		"{\"error\":{\"message\":\"image input is not supported - hint: "
		"provide the mmproj\"}}",
		LLM_NO_IMAGES },
	{ 400, "{\"error\":{\"message\":\"This file type is not supported\"}}",
		LLM_NO_FILES },
	{ 400, "{\"error\":{\"code\":\"content_filter\"}}", LLM_FILTERED },
	{ 400, "{\"code\":\"DataInspectionFailed\"}", LLM_FILTERED },
	{ 400, "{\"error\":{\"message\":\"Content Exists Risk\"}}",
		LLM_FILTERED },
	{ 400, "{\"error\":{\"message\":\"bad\"}}", LLM_REJECTED },
	{ 422, "", LLM_REJECTED },
	{ 307, "", LLM_NOT_FOUND },
	/* In a stream the error's own number is its status. */
	{ 0, "{\"error\":{\"code\":429,\"message\":\"x\"}}", LLM_THROTTLED },
	{ 0, "{\"error\":{\"code\":502,\"message\":\"x\"}}", LLM_FAILED },
	{ 0, "{\"error\":{\"message\":\"x\"}}", LLM_ERROR },
	{ 0, "{\"error\":{\"code\":7,\"message\":\"x\"}}", LLM_ERROR },
};

static void
test_failures_are_classified(void **state)
{
	struct failure failure;

	(void)state;
	for (size_t i = 0; i < LENGTH(meanings); i++) {
		failure_read(&failure, meanings[i].status,
			span_of(meanings[i].body));
		if (failure_fault(&failure, LLM_ERROR) != meanings[i].fault)
			fail_msg("%ld %s: %s", meanings[i].status,
				meanings[i].body,
				llm_fault_word(
					failure_fault(&failure, LLM_ERROR)));
	}
}

/* ---- logging */

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

/* ---- Google's details */

#define QUOTA(details)                                                       \
	"[{\"error\":{\"code\":429,\"message\":\"You exceeded your current " \
	"quota\",\"status\":\"RESOURCE_EXHAUSTED\",\"details\":[" details    \
	"]}}]"
#define RETRY(delay)                                               \
	"{\"@type\":\"type.googleapis.com/google.rpc.RetryInfo\"," \
	"\"retryDelay\":" delay "}"
#define VIOLATED(id)                                                  \
	"{\"@type\":\"type.googleapis.com/google.rpc.QuotaFailure\"," \
	"\"violations\":[{\"quotaId\":\"" id "\"}]}"

/* A quota that soon refills is waited for; a daily quota is exhausted. */
static void
test_short_quotas_are_waited_for(void **state)
{
	static const struct {
		const char *body;
		int64_t retry_ms;
		enum llm_fault fault;
	} cases[] = {
		{ QUOTA(RETRY("\"34s\"")), 34000, LLM_THROTTLED },
		{ QUOTA(RETRY("\"0.25s\"")), 250, LLM_THROTTLED },
		{ QUOTA(VIOLATED("GenerateRequestsPerMinute") "," RETRY(
			  "\"2s\"")),
			2000, LLM_THROTTLED },
		{ QUOTA(VIOLATED("GenerateRequestsPerDay") "," RETRY("\"2s\"")),
			0, LLM_QUOTA },
		{ QUOTA(RETRY("\"2s\"") "," VIOLATED("TokensPerDay-Free")), 0,
			LLM_QUOTA },
		{ QUOTA(""), 0, LLM_QUOTA },
		{ QUOTA("1,null,{}"), 0, LLM_QUOTA },
		{ QUOTA(RETRY("\"0s\"")), 0, LLM_QUOTA },
		{ QUOTA(RETRY("\"-1s\"")), 0, LLM_QUOTA },
		{ QUOTA(RETRY("\"nans\"")), 0, LLM_QUOTA },
		{ QUOTA(RETRY("\"1e300s\"")), 0, LLM_QUOTA },
		{ QUOTA(RETRY("\"2\"")), 0, LLM_QUOTA },
		{ QUOTA(RETRY("2")), 0, LLM_QUOTA },
	};
	struct failure failure;

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		failure_read(&failure, 429, span_of(cases[i].body));
		assert_int_equal(failure.retry_ms, cases[i].retry_ms);
		assert_int_equal(
			failure_fault(&failure, LLM_ERROR), cases[i].fault);
	}
}

static void
test_which_statuses_are_retried(void **state)
{
	static const long again[] = { 408, 409, 429, 500, 502, 503, 504, 529 };
	static const long never[] = { 0, 200, 302, 400, 401, 403, 404, 413,
		422 };

	(void)state;
	for (size_t i = 0; i < LENGTH(again); i++)
		assert_true(failure_may_pass(again[i]));
	for (size_t i = 0; i < LENGTH(never); i++)
		assert_false(failure_may_pass(never[i]));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_which_statuses_are_retried),
		cmocka_unit_test(test_short_quotas_are_waited_for),
		cmocka_unit_test(test_messages_are_found_in_each_form),
		cmocka_unit_test(test_failures_are_classified),
		cmocka_unit_test(test_log_has_no_key_and_no_conversation),
		cmocka_unit_test(test_no_piece_of_the_key),
		cmocka_unit_test(test_none_of_several_keys),
		cmocka_unit_test(test_log_in_a_stream),
		cmocka_unit_test(test_log_is_short),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
