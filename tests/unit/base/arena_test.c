/* arena_test.c: memory with one lifetime. */

#include "base/arena.h"

#include "../unit.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static struct arena arena;

static int
clear(void **state)
{
	(void)state;
	arena_reset(&arena);
	return 0;
}

static bool
all_are(const char *data, char c, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (data[i] != c)
			return false;
	return true;
}

/* Every piece is zeroed, aligned, and overlaps no other. */
static void
pieces_do_not_overlap(void **state)
{
	static const size_t sizes[] = { 1, 2, 3, 8, 15, 16, 17, 100, 4095, 4096,
		4097, 100000, 7, 0, 1 };
	char *pieces[LENGTH(sizes)];

	(void)state;
	for (size_t i = 0; i < LENGTH(sizes); i++) {
		pieces[i] = arena_alloc(&arena, sizes[i]);
		assert_int_equal(
			(uintptr_t)pieces[i] % _Alignof(max_align_t), 0);
		assert_true(all_are(pieces[i], 0, sizes[i]));
		memset(pieces[i], 'a' + (int)i, sizes[i]);
	}
	for (size_t i = 0; i < LENGTH(sizes); i++)
		assert_true(all_are(pieces[i], (char)('a' + (int)i), sizes[i]));
}

static void
counts_what_it_gave(void **state)
{
	(void)state;
	assert_int_equal(arena.used, 0);
	arena_alloc(&arena, 100);
	assert_in_range(arena.used, 100, 116);
	arena_alloc(&arena, 100000);
	assert_in_range(arena.used, 100100, 100132);
	arena_reset(&arena);
	assert_int_equal(arena.used, 0);
}

static void
copies_and_ends_with_a_nul(void **state)
{
	char source[] = "text and more";
	struct span span = { source, 4 }, copy, absent = { NULL, 0 };
	char *str;

	(void)state;
	str = arena_str(&arena, source, 4);
	copy = arena_span(&arena, span);
	source[0] = 'X';
	assert_string_equal(str, "text");
	assert_int_equal(copy.len, 4);
	assert_string_equal(copy.data, "text");
	assert_string_equal(arena_str(&arena, NULL, 0), "");
	assert_null(arena_span(&arena, absent).data);
	copy = arena_span(&arena, (struct span){ "", 0 });
	assert_non_null(copy.data);
	assert_int_equal(copy.len, 0);
	assert_memory_equal(arena_dup(&arena, "a\0b", 3), "a\0b", 3);
}

static void
prints_text_of_any_length(void **state)
{
	char *text;

	(void)state;
	assert_string_equal(arena_printf(&arena, "%d-%s", 5, "x"), "5-x");
	assert_string_equal(arena_printf(&arena, "%s", ""), "");
	text = arena_printf(&arena, "%0*d", 20000, 7);
	assert_int_equal(strlen(text), 20000);
	assert_int_equal(text[19999], '7');
}

/* ---- cleanups */

static char trace[16];

static void
note(void *arg)
{
	strcat(trace, arg);
}

static void
cleans_up_last_in_first_out(void **state)
{
	char a[] = "a", b[] = "b", c[] = "c";

	(void)state;
	trace[0] = '\0';
	arena_defer(&arena, note, a);
	arena_alloc(&arena, 10000);
	arena_defer(&arena, note, b);
	arena_defer(&arena, note, c);
	arena_reset(&arena);
	assert_string_equal(trace, "cba");
	arena_reset(&arena);
	assert_string_equal(trace, "cba");
}

static void
note_from_arena(void *arg)
{
	strcat(trace, *(char **)arg);
}

/* A cleanup may access memory in the arena. */
static void
cleanups_run_before_the_memory_goes(void **state)
{
	char **holder = arena_alloc(&arena, sizeof(*holder));

	(void)state;
	trace[0] = '\0';
	*holder = arena_printf(&arena, "kept");
	arena_defer(&arena, note_from_arena, holder);
	arena_reset(&arena);
	assert_string_equal(trace, "kept");
}

static void
is_usable_after_a_reset(void **state)
{
	(void)state;
	for (int i = 0; i < 100; i++) {
		char *piece = arena_alloc(&arena, 5000);

		assert_true(all_are(piece, 0, 5000));
		memset(piece, 'x', 5000);
		arena_reset(&arena);
		assert_null(arena.blocks);
	}
}

#define TEST(name) cmocka_unit_test_teardown(name, clear)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(pieces_do_not_overlap),
		TEST(counts_what_it_gave),
		TEST(copies_and_ends_with_a_nul),
		TEST(prints_text_of_any_length),
		TEST(cleans_up_last_in_first_out),
		TEST(cleanups_run_before_the_memory_goes),
		TEST(is_usable_after_a_reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
