/*
 * follower.h: one reader of a live stream: a connection that is written to
 * without ever waiting. What it does not take at once is kept, up to a bound
 * of its own and one for all readers of its user; past it the reader is cut
 * off and can come back (resume). It belongs to the
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

/* How text becomes bytes of the connection; given by the program, because
 * this floor knows no HTTP. *tag* is the program's mark of the connection. */
struct framing {
	void (*put)(struct buf *out, unsigned tag, struct span text);
	void (*put_end)(struct buf *out, unsigned tag);
};

/* What the readers of one user, and all readers, may have kept for them
 * together: sums of bytes (rates_sum()). Without rates nothing is counted. */
struct follower_share {
	struct rates *rates;
	uint64_t user, all;
	int64_t user_max, all_max;
};

/* A connection to follow with, owned by whoever holds the struct. fd -1:
 * nobody reads. *hold* is given back when the connection is closed. */
struct peer {
	int fd;
	unsigned tag;
	struct rates_hold hold;
	struct follower_share share;
};

struct follower;

/* What a follower waits for from another thread: text for it, framed. Who made
 * it keeps it until it is delivered. */
struct follower_order {
	struct follower *follower; /* the loop's; NULL: it is for nobody */
	const struct framing *framing;
	unsigned tag;
};

struct follower {
	struct follower *next; /* the owner's list */
	/* Where it is listed once it has no owner, and still sends. */
	struct list *leaving, left;
	struct watch watch;
	struct loop *loop;
	const struct framing *framing;
	void (*on_gone)(void *arg, struct follower *follower);
	void *arg;
	struct buf out; /* framed, not taken by the connection yet */
	size_t max;
	struct follower_share share;
	size_t counted; /* bytes, in the share's sums */
	struct rates_hold hold;
	unsigned tag;
	bool ending; /* closes when *out* is empty */
	int64_t written_ms;

	/* The stream's: it has joined at this offset, and is sent *replay*
	 * first, as soon as everything before is durable: *due*. */
	uint64_t from;
	struct buf replay;
	bool due;

	/* While the replay is on order: what was sent meanwhile, and whether
	 * that was all. */
	struct follower_order *order;
	size_t ordered; /* about so long */
	struct buf behind;
	bool end_behind;
	bool framed; /* *replay* has come */
};

/*
 * Takes *peer* over. on_gone(arg, follower) comes once, when the connection
 * is closed for whatever reason but follower_close(); the follower is freed
 * after it. Never from inside another follower_ call but follower_send() and
 * follower_end().
 */
struct follower *follower_open(struct loop *loop, struct peer peer,
	const struct framing *framing, size_t max,
	void (*on_gone)(void *arg, struct follower *follower), void *arg);

/* From its end until all is taken it is in *leaving*, a list that outlives
 * it. */
void follower_leave_by(struct follower *follower, struct list *leaving);

/* Sends, or keeps for later; behind the replay. The follower may be gone afterwards: false. */
bool follower_send(struct follower *follower, struct span text);

/* Counts what is kept, after *replay* was changed. The follower may be gone
 * afterwards: false. */
bool follower_count(struct follower *follower);

/* It is not sent anything until *order*, of about *len* bytes, is delivered,
 * and kept what is sent meanwhile. It may be gone afterwards: false. */
bool follower_await(
	struct follower *follower, struct follower_order *order, size_t len);

/* Here it is; sent when it is due. Takes the bytes over. The follower may be
 * gone, before or afterwards. */
void follower_deliver(struct follower_order *order, struct buf *framed);

/* What was ordered, or has come, is not to be sent. */
void follower_forgo(struct follower *follower);

/* From now on the replay may be sent. The follower may be gone: false. */
bool follower_replay(struct follower *follower);

/* Ends the answer properly and closes once all is taken. It may be gone
 * afterwards, and answers to nobody: on_gone is not called. */
void follower_end(struct follower *follower);

/* Closes at once, as a broken connection. on_gone is not called. */
void follower_close(struct follower *follower);

#endif
