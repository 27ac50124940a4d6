/* journaltest.h: a journal with its own loop and lease, and replies that stream
 * under that lease. */

#ifndef UNIT_CHAT_JOURNALTEST_H
#define UNIT_CHAT_JOURNALTEST_H

#include "../repo/testdb.h"
#include "../unit.h"
#include "chat/journal.h"

extern struct journaltest {
	struct testdb *t;
	struct db *other; /* a connection of another process */
	struct journal *journal;
	struct journal_batch batch; /* entries under the lease */
} journaltest;

/* cmocka's group setup and teardown, and those of each test, which has a
 * journal and an empty batch. */
int journaltest_open(void **state);
int journaltest_close(void **state);
int journaltest_begin(void **state);
int journaltest_end(void **state);
#define JOURNALTEST(name)                \
	cmocka_unit_test_setup_teardown( \
		name, journaltest_begin, journaltest_end)

/* A reply that streams under the lease. */
struct journaltest_reply {
	uint64_t session_id, id;
	struct message_life life;
};
struct journaltest_reply journaltest_reply(void);

/* Adds to the batch: a row of the journal; an end whose message is made of
 * framed chunks. */
struct journal_entry *journaltest_say(
	const struct journaltest_reply *reply, uint32_t seq, struct span body);
struct journal_entry *
journaltest_finish(const struct journaltest_reply *reply, const char *chunks);
/* Adds an end that is made of what the journal has. */
struct journal_entry *
journaltest_rebuild(const struct journaltest_reply *reply);

/* The chunks of the text "hello", and of metadata. */
#define JOURNALTEST_SAID                                                       \
	"data: {\"type\":\"start-step\"}\n\n"                                  \
	"data: {\"type\":\"text-start\",\"id\":\"1\"}\n\n"                     \
	"data: {\"type\":\"text-delta\",\"id\":\"1\",\"delta\":\"hello\"}\n\n" \
	"data: {\"type\":\"text-end\",\"id\":\"1\"}\n\n"                       \
	"data: {\"type\":\"message-metadata\",\"messageMetadata\":"            \
	"{\"model\":\"m\"}}\n\n"

/* A text that the database refuses. */
extern const struct span journaltest_unreadable;

/* Submits the batch; waits until it is back; does both. */
void journaltest_submit(void);
void journaltest_wait(void);
void journaltest_store(void);

/* ---- what is stored */

uint64_t journaltest_rows(const struct journaltest_reply *reply);
struct message journaltest_stored(const struct journaltest_reply *reply);
void
journaltest_assert_streams(const struct journaltest_reply *reply, bool streams);
bool journaltest_has(struct span text, const char *part);

/* ---- interference */

/* Let the lease expire so that it can still be renewed; renew it; give it to
 * another process. */
void journaltest_expire(void);
void journaltest_renew(void);
void journaltest_take_away(struct db *db);

/* Lets another process hold that row in a transaction until it releases it. */
#define JOURNALTEST_LEASE "SELECT id FROM worker WHERE id = ? FOR UPDATE"
#define JOURNALTEST_SESSION "SELECT id FROM session WHERE id = ? FOR UPDATE"
void journaltest_hold(const char *sql, uint64_t id);
void journaltest_let_go(void);

void journaltest_nap(void);
/* Waits until a statement that matches *like* waits for a lock, which it does
 * if it takes longer than anything else would. Returns its connection. */
uint64_t journaltest_wait_for(const char *like);

#endif
