/*
 * share.h: limits how much of one answer is read at once. libcurl reads from a
 * socket as long as it has data, a hundred times in succession, so a model that
 * sends as fast as it can would keep the loop from all other streams. A
 * transfer that has used its share of a millisecond is paused and continues in
 * the next one, in turn with others that wait. Meanwhile its data stays in the
 * kernel; libcurl holds the piece that was refused, at most its receive buffer
 * (upstream.c), and passes it on first.
 *
 * An answer with a content coding is never paused: libcurl would hold
 * everything that one buffer decodes to, which may be megabytes. We do not ask
 * for such answers.
 */

#ifndef LLM_SHARE_H
#define LLM_SHARE_H

#include "base/list.h"
#include "base/loop.h"
#include "base/span.h"

#include <curl/curl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes of one answer per millisecond, plus one piece. */
#define SHARE_BYTES ((size_t)8 << 10)
/* How many waiting transfers continue in one iteration of the loop. */
#define SHARES_AT_ONCE 16

/* The shares of a client. */
struct shares {
	struct loop *loop;
	struct list waiting;
	struct timer timer;
	void (*on_done)(CURL *easy, CURLcode code);
};

/* The share of one transfer; initialize with zeros. */
struct share {
	struct list place;
	CURL *easy;
	int64_t moment_ms;
	size_t used; /* in the current millisecond */
	bool unlimited;
};

/* *on_done* is called for a transfer that ends when it continues; libcurl does
 * not report it in the usual way (multi.h). */
void shares_open(struct shares *shares, struct loop *loop,
	void (*on_done)(CURL *easy, CURLcode code));
void shares_close(struct shares *shares);

/* Whether *len* more bytes may be taken now. If not, the transfer waits: its
 * write callback must return CURL_WRITEFUNC_PAUSE. */
bool
share_take(struct shares *shares, struct share *share, CURL *easy, size_t len);

/* Call this when another transfer begins, or none: the share no longer
 * waits. */
void share_reset(struct share *share);

/* Examines a header line of the answer, which may name a content coding. */
void share_header(struct share *share, struct span line);

#endif
