/*
 * vector.h: the recorded cases of tests/vectors for C tests, and JSON values
 * compared as JavaScript's deepEqual compares them. The folder is VECTORS, or
 * tests/vectors of the working directory.
 */

#ifndef UNIT_LLM_VECTOR_H
#define UNIT_LLM_VECTOR_H

#include "base/arena.h"
#include "base/buf.h"
#include "json/json.h"

#include <stdbool.h>

/* A file of a case, whole; an absent span when there is no such file. */
struct span
vector_file(struct arena *arena, const char *name, const char *file);

/* The file as `<stem><ext>`, else as `<stem>.v6<ext>`. */
struct span vector_v6(struct arena *arena, const char *name, const char *stem,
	const char *ext);

const struct json *vector_json(struct arena *arena, struct span text);

/* Calls each(name) for all cases of a kind ("stream", "request"). */
void vector_each(const char *kind, void (*each)(const char *name));

/* The value with sorted keys: equal values have equal texts. */
void canonical(struct buf *out, const struct json *value);

/* Fails the test, naming *what*, unless both texts hold equal values. */
void
assert_same_json(const char *what, struct span actual, struct span expected);

#endif
