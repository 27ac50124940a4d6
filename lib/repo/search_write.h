/* search_write.h: writes pending texts into the index. */

#ifndef REPO_SEARCH_WRITE_H
#define REPO_SEARCH_WRITE_H

#include "base/err.h"
#include "db/db.h"
#include "repo/search.h"

#define SEARCH_WRITE_MAX 32 /* notes */
/* Size of messages as stored; one more message may begin below the limit.
 * Deleting a session, or a search, may wait for the transaction. */
#define SEARCH_WRITE_BYTES ((size_t)1 << 20)

/* What one transaction did, or tried before it failed. */
struct search_written {
	struct search_note notes[SEARCH_WRITE_MAX];
	/* Owners of the texts; may repeat. */
	uint64_t user_ids[SEARCH_WRITE_MAX];
	unsigned n, n_users;
};

/* Indexes up to *max* texts, in its own transaction. ERR_NOT_FOUND: nothing is
 * pending, or other processes are working on it. */
MUST_USE enum err
search_write(struct db *db, unsigned max, struct search_written *out);

#endif
