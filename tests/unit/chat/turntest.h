/* turntest.h: helpers for posted lists, and for what is stored of them. */

#ifndef UNIT_CHAT_TURNTEST_H
#define UNIT_CHAT_TURNTEST_H

#include "../repo/testdb.h"
#include "chat/turn.h"

extern struct snowflake *turntest_ids;

/* cmocka's group setup and teardown; *state is a struct testdb. */
int turntest_open(void **state);
int turntest_close(void **state);

/* The parts of a text, which must not contain quotation marks. */
struct span turntest_parts(struct testdb *t, const char *text);
struct turn_message
turntest_user(struct testdb *t, const char *id, const char *text);
struct turn_message turntest_listed(struct testdb *t, uint64_t id);

/* A new user's post of *n* messages from the chat "c". */
struct turn_post
turntest_post(struct testdb *t, const struct turn_message *messages, size_t n);
enum err turntest_place(
	struct testdb *t, const struct turn_post *post, struct turn *turn);
void turntest_finish(struct testdb *t, const struct turn *turn);

struct message
turntest_stored(struct testdb *t, uint64_t session_id, uint64_t id);

/* Creates a session with one question and its stored answer. */
struct turn turntest_one(struct testdb *t, struct turn_post *post);

/* Compares the messages of the request for this turn's reply. */
void turntest_assert_asked(
	struct testdb *t, const struct turn *turn, const char *messages);

#endif
