/* Shows a stream to its readers. */

#include "chat/stream_private.h"

static const char HEARTBEAT[] = ": keep-alive\n\n";

/* A pass over the text that is not durable, buffer by buffer. */
struct showing {
	struct follower *follower;
	uint64_t at; /* offset of the next buffer */
	uint64_t from, upto;
};

/* Sends the part of a buffer that lies in [from, upto). False if the follower
 * is gone. */
static bool
show_part(struct showing *showing, const struct buf *buf)
{
	uint64_t start = showing->at;
	uint64_t first = MAX(showing->from, start);
	uint64_t last = MIN(showing->upto, start + buf->len);

	showing->at += buf->len;
	if (first >= last)
		return true;
	return follower_send(showing->follower,
		(struct span){
			buf->data + (first - start), (size_t)(last - first) });
}

/* False if the follower is gone. */
static bool
show_one(const struct stream *stream, struct follower *follower, uint64_t upto)
{
	struct showing showing = { follower, stream->durable,
		MAX(stream->shown, follower->from), upto };
	const struct stream_piece *piece;

	if (upto < follower->from)
		return true;
	if (!follower_replay(follower))
		return false;
	if (stream->entry != NULL && !show_part(&showing, &stream->entry->body))
		return false;
	for (piece = stream->sealed; piece != NULL; piece = piece->next)
		if (!show_part(&showing, &piece->bytes))
			return false;
	return show_part(&showing, &stream->pending);
}

void
stream_show(struct stream *stream, uint64_t upto)
{
	struct follower *follower, *next;

	if (upto <= stream->shown)
		return;
	for (follower = stream->followers; follower != NULL; follower = next) {
		next = follower->next;
		show_one(stream, follower, upto);
	}
	stream->shown = upto;
}

void
stream_show_early(struct stream *stream)
{
	stream_show(stream, MIN(stream_said(stream), stream->end_at));
}

static void
add(struct stream *stream, struct follower *follower)
{
	follower->next = stream->followers;
	stream->followers = follower;
}

void
stream_join_first(
	struct stream *stream, struct follower *follower, struct span preamble)
{
	add(stream, follower);
	follower_send(follower, preamble);
}

/* False if the follower is gone. */
static bool
let_in(struct stream *stream, struct follower *follower, struct span preamble)
{
	add(stream, follower);
	follower->from = stream_said(stream);
	return preamble.len == 0 || follower_send(follower, preamble);
}

bool
stream_await(struct stream *stream, struct follower *follower,
	struct span preamble, struct follower_order *order, size_t len)
{
	*order = (struct follower_order){ NULL, NULL, 0 };
	if (let_in(stream, follower, preamble) &&
		follower_await(follower, order, len) &&
		stream->shown >= follower->from)
		show_one(stream, follower, stream->shown);
	return order->follower != NULL;
}

void
stream_join(
	struct stream *stream, struct follower *follower, struct span preamble)
{
	if (!let_in(stream, follower, preamble))
		return;
	parts_replay(reply_parts(stream->reply), &follower->replay);
	if (!follower_count(follower))
		return;
	if (stream->shown >= follower->from)
		show_one(stream, follower, stream->shown);
}

void
stream_remove_reader(struct stream *stream, struct follower *follower)
{
	struct follower **link = &stream->followers;

	while (*link != NULL && *link != follower)
		link = &(*link)->next;
	if (*link != NULL)
		*link = follower->next;
}

void
stream_heartbeat(struct stream *stream, int64_t before_ms)
{
	struct follower *follower, *next;

	for (follower = stream->followers; follower != NULL; follower = next) {
		next = follower->next;
		if (follower->written_ms <= before_ms)
			follower_send(follower, span_of(HEARTBEAT));
	}
}

void
stream_close_readers(struct stream *stream, bool properly)
{
	struct follower *follower, *next;

	for (follower = stream->followers; follower != NULL; follower = next) {
		next = follower->next;
		if (properly)
			follower_end(follower);
		else
			follower_close(follower);
	}
	stream->followers = NULL;
}
