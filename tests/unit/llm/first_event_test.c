/*
 * An error as the first event of a stream, in the form of each wire: after a
 * temporary error the request is repeated, as after the same status.
 */

#include "../unit.h"
#include "flood.h"
#include "llm/client.h"
#include "llm/model.h"

#include <stdio.h>

#define HEAD                                                     \
	"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n" \
	"retry-after-ms: 1\r\nConnection: close\r\n\r\n"
#define DATA(json) "data: " json "\n\n"
#define DELTA(text) \
	DATA("{\"choices\":[{\"delta\":{\"content\":\"" text "\"}}]}")
#define STOP DATA("{\"choices\":[{\"finish_reason\":\"stop\"}]}")
#define FAILS(type) \
	DATA("{\"error\":{\"type\":\"" type "\",\"message\":\"no\"}}")
#define START DATA("{\"type\":\"message_start\",\"message\":{}}")
#define BLOCK                                                            \
	DATA("{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{" \
	     "\"type\":\"text_delta\",\"text\":\"ha\"}}")
#define CREATED                                              \
	DATA("{\"type\":\"response.created\",\"response\":{" \
	     "\"status\":\"in_progress\"}}")
#define OVERLOADED                                                       \
	"event: error\n" DATA("{\"type\":\"error\",\"error\":{\"type\":" \
			      "\"overloaded_error\",\"message\":"        \
			      "\"Overloaded\"}}")

static const struct first {
	const char *name;
	enum conf_kind kind;
	const char *answers[2]; /* the last one is repeated */
	enum llm_fault fault;
	const char *text;
	unsigned n_asked, n_begun;
} firsts[] = {
	{ "overloaded, then an answer", CONF_OPENAI,
		{ HEAD FAILS("overloaded_error"), HEAD DELTA("Hi") STOP },
		LLM_OK, "Hi", 2, 1 },
	{ "its server failed, then an answer", CONF_OPENAI,
		{ HEAD ": ping\n\n" FAILS("server_error"),
			HEAD DELTA("Hi") STOP },
		LLM_OK, "Hi", 2, 1 },
	{ "JSON in place of a stream", CONF_OPENAI,
		{ HEAD "{\"error\":{\"code\":503,\"message\":\"no\"}}",
			HEAD DELTA("Hi") STOP },
		LLM_OK, "Hi", 2, 1 },
	{ "for good", CONF_OPENAI, { HEAD FAILS("api_error") }, LLM_ERROR, "",
		3, 0 },
	{ "nothing is paid for", CONF_OPENAI, { HEAD FAILS("billing") },
		LLM_QUOTA, "", 1, 1 },
	{ "nobody knows what", CONF_OPENAI, { HEAD FAILS("odd") }, LLM_ERROR,
		"", 1, 1 },
	{ "after a word", CONF_OPENAI,
		{ HEAD DELTA("ha") FAILS("server_error") }, LLM_ERROR, "ha", 1,
		1 },

	{ "Messages", CONF_ANTHROPIC, { HEAD OVERLOADED }, LLM_OVERLOADED, "",
		3, 0 },
	{ "Messages, which had begun", CONF_ANTHROPIC,
		{ HEAD START OVERLOADED }, LLM_OVERLOADED, "", 3, 0 },
	{ "Messages, after a word", CONF_ANTHROPIC,
		{ HEAD START BLOCK OVERLOADED }, LLM_OVERLOADED, "ha", 1, 1 },
	{ "Messages, its form", CONF_ANTHROPIC,
		{ HEAD DATA("{\"type\":\"error\",\"error\":{\"type\":"
			    "\"invalid_request_error\",\"message\":"
			    "\"max_tokens: too many\"}}") },
		LLM_ERROR, "", 1, 0 },

	{ "Gemini", CONF_GEMINI,
		{ HEAD DATA("{\"error\":{\"code\":503,\"message\":\"busy\","
			    "\"status\":\"UNAVAILABLE\"}}") },
		LLM_FAILED, "", 3, 0 },
	{ "Gemini, its form", CONF_GEMINI,
		{ HEAD DATA("{\"error\":{\"code\":400,\"message\":\"odd\","
			    "\"status\":\"INVALID_ARGUMENT\"}}") },
		LLM_REJECTED, "", 1, 0 },

	{ "Responses has failed", CONF_RESPONSES,
		{ HEAD CREATED DATA(
			"{\"type\":\"response.failed\",\"response\":{"
			"\"status\":\"failed\",\"error\":{\"code\":"
			"\"server_error\",\"message\":\"no\"}}}") },
		LLM_ERROR, "", 3, 0 },
	{ "Responses is throttled", CONF_RESPONSES,
		{ HEAD CREATED DATA("{\"type\":\"error\",\"code\":"
				    "\"rate_limit_exceeded\",\"message\":"
				    "\"m\",\"param\":null}") },
		LLM_THROTTLED, "", 3, 0 },
};

struct run {
	struct loop *loop;
	struct buf text;
	enum llm_fault fault;
	unsigned n_begun;
	int64_t reply_max;
};

static void
on_event(void *arg, const struct llm_event *event)
{
	struct run *run = arg;

	run->n_begun += event->type == LLM_BEGIN;
	buf_put_span(&run->text, event->text);
}

static void
on_end(void *arg, const struct llm_result *result)
{
	struct run *run = arg;

	run->fault = result->fault;
	loop_stop(run->loop);
}

static void
ask(struct run *run, const struct flood *server, enum conf_kind kind)
{
	static const struct llm_handlers handlers = { on_event, on_end };
	const struct llm_settings settings = { .model = "m" };
	struct buf body = BUF_INIT;
	struct llm_client *client;
	struct llm_model *model;
	char url[64];
	const struct llm_conf conf = { .kind = kind,
		.base_url = url,
		.api_key = "",
		.api_key_file = "",
		.model = "m",
		.options = "",
		.ca_file = "",
		.proxy = "",
		.no_proxy = "",
		.reply_max = run->reply_max,
		.retries = 2,
		.connect_timeout_ms = 60000,
		.first_byte_timeout_ms = 60000,
		.idle_timeout_ms = 60000,
		.total_timeout_ms = 60000 };

	snprintf(url, sizeof(url), "http://127.0.0.1:%d/v1", server->port);
	assert_int_equal(loop_open(&run->loop), OK);
	assert_int_equal(llm_model_open(&conf, &settings, &model), OK);
	client = llm_client_open(run->loop, &conf);
	/* The body has several megabytes and must still exist for the next
	 * attempt. */
	buf_puts(&body, "{\"x\":\"");
	memset(buf_reserve(&body, 2 << 20), 'x', 2 << 20);
	body.len += 2 << 20;
	buf_puts(&body, "\"}");
	llm_call_start(client, model, &body, 0, &handlers, run);
	loop_run(run->loop);
	llm_model_release(model);
	llm_client_close(client);
	loop_close(run->loop);
}

static void
test_error_as_first_event_on_each_wire(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(firsts); i++) {
		const struct first *first = &firsts[i];
		struct span answers[] = { span_of(first->answers[0]),
			span_of(first->answers[1]) };
		struct flood server = { .answers = answers,
			.n_answers = first->answers[1] != NULL ? 2 : 1,
			.reads_all = true };
		struct run run = { .reply_max = 1 << 20 };

		print_message("%s\n", first->name);
		flood_open(&server);
		ask(&run, &server, first->kind);
		flood_close(&server);
		assert_string_equal(llm_fault_word(run.fault),
			llm_fault_word(first->fault));
		assert_string_equal(buf_str(&run.text), first->text);
		assert_int_equal(server.n_asked, first->n_asked);
		assert_int_equal(run.n_begun, first->n_begun);
		buf_free(&run.text);
	}
}

/* A stream of endless comments is abandoned, however long a reply may be. */
static void
test_nothing_is_said_for_long(void **state)
{
	struct buf answer = BUF_INIT;

	(void)state;
	for (size_t len = 3; len <= 5; len += 2) {
		struct flood server = { .n_answers = 1, .reads_all = true };
		struct run run = { .reply_max = 64 << 10 };
		struct span span;

		buf_clear(&answer);
		buf_puts(&answer, HEAD DELTA("Well, "));
		while (answer.len < len << 20)
			buf_puts(&answer, ": nothing\n\n: to be said\n");
		buf_puts(&answer, DELTA("hi") STOP);
		span = buf_span(&answer);
		server.answers = &span;
		flood_open(&server);
		ask(&run, &server, CONF_OPENAI);
		flood_close(&server);
		assert_int_equal(run.fault, len == 3 ? LLM_OK : LLM_TOO_BIG);
		assert_string_equal(
			buf_str(&run.text), len == 3 ? "Well, hi" : "Well, ");
		buf_free(&run.text);
	}
	buf_free(&answer);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_error_as_first_event_on_each_wire),
		cmocka_unit_test(test_nothing_is_said_for_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
