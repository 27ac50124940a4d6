/*
 * hub_ask.h: messages from other threads to the hub's loop. `begin` is one-way.
 * `ask` gets an answer, but its asker may time out; the side that finishes last
 * frees the ask. Both may wait for the end of a stream.
 */

#ifndef CHAT_HUB_ASK_H
#define CHAT_HUB_ASK_H

#include "base/arena.h"
#include "base/err.h"
#include "base/monitor.h"
#include "chat/hub_start.h"
#include "chat/stream.h"

struct lives;

/* A hub_start, with copies of everything that its sender keeps. */
struct hub_begin {
	struct lives *lives;
	struct stream_waiter waiter;
	struct hub_start start;
	struct arena arena;
	struct buf preamble;
};

struct hub_begin *hub_begin_new(struct lives *lives, struct hub_start *start);
void hub_begin_free(struct hub_begin *begin);

struct hub_ask {
	struct lives *lives;
	struct stream_waiter waiter;
	uint64_t message_id;
	bool is_stop; /* otherwise the ask follows a reply */
	struct peer peer;
	struct buf preamble;

	struct monitor monitor;
	bool claimed, answered, yes, abandoned; /* guarded by the monitor */
};

struct hub_ask *
hub_ask_new(struct lives *lives, uint64_t message_id, bool is_stop);

/* For the loop: true if the asker still waits; it then waits until it is
 * answered. If false, the ask has been freed. */
bool hub_ask_claim(struct hub_ask *ask);

/* For the loop: answers the ask, which is gone afterwards. */
void hub_ask_answer(struct hub_ask *ask, bool yes);

/* For the asker: OK if the answer is yes, ERR_NOT_FOUND if it is no, ERR_BUSY
 * if there was no answer in time. */
MUST_USE enum err hub_ask_wait(struct hub_ask *ask, int64_t wait_ms);

#endif
