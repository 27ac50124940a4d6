/*
 * import.h: imports a chat from another program as a session: whole, with its
 * original times, and under a name that identifies it if it is imported again.
 */

#ifndef REPO_IMPORT_H
#define REPO_IMPORT_H

#include "base/err.h"
#include "base/span.h"
#include "db/db.h"

#include <stdbool.h>
#include <stdint.h>

struct import_session {
	uint64_t id, user_id;
	/* "import:chatgpt:<id>", at most MESSAGE_CLIENT_ID_MAX. */
	struct span name;
	struct span title; /* one line, at most SESSION_TITLE_MAX */
	int64_t create_ms, update_ms;
	uint64_t bytes; /* total size of its messages */
	bool pinned, archived, branched;
};

/* Call it in a transaction, before inserting the messages. ERR_CONFLICT: the
 * user has already imported it. */
MUST_USE enum err
import_session_insert(struct db *db, const struct import_session *session);

#endif
