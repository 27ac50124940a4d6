/* figures_test.c: the text of figures, and merging several texts. */

#include "api/figures.h"

#include "../unit.h"

static void
a_histogram_adds_up(void **state)
{
	static const int64_t times_ms[] = { 0, 5, 6, 25, 60000, 60001, -3 };
	struct histogram histogram = { 0 };
	struct buf out = BUF_INIT;

	(void)state;
	figures_histogram(&out, "x", "", &histogram);
	assert_int_equal(out.len, 0);
	for (size_t i = 0; i < LENGTH(times_ms); i++)
		histogram_add(&histogram, times_ms[i]);
	figures_histogram(&out, "x", "a=\"b\"", &histogram);
	assert_string_equal(buf_str(&out),
		"x_bucket{a=\"b\",le=\"0.005\"} 3\n"
		"x_bucket{a=\"b\",le=\"0.025\"} 5\n"
		"x_bucket{a=\"b\",le=\"0.1\"} 5\n"
		"x_bucket{a=\"b\",le=\"0.25\"} 5\n"
		"x_bucket{a=\"b\",le=\"1\"} 5\n"
		"x_bucket{a=\"b\",le=\"2.5\"} 5\n"
		"x_bucket{a=\"b\",le=\"10\"} 5\n"
		"x_bucket{a=\"b\",le=\"60\"} 6\n"
		"x_bucket{a=\"b\",le=\"+Inf\"} 7\n"
		"x_sum{a=\"b\"} 120.037\n"
		"x_count{a=\"b\"} 7\n");
	buf_free(&out);
}

static void
texts_are_merged_by_figure(void **state)
{
	struct arena arena = ARENA_INIT;
	struct buf one = BUF_INIT, two = BUF_INIT, out = BUF_INIT;
	struct span texts[3];

	(void)state;
	figures_head(&one, FIGURE_GAUGE, "a", "An a.");
	figures_line(&one, "a", "p=\"1\"", 1);
	figures_put(&one, FIGURE_COUNTER, "ab", "Another.", 2);
	figures_put(&two, FIGURE_GAUGE, "b", "A b.", 3);
	figures_head(&two, FIGURE_GAUGE, "a", "An a.");
	figures_line(&two, "a", "p=\"2\"", UINT64_MAX);
	texts[0] = buf_span(&one);
	texts[1] = (struct span){ "", 0 };
	texts[2] = buf_span(&two);
	figures_merge(&out, &arena, texts, LENGTH(texts));
	assert_string_equal(buf_str(&out),
		"# HELP a An a.\n# TYPE a gauge\na{p=\"1\"} 1\n"
		"a{p=\"2\"} 18446744073709551615\n"
		"# HELP ab Another.\n# TYPE ab counter\nab 2\n"
		"# HELP b A b.\n# TYPE b gauge\nb 3\n");
	buf_free(&one);
	buf_free(&two);
	buf_free(&out);
	arena_reset(&arena);
}

/* Foreign text does no harm. */
static void
other_texts_are_merged_somehow(void **state)
{
	static const char *const odd[] = { "x 1\n", "# HELP ", "# HELP a",
		"# HELP a b\n", "# HELP a b\n# TYPE a gauge", "\n\n", "#" };
	struct arena arena = ARENA_INIT;
	struct buf out = BUF_INIT;
	struct span texts[LENGTH(odd)];

	(void)state;
	for (size_t i = 0; i < LENGTH(odd); i++)
		texts[i] = span_of(odd[i]);
	figures_merge(&out, &arena, texts, LENGTH(texts));
	assert_null(strstr(buf_str(&out), "x 1"));
	buf_free(&out);
	arena_reset(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_histogram_adds_up),
		cmocka_unit_test(texts_are_merged_by_figure),
		cmocka_unit_test(other_texts_are_merged_somehow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
