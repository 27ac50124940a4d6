/*
 * life.h: what becomes of a live stream. The table in life.c says for each
 * event and state what is done; ARCHITECTURE.md shows it, and a gate of
 * tests/lint compares the two. Of the loop's thread.
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

/* What the streams of a process share; the hub's. */
struct lives {
	const struct conf *conf;
	const struct framing *framing;
	struct loop *loop;
	struct streams *streams;
	struct list leaving; /* readers of what has ended, who still read */
	struct watcher *watcher;
	struct steps_shared steps;
	struct namings *namings; /* titles that the model gives */
	_Atomic uint64_t n; /* those that run here, or are about to */
};

/* What happens to a stream, and what comes with it. */
enum life_event {
	LIFE_SAID, /* chunks of the model (event), or of a tool (NULL) */
	LIFE_OVER, /* result: all has been said */
	LIFE_STOP, /* waiter, or NULL: a person wants it stopped */
	LIFE_READER, /* waiter: somebody wants to read */
	LIFE_LEFT, /* its last reader has gone */
	LIFE_BATCH, /* batch: the journal takes what waits */
	LIFE_KEPT, /* what the journal took is committed */
	LIFE_REFUSED, /* the database takes it never */
	LIFE_LOST, /* the lease is another's, or the journal gives up */
	LIFE_ROWS, /* rows: of its journal, written elsewhere */
	LIFE_STORED, /* message, or NULL, deleted: it has ended elsewhere */
	LIFE_BEGINS, /* stream: of the same reply; it is begun here, and what
		      * ran of it before is over, whoever ended it */
	LIFE_CLOSE, /* the process ends, and waits for replies */
	LIFE_DEADLINE, /* the process ends, and does not wait any more */
	LIFE_EVENTS
};

/* *waiter* is not needed any more after NO and YES, and is notified after LATER. */
enum life_answer {
	LIFE_NO,
	LIFE_YES,
	LIFE_LATER, /* when it is over */
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

/* A stream of the set, RUNNING or REMOTE. If another process ran the reply,
 * its readers come over. It asks nobody anything yet. */
struct stream *life_open(
	struct lives *lives, struct hub_start *start, enum stream_state state);

/* Begins to run it: *preamble* is what its first reader is sent. */
void life_begin(
	struct stream *stream, struct hub_start *start, struct buf *preamble);

/* A reader, to whom LIFE_READER has said YES. Takes *peer* over. */
void life_join(struct stream *stream, struct peer peer, struct span preamble);

#endif
