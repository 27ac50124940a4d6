/*
 * Replies that other processes run, for readers that came to this one: a
 * stream without a call, fed from the journal in the database.
 */

#include "chat/hub_private.h"

#include "base/log.h"
#include "chat/stored.h"

#include <stdio.h>

static struct stream *
find_remote(struct hub *hub, uint64_t message_id)
{
	struct stream *stream = hub_find(hub, message_id);

	return stream != NULL && stream->state == STREAM_REMOTE ? stream : NULL;
}

static void
on_rows(void *arg, uint64_t message_id, struct span rows)
{
	struct stream *stream = find_remote(arg, message_id);
	struct arena arena = ARENA_INIT;

	if (stream == NULL)
		return;
	if (parts_fold(reply_parts(stream->reply), &arena, rows) != OK)
		log_error("journal_unreadable", "message=%llu",
			(unsigned long long)message_id);
	arena_reset(&arena);
	buf_put_span(&stream->pending, rows);
	stream_show_all(stream);
}

/* What its journal no longer tells is the difference to what was stored. */
static void
write_rest(struct stream *stream, const struct message *message)
{
	struct parts *parts = parts_open();
	struct arena arena = ARENA_INIT;

	if (parts_load(parts, &arena, message->parts, message->metadata) == OK)
		parts_catch_up(
			reply_parts(stream->reply), parts, &stream->pending);
	else
		log_error("parts_unreadable", "message=%llu",
			(unsigned long long)message->id);
	stored_end(&arena, message, &stream->pending);
	parts_free(parts);
	arena_reset(&arena);
}

static void
on_over(void *arg, uint64_t message_id, const struct message *message)
{
	struct stream *stream = find_remote(arg, message_id);

	if (stream == NULL)
		return;
	if (message != NULL) {
		write_rest(stream, message);
		stream_show_all(stream);
	}
	/* Showing may have found all its readers gone. */
	if (find_remote(arg, message_id) != NULL)
		hub_drop(stream, message != NULL);
}

static void
on_stop(void *arg, uint64_t message_id)
{
	struct stream *stream = hub_find(arg, message_id);

	if (stream != NULL && stream->state == STREAM_RUNNING)
		hub_end_now(stream, LLM_STOPPED);
}

const struct watcher_handlers hub_watcher_handlers = { on_rows, on_over,
	on_stop };

static struct stream *
open_remote(struct hub *hub, struct hub_begin *order)
{
	const struct hub_start *start = &order->start;
	struct stream *stream = stream_new(hub, hub->settings);
	char id[24];
	struct chunk begin = { .type = CHUNK_START };

	stream->state = STREAM_REMOTE;
	stream->session_id = start->session_id;
	stream->message_id = start->message_id;
	snprintf(id, sizeof(id), "%llu", (unsigned long long)start->message_id);
	begin.message_id = span_of(id);
	if (parts_load(reply_parts(stream->reply), &order->arena, start->parts,
		    start->metadata) != OK ||
		parts_add(reply_parts(stream->reply), &begin) != OK)
		log_error("parts_unreadable", "message=%llu",
			(unsigned long long)start->message_id);
	hub_add(hub, stream);
	watcher_add(hub->watcher, start->session_id, start->message_id);
	return stream;
}

void
hub_on_follow_remote(void *arg)
{
	struct hub_begin *order = arg;
	struct hub *hub = order->hub;
	struct stream *stream = hub_find(hub, order->start.message_id);
	struct follower *follower;

	/* It had not begun here when it was looked for, and is ending now,
	 * when nobody new is shown anything. */
	if (stream != NULL &&
		(stream->state == STREAM_ENDED ||
			stream->state == STREAM_STORING)) {
		order->next = stream->latecomers;
		stream->latecomers = order;
		return;
	}
	if (stream == NULL)
		stream = open_remote(hub, order);
	follower = follower_open(hub->loop, order->start.peer, hub->framing,
		(size_t)hub->conf->chat.follower_max, hub_on_gone, stream);
	stream_join(stream, follower, buf_span(&order->hello));
	hub_begin_free(order);
}

/* What the journal holds and they were not shown yet. False: they are gone. */
static bool
catch_up(struct stream *remote, struct stream *stream)
{
	struct hub *hub = stream->hub;
	uint64_t id = stream->message_id;

	parts_catch_up(reply_parts(remote->reply), reply_parts(stream->reply),
		&remote->pending);
	stream_show_all(remote);
	return find_remote(hub, id) != NULL;
}

void
hub_adopt(struct hub *hub, struct stream *stream)
{
	struct stream *remote = find_remote(hub, stream->message_id);

	if (remote == NULL)
		return;
	if (stream->seq > 0 && !catch_up(remote, stream))
		return;
	stream->followers = remote->followers;
	/* Offsets are a stream's own: they have seen nothing of this one. */
	for (struct follower *f = stream->followers; f != NULL; f = f->next) {
		f->arg = stream;
		f->from = 0;
	}
	remote->followers = NULL;
	hub_drop(remote, false);
}

void
hub_drop_remote(struct hub *hub)
{
	struct stream *stream, *next;

	for (stream = hub->streams; stream != NULL; stream = next) {
		next = stream->next;
		if (stream->state == STREAM_REMOTE)
			hub_drop(stream, false);
	}
}
