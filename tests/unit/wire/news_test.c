/* news_test.c: which parts of a stream are progress, and which only show that
 * the server is alive; the latter are not waited for as long. */

#include "../unit.h"
#include "base/span.h"
#include "llm/wires.h"
#include "wire/stream.h"

#include <string.h>

#define DATA(json) "data: " json "\n\n"
#define CHUNK(delta)                                        \
	DATA("{\"choices\":[{\"index\":0,\"delta\":{" delta \
	     "},\"finish_reason\":null}]}")
#define BLOCK(delta)                                                           \
	DATA("{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{" delta \
	     "}}")
#define PARTS(parts) \
	DATA("{\"candidates\":[{\"content\":{\"parts\":[" parts "]}}]}")

static const struct {
	int64_t kind;
	bool news;
	const char *text;
} cases[] = {
	{ CONF_OPENAI, false, ": OPENROUTER PROCESSING\n\n" },
	{ CONF_OPENAI, false, "\n\n" },
	{ CONF_OPENAI, false, "event: ping\ndata:\n\n" },
	{ CONF_OPENAI, false, DATA("{}") },
	{ CONF_OPENAI, false, DATA("{\"choices\":[]}") },
	{ CONF_OPENAI, false,
		CHUNK("\"role\":\"assistant\",\"content\":\"\"") },
	{ CONF_OPENAI, false, CHUNK("\"content\":null,\"reasoning\":\"\"") },
	{ CONF_OPENAI, false,
		CHUNK("\"tool_calls\":[],\"reasoning_details\":[]") },
	{ CONF_OPENAI, false,
		CHUNK("\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":"
		      "\"\"}}]") },
	{ CONF_OPENAI, true, CHUNK("\"content\":\"a\"") },
	{ CONF_OPENAI, true, CHUNK("\"content\":\"a\\n\",\"x\":1") },
	{ CONF_OPENAI, true, CHUNK("\"reasoning\":\"a\"") },
	{ CONF_OPENAI, true,
		CHUNK("\"reasoning_details\":[{\"type\":\"reasoning.encrypted\","
		      "\"data\":\"a\"}]") },
	{ CONF_OPENAI, true,
		CHUNK("\"tool_calls\":[{\"index\":0,\"function\":{\"name\":\"t\"}}]") },
	{ CONF_OPENAI, true,
		CHUNK("\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":"
		      "\"{\"}}]") },
	{ CONF_OPENAI, true,
		DATA("{\"choices\":[],\"usage\":{\"prompt_tokens\":1,"
		     "\"completion_tokens\":7}}") },
	{ CONF_OPENAI, true,
		DATA("{\"choices\":[],\"citations\":[\"https://a.example/\"]}") },

	{ CONF_ANTHROPIC, false, "event: ping\n" DATA("{\"type\":\"ping\"}") },
	{ CONF_ANTHROPIC, false,
		DATA("{\"type\":\"message_start\",\"message\":{}}") },
	{ CONF_ANTHROPIC, false,
		BLOCK("\"type\":\"text_delta\",\"text\":\"\"") },
	{ CONF_ANTHROPIC, false,
		BLOCK("\"type\":\"input_json_delta\",\"partial_json\":\"\"") },
	{ CONF_ANTHROPIC, false, DATA("{\"type\":\"of_tomorrow\"}") },
	{ CONF_ANTHROPIC, true,
		BLOCK("\"type\":\"text_delta\",\"text\":\"a\"") },
	{ CONF_ANTHROPIC, true,
		BLOCK("\"type\":\"thinking_delta\",\"thinking\":\"a\"") },
	{ CONF_ANTHROPIC, true,
		BLOCK("\"type\":\"signature_delta\",\"signature\":\"a\"") },
	{ CONF_ANTHROPIC, true,
		BLOCK("\"type\":\"input_json_delta\",\"partial_json\":\"{\"") },
	{ CONF_ANTHROPIC, true,
		DATA("{\"type\":\"content_block_start\",\"index\":0,"
		     "\"content_block\":{\"type\":\"server_tool_use\"}}") },

	{ CONF_GEMINI, false, DATA("{\"candidates\":[{}]}") },
	{ CONF_GEMINI, false, PARTS("") },
	{ CONF_GEMINI, false, PARTS("{\"text\":\"\"}") },
	{ CONF_GEMINI, false,
		DATA("{\"usageMetadata\":{\"promptTokenCount\":5}}") },
	{ CONF_GEMINI, true, PARTS("{\"text\":\"a\"}") },
	{ CONF_GEMINI, true,
		PARTS("{\"text\":\"\",\"thoughtSignature\":\"a\"}") },
	{ CONF_GEMINI, true, PARTS("{\"executableCode\":{\"code\":\"a\"}}") },
	{ CONF_GEMINI, true, PARTS("{\"functionCall\":{\"name\":\"t\"}}") },
	{ CONF_GEMINI, true,
		DATA("{\"usageMetadata\":{\"thoughtsTokenCount\":5}}") },

	{ CONF_RESPONSES, false,
		DATA("{\"type\":\"keepalive\",\"sequence_number\":3}") },
	{ CONF_RESPONSES, false,
		DATA("{\"type\":\"response.created\",\"response\":{}}") },
	{ CONF_RESPONSES, false,
		DATA("{\"type\":\"response.in_progress\",\"response\":{}}") },
	{ CONF_RESPONSES, false,
		"event: response.queued\n" DATA("{\"response\":{}}") },
	{ CONF_RESPONSES, false,
		DATA("{\"type\":\"response.output_text.delta\",\"delta\":\"\"}") },
	{ CONF_RESPONSES, true,
		DATA("{\"type\":\"response.output_text.delta\",\"delta\":\"a\"}") },
	{ CONF_RESPONSES, true,
		DATA("{\"type\":\"response.output_item.added\",\"item\":{\"type\":"
		     "\"web_search_call\"}}") },
	{ CONF_RESPONSES, true,
		DATA("{\"type\":\"response.web_search_call.searching\"}") },
	{ CONF_RESPONSES, true,
		DATA("{\"type\":\"response.code_interpreter_call_code.delta\","
		     "\"delta\":\"a\"}") },
};

static void
nothing(void *arg, const struct llm_event *event)
{
	(void)arg;
	(void)event;
}

static void
test_only_new_content_is_progress(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		struct span text = span_of(cases[i].text);
		struct llm_stream *stream = llm_stream_open(
			wire_of(cases[i].kind), nothing, NULL, 1 << 20);

		/* A repetition is no progress either. */
		for (int n = 0; n < 3; n++)
			if (llm_stream_feed(stream, text.data, text.len) !=
					LLM_OK ||
				(stream->news && !cases[i].news))
				fail_msg("%s", cases[i].text);
		if (stream->news != cases[i].news)
			fail_msg("%s", cases[i].text);
		llm_stream_free(stream);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_only_new_content_is_progress),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
