/*
 * takeover.h: a reply whose worker has died goes on in this one
 * (chat.on_crash = continue): it stays `streaming`, under another lease. What
 * was open in it is closed by one more row of its journal, so whoever follows
 * it by the journal sees it go on; then the model is asked with the reply so
 * far, as when a person presses Continue. Once a reply: what kills its worker
 * must not go round.
 */

#ifndef CHAT_TAKEOVER_H
#define CHAT_TAKEOVER_H

#include "base/arena.h"
#include "base/err.h"
#include "chat/hub.h"
#include "db/db.h"
#include "repo/message.h"

/*
 * In the transaction that has locked *message* and retired its lease. Fills
 * *start* (in *arena*) for hub_start() after the commit. ERR_NOT_FOUND: it has
 * been taken over before. ERR_BUSY: this process has no lease.
 */
MUST_USE enum err takeover_store(struct db *db, struct arena *arena,
	struct lease own, uint64_t session_id, const struct message *message,
	struct hub_start *start);

#endif
