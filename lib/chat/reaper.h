/*
 * reaper.h: recovers replies whose worker has died: at once when that is known
 * (base/alive.h), else when its lease is over. Every chat process looks
 * for streaming replies whose lease is over, puts each together from its
 * journal, and marks it `interrupted`: what people were shown stays. After
 * the database was away it waits first: all leases look over then, and those
 * who hold them are about to renew them. It
 * finds as well what is stored as running in this process and is not; and a
 * reply whose end the database refuses is tried for the time of a lease, then
 * stored with less of it (rebuild.h). So no reply stays without an owner.
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

/* Starts its thread, in whose round it is looked for other models, too. The hub
 * and *models* must outlive it. */
MUST_USE enum err reaper_open(const struct conf *conf, struct snowflake *ids,
	struct hub *hub, struct models *models, struct reaper **out);
void reaper_close(struct reaper *reaper);

#endif
