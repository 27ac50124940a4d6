#include "waystest.h"

#include "../unit.h"
#include "base/attr.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

#define ROUNDS 200000

/* Pieces that turn JSON into other JSON more often than random bytes do. */
static const char *const pieces[] = { "\"", "\\", "{", "}", "[", "]", ",", ":",
	"null", "n", "u", "0", "1", "-", ".", "e", "true", "\"\"", " ", "\\u",
	"d83d", "\\n", "\"x\":1,", "\x01", "\"a\"",
	"\"content\":", "\"delta\":", "\"text\":", "\"thought\":true",
	"\"item_id\":" };

/* Returns whether the event went the short way. */
static bool
compare(const struct ways *ways, struct span event)
{
	struct buf words = BUF_INIT;

	if (!ways_is_short(ways->wire, event))
		return false;
	if (!ways_agree(ways->wire, event, ways->after, &words))
		fail_msg("%s", buf_str(&words));
	return true;
}

static void
real_events_mean_the_same_both_ways(void **state)
{
	const struct ways *ways = *state;

	for (size_t i = 0; i < ways->n; i++)
		if (compare(ways, span_of(ways->events[i].event)) !=
			ways->events[i].is_short)
			fail_msg("%s", ways->events[i].event);
}

static void
change(struct buf *text, unsigned *seed)
{
	size_t at = (size_t)rand_r(seed) % text->len;
	const char *piece = pieces[(size_t)rand_r(seed) % LENGTH(pieces)];
	struct buf rest = BUF_INIT;
	size_t cut = (size_t)rand_r(seed) % 3;

	cut = MIN(cut, text->len - at);
	buf_append(&rest, text->data + at + cut, text->len - at - cut);
	text->len = at;
	if (rand_r(seed) % 4 != 0)
		buf_puts(text, piece);
	buf_put_span(text, buf_span(&rest));
	buf_free(&rest);
}

/* The seed is always the same. */
static void
changed_events_mean_the_same_both_ways(void **state)
{
	const struct ways *ways = *state;
	unsigned seed = 1, n_short = 0;

	for (int i = 0; i < ROUNDS; i++) {
		struct buf text = BUF_INIT;

		buf_puts(&text,
			ways->events[(size_t)rand_r(&seed) % ways->n].event);
		for (int n = rand_r(&seed) % 3; n >= 0 && text.len > 0; n--)
			change(&text, &seed);
		n_short += compare(ways, buf_span(&text));
		buf_free(&text);
	}
	assert_in_range(n_short, ROUNDS / 50, ROUNDS);
}

/* A truncated event is invalid, and nothing beyond its end is read. */
static void
half_an_event_goes_the_long_way(void **state)
{
	const struct ways *ways = *state;

	for (size_t i = 0; i < ways->n; i++)
		for (size_t len = 0; len < strlen(ways->events[i].event);
			len++) {
			char *exact = mem_alloc(len);

			memcpy(exact, ways->events[i].event, len);
			assert_false(ways_is_short(
				ways->wire, (struct span){ exact, len }));
			free(exact);
		}
}

int
ways_test(struct ways *ways)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_prestate(
			real_events_mean_the_same_both_ways, ways),
		cmocka_unit_test_prestate(
			changed_events_mean_the_same_both_ways, ways),
		cmocka_unit_test_prestate(
			half_an_event_goes_the_long_way, ways),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
