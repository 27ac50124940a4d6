/*
 * front.h: the front of a program. One thread with an event loop accepts and
 * keeps the web server's connections, reads requests whole and writes
 * answers, without ever waiting for a peer; a few threads do the work in
 * between. So slow, silent and lying peers cost memory, which is bounded,
 * and no thread.
 *
 * What a peer may take (each with an end on the monotonic clock):
 *   a head            http.read_timeout_ms from its first byte
 *   a body, an answer that time, and then at least FRONT_RATE_MIN
 *   a body refused    that time for what is still coming, which is dropped
 *   nothing           FRONT_IDLE_MS between two requests of a connection
 * Memory for what is being received, waits or is being sent is counted: past
 * http.buffer_max requests are refused (503), and the answer that has been
 * waiting for its reader longest is cut.
 *
 * The listening socket is descriptor 0, as spawn-fcgi, systemd and mod_fcgid
 * give it.
 */

#ifndef HTTP_FRONT_H
#define HTTP_FRONT_H

#include "base/err.h"
#include "conf/conf.h"
#include "http/request.h"

#include <stdbool.h>

#define FRONT_RATE_MIN 4096 /* bytes/s */
/* Longer than nginx keeps a connection (keepalive_timeout, 60 s), so that it
 * is nginx who closes and no request is on its way meanwhile. */
#define FRONT_IDLE_MS 75000
/* Idle connections that are kept; past it the oldest is closed. */
#define FRONT_IDLE_MAX 10000
/* Whole requests that wait for a thread; past it 503. */
#define FRONT_QUEUE_MAX 4096
/* After front_stop(): what readers and senders get to finish. */
#define FRONT_STOP_MS 30000

struct front_hooks {
	/* Whether *serve* ever calls fcgi_release(). */
	bool hands_over;

	/* What a thread owns (a database connection). */
	void *(*thread_open)(void *arg);
	void (*thread_close)(void *thread, void *arg);

	/*
	 * Asked in the loop's thread when a head has come whose body has
	 * not: whether it is worth waiting for. True: *body_max* is what
	 * it may be. False: it has been answered. It must be quick, and
	 * there is no database. A request whose body comes with its head
	 * is served without having been asked about.
	 */
	bool (*admit)(struct request *rq, size_t *body_max, void *arg);

	/*
	 * Answers with fcgi_answer(), or takes the connection over by
	 * fcgi_release(). In a thread of its own, unless *err* says that the
	 * request is refused: then in the loop's, without a *thread* (NULL):
	 * ERR_INVALID it is malformed, or came too slowly; ERR_TOO_BIG;
	 * ERR_BUSY there is no room.
	 */
	void (*serve)(
		struct request *rq, enum err err, void *thread, void *arg);
	void *arg;
};

struct front;

/* Starts the loop and conf->threads threads. ERR_INVALID when descriptor 0 is
 * no listening socket. *conf* must outlive the front. */
MUST_USE enum err front_start(const struct http_conf *conf,
	const struct front_hooks *hooks, struct front **out);

/* Accepts no more, closes what is idle, finishes what runs, frees all. */
void front_stop(struct front *front);

#endif
