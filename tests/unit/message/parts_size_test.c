/* parts_size_test.c: the size of a message, which limits replies, and the exact
 * chunks for a late reader. */

#include "../unit.h"
#include "base/attr.h"
#include "message/chunk.h"
#include "message/parts.h"

#include <string.h>

struct stage {
	struct parts *parts;
	struct arena arena;
};

static int
open_stage(void **state)
{
	static struct stage stage;

	stage = (struct stage){ .parts = parts_open() };
	*state = &stage;
	return 0;
}

static int
close_stage(void **state)
{
	struct stage *stage = *state;

	parts_free(stage->parts);
	arena_reset(&stage->arena);
	return 0;
}

/* Adds a chunk and returns the increase of the size. */
static size_t
add(struct stage *stage, const char *json)
{
	size_t before = parts_size(stage->parts);
	struct chunk chunk;

	assert_int_equal(chunk_read(&stage->arena, span_of(json), &chunk), OK);
	assert_int_equal(parts_add(stage->parts, &chunk), OK);
	return parts_size(stage->parts) - before;
}

static void
expect_replay(const struct stage *stage, const char *const *chunks, size_t n)
{
	struct buf out = BUF_INIT;
	struct span run, json;
	size_t at = 0;

	parts_replay(stage->parts, &out);
	run = buf_span(&out);
	for (; chunk_next(&run, &json); at++) {
		assert_true(at < n);
		if (!span_is(json, chunks[at]))
			fail_msg("%.*s, not %s", (int)json.len, json.data,
				chunks[at]);
	}
	assert_int_equal(at, n);
	buf_free(&out);
}

static void
what_is_added_counts(void **state)
{
	struct stage *stage = *state;

	assert_int_equal(add(stage, "{\"type\":\"start-step\"}"), 0);
	assert_int_equal(
		add(stage, "{\"type\":\"text-start\",\"id\":\"1\"}"), 0);
	assert_int_equal(
		add(stage,
			"{\"type\":\"text-delta\",\"id\":\"1\",\"delta\":\"abc\"}"),
		3);
	assert_int_equal(
		add(stage,
			"{\"type\":\"text-delta\",\"id\":\"1\",\"delta\":\"de\"}"),
		2);
	assert_int_equal(
		add(stage,
			"{\"type\":\"tool-input-start\",\"toolCallId\":"
			"\"id\",\"toolName\":\"tool\"}"),
		6);
	assert_int_equal(
		add(stage,
			"{\"type\":\"tool-input-delta\",\"toolCallId\":"
			"\"id\",\"inputTextDelta\":\"{}\"}"),
		2);
	assert_int_equal(
		add(stage,
			"{\"type\":\"tool-output-available\",\"toolCallId\":"
			"\"id\",\"output\":\"seven\"}"),
		7);
	assert_int_equal(
		add(stage,
			"{\"type\":\"file\",\"mediaType\":\"a/b\",\"url\":"
			"\"https://x.example\"}"),
		17);
	assert_int_equal(add(stage, "{\"type\":\"data-x\",\"data\":[1,2]}"), 5);
}

#define FILE_PART                                           \
	"{\"type\":\"file\",\"mediaType\":\"a/b\",\"url\":" \
	"\"data:a/b;base64,AAAA\"}"
#define DATA_PART "{\"type\":\"data-x\",\"data\":[1,2]}"

/* All stored parts count: the size decides where a late reader's chunks are
 * written. */
static void
what_was_stored_counts(void **state)
{
	struct stage *stage = *state;
	static const char stored[] =
		"[{\"type\":\"text\",\"text\":\"abc\"},"
		"{\"type\":\"tool-f\",\"toolCallId\":\"c\",\"state\":"
		"\"output-available\",\"input\":{\"a\":1},\"output\":[1]},"
		"{\"type\":\"tool-g\",\"toolCallId\":\"d\",\"state\":"
		"\"output-error\",\"rawInput\":\"no\",\"errorText\":\"bad\"}," FILE_PART
		"," DATA_PART "]";

	assert_int_equal(parts_load(stage->parts, &stage->arena,
				 span_of(stored), (struct span){ NULL, 0 }),
		OK);
	assert_int_equal(parts_size(stage->parts),
		3 + (1 + 1 + 7 + 3) + (1 + 1 + 4 + 3) + strlen(FILE_PART) +
			strlen(DATA_PART));
}

static void
a_bare_replay_is_a_start(void **state)
{
	static const char *const chunks[] = { "{\"type\":\"start\"}" };

	expect_replay(*state, chunks, LENGTH(chunks));
}

static void
a_replay_names_message_steps_and_ends(void **state)
{
	struct stage *stage = *state;
	static const char *const chunks[] = {
		"{\"type\":\"start\",\"messageId\":\"8\",\"messageMetadata\":{"
		"\"a\":1}}",
		"{\"type\":\"start-step\"}",
		"{\"type\":\"text-start\",\"id\":\"1\"}",
		"{\"type\":\"text-delta\",\"id\":\"1\",\"delta\":\"one\"}",
		"{\"type\":\"text-end\",\"id\":\"1\"}",
		"{\"type\":\"finish-step\"}",
		"{\"type\":\"start-step\"}",
		"{\"type\":\"text-start\",\"id\":\"2\",\"providerMetadata\":{"
		"\"p\":{\"k\":1}}}",
		"{\"type\":\"text-delta\",\"id\":\"2\",\"delta\":\"two\"}",
		"{\"type\":\"text-end\",\"id\":\"2\"}",
		"{\"type\":\"finish-step\"}",
	};

	add(stage, "{\"type\":\"start\",\"messageId\":\"7\"}");
	/* The last name counts. */
	add(stage, chunks[0]);
	for (size_t i = 1; i < LENGTH(chunks); i++)
		add(stage, chunks[i]);
	expect_replay(stage, chunks, LENGTH(chunks));
	assert_int_equal(parts_count(stage->parts), 4);
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, open_stage, close_stage)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_is_added_counts),
		TEST(what_was_stored_counts),
		TEST(a_bare_replay_is_a_start),
		TEST(a_replay_names_message_steps_and_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
