/*
 * pool.h: threads for work that a loop cannot wait for: tools, and writing the
 * requests after them. The loop's thread submits a job, one of the threads runs
 * it, and the job returns to the loop. Threads are started when needed, up to a
 * limit; further jobs wait.
 *
 * Waiting jobs are served fairly: users take turns, however many jobs each has,
 * and each user may occupy only a limited number of threads. Jobs that must not
 * wait for slow ones have a pool of their own.
 *
 * base/turns.h takes no turn from an asker for a while. Serving this pool, it
 * would have to keep the lines of users without waiting jobs, count what each
 * is running and be told when that ends: more than the queue here has.
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

/* The first member of a submitted struct, which is from mem_zalloc() and freed
 * by the pool. */
struct tool_job {
	uint64_t user_id; /* the user whose turn it takes */
	/* runs in a thread */
	void (*work)(struct tool_job *job, struct db *db);
	void (*done)(struct tool_job *job); /* runs in the loop's thread */
	struct arena arena; /* freed with the job, like *out* */
	struct buf out;
	enum err err;
	atomic_bool cancelled;

	/* Private to the pool. */
	struct tool_pool *pool;
	struct list place; /* among all jobs */
	struct tool_line *line;
	struct tool_job *next_in_line;
};

/* The limit of threads in total, and per user. */
struct tool_pool_size {
	size_t threads, per_user;
};

/* *conf* and *loop* must outlive the pool. */
struct tool_pool *tool_pool_open(const struct db_conf *conf, struct loop *loop,
	struct tool_pool_size size);

void tool_pool_submit(struct tool_pool *pool, struct tool_job *job);

/* Call this in the loop's thread if nobody waits for the job any more. The job
 * does not return to the loop; its work may check *cancelled* and end early. */
void tool_job_cancel(struct tool_job *job);

/* Cancels all jobs and waits for those that run. Call this when the loop has
 * stopped. */
void tool_pool_close(struct tool_pool *pool);

#endif
