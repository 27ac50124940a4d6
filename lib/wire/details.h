/*
 * details.h: collects OpenRouter's reasoning_details from a stream: a list of
 * objects {"type", "text" | "summary" | "data", "signature"?, "id"?, "format"?,
 * "index"?, ...}. Each chunk contains fragments. Consecutive fragments with the
 * same type, index and id are joined: texts and summaries are concatenated, and
 * of other members the last one with a value is kept. Encrypted data is opaque,
 * so each of its fragments stays separate. The order is preserved. Members
 * after the 64th of an object are dropped.
 * https://openrouter.ai/docs/use-cases/reasoning-tokens
 */

#ifndef WIRE_DETAILS_H
#define WIRE_DETAILS_H

#include "base/buf.h"
#include "json/json.h"

#include <stddef.h>

struct details {
	struct detail *list;
	size_t n;
	size_t size; /* bytes held */
};

/* Initialize *details* with zeros. *fragments* is the value from a delta;
 * anything but an array is ignored. */
void details_add(struct details *details, const struct json *fragments);

/* Writes the list as a JSON array; nothing if it is empty. */
void details_write(const struct details *details, struct buf *out);

void details_free(struct details *details);

/* Appends the readable text in the fragments of one delta. */
void details_text(const struct json *fragments, struct buf *out);

#endif
