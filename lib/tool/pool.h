/*
 * pool.h: threads for what a loop cannot wait for: tools, and putting
 * together what the model is asked after them. A job is handed in by the
 * loop's thread, works in one of a few others, and comes back to the loop.
 * Threads begin when they are needed, up to a number; more jobs wait.
 *
 * Who waits is served fairly: users take turns, however many jobs each has,
 * and no user has more than so many threads at the same time. What must not
 * wait for slow jobs has a pool of its own.
 */

#ifndef TOOL_POOL_H
#define TOOL_POOL_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/list.h"
#include "base/loop.h"
#include "conf/conf.h"
#include "db/db.h"

#include <stdatomic.h>

struct tool_pool;
struct tool_line;

/* The first member of what is handed in, which is from mem_zalloc() and freed
 * by the pool. */
struct tool_job {
	uint64_t user_id; /* whose turn it takes */
	void (*work)(struct tool_job *job, struct db *db); /* in a thread */
	void (*done)(struct tool_job *job); /* in the loop's */
	struct arena arena; /* freed with the job, like out */
	struct buf out;
	enum err err;
	atomic_bool cancelled;

	/* The pool's. */
	struct tool_pool *pool;
	struct list place; /* among all */
	struct tool_line *line;
	struct tool_job *next_in_line;
};

/* Threads in all, and of one user at once. */
struct tool_pool_size {
	size_t threads, per_user;
};

/* *conf* and *loop* must outlive the pool. */
struct tool_pool *tool_pool_open(const struct db_conf *conf, struct loop *loop,
	struct tool_pool_size size);

void tool_pool_submit(struct tool_pool *pool, struct tool_job *job);

/* In the loop's thread: nobody waits any more. The job does not come back;
 * what it does may look at *cancelled* and end early. */
void tool_job_cancel(struct tool_job *job);

/* When the loop has stopped: cancels all, waits for those at work. */
void tool_pool_close(struct tool_pool *pool);

#endif
