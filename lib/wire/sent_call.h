/*
 * sent_call.h: tool calls and their results in a form that every server
 * accepts: valid names, a shared id for each call and its result, arguments
 * that are an object, and results that are not blank.
 */

#ifndef WIRE_SENT_CALL_H
#define WIRE_SENT_CALL_H

#include "base/arena.h"
#include "base/buf.h"
#include "json/json.h"

#include <stdbool.h>

/* Whether the call has a result; no server accepts a call without one. */
bool sent_call_is_answered(const struct json *part);

/* Whether the result is an error, or a denial by a person. */
bool sent_call_failed(const struct json *part);

/* The tool's name: [A-Za-z0-9_-]{1,64}. Written to *out*, which is cleared
 * first. */
struct span sent_call_name(const struct json *part, struct buf *out);

/* The arguments, always an object. Written to *out*, which must be empty. */
struct span sent_call_input(const struct json *part, struct buf *out);

/* The result, never blank, and the original arguments if they could not be
 * passed on. Appended to *out*. */
struct span sent_call_output(const struct json *part, struct buf *out);

/* Appends call and result in words, for a model that supports no tools, or no
 * more calls. */
void sent_call_words(const struct json *part, struct buf *out);

/* The part's member with the opaque state of the call (kept.h). */
const struct json *sent_call_metadata(const struct json *part);

/* The ids of one request, all different. An invalid id is replaced by nine
 * letters and digits, the same ones in every request as long as nothing before
 * it changes. */
struct sent_ids {
	struct arena *arena;
	const char *marks; /* characters allowed besides letters and digits */
	bool shorts; /* only nine letters and digits are accepted */
	struct span *list;
	size_t n, cap;
};

/* Makes the next id: list[n - 1]. */
struct span sent_ids_next(struct sent_ids *ids, const struct json *part);

#endif
