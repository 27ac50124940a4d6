#include "replytest.h"

#include "../unit.h"
#include "../wire/vector.h"
#include "chat/reply.h"
#include "openai/wire.h"
#include "wire/failure.h"
#include "wire/stream.h"

void
play_event(void *arg, const struct llm_event *event)
{
	struct play *play = arg;

	if (play->err == OK)
		play->err = reply_event(play->reply, event, &play->out);
}

void
play_open(struct play *play, const struct llm_settings *settings)
{
	*play = (struct play){ .reply = reply_open(settings) };
	reply_start(play->reply, MESSAGE_ID, CREATE_MS, &play->out);
}

void
play_close(struct play *play)
{
	reply_free(play->reply);
	buf_free(&play->out);
}

struct llm_result
play_body(struct play *play, struct span body, size_t piece, bool clean)
{
	struct llm_stream *stream =
		llm_stream_open(&wire_openai, play_event, play, 4 << 20);
	struct llm_result result;
	struct failure said;
	size_t len;

	for (size_t at = 0; at < body.len; at += len) {
		len = MIN(piece, body.len - at);
		if (llm_stream_feed(stream, body.data + at, len) != LLM_OK)
			break;
	}
	result = llm_stream_end(stream, clean);
	/* Acts like the client when it has no attempts left. */
	if (llm_stream_may_pass(stream, &said))
		play_event(play, &(struct llm_event){ .type = LLM_BEGIN });
	llm_stream_free(stream);
	return result;
}
