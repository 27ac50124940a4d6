/*
 * http1.h: HTTP/1.1 messages, read in pieces (RFC 9112): the head, then a body
 * by length, in chunks or up to the end of the connection. As much as the
 * servers of a measurement say, and no more; what is not understood is an
 * error of the run.
 */

#ifndef BENCH_HTTP1_H
#define BENCH_HTTP1_H

#include "base/buf.h"

#include <stdbool.h>
#include <stdint.h>

/* Zeroed: ready for an answer, or with *request* for a request. */
struct http1 {
	bool request; /* without a length it has no body */

	/* Once head_done: */
	bool head_done, whole, broken;
	bool close; /* the connection ends with this message */
	int status; /* of an answer */
	uint64_t body_len; /* so far */

	/* private */
	struct buf line;
	enum {
		HTTP1_HEAD,
		HTTP1_LENGTH,
		HTTP1_SIZE,
		HTTP1_CHUNK,
		HTTP1_CRLF,
		HTTP1_TRAILER,
		HTTP1_REST
	} part;
	uint64_t left;
	bool chunked, measured;
};

/* Takes bytes from *in up to the end of the message; body(arg, piece) gets the
 * body without its framing. False: this is no HTTP (broken is set, too). */
bool http1_feed(struct http1 *in, struct span *bytes,
	void (*body)(void *arg, struct span piece), void *arg);

/* The connection has ended: whether the message was whole. */
bool http1_end(struct http1 *in);

/* Ready for the next message; memory is kept. */
void http1_next(struct http1 *in);
void http1_free(struct http1 *in);

#endif
