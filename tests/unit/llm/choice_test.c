/* choice_test.c: choices for a chat: parsed, stored, and written for each
 * wire. */

#include "llm/choice.h"

#include "../unit.h"
#include "base/attr.h"
#include "conf/conf.h"
#include "llm/request.h"
#include "json/json.h"

#include <string.h>

static void
what_is_kept_is_what_was_chosen(void **state)
{
	static const struct {
		const char *said, *kept; /* NULL if nothing is chosen */
	} cases[] = {
		{ "null", NULL },
		{ "{}", NULL },
		{ "{\"temperature\":null,\"effort\":null}", NULL },
		{ "{\"temperature\":0}", "{\"temperature\":0}" },
		{ "{ \"tools\" : true, \"temperature\" : 1.25 }",
			"{\"temperature\":1.25,\"tools\":true}" },
		{ "{\"tools\":false,\"maxTokens\":100000000,"
		  "\"effort\":\"high\"}",
			"{\"maxTokens\":100000000,\"effort\":\"high\","
			"\"tools\":false}" },
	};
	struct arena arena = ARENA_INIT;
	struct llm_choice choice;
	struct llm_choice_fault fault = { NULL, NULL };

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		struct span kept;

		assert_int_equal(llm_choice_read(&arena, span_of(cases[i].said),
					 &choice, &fault),
			OK);
		kept = llm_choice_write(&arena, &choice);
		if (cases[i].kept == NULL)
			assert_null(kept.data);
		else
			assert_true(span_is(kept, cases[i].kept));
	}
	arena_reset(&arena);
}

static void
what_cannot_be_chosen_is_said(void **state)
{
	static const char *const wrong[] = { "[]", "1", "\"low\"",
		"{\"top_p\":1}", "{\"temperature\":-0.1}",
		"{\"temperature\":2.01}", "{\"temperature\":\"1\"}",
		"{\"temperature\":"
		"0.00000000000000000000000000000000000001}",
		"{\"maxTokens\":0}", "{\"maxTokens\":100000001}",
		"{\"maxTokens\":1.5}", "{\"effort\":\"HIGH\"}",
		"{\"effort\":1}", "{\"tools\":\"on\"}", "{\"tools\":0}" };
	struct arena arena = ARENA_INIT;
	struct llm_choice choice;

	(void)state;
	for (size_t i = 0; i < LENGTH(wrong); i++) {
		struct llm_choice_fault fault = { NULL, NULL };

		assert_int_equal(llm_choice_read(&arena, span_of(wrong[i]),
					 &choice, &fault),
			ERR_INVALID);
		assert_non_null(fault.sentence);
	}
	arena_reset(&arena);
}

/* ---- the request with a choice */

static const char CHOICE[] =
	"{\"temperature\":0.5,\"maxTokens\":9000,\"effort\":\"low\"}";

/* The request with a question for a model of this kind. */
static struct span
asked_within(struct arena *arena, int64_t kind, const char *max_tokens,
	const char *options, const char *said, const char *words)
{
	struct llm_settings settings = { .kind = kind,
		.max_tokens = { max_tokens,
			max_tokens != NULL ? strlen(max_tokens) : 0 },
		.base_url = "",
		.model = "m",
		.system_prompt = "",
		.takes_words = "",
		.context_tokens = 4096 };
	struct llm_ask ask = { .settings = &settings };
	struct llm_message message = { .role = LLM_USER,
		.parts = span_of("[{\"type\":\"text\",\"text\":\"hi\"}]") };
	struct llm_choice choice;
	struct llm_asked is;
	struct buf body = BUF_INIT;
	struct llm_choice_fault fault = { NULL, NULL };
	struct span copy;

	settings.options = span_of(options);
	assert_int_equal(
		json_parse_own(arena, settings.options, &settings.option_list),
		OK);
	assert_int_equal(
		llm_choice_read(arena, span_of(said), &choice, &fault), OK);
	assert_int_equal(llm_takes_read(&ask.takes, span_of(words), false), OK);
	assert_int_equal(
		llm_choice_apply(arena, &choice, &settings, &ask.takes), OK);
	assert_int_equal(llm_request(arena, &ask, &message, 1, &body, &is), OK);
	copy = arena_span(arena, buf_span(&body));
	buf_free(&body);
	return copy;
}

static struct span
asked(struct arena *arena, int64_t kind, const char *options, const char *said,
	const char *words)
{
	return asked_within(arena, kind, NULL, options, said, words);
}

static void
assert_member(struct span object, const char *key, const char *expected)
{
	struct span raw = json_raw_get(object, key);

	if (expected == NULL ? raw.data != NULL : !span_is(raw, expected))
		fail_msg("%s is %.*s, not %s", key, (int)raw.len,
			raw.data != NULL ? raw.data : "", expected);
}

static void
it_goes_before_settings_and_options(void **state)
{
	struct arena arena = ARENA_INIT;
	struct span body;

	(void)state;
	body = asked(&arena, CONF_OPENAI,
		"{\"temperature\":1,\"max_completion_tokens\":9001,"
		"\"reasoning_effort\":\"high\",\"top_p\":0.5}",
		CHOICE, "");
	assert_member(body, "temperature", "0.5");
	assert_member(body, "max_tokens", "9000");
	assert_member(body, "max_completion_tokens", NULL);
	assert_member(body, "reasoning_effort", "\"low\"");
	assert_member(body, "top_p", "0.5");

	body = asked(&arena, CONF_RESPONSES,
		"{\"reasoning\":{\"effort\":\"high\"},\"max_tokens\":9001}",
		CHOICE, "");
	assert_member(body, "max_output_tokens", "9000");
	assert_member(
		body, "reasoning", "{\"effort\":\"low\",\"summary\":\"auto\"}");

	body = asked(&arena, CONF_ANTHROPIC,
		"{\"thinking\":{\"type\":\"adaptive\"},\"max_tokens\":9001}",
		CHOICE, "");
	assert_member(body, "max_tokens", "9000");
	assert_member(body, "thinking",
		"{\"type\":\"enabled\",\"budget_tokens\":2048}");
	assert_member(body, "temperature", NULL);

	body = json_raw_get(
		asked(&arena, CONF_GEMINI,
			"{\"generationConfig\":{\"temperature\":1,"
			"\"thinkingConfig\":{\"thinkingLevel\":\"high\"}}}",
			CHOICE, ""),
		"generationConfig");
	assert_member(body, "temperature", "0.5");
	assert_member(body, "maxOutputTokens", "9000");
	assert_member(body, "thinkingConfig",
		"{\"includeThoughts\":true,\"thinkingBudget\":2048}");
	arena_reset(&arena);
}

/* A choice never exceeds an administrator's maximum, wherever that is set. */
static void
a_maximum_stays_one(void **state)
{
	static const struct {
		int64_t kind;
		const char *member; /* the member under which it is sent */
		/* the option in which it may be set instead */
		const char *option;
	} kinds[] = {
		{ CONF_OPENAI, "max_tokens", "{\"max_tokens\":100}" },
		{ CONF_OPENAI, "max_tokens",
			"{\"max_completion_tokens\":100.0}" },
		{ CONF_RESPONSES, "max_output_tokens",
			"{\"max_output_tokens\":100}" },
		{ CONF_ANTHROPIC, "max_tokens", "{\"max_tokens\":100}" },
		{ CONF_GEMINI, "maxOutputTokens",
			"{\"generationConfig\":{\"maxOutputTokens\":100}}" },
		{ CONF_GEMINI, "maxOutputTokens",
			"{\"generation_config\":{\"max_output_tokens\":100}}" },
	};
	static const char many[] =
		"{\"temperature\":0.5,\"maxTokens\":100000000}";
	struct arena arena = ARENA_INIT;

	(void)state;
	for (size_t i = 0; i < LENGTH(kinds) * 4; i++) {
		int64_t kind = kinds[i / 4].kind;
		const char *max = i % 4 == 1 ? NULL : "100",
			   *option = i % 4 == 1 ? kinds[i / 4].option : "{}",
			   *said = i % 4 == 2 ? "{\"maxTokens\":99}"
			: i % 4 == 3          ? "{\"maxTokens\":101}"
					      : many;
		struct span body =
			asked_within(&arena, kind, max, option, said, "");

		if (kind == CONF_GEMINI)
			body = json_raw_get(body, "generationConfig");
		assert_member(
			body, kinds[i / 4].member, i % 4 == 2 ? "99" : "100");
		if (said == many)
			assert_member(body, "temperature", "0.5");
	}
	arena_reset(&arena);
}

static void
what_a_model_does_not_take_is_left_out(void **state)
{
	static const char none[] = "{\"effort\":\"none\"}";
	struct arena arena = ARENA_INIT;
	struct span body;

	(void)state;
	body = asked(&arena, CONF_OPENAI, "{}", CHOICE, "effort=off");
	assert_member(body, "reasoning_effort", NULL);
	body = asked(&arena, CONF_RESPONSES, "{}", CHOICE, "effort=off");
	assert_member(body, "reasoning", NULL);
	body = asked(&arena, CONF_ANTHROPIC, "{}", CHOICE, "effort=off");
	assert_member(body, "thinking", NULL);
	assert_member(body, "temperature", "0.5");
	/* Nor if there is no room for a thought. */
	body = asked(&arena, CONF_ANTHROPIC, "{}",
		"{\"maxTokens\":2000,\"effort\":\"high\"}", "");
	assert_member(body, "thinking", NULL);
	body = asked(&arena, CONF_ANTHROPIC, "{}", none, "");
	assert_member(body, "thinking", NULL);
	body = asked(&arena, CONF_GEMINI, "{}", none, "");
	assert_member(json_raw_get(body, "generationConfig"), "thinkingConfig",
		"{\"thinkingBudget\":0}");
	arena_reset(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_kept_is_what_was_chosen),
		cmocka_unit_test(what_cannot_be_chosen_is_said),
		cmocka_unit_test(it_goes_before_settings_and_options),
		cmocka_unit_test(a_maximum_stays_one),
		cmocka_unit_test(what_a_model_does_not_take_is_left_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
