/* The sets that a live stream is in, and how it ends. */

#include "chat/hub_private.h"

#include "base/log.h"
#include "chat/rebuild.h"

static struct stream **
slot_of(struct hub *hub, uint64_t message_id)
{
	/* Snowflakes: the sequence is in the low bits, the time above 22. */
	return &hub->slots[(message_id ^ message_id >> 22) & (HUB_SLOTS - 1)];
}

struct stream *
hub_find(struct hub *hub, uint64_t message_id)
{
	struct stream *stream = *slot_of(hub, message_id);

	while (stream != NULL && stream->message_id != message_id)
		stream = stream->next_in_slot;
	return stream;
}

void
hub_add(struct hub *hub, struct stream *stream)
{
	struct stream **slot = slot_of(hub, stream->message_id);

	stream->next_in_slot = *slot;
	*slot = stream;
	stream->next = hub->streams;
	if (stream->next != NULL)
		stream->next->prev = stream;
	hub->streams = stream;
}

void
hub_count(struct stream *stream)
{
	size_t waiting = stream_waiting(stream);

	atomic_fetch_add(&stream->hub->waiting, waiting - stream->counted);
	stream->counted = waiting;
}

void
hub_mark_dirty(struct stream *stream)
{
	struct hub *hub = stream->hub;

	stream_seal(stream);
	hub_count(stream);
	if (stream->dirty)
		return;
	stream->dirty = true;
	hub->n_dirty++;
	stream->next_dirty = NULL;
	*hub->dirty_end = stream;
	hub->dirty_end = &stream->next_dirty;
}

struct stream *
hub_next_dirty(struct hub *hub)
{
	struct stream *stream = hub->dirty;

	if (stream == NULL)
		return NULL;
	hub->dirty = stream->next_dirty;
	if (hub->dirty == NULL)
		hub->dirty_end = &hub->dirty;
	stream->dirty = false;
	hub->n_dirty--;
	return stream;
}

static void
unlink_dirty(struct stream *stream)
{
	struct hub *hub = stream->hub;
	struct stream **link = &hub->dirty;

	if (!stream->dirty)
		return;
	while (*link != stream)
		link = &(*link)->next_dirty;
	*link = stream->next_dirty;
	if (*link == NULL)
		hub->dirty_end = link;
	stream->dirty = false;
	hub->n_dirty--;
}

static void
unlink_all(struct stream *stream)
{
	struct stream **link = slot_of(stream->hub, stream->message_id);

	while (*link != stream)
		link = &(*link)->next_in_slot;
	*link = stream->next_in_slot;
	if (stream->prev != NULL)
		stream->prev->next = stream->next;
	else
		stream->hub->streams = stream->next;
	if (stream->next != NULL)
		stream->next->prev = stream->prev;
	unlink_dirty(stream);
	atomic_fetch_sub(&stream->hub->waiting, stream->counted);
	stream->counted = 0;
}

static void
free_stream(void *arg)
{
	stream_free(arg);
}

void
hub_check_drained(struct hub *hub)
{
	if (hub->draining && hub->streams == NULL)
		loop_stop(hub->loop);
}

void
hub_drop(struct stream *stream, bool properly)
{
	struct hub *hub = stream->hub;
	struct hub_begin *late;
	struct hub_ask *ask;

	if (stream->call != NULL)
		llm_call_cancel(stream->call);
	stream->call = NULL;
	hub_cancel_tools(stream);
	stream_let_go(stream);
	stream_dismiss(stream, properly);
	unlink_all(stream);
	if (stream->state == STREAM_REMOTE)
		watcher_remove(hub->watcher, stream->message_id);
	else
		atomic_fetch_sub(&hub->n_streams, 1);
	while ((ask = stream->waiting) != NULL) {
		stream->waiting = ask->next;
		hub_ask_answer(ask, properly && ask->found_when_over);
	}
	while ((late = stream->latecomers) != NULL) {
		stream->latecomers = late->next;
		hub_on_follow_remote(late);
	}
	loop_free_later(hub->loop, free_stream, stream);
	hub_check_drained(hub);
}

void
hub_end(struct stream *stream, const struct llm_result *result)
{
	stream->call = NULL;
	hub_cancel_tools(stream);
	stream->end_at = stream_said(stream);
	stream->status = reply_end(stream->reply, result, &stream->pending);
	stream->state = STREAM_ENDED;
	stream->hub->ends = true;
	log_info("reply_ended", "session=%llu message=%llu status=%s why=%s",
		(unsigned long long)stream->session_id,
		(unsigned long long)stream->message_id,
		reply_status_word(stream->status),
		llm_fault_word(result->fault));
	hub_mark_dirty(stream);
}

static void
write_refusal(struct buf *out)
{
	const struct chunk metadata = { .type = CHUNK_METADATA,
		.metadata = span_of(REBUILD_REFUSED_METADATA) };
	const struct chunk error = { .type = CHUNK_ERROR,
		.error_text = span_of(llm_fault_sentence(LLM_UNSTORED)) };

	chunk_write(out, &metadata);
	chunk_write(out, &error);
	buf_puts(out, CHUNK_DONE);
}

void
hub_refuse(struct stream *stream)
{
	/* Not even that: the reaper finds it, and keeps what can be kept. */
	if (stream->refused) {
		hub_drop(stream, false);
		return;
	}
	if (stream->call != NULL)
		llm_call_cancel(stream->call);
	stream->call = NULL;
	hub_cancel_tools(stream);
	stream_discard(stream);
	stream->refused = true;
	stream->end_at = stream_said(stream);
	write_refusal(&stream->pending);
	stream->status = REPLY_ERROR;
	stream->state = STREAM_ENDED;
	stream->hub->ends = true;
	log_error("reply_refused", "session=%llu message=%llu",
		(unsigned long long)stream->session_id,
		(unsigned long long)stream->message_id);
	hub_mark_dirty(stream);
}

void
hub_end_now(struct stream *stream, enum llm_fault fault)
{
	struct llm_result result = LLM_RESULT_INIT;

	if (stream->state != STREAM_RUNNING)
		return;
	if (stream->call != NULL)
		llm_call_cancel(stream->call);
	result.fault = fault;
	hub_end(stream, &result);
}
