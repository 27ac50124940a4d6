/*
 * hub.h: all live streams of a process, on one event loop in one thread.
 * Thousands of streams hold no thread and no database connection; a stream
 * does not depend on its readers. Every call here is thread-safe.
 */

#ifndef CHAT_HUB_H
#define CHAT_HUB_H

#include "base/err.h"
#include "chat/hub_start.h"
#include "chat/steps.h"
#include "conf/conf.h"
#include "repo/snowflake.h"
#include "tool/set.h"

#include <stdbool.h>
#include <stdint.h>

struct hub;

/* All but *out* must outlive the hub. */
MUST_USE enum err
hub_open(const struct conf *conf, const struct tool_set *tools,
	struct snowflake *ids, const struct framing *framing, struct hub **out);

/*
 * Lets streams end by themselves for conf's drain_ms, or until somebody asks
 * for the end once more (base/hurry.h); then stops the rest as interrupted,
 * stores that, and frees all.
 */
void hub_close(struct hub *hub);

/* Whether there is room for one more. ERR_BUSY. */
MUST_USE enum err hub_has_room(const struct hub *hub);

/* Begins a stream; copies what is not said to be taken over. */
void hub_start(struct hub *hub, struct hub_start *start);

/*
 * Joins a running reply: *peer* gets *preamble*, the reply so far and what
 * follows, and is taken over. False: this process does not run it (any more);
 * waits for the end of one that is just ending. *peer* stays the caller's.
 */
bool hub_follow(struct hub *hub, uint64_t message_id, struct peer peer,
	struct span preamble);

/*
 * Joins a running reply that another process runs: *remote* has its ids, its
 * stored parts and metadata, the peer (taken over) and the preamble. It is
 * followed through its journal, some 200 ms behind.
 */
void hub_follow_remote(struct hub *hub, struct hub_start *remote);

/*
 * Stops a running reply, which keeps its text, and waits until that is
 * stored, at most *wait_ms*. ERR_NOT_FOUND: this process does not run it.
 * ERR_BUSY: not stored in time.
 */
MUST_USE enum err
hub_stop(struct hub *hub, uint64_t message_id, int64_t wait_ms);

/*
 * A request that may commit a reply and has not begun it yet: said before
 * turn_open() and taken back when the reply has been started, or will not be.
 * It stays where it is meanwhile.
 */
struct hub_opening {
	struct hub_opening *prev, *next;
	int64_t since_ms;
};
void hub_opening(struct hub *hub, struct hub_opening *opening);
void hub_opened(struct hub *hub, struct hub_opening *opening);
/* Since when the oldest of them is at it; INT64_MAX: there is none. */
int64_t hub_opening_since_ms(struct hub *hub);

/* Which of these replies run here, as of now. */
void hub_holds(struct hub *hub, const uint64_t *ids, size_t n, bool *held);

struct hub_counts {
	uint64_t streams; /* live now */
	uint64_t streams_total; /* begun */
	uint64_t batches_total; /* of the journal */
	uint64_t ahead_total; /* times the database was away too long */
	bool ahead; /* it is away now */
	uint64_t waiting; /* bytes that the database has not taken */
	const struct histogram *batch_times; /* the hub's: of batches */
	const struct steps_meter *calls; /* the hub's: of the model */
};
struct hub_counts hub_counts(const struct hub *hub);

#endif
