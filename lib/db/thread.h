/*
 * thread.h: a thread with a handle of its own (db.h), which works beside the
 * requests until it is closed. Embed it in what it works for. Its monitor
 * guards what the two share.
 */

#ifndef DB_THREAD_H
#define DB_THREAD_H

#include "base/monitor.h"
#include "db/db.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

struct db_thread {
	struct db *db; /* the thread's */
	struct monitor monitor;
	bool closing; /* in the monitor: run() is to return soon */
	pthread_t thread;
	void (*run)(void *arg);
	void *arg;
};

/* Begins work(arg) in a new thread. *db* is taken over. */
void db_thread_open(struct db_thread *thread, struct db *db,
	void (*work)(void *arg), void *arg);

/* Asks it to end and waits for that. */
void db_thread_close(struct db_thread *thread);

/* Both outside of the monitor. The first is the rest of a run() that goes
 * round: it waits *ms*, or until it is woken by monitor_notify(); false when it
 * is to end. */
bool db_thread_rest(struct db_thread *thread, int64_t ms);
bool db_thread_is_closing(struct db_thread *thread);

#endif
