/*
 * import.h: a chat of another program as a session: whole, with the moments
 * that it had there, and under a name by which it is known when it comes again.
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
	struct span name; /* "import:chatgpt:<id>", MESSAGE_CLIENT_ID_MAX */
	struct span title; /* one line, SESSION_TITLE_MAX */
	int64_t create_ms, update_ms;
	uint64_t bytes; /* of its messages */
	bool pinned, archived, branched;
};

/* In a transaction, before its messages. ERR_CONFLICT: the user has it. */
MUST_USE enum err
import_session_insert(struct db *db, const struct import_session *session);

#endif
