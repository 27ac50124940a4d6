/* hubtest.h: a hub whose replies say what a test wants, 1.5, 3 and 12 MB at
 * once, while the database is held up. */

#ifndef UNIT_CHAT_HUBTEST_H
#define UNIT_CHAT_HUBTEST_H

#include "../repo/testdb.h"
#include "../unit.h"
#include "chat/hub_private.h"
#include "chat/stream_private.h"
#include "chat/turn.h"

#define HUBTEST_READERS 3

/* One reply, its reader, and what it should say. */
struct talk {
	struct turn turn;
	int fd;
	struct buf said, read;
	pthread_t reader;
};

extern struct hubtest {
	struct testdb *t;
	struct snowflake *ids;
	struct llm_model *model;
	struct tool_set tools;
	struct hub *hub;
	struct db *lock; /* holds up the database */
	struct talk talks[HUBTEST_READERS];
	int model_fd; /* accepts requests and never answers */
	char base_url[64];
} hubtest;

/* cmocka's group setup and teardown. */
int hubtest_open(void **state);
int hubtest_close(void **state);

void hubtest_nap_ms(long ms);

/* ---- work in the loop's thread, which the test waits for */

typedef void hubtest_work(struct stream *stream, struct talk *talk);

void hubtest_in_loop(hubtest_work *fn, struct talk *talk);
/* Runs *fn* for each reply. */
void hubtest_each(hubtest_work *fn);

hubtest_work hubtest_begin, hubtest_say_much, hubtest_end, hubtest_drop;

/* Work sets it; the test waits until it is true. */
extern bool hubtest_is_so;
void hubtest_wait_until(hubtest_work *look, struct talk *talk);
void hubtest_wait_until_each(hubtest_work *look);

hubtest_work hubtest_has_entry, hubtest_is_durable, hubtest_is_storing;

/* ---- holding up the database */

void hubtest_hold(void);
void hubtest_let_go(void);

/* ---- replies and their readers */

void hubtest_start(struct talk *talk);
/* All replies speak, and their first batch is held up in the journal. */
void hubtest_start_held_up(void);

void hubtest_assert_stored(const struct talk *talk);
void hubtest_assert_read(const struct talk *talk, bool whole);

/* Reads to the end of each reader's stream: all text, and stored as such, or
 * the part before it broke. */
void hubtest_finish(bool whole);

#endif
