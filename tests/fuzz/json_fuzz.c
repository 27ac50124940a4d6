/*
 * json_fuzz.c: any bytes against the strict check, and what passes it against
 * json-c and against itself. Must hold: a text that passes is parsed within
 * the cap that was counted; the source texts of its parts put together give
 * the same values; a text that spells another is unescaped as json-c does it.
 */

#include "fuzz.h"

#include "json/json.h"
#include "json/write.h"

static void
must_agree(struct arena *arena, const struct json *json, struct span raw);

static void
must_agree_on_items(
	struct arena *arena, const struct json *json, struct span raw)
{
	struct span item = { NULL, 0 };
	size_t n = 0;

	while (json_raw_next(raw, &item))
		must_agree(arena, json_at(json, n++), item);
	must(n == json_length(json) && n == json_raw_length(raw), "items");
}

static void
must_agree_on_members(
	struct arena *arena, const struct json *json, struct span raw)
{
	struct span key, value = { NULL, 0 }, text;
	size_t n = 0;

	while (json_raw_member(raw, &key, &value)) {
		text = json_raw_text(arena, key);
		must(text.data != NULL, "a key is a text");
		must_agree(arena,
			json_get(json, arena_str(arena, text.data, text.len)),
			value);
		n++;
	}
	must(n == json_length(json), "members");
}

/* The tree and the source text of one value. */
static void
must_agree(struct arena *arena, const struct json *json, struct span raw)
{
	enum json_kind kind = json_kind(json);

	must(json_raw_kind(raw) == (kind == JSON_INT ? JSON_DOUBLE : kind),
		"kinds");
	if (kind == JSON_TEXT)
		must(span_equal(json_text(json), json_raw_text(arena, raw)),
			"texts");
	else if (kind == JSON_ARRAY)
		must_agree_on_items(arena, json, raw);
	else if (kind == JSON_OBJECT)
		must_agree_on_members(arena, json, raw);
}

static void
must_write_the_same(struct arena *arena, const struct json *json)
{
	struct buf once = BUF_INIT, twice = BUF_INIT;
	struct json_writer w = json_writer(&once), w2 = json_writer(&twice);
	const struct json *again;

	json_put(&w, json);
	must(json_parse_own(arena, buf_span(&once), &again) == OK,
		"what is written is read");
	json_put(&w2, again);
	must(span_equal(buf_span(&once), buf_span(&twice)),
		"writing twice changes nothing");
	buf_free(&once);
	buf_free(&twice);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct span text = { (const char *)data, size };
	struct arena arena = ARENA_INIT;
	const struct json *json, *loose;
	struct span value = text;
	enum err err = json_parse(&arena, text, &json);

	if (err == OK) {
		must(json_check_once(text) == OK, "a check is a check");
		must(json_parse_loose(&arena, text, &loose) != ERR_INVALID,
			"strict is loose");
		while (strchr(" \t\r\n", value.data[0]) != NULL) {
			value.data++;
			value.len--;
		}
		while (strchr(" \t\r\n", value.data[value.len - 1]) != NULL)
			value.len--;
		must_agree(&arena, json, value);
		must_write_the_same(&arena, json);
	} else if (json_check(text, JSON_DEPTH_MAX) == ERR_INVALID) {
		must(json_parse_loose(&arena, text, &loose) == ERR_INVALID,
			"invalid is invalid");
	}
	arena_reset(&arena);
	return 0;
}
