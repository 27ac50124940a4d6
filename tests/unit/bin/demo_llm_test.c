/* demo_llm_test.c: the demo model as its clients see it: the program itself,
 * asked over HTTP. */

#include "base/arena.h"
#include "base/buf.h"
#include "llm/title.h"
#include "json/json.h"

#include <arpa/inet.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

struct model {
	pid_t pid;
	unsigned port;
};

/* The content of a reply. */
struct heard {
	struct arena arena;
	struct buf text, reasoning;
	char finish[16];
	size_t n_content; /* number of deltas */
	int64_t usage;
	bool done;
};

/* build/<variant>/tests/unit/bin/demo_llm_test -> build/<variant>/bin/demo-llm */
static void
exec_model(void)
{
	char path[4096];
	ssize_t len = readlink("/proc/self/exe", path, sizeof(path) - 1);

	for (int up = 0; up < 4 && len > 0; up++)
		len = (char *)memrchr(path, '/', (size_t)len) - path;
	snprintf(path + len, sizeof(path) - (size_t)len, "/bin/demo-llm");
	execl(path, "demo-llm", "0", "0", (char *)NULL);
	_exit(127);
}

static int
start_model(void **state)
{
	static struct model model;
	FILE *said;
	int out[2];

	assert_int_equal(pipe(out), 0);
	model.pid = fork();
	assert_true(model.pid >= 0);
	if (model.pid == 0) {
		dup2(out[1], STDOUT_FILENO);
		exec_model();
	}
	close(out[1]);
	said = fdopen(out[0], "r");
	assert_int_equal(fscanf(said, "demo model on http://127.0.0.1:%u/v1",
				 &model.port),
		1);
	fclose(said);
	*state = &model;
	return 0;
}

static int
stop_model(void **state)
{
	struct model *model = *state;
	int status;

	kill(model->pid, SIGTERM);
	assert_int_equal(waitpid(model->pid, &status, 0), model->pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	return 0;
}

static int
connect_to(struct model *model)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_port = htons((uint16_t)model->port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	assert_int_equal(
		connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	return fd;
}

static void
send_request(int fd, const char *line, const char *body)
{
	struct buf out = BUF_INIT;

	/* HTTP/1.0: the answer is not chunked and ends with the connection. */
	buf_printf(&out, "%s HTTP/1.0\r\nContent-Length: %zu\r\n\r\n%s", line,
		strlen(body), body);
	assert_int_equal(write(fd, out.data, out.len), out.len);
	buf_free(&out);
}

static void
ask(struct model *model, const char *line, const char *body, struct buf *answer)
{
	int fd = connect_to(model);
	ssize_t n;

	send_request(fd, line, body);
	while ((n = read(fd, buf_reserve(answer, 4096), 4096)) > 0)
		answer->len += (size_t)n;
	buf_putc(answer, '\n');
	close(fd);
}

static void
hear_delta(struct heard *heard, const struct json *choice)
{
	const struct json *delta = json_get(choice, "delta");
	struct span content = json_text(json_get(delta, "content"));
	const char *finish = json_str(json_get(choice, "finish_reason"));

	buf_put_span(&heard->text, content);
	buf_put_span(&heard->reasoning,
		json_text(json_get(delta, "reasoning_content")));
	heard->n_content += content.len > 0;
	if (finish != NULL)
		snprintf(heard->finish, sizeof(heard->finish), "%s", finish);
}

static void
hear_event(struct heard *heard, const char *data)
{
	const struct json *event;

	if (strcmp(data, "[DONE]") == 0) {
		heard->done = true;
		return;
	}
	assert_false(heard->done);
	assert_int_equal(json_parse(&heard->arena, span_of(data), &event), OK);
	hear_delta(heard, json_at(json_get(event, "choices"), 0));
	heard->usage = json_int(
		json_get(json_get(event, "usage"), "completion_tokens"),
		heard->usage);
}

/* Requests a completion of *messages*; *more* are further members. */
static void
converse(struct model *model, const char *messages, const char *more,
	struct heard *heard)
{
	struct buf body = BUF_INIT, answer = BUF_INIT;
	char *at, *line;

	memset(heard, 0, sizeof(*heard));
	buf_printf(&body,
		"{\"model\":\"demo\",\"stream\":true%s,\"messages\":%s}", more,
		messages);
	ask(model, "POST /v1/chat/completions", buf_str(&body), &answer);
	assert_non_null(strstr(answer.data, " 200 OK"));
	assert_non_null(strstr(answer.data, "text/event-stream"));
	at = answer.data;
	while ((line = strsep(&at, "\n")) != NULL)
		if (strncmp(line, "data: ", 6) == 0)
			hear_event(heard, line + 6);
	assert_true(heard->done);
	buf_free(&body);
	buf_free(&answer);
}

static void
heard_free(struct heard *heard)
{
	buf_free(&heard->text);
	buf_free(&heard->reasoning);
	arena_reset(&heard->arena);
}

#define USER(text) "{\"role\":\"user\",\"content\":\"" text "\"}"
#define ASSISTANT(text) "{\"role\":\"assistant\",\"content\":\"" text "\"}"

static void
test_first_reply_says_what_it_is(void **state)
{
	struct heard heard;

	converse(*state, "[" USER("What is a Snowflake?") "]", "", &heard);
	assert_non_null(strstr(buf_str(&heard.text), "demo model"));
	assert_non_null(
		strstr(buf_str(&heard.text), "LAMPLIGHT_LLM_BASE_URL="));
	assert_non_null(strstr(buf_str(&heard.text), "LAMPLIGHT_LLM_API_KEY="));
	assert_non_null(strstr(buf_str(&heard.text), "LAMPLIGHT_LLM_MODEL="));
	assert_non_null(strstr(buf_str(&heard.text), "> What is a Snowflake?"));
	assert_string_equal(heard.finish, "stop");
	heard_free(&heard);
}

static void
test_later_replies_only_answer(void **state)
{
	struct heard heard;

	converse(*state, "[" USER("a") "," ASSISTANT("b") "," USER("c d e") "]",
		"", &heard);
	assert_null(strstr(buf_str(&heard.text), "demo model"));
	assert_non_null(strstr(buf_str(&heard.text), "> c d e"));
	heard_free(&heard);
}

static void
test_each_topic_has_its_answer(void **state)
{
	static const char *const cases[][2] = {
		{ USER("Show markdown, please"), "\n# Markdown\n" },
		{ USER("some CODE"), "\n```c\n" },
		{ USER("a table"), "\n|:---|---:|---:|---:|\n" },
		{ USER("a diagram"), "\n```mermaid\n" },
		{ USER("a long answer"), "\n## Part 12\n" },
		{ "{\"role\":\"user\",\"content\":[{\"type\":\"text\","
		  "\"text\":\"a table\"}]}",
			"| Mercury |" },
	};

	for (size_t i = 0; i < LENGTH(cases); i++) {
		struct buf messages = BUF_INIT;
		struct heard heard;

		buf_printf(&messages, "[%s]", cases[i][0]);
		converse(*state, buf_str(&messages), "", &heard);
		assert_non_null(strstr(buf_str(&heard.text), cases[i][1]));
		assert_int_equal(heard.reasoning.len, 0);
		heard_free(&heard);
		buf_free(&messages);
	}
}

static void
test_reasons_when_asked(void **state)
{
	struct heard heard;

	converse(*state, "[" USER("show reasoning") "]", "", &heard);
	assert_non_null(strstr(buf_str(&heard.reasoning), "= 204."));
	assert_non_null(strstr(buf_str(&heard.text), "**204**"));
	heard_free(&heard);
}

static void
test_comes_in_words_and_counts_them(void **state)
{
	struct heard heard;

	converse(*state, "[" USER("a") "," ASSISTANT("b") "," USER("c") "]",
		",\"stream_options\":{\"include_usage\":true}", &heard);
	assert_true(heard.n_content > 20);
	assert_int_equal(heard.usage, heard.n_content);
	heard_free(&heard);

	converse(*state, "[" USER("a") "]", "", &heard);
	assert_int_equal(heard.usage, 0);
	heard_free(&heard);
}

/* The question is quoted in whole characters, also without any blank. */
static void
test_quotes_any_script_in_whole_characters(void **state)
{
	struct heard heard;

	converse(*state,
		"[" ASSISTANT("b") "," USER(
			"\xe4\xbd\xa0\xe5\xa5\xbd\xe4\xbd\xa0\xe5\xa5\xbd\xe4\xbd\xa0"
			"\xe5\xa5\xbd\xe4\xbd\xa0\xe5\xa5\xbd\xe4\xbd\xa0\xe5\xa5\xbd"
			"\xe4\xbd\xa0\xe5\xa5\xbd\xe4\xbd\xa0\xe5\xa5\xbd") "]",
		"", &heard);
	assert_non_null(strstr(buf_str(&heard.text),
		"> \xe4\xbd\xa0\xe5\xa5\xbd\xe4\xbd\xa0\xe5\xa5\xbd\xe4\xbd\xa0"
		"\xe5\xa5\xbd\xe4\xbd\xa0\xe5\xa5\xbd\xe4\xbd\xa0\xe5\xa5\xbd"
		"\xe4\xbd\xa0\xe5\xa5\xbd\xe4\xbd\xa0\xe5\xa5\xbd\n"));
	assert_null(strstr(buf_str(&heard.text), "\xef\xbf\xbd"));
	heard_free(&heard);
}

/* Requests a title as Lamplight does (llm/title.h). */
static void
test_titles_quote_the_question(void **state)
{
	static const char *const cases[][2] = {
		{ "How do lamps work at night, and why? More",
			"How do lamps work at night" },
		{ "Hi", "Hi" },
		{ "\u71b5\u662f\u4ec0\u4e48\uff1f",
			"\xe7\x86\xb5\xe6\x98\xaf\xe4\xbb\x80\xe4\xb9\x88\xef\xbc\x9f" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct buf messages = BUF_INIT;
		struct heard heard;

		buf_printf(&messages,
			"[{\"role\":\"system\",\"content\":\"%s\"},"
			"{\"role\":\"user\",\"content\":\"%s%s\\nReply: x\"}]",
			LLM_TITLE_PROMPT, LLM_TITLE_QUESTION, cases[i][0]);
		converse(*state, buf_str(&messages), "", &heard);
		assert_string_equal(buf_str(&heard.text), cases[i][1]);
		heard_free(&heard);
		buf_free(&messages);
	}
}

static void
test_max_tokens_cuts_the_reply(void **state)
{
	struct heard heard;

	converse(*state, "[" USER("a") "]", ",\"max_tokens\":3", &heard);
	assert_int_equal(heard.n_content, 3);
	assert_string_equal(heard.finish, "length");
	heard_free(&heard);
}

static void
test_invalid_requests_are_refused(void **state)
{
	static const char *const bodies[] = { "", "{", "[]",
		"{\"stream\":true}", "{\"stream\":true,\"messages\":[]}",
		"{\"stream\":true,\"messages\":7}",
		"{\"messages\":[" USER("a") "]}" };

	for (size_t i = 0; i < LENGTH(bodies); i++) {
		struct buf answer = BUF_INIT;

		ask(*state, "POST /v1/chat/completions", bodies[i], &answer);
		assert_non_null(strstr(answer.data, " 400 "));
		assert_non_null(strstr(answer.data, "\"error\""));
		buf_free(&answer);
	}
}

static void
test_lists_its_model(void **state)
{
	struct buf answer = BUF_INIT;

	ask(*state, "GET /v1/models", "", &answer);
	assert_non_null(strstr(answer.data, "\"id\":\"demo\""));
	buf_free(&answer);
}

/* A client that disconnects in the middle affects no other. */
static void
test_a_leaving_client_affects_no_other(void **state)
{
	struct heard heard;
	char byte;

	for (int i = 0; i < 20; i++) {
		int fd = connect_to(*state);

		send_request(fd, "POST /v1/chat/completions",
			"{\"stream\":true,\"messages\":[" USER(
				"a long answer") "]}");
		assert_int_equal(read(fd, &byte, 1), 1);
		close(fd);
	}
	converse(*state, "[" USER("a long answer") "]", "", &heard);
	assert_string_equal(heard.finish, "stop");
	heard_free(&heard);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_first_reply_says_what_it_is),
		cmocka_unit_test(test_later_replies_only_answer),
		cmocka_unit_test(test_each_topic_has_its_answer),
		cmocka_unit_test(test_reasons_when_asked),
		cmocka_unit_test(test_comes_in_words_and_counts_them),
		cmocka_unit_test(test_quotes_any_script_in_whole_characters),
		cmocka_unit_test(test_titles_quote_the_question),
		cmocka_unit_test(test_max_tokens_cuts_the_reply),
		cmocka_unit_test(test_invalid_requests_are_refused),
		cmocka_unit_test(test_lists_its_model),
		cmocka_unit_test(test_a_leaving_client_affects_no_other),
	};

	return cmocka_run_group_tests(tests, start_model, stop_model);
}
