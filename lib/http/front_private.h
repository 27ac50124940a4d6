/*
 * front_private.h: shared by front.c (loop, listening socket, lists), link.c
 * (one connection), intake.c (what the peer sends), exchange.c (the request on
 * a connection) and threads.c (the threads).
 *
 * A connection belongs to the loop's thread; while it is LINK_RUNNING it
 * belongs to the thread that runs its request. Waking the loop for each answer
 * would cost as much as the answer; so a thread that has sent its whole answer
 * only marks the connection (RUN_OVER), and the loop notices at the next event
 * there: the next request, a deadline, the end. If the event came first
 * (RUN_AWAITED), the thread must notify the loop.
 */

#ifndef HTTP_FRONT_PRIVATE_H
#define HTTP_FRONT_PRIVATE_H

#include "base/list.h"
#include "base/loop.h"
#include "base/turns.h"
#include "http/answer.h"
#include "http/fcgi.h"
#include "http/front.h"
#include "http/record.h"

#include <pthread.h>
#include <stdatomic.h>

/* The size of one read; a request that fits is read whole at once. */
#define SCRATCH_SIZE 65536

enum link_state {
	LINK_IDLE, /* between two requests */
	LINK_HEAD, /* new, or its parameters are arriving */
	LINK_BODY, /* admitted; the body is arriving */
	LINK_DRAIN, /* refused; the rest of its body is dropped */
	LINK_RUNNING, /* waits for a thread, or runs in one */
	LINK_WRITING, /* the answer is waiting for its reader */
	LINK_STATES,
};

enum link_run { RUN_ON, RUN_AWAITED, RUN_OVER };

/* A connection to the web server; one to the database is a conn (db/conn.h). */
struct link {
	struct front *front;
	struct list place; /* in the list of its state, oldest first */
	struct turn turn; /* among those that wait for a thread */
	uint64_t askers[2]; /* while it does: its network, and the client */
	struct watch watch;
	struct timer timer;
	enum link_state state;
	_Atomic enum link_run run; /* used while LINK_RUNNING */
	atomic_bool gone; /* the peer has left meanwhile */
	bool eof; /* the peer sends nothing more */
	bool released; /* another owner has the descriptor */
	bool broken; /* the answer cannot be sent */
	bool large; /* its memory is worth returning to the system */
	int64_t since_ms; /* when it entered this state */
	struct record_reader reader;
	struct buf body;
	size_t body_max;
	int64_t length; /* the announced length, or -1 */
	size_t received; /* bytes of the body, read or dropped */
	struct answer answer; /* the unsent part of the answer */
	size_t counted_in, counted_out; /* its shares of front->held_... */
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
	struct timer again; /* resumes accepting, or ends a stop */
	struct timer trim; /* returns memory to the system */
	int64_t logged_ms; /* when a failure to accept was last logged */
	bool stopping;
	int64_t stop_ms; /* when to stop waiting for peers */
	struct link_list lists[LINK_STATES];
	size_t n_links;
	size_t held_in, held_out, held_max; /* bytes */
	char scratch[SCRATCH_SIZE];
};

/* ---- front.c */

/* Adds a new connection to the list of its state. */
void front_add(struct link *link);
/* The connection that has been in a state longest, or NULL. */
struct link *front_first(const struct front *front, enum link_state state);
/* Moves a connection to the end of a state's list and sets since_ms to now. */
void front_move(struct link *link, enum link_state state);
/* Forgets a connection without a descriptor, and frees it at the end of this
 * iteration. */
void front_forget(struct link *link);

/* Schedules the return of memory to the system after a large request. */
void front_trim(struct link *link);

/* ---- link.c: all but link_leave() run in the loop's thread */

/* Takes a newly accepted connection. */
void link_open(struct front *front, int fd);
/* Closes the connection; logs *why* unless it is NULL. */
void link_close(struct link *link, const char *why);
/* Closes a connection that waits for a request, unless one has arrived. */
void link_retire(struct link *link);
/* Handles a connection whose thread has finished. */
void link_answered(void *link);
/* The thread's last step: returns false if it must notify the loop at once; if
 * true, the connection no longer belongs to the thread. */
bool link_leave(struct link *link);
/* Whether the thread of a LINK_RUNNING connection has finished. If so, the
 * connection leaves that state, and may be closed; if not, the thread will
 * notify the loop. */
bool link_collect(struct link *link);

/* Sets the timer for the deadline of the state. */
void link_arm(struct link *link);
/* Watches for the events of the state, until its deadline. Call it after each
 * event on an open connection that is not running. */
void link_settle(struct link *link);
/* Sends link->answer. The rest of the request is read and dropped, because a
 * reset connection would lose the answer. */
void link_answer(struct link *link);
/* Continues when the answer or the request may be complete. */
void link_advance(struct link *link);
void link_refuse(struct link *link, enum err err);
/* Forgets the request and frees its memory. */
void link_drop_request(struct link *link);
/* Whether another request may follow this one on the connection. */
bool link_may_be_kept(const struct link *link);
/* Whether all data being received, including this link's, is within bounds. */
bool link_has_room(struct link *link);

/* ---- intake.c */

/* Reads the available bytes and handles them, which may close the connection.
 * Returns false if there is nothing to read. */
bool intake_read(struct link *link);

/* ---- exchange.c: the request on a connection */

/* Returns false if the request was refused; link->answer then holds the
 * answer. */
bool exchange_admit(struct link *link);
/* Refuses the request; link->answer receives the answer. */
void exchange_refuse(struct link *link, enum err err);
/* Serves the request in one of the threads, whose *arena* is empty again
 * afterwards. */
void exchange_run(struct link *link, struct fcgi_library *library, void *thread,
	struct arena *arena);

/* ---- threads.c: conf->threads threads and their queue */

struct threads *threads_open(struct front *front);
/* Queues the link for exchange_run(), after which link_answered() runs in the
 * loop's thread. Clients take turns, so one with few requests does not wait for
 * the many of another. Returns false if too many are waiting. */
MUST_USE bool threads_add(struct threads *threads, struct link *link);
/* Waits for the running threads. No request may be waiting. */
void threads_close(struct threads *threads);

#endif
