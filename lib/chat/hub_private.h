/*
 * hub_private.h: private to the hub: hub.c (what is asked of it, and its
 * life), hub_streams.c (the sets of streams, and how one ends), hub_batch.c
 * (what goes to the journal and comes back), hub_tools.c (what runs between
 * two answers of the model), hub_adapt.c (a step that was refused in one form),
 * hub_check.c (what the reaper asks). All but that run in the loop's thread.
 */

#ifndef CHAT_HUB_PRIVATE_H
#define CHAT_HUB_PRIVATE_H

#include "chat/hub.h"
#include "chat/hub_ask.h"
#include "chat/stream.h"
#include "chat/watcher.h"
#include "tool/pool.h"

#include <pthread.h>
#include <stdatomic.h>

#define HUB_SLOTS 4096 /* a power of two */

struct hub {
	const struct conf *conf;
	const struct llm_settings *settings;
	struct snowflake *ids;
	const struct framing *framing;
	struct loop *loop;
	struct llm_client *client;
	struct journal *journal;
	struct watcher *watcher;
	const struct tool_set *tools;
	struct tool_pool *pool; /* for tools */
	struct tool_pool *writers; /* of the requests after them */
	pthread_t thread;

	struct stream *streams; /* all */
	struct stream *slots[HUB_SLOTS];
	struct stream *dirty;
	struct stream **dirty_end;
	size_t n_dirty;
	_Atomic size_t waiting; /* bytes, of all streams, for the journal */

	struct journal_batch batch;
	bool batch_out; /* the journal has it */
	int64_t batch_out_ms; /* since when */
	int64_t batch_back_ms; /* when the last one was back */
	bool first_words; /* somebody waits for the first of a reply */
	bool ends; /* replies have ended, and wait to be stored */
	struct timer gap, heartbeat, durability, drain;
	bool draining, giving_up;
	size_t resident; /* memory of the process at its start */
	int64_t looked_ms; /* when it was compared with that */

	struct monitor monitor; /* of what follows */
	struct hub_opening *openings;

	_Atomic uint64_t n_streams, n_begun, n_batches, n_undurable;
	_Atomic bool undurable; /* the database is away: show without it */
};

/* ---- hub.c */

/* Sends a request to the model for this stream; *body* is taken over. */
void hub_ask_model(struct stream *stream, struct buf *body);

/* ---- hub_adapt.c */

/* A step is asked for in its first form. */
void hub_asking_begin(struct stream *stream, const struct llm_asked *asked);

/* A step has ended without an answer. True: it is asked for again, otherwise. */
bool hub_adapt(struct stream *stream);

/* The model has begun to answer: what its refusals taught is kept. */
void hub_on_answer(struct stream *stream);
/* So is what its count of a request's tokens teaches. */
void hub_on_usage(struct stream *stream, const struct llm_usage *usage);

/* ---- hub_streams.c */

/* The stream of a message, or NULL. */
struct stream *hub_find(struct hub *hub, uint64_t message_id);
void hub_add(struct hub *hub, struct stream *stream);

/* A stream that has something for the journal; in order of arrival. */
void hub_mark_dirty(struct stream *stream);
struct stream *hub_next_dirty(struct hub *hub);

/* Keeps hub->waiting right, after something was taken. */
void hub_count(struct stream *stream);

/* The model has said all it will: the end is written, and waits to be stored. */
void hub_end(struct stream *stream, const struct llm_result *result);
/* The database does not take what it says, for ever: it ends with what it has
 * taken, as an error. */
void hub_refuse(struct stream *stream);
/* Ends it from our side, unless it has ended. */
void hub_end_now(struct stream *stream, enum llm_fault fault);

/* Lets go of a stream, whose end was stored (*properly*) or cannot be. */
void hub_drop(struct stream *stream, bool properly);

/* Ends the loop when it drains and nothing is left. */
void hub_check_drained(struct hub *hub);

/* ---- hub_tools.c */

/*
 * The model has said all of a step. True: calls of the server's tools are in
 * it. They run, then the model is asked again, or the reply ends there.
 */
bool hub_run_tools(struct stream *stream, const struct llm_result *result);

/* A reply goes on for which a person has answered requests for approval. True:
 * what was approved runs, and then the model is asked. */
bool hub_run_approved(struct stream *stream);

/* Asks for the same step again, as a model that takes *takes* is asked. */
void hub_ask_otherwise(struct stream *stream, const struct llm_takes *takes);

/* Asks the model with the stored path and the reply as it is. */
void hub_ask_again(struct stream *stream);

/* Nobody waits any more for what still runs. */
void hub_cancel_tools(struct stream *stream);

/* ---- hub_remote.c */

extern const struct watcher_handlers hub_watcher_handlers; /* arg: the hub */

/* hub_follow_remote() in the loop; the order is its own. */
void hub_on_follow_remote(void *order);
/* A stream that begins here may have been followed as another's: its readers
 * come over. */
void hub_adopt(struct hub *hub, struct stream *stream);
/* Drops what other processes run. */
void hub_drop_remote(struct hub *hub);

/* The connection of a reader is gone: on_gone of every follower; *arg* is
 * the stream. */
void hub_on_gone(void *arg, struct follower *follower);

/* ---- hub_batch.c: callbacks, *arg* is the hub */

void hub_publish(void *arg); /* at the end of every iteration */
void hub_on_gap(void *arg); /* the pause between batches is over */
void hub_on_batch(void *arg); /* a batch is back */
void hub_on_durability(void *arg); /* it has been out too long */

#endif
