/* odd_answers_test.c: answers that are in no reference, for each wire, in
 * words. Answers without content end well, and with nothing (the page says that
 * the reply is empty); unusual forms are read. */

#include "../unit.h"
#include "base/buf.h"
#include "llm/wires.h"
#include "wire_cases.h"

#include <string.h>

#define DATA(json) "data: " json "\n\n"
#define CHOICE(members) DATA("{\"choices\":[{\"index\":0," members "}]}")
#define PARTS(parts, reason)                                          \
	DATA("{\"candidates\":[{\"content\":{\"parts\":[" parts "]}," \
	     "\"finishReason\":\"" reason "\"}]}")
#define BEGUN DATA("{\"type\":\"message_start\",\"message\":{}}")
#define BLOCK(block)                                          \
	DATA("{\"type\":\"content_block_start\",\"index\":0," \
	     "\"content_block\":{" block "}}")                \
	DATA("{\"type\":\"content_block_stop\",\"index\":0}")
#define ENDS(reason)                                                            \
	DATA("{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"" reason \
	     "\"}}")
#define COMPLETED                                              \
	DATA("{\"type\":\"response.completed\",\"response\":{" \
	     "\"status\":\"completed\"}}")

#define NOTHING "begin\nthought-end\ntext-end\nok 1"

static const struct {
	int64_t kind;
	const char *body, *words; /* up to the usage */
} cases[] = {
	/* ---- no content */
	{ CONF_OPENAI, CHOICE("\"delta\":{},\"finish_reason\":\"stop\""),
		NOTHING },
	{ CONF_OPENAI,
		CHOICE("\"delta\":{\"images\":[{\"type\":\"image_url\"}]},"
		       "\"finish_reason\":\"stop\""),
		NOTHING },
	{ CONF_OPENAI,
		CHOICE("\"delta\":{\"content\":[{\"type\":\"image_url\","
		       "\"image_url\":{\"url\":\"x\"}}]},"
		       "\"finish_reason\":\"stop\""),
		NOTHING },
	{ CONF_OPENAI,
		CHOICE("\"delta\":{\"content\":\"\"},"
		       "\"finish_reason\":\"tool_calls\""),
		"begin\nthought-end\ntext-end\nok 4" },
	{ CONF_ANTHROPIC, BEGUN ENDS("end_turn"), NOTHING },
	{ CONF_ANTHROPIC,
		BEGUN BLOCK("\"type\":\"of_tomorrow\"") ENDS("end_turn"),
		NOTHING },
	{ CONF_GEMINI, DATA("{\"candidates\":[{\"finishReason\":\"STOP\"}]}"),
		NOTHING },
	{ CONF_GEMINI, PARTS("{\"inlineData\":{\"data\":\"AA==\"}}", "STOP"),
		NOTHING },
	{ CONF_GEMINI, PARTS("{\"ofTomorrow\":{}}", "STOP"), NOTHING },
	{ CONF_RESPONSES, COMPLETED, NOTHING },
	{ CONF_RESPONSES,
		DATA("{\"type\":\"response.output_item.done\",\"item\":{\"type\""
		     ":\"image_generation_call\",\"result\":\"AA\"}}")
			COMPLETED,
		NOTHING },

	/* ---- an error beside an answer, as OpenRouter sends it */
	{ CONF_OPENAI,
		CHOICE("\"delta\":{\"content\":\"\"},\"finish_reason\":null,"
		       "\"error\":{\"code\":429,\"message\":\"Slow down\"}"),
		"throttled 0" },
	{ CONF_OPENAI,
		CHOICE("\"delta\":{\"content\":\"a\"}") CHOICE(
			"\"delta\":{},\"finish_reason\":\"error\","
			"\"error\":{\"code\":502,\"message\":\"It died\"}"),
		"begin\ntext a\nfailed 0" },
	{ CONF_OPENAI,
		CHOICE("\"delta\":{\"content\":\"a\"},\"error\":null,"
		       "\"finish_reason\":\"stop\""),
		"begin\ntext a\nthought-end\ntext-end\nok 1" },

	/* ---- arguments that are not a string, and a string that contains
	 * some */
	{ CONF_ANTHROPIC,
		BLOCK("\"type\":\"tool_use\",\"id\":\"c\",\"name\":\"t\","
		      "\"input\":\"{\\\"a\\\":1}\"") ENDS("tool_use"),
		"begin\ncall 0 #c @t\nargs 0 {\"a\":1}\ncall-end 0\n"
		"thought-end\ntext-end\nok 4" },
	{ CONF_RESPONSES,
		DATA("{\"type\":\"response.output_item.done\",\"item\":{\"type\""
		     ":\"function_call\",\"call_id\":\"c\",\"name\":\"t\","
		     "\"arguments\":{\"a\":1}}}") COMPLETED,
		"begin\ncall 0 #c @t\nargs 0 #c @t {\"a\":1}\n"
		"thought-end\ntext-end\ncall-end 0\nok 4" },
	{ CONF_RESPONSES,
		DATA("{\"type\":\"response.output_item.added\",\"item\":{\"type\""
		     ":\"function_call\",\"id\":\"f\",\"call_id\":\"c\","
		     "\"name\":\"t\",\"arguments\":\"\"}}")
			DATA("{\"type\":\"response.function_call_arguments."
			     "done\",\"item_id\":\"f\",\"arguments\":{\"a\":1}}")
				COMPLETED,
		"begin\ncall 0 #c @t\nargs 0 {\"a\":1}\n"
		"thought-end\ntext-end\ncall-end 0\nok 4" },
	{ CONF_RESPONSES,
		DATA("{\"type\":\"response.output_text.delta\",\"delta\":{"
		     "\"text\":\"a\"}}") COMPLETED,
		"begin\ntext a\nthought-end\ntext-end\nok 1" },
};

static void
test_each_odd_answer(void **state)
{
	struct buf words = BUF_INIT;

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		size_t len = strlen(cases[i].words);

		buf_clear(&words);
		wire_play(wire_of(cases[i].kind), span_of(cases[i].body),
			(struct cutting){ 1 << 20, 0 }, &words);
		if (strncmp(buf_str(&words), cases[i].words, len) != 0 ||
			buf_str(&words)[len] != ' ')
			fail_msg("%s\n%s\nexpected\n%s", cases[i].body,
				buf_str(&words), cases[i].words);
	}
	buf_free(&words);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_odd_answer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
