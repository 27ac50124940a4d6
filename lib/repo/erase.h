/*
 * erase.h: the end of a user: every row that is theirs, in all tables.
 */

#ifndef REPO_ERASE_H
#define REPO_ERASE_H

#include "base/arena.h"
#include "base/err.h"
#include "db/db.h"

#include <stdint.h>

/*
 * A few sessions at a time, the user's own row last. What was not reached when
 * it fails is there as before; then it is called again. Running replies end.
 */
MUST_USE enum err
erase_user(struct db *db, struct arena *arena, uint64_t user_id);

#endif
