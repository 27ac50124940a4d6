/*
 * share.h: how much of one answer is read at once. libcurl reads from a socket
 * for as long as there is something in it, a hundred times in a row: a model
 * that sends as fast as it can would keep the loop from all other streams. So
 * a transfer that has had its share of this millisecond is paused, and goes on
 * in the next one, in turn with others that wait. What it sends meanwhile
 * stays in the kernel; libcurl holds the piece that was not taken, which is at
 * most its receive buffer (upstream.c), and gives it first.
 *
 * An answer in an encoding is never paused: what one buffer is decoded to would be
 * held by libcurl, and that can be megabytes. Such answers were not asked for.
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

/* Bytes of one answer in one millisecond, and a piece. */
#define SHARE_BYTES ((size_t)8 << 10)
/* So many that wait go on in one iteration of the loop. */
#define SHARES_AT_ONCE 16

/* Of a client. */
struct shares {
	struct loop *loop;
	struct list waiting;
	struct timer timer;
	void (*on_done)(CURL *easy, CURLcode code);
};

/* Of a transfer; begins all zero. */
struct share {
	struct list place;
	CURL *easy;
	int64_t moment_ms;
	size_t used; /* in that moment */
	bool unlimited;
};

/* *on_done* is told of transfers that end by what they were given when they
 * went on; libcurl does not tell of these (multi.h). */
void shares_open(struct shares *shares, struct loop *loop,
	void (*on_done)(CURL *easy, CURLcode code));
void shares_close(struct shares *shares);

/* Whether *len* bytes more may be taken now. If not, the transfer waits: its
 * write callback returns CURL_WRITEFUNC_PAUSE. */
bool
share_take(struct shares *shares, struct share *share, CURL *easy, size_t len);

/* Another transfer begins, or none: it does not wait any more. */
void share_reset(struct share *share);

/* A header line of the answer: it may tell of an encoding. */
void share_header(struct share *share, struct span line);

#endif
