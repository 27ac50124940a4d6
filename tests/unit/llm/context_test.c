/* How much of a conversation is sent, and what is left out. */

#include "llm/context.h"

#include "../unit.h"
#include "json/json.h"

#include <stdlib.h>
#include <string.h>

/* 100 bytes are 100 tokens; 1000 of 1500 tokens are for the conversation. */
static const struct llm_settings settings = { .model = "m",
	.system_prompt = "",
	.context_tokens = 1500,
	.max_tokens = { "499", 3 } };
static const struct llm_takes takes = { .bytes = 100 };

/* A digit stands for hundreds of tokens of text; "f" for a file of 300
 * tokens. */
static unsigned
left_out(const char *roles, const char *sizes, size_t *first,
	struct llm_message messages[16])
{
	const struct llm_ask ask = { .settings = &settings, .takes = takes };
	struct llm_asked asked = { 0 };
	size_t n = strlen(roles);

	for (size_t i = 0; i < n; i++) {
		messages[i] = (struct llm_message){
			.role = roles[i] == 'u' ? LLM_USER : LLM_ASSISTANT
		};
		if (sizes[i] == 'f')
			messages[i].size.files = 300;
		else
			messages[i].size.words =
				(size_t)(sizes[i] - '0') * 100 - 1;
	}
	*first = context_choose(&ask, messages, n, &asked);
	return asked.n_left_out;
}

static void
the_oldest_turns_stay_out_whole(void **state)
{
	struct llm_message messages[16];
	size_t first;

	(void)state;
	assert_int_equal(left_out("uauau", "22222", &first, messages), 0);
	assert_int_equal(left_out("uauau", "32222", &first, messages), 2);
	assert_int_equal(first, 2);
	assert_int_equal(left_out("uauau", "22227", &first, messages), 4);
	/* The last turn stays whole, however large it is. */
	assert_int_equal(left_out("uauaa", "22999", &first, messages), 2);
	assert_int_equal(left_out("uaaa", "9999", &first, messages), 0);
	/* A list may begin with an assistant message. */
	assert_int_equal(left_out("aau", "222", &first, messages), 0);
	assert_int_equal(left_out("aau", "992", &first, messages), 2);
}

static void
files_go_before_words(void **state)
{
	struct llm_message messages[16];
	size_t first;

	(void)state;
	assert_int_equal(left_out("uauau", "f2f22", &first, messages), 1);
	assert_int_equal(first, 0);
	assert_true(messages[0].without_files);
	assert_false(messages[2].without_files);
	/* The files of the last turn are sent. */
	assert_int_equal(left_out("uauau", "f441f", &first, messages) > 0, 1);
	assert_false(messages[4].without_files);
}

static struct llm_size
size_of(const char *part)
{
	struct arena arena = ARENA_INIT;
	const struct json *json;
	struct llm_size size;

	assert_int_equal(
		json_parse_loose(&arena,
			span_of(arena_printf(&arena, "[%s]", part)), &json),
		OK);
	size = context_size(&takes, json);
	arena_reset(&arena);
	return size;
}

static void
a_file_costs_what_the_model_pays(void **state)
{
	struct buf part = BUF_INIT;

	(void)state;
	buf_puts(&part,
		"{\"type\":\"file\",\"mediaType\":\"image/png\","
		"\"url\":\"data:image/png;base64,");
	for (int i = 0; i < 100000; i++)
		buf_puts(&part, "AAAA");
	buf_puts(&part, "\"}");
	assert_int_equal(size_of(buf_str(&part)).files, 1000);
	assert_true(size_of(buf_str(&part)).words < 200);
	buf_free(&part);
	/* "%PDF /Type /Page /Type /Pages /Count 2 /Type/Page" */
	assert_int_equal(
		size_of("{\"type\":\"file\",\"mediaType\":\"application/pdf\","
			"\"url\":\"data:application/pdf;base64,JVBERiAvVHlwZSAv"
			"UGFnZSAvVHlwZSAvUGFnZXMgL0NvdW50IDIgL1R5cGUvUGFnZSAg"
			"\"}")
			.files,
		1000); /* such a short file has one page at most */
	assert_true(
		size_of("{\"type\":\"text\",\"text\":\"four\"}").words >= 4);
}

static void
usage_teaches_the_ratio(void **state)
{
	struct llm_asked asked = { .words = 40000 };
	struct llm_takes learned = { 0 };

	(void)state;
	assert_true(context_learn(&asked, 10000, &learned));
	/* it adapts slowly: 4 bytes per token */
	assert_int_equal(learned.bytes, 325);
	for (int i = 0; i < 20; i++)
		(void)!context_learn(&asked, 10000, &learned);
	assert_true(learned.bytes > 370);
	assert_false(context_learn(&asked, 10000, &learned));
	/* Implausible counts, and counts that teach nothing. */
	assert_false(context_learn(&asked, 100, &learned));
	assert_false(context_learn(&asked, 400000, &learned));
	assert_false(context_learn(&asked, -1, &learned));
	asked.files = true;
	assert_false(context_learn(&asked, 20000, &learned));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_oldest_turns_stay_out_whole),
		cmocka_unit_test(files_go_before_words),
		cmocka_unit_test(a_file_costs_what_the_model_pays),
		cmocka_unit_test(usage_teaches_the_ratio),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
