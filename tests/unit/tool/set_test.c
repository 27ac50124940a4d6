/* set_test.c: the set of tools, and what the model is offered. */

#include "tool/set.h"
#include "json/raw_private.h"

#include "../unit.h"
#include "../wire/vector.h"
#include "llm/settings_load.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char path[] = "/tmp/lamplight-tools-XXXXXX";

struct stage {
	struct arena arena;
	struct conf conf;
	struct llm_settings settings;
	struct tool_set set;
};

static int
make_file(void **state)
{
	int fd = mkstemp(path);

	(void)state;
	return fd < 0 ? -1 : close(fd);
}

static int
remove_file(void **state)
{
	(void)state;
	return unlink(path);
}

/* Loads *content* as the site's own tools, unless it is NULL. */
static enum err
load(struct stage *stage, const char *content)
{
	FILE *file;

	arena_reset(&stage->arena);
	stage->settings = (struct llm_settings){ 0 };
	stage->conf.tools.http_file = "";
	if (content != NULL) {
		file = fopen(path, "w");
		assert_non_null(file);
		fputs(content, file);
		fclose(file);
		stage->conf.tools.http_file = path;
	}
	return tool_set_load(
		&stage->arena, &stage->conf, &stage->settings, &stage->set);
}

#define OWN(name, more) \
	"{\"type\":\"function\",\"function\":{\"name\":\"" name "\"}" more "}"
#define URL ",\"url\":\"http://127.0.0.1:9/\""

static void
test_switches_offer_tools(void **state)
{
	struct stage stage = { 0 };

	(void)state;
	assert_int_equal(load(&stage, NULL), OK);
	assert_int_equal(stage.set.n, 0);
	assert_null(stage.settings.tools.data);
	assert_false(tool_is_ours(&stage.set, span_of("current_time")));

	stage.conf.tools.time = CONF_ON;
	assert_int_equal(load(&stage, NULL), OK);
	assert_int_equal(stage.set.n, 1);
	assert_non_null(tool_find(&stage.set, span_of("current_time")));
	assert_null(tool_find(&stage.set, span_of("fetch_page")));

	stage.conf.tools.fetch = CONF_ON;
	assert_int_equal(load(&stage, NULL), OK);
	assert_int_equal(stage.settings.n_tools, 2);
	assert_non_null(stage.settings.tool_list[1].parameters);
	arena_reset(&stage.arena);
}

static void
test_own_tools_are_loaded(void **state)
{
	struct stage stage = { .conf.tools.time = CONF_ON };
	const struct tool *tool;

	(void)state;
	assert_int_equal(
		load(&stage,
			"[" OWN("a", URL) "," OWN("b",
				URL ",\"approval\":true,\"timeout_ms\":5") "]"),
		OK);
	assert_int_equal(stage.set.n, 3);
	tool = tool_find(&stage.set, span_of("b"));
	assert_true(tool->approval);
	assert_int_equal(tool->timeout_ms, 5);
	assert_false(tool_find(&stage.set, span_of("a"))->approval);
	assert_string_equal(tool->url, "http://127.0.0.1:9/");
	assert_same_json("offered", json_raw_at(stage.settings.tools, 2),
		span_of("{\"type\":\"function\",\"function\":{\"name\":\"b\"}}"));
	arena_reset(&stage.arena);
}

static void
test_invalid_own_tools_are_refused(void **state)
{
	static const char *const bad[] = { "", "{}", "[1]",
		"[" OWN("a", "") "]", "[" OWN("a", ",\"url\":1") "]",
		"[" OWN("a", ",\"url\":\"ftp://x/\"") "]", "[" OWN("", URL) "]",
		"[" OWN("current_time", URL) "]",
		"[" OWN("a", URL) "," OWN("a", URL) "]",
		"[" OWN("a", URL ",\"timeout_ms\":0") "]",
		"[" OWN("a", URL ",\"timeout_ms\":600001") "]",
		"[" OWN("a", URL ",\"timeout_ms\":\"5\"") "]" };
	struct stage stage = { .conf.tools.time = CONF_ON };

	(void)state;
	for (size_t i = 0; i < LENGTH(bad); i++)
		if (load(&stage, bad[i]) != ERR_INVALID)
			fail_msg("%s is taken", bad[i]);
	stage.conf.tools.http_file = "/nonexistent/tools.json";
	assert_int_equal(tool_set_load(&stage.arena, &stage.conf,
				 &stage.settings, &stage.set),
		ERR_INVALID);
	arena_reset(&stage.arena);
}

/* The server answers a name that nobody has, unless the browser may have it. */
static void
test_unknown_names_are_ours(void **state)
{
	static const char browser[] = "[" OWN("b", "") "]";
	struct stage stage = { .conf.tools.time = CONF_ON };

	(void)state;
	assert_int_equal(load(&stage, NULL), OK);
	assert_true(tool_is_ours(&stage.set, span_of("nobody")));
	stage.settings = (struct llm_settings){ 0 };
	assert_int_equal(llm_settings_add_tools(&stage.arena, "llm.tools_file",
				 span_of(browser), &stage.settings),
		OK);
	assert_int_equal(tool_set_load(&stage.arena, &stage.conf,
				 &stage.settings, &stage.set),
		OK);
	assert_int_equal(stage.settings.n_tools, 2);
	assert_false(tool_is_ours(&stage.set, span_of("nobody")));
	assert_false(tool_is_ours(&stage.set, span_of("b")));
	assert_true(tool_is_ours(&stage.set, span_of("current_time")));
	arena_reset(&stage.arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_switches_offer_tools),
		cmocka_unit_test(test_own_tools_are_loaded),
		cmocka_unit_test(test_invalid_own_tools_are_refused),
		cmocka_unit_test(test_unknown_names_are_ours),
	};

	return cmocka_run_group_tests(tests, make_file, remove_file);
}
