/*
 * hub_ask.h: what other threads send to the hub's loop. `begin` is one-way.
 * `ask` gets a reply, but its asker may time out; whichever side finishes last
 * frees it. Either may wait for a stream's end.
 */

#ifndef CHAT_HUB_ASK_H
#define CHAT_HUB_ASK_H

#include "base/arena.h"
#include "base/err.h"
#include "base/monitor.h"
#include "chat/hub_start.h"
#include "chat/stream.h"

struct lives;

/* A hub_start with copies of what its sender keeps. */
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
	bool is_stop; /* else: follow */
	struct peer peer;
	struct buf preamble;

	struct monitor monitor;
	bool claimed, answered, yes, abandoned; /* in the monitor */
};

struct hub_ask *
hub_ask_new(struct lives *lives, uint64_t message_id, bool is_stop);

/* In the loop: whether the asker still waits. If so it will, until answered;
 * if not, the ask is gone. */
bool hub_ask_claim(struct hub_ask *ask);

/* In the loop: the answer. The ask is gone afterwards. */
void hub_ask_answer(struct hub_ask *ask, bool yes);

/* The asker: OK: yes. ERR_NOT_FOUND: no. ERR_BUSY: no answer in time. */
MUST_USE enum err hub_ask_wait(struct hub_ask *ask, int64_t wait_ms);

#endif
