/* How an Anthropic request contains thoughts, calls and the provider's own
 * tools. */

#include "../llm/asking.h"
#include "../unit.h"
#include "json/raw_private.h"

#include <string.h>

#define TOOL                                                             \
	"[{\"type\":\"function\",\"function\":{\"name\":\"f\","          \
	"\"description\":\"d\",\"parameters\":{\"properties\":{\"a\":{}" \
	"}}}}]"

#define TEXT(text) "{\"type\":\"text\",\"text\":\"" text "\"}"
#define HELLO "[" TEXT("Hello") "]"
#define MARK ",\"cache_control\":{\"type\":\"ephemeral\"}"

#define KEPT(kind, model, more)                                  \
	",\"providerMetadata\":{\"anthropic\":{\"kind\":\"" kind \
	"\",\"model\":\"" model "\"," more "}}}"
#define THOUGHT "{\"type\":\"reasoning\",\"text\":\"hm\""
#define OWN(more) KEPT("anthropic", "claude-sonnet-4-5", more)
#define SIGNED OWN("\"signature\":\"s\"")
#define CALL(id)                                                 \
	"{\"type\":\"tool-f\",\"toolCallId\":\"" id              \
	"\",\"state\":\"output-available\",\"input\":{\"a\":1}," \
	"\"output\":\"fine\"}"
#define STEP "{\"type\":\"step-start\"},"
#define USE(id)                                                           \
	"{\"type\":\"tool_use\",\"id\":\"" id "\",\"name\":\"f\",\"input" \
	"\":{\"a\":1}}"
#define RESULT(id)                                              \
	"{\"type\":\"tool_result\",\"tool_use_id\":\"" id "\"," \
	"\"content\":\"fine\""
#define SAID(text) "{\"type\":\"text\",\"text\":\"" text "\"}"
#define BUDGET "{\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":2000}}"

/* In the middle of a tool loop, the thought that began it decides whether the
 * model may think. */
static void
test_thinking_in_a_loop_follows_its_beginning(void **state)
{
	static const struct {
		const char *reply, *blocks, *thinking;
	} rows[] = {
		{ "[" STEP THOUGHT SIGNED "," CALL("t_1") "]",
			"[{\"type\":\"thinking\",\"thinking\":\"hm\","
			"\"signature\":\"s\"}," USE("t_1") "]",
			"{\"type\":\"enabled\",\"budget_tokens\":2000}" },
		{ "[" STEP THOUGHT OWN("\"redactedData\":\"d\"") "," CALL(
			  "t_1") "]",
			"[{\"type\":\"redacted_thinking\",\"data\":\"d\"}," USE(
				"t_1") "]",
			"{\"type\":\"enabled\",\"budget_tokens\":2000}" },
		/* by another model, of another kind, never signed */
		{ "[" STEP THOUGHT KEPT("anthropic", "claude-other",
			  "\"signature\":\"s\"") "," CALL("t_1") "]",
			"[" USE("t_1") "]", NULL },
		{ "[" STEP THOUGHT KEPT("openai", "claude-sonnet-4-5",
			  "\"signature\":\"s\"") "," CALL("t_1") "]",
			"[" USE("t_1") "]", NULL },
		{ "[" STEP THOUGHT "}," CALL("t_1") "]", "[" USE("t_1") "]",
			NULL },
	};
	struct asking a;

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		const char *parts[] = { HELLO, rows[i].reply };

		asking_begin(&a, CONF_ANTHROPIC, "claude-sonnet-4-5");
		a.settings.tools = span_of(TOOL);
		asking_options(&a, BUDGET);
		asking_write(&a, parts, 2);
		asking_expect(&a, "thinking", rows[i].thinking);
		assert_same_json(rows[i].reply,
			json_raw_get(json_raw_at(json_raw_get(buf_span(&a.body),
							 "messages"),
					     1),
				"content"),
			span_of(rows[i].blocks));
		asking_end(&a);
	}
}

/* Results precede the next text; an invalid call id is replaced; a failed call
 * is marked; a thought at the end is dropped; the next question may use
 * thinking, whatever came before. */
static void
test_results_precede_the_next_text(void **state)
{
	static const char *const parts[] = { HELLO,
		"[" STEP THOUGHT SIGNED "," SAID("look") "," CALL(
			"t_1") ","
			       "{\"type\":\"tool-f\",\"toolCallId\":\"a.b:c\",\"state\":"
			       "\"output-error\",\"input\":{\"a\":1},\"errorText\":\"no\"}," STEP
				       THOUGHT SIGNED "]",
		"[" TEXT("and?") "]" };
	struct asking a;
	struct span id;

	(void)state;
	asking_begin(&a, CONF_ANTHROPIC, "claude-sonnet-4-5");
	a.settings.tools = span_of(TOOL);
	asking_options(&a, BUDGET);
	asking_write(&a, parts, 3);
	asking_expect(&a, "thinking",
		"{\"type\":\"enabled\",\"budget_tokens\":2000}");
	id = json_raw_get(
		json_raw_at(
			json_raw_get(json_raw_at(json_raw_get(buf_span(&a.body),
							 "messages"),
					     1),
				"content"),
			3),
		"id");
	assert_int_equal(id.len, 9 + 2);
	assert_non_null(strstr(buf_str(&a.body),
		"{\"role\":\"user\",\"content\":[" RESULT(
			"t_1") "},{\"type\":"
			       "\"tool_result\",\"tool_use_id\":"));
	assert_non_null(strstr(buf_str(&a.body),
		",\"content\":\"no\",\"is_error\":true},{\"type\":\"text\","
		"\"text\":\"and?\"" MARK "}]}],\"stream\":true}"));
	asking_end(&a);
}

/* The last request of a loop names the tools, because there are calls, but
 * allows no call. Without tools, calls are sent in words. */
static void
test_last_request_allows_no_call(void **state)
{
	static const char *const parts[] = { HELLO, "[" STEP CALL("t_1") "]" };
	struct asking a;

	(void)state;
	asking_begin(&a, CONF_ANTHROPIC, "claude-sonnet-4-5");
	a.settings.tools = span_of(TOOL);
	a.ask.last = true;
	asking_write(&a, parts, 2);
	asking_expect(&a, "tool_choice", "{\"type\":\"none\"}");
	asking_end(&a);
	asking_begin(&a, CONF_ANTHROPIC, "claude-sonnet-4-5");
	a.ask.takes.way[TAKES_CACHE] = WAY_OFF;
	asking_write(&a, parts, 2);
	asking_expect(&a, "tools", NULL);
	asking_expect(&a, "messages",
		"[{\"role\":\"user\",\"content\":[" SAID(
			"Hello") "]},{"
				 "\"role\":\"assistant\",\"content\":[" SAID(
					 "[The tool f was called with {\\\"a\\\":1} and gave: "
					 "fine]\\n\\n") "]},{\"role\":\"user\",\"content\":[" SAID("[Answer now, with what the tools have given.]") "]}]");
	asking_end(&a);
}

#define THINKING(signature)                                                     \
	"{\"type\":\"thinking\",\"thinking\":\"hm\",\"signature\":\"" signature \
	"\"}"

/* Calls follow the text of their step, thoughts stay where they were but never
 * at the end, and the last of the results is marked. */
static void
test_calls_follow_the_text_of_their_step(void **state)
{
	static const char *const parts[] = { HELLO,
		"[" STEP THOUGHT SIGNED
		"," CALL("t_1") "," SAID("said") "," THOUGHT OWN(
			"\"signature\":\"2\"") "," CALL("t_2") "," THOUGHT
			OWN("\"signature\":\"3\"") "]" };
	struct asking a;

	(void)state;
	asking_begin(&a, CONF_ANTHROPIC, "claude-sonnet-4-5");
	a.settings.tools = span_of(TOOL);
	asking_write(&a, parts, 2);
	assert_non_null(strstr(buf_str(&a.body),
		"\"content\":[" THINKING("s") "," SAID("said") "," USE(
			"t_1") "," THINKING("2") "," USE("t_2") "]},"));
	assert_non_null(strstr(buf_str(&a.body),
		"[" RESULT("t_1") "}," RESULT("t_2") MARK "}]"));
	asking_end(&a);
	asking_begin(&a, CONF_ANTHROPIC, "claude-sonnet-4-5");
	a.settings.tools = span_of(TOOL);
	a.ask.takes.way[TAKES_REASONING] = WAY_OFF;
	asking_options(&a, BUDGET);
	asking_write(&a, parts, 2);
	assert_non_null(strstr(buf_str(&a.body),
		"\"content\":[" SAID("said") "," USE("t_1") "," USE(
			"t_2") "]},"));
	asking_expect(&a, "thinking", NULL);
	asking_end(&a);
}

/* A thought at the end of a message is refused; it does not move to another
 * message. */
static void
test_thought_at_end(void **state)
{
	static const char *const parts[] = { HELLO,
		"[" STEP SAID("one") "," THOUGHT SIGNED "]", HELLO,
		"[" STEP SAID("two") "]", HELLO };
	struct asking a;

	(void)state;
	asking_begin(&a, CONF_ANTHROPIC, "claude-sonnet-4-5");
	asking_write(&a, parts, 5);
	assert_null(strstr(buf_str(&a.body), "thinking"));
	assert_non_null(strstr(buf_str(&a.body), "[" SAID("two") "]"));
	asking_end(&a);
}

/* There are at most four marks, on the last two user messages. */
static void
test_at_most_four_cache_marks(void **state)
{
	static const char *const parts[] = { HELLO,
		"[" STEP CALL("t_1") "," STEP TEXT("x") "]", HELLO,
		"[" STEP CALL("t_2") "," STEP CALL("t_3") "]" };
	struct asking a;
	size_t n = 0;

	(void)state;
	asking_begin(&a, CONF_ANTHROPIC, "claude-sonnet-4-5");
	a.settings.system_prompt = "p";
	a.settings.tools = span_of(TOOL);
	asking_write(&a, parts, 4);
	for (const char *at = buf_str(&a.body);
		(at = strstr(at, "cache_control")) != NULL; at++)
		n++;
	assert_int_equal(n, 4);
	assert_non_null(strstr(buf_str(&a.body), RESULT("t_2") MARK "}"));
	assert_non_null(strstr(buf_str(&a.body), RESULT("t_3") MARK "}"));
	asking_end(&a);
}

/* What the provider's own tools returned goes back unchanged and in its place;
 * a pause ends with it. */
static void
test_provider_blocks_go_back_unchanged(void **state)
{
	static const char *const parts[] = { HELLO,
		"[" STEP "{\"type\":\"text\",\"text\":\"I look.\"},{\"type\":"
		"\"text\",\"text\":\"\"" OWN("\"blocks\":[{\"type\":"
					     "\"server_tool_use\",\"id\":\"s\","
					     "\"name\":\"n\",\"input\":{}}],"
					     "\"paused\":true") "]" };
	struct asking a;

	(void)state;
	asking_begin(&a, CONF_ANTHROPIC, "claude-sonnet-4-5");
	asking_write(&a, parts, 2);
	asking_expect(&a, "messages",
		"[{\"role\":\"user\",\"content\":[{\"type\":\"text\","
		"\"text\":\"Hello\"" MARK "}]},{\"role\":\"assistant\","
		"\"content\":[" SAID(
			"I look.") ",{\"type\":"
				   "\"server_tool_use\",\"id\":\"s\",\"name\":\"n\",\"input\":{"
				   "}}]}]");
	asking_end(&a);
}

/* A call of the provider's tool without a result is dropped once somebody has
 * spoken since; no message becomes empty by that. */
static void
test_open_provider_call_is_dropped_later(void **state)
{
	static const char *const parts[] = { HELLO,
		"[" STEP "{\"type\":\"text\",\"text\":\"I look.\"},{\"type\":"
		"\"text\",\"text\":\"\"" OWN("\"blocks\":[{\"type\":"
					     "\"server_tool_use\",\"id\":\"s\","
					     "\"name\":\"n\",\"input\":{}}],"
					     "\"paused\":true") "]",
		"[" TEXT("and?") "]",
		"[" STEP "{\"type\":\"text\",\"text\":\"So.\"" OWN(
			"\"blocks\":[{\"type\":\"server_tool_use\",\"id\":"
			"\"t\",\"name\":\"n\",\"input\":{}},{\"type\":"
			"\"n_tool_result\",\"tool_use_id\":\"t\"}]") "]",
		"[" TEXT("so?") "]" };
	struct asking a;

	(void)state;
	asking_begin(&a, CONF_ANTHROPIC, "claude-sonnet-4-5");
	a.ask.takes.way[TAKES_CACHE] = WAY_OFF;
	asking_write(&a, parts, 5);
	asking_expect(&a, "messages",
		"[{\"role\":\"user\",\"content\":[" SAID(
			"Hello") "]},{"
				 "\"role\":\"assistant\",\"content\":[" SAID(
					 "I look.") "]},{"
						    "\"role\":\"user\",\"content\":[" SAID(
							    "and?") "]},{\"role\":"
								    "\"assistant\",\"content\":[{\"type\":\"server_tool_use\","
								    "\"id\":\"t\",\"name\":\"n\",\"input\":{}},{\"type\":"
								    "\"n_tool_result\",\"tool_use_id\":\"t\"}," SAID("So.") "]},{\"role\":\"user\",\"content\":[" SAID(
									    "so?") "]}]");
	asking_end(&a);
}

static void
test_no_message_becomes_empty(void **state)
{
	static const char *const parts[] = { HELLO,
		"[" STEP "{\"type\":\"text\",\"text\":\"\"" OWN(
			"\"blocks\":[{\"type\":\"server_tool_use\",\"id\":"
			"\"s\"}],\"paused\":true") "]",
		"[" TEXT("and?") "]" };
	struct asking a;

	(void)state;
	asking_begin(&a, CONF_ANTHROPIC, "claude-sonnet-4-5");
	asking_write(&a, parts, 3);
	assert_non_null(strstr(buf_str(&a.body),
		"{\"role\":\"assistant\",\"content\":[" SAID(
			"[This reply ended here.]") "]}"));
	asking_end(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_thinking_in_a_loop_follows_its_beginning),
		cmocka_unit_test(test_results_precede_the_next_text),
		cmocka_unit_test(test_last_request_allows_no_call),
		cmocka_unit_test(test_at_most_four_cache_marks),
		cmocka_unit_test(test_thought_at_end),
		cmocka_unit_test(test_calls_follow_the_text_of_their_step),
		cmocka_unit_test(test_provider_blocks_go_back_unchanged),
		cmocka_unit_test(test_open_provider_call_is_dropped_later),
		cmocka_unit_test(test_no_message_becomes_empty),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
