/* allowed_test.c: the tools that a model may call in a chat. */

#include "wire/allowed.h"

#include "../unit.h"
#include "base/attr.h"

#include <stdio.h>
#include <string.h>

#define N_MANY (LLM_ALLOWED_MAX + 10)

static const struct llm_tool three[] = { { .name = { "clock", 5 } },
	{ .name = { "page", 4 } }, { .name = { "clocks", 6 } } };

#define CLOCK "{\"function\":{\"name\":\"clock\"}}"
#define PAGE "{\"function\":{\"name\":\"page\"}}"
#define CLOCKS "{\"function\":{\"name\":\"clocks\"}}"
#define ALL "[" CLOCK "," PAGE "," CLOCKS "]"

struct chat {
	struct arena arena;
	struct llm_settings settings;
	struct llm_takes takes;
	struct llm_allowed allowed;
};

/* A chat with the tools *names*, a JSON list, or with all if NULL. */
static struct chat
chat_of(const char *names)
{
	struct chat chat = { .settings = { .tools = span_of(ALL),
				     .tool_list = three,
				     .n_tools = LENGTH(three) } };

	llm_allowed_apply(&chat.arena,
		names != NULL ? span_of(names) : (struct span){ NULL, 0 },
		&chat.settings, &chat.takes, &chat.allowed);
	return chat;
}

static bool
may_call(const struct chat *chat, const char *name)
{
	return llm_allowed_has(&chat->allowed, &chat->settings, span_of(name));
}

static void
all_of_them_where_nothing_is_said(void **state)
{
	struct chat chat = chat_of(NULL);

	(void)state;
	assert_true(span_is(chat.settings.tools, ALL));
	assert_int_equal(chat.takes.way[TAKES_TOOLS], WAY_ON);
	assert_true(may_call(&chat, "clock"));
	/* An unknown name is not refused here. */
	assert_true(may_call(&chat, "none"));
}

static void
those_that_are_named(void **state)
{
	struct chat chat = chat_of("[\"clocks\",\"none\",\"page\",7]");

	(void)state;
	assert_true(span_is(chat.settings.tools, "[" PAGE "," CLOCKS "]"));
	assert_int_equal(chat.takes.way[TAKES_TOOLS], WAY_ON);
	assert_false(may_call(&chat, "clock"));
	assert_true(may_call(&chat, "page"));
	assert_true(may_call(&chat, "clocks"));
	assert_false(may_call(&chat, "none"));
	arena_reset(&chat.arena);
}

/* It does not take a refusal of the model to leave them out. */
static void
without_one_the_model_has_no_tools(void **state)
{
	static const char *const lists[] = { "[]", "[\"none\"]" };

	(void)state;
	for (size_t i = 0; i < LENGTH(lists); i++) {
		struct chat chat = chat_of(lists[i]);

		assert_null(chat.settings.tools.data);
		assert_int_equal(chat.takes.way[TAKES_TOOLS], WAY_OFF);
		assert_true(chat.takes.given[TAKES_TOOLS]);
		assert_false(may_call(&chat, "page"));
		arena_reset(&chat.arena);
	}
}

static void
a_model_that_has_none_gets_none(void **state)
{
	struct chat chat = { .settings = { .n_tools = 0 } };

	(void)state;
	llm_allowed_apply(&chat.arena, span_of("[\"page\"]"), &chat.settings,
		&chat.takes, &chat.allowed);
	assert_null(chat.settings.tools.data);
	assert_int_equal(chat.takes.way[TAKES_TOOLS], WAY_OFF);
	arena_reset(&chat.arena);
}

/* Each tool that can be named is selected by itself; those beyond the limit are
 * not. */
static void
each_place_is_one_tool(void **state)
{
	static char names[N_MANY][8];
	static struct llm_tool many[N_MANY];
	const size_t places[] = { 0, 63, 64, 128, LLM_ALLOWED_MAX - 1,
		LLM_ALLOWED_MAX, N_MANY - 1 };

	(void)state;
	for (size_t i = 0; i < N_MANY; i++) {
		snprintf(names[i], sizeof(names[i]), "t%zu", i);
		many[i].name = span_of(names[i]);
	}
	for (size_t k = 0; k < LENGTH(places); k++) {
		struct chat chat = { .settings = { .tool_list = many,
					     .n_tools = N_MANY } };
		char list[16];

		snprintf(list, sizeof(list), "[\"%s\"]", names[places[k]]);
		llm_allowed_apply(&chat.arena, span_of(list), &chat.settings,
			&chat.takes, &chat.allowed);
		for (size_t i = 0; i < N_MANY; i++)
			assert_int_equal(may_call(&chat, names[i]),
				i == places[k] && i < LLM_ALLOWED_MAX);
		arena_reset(&chat.arena);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_of_them_where_nothing_is_said),
		cmocka_unit_test(those_that_are_named),
		cmocka_unit_test(without_one_the_model_has_no_tools),
		cmocka_unit_test(a_model_that_has_none_gets_none),
		cmocka_unit_test(each_place_is_one_tool),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
