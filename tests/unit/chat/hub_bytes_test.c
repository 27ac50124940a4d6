/* hub_bytes_test.c: who owns what was said, with far more of it than one row
 * of the journal takes, in every moment of a stream's life. The database is
 * held up by a lock on the row of the worker's lease. Each case runs with
 * 1.5, 3 and 12 MB at once. */

#include "chat/hub_private.h"

#include "../repo/testdb.h"
#include "../unit.h"
#include "base/mem.h"
#include "chat/stream_private.h"
#include "chat/turn.h"
#include "plain_framing.h"
#include "testmodel.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MB ((size_t)1 << 20)
#define WORD_LEN 1000 /* of one chunk */
#define READERS 3

static const size_t sizes[READERS] = { MB + MB / 2, 3 * MB, 12 * MB };

/* One reply, its reader, and what it is made to say. */
struct talk {
	struct turn turn;
	int fd;
	struct buf said, read;
	pthread_t reader;
};

static struct stage {
	struct testdb *t;
	struct snowflake *ids;
	struct llm_model *model;
	struct tool_set tools;
	struct hub *hub;
	struct db *lock; /* holds the database up */
	struct talk talks[READERS];
	int model_fd; /* takes requests and never answers */
	char base_url[64];
} stage;

/* ---- setting up */

static void
open_model(void)
{
	struct sockaddr_in name = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(name);

	stage.model_fd = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(
		bind(stage.model_fd, (struct sockaddr *)&name, len), 0);
	assert_int_equal(listen(stage.model_fd, 100), 0);
	assert_int_equal(
		getsockname(stage.model_fd, (struct sockaddr *)&name, &len), 0);
	snprintf(stage.base_url, sizeof(stage.base_url),
		"http://127.0.0.1:%d/v1", ntohs(name.sin_port));
}

static int
open_all(void **state)
{
	if (testdb_open(state) != 0)
		return -1;
	stage.t = *state;
	open_model();
	stage.t->conf.llm.base_url = stage.base_url;
	stage.t->conf.llm.model = "m";
	stage.t->conf.chat.follower_max = (int64_t)(200 * MB);
	stage.t->conf.chat.journal_wait_ms = 60000;
	stage.t->conf.chat.drain_ms = 0;
	stage.lock = db_new(&stage.t->conf.db);
	stage.model = testmodel_open(&stage.t->conf, 64 * MB);
	return snowflake_open(&stage.t->conf, "hub", &stage.ids) == OK ? 0 : -1;
}

static int
close_all(void **state)
{
	llm_model_release(stage.model);
	snowflake_close(stage.ids);
	db_free(stage.lock);
	close(stage.model_fd);
	return testdb_close(state);
}

static void
nap_ms(long ms)
{
	const struct timespec pause = { ms / 1000, ms % 1000 * 1000000 };

	nanosleep(&pause, NULL);
}

/* ---- work in the loop's thread */

struct work {
	void (*fn)(struct stream *stream, struct talk *talk);
	struct talk *talk;
	struct monitor monitor;
	bool done;
};

static void
run_work(void *arg)
{
	struct work *work = arg;
	struct stream *stream = streams_find(
		stage.hub->lives.streams, work->talk->turn.reply_id);

	work->fn(stream, work->talk);
	monitor_enter(&work->monitor);
	work->done = true;
	monitor_notify(&work->monitor);
	monitor_leave(&work->monitor);
}

static void
in_loop(void (*fn)(struct stream *, struct talk *), struct talk *talk)
{
	struct work work = { .fn = fn, .talk = talk };

	monitor_open(&work.monitor);
	loop_post(stage.hub->lives.loop, run_work, &work);
	monitor_enter(&work.monitor);
	while (!work.done)
		monitor_wait(&work.monitor);
	monitor_leave(&work.monitor);
	monitor_close(&work.monitor);
}

static void
say_word(struct stream *stream, struct talk *talk)
{
	char word[WORD_LEN + 1];
	struct llm_event event = { .type = LLM_TEXT };
	int n = snprintf(word, sizeof(word), "%zu ", talk->said.len);

	memset(word + n, 'a' + (int)(talk->said.len / WORD_LEN % 26),
		(size_t)(WORD_LEN - n));
	word[WORD_LEN] = '\0';
	event.text = span_of(word);
	buf_puts(&talk->said, word);
	assert_int_equal(
		reply_event(stream->reply, &event, &stream->pending), OK);
	streams_mark(stage.hub->lives.streams, stream, STREAMS_NO_HURRY);
}

static void
begin(struct stream *stream, struct talk *talk)
{
	struct llm_event event = { .type = LLM_BEGIN };

	assert_int_equal(
		reply_event(stream->reply, &event, &stream->pending), OK);
	say_word(stream, talk);
}

static void
say_much(struct stream *stream, struct talk *talk)
{
	size_t size = sizes[talk - stage.talks];

	while (talk->said.len < size)
		say_word(stream, talk);
}

static void
end(struct stream *stream, struct talk *talk)
{
	struct llm_result result = { LLM_OK, LLM_FINISH_STOP, LLM_USAGE_NONE };

	(void)talk;
	life_event(stream, LIFE_OVER, (union life_what){ .result = &result });
}

static void
drop(struct stream *stream, struct talk *talk)
{
	(void)talk;
	assert_non_null(stream->entry);
	life_event(stream, LIFE_LOST, LIFE_NOTHING);
}

static bool is_so;

static void
look_for_entry(struct stream *stream, struct talk *talk)
{
	(void)talk;
	is_so = stream->entry != NULL;
}

static void
look_whether_durable(struct stream *stream, struct talk *talk)
{
	(void)talk;
	is_so = stream->durable == stream_said(stream);
}

static void
look_whether_storing(struct stream *stream, struct talk *talk)
{
	(void)talk;
	is_so = stream->state == STREAM_STORING;
}

static void
wait_until(void (*look)(struct stream *, struct talk *), struct talk *talk)
{
	do {
		nap_ms(5);
		in_loop(look, talk);
	} while (!is_so);
}

/* ---- the database, held up */

static const char HOLD[] = "SELECT id FROM worker WHERE id = ? FOR UPDATE";
static const char BEGIN[] = "START TRANSACTION";
static const char LET_GO[] = "COMMIT";
static const char TAKE_AWAY[] =
	"UPDATE worker SET epoch = epoch + 1 WHERE id = ?";

static void
read_nothing(struct row *row, void *out)
{
	*(uint64_t *)out = row_u64(row);
}

static void
hold(void)
{
	struct lease lease = snowflake_lease(stage.ids);
	uint64_t id;

	/* It is held for longer than a transaction may lie idle. */
	assert_int_equal(
		db_script(stage.lock,
			span_of("SET SESSION sql_auto_is_null = 0 /*M! ,"
				" SESSION idle_transaction_timeout = 0 */")),
		OK);
	assert_int_equal(db_script(stage.lock, span_of(BEGIN)), OK);
	assert_int_equal(db_one(stage.lock, NULL, HOLD, PARAMS(U64(lease.node)),
				 read_nothing, &id),
		OK);
}

static void
let_go(void)
{
	assert_int_equal(db_script(stage.lock, span_of(LET_GO)), OK);
}

/* ---- replies and their readers */

static void *
read_on(void *arg)
{
	struct talk *talk = arg;
	static _Thread_local char bytes[65536];
	ssize_t n;

	while ((n = read(talk->fd, bytes, sizeof(bytes))) > 0)
		buf_append(&talk->read, bytes, (size_t)n);
	close(talk->fd);
	return NULL;
}

static void
start(struct talk *talk)
{
	const struct turn_message message = { .id = span_of("u"),
		.is_user = true,
		.parts = span_of("[{\"type\":\"text\",\"text\":\"hi\"}]") };
	const struct turn_post post = { .user_id = testdb_user(stage.t),
		.messages = &message,
		.n = 1,
		.models = testmodels(&stage.t->conf) };
	struct hub_start start;
	int fds[2];

	*talk = (struct talk){ 0 };
	assert_int_equal(turn_open(stage.t->db, stage.ids, &stage.t->arena,
				 &post, &talk->turn),
		OK);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	talk->fd = fds[0];
	start = (struct hub_start){ .session_id = talk->turn.session_id,
		.model = llm_model_hold(stage.model),
		.message_id = talk->turn.reply_id,
		.lease = talk->turn.lease,
		.began_ms = talk->turn.began_ms,
		.peer = { fds[1], 0 } };
	buf_puts(&start.body, "{}");
	hub_start(stage.hub, &start);
	assert_int_equal(pthread_create(&talk->reader, NULL, read_on, talk), 0);
}

static void
each(void (*fn)(struct stream *, struct talk *))
{
	for (int i = 0; i < READERS; i++)
		in_loop(fn, &stage.talks[i]);
}

static void
wait_until_each(void (*look)(struct stream *, struct talk *))
{
	for (int i = 0; i < READERS; i++)
		wait_until(look, &stage.talks[i]);
}

/* All talk, and their first batch is held up in the journal. */
static void
start_held_up(void)
{
	assert_int_equal(hub_open(&stage.t->conf, &stage.tools, stage.ids,
				 &plain_framing, &stage.hub),
		OK);
	for (int i = 0; i < READERS; i++)
		start(&stage.talks[i]);
	hold();
	each(begin);
	wait_until(look_for_entry, &stage.talks[0]);
}

/* The text of all deltas that a reader was sent. */
static void
join_deltas(struct span read, struct buf *out)
{
	static const char MARK[] = "\"delta\":\"";
	const size_t mark_len = sizeof(MARK) - 1;
	const char *end = read.data + read.len, *at = read.data, *quote;

	while ((at = memmem(at, (size_t)(end - at), MARK, mark_len)) != NULL) {
		at += mark_len;
		quote = memchr(at, '"', (size_t)(end - at));
		if (quote == NULL)
			return;
		buf_append(out, at, (size_t)(quote - at));
	}
}

static bool
has_end(struct span read)
{
	static const char END[] = "[DONE]\n\n<end>";
	const size_t len = sizeof(END) - 1;

	return read.len >= len &&
		memcmp(read.data + read.len - len, END, len) == 0;
}

static void
read_parts(struct row *row, void *out)
{
	*(struct span *)out = row_span(row);
}

static const char STORED[] = "SELECT parts FROM message WHERE session_id = ?"
			     " AND id = ? AND status = 'complete'";
static const char ROWS[] = "SELECT COUNT(*) FROM message_delta"
			   " WHERE message_id = ?";

static void
assert_stored(const struct talk *talk)
{
	struct span parts = { NULL, 0 };

	assert_int_equal(db_one(stage.t->db, &stage.t->arena, STORED,
				 PARAMS(U64(talk->turn.session_id),
					 U64(talk->turn.reply_id)),
				 read_parts, &parts),
		OK);
	assert_non_null(
		memmem(parts.data, parts.len, talk->said.data, talk->said.len));
	assert_int_equal(testdb_number(stage.t, ROWS, talk->turn.reply_id), 0);
}

static void
assert_read(const struct talk *talk, bool whole)
{
	struct buf text = BUF_INIT;

	join_deltas(buf_span(&talk->read), &text);
	assert_int_equal(has_end(buf_span(&talk->read)), whole);
	if (whole)
		assert_int_equal(text.len, talk->said.len);
	assert_true(text.len <= talk->said.len);
	assert_memory_equal(buf_str(&text), talk->said.data, text.len);
	buf_free(&text);
}

/* To the readers' end: all, and stored so, or what came before it broke. */
static void
finish(bool whole)
{
	for (int i = 0; i < READERS; i++) {
		struct talk *talk = &stage.talks[i];

		pthread_join(talk->reader, NULL);
		assert_read(talk, whole);
		if (whole)
			assert_stored(talk);
		buf_free(&talk->said);
		buf_free(&talk->read);
	}
}

/* ---- the moments */

static void
running(void **state)
{
	(void)state;
	start_held_up();
	each(say_much);
	let_go();
	wait_until_each(look_whether_durable);
	each(end);
	finish(true);
	hub_close(stage.hub);
}

static void
ended(void **state)
{
	(void)state;
	start_held_up();
	each(say_much);
	each(end);
	let_go();
	finish(true);
	hub_close(stage.hub);
}

static void
storing(void **state)
{
	(void)state;
	start_held_up();
	each(say_much);
	let_go();
	wait_until_each(look_whether_durable);
	hold();
	each(end);
	wait_until(look_whether_storing, &stage.talks[0]);
	let_go();
	finish(true);
	hub_close(stage.hub);
}

static void
dropped_while_in_flight(void **state)
{
	struct talk more = { 0 };

	(void)state;
	start_held_up();
	each(say_much);
	wait_until(look_for_entry, &stage.talks[0]);
	in_loop(drop, &stage.talks[0]);
	let_go();
	wait_until(look_whether_durable, &stage.talks[1]);
	start(&more);
	in_loop(begin, &more);
	in_loop(end, &more);
	pthread_join(more.reader, NULL);
	assert_stored(&more);
	buf_free(&more.said);
	buf_free(&more.read);
	hub_close(stage.hub);
	pthread_join(stage.talks[0].reader, NULL);
	assert_read(&stage.talks[0], false);
	for (int i = 0; i < READERS; i++) {
		if (i > 0)
			pthread_join(stage.talks[i].reader, NULL);
		buf_free(&stage.talks[i].said);
		buf_free(&stage.talks[i].read);
	}
}

/* The lease has gone to somebody else, and with it the replies. */
static void
lease_changed(void **state)
{
	struct lease before = snowflake_lease(stage.ids), now;

	(void)state;
	start_held_up();
	each(say_much);
	assert_int_equal(
		db_exec(stage.lock, TAKE_AWAY, PARAMS(U64(before.node))), OK);
	let_go();
	finish(false);
	do {
		nap_ms(20);
		now = snowflake_lease(stage.ids);
	} while (now.epoch == 0 ||
		(now.node == before.node && now.epoch == before.epoch));
	hub_close(stage.hub);
}

static void
all_is_read(struct stream *stream, struct talk *talk)
{
	(void)talk;
	is_so = stream->shown == stream_said(stream);
}

static void
shown_before_it_is_durable(void **state)
{
	(void)state;
	stage.t->conf.chat.journal_wait_ms = 50;
	start_held_up();
	each(say_much);
	wait_until_each(all_is_read);
	let_go();
	wait_until_each(look_whether_durable);
	each(end);
	finish(true);
	hub_close(stage.hub);
	stage.t->conf.chat.journal_wait_ms = 60000;
}

static void *
close_hub(void *arg)
{
	hub_close(arg);
	return NULL;
}

/* Longer than it waits for the last updates (LAST_STORE_MS). */
#define CLOSE_MS 10500

/* It gives up what the database does not take in time. */
static void
closed_while_a_batch_is_out(void **state)
{
	pthread_t closer;

	(void)state;
	start_held_up();
	each(say_much);
	assert_int_equal(
		pthread_create(&closer, NULL, close_hub, stage.hub), 0);
	nap_ms(CLOSE_MS);
	let_go();
	finish(false);
	pthread_join(closer, NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(running),
		cmocka_unit_test(ended),
		cmocka_unit_test(storing),
		cmocka_unit_test(dropped_while_in_flight),
		cmocka_unit_test(lease_changed),
		cmocka_unit_test(shown_before_it_is_durable),
		cmocka_unit_test(closed_while_a_batch_is_out),
	};

	return cmocka_run_group_tests(tests, open_all, close_all);
}
