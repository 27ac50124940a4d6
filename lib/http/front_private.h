/*
 * front_private.h: what front.c (loop, listening socket, lists), link.c (one
 * connection), intake.c (what it sends), exchange.c (the request that it
 * carries) and threads.c (the threads) share.
 *
 * A connection belongs to the loop's thread; while it is LINK_RUNNING it
 * belongs to the thread that runs its request. Waking the loop for each answer
 * would cost as much as the answer; so a thread that has sent all of one only
 * marks the connection (RUN_OVER), and the loop finds that out when something
 * happens there: the next request comes, a deadline, the end. Unless it was
 * there before (RUN_AWAITED): then it must be notified.
 */

#ifndef HTTP_FRONT_PRIVATE_H
#define HTTP_FRONT_PRIVATE_H

#include "base/list.h"
#include "base/loop.h"
#include "http/answer.h"
#include "http/fcgi.h"
#include "http/front.h"
#include "http/record.h"

#include <pthread.h>
#include <stdatomic.h>

/* Read at once; a request that fits is whole in one read. */
#define SCRATCH_SIZE 65536

enum link_state {
	LINK_IDLE, /* between two requests */
	LINK_HEAD, /* new, or its parameters are coming */
	LINK_BODY, /* admitted; the body is coming */
	LINK_DRAIN, /* refused; what still comes of the body is dropped */
	LINK_RUNNING, /* waits for a thread, or has one */
	LINK_WRITING, /* the answer waits for its reader */
	LINK_STATES,
};

enum link_run { RUN_ON, RUN_AWAITED, RUN_OVER };

struct link {
	struct front *front;
	struct list place; /* of the same state, longest in it first */
	struct link *queue_next; /* of those that wait for a thread */
	struct watch watch;
	struct timer timer;
	enum link_state state;
	_Atomic enum link_run run; /* while LINK_RUNNING */
	atomic_bool gone; /* the peer has left meanwhile */
	bool eof; /* the peer sends no more */
	bool released; /* somebody else owns the descriptor */
	bool broken; /* the answer cannot be sent */
	bool large; /* what it held is worth giving back to the system */
	int64_t since_ms; /* in this state */
	struct record_reader reader;
	struct buf body;
	size_t body_max;
	int64_t length; /* as announced, -1: not */
	size_t received; /* of body or what is dropped */
	struct answer answer; /* what of it is still to be sent */
	size_t counted_in, counted_out; /* of front->held_... */
	uint64_t who, turn; /* while it waits for a thread */
};

struct link_list {
	struct list all;
	size_t n;
};

struct front {
	const struct http_conf *conf;
	struct front_hooks hooks;
	struct loop *loop;
	struct threads *threads;
	pthread_t thread;
	struct watch listen;
	struct timer again; /* accepts again, or ends a stop */
	struct timer trim; /* gives memory back */
	int64_t told_ms; /* that accepting failed */
	bool stopping;
	int64_t stop_ms; /* when nobody is waited for any more */
	struct link_list lists[LINK_STATES];
	size_t n_links;
	size_t held_in, held_out, held_max; /* bytes */
	char scratch[SCRATCH_SIZE];
};

/* ---- front.c */

/* Puts a new connection into the list of its state. */
void front_add(struct link *link);
/* The one that is longest in a state, or NULL. */
struct link *front_first(const struct front *front, enum link_state state);
/* Moves a connection to the end of a state's list; since_ms is now. */
void front_move(struct link *link, enum link_state state);
/* The connection has no descriptor any more: forgets it, and frees it when
 * this iteration is over. */
void front_forget(struct link *link);

/* Its large request is over: gives the memory back to the system, soon. */
void front_trim(struct link *link);

/* ---- link.c: all in the loop's thread but link_leave() */

/* A connection that has been accepted. */
void link_open(struct front *front, int fd);
/* Closes; *why* is logged unless it is NULL. */
void link_close(struct link *link, const char *why);
/* Closes a connection that waits for a request, unless there is one. */
void link_retire(struct link *link);
/* A thread is done with it. */
void link_answered(void *link);
/* The same, in that thread: false when the loop has to be notified at once, else
 * the connection is not the thread's any more. */
bool link_leave(struct link *link);
/* Whether a thread was done with a connection that is LINK_RUNNING: then it is
 * not any more, and may be closed. If not, the loop will be notified. */
bool link_collect(struct link *link);

/* Watches for what the state waits for, until its deadline: to be called when
 * something has happened to an open connection that is not running. */
void link_settle(struct link *link);
/* There is an answer in link->answer. What is still coming of the request is read
 * and dropped, or the answer would be reset with it. */
void link_answer(struct link *link);
/* Something of the answer or of the request may have come to its end. */
void link_advance(struct link *link);
void link_refuse(struct link *link, enum err err);
/* Forgets the request and what it held. */
void link_drop_request(struct link *link);
/* Whether there may be another request after this one. */
bool link_may_be_kept(const struct link *link);
/* Whether what is being received, this included, is within bounds. */
bool link_has_room(struct link *link);

/* ---- intake.c */

/* Reads what is there, and does what it leads to; the connection may be closed
 * by that. False: there is nothing to read. */
bool intake_read(struct link *link);

/* ---- exchange.c: the request that a connection carries */

/* False: it has been refused, and the answer is in link->answer. */
bool exchange_admit(struct link *link);
/* Has it refused: the answer is in link->answer. */
void exchange_refuse(struct link *link, enum err err);
/* Has it served; in one of the threads, whose *arena* is empty again. */
void exchange_run(struct link *link, struct fcgi_library *library, void *thread,
	struct arena *arena);

/* ---- threads.c: conf->threads threads and their queue */

struct threads *threads_open(struct front *front);
/* Has exchange_run() called, then link_answered() in the loop's thread. Those
 * who ask take turns: whoever has few requests waits for nobody's many.
 * False: too many wait already. */
MUST_USE bool threads_add(struct threads *threads, struct link *link);
/* Waits for those that run. Nothing may wait. */
void threads_close(struct threads *threads);

#endif
