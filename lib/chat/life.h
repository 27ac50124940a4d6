/*
 * life.h: the life cycle of a live stream. The table in life.c gives the action
 * for each event and state; ARCHITECTURE.md shows the same table, and a gate of
 * tests/lint compares the two. Everything here belongs to the loop's thread.
 */

#ifndef CHAT_LIFE_H
#define CHAT_LIFE_H

#include "base/list.h"
#include "base/loop.h"
#include "chat/follower.h"
#include "chat/journal.h"
#include "chat/naming.h"
#include "chat/steps.h"
#include "chat/stream.h"
#include "chat/streams.h"
#include "chat/watcher.h"
#include "conf/conf.h"

#include <stdatomic.h>

/* What the streams of a process share; the hub owns it. */
struct lives {
	const struct conf *conf;
	const struct framing *framing;
	struct loop *loop;
	struct streams *streams;
	struct list leaving; /* readers of ended streams that still read */
	struct watcher *watcher;
	struct steps_shared steps;
	struct namings *namings; /* titles that the model is asked for */
	_Atomic uint64_t n; /* replies that run here or are about to */
};

/* What can happen to a stream, and the argument of each event. */
enum life_event {
	LIFE_SAID, /* *event*: chunks of the model; NULL: chunks of a tool */
	LIFE_OVER, /* *result*: all has been said */
	LIFE_STOP, /* *waiter* or NULL: a person wants the reply stopped */
	LIFE_READER, /* *waiter*: somebody wants to read */
	LIFE_LEFT, /* its last reader has gone */
	LIFE_BATCH, /* *batch*: the journal takes what waits */
	LIFE_KEPT, /* what the journal took has been committed */
	LIFE_REFUSED, /* the database refuses the entry permanently */
	/* another process holds the lease, or the journal gives up */
	LIFE_LOST,
	LIFE_ROWS, /* *rows*: journal rows written by another process */
	/* *message* (NULL if deleted): the reply has ended elsewhere */
	LIFE_STORED,
	/* *stream*, of the same reply: the reply begins here; any earlier run
	 * of it is over, no matter who ended it */
	LIFE_BEGINS,
	LIFE_CLOSE, /* the process ends, and waits for replies */
	LIFE_DEADLINE, /* the process ends, and does not wait any more */
	LIFE_EVENTS
};

/* After LIFE_NO and LIFE_YES *waiter* is no longer needed; after LIFE_LATER it
 * will be notified. */
enum life_answer {
	LIFE_NO,
	LIFE_YES,
	LIFE_LATER, /* *waiter* is notified when the stream is over */
};

union life_what {
	const struct llm_event *event;
	const struct llm_result *result;
	struct stream_waiter *waiter;
	struct journal_batch *batch;
	struct span rows;
	const struct message *message;
	struct stream *stream;
};

#define LIFE_NOTHING ((union life_what){ NULL })

enum life_answer
life_event(struct stream *stream, enum life_event event, union life_what what);

/* Opens a stream of the set, RUNNING or REMOTE. If the reply was followed here
 * while another process ran it, its readers move to the new stream. No model
 * is asked yet. */
struct stream *life_open(
	struct lives *lives, struct hub_start *start, enum stream_state state);

/* Begins to run the stream; its first reader is sent *preamble*. */
void life_begin(
	struct stream *stream, struct hub_start *start, struct buf *preamble);

/* Adds a reader for whom LIFE_READER has answered YES. Takes ownership of
 * *peer*. */
void life_join(struct stream *stream, struct peer peer, struct span preamble);

#endif
