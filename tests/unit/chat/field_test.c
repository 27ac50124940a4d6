/*
 * Unusual answers of real models: each answer of tests/vectors/field.json, cut
 * in two at every byte and into single bytes, is stored as the file says. An
 * answer is `raw`, or `events`, each in a frame of its own; `right` is the
 * expected result.
 */

#include "../unit.h"
#include "../wire/vector.h"
#include "chat/reply.h"
#include "openai/wire.h"
#include "wire/stream.h"
#include "json/write.h"

#include <string.h>

struct play {
	struct reply *reply;
	struct buf out;
};

static void
on_event(void *arg, const struct llm_event *event)
{
	struct play *play = arg;

	assert_int_equal(reply_event(play->reply, event, &play->out), OK);
}

/* Plays the body cut at *cut*, or in single bytes if *cut* is 0. */
static void
play_body(struct play *play, struct span body, size_t cut)
{
	struct llm_stream *stream =
		llm_stream_open(&wire_openai, on_event, play, 1 << 20);
	struct llm_result result;
	size_t len;

	for (size_t at = 0; at < body.len; at += len) {
		len = cut == 0     ? 1
			: at < cut ? MIN(cut, body.len)
				   : body.len - at;
		if (llm_stream_feed(stream, body.data + at, len) != LLM_OK)
			break;
	}
	result = llm_stream_end(stream, true);
	llm_stream_free(stream);
	reply_end(play->reply, &result, &play->out);
}

/* ---- the result in terms of `right` */

static void
put_joined(struct json_writer *w, const struct json *parts, const char *type)
{
	struct buf text = BUF_INIT;
	bool any = false;

	for (size_t i = 0; i < json_length(parts); i++) {
		const struct json *part = json_at(parts, i);

		if (!span_is(json_text(json_get(part, "type")), type))
			continue;
		any = true;
		buf_put_span(&text, json_text(json_get(part, "text")));
	}
	if (any || strcmp(type, "text") == 0)
		json_member_text(w, type, buf_span(&text));
	buf_free(&text);
}

static void
put_calls(struct json_writer *w, const struct json *parts)
{
	json_key(w, "calls");
	json_open(w, '[');
	for (size_t i = 0; i < json_length(parts); i++) {
		const struct json *part = json_at(parts, i);

		if (!span_is(json_text(json_get(part, "state")),
			    "input-available"))
			continue;
		json_open(w, '{');
		json_member_str(
			w, "name", json_text(json_get(part, "type")).data + 5);
		json_key(w, "input");
		json_put(w, json_get(part, "input"));
		json_close(w, '}');
	}
	json_close(w, ']');
}

static void
put_sources(struct json_writer *w, const struct json *parts)
{
	json_key(w, "sources");
	json_open(w, '[');
	for (size_t i = 0; i < json_length(parts); i++)
		if (span_is(json_text(json_get(json_at(parts, i), "type")),
			    "source-url"))
			json_put(w, json_get(json_at(parts, i), "url"));
	json_close(w, ']');
}

static void
put_found(
	struct buf *out, const struct json *parts, const struct json *metadata)
{
	struct json_writer w = json_writer(out);
	const struct json *error =
		json_get(json_get(metadata, "error"), "code");
	const struct json *usage = json_get(metadata, "usage");

	json_open(&w, '{');
	put_joined(&w, parts, "text");
	put_joined(&w, parts, "reasoning");
	put_calls(&w, parts);
	put_sources(&w, parts);
	json_member_text(&w, "status", json_text(json_get(metadata, "status")));
	if (json_get(metadata, "finishReason") != NULL)
		json_member_text(&w, "finish",
			json_text(json_get(metadata, "finishReason")));
	if (error != NULL)
		json_member_text(&w, "error", json_text(error));
	if (usage != NULL) {
		json_key(&w, "usage");
		json_put(&w, usage);
	}
	json_close(&w, '}');
}

/* ---- comparison with `right` */

static bool
is_same(const struct json *a, const struct json *b)
{
	struct buf x = BUF_INIT, y = BUF_INIT;
	bool same;

	canonical(&x, a);
	canonical(&y, b);
	same = span_equal(buf_span(&x), buf_span(&y));
	buf_free(&x);
	buf_free(&y);
	return same;
}

/* Whether a member of `right` matches; `usage: true` accepts any usage. */
static bool
holds(const struct json *found, struct span key, const struct json *value)
{
	const struct json *calls = json_get(found, "calls");

	if (span_is(key, "call"))
		return json_length(calls) == 1 &&
			is_same(json_at(calls, 0), value);
	if (json_kind(value) == JSON_BOOL)
		return json_kind(json_get(found, "usage")) == JSON_OBJECT;
	return is_same(json_get(found, key.data), value);
}

static void
check(const char *name, size_t cut, const struct play *play,
	const struct json *right)
{
	struct arena arena = ARENA_INIT;
	struct buf parts = BUF_INIT, metadata = BUF_INIT, found = BUF_INIT;
	const struct json *json, *value;
	struct span key;
	size_t at = 0;

	parts_write(reply_parts(play->reply), &parts);
	parts_write_metadata(reply_parts(play->reply), &metadata);
	put_found(&found, vector_json(&arena, buf_span(&parts)),
		vector_json(&arena, buf_span(&metadata)));
	json = vector_json(&arena, buf_span(&found));
	while (json_next(right, &at, &key, &value))
		if (!holds(json, key, value))
			fail_msg("%s, cut at %zu: %.*s\n%s", name, cut,
				(int)key.len, key.data, buf_str(&found));
	/* Members that are not expected must be absent. */
	if (json_get(right, "reasoning") == NULL)
		assert_null(json_get(json, "reasoning"));
	if (json_get(right, "call") == NULL && json_get(right, "calls") == NULL)
		assert_int_equal(json_length(json_get(json, "calls")), 0);
	buf_free(&parts);
	buf_free(&metadata);
	buf_free(&found);
	arena_reset(&arena);
}

static void
put_body(struct buf *body, const struct json *answer)
{
	const struct json *events = json_get(answer, "events");

	buf_put_span(body, json_text(json_get(answer, "raw")));
	for (size_t i = 0; i < json_length(events); i++) {
		buf_puts(body, "data: ");
		buf_put_span(body, json_text(json_at(events, i)));
		buf_puts(body, "\n\n");
	}
}

static void
run(const struct json *answer)
{
	static const struct llm_tool tool = { .name = { "current_time", 12 } };
	const struct llm_settings settings = { .model = "m",
		.system_prompt = "",
		.tool_list = &tool,
		.n_tools = 1,
		.reply_max = 1 << 20 };
	struct buf body = BUF_INIT;

	put_body(&body, answer);
	for (size_t cut = 0; cut <= body.len; cut++) {
		struct play play = { .reply = reply_open(&settings) };

		reply_start(play.reply, 17, 0, &play.out);
		play_body(&play, buf_span(&body), cut);
		check(json_str(json_get(answer, "name")), cut, &play,
			json_get(answer, "right"));
		reply_free(play.reply);
		buf_free(&play.out);
	}
	buf_free(&body);
}

static void
test_recorded_field_answers(void **state)
{
	struct arena arena = ARENA_INIT;
	const struct json *answers =
		vector_json(&arena, vector_file(&arena, ".", "field.json"));

	(void)state;
	assert_true(json_length(answers) > 100);
	for (size_t i = 0; i < json_length(answers); i++)
		run(json_at(answers, i));
	arena_reset(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_recorded_field_answers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
