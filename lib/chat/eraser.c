#include "chat/eraser.h"

#include "base/clock.h"
#include "base/mem.h"
#include "base/monitor.h"
#include "db/db.h"
#include "repo/erase.h"

#include <stdlib.h>

#define PERIOD_MS 1000
#define REST_MIN_MS 2

struct eraser {
	struct db *db;
	pthread_t thread;
	struct monitor monitor;
	bool closing; /* in the monitor */
};

static void *
run(void *arg)
{
	struct eraser *eraser = arg;
	int64_t began_ms, rest_ms;

	do {
		began_ms = clock_mono_ms();
		rest_ms = PERIOD_MS;
		if (erase_some(eraser->db) == OK)
			rest_ms = MAX(clock_mono_ms() - began_ms,
				(int64_t)REST_MIN_MS);
	} while (monitor_rest(&eraser->monitor, &eraser->closing, rest_ms));
	db_free(eraser->db);
	return NULL;
}

enum err
eraser_open(const struct conf *conf, struct eraser **out)
{
	struct eraser *eraser = mem_zalloc(sizeof(*eraser));

	eraser->db = db_new(&conf->db);
	monitor_open(&eraser->monitor);
	if (pthread_create(&eraser->thread, NULL, run, eraser) != 0)
		abort();
	*out = eraser;
	return OK;
}

void
eraser_close(struct eraser *eraser)
{
	monitor_enter(&eraser->monitor);
	eraser->closing = true;
	monitor_tell(&eraser->monitor);
	monitor_leave(&eraser->monitor);
	pthread_join(eraser->thread, NULL);
	monitor_close(&eraser->monitor);
	free(eraser);
}
