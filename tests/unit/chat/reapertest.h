/* reapertest.h: replies that say what a test wants, and what is stored of them. */

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
	/* Before it is opened, unless they are 0: chat.on_crash, */
	bool takes_over;
	int64_t streams_max; /* chat.streams_max, */
	int64_t lease_ms; /* for how long a lease lasts, */
	const char *socket; /* and where the reaper finds the database. */
	struct conf seen; /* by it */
} reapertest;

/* cmocka's group setup and teardown. */
int reapertest_open(void **state);
int reapertest_close(void **state);

void reapertest_nap_ms(long ms);
void reapertest_sql(const char *text);

/* From now on the table takes only what fits *check* for this session. */
void reapertest_refuse(const struct turn *turn, const char *check);

/* A turn that is committed, and of which nobody has begun the reply. */
void reapertest_turn(struct turn *turn);

/* The same, of a worker that is gone: *lease*, which is over, was its own; or it
 * lasts, and *alive* is its sign of life. */
void
reapertest_orphan(struct turn *turn, struct lease lease, const char *alive);

/* A stream without a model: its words come from the test. */
struct reapertest_said {
	const struct turn *turn;
	struct peer peer;
	const char *text;
	bool ends;
	struct monitor monitor;
	bool done;
};
void reapertest_say(struct reapertest_said said);

/* Begins a reply that has said "shown "; its reader's end of the connection. */
int reapertest_start(struct turn *turn);
/* What comes up to *mark*, or the end. */
const char *reapertest_read_until(int fd, const char *mark);

struct message reapertest_stored(const struct turn *turn);
bool reapertest_has(struct span text, const char *part);
/* The reply when it has ended, however long that takes. */
struct message reapertest_wait(const struct turn *turn);

#endif
