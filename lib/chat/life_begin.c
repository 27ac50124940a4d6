/* Begins streams, and lets readers join them. */

#include "base/mem.h"
#include "chat/life.h"
#include "chat/stream_private.h"
#include "message/chunk.h"
#include "tool/pool.h"

#include <stdlib.h>

/* Above this many bytes a thread writes what a new reader is sent first: 2 MB
 * would take the loop 10 ms. */
#define SAID_AT_ONCE ((size_t)64 << 10)

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
		.trace = start->trace,
		.tools_rule = start->tools_rule,
		.model = &stream->model,
		.models = start->models,
		.reply = stream->reply,
		.out = &stream->pending,
		.rates = start->rates,
		.hold = &stream->hold };

	return steps_open(&stream->lives->steps, &of, &handlers, stream);
}

struct stream *
life_open(struct lives *lives, struct hub_start *start, enum stream_state state)
{
	struct stream *stream = stream_open(start, state);
	struct stream *remote = streams_find(lives->streams, start->message_id);

	stream->lives = lives;
	if (state == STREAM_RUNNING)
		stream->steps = open_steps(stream, start);
	if (remote != NULL)
		life_event(remote, LIFE_BEGINS,
			(union life_what){ .stream = stream });
	streams_add(lives->streams, stream);
	if (state == STREAM_REMOTE)
		watcher_add(lives->watcher, start->session_id,
			start->message_id, start->began_ms);
	return stream;
}

/* ---- readers */

/* The connection of a reader is gone. */
static void
on_gone(void *arg, struct follower *follower)
{
	struct stream *stream = arg;

	stream_remove_reader(stream, follower);
	if (stream->followers == NULL)
		life_event(stream, LIFE_LEFT, LIFE_NOTHING);
}

static struct follower *
open_follower(struct stream *stream, struct peer peer)
{
	struct lives *lives = stream->lives;
	struct follower *follower = follower_open(lives->loop, peer,
		lives->framing, (size_t)lives->conf->chat.follower_max, on_gone,
		stream);

	follower_leave_by(follower, &lives->leaving);
	return follower;
}

/* Writes what a new reader is sent first: everything said so far. The job is
 * never cancelled; a reader that leaves early also leaves the order. */
struct join {
	struct tool_job job;
	struct follower_order order;
	const struct parts *said;
};

static void
work_join(struct tool_job *base, struct db *db)
{
	struct join *join = CONTAINER_OF(base, struct join, job);
	struct buf replay = BUF_INIT;

	(void)db;
	parts_replay(join->said, &replay);
	join->order.framing->put(
		&base->out, join->order.tag, buf_span(&replay));
	buf_free(&replay);
}

static void
on_join(struct tool_job *base)
{
	struct join *join = CONTAINER_OF(base, struct join, job);

	follower_deliver(&join->order, &base->out);
}

static void
join_long(
	struct stream *stream, struct follower *follower, struct span preamble)
{
	const struct parts *said = reply_parts(stream->reply);
	struct join *join = mem_zalloc(sizeof(*join));

	join->job.user_id = stream->user_id;
	join->job.work = work_join;
	join->job.done = on_join;
	join->said = parts_copy(&join->job.arena, said);
	if (stream_await(stream, follower, preamble, &join->order,
		    parts_size(said))) {
		tool_pool_submit(stream->lives->steps.writers, &join->job);
		return;
	}
	arena_reset(&join->job.arena);
	free(join);
}

void
life_join(struct stream *stream, struct peer peer, struct span preamble)
{
	struct follower *follower = open_follower(stream, peer);

	if (parts_size(reply_parts(stream->reply)) > SAID_AT_ONCE)
		join_long(stream, follower, preamble);
	else
		stream_join(stream, follower, preamble);
}

/* ---- the first words of a stream */

void
life_begin(struct stream *stream, struct hub_start *start, struct buf *preamble)
{
	struct llm_result result = LLM_RESULT_INIT;

	/* The start of the reply was committed with its row, so it needs no
	 * journal. */
	reply_wish(stream->reply, start->style);
	reply_start(
		stream->reply, start->message_id, start->create_ms, preamble);
	chunk_write_session(preamble, start->session_id, start->user_ids,
		start->n_user_ids);
	if (start->peer.fd >= 0)
		stream_join_first(stream, open_follower(stream, start->peer),
			buf_span(preamble));
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
