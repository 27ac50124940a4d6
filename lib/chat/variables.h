/*
 * variables.h: the variables of an assistant's instructions, which are filled
 * in when the model is asked:
 *
 *	{{user.name}}	the user
 *	{{date}}	today, in UTC: 2026-01-31
 *	{{site.name}}	http.site_name
 *
 * Everything else stays as it is written; values are not expanded again.
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
