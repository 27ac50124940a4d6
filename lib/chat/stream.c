#include "chat/stream.h"

#include <stdlib.h>

static const char HEARTBEAT[] = ": keep-alive\n\n";

uint64_t
stream_said(const struct stream *stream)
{
	return stream->durable + stream->inflight.len + stream->pending.len;
}

/* The bytes of one buffer, which begins at offset *start*, that lie in
 * [from, upto). */
static struct span
cut(const struct buf *buf, uint64_t start, uint64_t from, uint64_t upto)
{
	uint64_t first = MAX(from, start);
	uint64_t last = MIN(upto, start + buf->len);

	if (first >= last)
		return (struct span){ NULL, 0 };
	return (struct span){ buf->data + (first - start),
		(size_t)(last - first) };
}

/* False when the follower is gone. */
static bool
show_one(const struct stream *stream, struct follower *follower, uint64_t upto)
{
	uint64_t from = MAX(stream->shown, follower->from);
	uint64_t pending_at = stream->durable + stream->inflight.len;
	struct buf replay = BUF_INIT;
	struct span piece;
	bool here = true;

	if (upto < follower->from)
		return true;
	buf_move(&replay, &follower->replay);
	if (replay.len > 0)
		here = follower_send(follower, buf_span(&replay));
	buf_free(&replay);
	if (!here)
		return false;
	piece = cut(&stream->inflight, stream->durable, from, upto);
	if (piece.len > 0 && !follower_send(follower, piece))
		return false;
	piece = cut(&stream->pending, pending_at, from, upto);
	return piece.len == 0 || follower_send(follower, piece);
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
stream_join(struct stream *stream, struct follower *follower, struct span hello)
{
	follower->next = stream->followers;
	stream->followers = follower;
	follower->from = stream_said(stream);
	if (hello.len > 0 && !follower_send(follower, hello))
		return;
	parts_replay(reply_parts(stream->reply), &follower->replay);
	if (!follower_count(follower))
		return;
	if (stream->shown >= follower->from)
		show_one(stream, follower, stream->shown);
}

void
stream_forget(struct stream *stream, struct follower *follower)
{
	struct follower **link = &stream->followers;

	while (*link != NULL && *link != follower)
		link = &(*link)->next;
	if (*link != NULL)
		*link = follower->next;
}

/* Where a run of whole chunks of at most *max* bytes ends; one chunk is taken
 * however long it is. */
static size_t
whole_chunks(struct span text, size_t max)
{
	const char *end;

	if (text.len <= max)
		return text.len;
	end = memrchr(text.data, '\n', max);
	while (end != NULL && end > text.data && end[-1] != '\n')
		end = memrchr(text.data, '\n', (size_t)(end - text.data));
	if (end == NULL || end == text.data)
		end = (const char *)memmem(text.data, text.len, "\n\n", 2) + 1;
	return (size_t)(end + 1 - text.data);
}

struct span
stream_take(struct stream *stream, size_t max)
{
	size_t len = whole_chunks(buf_span(&stream->pending), max);

	if (len == stream->pending.len) {
		buf_move(&stream->inflight, &stream->pending);
	} else {
		buf_append(&stream->inflight, stream->pending.data, len);
		buf_consume(&stream->pending, len);
	}
	return buf_span(&stream->inflight);
}

void
stream_kept(struct stream *stream)
{
	uint64_t durable = stream->durable + stream->inflight.len;

	stream_show(stream, durable);
	buf_clear(&stream->inflight);
	stream->durable = durable;
	/* The memory goes back to where the next chunks are written. */
	if (stream->pending.data == NULL)
		buf_move(&stream->pending, &stream->inflight);
	buf_free(&stream->inflight);
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
stream_dismiss(struct stream *stream, bool properly)
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

void
stream_free(struct stream *stream)
{
	reply_free(stream->reply);
	rates_give_back(&stream->hold);
	buf_free(&stream->inflight);
	buf_free(&stream->pending);
	buf_free(&stream->parts);
	buf_free(&stream->metadata);
	free(stream);
}
