#include "chat/eraser.h"

#include "base/clock.h"
#include "base/mem.h"
#include "db/db.h"
#include "db/thread.h"
#include "repo/erase.h"

#include <stdlib.h>

#define PERIOD_MS 1000
#define REST_MIN_MS 2

struct eraser {
	struct db_thread thread;
};

static void
run(void *arg)
{
	struct eraser *eraser = arg;
	int64_t began_ms, rest_ms;

	do {
		began_ms = clock_mono_ms();
		rest_ms = PERIOD_MS;
		if (erase_some(eraser->thread.db) == OK)
			rest_ms = MAX(clock_mono_ms() - began_ms,
				(int64_t)REST_MIN_MS);
	} while (db_thread_rest(&eraser->thread, rest_ms));
}

enum err
eraser_open(const struct conf *conf, struct eraser **out)
{
	struct eraser *eraser = mem_zalloc(sizeof(*eraser));

	db_thread_open(&eraser->thread, db_new(&conf->db), run, eraser);
	*out = eraser;
	return OK;
}

void
eraser_close(struct eraser *eraser)
{
	db_thread_close(&eraser->thread);
	free(eraser);
}
