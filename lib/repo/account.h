/*
 * account.h: creates the database and the account of the programs, through an
 * account with the necessary rights: root, over the socket of a server on this
 * machine.
 */

#ifndef REPO_ACCOUNT_H
#define REPO_ACCOUNT_H

#include "base/arena.h"
#include "base/err.h"
#include "db/db.h"

#include <stdbool.h>

/* Whether a database or account may have this name: 1 to 32 of A-Z a-z 0-9 _ */
bool account_name(const char *name);

/* Whether the account *user*@localhost exists. */
MUST_USE enum err account_find(struct db *db, const char *user, bool *found);

/*
 * Creates the database *name*, and *user*@localhost with this password (only
 * letters, digits and - _ .), who may read and change rows there and nothing
 * else. Leaves existing ones as they are, an existing account with its
 * password. ERR_INVALID unless account_name() accepts both names. May be
 * repeated.
 */
MUST_USE enum err account_make(struct db *db, struct arena *arena,
	const char *name, const char *user, const char *password);

#endif
