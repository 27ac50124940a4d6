/* Which models see opaque state again. */

#include "../unit.h"
#include "wire/kept.h"

#include <stdio.h>

static const struct kept_owner claude = { "anthropic", "claude", 0 };
static const struct kept_owner chat = { "openai", "claude", 0 };
/* The same model with one provider of the tables, and with another one. */
static const struct kept_owner first = { "anthropic", "claude", 7 };
static const struct kept_owner second = { "anthropic", "claude", 8 };

static void
test_state_names_its_owner(void **state)
{
	struct buf out = BUF_INIT;

	(void)state;
	kept_write(&out, &claude, "anthropic",
		span_of("{\"signature\":\"a\\\"b\",\"x\":[1,{\"y\":null}]}"));
	assert_string_equal(buf_str(&out),
		"{\"anthropic\":{\"kind\":\"anthropic\",\"model\":\"claude\","
		"\"signature\":\"a\\\"b\",\"x\":[1,{\"y\":null}]}}");
	buf_clear(&out);
	kept_write(&out, &chat, "google", span_of("{}"));
	assert_string_equal(
		buf_str(&out), "{\"google\":{\"model\":\"claude\"}}");
	buf_free(&out);
}

/* For each row: whether chat completions see it, and whether Anthropic does, if
 * the reply is by a model of that name. */
static void
test_only_the_owner_finds_state(void **state)
{
	static const struct {
		const char *kept;
		bool chat, claude;
	} rows[] = {
		{ "{\"p\":{\"kind\":\"anthropic\",\"model\":\"claude\"}}",
			false, true },
		{ "{\"p\":{\"kind\":\"openai\",\"model\":\"claude\"}}", true,
			false },
		{ "{\"p\":{\"model\":\"claude\"}}", true, false },
		{ "{\"p\":{}}", true, false },
		{ "{\"p\":{\"kind\":\"anthropic\"}}", false, true },
		{ "{\"p\":{\"kind\":\"anthropic\",\"model\":\"other\"}}", false,
			false },
		{ "{\"q\":{\"kind\":\"anthropic\",\"model\":\"claude\"}}",
			false, false },
		{ "[]", false, false },
	};
	struct arena arena = ARENA_INIT;
	const struct json *json;

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		assert_int_equal(
			json_parse(&arena, span_of(rows[i].kept), &json), OK);
		if ((kept_find(json, "p", &chat, true) != NULL) !=
				rows[i].chat ||
			(kept_find(json, "p", &claude, true) != NULL) !=
				rows[i].claude)
			fail_msg("%s", rows[i].kept);
	}
	arena_reset(&arena);
}

/* Each provider sees only its own, whatever the other's model is called. */
static void
test_providers_do_not_share_state(void **state)
{
	static const struct kept_owner *const owners[] = { &claude, &chat,
		&first, &second };
	struct arena arena = ARENA_INIT;

	(void)state;
	for (size_t i = 0; i < LENGTH(owners); i++) {
		struct buf out = BUF_INIT;
		const struct json *json;

		kept_write(&out, owners[i], "p", span_of("{\"x\":1}"));
		assert_int_equal(json_parse(&arena, buf_span(&out), &json), OK);
		for (size_t j = 0; j < LENGTH(owners); j++)
			assert_int_equal(
				kept_find(json, "p", owners[j], true) != NULL,
				i == j);
		buf_free(&out);
	}
	arena_reset(&arena);
}

/* If no model is named, the reply's model decides. */
static void
test_unnamed_state_follows_the_reply(void **state)
{
	struct arena arena = ARENA_INIT;
	const struct json *json;

	(void)state;
	assert_int_equal(json_parse(&arena, span_of("{\"p\":{}}"), &json), OK);
	assert_null(kept_find(json, "p", &chat, false));
	assert_int_equal(
		json_parse(&arena, span_of("{\"p\":{\"model\":\"claude\"}}"),
			&json),
		OK);
	assert_non_null(kept_find(json, "p", &chat, false));
	arena_reset(&arena);
}

static void
nest(struct buf *out, unsigned depth)
{
	for (unsigned i = 0; i < depth; i++)
		buf_puts(out, "{\"a\":");
	buf_puts(out, "1");
	for (unsigned i = 0; i < depth; i++)
		buf_puts(out, "}");
}

static void
test_deep_state_is_not_kept(void **state)
{
	struct buf deep = BUF_INIT, out = BUF_INIT;

	(void)state;
	nest(&deep, KEPT_DEPTH_MAX);
	kept_write(&out, &chat, "p", buf_span(&deep));
	assert_true(out.len > deep.len);
	buf_clear(&deep);
	buf_clear(&out);
	nest(&deep, KEPT_DEPTH_MAX + 1);
	kept_write(&out, &chat, "p", buf_span(&deep));
	assert_int_equal(out.len, 0);
	buf_free(&out);
	buf_free(&deep);
}

static void
test_posted_state_is_left_out(void **state)
{
	static const char posted[] =
		"[{\"type\":\"text\",\"providerMetadata\":{\"p\":{}},\"text\":"
		"\"a\"} , {\"callProvider\\u004detadata\":{},\"type\":\"x\","
		"\"resultProviderMetadata\":{}}]";
	static const char without[] =
		"[{\"type\":\"text\",\"text\":\"a\"},{\"type\":\"x\"}]";
	struct arena arena = ARENA_INIT;
	struct span same = span_of("[ {\"type\":\"text\"} ]");

	(void)state;
	assert_true(span_is(kept_leave_out(&arena, span_of(posted)), without));
	assert_ptr_equal(kept_leave_out(&arena, same).data, same.data);
	assert_true(span_is(kept_leave_out(&arena, span_of("[]")), "[]"));
	arena_reset(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_state_names_its_owner),
		cmocka_unit_test(test_only_the_owner_finds_state),
		cmocka_unit_test(test_providers_do_not_share_state),
		cmocka_unit_test(test_unnamed_state_follows_the_reply),
		cmocka_unit_test(test_deep_state_is_not_kept),
		cmocka_unit_test(test_posted_state_is_left_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
