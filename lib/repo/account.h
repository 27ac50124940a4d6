/*
 * account.h: the database and the account of the programs, made by an account
 * that may: root's, over the socket of a server on this machine.
 */

#ifndef REPO_ACCOUNT_H
#define REPO_ACCOUNT_H

#include "base/arena.h"
#include "base/err.h"
#include "db/db.h"

#include <stdbool.h>

/* Whether a database or an account may be called so: 1 to 32 of A-Z a-z 0-9 _ */
bool account_name(const char *name);

/* Whether there is an account *user*@localhost. */
MUST_USE enum err account_find(struct db *db, const char *user, bool *found);

/*
 * Makes the database *name* and *user*@localhost with this password, letters,
 * digits and - _ . only, who may read and change rows there and no more; what
 * is there already stays, an account with its own password. Names as
 * account_name() has them, else ERR_INVALID. It may be repeated.
 */
MUST_USE enum err account_make(struct db *db, struct arena *arena,
	const char *name, const char *user, const char *password);

#endif
