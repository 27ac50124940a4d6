/*
 * fuzz.h: what the targets share. Each target is one file with one
 * LLVMFuzzerTestOneInput(), which must hold for any bytes; its seeds are in the
 * folder of its name.
 */

#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include "base/span.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static inline void
must(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "does not hold: %s\n", what);
	abort();
}

static inline struct span
fuzz_span(const uint8_t *data, size_t size)
{
	return (struct span){ (const char *)data, size };
}

/* Takes what comes before the next NUL off *rest*; all of it if there is
 * none. */
static inline struct span
fuzz_piece(struct span *rest)
{
	const char *end =
		rest->len > 0 ? memchr(rest->data, 0, rest->len) : NULL;
	size_t len = end != NULL ? (size_t)(end - rest->data) : rest->len;
	struct span piece = { rest->data, len };

	rest->data += end != NULL ? len + 1 : len;
	rest->len -= end != NULL ? len + 1 : len;
	return piece;
}

#endif
