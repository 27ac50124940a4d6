/* file.h: reads small files whole: settings, secrets, schema steps. */

#ifndef BASE_FILE_H
#define BASE_FILE_H

#include "base/arena.h"
#include "base/err.h"
#include "base/span.h"

#include <sys/types.h>

/*
 * Reads the content into *arena*, without a UTF-8 byte-order mark and followed
 * by a NUL. ERR_NOT_FOUND (not logged: the caller knows whether a missing file
 * matters) | ERR_TOO_BIG above *max* bytes | ERR_INVALID for UTF-16 |
 * ERR_INTERNAL if the file cannot be read; the last three are logged with the
 * path.
 */
MUST_USE enum err
file_read(struct arena *arena, const char *path, size_t max, struct span *out);

/*
 * A phrase that says who can read a secret without needing to, and the remedy;
 * NULL if nobody can. The rule is PostgreSQL's for key files: other users must
 * have no access; a group may read the file if that is how this process reads
 * it and the file belongs to root or to another user.
 */
const char *file_exposed(const char *path);

/* The target of the link *path*, in *arena*, or *path* itself if it is not a
 * link. NULL, with errno set, if the link leads nowhere, or if this process is
 * root and the link and its target belong to different users (links of root's
 * excepted). */
const char *file_resolve(struct arena *arena, const char *path);

/*
 * Creates or replaces *path* durably, whole or not at all. A replaced file
 * keeps its owner, group and mode, and a link to it remains a link; a file
 * owned by root alone becomes accessible to *group*. A new file gets *mode*
 * and, unless it is (gid_t)-1, *group*; if root creates it in another user's
 * folder, that user becomes its owner and alone has access. ERR_INTERNAL,
 * logged.
 */
MUST_USE enum err file_replace(struct arena *arena, const char *path,
	struct span text, mode_t mode, gid_t group);

/* Writes all of *text*, durably; false, with errno set, on failure. */
MUST_USE bool file_write(int fd, struct span text);

/* Makes a new name in the folder of *path* last; a failure is logged. */
void file_sync_folder(struct arena *arena, const char *path);

#endif
