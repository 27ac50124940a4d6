#include "chat/life.h"

#include "base/fault.h"
#include "chat/stream_private.h"

/* ---- the end of a stream here */

static void
free_stream(void *arg)
{
	stream_free(arg);
}

/* The state is GONE. *stored* says whether the end of the reply is stored. */
static enum life_answer
make_gone(struct stream *stream, bool stored)
{
	struct lives *lives = stream->lives;
	struct stream_waiter *waiter;

	if (stream->steps != NULL)
		steps_cancel(stream->steps);
	stream_abandon_entry(stream);
	stream_close_readers(stream, stored);
	streams_remove(lives->streams, stream);
	if (stream->state == STREAM_REMOTE)
		watcher_remove(lives->watcher, stream->message_id);
	else
		atomic_fetch_sub(&lives->n, 1);
	stream->state = STREAM_GONE;
	while ((waiter = stream->waiters) != NULL) {
		stream->waiters = waiter->next;
		waiter->over(waiter, stored);
	}
	loop_free_later(lives->loop, free_stream, stream);
	return LIFE_NO;
}

static enum life_answer
drop(struct stream *stream, union life_what what)
{
	(void)what;
	return make_gone(stream, false);
}

/* ---- speaking and ending */

static enum life_answer
end(struct stream *stream, union life_what what)
{
	steps_cancel(stream->steps);
	stream_end(stream, what.result);
	streams_mark(stream->lives->streams, stream, STREAMS_ENDS);
	return LIFE_NO;
}

static enum life_answer
end_with(struct stream *stream, enum llm_fault fault)
{
	struct llm_result result = LLM_RESULT_INIT;

	result.fault = fault;
	return end(stream, (union life_what){ .result = &result });
}

static enum life_answer
queue(struct stream *stream, union life_what what)
{
	struct streams *streams = stream->lives->streams;
	const struct llm_event *event = what.event;

	if (!stream->spoke && event != NULL && event->text.len > 0) {
		stream->spoke = true;
		streams_hurry(streams, STREAMS_FIRST_WORDS);
	}
	if (stream->pending.len > 0)
		streams_mark(streams, stream, STREAMS_NO_HURRY);
	/* Memory is no store: a stream that keeps talking while the database is
	 * away is ended. */
	if (event != NULL &&
		streams_waiting(streams) >
			(size_t)stream->lives->conf->chat.unstored_max)
		end_with(stream, LLM_UNSTORED);
	return LIFE_NO;
}

static enum life_answer
wait(struct stream *stream, union life_what what)
{
	if (what.waiter != NULL)
		stream_add_waiter(stream, what.waiter);
	return LIFE_LATER;
}

static enum life_answer
stop(struct stream *stream, union life_what what)
{
	wait(stream, what);
	end_with(stream, LLM_STOPPED);
	return LIFE_LATER;
}

static enum life_answer
cut(struct stream *stream, union life_what what)
{
	(void)what;
	return end_with(stream, LLM_SHUTDOWN);
}

/* ---- readers */

static enum life_answer
join(struct stream *stream, union life_what what)
{
	(void)stream;
	(void)what;
	return LIFE_YES;
}

static enum life_answer
run_on(struct stream *stream, union life_what what)
{
	(void)what;
	return stream->lives->conf->chat.on_disconnect == CONF_STOP
		? end_with(stream, LLM_STOPPED)
		: LIFE_NO;
}

/* ---- the journal */

static enum life_answer
take(struct stream *stream, union life_what what)
{
	struct streams *streams = stream->lives->streams;

	if (stream_waiting(stream) > 0)
		journal_batch_add(what.batch, stream_take(stream));
	/* Takes one piece at most; the rest waits for the next batch. */
	if (stream_waiting(stream) > 0)
		streams_mark(streams, stream, STREAMS_NO_HURRY);
	streams_count(streams, stream);
	return LIFE_NO;
}

static enum life_answer
store(struct stream *stream, union life_what what)
{
	journal_batch_add(what.batch, stream_take_end(stream));
	return LIFE_NO;
}

static enum life_answer
show(struct stream *stream, union life_what what)
{
	(void)what;
	stream_kept(stream);
	return LIFE_NO;
}

static enum life_answer
finish(struct stream *stream, union life_what what)
{
	(void)what;
	(void)fault_at("stream.stored");
	stream_show(stream, stream_said(stream));
	if (stream->untitled && stream->status == REPLY_COMPLETE)
		namings_begin(stream->lives->namings, stream->model,
			stream->user_id, stream->session_id);
	return make_gone(stream, true);
}

static enum life_answer
refuse(struct stream *stream, union life_what what)
{
	(void)what;
	/* If even the reduced end is refused, the reaper finds the reply and
	 * keeps what can be kept. */
	if (stream->refused)
		return make_gone(stream, false);
	steps_cancel(stream->steps);
	stream_refuse(stream);
	streams_mark(stream->lives->streams, stream, STREAMS_ENDS);
	return LIFE_NO;
}

/* ---- streams of another process */

/* When the rows are shown, all readers may turn out to be gone, and the stream
 * with them. */
static enum life_answer
follow(struct stream *stream, union life_what what)
{
	stream_show_rows(stream, what.rows);
	return LIFE_NO;
}

static enum life_answer
follow_end(struct stream *stream, union life_what what)
{
	if (what.message != NULL)
		stream_show_rest(stream, what.message);
	return stream->state == STREAM_REMOTE
		? make_gone(stream, what.message != NULL)
		: LIFE_NO;
}

static enum life_answer
hand_over(struct stream *stream, union life_what what)
{
	stream_hand_over(stream, what.stream);
	return stream->state == STREAM_REMOTE ? make_gone(stream, false)
					      : LIFE_NO;
}

/* ---- the table */

typedef enum life_answer action(struct stream *stream, union life_what what);

/* clang-format off: the layout is the one in ARCHITECTURE.md. NULL does nothing
 * and answers LIFE_NO. */
static action *const table[LIFE_EVENTS][STREAM_STATES] = {
	/*                  RUNNING ENDED   STORING REMOTE      GONE */
	[LIFE_SAID] = { queue, NULL, NULL, NULL, NULL },
	[LIFE_OVER] = { end, NULL, NULL, NULL, NULL },
	[LIFE_STOP] = { stop, wait, wait, NULL, NULL },
	[LIFE_READER] = { join, wait, wait, join, NULL },
	[LIFE_LEFT] = { run_on, NULL, NULL, drop, NULL },
	[LIFE_BATCH] = { take, store, NULL, NULL, NULL },
	[LIFE_KEPT] = { show, show, finish, NULL, NULL },
	[LIFE_REFUSED] = { refuse, refuse, refuse, NULL, NULL },
	[LIFE_LOST] = { drop, drop, drop, drop, NULL },
	[LIFE_ROWS] = { NULL, NULL, NULL, follow, NULL },
	[LIFE_STORED] = { NULL, NULL, NULL, follow_end, NULL },
	[LIFE_BEGINS] = { drop, drop, NULL, hand_over, NULL },
	[LIFE_CLOSE] = { NULL, NULL, NULL, drop, NULL },
	[LIFE_DEADLINE] = { cut, NULL, NULL, NULL, NULL },
};
/* clang-format on */

enum life_answer
life_event(struct stream *stream, enum life_event event, union life_what what)
{
	action *act = table[event][stream->state];

	return act != NULL ? act(stream, what) : LIFE_NO;
}
