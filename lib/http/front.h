/*
 * front.h: the front of a program. One thread with an event loop accepts and
 * keeps the web server's connections, reads whole requests and writes answers,
 * without ever waiting for a peer; a few threads do the work in between. So a
 * slow, silent or lying peer costs bounded memory, but no thread.
 *
 * The time that a peer may take, measured by the monotonic clock:
 *   a head            http.read_timeout_ms from its first byte
 *   a body, an answer that time, and then at least FRONT_RATE_MIN
 *   a refused body    that time for the rest of it, which is dropped
 *   nothing           FRONT_IDLE_MS between two requests of a connection
 * Memory for data being received, waiting or being sent is counted: above
 * http.buffer_max, requests are refused (503), and the answer that has waited
 * longest for its reader is cut off.
 *
 * The listening socket is descriptor 0, as spawn-fcgi, systemd and mod_fcgid
 * provide it.
 */

#ifndef HTTP_FRONT_H
#define HTTP_FRONT_H

#include "base/err.h"
#include "conf/conf.h"
#include "http/request.h"

#include <stdbool.h>

#define FRONT_RATE_MIN 4096 /* bytes/s */
/* Longer than nginx keeps a connection (keepalive_timeout, 60 s), so that nginx
 * closes it while no request is on its way. */
#define FRONT_IDLE_MS 75000
/* The most idle connections; above it, the oldest is closed. */
#define FRONT_IDLE_MAX 10000
/* The most whole requests that wait for a thread; above it, 503. */
#define FRONT_QUEUE_MAX 4096
/* The time that readers and senders have to finish after front_stop(). */
#define FRONT_STOP_MS 30000

struct front_hooks {
	/* Whether *serve* ever calls fcgi_release(). */
	bool hands_over;
	/* In place of FRONT_IDLE_MS, unless 0. */
	int64_t idle_ms;

	/* Makes what each thread owns (a database connection). */
	void *(*thread_open)(void *arg);
	void (*thread_close)(void *thread, void *arg);

	/*
	 * Called in the loop's thread when a head has arrived but its body has
	 * not: decides whether to wait for the body. True: *body_max* is its
	 * limit. False: it has been answered. Must be quick; there is no
	 * database. Not called for a request whose body arrives together with
	 * its head.
	 */
	bool (*admit)(struct request *rq, size_t *body_max, void *arg);

	/*
	 * Answers with fcgi_answer(), or takes over the connection with
	 * fcgi_release(). Runs in a thread of its own, unless *err* says that
	 * the request is refused: then it runs in the loop's thread, with
	 * *thread* NULL. ERR_INVALID: malformed or too slow; ERR_TOO_BIG;
	 * ERR_BUSY: there is no room.
	 */
	void (*serve)(
		struct request *rq, enum err err, void *thread, void *arg);
	void *arg;
};

struct front;

/* Starts the loop and conf->threads threads. ERR_INVALID if descriptor 0 is not
 * a listening socket. *conf* must outlive the front. */
MUST_USE enum err front_start(const struct http_conf *conf,
	const struct front_hooks *hooks, struct front **out);

/* Stops accepting, closes idle connections, finishes running requests and frees
 * everything. */
void front_stop(struct front *front);

#endif
