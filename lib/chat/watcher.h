/*
 * watcher.h: what other processes do, read from the database a few times a
 * second by one thread with one connection: the journal of replies that they
 * run and that somebody follows here, and requests to stop replies of ours.
 */

#ifndef CHAT_WATCHER_H
#define CHAT_WATCHER_H

#include "base/err.h"
#include "base/loop.h"
#include "base/span.h"
#include "conf/conf.h"
#include "repo/message.h"
#include "repo/snowflake.h"

#include <stdbool.h>

struct watcher;

/* All others are called in the loop's thread; spans are valid during the call. */
struct watcher_handlers {
	/* Whether a reply runs here that could be stopped. Called in the
	 * watcher's own thread. */
	bool (*runs_any)(void *arg);
	/* Framed chunks that were added to a watched reply, in order. */
	void (*on_rows)(void *arg, uint64_t message_id, struct span rows);
	/* A watched reply has ended; *message* is NULL when it was deleted.
	 * It is not watched any more. */
	void (*on_over)(
		void *arg, uint64_t message_id, const struct message *message);
	/* Somebody elsewhere wants this reply of ours stopped. Told again a
	 * few times a second for as long as the request stands. */
	void (*on_stop)(void *arg, uint64_t message_id);
};

/* *conf* and *ids* must outlive it. */
MUST_USE enum err watcher_open(const struct conf *conf, struct snowflake *ids,
	struct loop *loop, const struct watcher_handlers *handlers, void *arg,
	struct watcher **out);

/* No callback comes afterwards, once the loop has run what was posted. */
void watcher_close(struct watcher *watcher);

/* From the loop's thread: begins with the first row; ends. */
void watcher_add(struct watcher *watcher, uint64_t session_id,
	uint64_t message_id, int64_t began_ms);
void watcher_remove(struct watcher *watcher, uint64_t message_id);

#endif
