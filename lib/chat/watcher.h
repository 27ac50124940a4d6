/*
 * watcher.h: one thread with one connection reads from the database, a few
 * times a second, what other processes do: the journal of replies that they run
 * and somebody follows here, and their requests to stop replies of this
 * process.
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

/* All handlers except runs_any are called in the loop's thread; spans are valid
 * during the call. */
struct watcher_handlers {
	/* Whether a reply runs here that could be stopped. Called in the
	 * watcher's thread. */
	bool (*runs_any)(void *arg);
	/* New framed chunks of a watched reply, in order. */
	void (*on_rows)(void *arg, uint64_t message_id, struct span rows);
	/* A watched reply has ended; *message* is NULL if it was deleted. The
	 * reply is no longer watched. */
	void (*on_over)(
		void *arg, uint64_t message_id, const struct message *message);
	/* Another process asks to stop this reply of ours. Called again a few
	 * times a second while the request stands. */
	void (*on_stop)(void *arg, uint64_t message_id);
};

/* *conf* and *ids* must outlive the watcher. */
MUST_USE enum err watcher_open(const struct conf *conf, struct snowflake *ids,
	struct loop *loop, const struct watcher_handlers *handlers, void *arg,
	struct watcher **out);

/* After this no callback comes, once the loop has run what was posted. */
void watcher_close(struct watcher *watcher);

/* Called in the loop's thread: starts watching with the first row; stops
 * watching. */
void watcher_add(struct watcher *watcher, uint64_t session_id,
	uint64_t message_id, int64_t began_ms);
void watcher_remove(struct watcher *watcher, uint64_t message_id);

#endif
