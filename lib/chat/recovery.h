/*
 * recovery.h: rebuilds one reply without a writer from its journal, and ends it
 * as `interrupted` or takes it over (takeover.h). If the database refuses the
 * end, it is tried for *patience_ms* and then stored reduced (rebuild.h).
 * Everything belongs to one thread.
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

/* How many refused replies are remembered; the oldest is forgotten first. */
#define REFUSALS_MAX 32

/* A reply whose end the database refuses, and since when. */
struct refused_reply {
	uint64_t id;
	int64_t since_ms;
};

/* Recovers one reply after another. */
struct recoverer {
	struct db *db; /* not owned */
	struct hub *hub; /* runs the replies that are taken over */
	int64_t patience_ms;
	struct refused_reply refusals[REFUSALS_MAX];
};

/* One recovery: its input and its result. */
struct recovery {
	struct lease own; /* the lease of this process */
	enum err (*recover)(struct db *db, struct recovery *recovery);
	struct arena arena; /* for this recovery */
	uint64_t after; /* the search for an orphan begins above this id */
	bool found; /* there is an orphan, described below */
	bool reduced; /* it is stored with less of its end */
	/* the models that may continue it here; NULL to end it */
	struct models *models;
	struct llm_model *model; /* the model that does; in the arena */
	bool taken; /* it is continued here, as *start* says */
	struct hub_start start;
	struct message_orphan orphan;
	struct message_life life; /* the life that is over */
};

/* Finds a reply whose lease has expired. ERR_NOT_FOUND if there is none, or if
 * another process is recovering it. */
MUST_USE enum err recovery_of_orphan(struct db *db, struct recovery *recovery);

/* Recovers the reply in *orphan* and *life*, which belongs to this process and
 * has no stream. */
MUST_USE enum err recovery_of_own(struct db *db, struct recovery *recovery);

/* Runs recovery->recover, one of the two functions above, in one transaction,
 * and logs the result. ERR_BUSY if the database is away. */
MUST_USE enum err
recovery_run(struct recoverer *recoverer, struct recovery *recovery);

#endif
