/* hub_gap_test.c: what waits for the pause between two commits, and what does
 * not. The pause is an hour: whatever is shown has not waited for it. */

#include "chat/hub.h"

#include "../repo/testdb.h"
#include "../unit.h"
#include "chat/turn.h"
#include "plain_framing.h"
#include "testmodel.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define HOUR_MS 3600000
#define ENOUGH 32 /* streams that make a batch by themselves */

#define ANSWER                                                   \
	"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n" \
	"Connection: close\r\n\r\n"
#define WORD(word)                                                        \
	"data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" word \
	"\"},\"finish_reason\":null}]}\n\n"
#define END                                                             \
	"data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason" \
	"\":\"stop\"}]}\n\ndata: [DONE]\n\n"

static struct stage {
	struct testdb *t;
	struct snowflake *ids;
	struct llm_model *model;
	struct tool_set tools;
	struct hub *hub;
	int model_fd;
	char base_url[64];
} stage;

static int
open_all(void **state)
{
	struct sockaddr_in name = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(name);

	if (testdb_open(state) != 0)
		return -1;
	stage.t = *state;
	stage.model_fd = socket(AF_INET, SOCK_STREAM, 0);
	if (bind(stage.model_fd, (struct sockaddr *)&name, len) != 0 ||
		listen(stage.model_fd, 100) != 0 ||
		getsockname(stage.model_fd, (struct sockaddr *)&name, &len) !=
			0)
		return -1;
	snprintf(stage.base_url, sizeof(stage.base_url),
		"http://127.0.0.1:%d/v1", ntohs(name.sin_port));
	stage.t->conf.llm.base_url = stage.base_url;
	stage.t->conf.llm.model = "m";
	stage.t->conf.chat.journal_gap_ms = HOUR_MS;
	stage.t->conf.chat.drain_ms = 0;
	stage.model = testmodel_open(&stage.t->conf, 1 << 20);
	if (snowflake_open(&stage.t->conf, "hub_gap_test", &stage.ids) != OK)
		return -1;
	return hub_open(&stage.t->conf, &stage.tools, stage.ids, &plain_framing,
		       &stage.hub) == OK
		? 0
		: -1;
}

static int
close_all(void **state)
{
	hub_close(stage.hub);
	llm_model_release(stage.model);
	snowflake_close(stage.ids);
	close(stage.model_fd);
	return testdb_close(state);
}

/* ---- a reply: its reader's connection and its model's */

struct talk {
	uint64_t session_id;
	int reader, model;
	struct buf read;
};

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
	struct hub_start start = { .fault = LLM_OK };
	struct turn turn;
	int fds[2];

	*talk = (struct talk){ 0 };
	assert_int_equal(turn_open(stage.t->db, stage.ids, &stage.t->arena,
				 &post, &turn),
		OK);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	talk->session_id = turn.session_id;
	talk->reader = fds[0];
	start.session_id = turn.session_id;
	start.message_id = turn.reply_id;
	start.model = llm_model_hold(stage.model);
	start.lease = turn.lease;
	start.began_ms = turn.began_ms;
	start.peer.fd = fds[1];
	buf_puts(&start.body, "{}");
	hub_start(stage.hub, &start);
	talk->model = accept(stage.model_fd, NULL, NULL);
	assert_true(talk->model >= 0);
}

static void
say(struct talk *talk, const char *text)
{
	ssize_t len = (ssize_t)strlen(text);

	assert_int_equal(
		send(talk->model, text, (size_t)len, MSG_NOSIGNAL), len);
}

/* Reads until it is there; a test that hangs is a test that fails. */
static void
read_until(struct talk *talk, const char *text)
{
	char bytes[4096];
	ssize_t n;

	while (strstr(buf_str(&talk->read), text) == NULL) {
		n = read(talk->reader, bytes, sizeof(bytes));
		assert_true(n > 0);
		buf_append(&talk->read, bytes, (size_t)n);
	}
}

/* The model says its last, and leaves when that was read: bytes that lie unread
 * on either side at close() would take the answer with them. */
static void
leave(struct talk *talk)
{
	char bytes[4096];

	say(talk, END);
	assert_int_equal(shutdown(talk->model, SHUT_WR), 0);
	while (read(talk->model, bytes, sizeof(bytes)) > 0)
		continue;
	close(talk->model);
}

static void
finish(struct talk *talk)
{
	leave(talk);
	read_until(talk, "[DONE]");
	close(talk->reader);
	buf_free(&talk->read);
}

static uint64_t
n_batches(void)
{
	return hub_counts(stage.hub).batches_total;
}

/* The words between come with the end, in its commit. */
static void
first_words_and_ends_do_not_wait(void **state)
{
	struct talk talk;
	uint64_t batches;

	(void)state;
	start(&talk);
	say(&talk, ANSWER WORD("one"));
	read_until(&talk, "\"one\"");
	batches = n_batches();
	say(&talk, WORD("two"));
	say(&talk, WORD("three"));
	usleep(100000);
	assert_int_equal(n_batches(), batches);
	assert_null(strstr(buf_str(&talk.read), "\"two\""));
	finish(&talk);
	assert_int_equal(n_batches(), batches + 1);
}

static void
enough_rows_do_not_wait(void **state)
{
	static struct talk talks[ENOUGH];

	(void)state;
	for (int i = 0; i < ENOUGH; i++) {
		start(&talks[i]);
		say(&talks[i], ANSWER WORD("one"));
		read_until(&talks[i], "\"one\"");
	}
	for (int i = 0; i < ENOUGH; i++)
		say(&talks[i], WORD("two"));
	for (int i = 0; i < ENOUGH; i++)
		read_until(&talks[i], "\"two\"");
	for (int i = 0; i < ENOUGH; i++)
		finish(&talks[i]);
}

/* More than one batch takes; the first is held up until all have ended. */
#define MANY 60

static enum err
end_many(struct db *db, void *arg)
{
	static const char HOLD[] =
		"UPDATE session SET title = title WHERE id = ?";
	struct talk *talks = arg;
	uint64_t batches = n_batches();

	TRY(db_exec(db, HOLD, PARAMS(U64(talks[0].session_id))));
	for (int i = 0; i < MANY; i++) {
		leave(&talks[i]);
		while (n_batches() == batches)
			usleep(10000);
	}
	return OK;
}

static void
who_finds_no_room_in_a_batch_is_in_the_next(void **state)
{
	static struct talk talks[MANY];
	struct db *beside = db_new(&stage.t->conf.db);
	uint64_t batches;

	(void)state;
	for (int i = 0; i < MANY; i++) {
		start(&talks[i]);
		say(&talks[i], ANSWER WORD("one"));
		read_until(&talks[i], "\"one\"");
	}
	batches = n_batches();
	assert_int_equal(db_transaction(beside, end_many, talks), OK);
	db_free(beside);
	for (int i = 0; i < MANY; i++) {
		read_until(&talks[i], "[DONE]");
		close(talks[i].reader);
		buf_free(&talks[i].read);
	}
	/* One alone, and few for all the others. */
	assert_in_range(n_batches() - batches, 3, MANY / 4);
}

/* Its end is held up: somebody has the session. */
struct held {
	struct talk *large, *small;
};

static enum err
end_one_beside(struct db *db, void *arg)
{
	static const char HOLD[] =
		"UPDATE session SET title = title WHERE id = ?";
	const struct held *held = arg;

	TRY(db_exec(db, HOLD, PARAMS(U64(held->large->session_id))));
	leave(held->large);
	usleep(100000);
	start(held->small);
	say(held->small, ANSWER WORD("one"));
	read_until(held->small, "\"one\"");
	finish(held->small);
	assert_null(strstr(buf_str(&held->large->read), "[DONE]"));
	return OK;
}

static void
nobody_waits_for_the_end_of_a_long_reply(void **state)
{
	static char word[40000 + sizeof(WORD(""))] = "";
	struct talk large, small;
	struct held held = { &large, &small };
	struct db *beside = db_new(&stage.t->conf.db);

	(void)state;
	memset(word, 'x', 40000);
	start(&large);
	say(&large, ANSWER WORD("one"));
	read_until(&large, "\"one\"");
	for (int i = 0; i < 10; i++) {
		say(&large,
			"data: {\"choices\":[{\"index\":0,\"delta\":{"
			"\"content\":\"");
		say(&large, word);
		say(&large, "\"},\"finish_reason\":null}]}\n\n");
	}
	assert_int_equal(db_transaction(beside, end_one_beside, &held), OK);
	db_free(beside);
	read_until(&large, "[DONE]");
	close(large.reader);
	buf_free(&large.read);
}

/* Until this process has another one. */
static void
lose_lease(void)
{
	struct lease before = snowflake_lease(stage.ids), now;

	assert_int_equal(
		db_exec(stage.t->db,
			"UPDATE worker SET epoch = epoch + 1 WHERE id = ?",
			PARAMS(U64(before.node))),
		OK);
	do {
		usleep(20000);
		now = snowflake_lease(stage.ids);
	} while (now.epoch == 0 ||
		(now.node == before.node && now.epoch == before.epoch));
}

/* It is another process's to recover: nothing of it goes under the new lease. */
static void
what_ran_under_a_lost_lease_is_over(void **state)
{
	struct talk lost, talk;
	char bytes[4096];
	ssize_t n;

	(void)state;
	start(&lost);
	say(&lost, ANSWER WORD("one"));
	read_until(&lost, "\"one\"");
	lose_lease();
	say(&lost, WORD("two"));
	start(&talk);
	say(&talk, ANSWER WORD("one"));
	read_until(&talk, "\"one\"");
	finish(&talk);
	while ((n = read(lost.reader, bytes, sizeof(bytes))) > 0)
		buf_append(&lost.read, bytes, (size_t)n);
	assert_null(strstr(buf_str(&lost.read), "\"two\""));
	assert_null(strstr(buf_str(&lost.read), "[DONE]"));
	close(lost.reader);
	close(lost.model);
	buf_free(&lost.read);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(first_words_and_ends_do_not_wait),
		cmocka_unit_test(enough_rows_do_not_wait),
		cmocka_unit_test(who_finds_no_room_in_a_batch_is_in_the_next),
		cmocka_unit_test(nobody_waits_for_the_end_of_a_long_reply),
		cmocka_unit_test(what_ran_under_a_lost_lease_is_over),
	};

	return cmocka_run_group_tests(tests, open_all, close_all);
}
