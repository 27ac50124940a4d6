/*
 * fcgi.h: FastCGI towards the web server. Sole user of libfcgi, which reads
 * parameters and body; accepting and answering are ours, because a blocked
 * peer must never block another one (the library's own accept waits for a
 * silent peer, its flush for one that does not read).
 *
 * The listening socket is descriptor 0, as spawn-fcgi, systemd and mod_fcgid
 * give it. Records: FastCGI 1.0 specification, section 3.3.
 */

#ifndef HTTP_FCGI_H
#define HTTP_FCGI_H

#include "base/buf.h"
#include "base/conf.h"
#include "base/err.h"
#include "http/request.h"

#include <stdint.h>

/* One connection of the web server, which carries one request. */
struct fcgi_peer {
	int fd; /* -1 once it is closed or handed over */
	uint16_t request_id;
};

/* What the accept threads run; *thread* is what thread_open() returned. */
struct fcgi_hooks {
	void *(*thread_open)(void *arg);
	void (*thread_close)(void *thread, void *arg);
	/* Answers with fcgi_answer() or takes the peer over by fcgi_release().
	 * The body has been read; when that failed, *err* says why
	 * (ERR_TOO_BIG, ERR_INVALID). */
	void (*serve)(
		struct request *rq, enum err err, void *thread, void *arg);
	void *arg;
};

struct fcgi_server;

/* Starts conf->threads accept threads. ERR_INVALID when descriptor 0 is no
 * listening socket. */
MUST_USE enum err fcgi_start(const struct http_conf *conf,
	const struct fcgi_hooks *hooks, struct fcgi_server **out);

/* Accepts no more, waits for the requests that run, frees all. */
void fcgi_stop(struct fcgi_server *server);

/* Sends a whole answer (CGI text: head, blank line, body) and closes. A peer
 * that does not read is given up after the read timeout. */
void fcgi_answer(struct request *rq, struct span text);

/* The connection, for a caller who may take it over: once that is certain,
 * fcgi_release() makes the caller its owner, who writes what fcgi_put() and
 * fcgi_put_end() make and closes the descriptor. */
struct fcgi_peer fcgi_peer_of(const struct request *rq);
void fcgi_release(struct request *rq);

/* Appends *text* as STDOUT records; nothing for an empty text. */
void fcgi_put(struct buf *out, const struct fcgi_peer *peer, struct span text);
/* Appends the records that end the answer. */
void fcgi_put_end(struct buf *out, const struct fcgi_peer *peer);

#endif
