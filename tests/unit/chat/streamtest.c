#include "streamtest.h"

#include "chat/stream.h"

#include "../unit.h"
#include "base/mem.h"
#include "chat/stream_private.h"
#include "plain_framing.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

struct llm_model streamtest_model = {
	.settings = { .model = "m", .reply_max = 8 << 20 }, .holders = 1
};

int
streamtest_setup(void **state)
{
	struct stage *stage = mem_zalloc(sizeof(*stage));

	if (loop_open(&stage->loop) != OK)
		return -1;
	stage->stream = stream_open(
		&(struct hub_start){
			.model = llm_model_hold(&streamtest_model) },
		STREAM_RUNNING);
	*state = stage;
	return 0;
}

int
streamtest_teardown(void **state)
{
	struct stage *stage = *state;

	stream_close_readers(stage->stream, false);
	stream_abandon_entry(stage->stream);
	stream_free(stage->stream);
	journal_batch_clear(&stage->batch);
	loop_close(stage->loop);
	free(stage);
	return 0;
}

void
streamtest_on_gone(void *arg, struct follower *follower)
{
	struct stage *stage = arg;

	stage->n_gone++;
	stream_remove_reader(stage->stream, follower);
}

int
streamtest_join_sharing(
	struct stage *stage, size_t max, struct follower_share share)
{
	int fds[2];
	struct peer peer;

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	peer = (struct peer){ .fd = fds[0], .tag = 1, .share = share };
	stream_join(stage->stream,
		follower_open(stage->loop, peer, &plain_framing, max,
			streamtest_on_gone, stage),
		span_of("hello "));
	return fds[1];
}

int
streamtest_join(struct stage *stage, size_t max)
{
	return streamtest_join_sharing(
		stage, max, (struct follower_share){ 0 });
}

const char *
streamtest_arrived(int fd)
{
	static char text[8 * KB];
	ssize_t n = recv(fd, text, sizeof(text) - 1, MSG_DONTWAIT);

	text[n > 0 ? n : 0] = '\0';
	return text;
}

void
streamtest_say(struct stage *stage, const char *text)
{
	struct llm_event event = { .type = LLM_TEXT, .text = span_of(text) };

	assert_int_equal(reply_event(stage->stream->reply, &event,
				 &stage->stream->pending),
		OK);
	stream_seal(stage->stream);
}

const struct journal_entry *
streamtest_take(struct stage *stage)
{
	struct journal_entry *entry = stream_take(stage->stream);

	journal_batch_add(&stage->batch, entry);
	return entry;
}

void
streamtest_kept(struct stage *stage)
{
	stream_kept(stage->stream);
	journal_batch_clear(&stage->batch);
}

void
streamtest_begin(struct stage *stage)
{
	struct llm_event event = { .type = LLM_BEGIN };
	struct buf out = BUF_INIT;

	reply_start(stage->stream->reply, 7, 0, &out);
	buf_free(&out);
	assert_int_equal(reply_event(stage->stream->reply, &event,
				 &stage->stream->pending),
		OK);
}
