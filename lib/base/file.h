/* file.h: small files read whole: settings, secrets, schema steps. */

#ifndef BASE_FILE_H
#define BASE_FILE_H

#include "base/arena.h"
#include "base/err.h"
#include "base/span.h"

#include <sys/types.h>

/*
 * The content in *arena*, a NUL after it, without a UTF-8 byte-order mark.
 * ERR_NOT_FOUND (not logged: the caller knows whether it is one) | ERR_TOO_BIG
 * above *max* bytes | ERR_INVALID for UTF-16 | ERR_INTERNAL when it cannot be
 * read; these are logged with the path.
 */
MUST_USE enum err
file_read(struct arena *arena, const char *path, size_t max, struct span *out);

/*
 * Who may read a secret besides whoever has to, and what to do: a phrase, or
 * NULL. The rule is PostgreSQL's for keys: all others are shut out; a group may
 * read where that is how we read it, in a file of root's or somebody else's.
 */
const char *file_exposed(const char *path);

/*
 * Makes or replaces *path*, whole or not at all, durably, with this mode and, unless
 * it is (gid_t)-1, this group. ERR_INTERNAL after a logged sentence.
 */
MUST_USE enum err file_replace(struct arena *arena, const char *path,
	struct span text, mode_t mode, gid_t group);

#endif
