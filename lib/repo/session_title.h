/*
 * session_title.h: the title of a row of `session`, when the model gives it.
 *
 * A title begins as the question's first words. It may be asked for a few
 * times, one request at a time over all processes: a claim (title_until) ends
 * with its request, or by itself when its process died. A title that a person
 * gave is final: it leaves no tries and drops the claim (session_change()), so
 * what comes of a request that is under way finds no row.
 */

#ifndef REPO_SESSION_TITLE_H
#define REPO_SESSION_TITLE_H

#include "base/arena.h"
#include "base/err.h"
#include "db/db.h"

#include <stdbool.h>
#include <stdint.h>

/* Takes one try and the claim for so long, by the database's clock: hosts need
 * not agree on the time. *until_ms* names it. *claimed*: there was one to take,
 * and nobody else has the claim. */
MUST_USE enum err session_title_claim(struct db *db, uint64_t user_id,
	uint64_t id, int64_t for_ms, int64_t *until_ms, bool *claimed);

/* In a transaction: gives the claim back; with a title, which is final then.
 * Nothing when it is no longer held. Titles are noted for the search. */
MUST_USE enum err session_title_put(
	struct db *db, uint64_t id, int64_t until_ms, struct span title);
MUST_USE enum err
session_title_release(struct db *db, uint64_t id, int64_t until_ms);

#endif
