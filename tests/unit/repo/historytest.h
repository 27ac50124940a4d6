/* historytest.h: sessions with messages, and pages of them. */

#ifndef HISTORYTEST_H
#define HISTORYTEST_H

#include "repo/history.h"
#include "repo/message.h"
#include "testdb.h"

#define NOW INT64_C(1750000000123)

struct place {
	uint64_t user_id, session_id;
};

struct place historytest_make_session(struct testdb *t);

struct message
historytest_message(const char *status, bool is_user, struct span parts);

uint64_t historytest_add(
	struct testdb *t, struct place place, const struct message *message);

uint64_t historytest_add_text(struct testdb *t, struct place place);

struct history historytest_page(
	struct testdb *t, struct place place, uint64_t before, unsigned limit);

#endif
