/*
 * fcgi.h: FastCGI as a program's handlers see it, and libfcgi, whose sole user
 * is fcgi.c.
 *
 * The library reads the parameters and the body of every request, but never
 * from a web server: the front has framed, bounded and checked them (record.h)
 * and rewrites them into a file in memory, from which the library reads. So it
 * can neither be kept waiting nor receive a record that it mishandles (a pair
 * whose lengths add up beyond INT_MAX, GET_VALUES, unknown management records).
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

/* A connection of the web server, and the request that it carries. */
struct fcgi_peer {
	int fd;
	uint16_t request_id;
};

/* The destination of a request's answer; private to this folder. */
struct fcgi_exchange {
	struct fcgi_peer peer;
	struct answer answer; /* sent when the handler has returned */
	bool released;
};

/* Gives a whole answer (CGI text: head, blank line, body) in pieces, which live
 * as long as the request's arena. The front sends it, without waiting for slow
 * readers. */
void fcgi_answer(struct request *rq, const struct span *pieces, size_t n);

/* The connection, for a caller who may take it over. Once that is certain,
 * fcgi_release() makes the caller its owner, who writes the output of
 * fcgi_put() and fcgi_put_end() and closes the descriptor. The descriptor is
 * non-blocking. */
struct fcgi_peer fcgi_peer_of(const struct request *rq);
void fcgi_release(struct request *rq);

/* Appends *text* as STDOUT records; appends nothing for an empty text. */
void fcgi_put(struct buf *out, const struct fcgi_peer *peer, struct span text);
/* Appends the records that end the answer. */
void fcgi_put_end(struct buf *out, const struct fcgi_peer *peer);

/* libfcgi with its own file; belongs to one thread. */
struct fcgi_library;

struct fcgi_library *fcgi_library_open(void);
void fcgi_library_close(struct fcgi_library *library);

/*
 * Lets the library read a request. *params* has passed record_pairs_check() and
 * is at most RECORD_PARAMS_MAX long. *body* is the content of the STDIN
 * records; it passes through the library piece by piece, from this buffer back
 * into it, so that memory holds it only once. *envp* belongs to the library,
 * until the next call. ERR_INTERNAL (logged) if the library understood
 * something else.
 */
MUST_USE enum err fcgi_library_read(struct fcgi_library *library,
	struct span params, struct buf *body, char ***envp);

#endif
