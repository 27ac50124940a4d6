/*
 * hub_ask.h: private to hub.c: what other threads send to the loop. A begin
 * is an order; an ask is answered, but its asker does not wait for ever: who
 * comes last frees it.
 */

#ifndef CHAT_HUB_ASK_H
#define CHAT_HUB_ASK_H

#include "base/monitor.h"
#include "chat/hub.h"

/* A hub_start with copies of what its sender keeps. */
struct hub_begin {
	struct hub *hub;
	struct hub_begin *next; /* waiting for a stream's end */
	struct hub_start start;
	struct arena arena;
	struct buf hello;
};

struct hub_begin *hub_begin_new(struct hub *hub, struct hub_start *start);
void hub_begin_free(struct hub_begin *begin);

struct hub_ask {
	struct hub *hub;
	struct hub_ask *next; /* waiting for a stream's end */
	uint64_t message_id;
	bool is_stop; /* else: follow */
	bool found_when_over; /* what the stream's stored end answers */
	struct peer peer;
	struct buf hello;

	struct monitor monitor;
	bool claimed, answered, yes, abandoned; /* in the monitor */
};

struct hub_ask *hub_ask_new(struct hub *hub, uint64_t message_id, bool is_stop);

/* In the loop: whether the asker still waits. If so it will, until answered;
 * if not, the ask is gone. */
bool hub_ask_claim(struct hub_ask *ask);

/* In the loop: the answer. The ask is gone afterwards. */
void hub_ask_answer(struct hub_ask *ask, bool yes);

/* The asker: OK: yes. ERR_NOT_FOUND: no. ERR_BUSY: no answer in time. */
MUST_USE enum err hub_ask_wait(struct hub_ask *ask, int64_t wait_ms);

#endif
