/*
 * thread.h: a thread with its own handle (db.h) that works alongside the
 * requests until it is closed. Embed it in the object that it serves. Its
 * monitor guards the state they share.
 */

#ifndef DB_THREAD_H
#define DB_THREAD_H

#include "base/monitor.h"
#include "db/db.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

struct db_thread {
	struct db *db; /* owned by the thread */
	struct monitor monitor;
	bool closing; /* guarded by the monitor: work() must return soon */
	pthread_t thread;
	void (*run)(void *arg);
	void *arg;
};

/* Begins work(arg) in a new thread, which takes ownership of *db*. */
void db_thread_open(struct db_thread *thread, struct db *db,
	void (*work)(void *arg), void *arg);

/* Asks the thread to end and waits for it. */
void db_thread_close(struct db_thread *thread);

/* Call both outside the monitor. db_thread_rest() is the pause of a work() that
 * runs in rounds: it waits for *ms* or for monitor_notify(), and returns false
 * when the thread must end. */
bool db_thread_rest(struct db_thread *thread, int64_t ms);
bool db_thread_is_closing(struct db_thread *thread);

#endif
