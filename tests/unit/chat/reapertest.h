/* reapertest.h: replies whose words come from the test, and what is stored of
 * them. */

#ifndef UNIT_CHAT_REAPERTEST_H
#define UNIT_CHAT_REAPERTEST_H

#include "../repo/testdb.h"
#include "chat/hub_private.h"
#include "chat/models.h"
#include "chat/reaper.h"
#include "chat/turn.h"

extern struct reapertest {
	struct testdb *t;
	struct snowflake *ids;
	struct models *models;
	struct llm_settings settings;
	struct tool_set tools;
	struct hub *hub;
	struct reaper *reaper;
	/* Set these before opening; 0 keeps the default. chat.on_crash, */
	bool takes_over;
	int64_t streams_max; /* chat.streams_max, */
	int64_t lease_ms; /* the length of a lease, */
	/* and the socket at which the reaper looks for the database. */
	const char *socket;
	struct conf seen; /* the configuration of the reaper */
} reapertest;

/* cmocka's group setup and teardown. */
int reapertest_open(void **state);
int reapertest_close(void **state);

void reapertest_nap_ms(long ms);
void reapertest_sql(const char *text);

/* From now on the table accepts only rows of this session that satisfy
 * *check*. */
void reapertest_refuse(const struct turn *turn, const char *check);

/* Commits a turn whose reply nobody has begun. */
void reapertest_turn(struct turn *turn);

/* Does the same for a worker that has died: its lease was *lease*, which has
 * expired; or it is still valid, and *alive* is the worker's sign of life. */
void
reapertest_orphan(struct turn *turn, struct lease lease, const char *alive);

/* A stream without a model, whose words come from the test. */
struct reapertest_said {
	const struct turn *turn;
	struct peer peer;
	const char *text;
	bool ends;
	struct monitor monitor;
	bool done;
};
void reapertest_say(struct reapertest_said said);

/* Begins a reply that has said "shown "; returns the reader's end of the
 * connection. */
int reapertest_start(struct turn *turn);
/* Reads up to *mark*, or to the end. */
const char *reapertest_read_until(int fd, const char *mark);

struct message reapertest_stored(const struct turn *turn);
bool reapertest_has(struct span text, const char *part);
/* Waits until the reply has ended, without a time limit. */
struct message reapertest_wait(const struct turn *turn);

#endif
