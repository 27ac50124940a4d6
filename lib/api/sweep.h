/* sweep.h: removes expired logins, invitations and failure counts. */

#ifndef API_SWEEP_H
#define API_SWEEP_H

#include "db/db.h"

/* Removes all of them, in statements of bounded size; does nothing while the
 * clocks of this host and the database differ (repo/clocks.h), because a host
 * with a wrong clock would log everybody out. */
void sweep_over(struct db *db);

#endif
