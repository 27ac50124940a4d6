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

/* What *path* leads to when it is a link, in *arena*, else *path*. NULL, with
 * errno: it leads nowhere, or is somebody's link to what is another's, which
 * root does not follow. */
const char *file_resolve(struct arena *arena, const char *path);

/*
 * Makes or replaces *path*, whole or not at all, durably. What is replaced keeps
 * its owner, group and mode, and a link to it stays one; what is root's alone is
 * opened to *group*. A new file has *mode* and, unless it is (gid_t)-1, *group*; made by root in a folder of somebody's, it is
 * theirs alone. ERR_INTERNAL after a logged sentence.
 */
MUST_USE enum err file_replace(struct arena *arena, const char *path,
	struct span text, mode_t mode, gid_t group);

#endif
