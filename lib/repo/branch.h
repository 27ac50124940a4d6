/*
 * branch.h: the tree that a session's messages form by parent_id, and the path
 * through it that is shown (`active`). A parent's id is lower than its
 * children's.
 *
 * Call these functions while the session's row is locked (session_lock()).
 */

#ifndef REPO_BRANCH_H
#define REPO_BRANCH_H

#include "base/arena.h"
#include "base/err.h"
#include "db/db.h"
#include "repo/message.h"

#include <stdint.h>

/* Shows the path that ends with *leaf*; shows nothing if its id is 0. */
MUST_USE enum err branch_show(struct db *db, struct arena *arena,
	uint64_t session_id, const struct message_head *leaf);

/* Shows the path through a message and on to the newest message below it.
 * ERR_NOT_FOUND: the message does not belong to the session. */
MUST_USE enum err branch_switch(
	struct db *db, struct arena *arena, uint64_t session_id, uint64_t id);

#endif
