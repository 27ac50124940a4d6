/*
 * reaper.h: recovers replies whose worker has died: at once if the death is
 * known (base/alive.h), otherwise when the lease expires. Every chat process
 * looks for streaming replies with an expired lease, rebuilds each from its
 * journal, and marks it `interrupted`, so text that people were shown stays.
 * When the database has been away, the reaper waits first: all leases look
 * expired then, and their holders are about to renew them. The reaper also
 * finds replies that are stored as running in this process but are not. If the
 * database refuses the end of a reply, the reaper tries for the length of a
 * lease and then stores a reduced one (rebuild.h). So every reply always has an
 * owner.
 */

#ifndef CHAT_REAPER_H
#define CHAT_REAPER_H

#include "base/err.h"
#include "chat/hub.h"
#include "chat/models.h"
#include "conf/conf.h"
#include "repo/snowflake.h"

#include <stdint.h>

struct reaper;

/* Starts the thread, which also looks for changed models in each round. The hub
 * and *models* must outlive it. */
MUST_USE enum err reaper_open(const struct conf *conf, struct snowflake *ids,
	struct hub *hub, struct models *models, struct reaper **out);
void reaper_close(struct reaper *reaper);

#endif
