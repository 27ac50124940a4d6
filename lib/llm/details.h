/*
 * details.h: OpenRouter's reasoning_details, collected from a stream: a list
 * of objects {"type", "text" | "summary" | "data", "signature"?, "id"?,
 * "format"?, "index"?, ...}, of which each chunk brings fragments. Those that
 * follow one another, of one type, index and id, are one: texts and summaries
 * are joined, of everything else the last that says something stays. Encrypted
 * data is opaque: each fragment of it stays by itself. The order stays.
 * https://openrouter.ai/docs/use-cases/reasoning-tokens
 */

#ifndef LLM_DETAILS_H
#define LLM_DETAILS_H

#include "base/buf.h"
#include "json/json.h"

#include <stddef.h>

struct details {
	struct detail *list;
	size_t n;
	size_t size; /* bytes that are held */
};

/* Begins all zero. *fragments* is what a delta brought: an array, else nothing
 * is done. */
void details_add(struct details *details, const struct json *fragments);

/* The list as a JSON array, "" when there is none. */
void details_write(const struct details *details, struct buf *out);

void details_free(struct details *details);

/* What people may read of the fragments of one delta. */
void details_text(const struct json *fragments, struct buf *out);

#endif
