/*
 * fcgi.h: FastCGI as a program's handlers see it, and libfcgi, whose sole
 * user is fcgi.c.
 *
 * The library reads the parameters and the body of every request, but never
 * from a web server: the front has framed, bounded and checked them
 * (record.h) and writes them again into a file in memory, from which the
 * library reads. So it can neither be kept waiting nor be given a record
 * that it does not bear (a pair whose lengths add up beyond INT_MAX,
 * GET_VALUES, unknown management records).
 */

#ifndef HTTP_FCGI_H
#define HTTP_FCGI_H

#include "base/buf.h"
#include "base/err.h"
#include "base/span.h"
#include "http/answer.h"

#include <stdbool.h>
#include <stdint.h>

struct request;

/* One connection of the web server and the request that it carries. */
struct fcgi_peer {
	int fd;
	uint16_t request_id;
};

/* Where a request's answer goes; private to this folder. */
struct fcgi_exchange {
	struct fcgi_peer peer;
	struct answer answer; /* sent when the handler is done */
	bool released;
};

/* Gives a whole answer (CGI text: head, blank line, body) in pieces, which
 * live as long as the request's arena. It is sent by the front, which waits
 * for no reader. */
void fcgi_answer(struct request *rq, const struct span *pieces, size_t n);

/* The connection, for a caller who may take it over: once that is certain,
 * fcgi_release() makes the caller its owner, who writes what fcgi_put() and
 * fcgi_put_end() make and closes the descriptor. It does not block. */
struct fcgi_peer fcgi_peer_of(const struct request *rq);
void fcgi_release(struct request *rq);

/* Appends *text* as STDOUT records; nothing for an empty text. */
void fcgi_put(struct buf *out, const struct fcgi_peer *peer, struct span text);
/* Appends the records that end the answer. */
void fcgi_put_end(struct buf *out, const struct fcgi_peer *peer);

/* libfcgi with a file of its own; belongs to one thread. */
struct fcgi_library;

struct fcgi_library *fcgi_library_open(void);
void fcgi_library_close(struct fcgi_library *library);

/*
 * Lets the library read a request. *params* has passed record_pairs_check()
 * and is no longer than RECORD_PARAMS_MAX. *body* is what came in STDIN
 * records; it goes through the library in pieces, from this buffer into this
 * buffer, so that it is in memory once. *envp* is the library's, until the
 * next call. ERR_INTERNAL (logged): it understood something else.
 */
MUST_USE enum err fcgi_library_read(struct fcgi_library *library,
	struct span params, struct buf *body, char ***envp);

#endif
