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

/* Everything but *out* must outlive the hub. */
MUST_USE enum err
hub_open(const struct conf *conf, const struct tool_set *tools,
	struct snowflake *ids, const struct framing *framing, struct hub **out);

/*
 * Lets streams end by themselves for conf's drain_ms, or until somebody asks
 * for the end again (base/hurry.h); then stops the rest as interrupted, stores
 * that, and frees everything.
 */
void hub_close(struct hub *hub);

/* Checks that there is room for one more stream; ERR_BUSY if there is none. */
MUST_USE enum err hub_has_room(const struct hub *hub);

/* Begins a stream. Copies every member not marked 'taken over'. */
void hub_start(struct hub *hub, struct hub_start *start);

/*
 * Joins a running reply: *peer* gets *preamble*, the reply so far and
 * everything that follows; the hub takes ownership of *peer*. False if this
 * process does not run the reply (any more), after waiting up to 10 s for the
 * end of a reply that is just ending; the caller then keeps *peer*.
 */
bool hub_follow(struct hub *hub, uint64_t message_id, struct peer peer,
	struct span preamble);

/*
 * Joins a reply that another process runs. *remote* has its ids, its stored
 * parts and metadata, the preamble, and the peer, which the hub takes over. The
 * reply is followed through its journal, about 200 ms behind.
 */
void hub_follow_remote(struct hub *hub, struct hub_start *remote);

/*
 * Stops a running reply, which keeps its text, and waits at most *wait_ms*
 * until that is stored. ERR_NOT_FOUND if this process does not run it; ERR_BUSY
 * if it was not stored in time.
 */
MUST_USE enum err
hub_stop(struct hub *hub, uint64_t message_id, int64_t wait_ms);

/*
 * A request that may commit a reply and has not begun its stream yet. The
 * request announces itself before turn_open() and withdraws once the reply has
 * been started or will not be. The struct must not move in between.
 */
struct hub_opening {
	struct hub_opening *prev, *next;
	int64_t since_ms;
};
void hub_opening(struct hub *hub, struct hub_opening *opening);
void hub_opened(struct hub *hub, struct hub_opening *opening);
/* When the oldest pending opening began; INT64_MAX if none is pending. */
int64_t hub_opening_since_ms(struct hub *hub);

/* Sets *held* for each of these replies that runs here at this moment. */
void hub_holds(struct hub *hub, const uint64_t *ids, size_t n, bool *held);

struct hub_counts {
	uint64_t streams; /* live now */
	uint64_t streams_total; /* begun */
	uint64_t batches_total; /* journal batches */
	uint64_t ahead_total; /* how often the database was away too long */
	bool ahead; /* the database is away now */
	uint64_t waiting; /* bytes that the database has not taken yet */
	/* the hub's: durations of batches */
	const struct histogram *batch_times;
	const struct steps_meter *calls; /* the hub's: calls of the model */
};
struct hub_counts hub_counts(const struct hub *hub);

#endif
