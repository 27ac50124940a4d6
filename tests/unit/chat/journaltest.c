#include "journaltest.h"

#include "base/monitor.h"
#include "db/row.h"
#include "message/parts.h"
#include "repo/session.h"

#include <pthread.h>
#include <string.h>
#include <time.h>

#define NODE 1011
#define EPOCH 7
#define BEGAN_MS INT64_C(1763812800000)

struct journaltest journaltest;

const struct span journaltest_unreadable = { "\xff", 1 };

static struct {
	struct loop *loop;
	pthread_t thread;
	struct monitor monitor;
	unsigned n_back, n_seen;
} stage;

static void *
run_loop(void *arg)
{
	loop_run(arg);
	return NULL;
}

static void
on_back(void *arg)
{
	(void)arg;
	monitor_enter(&stage.monitor);
	stage.n_back++;
	monitor_notify(&stage.monitor);
	monitor_leave(&stage.monitor);
}

int
journaltest_open(void **state)
{
	if (testdb_open(state) != 0)
		return -1;
	journaltest.t = *state;
	journaltest.other = db_new(&journaltest.t->conf.db);
	monitor_open(&stage.monitor);
	if (loop_open(&stage.loop) != OK)
		return -1;
	return pthread_create(&stage.thread, NULL, run_loop, stage.loop);
}

int
journaltest_close(void **state)
{
	loop_stop(stage.loop);
	pthread_join(stage.thread, NULL);
	loop_close(stage.loop);
	monitor_close(&stage.monitor);
	db_free(journaltest.other);
	return testdb_close(state);
}

int
journaltest_begin(void **state)
{
	static const char LEASE[] =
		"REPLACE INTO worker (id, epoch, holder, lease_until, last_ms)"
		" VALUES (?, ?, '', '2100-01-01', 1)";

	(void)state;
	journaltest.batch = (struct journal_batch){ .lease = { NODE, EPOCH } };
	stage.n_back = 0;
	stage.n_seen = 0;
	if (db_exec(journaltest.t->db, LEASE, PARAMS(U64(NODE), U64(EPOCH))) !=
		OK)
		return -1;
	return journal_open(&journaltest.t->conf, stage.loop, false, on_back,
		       NULL, &journaltest.journal) == OK
		? 0
		: -1;
}

int
journaltest_end(void **state)
{
	(void)state;
	if (journaltest.journal != NULL)
		journal_close(journaltest.journal);
	journal_batch_clear(&journaltest.batch);
	return 0;
}

/* ---- replies */

struct journaltest_reply
journaltest_reply(void)
{
	struct testdb *t = journaltest.t;
	struct journaltest_reply reply = { .life = { { NODE, EPOCH },
						   BEGAN_MS } };
	struct message message = { .id = testdb_id(),
		.active = true,
		.status = STATUS_STREAMING,
		.parts = span_of("[]"),
		.worker_id = NODE,
		.worker_epoch = EPOCH,
		.create_ms = BEGAN_MS };

	reply.session_id = testdb_session(t, testdb_user(t), BEGAN_MS);
	reply.id = message.id;
	assert_int_equal(message_insert(t->db, reply.session_id, &message), OK);
	return reply;
}

static struct journal_entry *
new_entry(const struct journaltest_reply *reply)
{
	struct journal_entry *entry = journal_entry_new();

	entry->session_id = reply->session_id;
	entry->message_id = reply->id;
	return entry;
}

struct journal_entry *
journaltest_say(
	const struct journaltest_reply *reply, uint32_t seq, struct span body)
{
	struct journal_entry *entry = new_entry(reply);

	entry->seq = seq;
	buf_put_span(&entry->body, body);
	journal_batch_add(&journaltest.batch, entry);
	return entry;
}

static struct journal_entry *
new_end(const struct journaltest_reply *reply)
{
	struct journal_entry *entry = new_entry(reply);

	entry->is_end = true;
	entry->life = reply->life;
	entry->status = STATUS_COMPLETE;
	return entry;
}

struct journal_entry *
journaltest_finish(const struct journaltest_reply *reply, const char *chunks)
{
	struct journal_entry *entry = new_end(reply);
	struct arena arena = ARENA_INIT;

	entry->said = parts_open();
	assert_int_equal(parts_fold(entry->said, &arena, span_of(chunks)), OK);
	arena_reset(&arena);
	journal_batch_add(&journaltest.batch, entry);
	return entry;
}

struct journal_entry *
journaltest_rebuild(const struct journaltest_reply *reply)
{
	struct journal_entry *entry = new_end(reply);

	entry->rebuilt = true;
	journal_batch_add(&journaltest.batch, entry);
	return entry;
}

/* ---- submitting and waiting */

void
journaltest_submit(void)
{
	journal_submit(journaltest.journal, &journaltest.batch);
}

void
journaltest_wait(void)
{
	monitor_enter(&stage.monitor);
	while (stage.n_back == stage.n_seen)
		monitor_wait(&stage.monitor);
	stage.n_seen++;
	monitor_leave(&stage.monitor);
}

void
journaltest_store(void)
{
	journaltest_submit();
	journaltest_wait();
}

/* ---- what is stored */

uint64_t
journaltest_rows(const struct journaltest_reply *reply)
{
	return testdb_number(journaltest.t,
		"SELECT COUNT(*) FROM message_delta WHERE message_id = ?",
		reply->id);
}

struct message
journaltest_stored(const struct journaltest_reply *reply)
{
	struct message message;

	assert_int_equal(
		message_find_id(journaltest.t->db, &journaltest.t->arena,
			reply->session_id, reply->id, &message),
		OK);
	return message;
}

void
journaltest_assert_streams(const struct journaltest_reply *reply, bool streams)
{
	assert_int_equal(
		strcmp(journaltest_stored(reply).status, STATUS_STREAMING) == 0,
		streams);
}

bool
journaltest_has(struct span text, const char *part)
{
	return memmem(text.data, text.len, part, strlen(part)) != NULL;
}

/* ---- interference */

static void
lease_until(const char *time)
{
	assert_int_equal(
		db_exec(journaltest.t->db,
			"UPDATE worker SET lease_until = ? WHERE id = ?",
			PARAMS(STR(time), U64(NODE))),
		OK);
}

void
journaltest_expire(void)
{
	lease_until("2020-01-01");
}

void
journaltest_renew(void)
{
	lease_until("2100-01-01");
}

void
journaltest_take_away(struct db *db)
{
	assert_int_equal(
		db_exec(db, "UPDATE worker SET epoch = epoch + 1 WHERE id = ?",
			PARAMS(U64(NODE))),
		OK);
}

static const char BEGIN[] = "START TRANSACTION";
static const char COMMIT[] = "COMMIT";

void
journaltest_hold(const char *sql, uint64_t id)
{
	uint64_t found;

	assert_int_equal(db_script(journaltest.other, span_of(BEGIN)), OK);
	assert_int_equal(db_one(journaltest.other, NULL, sql, PARAMS(U64(id)),
				 row_read_u64, &found),
		OK);
}

void
journaltest_let_go(void)
{
	assert_int_equal(db_script(journaltest.other, span_of(COMMIT)), OK);
}

void
journaltest_nap(void)
{
	const struct timespec pause = { 0, 20000000 };

	nanosleep(&pause, NULL);
}

uint64_t
journaltest_wait_for(const char *like)
{
	static const char WAITS[] =
		"SELECT id FROM information_schema.processlist WHERE info"
		" LIKE ? AND id <> CONNECTION_ID() AND command <> 'Sleep'"
		" AND time >= 1 LIMIT 1";
	uint64_t id = 0;

	while (db_one(journaltest.t->db, &journaltest.t->arena, WAITS,
		       PARAMS(STR(like)), row_read_u64, &id) != OK)
		journaltest_nap();
	return id;
}
