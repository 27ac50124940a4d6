/*
 * Every recorded answer of every wire, with each of its values changed into
 * something nobody sends: of another type, huge, negative, deeply nested,
 * empty, duplicated. Whatever the result, it keeps the promises of event.h.
 */

#include "../unit.h"
#include "anthropic/wire.h"
#include "base/file.h"
#include "gemini/wire.h"
#include "openai/wire.h"
#include "responses/wire.h"
#include "wire/stream.h"
#include "json/json.h"

#include <glob.h>
#include <stdio.h>

#define HELD_MAX ((size_t)1 << 20)
#define CALLS_MAX 4096u

static const char *const values[] = { "null", "true", "-1", "0", "1e999",
	"9223372036854775807", "-9223372036854775808", "\"\"", "\"x\"",
	"\"\\u0000\"", "\"\\ud800\"", "[]", "{}", "[null]", "[[[[[]]]]]",
	"{\"\":{}}", "[{\"type\":\"message\"},{\"type\":7}]",
	"{\"type\":\"error\"}", "{\"text\":[],\"type\":{}}" };

/* ---- the promises of event.h */

struct heard {
	bool begun;
	enum { UNKNOWN, OPEN, OVER } calls[CALLS_MAX];
	unsigned n_calls;
	size_t len;
};

static void
check_call(struct heard *heard, const struct llm_event *event)
{
	assert_true(event->call < CALLS_MAX);
	if (event->type == LLM_TOOL_START) {
		assert_int_equal(event->call, heard->n_calls);
		assert_true(event->id.len > 0);
		assert_true(event->name.len > 0);
		heard->calls[heard->n_calls++] = OPEN;
		return;
	}
	assert_true(event->call < heard->n_calls);
	assert_int_equal(heard->calls[event->call], OPEN);
	if (event->type == LLM_TOOL_END)
		heard->calls[event->call] = OVER;
}

static void
on_event(void *arg, const struct llm_event *event)
{
	struct heard *heard = arg;

	assert_int_equal(event->type == LLM_BEGIN, !heard->begun);
	heard->begun = true;
	heard->len += event->text.len + event->kept.len;
	if (event->type == LLM_TEXT || event->type == LLM_REASONING)
		assert_true(event->text.len > 0);
	if (event->type >= LLM_TOOL_START)
		check_call(heard, event);
	if (event->kept.len > 0) {
		assert_int_equal(json_check(event->kept, JSON_DEPTH_MAX), OK);
		assert_int_equal(*event->kept.data, '{');
		assert_non_null(event->kept_by);
	}
}

static void
check_result(const struct heard *heard, const struct llm_result *result)
{
	const int64_t counts[] = { result->usage.input, result->usage.output,
		result->usage.total, result->usage.cached_input,
		result->usage.reasoning, result->usage.cache_write };

	assert_in_range(result->fault, LLM_OK, LLM_FAULT_N - 1);
	assert_in_range(result->finish, LLM_FINISH_NONE, LLM_FINISH_PAUSED);
	if (result->fault == LLM_OK)
		assert_int_not_equal(result->finish, LLM_FINISH_NONE);
	for (size_t i = 0; i < LENGTH(counts); i++)
		assert_true(counts[i] >= -1 && counts[i] <= LLM_TOKENS_MAX);
	for (unsigned i = 0; result->fault == LLM_OK && i < heard->n_calls; i++)
		assert_int_equal(heard->calls[i], OVER);
}

static void
play(const struct wire *wire, struct span body)
{
	static struct heard heard;
	struct llm_stream *stream;
	struct llm_result result;
	struct failure failure;

	heard = (struct heard){ .begun = false };
	stream = llm_stream_open(wire, on_event, &heard, HELD_MAX);
	for (size_t at = 0, len; at < body.len; at += len) {
		len = at == 0 ? (body.len + 1) / 2 : body.len - at;
		if (llm_stream_feed(stream, body.data + at, len) != LLM_OK)
			break;
	}
	result = llm_stream_end(stream, true);
	check_result(&heard, &result);
	if (llm_stream_refused(stream, &failure) ||
		llm_stream_may_pass(stream, &failure))
		assert_false(heard.begun);
	llm_stream_free(stream);
}

/* ---- changing a body */

static const char *
string_end(const char *at, const char *end)
{
	for (at++; at < end && *at != '"'; at++)
		if (*at == '\\')
			at++;
	return at < end ? at + 1 : end;
}

/* Returns the position after the value that begins at *at*. */
static const char *
value_end(const char *at, const char *end)
{
	int depth = 0;

	while (at < end && *at != '\n') {
		if (*at == '"') {
			at = string_end(at, end);
		} else if (strchr("{[", *at) != NULL) {
			depth++;
			at++;
		} else if (strchr("}]", *at) != NULL) {
			if (--depth < 0)
				return at;
			at++;
		} else if (depth == 0 && *at == ',') {
			return at;
		} else {
			at++;
		}
		if (depth == 0 && at < end && strchr(",}]", *at) != NULL)
			return at;
	}
	return at;
}

static void
change(const struct wire *wire, struct span body, const char *from,
	const char *to)
{
	const char *end = body.data + body.len;
	struct buf changed = BUF_INIT;

	for (size_t i = 0; i < LENGTH(values); i++) {
		buf_clear(&changed);
		buf_append(&changed, body.data, (size_t)(from - body.data));
		buf_puts(&changed, values[i]);
		buf_append(&changed, to, (size_t)(end - to));
		play(wire, buf_span(&changed));
	}
	buf_free(&changed);
}

/* Changes every named value in the body. */
static size_t
change_each(const struct wire *wire, struct span body)
{
	const char *end = body.data + body.len, *at = body.data;
	size_t n = 0;

	while (at < end) {
		const char *after;

		if (*at != '"') {
			at++;
			continue;
		}
		after = string_end(at, end);
		at = after;
		while (at < end && *at == ' ')
			at++;
		if (at >= end || *at != ':')
			continue;
		for (at++; at < end && *at == ' ';)
			at++;
		change(wire, body, at, value_end(at, end));
		n++;
	}
	return n;
}

/* Repeats every event, leaves each one out, and swaps each with the next. */
static void
change_order(const struct wire *wire, struct span body)
{
	const char *end = body.data + body.len, *from = body.data, *to, *next;
	struct buf changed = BUF_INIT;

	while ((to = memmem(from, (size_t)(end - from), "\n\n", 2)) != NULL) {
		to += 2;
		next = memmem(to, (size_t)(end - to), "\n\n", 2);
		next = next != NULL ? next + 2 : end;
		for (int how = 0; how < 3; how++) {
			buf_clear(&changed);
			buf_append(&changed, body.data,
				(size_t)(from - body.data));
			if (how == 0)
				buf_append(&changed, from, (size_t)(to - from));
			if (how == 1) {
				buf_append(&changed, to, (size_t)(next - to));
				buf_append(&changed, from, (size_t)(to - from));
				buf_append(
					&changed, next, (size_t)(end - next));
			} else {
				buf_append(&changed, how == 0 ? from : to,
					(size_t)(end - (how == 0 ? from : to)));
			}
			play(wire, buf_span(&changed));
		}
		from = to;
	}
	buf_free(&changed);
}

static void
change_all(const struct wire *wire, const char *pattern)
{
	size_t n = 0;
	glob_t found;

	assert_int_equal(glob(pattern, 0, NULL, &found), 0);
	for (size_t i = 0; i < found.gl_pathc; i++) {
		struct arena arena = ARENA_INIT;
		struct span body;

		assert_int_equal(
			file_read(&arena, found.gl_pathv[i], 4 << 20, &body),
			OK);
		if (body.len > 0 && body.len < 16384) {
			n += change_each(wire, body);
			change_order(wire, body);
		}
		arena_reset(&arena);
	}
	print_message(
		"%s: %zu bodies, %zu values\n", wire->word, found.gl_pathc, n);
	assert_true(n > 500);
	globfree(&found);
}

static void
test_changed_openai_answers(void **state)
{
	(void)state;
	change_all(&wire_openai, "tests/vectors/*/upstream.sse");
}

static void
test_changed_anthropic_answers(void **state)
{
	(void)state;
	change_all(&wire_anthropic, "tests/wires/anthropic/*.sse");
}

static void
test_changed_gemini_answers(void **state)
{
	(void)state;
	change_all(&wire_gemini, "tests/wires/gemini/*.sse");
}

static void
test_changed_responses_answers(void **state)
{
	(void)state;
	change_all(&wire_responses, "tests/wires/responses/*.sse");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_changed_openai_answers),
		cmocka_unit_test(test_changed_anthropic_answers),
		cmocka_unit_test(test_changed_gemini_answers),
		cmocka_unit_test(test_changed_responses_answers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
