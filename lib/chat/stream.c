#include "chat/stream.h"

#include "base/mem.h"

#include <stdlib.h>

/* Memory of a piece that is worth keeping for the next. */
#define KEEP_CAP ((size_t)64 << 10)

static const char HEARTBEAT[] = ": keep-alive\n\n";

struct stream *
stream_new(struct hub *hub, const struct llm_settings *settings)
{
	struct stream *stream = mem_zalloc(sizeof(*stream));

	stream->hub = hub;
	stream->sealed_end = &stream->sealed;
	stream->end_at = UINT64_MAX;
	stream->reply = reply_open(settings);
	return stream;
}

static size_t
inflight(const struct stream *stream)
{
	return stream->entry != NULL ? stream->entry->body.len : 0;
}

size_t
stream_waiting(const struct stream *stream)
{
	return stream->sealed_len + stream->pending.len;
}

uint64_t
stream_said(const struct stream *stream)
{
	return stream->durable + inflight(stream) + stream_waiting(stream);
}

void
stream_seal(struct stream *stream)
{
	struct stream_piece *piece;

	if (stream->pending.len < STREAM_PIECE_MAX)
		return;
	piece = mem_zalloc(sizeof(*piece));
	buf_move(&piece->bytes, &stream->pending);
	stream->sealed_len += piece->bytes.len;
	*stream->sealed_end = piece;
	stream->sealed_end = &piece->next;
}

/* ---- what readers see */

/* A run through what is not durable, buffer by buffer. */
struct showing {
	struct follower *follower;
	uint64_t at; /* where the next buffer begins */
	uint64_t from, upto;
};

/* Sends the part of a buffer that lies in [from, upto). False when the
 * follower is gone. */
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

/* False when the follower is gone. */
static bool
show_one(const struct stream *stream, struct follower *follower, uint64_t upto)
{
	struct showing showing = { follower, stream->durable,
		MAX(stream->shown, follower->from), upto };
	const struct stream_piece *piece;
	struct buf replay = BUF_INIT;
	bool here = true;

	if (upto < follower->from)
		return true;
	buf_move(&replay, &follower->replay);
	if (replay.len > 0)
		here = follower_send(follower, buf_span(&replay));
	buf_free(&replay);
	if (!here)
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

/* ---- to the journal and back */

static void
move_piece(struct stream *stream, struct buf *to)
{
	struct stream_piece *piece = stream->sealed;

	if (piece == NULL) {
		buf_move(to, &stream->pending);
		return;
	}
	buf_move(to, &piece->bytes);
	stream->sealed_len -= to->len;
	stream->sealed = piece->next;
	if (stream->sealed == NULL)
		stream->sealed_end = &stream->sealed;
	free(piece);
}

static struct journal_entry *
new_entry(struct stream *stream)
{
	struct journal_entry *entry = journal_entry_new();

	if (stream->entry != NULL)
		abort();
	entry->session_id = stream->session_id;
	entry->message_id = stream->message_id;
	entry->owner = stream;
	stream->entry = entry;
	return entry;
}

struct journal_entry *
stream_take(struct stream *stream)
{
	struct journal_entry *entry = new_entry(stream);

	move_piece(stream, &entry->body);
	if (entry->body.len == 0)
		abort();
	entry->seq = stream->seq++;
	return entry;
}

struct journal_entry *
stream_take_end(struct stream *stream)
{
	struct journal_entry *entry = new_entry(stream);

	entry->is_end = true;
	entry->status = reply_status_word(stream->status);
	entry->rebuilt = stream->refused;
	stream->state = STREAM_STORING;
	if (stream->refused)
		return entry;
	parts_write(reply_parts(stream->reply), &entry->parts);
	parts_write_metadata(reply_parts(stream->reply), &entry->metadata);
	return entry;
}

void
stream_let_go(struct stream *stream)
{
	if (stream->entry != NULL)
		stream->entry->owner = NULL;
	stream->entry = NULL;
}

void
stream_kept(struct stream *stream)
{
	struct journal_entry *entry = stream->entry;
	uint64_t durable = stream->durable + inflight(stream);

	stream_show(stream, durable);
	stream_let_go(stream);
	stream->durable = durable;
	/* The memory goes back to where the next chunks are written. */
	if (stream->pending.data == NULL && entry->body.cap <= KEEP_CAP) {
		buf_clear(&entry->body);
		buf_move(&stream->pending, &entry->body);
	}
}

static void
drop_waiting(struct stream *stream)
{
	struct buf piece = BUF_INIT;

	while (stream_waiting(stream) > 0) {
		move_piece(stream, &piece);
		buf_clear(&piece);
	}
	buf_free(&piece);
}

void
stream_discard(struct stream *stream)
{
	struct follower *follower = stream->followers;

	stream_let_go(stream);
	drop_waiting(stream);
	/* While the database was away some of it may have been shown. */
	stream->durable = MAX(stream->durable, stream->shown);
	for (; follower != NULL; follower = follower->next) {
		follower->from = MIN(follower->from, stream->durable);
		buf_free(&follower->replay);
	}
}

void
stream_show_all(struct stream *stream)
{
	uint64_t upto = stream_said(stream);

	stream_show(stream, upto);
	drop_waiting(stream);
	stream->durable = upto;
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
	struct stream_piece *piece;

	if (stream->entry != NULL)
		abort();
	while ((piece = stream->sealed) != NULL) {
		stream->sealed = piece->next;
		buf_free(&piece->bytes);
		free(piece);
	}
	reply_free(stream->reply);
	rates_give_back(&stream->hold);
	buf_free(&stream->pending);
	free(stream);
}
