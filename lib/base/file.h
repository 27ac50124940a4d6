/* file.h: small files read whole: settings, secrets, schema steps. */

#ifndef BASE_FILE_H
#define BASE_FILE_H

#include "base/arena.h"
#include "base/err.h"
#include "base/span.h"

#include <stdbool.h>

/*
 * The content in *arena*, a NUL after it, without a UTF-8 byte-order mark.
 * ERR_NOT_FOUND (not logged: the caller knows whether it is one) | ERR_TOO_BIG
 * above *max* bytes | ERR_INVALID for UTF-16 | ERR_INTERNAL when it cannot be
 * read; these are logged with the path.
 */
MUST_USE enum err
file_read(struct arena *arena, const char *path, size_t max, struct span *out);

/* Whether everybody on this machine may read the file. */
bool file_is_public(const char *path);

#endif
