#include "chat/remote.h"

#include "base/attr.h"
#include "chat/life.h"

static void
tell(struct lives *lives, uint64_t message_id, enum life_event event,
	union life_what what)
{
	struct stream *stream = streams_find(lives->streams, message_id);

	if (stream != NULL)
		life_event(stream, event, what);
}

static bool
runs_any(void *arg)
{
	const struct lives *lives = arg;

	return atomic_load(&lives->n) > 0;
}

static void
on_rows(void *arg, uint64_t message_id, struct span rows)
{
	tell(arg, message_id, LIFE_ROWS, (union life_what){ .rows = rows });
}

static void
on_over(void *arg, uint64_t message_id, const struct message *message)
{
	tell(arg, message_id, LIFE_STORED,
		(union life_what){ .message = message });
}

static void
on_stop(void *arg, uint64_t message_id)
{
	tell(arg, message_id, LIFE_STOP, LIFE_NOTHING);
}

const struct watcher_handlers remote_handlers = { runs_any, on_rows, on_over,
	on_stop };

/* ---- following */

static void
on_end(struct stream_waiter *waiter, bool stored)
{
	(void)stored;
	remote_follow(CONTAINER_OF(waiter, struct hub_begin, waiter));
}

void
remote_follow(struct hub_begin *begin)
{
	struct lives *lives = begin->lives;
	struct stream *stream =
		streams_find(lives->streams, begin->start.message_id);

	if (stream == NULL)
		stream = life_open(lives, &begin->start, STREAM_REMOTE);
	/* The reply began here only after it was looked for, and is just
	 * ending; no new reader is shown anything now. */
	begin->waiter.over = on_end;
	if (life_event(stream, LIFE_READER,
		    (union life_what){ .waiter = &begin->waiter }) ==
		LIFE_LATER)
		return;
	life_join(stream, begin->start.peer, buf_span(&begin->preamble));
	hub_begin_free(begin);
}
