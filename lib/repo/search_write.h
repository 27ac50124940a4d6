/* search_write.h: the texts that are pending get into the index. */

#ifndef REPO_SEARCH_WRITE_H
#define REPO_SEARCH_WRITE_H

#include "base/err.h"
#include "db/db.h"
#include "repo/search.h"

#define SEARCH_WRITE_MAX 32 /* notes */
/* Of messages, as they are stored; one more may begin below it. Whoever deletes
 * a session, or searches, may wait for the transaction. */
#define SEARCH_WRITE_BYTES ((size_t)1 << 20)

/* What one transaction did, or tried when it failed. */
struct search_written {
	struct search_note notes[SEARCH_WRITE_MAX];
	uint64_t user_ids[SEARCH_WRITE_MAX]; /* of texts; not each once */
	unsigned n, n_users;
};

/* Writes the words of up to *max* texts, in a transaction of its own.
 * ERR_NOT_FOUND: nothing is pending, or others are at it. */
MUST_USE enum err
search_write(struct db *db, unsigned max, struct search_written *out);

#endif
