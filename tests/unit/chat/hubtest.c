/* hubtest.c: holds up the database with a lock on the row of the worker's
 * lease. */

#include "hubtest.h"

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
#define WORD_LEN 1000 /* bytes of one chunk */

struct hubtest hubtest;

static const size_t sizes[HUBTEST_READERS] = { MB + MB / 2, 3 * MB, 12 * MB };

/* ---- setting up */

static void
open_model(void)
{
	struct sockaddr_in name = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(name);

	hubtest.model_fd = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(
		bind(hubtest.model_fd, (struct sockaddr *)&name, len), 0);
	assert_int_equal(listen(hubtest.model_fd, 100), 0);
	assert_int_equal(
		getsockname(hubtest.model_fd, (struct sockaddr *)&name, &len),
		0);
	snprintf(hubtest.base_url, sizeof(hubtest.base_url),
		"http://127.0.0.1:%d/v1", ntohs(name.sin_port));
}

int
hubtest_open(void **state)
{
	if (testdb_open(state) != 0)
		return -1;
	hubtest.t = *state;
	open_model();
	hubtest.t->conf.llm.base_url = hubtest.base_url;
	hubtest.t->conf.llm.model = "m";
	hubtest.t->conf.chat.follower_max = (int64_t)(200 * MB);
	hubtest.t->conf.chat.journal_wait_ms = 60000;
	hubtest.t->conf.chat.drain_ms = 0;
	hubtest.lock = db_new(&hubtest.t->conf.db);
	hubtest.model = testmodel_open(&hubtest.t->conf, 64 * MB);
	return snowflake_open(&hubtest.t->conf, "hub", &hubtest.ids) == OK ? 0
									   : -1;
}

int
hubtest_close(void **state)
{
	llm_model_release(hubtest.model);
	snowflake_close(hubtest.ids);
	db_free(hubtest.lock);
	close(hubtest.model_fd);
	return testdb_close(state);
}

void
hubtest_nap_ms(long ms)
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
		hubtest.hub->lives.streams, work->talk->turn.reply_id);

	work->fn(stream, work->talk);
	monitor_enter(&work->monitor);
	work->done = true;
	monitor_notify(&work->monitor);
	monitor_leave(&work->monitor);
}

void
hubtest_in_loop(void (*fn)(struct stream *, struct talk *), struct talk *talk)
{
	struct work work = { .fn = fn, .talk = talk };

	monitor_open(&work.monitor);
	loop_post(hubtest.hub->lives.loop, run_work, &work);
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
	streams_mark(hubtest.hub->lives.streams, stream, STREAMS_NO_HURRY);
}

void
hubtest_begin(struct stream *stream, struct talk *talk)
{
	struct llm_event event = { .type = LLM_BEGIN };

	assert_int_equal(
		reply_event(stream->reply, &event, &stream->pending), OK);
	say_word(stream, talk);
}

void
hubtest_say_much(struct stream *stream, struct talk *talk)
{
	size_t size = sizes[talk - hubtest.talks];

	while (talk->said.len < size)
		say_word(stream, talk);
}

void
hubtest_end(struct stream *stream, struct talk *talk)
{
	struct llm_result result = { LLM_OK, LLM_FINISH_STOP, LLM_USAGE_NONE };

	(void)talk;
	life_event(stream, LIFE_OVER, (union life_what){ .result = &result });
}

void
hubtest_drop(struct stream *stream, struct talk *talk)
{
	(void)talk;
	assert_non_null(stream->entry);
	life_event(stream, LIFE_LOST, LIFE_NOTHING);
}

bool hubtest_is_so;

void
hubtest_has_entry(struct stream *stream, struct talk *talk)
{
	(void)talk;
	hubtest_is_so = stream->entry != NULL;
}

void
hubtest_is_durable(struct stream *stream, struct talk *talk)
{
	(void)talk;
	hubtest_is_so = stream->durable == stream_said(stream);
}

void
hubtest_is_storing(struct stream *stream, struct talk *talk)
{
	(void)talk;
	hubtest_is_so = stream->state == STREAM_STORING;
}

void
hubtest_wait_until(
	void (*look)(struct stream *, struct talk *), struct talk *talk)
{
	do {
		hubtest_nap_ms(5);
		hubtest_in_loop(look, talk);
	} while (!hubtest_is_so);
}

/* ---- holding up the database */

static const char HOLD[] = "SELECT id FROM worker WHERE id = ? FOR UPDATE";
static const char BEGIN[] = "START TRANSACTION";
static const char LET_GO[] = "COMMIT";

static void
read_nothing(struct row *row, void *out)
{
	*(uint64_t *)out = row_u64(row);
}

void
hubtest_hold(void)
{
	struct lease lease = snowflake_lease(hubtest.ids);
	uint64_t id;

	/* It is held longer than a transaction may be idle. */
	assert_int_equal(
		db_script(hubtest.lock,
			span_of("SET SESSION sql_auto_is_null = 0 /*M! ,"
				" SESSION idle_transaction_timeout = 0 */")),
		OK);
	assert_int_equal(db_script(hubtest.lock, span_of(BEGIN)), OK);
	assert_int_equal(db_one(hubtest.lock, NULL, HOLD,
				 PARAMS(U64(lease.node)), read_nothing, &id),
		OK);
}

void
hubtest_let_go(void)
{
	assert_int_equal(db_script(hubtest.lock, span_of(LET_GO)), OK);
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

void
hubtest_start(struct talk *talk)
{
	const struct turn_message message = { .id = span_of("u"),
		.is_user = true,
		.parts = span_of("[{\"type\":\"text\",\"text\":\"hi\"}]") };
	const struct turn_post post = { .user_id = testdb_user(hubtest.t),
		.messages = &message,
		.n = 1,
		.models = testmodels(&hubtest.t->conf) };
	struct hub_start start;
	int fds[2];

	*talk = (struct talk){ 0 };
	assert_int_equal(turn_open(hubtest.t->db, hubtest.ids,
				 &hubtest.t->arena, &post, &talk->turn),
		OK);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	talk->fd = fds[0];
	start = (struct hub_start){ .session_id = talk->turn.session_id,
		.model = llm_model_hold(hubtest.model),
		.message_id = talk->turn.reply_id,
		.lease = talk->turn.lease,
		.began_ms = talk->turn.began_ms,
		.peer = { fds[1], 0 } };
	buf_puts(&start.body, "{}");
	hub_start(hubtest.hub, &start);
	assert_int_equal(pthread_create(&talk->reader, NULL, read_on, talk), 0);
}

void
hubtest_each(void (*fn)(struct stream *, struct talk *))
{
	for (int i = 0; i < HUBTEST_READERS; i++)
		hubtest_in_loop(fn, &hubtest.talks[i]);
}

void
hubtest_wait_until_each(void (*look)(struct stream *, struct talk *))
{
	for (int i = 0; i < HUBTEST_READERS; i++)
		hubtest_wait_until(look, &hubtest.talks[i]);
}

/* All replies speak, and their first batch is held up in the journal. */
void
hubtest_start_held_up(void)
{
	assert_int_equal(hub_open(&hubtest.t->conf, &hubtest.tools, hubtest.ids,
				 &plain_framing, &hubtest.hub),
		OK);
	for (int i = 0; i < HUBTEST_READERS; i++)
		hubtest_start(&hubtest.talks[i]);
	hubtest_hold();
	hubtest_each(hubtest_begin);
	hubtest_wait_until(hubtest_has_entry, &hubtest.talks[0]);
}

/* Joins the text of all deltas that a reader was sent. */
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

void
hubtest_assert_stored(const struct talk *talk)
{
	struct span parts = { NULL, 0 };

	assert_int_equal(db_one(hubtest.t->db, &hubtest.t->arena, STORED,
				 PARAMS(U64(talk->turn.session_id),
					 U64(talk->turn.reply_id)),
				 read_parts, &parts),
		OK);
	assert_non_null(
		memmem(parts.data, parts.len, talk->said.data, talk->said.len));
	assert_int_equal(
		testdb_number(hubtest.t, ROWS, talk->turn.reply_id), 0);
}

void
hubtest_assert_read(const struct talk *talk, bool whole)
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

/* Reads to the end of each reader's stream: all text, and stored as such, or
 * the part before it broke. */
void
hubtest_finish(bool whole)
{
	for (int i = 0; i < HUBTEST_READERS; i++) {
		struct talk *talk = &hubtest.talks[i];

		pthread_join(talk->reader, NULL);
		hubtest_assert_read(talk, whole);
		if (whole)
			hubtest_assert_stored(talk);
		buf_free(&talk->said);
		buf_free(&talk->read);
	}
}
