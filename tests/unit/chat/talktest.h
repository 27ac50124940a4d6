/* talktest.h: a hub whose replies come from a model that the test plays; each
 * request is a connection. */

#ifndef UNIT_CHAT_TALKTEST_H
#define UNIT_CHAT_TALKTEST_H

#include "../repo/testdb.h"
#include "../unit.h"
#include "chat/hub.h"
#include "chat/turn.h"

#define TALKTEST_ANSWER                                          \
	"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n" \
	"Connection: close\r\n\r\n"
#define TALKTEST_WORD(word)                                               \
	"data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" word \
	"\"},\"finish_reason\":null}]}\n\n"
#define TALKTEST_END                                                    \
	"data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason" \
	"\":\"stop\"}]}\n\ndata: [DONE]\n\n"

extern struct talktest {
	struct testdb *t;
	struct snowflake *ids;
	struct llm_model *model;
	struct tool_set tools;
	struct hub *hub;
	int model_fd; /* requests arrive here */
	char base_url[64];
	/* Set these before opening: chat.journal_gap_ms, and whether llm.titles
	 * is on. */
	int64_t gap_ms;
	bool titles;
} talktest;

/* cmocka's group setup and teardown. */
int talktest_open(void **state);
int talktest_close(void **state);

/* A reply: its reader's connection and its model's. */
struct talk {
	uint64_t user_id, session_id;
	int reader, model;
	struct buf read;
};

/* Starts a new chat, of a new user. */
void talktest_start(struct talk *talk);
void talktest_start_of(struct talk *talk, uint64_t user_id);
void talktest_say(struct talk *talk, const char *text);
/* Reads until the text is there; a test that hangs fails. */
void talktest_read_until(struct talk *talk, const char *text);
/* The model sends its last words and closes; in the second function, so does
 * the reader. */
void talktest_leave(struct talk *talk);
void talktest_finish(struct talk *talk);

#endif
