/* Requests for titles, and titles found in models' answers. */

#include "../unit.h"
#include "base/attr.h"
#include "llm/title.h"
#include "json/utf8.h"

#include <stdlib.h>
#include <string.h>

static void
assert_title(const char *answer, const char *expected)
{
	struct arena arena = ARENA_INIT;
	struct span title = llm_title_clean(&arena, span_of(answer));

	if (expected == NULL ? title.data != NULL : !span_is(title, expected))
		fail_msg("\"%s\" became \"%.*s\", not \"%s\"", answer,
			(int)title.len, title.data, expected);
	arena_reset(&arena);
}

static void
what_stands_around_a_title_goes(void **state)
{
	static const char *const same[] = { "Rust Lifetimes",
		"\"Rust Lifetimes\"", "“Rust Lifetimes”", "«Rust Lifetimes»",
		"„Rust Lifetimes“", "'Rust Lifetimes'", "Title: Rust Lifetimes",
		"**Title:** Rust Lifetimes", "**Title: Rust Lifetimes**",
		"# Rust Lifetimes", "### **Rust Lifetimes**",
		"- Rust Lifetimes", "*Rust Lifetimes*", "`Rust Lifetimes`",
		"> Rust Lifetimes", "Titel: „Rust Lifetimes“",
		"Titre : « Rust Lifetimes »", "标题：Rust Lifetimes",
		"タイトル: 「Rust Lifetimes」", "  \t Rust \t Lifetimes \r\n",
		"Rust Lifetimes.", "Rust Lifetimes,",
		"\n\n\nRust Lifetimes\nand more\n", "```\nRust Lifetimes\n```",
		"Here is a title:\nRust Lifetimes", "Title:\n\nRust Lifetimes",
		"Rust\xe2\x80\x8b Lifetimes", "\xe2\x80\xaeRust Lifetimes",
		"Rust Lifetimes\xff", "\xef\xbb\xbfRust Lifetimes",
		"Rust\x01Lifetimes", "TITLE:Rust Lifetimes" };

	(void)state;
	for (size_t i = 0; i < LENGTH(same); i++)
		assert_title(same[i], "Rust Lifetimes");
}

static void
what_belongs_to_it_stays(void **state)
{
	static const char *const same[] = { "Fragen zu C++",
		"St. Petersburg etc.", "U.S.A.", "So…", "1. Weltkrieg",
		"#hashtags erklärt", "Titles in LaTeX", "熵与时间",
		"رسالة إلى صديق", "👩‍👩‍👧 Familie", "a_b_c",
		"-5 °C", "What now?", "\"A\" or \"B\"?", "“A” or B" };

	(void)state;
	for (size_t i = 0; i < LENGTH(same); i++)
		assert_title(same[i], same[i]);
	assert_title("熵与时间。", "熵与时间");
}

static void
no_title_is_none(void **state)
{
	static const char *const none[] = { "", " \n\t\n", "...", "\"\"", "**",
		"```\n```", "Title:", "Here is a title:", "\xff\xfe", "`", "\"",
		"**\"", "---" };
	char words[400];

	(void)state;
	for (size_t i = 0; i < LENGTH(none); i++)
		assert_title(none[i], NULL);
	memset(words, 'a', sizeof(words));
	for (size_t i = 5; i < sizeof(words); i += 6)
		words[i] = ' ';
	words[sizeof(words) - 1] = '\0';
	assert_title(words, NULL);
}

static void
a_long_one_is_cut(void **state)
{
	struct arena arena = ARENA_INIT;
	char words[121];
	struct span title;

	(void)state;
	memset(words, 'b', sizeof(words));
	words[120] = '\0';
	title = llm_title_clean(&arena, span_of(words));
	assert_int_equal(utf8_length(title), LLM_TITLE_MAX + 1);
	assert_memory_equal(title.data + LLM_TITLE_MAX, "…", 3);
	arena_reset(&arena);
}

/* Clusters of many characters, and an endless megabyte. */
static void
what_is_huge_is_bounded(void **state)
{
	struct arena arena = ARENA_INIT;
	struct buf answer = BUF_INIT;
	struct span title;

	(void)state;
	buf_puts(&answer, "e");
	for (int i = 0; i < 150; i++)
		buf_puts(&answer, "\xcc\x81");
	title = llm_title_clean(&arena, buf_span(&answer));
	assert_true(utf8_valid(title));
	assert_true(utf8_length(title) <= 255);
	buf_clear(&answer);
	for (int i = 0; i < 1 << 18; i++)
		buf_puts(&answer, "\xf0\x9f\x98\x80");
	title = llm_title_clean(&arena, buf_span(&answer));
	assert_null(title.data);
	for (size_t len = 0; len < 64; len++) {
		title = llm_title_clean(&arena,
			(struct span){ "**Title:** «Ein Títul 标题：日本。»\n",
				len % 42 });
		assert_true(title.data == NULL || utf8_valid(title));
	}
	buf_free(&answer);
	arena_reset(&arena);
}

static const char *
request(struct arena *arena, const char *options, struct span question)
{
	struct llm_settings settings = { .base_url = "",
		.model = "m",
		.system_prompt = "You are a pirate.",
		.max_tokens = span_of("9000"),
		.tools = span_of("[{\"type\":\"function\"}]"),
		.context_tokens = 4096 };
	const struct llm_takes takes = { 0 };
	const struct llm_title_about about = { question, span_of("It is.") };
	struct llm_settings title;
	struct llm_asked asked;
	struct buf body = BUF_INIT;
	const char *text;

	if (options != NULL) {
		settings.options = span_of(options);
		assert_int_equal(json_parse_own(arena, settings.options,
					 &settings.option_list),
			OK);
	}
	assert_int_equal(llm_title_settings(arena, &settings, &title), OK);
	assert_int_equal(
		llm_title_request(arena, &title, &takes, &about, &body, &asked),
		OK);
	text = arena_str(arena, body.data, body.len);
	buf_free(&body);
	return text;
}

static void
the_request_is_small_and_its_own(void **state)
{
	static const char OPTIONS[] =
		"{\"top_p\":0.5,\"max_completion_tokens\":9000,"
		"\"response_format\":{\"type\":\"json_object\"},\"tools\":[]}";
	struct arena arena = ARENA_INIT;
	const char *text = request(&arena, OPTIONS, span_of("Is it late?"));

	(void)state;
	assert_non_null(strstr(text, "\"max_tokens\":2048"));
	assert_non_null(strstr(text, "\"top_p\":0.5"));
	assert_non_null(strstr(text, "Is it late?"));
	assert_non_null(strstr(text, "It is."));
	assert_null(strstr(text, "9000"));
	assert_null(strstr(text, "tool"));
	assert_null(strstr(text, "response_format"));
	assert_null(strstr(text, "pirate"));
	arena_reset(&arena);
}

/* A thought would use up the tokens; a model without an effort option gets none
 * here either. */
static void
little_effort_is_made(void **state)
{
	static const struct {
		const char *options, *told;
	} cases[] = {
		{ "{\"reasoning_effort\":\"high\"}",
			"\"reasoning_effort\":\"low\"" },
		{ "{\"reasoning_effort\":\"minimal\"}",
			"\"reasoning_effort\":\"minimal\"" },
		{ "{\"reasoning_effort\":\"none\"}",
			"\"reasoning_effort\":\"none\"" },
		{ "{\"reasoning\":{\"effort\":\"high\",\"exclude\":true}}",
			"\"reasoning\":{\"effort\":\"low\"}" },
		{ "{\"reasoning\":{\"max_tokens\":9000}}",
			"\"reasoning\":{\"effort\":\"low\"}" },
		{ "{\"reasoning\":{\"effort\":\"low\",\"exclude\":true}}",
			"\"reasoning\":{\"effort\":\"low\",\"exclude\":true}" },
		{ "{\"reasoning\":{\"enabled\":false}}",
			"\"reasoning\":{\"enabled\":false}" },
		{ "{\"top_p\":0.5}", "\"top_p\":0.5" },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		struct arena arena = ARENA_INIT;
		const char *text = request(
			&arena, cases[i].options, span_of("Is it late?"));

		if (strstr(text, cases[i].told) == NULL)
			fail_msg("%s: %s", cases[i].told, text);
		assert_null(strstr(text, "9000"));
		assert_int_equal(strstr(cases[i].options, "reason") == NULL,
			strstr(text, "reason") == NULL);
		arena_reset(&arena);
	}
}

static void
a_long_question_is_cut(void **state)
{
	struct arena arena = ARENA_INIT;
	struct buf question = BUF_INIT;

	(void)state;
	for (int i = 0; i < 100000; i++)
		buf_puts(&question, "é");
	assert_true(strlen(request(&arena, NULL, buf_span(&question))) < 3000);
	buf_free(&question);
	arena_reset(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_stands_around_a_title_goes),
		cmocka_unit_test(what_belongs_to_it_stays),
		cmocka_unit_test(no_title_is_none),
		cmocka_unit_test(a_long_one_is_cut),
		cmocka_unit_test(what_is_huge_is_bounded),
		cmocka_unit_test(the_request_is_small_and_its_own),
		cmocka_unit_test(little_effort_is_made),
		cmocka_unit_test(a_long_question_is_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
