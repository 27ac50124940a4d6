/*
 * json.h: reading JSON, strictly. Sole user of json-c, which is lax: every
 * text first passes json_check() (RFC 8259 to the letter, valid UTF-8, a cap
 * on depth; and no key with a NUL, which json-c would cut off).
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

/* Whether *text* is one strict JSON value. ERR_INVALID | ERR_TOO_BIG (depth). */
MUST_USE enum err json_check(struct span text, unsigned depth_max);

/* Checks and parses; a key twice in one object is refused, because two readers
 * could take different ones. ERR_INVALID | ERR_TOO_BIG. */
MUST_USE enum err
json_parse(struct arena *arena, struct span text, const struct json **out);

/* As json_parse(), but as forgiving as JavaScript's JSON.parse: the last of
 * several equal keys wins. For what models and providers send. */
MUST_USE enum err json_parse_loose(
	struct arena *arena, struct span text, const struct json **out);

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
/* Item by item: start with {NULL, 0} in *item*; false at the end. */
bool json_raw_next(struct span array, struct span *item);

#endif
