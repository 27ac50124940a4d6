/* What refusals teach, in the words of real providers. */

#include "wire/adapt.h"

#include "../unit.h"
#include "llm/context.h"
#include "json/write.h"

#include <string.h>

#define ALL ((1u << LLM_ABILITY_N) - 1)

static struct failure
failure_of(long status, const char *body)
{
	struct failure failure;

	failure_read(&failure, status, span_of(body));
	return failure;
}

/* What one refusal changes in a request that had all of this. */
static void
assert_teaches(
	unsigned had, long status, const char *message, const char *words)
{
	struct llm_asked asked = { .had = had };
	struct adapt adapt = { 0 };
	struct buf body = BUF_INIT, is = BUF_INIT;
	struct failure failure;

	buf_puts(&body, "{\"error\":{\"message\":");
	json_quote(&body, span_of(message));
	buf_puts(&body, "}}");
	failure = failure_of(status, buf_str(&body));
	assert_int_equal(adapt_next(&adapt, &asked, &failure, &asked.takes),
		*words != 0);
	llm_takes_write(&asked.takes, &is);
	assert_string_equal(buf_str(&is), words);
	buf_free(&body);
	buf_free(&is);
}

/* The request had everything except a chosen effort. */
static void
assert_taught(long status, const char *message, const char *words)
{
	assert_teaches(ALL & ~TAKES_BIT(TAKES_EFFORT), status, message, words);
}

static void
an_effort_that_was_chosen_goes_first(void **state)
{
	(void)state;
	assert_teaches(ALL, 400, "Unknown: reasoning_effort", "effort=off");
	assert_teaches(ALL, 400, "No 'reasoning.effort'", "effort=off");
	assert_teaches(ALL, 400, "Thinking is not supported", "effort=off");
	assert_teaches(ALL, 400, "thinking.budget_tokens", "effort=off");
}

static void
words_point_at_what_is_refused(void **state)
{
	(void)state;
	assert_taught(400,
		"Unrecognized request argument supplied: stream_options",
		"stream_options=off");
	assert_taught(400,
		"registry.ollama.ai/library/gemma3:latest does not "
		"support tools",
		"tools=off");
	assert_taught(
		404, "No endpoints found that support tool use.", "tools=off");
	assert_taught(400,
		"Function call is missing a thought_signature in functionCall "
		"parts. This is required for tools to work correctly.",
		"reasoning=always");
	assert_taught(400,
		"Unable to submit request because "
		"thinking_config.include_thoughts is only enabled when "
		"thinking is enabled.",
		"reasoning=off");
	assert_taught(400, "Thinking is not supported by this model.",
		"reasoning=off");
	assert_taught(400,
		"Encrypted content is not supported with this model.",
		"reasoning=off");
	assert_taught(400,
		"Unsupported parameter: 'reasoning.effort' is not supported "
		"with this model.",
		"reasoning=off");
	assert_taught(400, "Unsupported parameter: max_output_tokens",
		"max_tokens=off");
	assert_taught(400,
		"\"auto\" tool choice requires "
		"--enable-auto-tool-choice and --tool-call-parser to "
		"be set",
		"tools=off");
	assert_taught(500, "Unsupported param: tools", "tools=off");
	assert_taught(400,
		"deepseek-reasoner does not support this "
		"tool_choice",
		"tool_choice=off");
	assert_taught(400,
		"'messages.2' : for 'role:assistant' the following "
		"must be satisfied[('messages.2' : property "
		"'reasoning_content' is unsupported)]",
		"reasoning=off");
	assert_taught(400,
		"thinking is enabled but reasoning_content is "
		"missing in assistant tool call message at index 2",
		"reasoning=always");
	assert_taught(400,
		"Tool call id was call_1 but must be a-z, A-Z, 0-9, "
		"with a length of 9.",
		"call_ids=short");
	assert_taught(400,
		"This model only supports single tool-calls at "
		"once!",
		"parallel_calls=off");
	assert_taught(400,
		"Failed to deserialize the JSON body into the "
		"target type: messages[0]: unknown variant "
		"`image_url`, expected `text`",
		"images=off");
	assert_taught(500,
		"image input is not supported - hint: you may need "
		"to provide the mmproj",
		"images=off");
	assert_taught(400, "messages.1.content : value must be a string",
		"images=off rare_images=off pdf=off audio=off");
	assert_taught(400, "System role not supported", "system=user");
	assert_taught(400,
		"Developer instruction is not enabled for "
		"models/gemma-3-27b-it",
		"system=user");
	assert_taught(400,
		"Conversation roles must alternate "
		"user/assistant/user/assistant/...",
		"system=user");
	assert_taught(400,
		"Unsupported value: 'messages[0].role' does not "
		"support 'system' with this model.",
		"system=developer");
	assert_taught(400,
		"Unsupported parameter: 'max_tokens' is not "
		"supported with this model. Use "
		"'max_completion_tokens' instead.",
		"max_tokens=max_completion_tokens temperature=off");
	assert_taught(400,
		"max_tokens is too large: 100000. This model "
		"supports at most 4096 completion tokens",
		"max_tokens=off");
	assert_taught(400,
		"Unsupported value: 'temperature' does not support "
		"0.5 with this model.",
		"temperature=off");
	assert_taught(400,
		"tools.0.custom.cache_control: Extra inputs are not permitted",
		"cache=off");
}

/* Thoughts in other chats may be fine; and a form that the wire does not have
 * is not tried. */
static void
one_bad_thought_says_nothing_of_all(void **state)
{
	static const char *const said[] = {
		"messages.1.content.0: Invalid `signature` in `thinking` block",
		"messages.1.content.0.type: Expected `thinking` or "
		"`redacted_thinking`, but found `tool_use`",
		"The encrypted content gAAA could not be verified.",
		"Item 'rs_1' of type 'reasoning' was provided without its "
		"required following item.",
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(said); i++) {
		struct llm_asked asked = { .had = ALL };
		struct failure failure = failure_of(400, said[i]);
		struct adapt adapt = { 0 };

		assert_true(adapt_next(&adapt, &asked, &failure, &asked.takes));
		assert_int_equal(asked.takes.way[TAKES_REASONING], WAY_OFF);
		assert_int_equal(adapt_lessons(&adapt, true), 0);
	}
}

static void
what_is_fixed_stays(void **state)
{
	struct llm_asked asked = { .had = ALL,
		.fixed = TAKES_BIT(TAKES_STREAM_OPTIONS) };
	struct failure failure = failure_of(400, "Bad Request");
	struct adapt adapt = { 0 };

	(void)state;
	assert_true(adapt_next(&adapt, &asked, &failure, &asked.takes));
	assert_int_equal(asked.takes.way[TAKES_STREAM_OPTIONS], WAY_ON);
	assert_int_equal(asked.takes.way[TAKES_TOOLS], WAY_OFF);
}

static void
words_that_point_at_nothing_lead_to_guesses(void **state)
{
	struct llm_asked asked = { .had = ALL };
	struct failure failure = failure_of(400, "Bad Request");
	struct adapt adapt = { 0 };
	struct buf is = BUF_INIT;

	(void)state;
	for (int i = 0; i < ADAPT_MAX; i++)
		assert_true(adapt_next(&adapt, &asked, &failure, &asked.takes));
	llm_takes_write(&asked.takes, &is);
	assert_string_equal(buf_str(&is),
		"stream_options=off tools=off "
		"reasoning=off images=off rare_images=off pdf=off audio=off");
	assert_int_equal(adapt_lessons(&adapt, true),
		TAKES_BIT(TAKES_REASONING) | TAKES_BIT(TAKES_IMAGES) |
			TAKES_BIT(TAKES_RARE_IMAGES) | TAKES_BIT(TAKES_PDF) |
			TAKES_BIT(TAKES_AUDIO));
	assert_int_equal(adapt_lessons(&adapt, false), 0);
	assert_false(adapt_next(&adapt, &asked, &failure, &asked.takes));
	buf_free(&is);
}

static void
a_guess_that_changed_the_refusal_was_right(void **state)
{
	struct llm_asked asked = { .had = ALL };
	struct failure dumb = failure_of(400, "Bad Request");
	struct failure clear = failure_of(400, "'tools' is not supported");
	struct adapt adapt = { 0 };

	(void)state;
	assert_true(adapt_next(&adapt, &asked, &dumb, &asked.takes));
	assert_true(adapt_next(&adapt, &asked, &clear, &asked.takes));
	assert_int_equal(adapt_lessons(&adapt, true),
		TAKES_BIT(TAKES_STREAM_OPTIONS) | TAKES_BIT(TAKES_TOOLS));
}

static void
nothing_helps_against_these(void **state)
{
	(void)state;
	assert_taught(401, "'tools' is not supported", "");
	assert_taught(429, "'tools' is not supported", "");
	assert_taught(404, "The model does not exist", "");
	assert_taught(400, "Incorrect API key provided", "");
	assert_taught(400,
		"The response was filtered due to the prompt "
		"triggering Azure's content management policy",
		"");
	assert_taught(500, "Internal error", "");
}

static void
one_bad_file_says_nothing_of_all_files(void **state)
{
	struct llm_asked asked = { .had = ALL };
	struct failure failure = failure_of(400,
		"messages.0.content.1.image.source.base64: image exceeds 5 MB "
		"maximum");
	struct adapt adapt = { 0 };

	(void)state;
	assert_true(adapt_next(&adapt, &asked, &failure, &asked.takes));
	assert_int_equal(asked.takes.way[TAKES_IMAGES], WAY_OFF);
	assert_int_equal(adapt_lessons(&adapt, true), 0);
}

static void
a_type_of_images_is_not_all_images(void **state)
{
	static const char *const said[] = {
		"You uploaded an unsupported image. Please make sure your "
		"image is of one of the following formats: ['png', 'jpeg', "
		"'gif', 'webp'].",
		"messages.0.content.1.image.source.base64.media_type: Input "
		"should be 'image/jpeg', 'image/png', 'image/gif' or "
		"'image/webp'",
		"Unsupported MIME type: image/svg+xml",
		"cannot identify image file <_io.BytesIO object>",
		"Failed to load image or audio file"
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(said); i++) {
		struct llm_asked asked = { .had = ALL };
		struct failure failure = failure_of(400, said[i]);
		struct adapt adapt = { 0 };

		assert_true(adapt_next(&adapt, &asked, &failure, &asked.takes));
		assert_int_equal(asked.takes.way[TAKES_IMAGES], WAY_ON);
		assert_int_equal(adapt_lessons(&adapt, true),
			TAKES_BIT(TAKES_RARE_IMAGES));
	}
}

static void
what_was_given_stays(void **state)
{
	struct llm_asked asked = { .had = TAKES_BIT(TAKES_TOOLS) };
	struct failure failure = failure_of(400, "'tools' is not supported");
	struct adapt adapt = { 0 };

	(void)state;
	assert_int_equal(
		llm_takes_read(&asked.takes, span_of("tools=on"), true), OK);
	assert_false(adapt_next(&adapt, &asked, &failure, &asked.takes));
	/* So does an ability that was not in the request. */
	asked = (struct llm_asked){ 0 };
	assert_false(adapt_next(&adapt, &asked, &failure, &asked.takes));
}

/* *limit* is the known size of the window afterwards. */
static void
assert_shrunk(const char *message, int64_t tokens, int64_t limit, bool bytes)
{
	struct llm_asked asked = {
		.tokens = tokens, .limit = 32768, .spare = true
	};
	struct failure failure = failure_of(400, message);
	struct adapt adapt = { 0 };

	assert_true(adapt_next(&adapt, &asked, &failure, &asked.takes));
	assert_true(adapt.shrunk);
	assert_int_equal(asked.takes.context_tokens, limit);
	assert_int_equal(asked.takes.bytes != 0, bytes);
}

static void
a_refusal_names_the_window(void **state)
{
	struct llm_asked one_turn = { .limit = 32768, .tokens = 9000 };
	struct failure failure = failure_of(413, "");
	struct adapt adapt = { 0 };

	(void)state;
	assert_shrunk("This model's maximum context length is 4097 tokens. "
		      "However, you requested 4927 tokens (3927 in the "
		      "messages, 1000 in the completion).",
		9000, 4097, false);
	assert_shrunk("prompt is too long: 214850 tokens > 20,000 maximum",
		30000, 20000, false);
	assert_shrunk("the request exceeds the available context size (8192 "
		      "tokens), try increasing it",
		9000, 8192, false);
	/* Our own count was lower, so the words count for more. */
	assert_shrunk("This model's maximum context length is 8192 tokens.",
		5000, 8192, true);
	/* Without a number, less and less is sent. */
	assert_shrunk("context_length_exceeded", 20000, 15000, false);
	assert_false(adapt_next(&adapt, &one_turn, &failure, &one_turn.takes));
}

static void
words_of_the_configuration(void **state)
{
	struct llm_takes takes = { 0 };
	struct buf words = BUF_INIT;

	(void)state;
	assert_int_equal(llm_takes_read(&takes,
				 span_of(" tools=off\tsystem=user "), true),
		OK);
	assert_int_equal(takes.way[TAKES_SYSTEM], WAY_USER);
	assert_true(takes.given[TAKES_TOOLS]);
	llm_takes_write(&takes, &words);
	assert_int_equal(words.len, 0);
	assert_int_equal(
		llm_takes_read(&takes, span_of("images=off tools=maybe"), true),
		ERR_INVALID);
	assert_int_equal(
		llm_takes_read(&takes, span_of("images"), true), ERR_INVALID);
	assert_false(takes.given[TAKES_IMAGES]);
	buf_free(&words);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_effort_that_was_chosen_goes_first),
		cmocka_unit_test(words_point_at_what_is_refused),
		cmocka_unit_test(words_that_point_at_nothing_lead_to_guesses),
		cmocka_unit_test(a_guess_that_changed_the_refusal_was_right),
		cmocka_unit_test(nothing_helps_against_these),
		cmocka_unit_test(one_bad_file_says_nothing_of_all_files),
		cmocka_unit_test(one_bad_thought_says_nothing_of_all),
		cmocka_unit_test(what_is_fixed_stays),
		cmocka_unit_test(a_type_of_images_is_not_all_images),
		cmocka_unit_test(what_was_given_stays),
		cmocka_unit_test(a_refusal_names_the_window),
		cmocka_unit_test(words_of_the_configuration),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
