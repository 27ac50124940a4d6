/*
 * From the bytes of an upstream to the chunks for a browser and the stored
 * message, for every recorded stream, whole and in small pieces. recorded.h and
 * our_parts() describe the differences from the recorded server: the
 * first error ends the reply after its open parts have been ended, and an
 * invalid call has the one form that all clients show alike.
 */

#include "../unit.h"
#include "../wire/vector.h"
#include "chat/reply.h"
#include "recorded.h"
#include "replytest.h"
#include "json/write.h"

#include <string.h>

/* Cases with tools that run in the server; here there are none. */
static const char *const server_side[] = { "tool-multi-step",
	"tool-multi-step-parallel", "tool-multi-step-error",
	"tool-multi-step-second-fails", "tool-approval-request",
	"tool-unknown-name" };

static const size_t piece_sizes[] = { SIZE_MAX, 1, 2, 3, 7, 61, 1000 };

/* ---- playing an upstream */

static struct llm_settings
settings_with(struct arena *arena, struct span tools)
{
	struct llm_settings settings = {
		.model = "test-model", .system_prompt = "", .reply_max = 4 << 20
	};
	const struct json *json, *function;
	struct llm_tool *list;

	if (tools.data == NULL)
		return settings;
	json = vector_json(arena, tools);
	settings.n_tools = json_length(json);
	list = arena_alloc(arena, settings.n_tools * sizeof(*list));
	for (size_t i = 0; i < settings.n_tools; i++) {
		function = json_get(json_at(json, i), "function");
		list[i].name = json_text(json_get(function, "name"));
		list[i].parameters = json_get(function, "parameters");
	}
	settings.tool_list = list;
	return settings;
}

/* ---- stored messages */

static void
put_our_member(struct json_writer *w, struct span key, const struct json *value)
{
	struct buf text = BUF_INIT;
	struct json_writer inner = json_writer(&text);

	if (span_is(key, "errorText")) {
		json_member_str(w, "errorText", "*");
	} else if (span_is(key, "state") &&
		span_is(json_text(value), "streaming")) {
		json_member_str(w, "state", "done");
	} else if (span_is(key, "rawInput") && json_kind(value) != JSON_TEXT) {
		json_put(&inner, value);
		json_member_text(w, "input", buf_span(&text));
	} else {
		json_key_span(
			w, span_is(key, "rawInput") ? span_of("input") : key);
		json_put(w, value);
	}
	buf_free(&text);
}

/* Converts parts for the comparison: parts are ended, v6's rawInput becomes the
 * input, and sentences are alike. */
static void
our_parts(const struct json *parts, struct buf *out)
{
	struct json_writer w = json_writer(out);
	const struct json *value;
	struct span key;
	size_t at;

	json_open(&w, '[');
	for (size_t i = 0; i < json_length(parts); i++) {
		json_open(&w, '{');
		at = 0;
		while (json_next(json_at(parts, i), &at, &key, &value))
			put_our_member(&w, key, value);
		json_close(&w, '}');
	}
	json_close(&w, ']');
}

/* The recorded server may continue after an error, but its client does not. */
static struct span
recorded_message(
	struct arena *arena, const char *name, const struct list *recorded)
{
	bool error = false, goes_on = false;

	for (size_t i = 0; i < recorded->n; i++) {
		enum chunk_type type = recorded->chunks[i].type;

		error = error || type == CHUNK_ERROR;
		goes_on = goes_on || (error && type == CHUNK_TEXT_DELTA);
	}
	return goes_on ? vector_v6(arena, name, "client_message", ".json")
		       : vector_v6(arena, name, "final_message", ".json");
}

static void
check_parts(struct arena *arena, const char *name, const struct parts *parts,
	const struct list *recorded)
{
	struct span message = recorded_message(arena, name, recorded);
	struct buf written = BUF_INIT, actual = BUF_INIT, expected = BUF_INIT;

	assert_non_null(message.data);
	parts_write(parts, &written);
	our_parts(vector_json(arena, buf_span(&written)), &actual);
	our_parts(json_get(vector_json(arena, message), "parts"), &expected);
	if (strstr(buf_str(&expected), "gen-") == NULL)
		assert_same_json(name, buf_span(&actual), buf_span(&expected));
	buf_free(&written);
	buf_free(&actual);
	buf_free(&expected);
}

/* ---- live == journal == replay, at every moment */

static void
assert_same_parts(
	const char *name, const struct parts *a, const struct parts *b)
{
	struct buf x = BUF_INIT, y = BUF_INIT;

	parts_write(a, &x);
	parts_write_metadata(a, &x);
	parts_write(b, &y);
	parts_write_metadata(b, &y);
	if (strcmp(buf_str(&x), buf_str(&y)) != 0)
		fail_msg("%s\n%s\n%s", name, buf_str(&x), buf_str(&y));
	buf_free(&x);
	buf_free(&y);
}

/* A client returns after *n* chunks, then follows to the end. */
static void
check_replay(struct arena *arena, const char *name, const struct list *list,
	size_t n, const struct parts *whole)
{
	struct parts *live = parts_open(), *back = parts_open();
	struct buf replay = BUF_INIT;

	for (size_t i = 0; i < n; i++)
		assert_int_equal(parts_add(live, &list->chunks[i]), OK);
	parts_replay(live, &replay);
	assert_int_equal(parts_fold(back, arena, buf_span(&replay)), OK);
	assert_same_parts(name, back, live);
	for (size_t i = n; i < list->n; i++)
		assert_int_equal(parts_add(back, &list->chunks[i]), OK);
	assert_same_parts(name, back, whole);
	buf_free(&replay);
	parts_free(live);
	parts_free(back);
}

static void
check_folds(struct arena *arena, const char *name, const struct play *play,
	const struct list *list)
{
	struct parts *journal = parts_open();
	const struct parts *live = reply_parts(play->reply);

	assert_int_equal(parts_fold(journal, arena, buf_span(&play->out)), OK);
	assert_same_parts(name, journal, live);
	for (size_t n = 1; n <= list->n && list->n < 200; n++)
		check_replay(arena, name, list, n, live);
	parts_free(journal);
}

/* ---- the cases */

static bool
is_server_side(const char *name)
{
	for (size_t i = 0; i < LENGTH(server_side); i++)
		if (strcmp(server_side[i], name) == 0)
			return true;
	return false;
}

/* The answer in DEVIATIONS.json, if it has one as chunks. */
static bool
deviates(struct arena *arena, const char *name, struct list *out)
{
	struct span answer = json_raw_get(
		json_raw_get(vector_file(arena, ".", "DEVIATIONS.json"), name),
		"answer");
	struct span chunks = json_raw_get(answer, "chunks");
	struct span chunk = { NULL, 0 };

	out->n = 0;
	while (chunks.data != NULL && json_raw_next(chunks, &chunk)) {
		assert_true(out->n < CHUNKS_MAX);
		/* Metadata is not compared. */
		if (chunk_read(arena, chunk, &out->chunks[out->n]) != OK)
			out->chunks[out->n] =
				(struct chunk){ .type = CHUNK_METADATA };
		out->n++;
	}
	return out->n > 0;
}

static void
run_pieces(struct arena *arena, const char *name, const struct json *meta,
	const struct llm_settings *settings, size_t piece)
{
	static struct list actual, recorded, expected;
	struct span body = vector_file(arena, name, "upstream.sse");
	bool clean = json_get(meta, "connectionEnd") == NULL;
	int64_t status = json_int(json_get(meta, "httpStatus"), 200);
	struct llm_result result = { LLM_REJECTED, LLM_FINISH_NONE,
		LLM_USAGE_NONE };
	struct play play;

	play_open(&play, settings);
	if (status == 200)
		result = play_body(&play, body, piece, clean);
	reply_end(play.reply, &result, &play.out);
	assert_int_equal(play.err, OK);
	recorded_read_list(arena, buf_span(&play.out), &actual);
	if (piece == SIZE_MAX)
		check_folds(arena, name, &play, &actual);
	recorded_read_list(
		arena, vector_v6(arena, name, "ui_stream", ".sse"), &recorded);
	if (deviates(arena, name, &expected)) {
		recorded_assert_same_chunks(name, &actual, &expected);
	} else {
		recorded_our_form(arena, &recorded, &expected);
		recorded_assert_same_chunks(name, &actual, &expected);
		check_parts(arena, name, reply_parts(play.reply), &recorded);
	}
	play_close(&play);
}

static void
run_case(const char *name)
{
	struct arena arena = ARENA_INIT;
	const struct json *meta;
	struct llm_settings settings;

	if (is_server_side(name))
		return;
	meta = vector_json(&arena, vector_file(&arena, name, "meta.json"));
	settings = settings_with(&arena,
		json_raw_get(
			vector_file(&arena, name, "request.json"), "tools"));
	for (size_t i = 0; i < LENGTH(piece_sizes); i++)
		run_pieces(&arena, name, meta, &settings, piece_sizes[i]);
	arena_reset(&arena);
}

static void
test_recorded_streams_match(void **state)
{
	(void)state;
	vector_each("stream", run_case);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_recorded_streams_match),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
