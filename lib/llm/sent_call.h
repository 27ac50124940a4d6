/*
 * sent_call.h: calls of tools and their results, as a model is told of its
 * own: names that every server takes, one id for each call and result,
 * arguments that are an object, results that are not blank.
 */

#ifndef LLM_SENT_CALL_H
#define LLM_SENT_CALL_H

#include "base/arena.h"
#include "base/buf.h"
#include "json/json.h"

#include <stdbool.h>

/* A call whose answer is known: no server takes one that was not answered. */
bool sent_call_is_answered(const struct json *part);

/* Whether its answer is an error, or a person's no. */
bool sent_call_failed(const struct json *part);

/* The tool's name: [A-Za-z0-9_-]{1,64}. In *out*, which is cleared. */
struct span sent_call_name(const struct json *part, struct buf *out);

/* Its arguments, always an object. In *out*, which is empty. */
struct span sent_call_input(const struct json *part, struct buf *out);

/* What it gave, never blank; and what its arguments were when they could not
 * be passed on. Appended to *out*. */
struct span sent_call_output(const struct json *part, struct buf *out);

/* Call and result in words, for a model that knows no tools, or no more of
 * them. */
void sent_call_words(const struct json *part, struct buf *out);

/* Where the opaque state of a call is (kept.h). */
const struct json *sent_call_metadata(const struct json *part);

/* Ids of one request, all different. An id that does not fit becomes nine
 * letters and digits, the same in every request as long as nothing before it
 * changes. */
struct sent_ids {
	struct arena *arena;
	const char *marks; /* that are taken beside letters and digits */
	bool shorts; /* nothing but nine letters and digits is taken */
	struct span *list;
	size_t n, cap;
};

/* The next one: list[n - 1]. */
struct span sent_ids_next(struct sent_ids *ids, const struct json *part);

#endif
