/* replytest.h: plays an upstream to a reply. */

#ifndef REPLYTEST_H
#define REPLYTEST_H

#include "base/buf.h"
#include "chat/reply.h"
#include "llm/client.h"

#define MESSAGE_ID 17
#define CREATE_MS 1700000000123

struct play { /* from play_open() until play_close() */
	struct reply *reply;
	struct buf out;
	enum err err;
};

void play_event(void *arg, const struct llm_event *event);

void play_open(struct play *play, const struct llm_settings *settings);

void play_close(struct play *play);

struct llm_result
play_body(struct play *play, struct span body, size_t piece, bool clean);

#endif
