/* How a stream begins, and a reader joins it. */

#include "chat/life.h"
#include "chat/stream_private.h"
#include "message/chunk.h"

static void
on_said(void *arg, const struct llm_event *event)
{
	life_event(arg, LIFE_SAID, (union life_what){ .event = event });
}

static void
on_over(void *arg, const struct llm_result *result)
{
	life_event(arg, LIFE_OVER, (union life_what){ .result = result });
}

static struct steps *
open_steps(struct stream *stream, const struct hub_start *start)
{
	static const struct steps_handlers handlers = { on_said, on_over };
	const struct steps_of of = { .user_id = start->user_id,
		.session_id = start->session_id,
		.message_id = start->message_id,
		.reply = stream->reply,
		.out = &stream->pending,
		.rates = start->rates,
		.hold = &stream->hold };

	return steps_open(&stream->lives->steps, &of, &handlers, stream);
}

struct stream *
life_open(struct lives *lives, const struct hub_start *start,
	enum stream_state state)
{
	struct stream *stream =
		stream_open(lives->steps.settings, start, state);
	struct stream *remote = streams_find(lives->streams, start->message_id);

	stream->lives = lives;
	if (state == STREAM_RUNNING)
		stream->steps = open_steps(stream, start);
	if (remote != NULL)
		life_event(remote, LIFE_BEGINS,
			(union life_what){ .stream = stream });
	streams_add(lives->streams, stream);
	if (state == STREAM_REMOTE)
		watcher_add(
			lives->watcher, start->session_id, start->message_id);
	return stream;
}

/* ---- readers */

/* The connection of a reader is gone. */
static void
on_gone(void *arg, struct follower *follower)
{
	struct stream *stream = arg;

	stream_forget(stream, follower);
	if (stream->followers == NULL)
		life_event(stream, LIFE_LEFT, LIFE_NOTHING);
}

static struct follower *
open_follower(struct stream *stream, struct peer peer)
{
	struct lives *lives = stream->lives;

	return follower_open(lives->loop, peer, lives->framing,
		(size_t)lives->conf->chat.follower_max, on_gone, stream);
}

void
life_join(struct stream *stream, struct peer peer, struct span hello)
{
	stream_join(stream, open_follower(stream, peer), hello);
}

/* ---- its first words */

void
life_begin(struct stream *stream, struct hub_start *start, struct buf *hello)
{
	struct llm_result result = LLM_RESULT_INIT;

	/* The reply's start was committed with its row: it needs no journal. */
	reply_start(stream->reply, start->message_id, start->create_ms, hello);
	chunk_write_session(
		hello, start->session_id, start->user_ids, start->n_user_ids);
	if (start->peer.fd >= 0)
		stream_join_first(stream, open_follower(stream, start->peer),
			buf_span(hello));
	result.fault = start->fault;
	if (start->fault != LLM_OK)
		on_over(stream, &result);
	if (stream->state != STREAM_RUNNING ||
		(start->made && steps_run_approved(stream->steps)))
		return;
	if (start->goes_on)
		steps_ask_again(stream->steps);
	else
		steps_ask(stream->steps, &start->body, &start->asked);
}
