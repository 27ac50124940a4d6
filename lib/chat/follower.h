/*
 * follower.h: one reader of a live stream: a connection that is written to
 * without ever waiting. What the connection does not take at once is kept, up
 * to a limit per reader and a limit for all readers of one user; beyond these
 * the reader is cut off and may come back (resume). A follower belongs to the
 * loop's thread.
 */

#ifndef CHAT_FOLLOWER_H
#define CHAT_FOLLOWER_H

#include "auth/rates.h"
#include "base/buf.h"
#include "base/list.h"
#include "base/loop.h"
#include "base/span.h"

#include <stdint.h>

/* How text becomes bytes of the connection. The program supplies these
 * functions, because this floor knows no HTTP. *tag* is the program's mark of
 * the connection. */
struct framing {
	void (*put)(struct buf *out, unsigned tag, struct span text);
	void (*put_end)(struct buf *out, unsigned tag);
};

/* The sums of bytes (rates_sum()) that may be kept for the readers of one user
 * and for all readers. Without rates nothing is counted. */
struct follower_share {
	struct rates *rates;
	uint64_t user, all;
	int64_t user_max, all_max;
};

/* A connection to follow with; the owner of the struct owns it. fd is -1 if
 * nobody reads. *hold* is released when the connection closes. */
struct peer {
	int fd;
	unsigned tag;
	struct rates_hold hold;
	struct follower_share share;
};

struct follower;

/* Framed text that a follower waits for from another thread. The maker keeps
 * the order until it is delivered. */
struct follower_order {
	/* the loop's; NULL if nobody waits for the text */
	struct follower *follower;
	const struct framing *framing;
	unsigned tag;
};

struct follower {
	struct follower *next; /* the owner's list */
	/* The list that holds a follower without an owner while it still
	 * sends. */
	struct list *leaving, left;
	struct watch watch;
	struct loop *loop;
	const struct framing *framing;
	void (*on_gone)(void *arg, struct follower *follower);
	void *arg;
	struct buf out; /* framed bytes that the connection has not taken yet */
	size_t max;
	struct follower_share share;
	size_t counted; /* bytes that the share's sums contain */
	struct rates_hold hold;
	unsigned tag;
	bool ending; /* closes when *out* is empty */
	int64_t written_ms;

	/* These three belong to the stream: the follower joined at offset
	 * *from* and is sent *replay* first, as soon as everything before that
	 * offset is durable, which sets *due*. */
	uint64_t from;
	struct buf replay;
	bool due;

	/* While the replay is on order: what was sent meanwhile, and whether
	 * the answer has ended with that. */
	struct follower_order *order;
	size_t ordered; /* the approximate number of bytes */
	struct buf behind;
	bool end_behind;
	bool framed; /* *replay* has arrived */
};

/*
 * Takes ownership of *peer*. Calls on_gone(arg, follower) once when the
 * connection closes for any reason except follower_close(), and frees the
 * follower afterwards. It is called from the loop, from follower_deliver(), or
 * from a function below that returns bool, which then returns false; never from
 * any other.
 */
struct follower *follower_open(struct loop *loop, struct peer peer,
	const struct framing *framing, size_t max,
	void (*on_gone)(void *arg, struct follower *follower), void *arg);

/* The follower is in *leaving*, a list that outlives it, from its end until all
 * bytes are taken. */
void follower_leave_by(struct follower *follower, struct list *leaving);

/* Sends the text, or keeps it for later, after the replay. False if the
 * follower may be gone. */
bool follower_send(struct follower *follower, struct span text);

/* Counts what is kept, after *replay* was changed. False if the follower may be
 * gone. */
bool follower_count(struct follower *follower);

/* Holds back everything sent until *order* (about *len* bytes) is delivered.
 * False if the follower may be gone. */
bool follower_await(
	struct follower *follower, struct follower_order *order, size_t len);

/* Delivers the ordered bytes, taking ownership; they are sent once due. The
 * follower may be gone before or afterwards. */
void follower_deliver(struct follower_order *order, struct buf *framed);

/* Cancels the replay, whether it is on order or has arrived. */
void follower_forgo(struct follower *follower);

/* The replay may be sent from now on. False if the follower is gone. */
bool follower_replay(struct follower *follower);

/* Ends the answer properly and closes the connection once it has taken all
 * bytes. The follower may be gone afterwards; on_gone is not called. */
void follower_end(struct follower *follower);

/* Closes at once, as a broken connection does. on_gone is not called. */
void follower_close(struct follower *follower);

#endif
