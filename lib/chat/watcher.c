#include "chat/watcher.h"

#include "base/log.h"
#include "base/mem.h"
#include "base/monitor.h"
#include "repo/delta.h"
#include "repo/stop_request.h"

#include <stdlib.h>
#include <string.h>

#define PERIOD_MS 150
#define AWAY_MS 1000 /* when the database is away */
#define STOPS_MAX 512

struct watched {
	struct watched *next;
	uint64_t session_id, message_id;
	uint32_t seq; /* of the next row */
};

struct watcher {
	struct snowflake *ids;
	struct loop *loop;
	struct db *db;
	struct watcher_handlers handlers;
	void *arg;
	pthread_t thread;
	struct monitor monitor;
	struct watched *list; /* in the monitor */
	bool closing; /* in the monitor */
};

/* ---- what the thread tells the loop */

enum news_kind { NEWS_ROWS, NEWS_OVER, NEWS_STOP };

struct news {
	struct watcher *watcher;
	enum news_kind kind;
	uint64_t message_id;
	struct arena arena;
	struct buf rows;
	struct message message;
	bool deleted;
};

static void
tell(void *arg)
{
	struct news *news = arg;
	const struct watcher_handlers *handlers = &news->watcher->handlers;

	switch (news->kind) {
	case NEWS_ROWS:
		handlers->on_rows(news->watcher->arg, news->message_id,
			buf_span(&news->rows));
		break;
	case NEWS_OVER:
		handlers->on_over(news->watcher->arg, news->message_id,
			news->deleted ? NULL : &news->message);
		break;
	case NEWS_STOP:
		handlers->on_stop(news->watcher->arg, news->message_id);
		break;
	}
	buf_free(&news->rows);
	arena_reset(&news->arena);
	free(news);
}

static struct news *
news_new(struct watcher *watcher, enum news_kind kind, uint64_t message_id)
{
	struct news *news = mem_zalloc(sizeof(*news));

	news->watcher = watcher;
	news->kind = kind;
	news->message_id = message_id;
	return news;
}

static void
post(struct news *news)
{
	loop_post(news->watcher->loop, tell, news);
}

static void
discard(struct news *news)
{
	buf_free(&news->rows);
	arena_reset(&news->arena);
	free(news);
}

/* ---- reading */

struct reading {
	struct buf *rows;
	uint32_t next;
};

static enum err
take_row(uint32_t seq, struct span body, void *arg)
{
	struct reading *reading = arg;

	buf_put_span(reading->rows, body);
	reading->next = seq + 1;
	return OK;
}

static enum err
read_rows(struct watcher *watcher, struct watched *watched)
{
	struct news *news = news_new(watcher, NEWS_ROWS, watched->message_id);
	struct reading reading = { &news->rows, watched->seq };
	struct arena arena = ARENA_INIT;
	enum err err = delta_each(watcher->db, &arena, watched->message_id,
		watched->seq, take_row, &reading);

	arena_reset(&arena);
	if (err != OK || news->rows.len == 0) {
		discard(news);
		return err;
	}
	watched->seq = reading.next;
	post(news);
	return OK;
}

/* The state first, then the rows: they are deleted when it has changed. */
static enum err
look_at(struct watcher *watcher, struct watched *watched, bool *over)
{
	struct news *news = news_new(watcher, NEWS_OVER, watched->message_id);
	enum err err = message_find_id(watcher->db, &news->arena,
		watched->session_id, watched->message_id, &news->message);

	news->deleted = err == ERR_NOT_FOUND;
	*over = news->deleted ||
		(err == OK &&
			strcmp(news->message.status, STATUS_STREAMING) != 0);
	if (*over) {
		post(news);
		return OK;
	}
	discard(news);
	TRY(err);
	return read_rows(watcher, watched);
}

static enum err
look_for_stops(struct watcher *watcher)
{
	struct lease lease = snowflake_lease(watcher->ids);
	uint64_t ids[STOPS_MAX];
	size_t n;

	if (lease.epoch == 0)
		return OK;
	TRY(stop_request_list(watcher->db, lease, ids, STOPS_MAX, &n));
	/* A request stands until who made it sees the end: the reply may have
	 * been committed, and its stream not begun. */
	for (size_t i = 0; i < n; i++)
		post(news_new(watcher, NEWS_STOP, ids[i]));
	return OK;
}

/* ---- the list: the loop adds and removes, the thread goes round */

static struct watched **
find(struct watcher *watcher, uint64_t message_id)
{
	struct watched **link = &watcher->list;

	while (*link != NULL && (*link)->message_id != message_id)
		link = &(*link)->next;
	return link;
}

static void
forget(struct watcher *watcher, uint64_t message_id)
{
	struct watched **link = find(watcher, message_id), *watched = *link;

	if (watched == NULL)
		return;
	*link = watched->next;
	free(watched);
}

/* Looks at the one that follows *after* by id, outside the monitor; how
 * far it was read is noted unless it was removed meanwhile. */
static bool
look_at_next(struct watcher *watcher, uint64_t *after)
{
	struct watched copy = { 0 }, **link;
	bool over = false;

	monitor_enter(&watcher->monitor);
	for (struct watched *w = watcher->list; w != NULL; w = w->next)
		if (w->message_id > *after &&
			(copy.message_id == 0 ||
				w->message_id < copy.message_id))
			copy = *w;
	monitor_leave(&watcher->monitor);
	if (copy.message_id == 0)
		return false;
	*after = copy.message_id;
	if (look_at(watcher, &copy, &over) != OK)
		return true; /* logged where it happened; again next time */
	monitor_enter(&watcher->monitor);
	link = find(watcher, copy.message_id);
	if (*link != NULL)
		(*link)->seq = copy.seq;
	if (over)
		forget(watcher, copy.message_id);
	monitor_leave(&watcher->monitor);
	return true;
}

static void *
run(void *arg)
{
	struct watcher *watcher = arg;
	uint64_t after;
	int64_t wait_ms;

	do {
		wait_ms = look_for_stops(watcher) == OK ? PERIOD_MS : AWAY_MS;
		after = 0;
		while (wait_ms == PERIOD_MS && look_at_next(watcher, &after))
			;
	} while (monitor_rest(&watcher->monitor, &watcher->closing, wait_ms));
	db_free(watcher->db);
	return NULL;
}

enum err
watcher_open(const struct conf *conf, struct snowflake *ids, struct loop *loop,
	const struct watcher_handlers *handlers, void *arg,
	struct watcher **out)
{
	struct watcher *watcher = mem_zalloc(sizeof(*watcher));

	watcher->ids = ids;
	watcher->loop = loop;
	watcher->db = db_new(&conf->db);
	watcher->handlers = *handlers;
	watcher->arg = arg;
	monitor_open(&watcher->monitor);
	if (pthread_create(&watcher->thread, NULL, run, watcher) != 0)
		abort();
	*out = watcher;
	return OK;
}

void
watcher_close(struct watcher *watcher)
{
	monitor_enter(&watcher->monitor);
	watcher->closing = true;
	monitor_tell(&watcher->monitor);
	monitor_leave(&watcher->monitor);
	pthread_join(watcher->thread, NULL);
	while (watcher->list != NULL)
		forget(watcher, watcher->list->message_id);
	monitor_close(&watcher->monitor);
	free(watcher);
}

void
watcher_add(struct watcher *watcher, uint64_t session_id, uint64_t message_id)
{
	struct watched *watched = mem_zalloc(sizeof(*watched));

	watched->session_id = session_id;
	watched->message_id = message_id;
	monitor_enter(&watcher->monitor);
	watched->next = watcher->list;
	watcher->list = watched;
	monitor_tell(&watcher->monitor);
	monitor_leave(&watcher->monitor);
}

void
watcher_remove(struct watcher *watcher, uint64_t message_id)
{
	monitor_enter(&watcher->monitor);
	forget(watcher, message_id);
	monitor_leave(&watcher->monitor);
}
