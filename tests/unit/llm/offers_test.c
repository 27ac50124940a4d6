/* offers_test.c: lists of models, in all their forms. */

#include "llm/offers.h"
#include "llm/offers_private.h"

#include "../unit.h"
#include "base/buf.h"

static const struct {
	const char *body, *names; /* NULL if it is not a list */
} cases[] = {
	{ "{\"object\":\"list\",\"data\":[{\"id\":\"gpt-9\",\"object\":\"model\"},"
	  "{\"id\":\"gpt-9-mini\"}]}",
		"gpt-9 gpt-9-mini " },
	{ "{\"data\":[{\"type\":\"model\",\"id\":\"claude-9\","
	  "\"display_name\":\"Claude\"}],\"has_more\":false}",
		"claude-9 " },
	{ "{\"models\":[{\"name\":\"models/gemini-9\","
	  "\"displayName\":\"Gemini\"}]}",
		"gemini-9 " },
	{ "{\"models\":[{\"name\":\"llama:8b\",\"model\":\"llama:8b\"}]}",
		"llama:8b " },
	{ "{\"data\":null,\"models\":[{\"model\":\"m\"}]}", "m " },
	{ " \n[{\"id\":\"org/m\"},\"n\"]", "org/m n " },
	{ "{\"data\":[]}", "" },
	/* Invalid names are left out, and the others stay. */
	{ "{\"data\":[{\"id\":\"\"},{\"id\":7},{},null,7,[\"x\"],"
	  "{\"id\":\"a\\nb\"},{\"id\":\"a\\u0000\"},{\"id\":\"\\ud800\"},"
	  "{\"id\":\"\\u202ex\"},{\"id\":null,\"name\":\"good\"}]}",
		"good " },
	{ "", NULL },
	{ "[", NULL },
	{ "<html>", NULL },
	{ "{}", NULL },
	{ "{\"data\":{\"id\":\"x\"}}", NULL },
	{ "7", NULL },
	{ "null", NULL },
	{ "{\"error\":{\"message\":\"no\"}}", NULL },
};

static void
every_form_is_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		struct arena arena = ARENA_INIT;
		struct buf names = BUF_INIT;
		struct llm_offers offers = { 0 };
		enum err err = llm_offers_read(
			&arena, span_of(cases[i].body), &offers);

		assert_int_equal(
			err, cases[i].names == NULL ? ERR_INVALID : OK);
		for (size_t j = 0; err == OK && j < offers.n; j++) {
			buf_put_span(&names, offers.names[j]);
			buf_putc(&names, ' ');
		}
		if (err == OK)
			assert_string_equal(buf_str(&names), cases[i].names);
		buf_free(&names);
		arena_reset(&arena);
	}
}

static void
a_list_without_end_is_cut(void **state)
{
	struct arena arena = ARENA_INIT;
	struct buf body = BUF_INIT;
	struct llm_offers offers = { 0 };

	(void)state;
	buf_puts(&body, "{\"data\":[");
	for (int i = 0; i < OFFERS_MAX + 500; i++)
		buf_printf(&body, "%s{\"id\":\"vendor/model-%d\"}",
			i > 0 ? "," : "", i);
	buf_puts(&body, "]}");
	assert_int_equal(llm_offers_read(&arena, buf_span(&body), &offers), OK);
	assert_int_equal(offers.n, OFFERS_MAX);
	assert_true(span_is(offers.names[OFFERS_MAX - 1], "vendor/model-9999"));
	buf_free(&body);
	arena_reset(&arena);
}

static const struct {
	const char *body, *member, *next; /* NULL if there is none */
} pages[] = {
	{ "{\"data\":[],\"has_more\":true,\"last_id\":\"b\"}", "last_id", "b" },
	{ " \n{\"has_more\":true,\"last_id\":\"b\"}", "last_id", "b" },
	{ "{\"data\":[],\"has_more\":false,\"last_id\":\"b\"}", "last_id",
		NULL },
	{ "{\"data\":[],\"has_more\":true,\"last_id\":null}", "last_id", NULL },
	{ "{\"data\":[],\"has_more\":true}", "last_id", NULL },
	{ "{\"models\":[],\"nextPageToken\":\"t/+=\"}", "nextPageToken",
		"t/+=" },
	{ "{\"models\":[],\"nextPageToken\":\"\"}", "nextPageToken", NULL },
	{ "{\"models\":[]}", "nextPageToken", NULL },
	{ "[]", "nextPageToken", NULL },
	{ "{\"data\":[],\"has_more\":true,\"last_id\":\"b\"}", NULL, NULL },
};

static void
a_next_page_is_known(void **state)
{
	struct arena arena = ARENA_INIT;
	struct llm_offers offers = { 0 };

	(void)state;
	for (size_t i = 0; i < LENGTH(pages); i++) {
		struct span next = llm_offers_next(
			&arena, span_of(pages[i].body), pages[i].member);

		if (pages[i].next == NULL)
			assert_null(next.data);
		else
			assert_true(span_is(next, pages[i].next));
	}
	assert_int_equal(
		llm_offers_read(&arena,
			span_of("{\"models\":[{\"name\":\"a\"}]}"), &offers),
		OK);
	assert_int_equal(
		llm_offers_read(&arena, span_of("[\"b\"]"), &offers), OK);
	assert_int_equal(llm_offers_read(&arena, span_of("{}"), &offers), OK);
	assert_int_equal(offers.n, 2);
	assert_true(span_is(offers.names[0], "a"));
	assert_true(span_is(offers.names[1], "b"));
	arena_reset(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_form_is_read),
		cmocka_unit_test(a_list_without_end_is_cut),
		cmocka_unit_test(a_next_page_is_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
