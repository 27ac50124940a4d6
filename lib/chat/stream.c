#include "chat/stream.h"

#include "base/log.h"
#include "base/mem.h"
#include "chat/rebuild.h"
#include "chat/stream_private.h"
#include "message/parts.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* A piece keeps up to this many bytes of memory for the next one. */
#define KEEP_CAP ((size_t)64 << 10)

/* ---- the beginning */

/* The process that runs the reply has already begun it. */
static enum err
begin_remote(struct stream *stream)
{
	struct chunk begin = { .type = CHUNK_START };
	char id[24];

	snprintf(id, sizeof(id), "%" PRIu64, stream->message_id);
	begin.message_id = span_of(id);
	return parts_add(reply_parts(stream->reply), &begin);
}

struct stream *
stream_open(struct hub_start *start, enum stream_state state)
{
	struct stream *stream = mem_zalloc(sizeof(*stream));

	stream->user_id = start->user_id;
	stream->session_id = start->session_id;
	stream->message_id = start->message_id;
	stream->lease = start->lease;
	stream->began_ms = start->began_ms;
	stream->trace = start->trace;
	stream->untitled = start->untitled;
	stream->hold = start->hold;
	start->hold = (struct rates_hold){ 0 };
	stream->seq = start->seq;
	stream->state = state;
	stream->sealed_end = &stream->sealed;
	stream->end_at = UINT64_MAX;
	stream->model = start->model;
	start->model = NULL;
	stream->reply = reply_open(
		stream->model != NULL ? &stream->model->settings : NULL);
	if (start->said != NULL)
		reply_continue(stream->reply, start->said);
	start->said = NULL;
	if (state == STREAM_REMOTE && begin_remote(stream) != OK)
		abort(); /* `start` always applies */
	return stream;
}

enum stream_state
stream_state(const struct stream *stream)
{
	return stream->state;
}

struct lease
stream_lease(const struct stream *stream)
{
	return stream->lease;
}

const struct journal_entry *
stream_entry(const struct stream *stream)
{
	return stream->entry;
}

/* ---- what was said */

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

size_t
stream_end_size(const struct stream *stream)
{
	/* The database already has everything of a refused reply. */
	return stream->refused ? 0 : parts_size(reply_parts(stream->reply));
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
	entry->user_id = stream->user_id;
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
	entry->life = (struct message_life){ stream->lease, stream->began_ms };
	entry->status = reply_status_word(stream->status);
	entry->rebuilt = stream->refused;
	stream->state = STREAM_STORING;
	if (!stream->refused)
		entry->said = reply_leave(stream->reply);
	return entry;
}

void
stream_abandon_entry(struct stream *stream)
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
	stream_abandon_entry(stream);
	stream->durable = durable;
	/* The memory is reused for the next chunks. */
	if (stream->pending.data == NULL && entry->body.cap <= KEEP_CAP) {
		buf_clear(&entry->body);
		buf_move(&stream->pending, &entry->body);
	}
}

void
stream_drop_waiting(struct stream *stream)
{
	struct buf piece = BUF_INIT;

	while (stream_waiting(stream) > 0) {
		move_piece(stream, &piece);
		buf_clear(&piece);
	}
	buf_free(&piece);
}

/* ---- the end */

void
stream_end(struct stream *stream, const struct llm_result *result)
{
	stream->end_at = stream_said(stream);
	stream->status = reply_end(stream->reply, result, &stream->pending);
	stream->state = STREAM_ENDED;
	log_trace(stream->trace.id);
	log_info("reply_ended",
		"session=%" PRIu64 " message=%" PRIu64 " status=%s why=%s",
		stream->session_id, stream->message_id,
		reply_status_word(stream->status),
		llm_fault_word(result->fault));
	log_trace("");
}

static void
discard_text(struct stream *stream)
{
	struct follower *follower = stream->followers;

	stream_abandon_entry(stream);
	stream_drop_waiting(stream);
	/* While the database was away, some of the text may have been shown. */
	stream->durable = MAX(stream->durable, stream->shown);
	for (; follower != NULL; follower = follower->next) {
		follower->from = MIN(follower->from, stream->durable);
		follower_forgo(follower);
	}
}

static void
write_refusal(struct buf *out)
{
	struct buf text = BUF_INIT;
	struct chunk metadata = { .type = CHUNK_METADATA };
	const struct chunk error = { .type = CHUNK_ERROR,
		.error_text = span_of(llm_fault_sentence(LLM_UNSTORED)) };

	rebuild_put_refusal(&text);
	metadata.metadata = buf_span(&text);
	chunk_write(out, &metadata);
	buf_free(&text);
	chunk_write(out, &error);
	buf_puts(out, CHUNK_DONE);
}

void
stream_refuse(struct stream *stream)
{
	discard_text(stream);
	stream->refused = true;
	stream->end_at = stream_said(stream);
	write_refusal(&stream->pending);
	stream->status = REPLY_ERROR;
	stream->state = STREAM_ENDED;
	log_error("reply_refused", "session=%" PRIu64 " message=%" PRIu64,
		stream->session_id, stream->message_id);
}

void
stream_add_waiter(struct stream *stream, struct stream_waiter *waiter)
{
	waiter->next = stream->waiters;
	stream->waiters = waiter;
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
	steps_free(stream->steps);
	reply_free(stream->reply);
	llm_model_release(stream->model);
	rates_give_back(&stream->hold);
	buf_free(&stream->pending);
	free(stream);
}
