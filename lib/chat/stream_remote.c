/* A reply of another process: a stream without a call, fed from the journal in
 * the database. */

#include "base/log.h"
#include "chat/stored.h"
#include "chat/stream_private.h"

#include <inttypes.h>

static void
show_all(struct stream *stream)
{
	uint64_t upto = stream_said(stream);

	stream_show(stream, upto);
	stream_drop_waiting(stream);
	stream->durable = upto;
}

void
stream_show_rows(struct stream *stream, struct span rows)
{
	struct arena arena = ARENA_INIT;

	if (parts_fold(reply_parts(stream->reply), &arena, rows) != OK)
		log_error("journal_unreadable", "message=%" PRIu64,
			stream->message_id);
	arena_reset(&arena);
	buf_put_span(&stream->pending, rows);
	show_all(stream);
}

/* Shows what was stored and is no longer in the journal. */
void
stream_show_rest(struct stream *stream, const struct message *message)
{
	struct parts *parts = parts_open();
	struct arena arena = ARENA_INIT;

	if (parts_load(parts, &arena, message->parts, message->metadata) == OK)
		parts_catch_up(
			reply_parts(stream->reply), parts, &stream->pending);
	else
		log_error("parts_unreadable", "message=%" PRIu64, message->id);
	stored_end(&arena, message, &stream->pending);
	parts_free(parts);
	arena_reset(&arena);
	show_all(stream);
}

void
stream_hand_over(struct stream *remote, struct stream *stream)
{
	if (stream->seq > 0) {
		parts_catch_up(reply_parts(remote->reply),
			reply_parts(stream->reply), &remote->pending);
		show_all(remote);
	}
	stream->followers = remote->followers;
	remote->followers = NULL;
	/* Offsets count per stream, so the readers start at 0 in the new
	 * one. */
	for (struct follower *f = stream->followers; f != NULL; f = f->next) {
		f->arg = stream;
		f->from = 0;
	}
}
