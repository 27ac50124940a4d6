/*
 * vector.h: the recorded cases of tests/vectors for C tests, and a comparison
 * of JSON values like JavaScript's deepEqual. The folder is VECTORS, or
 * tests/vectors in the working directory.
 */

#ifndef UNIT_WIRE_VECTOR_H
#define UNIT_WIRE_VECTOR_H

#include "base/arena.h"
#include "base/buf.h"
#include "json/json.h"

#include <stdbool.h>

/* The whole file of a case; an absent span if there is no such file. */
struct span
vector_file(struct arena *arena, const char *name, const char *file);

/* The file `<stem><ext>`, or else `<stem>.v6<ext>`. */
struct span vector_v6(struct arena *arena, const char *name, const char *stem,
	const char *ext);

const struct json *vector_json(struct arena *arena, struct span text);

/* Calls each(name) for all cases of a kind ("stream", "request"). */
void vector_each(const char *kind, void (*each)(const char *name));

/* Writes the value with sorted keys, so equal values have equal texts. */
void canonical(struct buf *out, const struct json *value);

/* Fails the test, naming *what*, unless both texts contain equal values. */
void
assert_same_json(const char *what, struct span actual, struct span expected);

#endif
