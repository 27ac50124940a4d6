/*
 * variables.h: what an assistant's instructions may name, and is filled in when
 * the model is asked:
 *
 *	{{user.name}}	who asks
 *	{{date}}	today, in UTC: 2026-01-31
 *	{{site.name}}	http.site_name
 *
 * All else stays as it is written, also what was filled in.
 */

#ifndef CHAT_VARIABLES_H
#define CHAT_VARIABLES_H

#include "base/buf.h"
#include "base/span.h"

#include <stdint.h>

struct variables {
	const char *user_name, *site_name;
	int64_t now_ms;
};

/* Appends *text* with its variables filled in. */
void variables_fill(
	struct buf *out, struct span text, const struct variables *variables);

#endif
