/* journaltest.h: a journal with a loop and a lease of its own, and replies that
 * stream under that lease. */

#ifndef UNIT_CHAT_JOURNALTEST_H
#define UNIT_CHAT_JOURNALTEST_H

#include "../repo/testdb.h"
#include "../unit.h"
#include "chat/journal.h"

extern struct journaltest {
	struct testdb *t;
	struct db *other; /* another process */
	struct journal *journal;
	struct journal_batch batch; /* under the lease */
} journaltest;

/* cmocka's group setup and teardown; then those of each test, which has a
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

/* Into the batch: a row of the journal, and an end whose message is made of
 * framed chunks. */
struct journal_entry *journaltest_say(
	const struct journaltest_reply *reply, uint32_t seq, struct span body);
struct journal_entry *
journaltest_finish(const struct journaltest_reply *reply, const char *chunks);
/* An end that is made of what the journal has. */
struct journal_entry *
journaltest_rebuild(const struct journaltest_reply *reply);

/* Chunks of a text, hello, and of metadata. */
#define JOURNALTEST_SAID                                                       \
	"data: {\"type\":\"start-step\"}\n\n"                                  \
	"data: {\"type\":\"text-start\",\"id\":\"1\"}\n\n"                     \
	"data: {\"type\":\"text-delta\",\"id\":\"1\",\"delta\":\"hello\"}\n\n" \
	"data: {\"type\":\"text-end\",\"id\":\"1\"}\n\n"                       \
	"data: {\"type\":\"message-metadata\",\"messageMetadata\":"            \
	"{\"model\":\"m\"}}\n\n"

/* No text that the database takes. */
extern const struct span journaltest_unreadable;

/* Hands the batch over; waits until it is back; both. */
void journaltest_submit(void);
void journaltest_wait(void);
void journaltest_store(void);

/* ---- what is stored */

uint64_t journaltest_rows(const struct journaltest_reply *reply);
struct message journaltest_stored(const struct journaltest_reply *reply);
void
journaltest_assert_streams(const struct journaltest_reply *reply, bool streams);
bool journaltest_has(struct span text, const char *part);

/* ---- what happens meanwhile */

/* It is over, but may be renewed; it is renewed; somebody else has it. */
void journaltest_expire(void);
void journaltest_renew(void);
void journaltest_take_away(struct db *db);

/* Another process has that row in a transaction, until it lets go. */
#define JOURNALTEST_LEASE "SELECT id FROM worker WHERE id = ? FOR UPDATE"
#define JOURNALTEST_SESSION "SELECT id FROM session WHERE id = ? FOR UPDATE"
void journaltest_hold(const char *sql, uint64_t id);
void journaltest_let_go(void);

void journaltest_nap(void);
/* Waits until a statement that is like *like* waits for a lock: until it takes
 * as long as nothing else does. Its connection. */
uint64_t journaltest_wait_for(const char *like);

#endif
