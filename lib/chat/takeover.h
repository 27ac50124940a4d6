/*
 * takeover.h: continues a reply whose worker has died (chat.on_crash =
 * continue). The reply stays `streaming`, under another lease. One more journal
 * row closes its open parts, so those who follow the journal see it continue.
 * Then the model is asked with the reply so far, as if a person had pressed
 * Continue. A reply is taken over only once: if it kills its worker, it must
 * not kill the next ones, too.
 */

#ifndef CHAT_TAKEOVER_H
#define CHAT_TAKEOVER_H

#include "base/arena.h"
#include "base/err.h"
#include "chat/hub.h"
#include "db/db.h"
#include "repo/message.h"

/*
 * Call this in the transaction that has locked *message* and retired its lease.
 * Fills in *start* (in *arena*) for hub_start(), to be called after the commit.
 * ERR_NOT_FOUND if the reply has been taken over before; ERR_BUSY if this
 * process has no lease.
 */
MUST_USE enum err takeover_store(struct db *db, struct arena *arena,
	struct lease own, uint64_t session_id, const struct message *message,
	struct hub_start *start);

#endif
