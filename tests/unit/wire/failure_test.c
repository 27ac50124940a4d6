/* Providers' error messages: found in every form, and classified. */

#include "wire/failure.h"

#include "../unit.h"
#include "base/attr.h"

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
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
