/*
 * From the bytes of an upstream to the chunks of a browser and the message
 * that is stored: every recorded stream, whole and in small pieces. What ours
 * does otherwise than the recorded server (WIRE.md) is said by our_form() and
 * our_parts(): the first error ends the reply after its open parts have been
 * ended, and an invalid call has the one form that all clients show alike.
 */

#include "../llm/vector.h"
#include "../unit.h"
#include "chat/reply.h"
#include "llm/failure.h"
#include "llm/openai.h"
#include "llm/stream.h"
#include "json/write.h"

#include <string.h>

#define MESSAGE_ID 17
#define CREATE_MS 1700000000123
#define CHUNKS_MAX 12000

#define ABSENT ((struct span){ NULL, 0 })
#define ANY_TEXT ((struct span){ "*", 1 })

/* Cases of tools that run on the server, of which we have none. */
static const char *const server_side[] = { "tool-multi-step",
	"tool-multi-step-parallel", "tool-multi-step-error",
	"tool-multi-step-second-fails", "tool-approval-request",
	"tool-unknown-name" };

static const size_t piece_sizes[] = { SIZE_MAX, 1, 2, 3, 7, 61, 1000 };

struct list {
	struct chunk chunks[CHUNKS_MAX];
	size_t n;
};

/* ---- playing an upstream */

struct play {
	struct reply *reply;
	struct buf out;
	enum err err;
};

static void
on_event(void *arg, const struct llm_event *event)
{
	struct play *play = arg;

	if (play->err == OK)
		play->err = reply_event(play->reply, event, &play->out);
}

static void
play_open(struct play *play, const struct llm_settings *settings)
{
	*play = (struct play){ .reply = reply_open(settings) };
	reply_start(play->reply, MESSAGE_ID, CREATE_MS, &play->out);
}

static void
play_close(struct play *play)
{
	reply_free(play->reply);
	buf_free(&play->out);
}

static struct llm_result
play_body(struct play *play, struct span body, size_t piece, bool clean)
{
	struct llm_stream *stream =
		llm_stream_open(&wire_openai, on_event, play, 4 << 20);
	struct llm_result result;
	struct failure said;
	size_t len;

	for (size_t at = 0; at < body.len; at += len) {
		len = MIN(piece, body.len - at);
		if (llm_stream_feed(stream, body.data + at, len) != LLM_OK)
			break;
	}
	result = llm_stream_end(stream, clean);
	/* As the client does, that has no more tries. */
	if (llm_stream_may_pass(stream, &said))
		on_event(play, &(struct llm_event){ .type = LLM_BEGIN });
	llm_stream_free(stream);
	return result;
}

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

/* ---- reading streams */

static void
read_list(struct arena *arena, struct span run, struct list *out)
{
	struct span json;

	out->n = 0;
	while (chunk_next(&run, &json)) {
		assert_true(out->n < CHUNKS_MAX);
		assert_int_equal(
			chunk_read(arena, json, &out->chunks[out->n++]), OK);
	}
}

static void
add(struct list *list, struct chunk chunk)
{
	assert_true(list->n < CHUNKS_MAX);
	list->chunks[list->n++] = chunk;
}

/* The arguments of a call as they were streamed, as a JSON text. */
static struct span
raw_input(struct arena *arena, const struct list *list, struct span call_id)
{
	struct buf joined = BUF_INIT, quoted = BUF_INIT;
	struct span text;

	for (size_t i = 0; i < list->n; i++)
		if (span_equal(list->chunks[i].tool_call_id, call_id))
			buf_put_span(&joined, list->chunks[i].input_delta);
	json_quote(&quoted, buf_span(&joined));
	text = arena_span(arena, buf_span(&quoted));
	buf_free(&joined);
	buf_free(&quoted);
	return text;
}

/* How a reply ends that did not come to its finish: parts.c knows what is
 * open; test_endings() below holds that against words. */
static void
add_endings(struct arena *arena, const struct list *before, struct list *out)
{
	struct parts *parts = parts_open();
	struct buf ends = BUF_INIT;
	struct span run, json;
	struct chunk chunk;

	for (size_t i = 0; i < before->n; i++)
		assert_int_equal(parts_add(parts, &before->chunks[i]), OK);
	parts_close(parts, "*", &ends);
	run = arena_span(arena, buf_span(&ends));
	while (chunk_next(&run, &json)) {
		assert_int_equal(chunk_read(arena, json, &chunk), OK);
		add(out, chunk);
	}
	add(out, (struct chunk){ .type = CHUNK_METADATA });
	add(out, (struct chunk){ .type = CHUNK_ERROR, .error_text = ANY_TEXT });
	buf_free(&ends);
	parts_free(parts);
}

/* The chunks we send where the recorded server sent *recorded*. */
static void
our_form(struct arena *arena, const struct list *recorded, struct list *out)
{
	out->n = 0;
	for (size_t i = 0; i < recorded->n; i++) {
		struct chunk chunk = recorded->chunks[i];

		if (chunk.type == CHUNK_ERROR)
			break;
		if (chunk.type == CHUNK_TOOL_INPUT_ERROR) {
			chunk.type = CHUNK_TOOL_INPUT_AVAILABLE;
			chunk.input =
				raw_input(arena, recorded, chunk.tool_call_id);
			chunk.error_text = ABSENT;
		}
		chunk.dynamic = ABSENT;
		add(out, chunk);
		if (chunk.type == CHUNK_FINISH)
			return;
	}
	add_endings(arena, out, out);
}

/* What cannot be the same: sentences, metadata, the message's id. */
static struct chunk
without_ours(struct chunk chunk)
{
	chunk.metadata = ABSENT;
	chunk.message_id = ABSENT;
	if (chunk.error_text.data != NULL)
		chunk.error_text = ANY_TEXT;
	return chunk;
}

/* Where the record says gen-N any id will do. */
static void
rename_id(struct list *list, struct span from, struct span to)
{
	if (to.len < 4 || memcmp(to.data, "gen-", 4) != 0)
		return;
	for (size_t i = 0; i < list->n; i++) {
		if (span_equal(list->chunks[i].id, from))
			list->chunks[i].id = to;
		if (span_equal(list->chunks[i].tool_call_id, from))
			list->chunks[i].tool_call_id = to;
	}
}

static void
assert_same_chunks(const char *name, struct list *actual, struct list *expected)
{
	struct buf a = BUF_INIT, e = BUF_INIT;

	for (size_t i = 0; i < actual->n && i < expected->n; i++) {
		rename_id(actual, actual->chunks[i].id, expected->chunks[i].id);
		rename_id(actual, actual->chunks[i].tool_call_id,
			expected->chunks[i].tool_call_id);
		actual->chunks[i] = without_ours(actual->chunks[i]);
		expected->chunks[i] = without_ours(expected->chunks[i]);
		buf_clear(&a);
		buf_clear(&e);
		chunk_write(&a, &actual->chunks[i]);
		chunk_write(&e, &expected->chunks[i]);
		if (strcmp(buf_str(&a), buf_str(&e)) != 0)
			fail_msg("%s: chunk %zu\nactual   %s\nexpected %s",
				name, i, buf_str(&a), buf_str(&e));
	}
	if (actual->n != expected->n)
		fail_msg("%s: %zu chunks, not %zu", name, actual->n,
			expected->n);
	buf_free(&a);
	buf_free(&e);
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

/* The form in which parts are compared: parts are ended, what v6 keeps as
 * rawInput is the input, sentences are alike. */
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

/* After an error the recorded server may go on; its client does not. */
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

/* ---- live == journal == replay, at every point */

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

/* Comes back after *n* chunks, then follows to the end. */
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

/* What DEVIATIONS.json says that we answer, where it says so in chunks. */
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
		/* The metadata themselves are not compared. */
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
	read_list(arena, buf_span(&play.out), &actual);
	if (piece == SIZE_MAX)
		check_folds(arena, name, &play, &actual);
	read_list(
		arena, vector_v6(arena, name, "ui_stream", ".sse"), &recorded);
	if (deviates(arena, name, &expected)) {
		assert_same_chunks(name, &actual, &expected);
	} else {
		our_form(arena, &recorded, &expected);
		assert_same_chunks(name, &actual, &expected);
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
test_recorded(void **state)
{
	(void)state;
	vector_each("stream", run_case);
}

/* ---- what the records do not show */

#define HEAD                                                                 \
	"data: {\"type\":\"start\",\"messageId\":\"17\",\"messageMetadata\"" \
	":{\"createTime\":\"2023-11-14T22:13:20.123Z\",\"model\":\"test-"    \
	"model\"}}\n\n"
#define SAID                                                                    \
	"data: {\"type\":\"start-step\"}\n\ndata: {\"type\":\"text-start\","    \
	"\"id\":\"txt-0\"}\n\ndata: {\"type\":\"text-delta\",\"id\":\"txt-0\"," \
	"\"delta\":\"hi\"}\n\n"
#define SAID_END                                             \
	"data: {\"type\":\"text-end\",\"id\":\"txt-0\"}\n\n" \
	"data: {\"type\":\"finish-step\"}\n\n"
#define STATUS(type, word)                                                     \
	"data: {\"type\":\"" type "\",\"messageMetadata\":{\"status\":\"" word \
	"\"}}\n\n"
#define FAULT(word, code)                                                      \
	"data: {\"type\":\"message-metadata\",\"messageMetadata\":{\"status\"" \
	":\"" word "\",\"error\":{\"code\":\"" code "\"}}}\n\n"

static struct llm_settings plain = {
	.model = "test-model", .system_prompt = "", .reply_max = 100
};

static void
say(struct play *play, enum llm_event_type type, const char *text)
{
	struct llm_event event = { .type = type, .text = span_of(text) };

	on_event(play, &event);
}

/* An answer that said *hi*, or nothing, and then ended like this. */
static void
expect_end(enum llm_fault fault, bool said, enum reply_status status,
	const char *end)
{
	struct llm_result result = { fault, LLM_FINISH_STOP, LLM_USAGE_NONE };
	struct buf expected = BUF_INIT;
	struct play play;

	play_open(&play, &plain);
	if (said) {
		say(&play, LLM_BEGIN, NULL);
		say(&play, LLM_TEXT, "hi");
	}
	assert_int_equal(reply_end(play.reply, &result, &play.out), status);
	buf_printf(&expected, "%s%s%s", HEAD, said ? SAID : "", end);
	if (*llm_fault_sentence(fault) != '\0')
		buf_printf(&expected,
			"data: {\"type\":\"error\",\"errorText\":\"%s\"}\n\n",
			llm_fault_sentence(fault));
	buf_puts(&expected, CHUNK_DONE);
	assert_string_equal(buf_str(&play.out), buf_str(&expected));
	buf_free(&expected);
	play_close(&play);
}

static void
test_endings(void **state)
{
	(void)state;
	expect_end(LLM_OK, true, REPLY_COMPLETE,
		SAID_END "data: {\"type\":\"finish\",\"finishReason\":\"stop\","
			 "\"messageMetadata\":{\"status\":\"complete\","
			 "\"finishReason\":\"stop\"}}\n\n");
	expect_end(LLM_STOPPED, true, REPLY_STOPPED,
		SAID_END STATUS("finish", "stopped"));
	expect_end(
		LLM_STOPPED, false, REPLY_STOPPED, STATUS("finish", "stopped"));
	/* Broken off: interrupted when something was shown, else an error. */
	expect_end(LLM_CUT, true, REPLY_INTERRUPTED,
		SAID_END FAULT("interrupted", "cut"));
	expect_end(LLM_CUT, false, REPLY_ERROR, FAULT("error", "cut"));
	expect_end(LLM_STALLED, true, REPLY_INTERRUPTED,
		SAID_END FAULT("interrupted", "stalled"));
	expect_end(LLM_SHUTDOWN, true, REPLY_INTERRUPTED,
		SAID_END FAULT("interrupted", "shutdown"));
	expect_end(LLM_MALFORMED, true, REPLY_INTERRUPTED,
		SAID_END FAULT("interrupted", "malformed"));
	/* The model's own error stays one. */
	expect_end(
		LLM_ERROR, true, REPLY_ERROR, SAID_END FAULT("error", "error"));
	expect_end(LLM_KEY, false, REPLY_ERROR, FAULT("error", "key"));
}

static void
test_usage(void **state)
{
	struct llm_result result = { LLM_OK, LLM_FINISH_LENGTH,
		{ 10, 5, 15, -1, 3, -1 } };
	struct buf metadata = BUF_INIT;
	struct play play;

	(void)state;
	play_open(&play, &plain);
	reply_end(play.reply, &result, &play.out);
	parts_write_metadata(reply_parts(play.reply), &metadata);
	assert_same_json("metadata", buf_span(&metadata),
		span_of("{\"createTime\":\"2023-11-14T22:13:20.123Z\",\"model\":"
			"\"test-model\",\"status\":\"complete\",\"usage\":{"
			"\"inputTokens\":10,\"outputTokens\":5,\"totalTokens\":"
			"15,\"reasoningTokens\":3},\"finishReason\":\"length\"}"));
	buf_free(&metadata);
	play_close(&play);
}

/* The event that would pass reply_max is dropped whole. */
static void
test_cap(void **state)
{
	char text[101];
	struct buf parts = BUF_INIT;
	struct llm_result result = { LLM_TOO_BIG, LLM_FINISH_NONE,
		LLM_USAGE_NONE };
	struct play play;

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	text[100] = '\0';
	play_open(&play, &plain);
	say(&play, LLM_BEGIN, NULL);
	say(&play, LLM_TEXT, text);
	assert_int_equal(play.err, OK);
	say(&play, LLM_TEXT, "!");
	assert_int_equal(play.err, ERR_TOO_BIG);
	assert_int_equal(
		reply_end(play.reply, &result, &play.out), REPLY_INTERRUPTED);
	parts_write(reply_parts(play.reply), &parts);
	assert_non_null(strstr(buf_str(&parts), text));
	assert_null(strchr(buf_str(&parts), '!'));
	buf_free(&parts);
	play_close(&play);
}

/* A message that goes on: its parts stay, ids of blocks are new, and its own
 * size does not count. */
static void
test_continued(void **state)
{
	static const char stored[] =
		"[{\"type\":\"step-start\"},{\"type\":\"reasoning\",\"id\":"
		"\"reasoning-0\",\"text\":\"0123456789012345678901234567890123456"
		"7890123456789012345678901234567890123456789012345678901234567890"
		"0123456789\",\"state\":\"done\"}]";
	struct llm_result result = { LLM_OK, LLM_FINISH_STOP, LLM_USAGE_NONE };
	struct arena arena = ARENA_INIT;
	struct play play = { .reply = reply_open(&plain) };
	struct buf parts = BUF_INIT;

	(void)state;
	assert_int_equal(parts_load(reply_parts(play.reply), &arena,
				 span_of(stored), span_of("{\"x\":1}")),
		OK);
	reply_start(play.reply, MESSAGE_ID, CREATE_MS, &play.out);
	say(&play, LLM_BEGIN, NULL);
	say(&play, LLM_REASONING, "r");
	reply_end(play.reply, &result, &play.out);
	assert_int_equal(play.err, OK);
	assert_non_null(strstr(buf_str(&play.out),
		"{\"type\":\"reasoning-start\",\"id\":\"reasoning-2\"}"));
	parts_write(reply_parts(play.reply), &parts);
	assert_ptr_equal(strstr(buf_str(&parts),
				 "[{\"type\":\"step-start\"},{\"type\":"
				 "\"reasoning\",\"id\":\"reasoning-0\""),
		buf_str(&parts));
	assert_non_null(strstr(buf_str(&parts),
		",{\"type\":\"step-start\"},{\"type\":\"reasoning\",\"id\":"
		"\"reasoning-2\",\"text\":\"r\",\"state\":\"done\"}]"));
	buf_free(&parts);
	play_close(&play);
	arena_reset(&arena);
}

/* A worker dies in the middle: its journal, ended, is what was shown. */
static void
test_recovered(void **state)
{
	struct parts *parts = parts_open();
	struct arena arena = ARENA_INIT;
	struct buf out = BUF_INIT;
	struct play play;

	(void)state;
	play_open(&play, &plain);
	say(&play, LLM_BEGIN, NULL);
	say(&play, LLM_REASONING, "r");
	say(&play, LLM_TEXT, "hi");
	assert_int_equal(parts_fold(parts, &arena, buf_span(&play.out)), OK);
	reply_recover(parts);
	parts_write(parts, &out);
	assert_same_json("parts", buf_span(&out),
		span_of("[{\"type\":\"step-start\"},{\"type\":\"reasoning\","
			"\"id\":\"reasoning-0\",\"text\":\"r\",\"state\":"
			"\"done\"},{\"type\":\"text\",\"text\":\"hi\",\"state\":"
			"\"done\"}]"));
	buf_clear(&out);
	parts_write_metadata(parts, &out);
	assert_non_null(strstr(buf_str(&out), "\"status\":\"interrupted\""));
	buf_free(&out);
	play_close(&play);
	parts_free(parts);
	arena_reset(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_recorded),
		cmocka_unit_test(test_endings),
		cmocka_unit_test(test_usage),
		cmocka_unit_test(test_cap),
		cmocka_unit_test(test_continued),
		cmocka_unit_test(test_recovered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
