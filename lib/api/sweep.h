/* sweep.h: what is over is removed: logins, invitations, counts of failures. */

#ifndef API_SWEEP_H
#define API_SWEEP_H

#include "db/db.h"

/* All of it, in statements of bounded size; nothing while the clocks of this
 * host and of the database are apart (repo/clocks.h): one that starts with a
 * wrong clock would log everybody out. */
void sweep_over(struct db *db);

#endif
