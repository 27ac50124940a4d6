/*
 * recovery.h: one reply whose writer is gone is put together from its journal
 * and ended as `interrupted`, or taken over (takeover.h). What the database
 * refuses to take is tried for *patience_ms*, then stored with less of it
 * (rebuild.h). Of one thread.
 */

#ifndef CHAT_RECOVERY_H
#define CHAT_RECOVERY_H

#include "base/arena.h"
#include "base/err.h"
#include "chat/hub.h"
#include "chat/models.h"
#include "db/db.h"
#include "repo/message.h"

#include <stdbool.h>
#include <stdint.h>

/* Replies whose refusal is remembered; the oldest is forgotten first. */
#define REFUSALS_MAX 32

/* A reply whose end the database refuses, since when. */
struct refused_reply {
	uint64_t id;
	int64_t since_ms;
};

/* Who recovers, one reply after another. */
struct recoverer {
	struct db *db; /* not owned */
	struct hub *hub; /* which takes over */
	int64_t patience_ms;
	struct refused_reply refusals[REFUSALS_MAX];
};

/* What is to be recovered, and what became of it. */
struct recovery {
	struct lease own; /* of this process */
	enum err (*recover)(struct db *db, struct recovery *recovery);
	struct arena arena; /* of this one recovery */
	uint64_t after; /* the orphan is looked for above */
	bool found; /* an orphan, named below */
	bool reduced; /* is stored with less of it */
	struct models *models; /* may go on here, by one of these; or NULL */
	struct llm_model *model; /* which; in the arena */
	bool taken; /* it does, as *start* says */
	struct hub_start start;
	struct message_orphan orphan;
	struct message_life life; /* of it, that is over */
};

/* One whose lease is over. ERR_NOT_FOUND: there is none, or another process
 * is at it. */
MUST_USE enum err recovery_of_orphan(struct db *db, struct recovery *recovery);

/* The one in *orphan* and *life*, of our own, that nobody here runs. */
MUST_USE enum err recovery_of_own(struct db *db, struct recovery *recovery);

/* One transaction of recovery->recover, which is one of the two above; logs
 * what became of it. ERR_BUSY: the database is away. */
MUST_USE enum err
recovery_run(struct recoverer *recoverer, struct recovery *recovery);

#endif
