/*
 * session_title.h: the title of a row of `session` when the model provides it.
 *
 * A title starts as the first words of the question. The model may be asked for
 * one a few times, with one request at a time over all processes: a claim
 * (title_until) ends with its request, or expires if its process has died. A
 * title given by a person is final: it removes all tries and the claim
 * (session_change()), so the result of a running request finds no row.
 */

#ifndef REPO_SESSION_TITLE_H
#define REPO_SESSION_TITLE_H

#include "base/arena.h"
#include "base/err.h"
#include "db/db.h"

#include <stdbool.h>
#include <stdint.h>

/* Takes one try, and the claim for *for_ms* by the database's clock, because
 * hosts need not agree on the time. *until_ms* identifies the claim. *claimed*:
 * a try was left, and nobody else had the claim. */
MUST_USE enum err session_title_claim(struct db *db, uint64_t user_id,
	uint64_t id, int64_t for_ms, int64_t *until_ms, bool *claimed);

/* Gives the claim back; session_title_put() also stores the final title, notes
 * it for the search, and must be called in a transaction. Both do nothing if
 * the claim is no longer held. */
MUST_USE enum err session_title_put(
	struct db *db, uint64_t id, int64_t until_ms, struct span title);
MUST_USE enum err
session_title_release(struct db *db, uint64_t id, int64_t until_ms);

#endif
