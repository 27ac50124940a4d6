/*
 * json.h: reading JSON, strictly. Sole user of json-c, which is lax: every
 * text first passes json_check() (RFC 8259 to the letter, valid UTF-8, a cap
 * on depth; and no key with a NUL, which json-c would cut off).
 *
 * json-c is also large: `{}` becomes 740 bytes, so a body of 32 MB would take
 * 9.5 GB. What a text would take as a tree is counted before there is one, and
 * above a cap there is none. What may be large (what people and models send,
 * what is stored of it) is read by json_raw_*() instead, which copy nothing.
 *
 * Texts (struct span) are UTF-8 that may hold lone surrogates in the obvious
 * three-byte form (WTF-8), because JSON may escape them; write.h turns them
 * back into escapes. They may hold NUL. Values live as long as their arena.
 */

#ifndef JSON_JSON_H
#define JSON_JSON_H

#include "base/arena.h"
#include "base/err.h"
#include "base/span.h"

#include <stdbool.h>
#include <stdint.h>

#define JSON_DEPTH_MAX 64
#define JSON_MEMBERS_MAX 10000 /* of one object */

/* Bytes that a character may take in a text: two escapes of UTF-16. */
#define JSON_CHAR_MAX 12

/* Bytes that one tree may take, as json-c takes them. */
#define JSON_TREE_MAX ((size_t)8 << 20)
/* The same for what is parsed in an event loop: about 3 ms. */
#define JSON_TREE_SMALL ((size_t)3 << 19)

enum json_kind {
	JSON_ABSENT, /* NULL, so that a missing member can be asked for it */
	JSON_NULL,
	JSON_BOOL,
	JSON_INT, /* fits int64_t */
	JSON_DOUBLE,
	JSON_TEXT,
	JSON_ARRAY,
	JSON_OBJECT,
};

/* A value; NULL means absent, and every function takes NULL. */
struct json;

/* Whether *text* is one strict JSON value. ERR_INVALID | ERR_TOO_BIG (nested
 * too deep, an object with too many members). Takes no memory. */
MUST_USE enum err json_check(struct span text, unsigned depth_max);

/* Likewise to JSON_DEPTH_MAX, and no key may be twice in one object: two
 * readers could take different ones. For texts that stay texts. */
MUST_USE enum err json_check_once(struct span text);

/* Checks so and parses. ERR_TOO_BIG also above JSON_TREE_MAX. */
MUST_USE enum err
json_parse(struct arena *arena, struct span text, const struct json **out);

/* As forgiving as JavaScript's JSON.parse: the last of several equal keys
 * wins. For what models and providers send; they are read in the event loop,
 * so the cap is JSON_TREE_SMALL. */
MUST_USE enum err json_parse_loose(
	struct arena *arena, struct span text, const struct json **out);

/* The same with another cap. */
MUST_USE enum err json_parse_within(struct arena *arena, struct span text,
	size_t tree_max, const struct json **out);

/* An array of what is large by right (stored parts): the bytes of the text do
 * not count, and items are left out where the others would take more than
 * JSON_TREE_MAX with them, the last ones kept first. Loosely. */
MUST_USE enum err json_parse_items(
	struct arena *arena, struct span array, const struct json **out);

/* As json_parse(), without a cap: for the operator's own files. */
MUST_USE enum err
json_parse_own(struct arena *arena, struct span text, const struct json **out);

enum json_kind json_kind(const struct json *json);

/* Member of an object or NULL; item of an array or NULL. */
const struct json *json_get(const struct json *json, const char *key);
const struct json *json_at(const struct json *json, size_t index);

/* Items of an array, members of an object, else 0. */
size_t json_length(const struct json *json);

/* The members of an object one after another: start with *at* 0, false at the
 * end. */
bool json_next(const struct json *object, size_t *at, struct span *key,
	const struct json **value);

/* The value when it has that type, else the fallback. */
struct span json_text(const struct json *json); /* {NULL, 0} otherwise */
int64_t json_int(const struct json *json, int64_t otherwise);
double json_double(const struct json *json, double otherwise);
bool json_boolean(const struct json *json, bool otherwise);

/* A text or NULL, for members that hold words without NUL. */
const char *json_str(const struct json *json);

/*
 * The source text of a part of *text*, which has passed json_check(): of a
 * member by key, of an item by index. {NULL, 0} when there is none. What is
 * stored for a user is this, not a re-rendering.
 */
struct span json_raw_get(struct span object, const char *key);
struct span json_raw_at(struct span array, size_t index);
/* Item by item, member by member: start with {NULL, 0} in *item* or *value*;
 * false at the end. *key* is quoted. */
bool json_raw_next(struct span array, struct span *item);
bool json_raw_member(struct span object, struct span *key, struct span *value);
/* Several members at once, in one pass; of equal keys the last. */
void json_raw_pick(struct span object, const char *const *keys, size_t n,
	struct span *values);
size_t json_raw_length(struct span array);

/* What a source text is, by its first character (JSON_DOUBLE: any number);
 * whether it is a text that spells *word*; the text that it spells, inside of
 * *raw* when nothing is escaped, else in *arena*; {NULL, 0} when it is none. */
enum json_kind json_raw_kind(struct span raw);
bool json_raw_spells(struct span raw, const char *word);
struct span json_raw_text(struct arena *arena, struct span raw);

/* json_raw_spells(), for a word of several: most are told from it by their
 * first character, which may be escaped. */
static inline bool
json_raw_is(struct span raw, const char *word)
{
	return raw.len >= 2 &&
		(raw.data[1] == *word || raw.data[1] == '\\' ||
			*word == '\0') &&
		json_raw_spells(raw, word);
}

/* What may stand between tokens (RFC 8259). */
static inline bool
json_is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

#endif
