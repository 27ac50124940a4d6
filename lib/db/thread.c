#include "db/thread.h"

#include <stdlib.h>

static void *
run(void *arg)
{
	struct db_thread *thread = arg;

	thread->run(thread->arg);
	db_free(thread->db);
	return NULL;
}

void
db_thread_open(struct db_thread *thread, struct db *db, void (*work)(void *arg),
	void *arg)
{
	thread->db = db;
	thread->closing = false;
	thread->run = work;
	thread->arg = arg;
	monitor_open(&thread->monitor);
	if (pthread_create(&thread->thread, NULL, run, thread) != 0)
		abort();
}

void
db_thread_close(struct db_thread *thread)
{
	monitor_enter(&thread->monitor);
	thread->closing = true;
	monitor_notify(&thread->monitor);
	monitor_leave(&thread->monitor);
	pthread_join(thread->thread, NULL);
	monitor_close(&thread->monitor);
}

bool
db_thread_rest(struct db_thread *thread, int64_t ms)
{
	return monitor_rest(&thread->monitor, &thread->closing, ms);
}

bool
db_thread_is_closing(struct db_thread *thread)
{
	bool closing;

	monitor_enter(&thread->monitor);
	closing = thread->closing;
	monitor_leave(&thread->monitor);
	return closing;
}
