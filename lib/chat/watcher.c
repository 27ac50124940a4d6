#include "chat/watcher.h"

#include "base/log.h"
#include "base/mem.h"
#include "db/thread.h"
#include "repo/delta.h"
#include "repo/stop_request.h"

#include <stdlib.h>

#define PERIOD_MS 150
#define AWAY_MS 1000 /* delay while the database is away */
#define STOPS_MAX 512

struct watched {
	struct watched *next; /* in the monitor */
	uint64_t number; /* unique: a number is never reused */
	uint64_t message_id;
	struct delta_place place; /* the next row to read; the thread's */
	/* the news of its end has been posted to the loop; in the monitor */
	bool over;
	bool looked_at; /* the thread is looking at it; in the monitor */
	bool gone; /* removed from the list; in the monitor */
};

struct watcher {
	struct snowflake *ids;
	struct loop *loop;
	struct watcher_handlers handlers;
	void *arg;
	struct db_thread thread;
	struct watched *list; /* in the monitor */
	size_t n; /* length of *list*; in the monitor */
	uint64_t n_added;
	/* the thread's copy of the list for this round */
	struct watched **round;
	size_t n_round, round_cap;
};

/* ---- the list: the loop adds and removes, the thread iterates */

/* Called in the monitor. The thread itself frees an entry that it is looking
 * at. */
static void
forget(struct watcher *watcher, struct watched **link)
{
	struct watched *watched = *link;

	*link = watched->next;
	watcher->n--;
	watched->gone = true;
	if (!watched->looked_at)
		free(watched);
}

static struct watched **
find(struct watcher *watcher, uint64_t message_id)
{
	struct watched **link = &watcher->list;

	while (*link != NULL && (*link)->message_id != message_id)
		link = &(*link)->next;
	return link;
}

/* ---- news from the thread to the loop */

enum news_kind { NEWS_ROWS, NEWS_OVER, NEWS_STOP };

struct news {
	struct watcher *watcher;
	enum news_kind kind;
	uint64_t message_id;
	uint64_t number; /* of the watched entry */
	struct arena arena;
	struct buf rows;
	struct message message;
	bool deleted;
};

/* In the loop: whether the entry is still watched. News of the end also removes
 * it. */
static bool
is_awaited(const struct news *news)
{
	struct watcher *watcher = news->watcher;
	struct watched **link;
	bool awaited;

	monitor_enter(&watcher->thread.monitor);
	link = find(watcher, news->message_id);
	awaited = *link != NULL && (*link)->number == news->number;
	if (awaited && news->kind == NEWS_OVER)
		forget(watcher, link);
	monitor_leave(&watcher->thread.monitor);
	return awaited;
}

static void
discard(struct news *news)
{
	buf_free(&news->rows);
	arena_reset(&news->arena);
	free(news);
}

/* News for an entry that was removed meanwhile is dropped, even if the same
 * reply is watched again: the new entry starts with the first row. */
static void
tell(void *arg)
{
	struct news *news = arg;
	const struct watcher_handlers *handlers = &news->watcher->handlers;

	if (news->kind != NEWS_STOP && !is_awaited(news)) {
		discard(news);
		return;
	}
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
	discard(news);
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

/* The reply has ended or was deleted: posts everything that is stored of it. */
static enum err
tell_over(struct watcher *watcher, const struct watched *watched, bool deleted)
{
	struct news *news = news_new(watcher, NEWS_OVER, watched->message_id);
	enum err err = ERR_NOT_FOUND;

	news->number = watched->number;
	if (!deleted)
		err = message_find_id(watcher->thread.db, &news->arena,
			watched->place.session_id, watched->message_id,
			&news->message);
	if (err != OK && err != ERR_NOT_FOUND) {
		discard(news);
		return err;
	}
	news->deleted = err == ERR_NOT_FOUND;
	post(news);
	return OK;
}

static enum err
look_at(struct watcher *watcher, struct watched *watched, bool *over)
{
	struct news *news = news_new(watcher, NEWS_ROWS, watched->message_id);
	struct reading reading = { &news->rows, watched->place.from };
	struct arena arena = ARENA_INIT;
	bool running = false;
	enum err err;

	news->number = watched->number;
	err = delta_follow(watcher->thread.db, &arena, &watched->place,
		&running, take_row, &reading);

	arena_reset(&arena);
	if (err == OK && news->rows.len > 0) {
		watched->place.from = reading.next;
		post(news);
	} else {
		discard(news);
	}
	if (err != OK && err != ERR_NOT_FOUND)
		return err;
	if (running)
		return OK;
	TRY(tell_over(watcher, watched, err == ERR_NOT_FOUND));
	*over = true;
	return OK;
}

static enum err
look_for_stops(struct watcher *watcher)
{
	struct lease lease = snowflake_lease(watcher->ids);
	uint64_t ids[STOPS_MAX];
	size_t n;

	if (lease.epoch == 0 || !watcher->handlers.runs_any(watcher->arg))
		return OK;
	TRY(stop_request_list(watcher->thread.db, lease, ids, STOPS_MAX, &n));
	/* A request stands until its maker sees the end: the reply may be
	 * committed while its stream has not begun. */
	for (size_t i = 0; i < n; i++)
		post(news_new(watcher, NEWS_STOP, ids[i]));
	return OK;
}

/* ---- the thread */

static void
begin_round(struct watcher *watcher)
{
	monitor_enter(&watcher->thread.monitor);
	if (watcher->n > watcher->round_cap) {
		watcher->round_cap = watcher->n * 2;
		watcher->round = mem_realloc(watcher->round,
			watcher->round_cap * sizeof(struct watched *));
	}
	watcher->n_round = 0;
	for (struct watched *w = watcher->list; w != NULL; w = w->next) {
		if (w->over)
			continue;
		w->looked_at = true;
		watcher->round[watcher->n_round++] = w;
	}
	monitor_leave(&watcher->thread.monitor);
}

/* Looks at one entry, outside the monitor. */
static void
look_at_one(struct watcher *watcher, struct watched *watched)
{
	bool over = false, gone;

	monitor_enter(&watcher->thread.monitor);
	gone = watched->gone;
	monitor_leave(&watcher->thread.monitor);
	/* A failure is logged where it happens; the next round tries again. */
	if (!gone && look_at(watcher, watched, &over) != OK)
		over = false;
	monitor_enter(&watcher->thread.monitor);
	watched->looked_at = false;
	watched->over = over;
	if (watched->gone)
		free(watched);
	monitor_leave(&watcher->thread.monitor);
}

static void
run(void *arg)
{
	struct watcher *watcher = arg;
	int64_t wait_ms;

	do {
		wait_ms = look_for_stops(watcher) == OK ? PERIOD_MS : AWAY_MS;
		if (wait_ms == AWAY_MS)
			continue;
		begin_round(watcher);
		for (size_t i = 0; i < watcher->n_round; i++)
			look_at_one(watcher, watcher->round[i]);
	} while (db_thread_rest(&watcher->thread, wait_ms));
}

enum err
watcher_open(const struct conf *conf, struct snowflake *ids, struct loop *loop,
	const struct watcher_handlers *handlers, void *arg,
	struct watcher **out)
{
	struct watcher *watcher = mem_zalloc(sizeof(*watcher));

	watcher->ids = ids;
	watcher->loop = loop;
	watcher->handlers = *handlers;
	watcher->arg = arg;
	db_thread_open(&watcher->thread, db_new(&conf->db), run, watcher);
	*out = watcher;
	return OK;
}

void
watcher_close(struct watcher *watcher)
{
	db_thread_close(&watcher->thread);
	while (watcher->list != NULL)
		forget(watcher, &watcher->list);
	free(watcher->round);
	free(watcher);
}

void
watcher_add(struct watcher *watcher, uint64_t session_id, uint64_t message_id,
	int64_t began_ms)
{
	struct watched *watched = mem_zalloc(sizeof(*watched));

	watched->message_id = message_id;
	watched->place =
		(struct delta_place){ session_id, message_id, began_ms, 0 };
	monitor_enter(&watcher->thread.monitor);
	watched->number = ++watcher->n_added;
	watched->next = watcher->list;
	watcher->list = watched;
	watcher->n++;
	monitor_notify(&watcher->thread.monitor);
	monitor_leave(&watcher->thread.monitor);
}

void
watcher_remove(struct watcher *watcher, uint64_t message_id)
{
	struct watched **link;

	monitor_enter(&watcher->thread.monitor);
	link = find(watcher, message_id);
	if (*link != NULL)
		forget(watcher, link);
	monitor_leave(&watcher->thread.monitor);
}
