/*
 * json.h: reads JSON, strictly. Sole user of json-c, which is lax: every text
 * first passes json_check() (RFC 8259 to the letter, valid UTF-8, limited
 * depth; no key with a NUL, where json-c would cut it off).
 *
 * json-c also needs much memory: `{}` takes 740 bytes, so a body of 32 MB would
 * take 9.5 GB. The size of the tree is therefore computed before it is built,
 * and a tree above the limit is never built. Texts that may be large (what
 * people and models send, and what is stored of it) are read with json_raw_*()
 * instead, which copy nothing.
 *
 * Texts (struct span) are UTF-8 that may contain lone surrogates in the obvious
 * three-byte form (WTF-8), because JSON may escape them; write.h turns them
 * back into escapes. Texts may contain NUL. Values live as long as their arena.
 */

#ifndef JSON_JSON_H
#define JSON_JSON_H

#include "base/arena.h"
#include "base/err.h"
#include "base/span.h"

#include <stdbool.h>
#include <stdint.h>

#define JSON_DEPTH_MAX 64
#define JSON_MEMBERS_MAX 10000 /* in one object */

/* The most bytes that one character takes in JSON: two UTF-16 escapes. */
#define JSON_CHAR_MAX 12

/* The memory limit of one tree, as json-c allocates it, in bytes. */
#define JSON_TREE_MAX ((size_t)8 << 20)
/* The same for trees parsed in an event loop: about 3 ms. */
#define JSON_TREE_SMALL ((size_t)3 << 19)

enum json_kind {
	JSON_ABSENT, /* NULL, so its kind and members can be asked for */
	JSON_NULL,
	JSON_BOOL,
	JSON_INT, /* fits int64_t */
	JSON_DOUBLE,
	JSON_TEXT,
	JSON_ARRAY,
	JSON_OBJECT,
};

/* A value. NULL means absent, and every function accepts it. */
struct json;

/* Whether *text* is one strict JSON value. ERR_INVALID | ERR_TOO_BIG (nested
 * too deeply, or an object with too many members). Allocates no memory. */
MUST_USE enum err json_check(struct span text, unsigned depth_max);

/* Like json_check() with JSON_DEPTH_MAX; also refuses duplicate keys in an
 * object, because two readers could use different ones. For texts that are kept
 * as texts. */
MUST_USE enum err json_check_once(struct span text);

/* Checks as json_check_once() does, and parses. ERR_TOO_BIG also above
 * JSON_TREE_MAX. */
MUST_USE enum err
json_parse(struct arena *arena, struct span text, const struct json **out);

/* As lenient as JavaScript's JSON.parse: the last of several equal keys wins.
 * For output of models and providers, which is parsed in the event loop; the
 * limit is therefore JSON_TREE_SMALL. */
MUST_USE enum err json_parse_loose(
	struct arena *arena, struct span text, const struct json **out);

/* Like json_parse_loose(), with the limit *tree_max*. */
MUST_USE enum err json_parse_within(struct arena *arena, struct span text,
	size_t tree_max, const struct json **out);

/* Parses an array that may rightly be large (stored parts). The bytes of texts
 * do not count. If the rest would exceed JSON_TREE_MAX, it omits items, and
 * keeps the last ones first. As lenient as json_parse_loose(). */
MUST_USE enum err json_parse_items(
	struct arena *arena, struct span array, const struct json **out);

/* Like json_parse(), without a memory limit: for the operator's own files. */
MUST_USE enum err
json_parse_own(struct arena *arena, struct span text, const struct json **out);

enum json_kind json_kind(const struct json *json);

/* A member of an object, or an item of an array; NULL if there is none. */
const struct json *json_get(const struct json *json, const char *key);
const struct json *json_at(const struct json *json, size_t index);

/* The number of items of an array or members of an object; otherwise 0. */
size_t json_length(const struct json *json);

/* Iterates over the members of an object: start with *at* 0; returns false at
 * the end. */
bool json_next(const struct json *object, size_t *at, struct span *key,
	const struct json **value);

/* The value if it has that type, otherwise the fallback. */
struct span json_text(const struct json *json); /* {NULL, 0} otherwise */
int64_t json_int(const struct json *json, int64_t otherwise);
double json_double(const struct json *json, double otherwise);
bool json_boolean(const struct json *json, bool otherwise);

/* A text, or NULL, for members that contain words without NUL. */
const char *json_str(const struct json *json);

/*
 * The source text of a part of *text*, which must have passed json_check(): a
 * member by key; {NULL, 0} if there is none. We store this
 * text for users, not a rendering of the parsed value.
 */
struct span json_raw_get(struct span object, const char *key);
/* Iterates over items or members: start with {NULL, 0} in *item* or *value*;
 * returns false at the end. *key* is quoted. */
bool json_raw_next(struct span array, struct span *item);
bool json_raw_member(struct span object, struct span *key, struct span *value);
/* Finds several members in one pass; of equal keys, the last. */
void json_raw_pick(struct span object, const char *const *keys, size_t n,
	struct span *values);
size_t json_raw_length(struct span array);

/* json_raw_kind(): the kind of a source text, by its first character
 * (JSON_DOUBLE: any number). json_raw_spells(): whether it is a text that
 * spells *word*. json_raw_text(): the text that it spells, inside *raw* if
 * nothing is escaped, else in *arena*; {NULL, 0} if it is not a text. */
enum json_kind json_raw_kind(struct span raw);
bool json_raw_spells(struct span raw, const char *word);
struct span json_raw_text(struct arena *arena, struct span raw);

/* json_raw_spells() for one of several words: the first character, which may be
 * escaped, rules out most of them quickly. */
static inline bool
json_raw_is(struct span raw, const char *word)
{
	return raw.len >= 2 &&
		(raw.data[1] == *word || raw.data[1] == '\\' ||
			*word == '\0') &&
		json_raw_spells(raw, word);
}

/* The white space allowed between tokens (RFC 8259). */
static inline bool
json_is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

#endif
