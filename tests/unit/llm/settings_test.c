/* Loading the [llm] section, and checking tool calls against it. */

#include "../unit.h"
#include "llm/settings_load.h"
#include "llm/wires.h"
#include "wire/tools.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct llm_conf
conf_with(const char *options, const char *tools_file)
{
	return (struct llm_conf){ .model = "m",
		.system_prompt = "",
		.temperature = "",
		.max_tokens = "5",
		.options = options,
		.tools_file = tools_file,
		.context_max = 1000,
		.reply_max = 2000 };
}

static void
test_settings_are_loaded(void **state)
{
	struct arena arena = ARENA_INIT;
	struct llm_conf conf = conf_with("{\"top_p\":0.9}", "");
	struct llm_settings settings;

	(void)state;
	assert_int_equal(llm_settings_load(&arena, &conf, &settings), OK);
	assert_null(settings.temperature.data);
	assert_true(span_is(settings.max_tokens, "5"));
	assert_non_null(json_get(settings.option_list, "top_p"));
	assert_null(settings.tools.data);
	assert_int_equal(settings.context_max, 1000);
	assert_int_equal(settings.reply_max, 2000);
	arena_reset(&arena);
}

static void
test_invalid_options_are_refused(void **state)
{
	static const char *const bad[] = { "x", "[]", "1", "{\"a\":1,\"a\":2}",
		"{\"messages\":[]}", "{\"stream\":false}", "{\"n\":2}" };

	(void)state;
	for (size_t i = 0; i < LENGTH(bad); i++) {
		struct arena arena = ARENA_INIT;
		struct llm_conf conf = conf_with(bad[i], "");
		struct llm_settings settings;

		assert_int_equal(llm_settings_load(&arena, &conf, &settings),
			ERR_INVALID);
		arena_reset(&arena);
	}
}

/* ---- a tools file */

static char path[] = "/tmp/lamplight-tools-XXXXXX";

static enum err
load_tools(struct arena *arena, const char *content, struct llm_settings *out)
{
	struct llm_conf conf;
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_true(fputs(content, file) >= 0);
	assert_int_equal(fclose(file), 0);
	conf = conf_with("", path);
	return llm_settings_load(arena, &conf, out);
}

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

#define TOOLS                                                            \
	"[{\"type\":\"function\",\"function\":{\"name\":\"now\"}},\n"    \
	"{\"type\":\"function\",\"function\":{\"name\":\"weather\","     \
	"\"parameters\":{\"type\":\"object\",\"properties\":{\"city\":{" \
	"\"type\":\"string\"}},\"required\":[\"city\"]}}}]"

static void
test_invalid_tools_are_refused(void **state)
{
	static const char *const bad[] = { "", "{}", "[1]", "[{}]",
		"[{\"type\":\"function\"}]",
		"[{\"type\":\"function\",\"function\":{\"name\":\"\"}}]",
		"[{\"type\":\"other\",\"function\":{\"name\":\"f\"}}]",
		"[{\"type\":\"function\",\"function\":{\"name\":\"f\","
		"\"parameters\":1}}]" };
	struct arena arena = ARENA_INIT;
	struct llm_settings settings;
	struct llm_conf conf = conf_with("", "/nonexistent/tools.json");

	(void)state;
	for (size_t i = 0; i < LENGTH(bad); i++)
		assert_int_equal(
			load_tools(&arena, bad[i], &settings), ERR_INVALID);
	assert_int_equal(
		llm_settings_load(&arena, &conf, &settings), ERR_INVALID);
	assert_int_equal(load_tools(&arena, "[]", &settings), OK);
	assert_null(settings.tools.data);
	arena_reset(&arena);
}

static void
expect(const struct llm_settings *settings, const char *name,
	const char *arguments, enum err err, const char *expected)
{
	struct buf out = BUF_INIT;

	if (llm_tool_check(settings, span_of(name), span_of(arguments), &out) !=
			err ||
		strcmp(buf_str(&out), expected) != 0)
		fail_msg("%s(%s): %s", name, arguments, buf_str(&out));
	buf_free(&out);
}

#define NO_JSON "The arguments of this call are not valid JSON."

#define TOO_LARGE "The arguments of this call are too large."

static const char *
many_objects(struct arena *arena, int n)
{
	struct buf text = BUF_INIT;
	const char *copy;

	for (int i = 0; i < n; i++)
		buf_puts(&text, i > 0 ? ",{}" : "[{}");
	buf_putc(&text, ']');
	copy = arena_str(arena, text.data, text.len);
	buf_free(&text);
	return copy;
}

static void
test_arguments_of_calls_are_checked(void **state)
{
	struct arena arena = ARENA_INIT;
	struct llm_settings settings;
	char deep[200] = "";
	const char *many;

	(void)state;
	assert_int_equal(load_tools(&arena, TOOLS, &settings), OK);
	assert_int_equal(settings.n_tools, 2);
	expect(&settings, "now", "", OK, "{}");
	expect(&settings, "now", " \n\t", OK, "{}");
	expect(&settings, "now", " { \"b\" : 1.0 , \"1\" : -0 } ", OK,
		"{\"1\":0,\"b\":1}");
	expect(&settings, "now", "{\"a\":1,\"a\":2}", OK, "{\"a\":2}");
	expect(&settings, "weather", "{\"city\":\"Oslo\"}", OK,
		"{\"city\":\"Oslo\"}");
	expect(&settings, "weather", "", ERR_INVALID,
		"The arguments of this call do not fit: city is missing.");
	expect(&settings, "weather", "{\"city\":\"Os", ERR_INVALID, NO_JSON);
	expect(&settings, "weathers", "{}", ERR_NOT_FOUND,
		"There is no tool of this name.");
	/* Clients reject a stream that contains one of these keys anywhere. */
	expect(&settings, "now", "{\"a\":[{\"__proto__\":1}]}", ERR_INVALID,
		NO_JSON);
	expect(&settings, "now", "{\"\\u005f_proto__\":1}", ERR_INVALID,
		NO_JSON);
	expect(&settings, "now", "{\"constructor\":{\"prototype\":1}}",
		ERR_INVALID, NO_JSON);
	expect(&settings, "now", "{\"constructor\":1}", OK,
		"{\"constructor\":1}");
	/* The greatest depth that leaves room for the message around it. */
	for (int i = 0; i < TOOL_DEPTH_MAX; i++) {
		deep[i] = '[';
		deep[TOOL_DEPTH_MAX + i] = ']';
	}
	expect(&settings, "now", deep, OK, deep);
	memmove(deep + 1, deep, strlen(deep));
	deep[0] = '[';
	strcat(deep, "]");
	expect(&settings, "now", deep, ERR_TOO_BIG, TOO_LARGE);
	/* As many objects as the event loop has time for. */
	many = many_objects(&arena, 1000);
	expect(&settings, "now", many, OK, many);
	expect(&settings, "now", many_objects(&arena, 3000), ERR_TOO_BIG,
		TOO_LARGE);
	arena_reset(&arena);
}

static void
test_kinds_by_word(void **state)
{
	int64_t kind = -1;

	(void)state;
	assert_true(wire_find(span_of("openai"), &kind));
	assert_int_equal(kind, CONF_OPENAI);
	assert_true(wire_find(span_of("responses"), &kind));
	assert_int_equal(kind, CONF_RESPONSES);
	assert_false(wire_find(span_of("open"), &kind));
	assert_false(wire_find(span_of(""), &kind));
	assert_int_equal(kind, CONF_RESPONSES);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_settings_are_loaded),
		cmocka_unit_test(test_invalid_options_are_refused),
		cmocka_unit_test(test_invalid_tools_are_refused),
		cmocka_unit_test(test_arguments_of_calls_are_checked),
		cmocka_unit_test(test_kinds_by_word),
	};

	return cmocka_run_group_tests(tests, make_file, remove_file);
}
