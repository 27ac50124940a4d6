#include "talktest.h"

#include "plain_framing.h"
#include "testmodel.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct talktest talktest;

int
talktest_open(void **state)
{
	struct sockaddr_in name = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(name);

	if (testdb_open(state) != 0)
		return -1;
	talktest.t = *state;
	talktest.model_fd = socket(AF_INET, SOCK_STREAM, 0);
	if (bind(talktest.model_fd, (struct sockaddr *)&name, len) != 0 ||
		listen(talktest.model_fd, 100) != 0 ||
		getsockname(
			talktest.model_fd, (struct sockaddr *)&name, &len) != 0)
		return -1;
	snprintf(talktest.base_url, sizeof(talktest.base_url),
		"http://127.0.0.1:%d/v1", ntohs(name.sin_port));
	talktest.t->conf.llm.base_url = talktest.base_url;
	talktest.t->conf.llm.model = "m";
	talktest.t->conf.chat.journal_gap_ms = talktest.gap_ms;
	talktest.t->conf.chat.drain_ms = 0;
	talktest.t->conf.llm.titles = talktest.titles ? CONF_ON : CONF_OFF;
	talktest.model = testmodel_open(&talktest.t->conf, 1 << 20);
	if (snowflake_open(&talktest.t->conf, "talktest", &talktest.ids) != OK)
		return -1;
	return hub_open(&talktest.t->conf, &talktest.tools, talktest.ids,
		       &plain_framing, &talktest.hub) == OK
		? 0
		: -1;
}

int
talktest_close(void **state)
{
	hub_close(talktest.hub);
	llm_model_release(talktest.model);
	snowflake_close(talktest.ids);
	close(talktest.model_fd);
	return testdb_close(state);
}

void
talktest_start(struct talk *talk)
{
	talktest_start_of(talk, testdb_user(talktest.t));
}

void
talktest_start_of(struct talk *talk, uint64_t user_id)
{
	const struct turn_message message = { .id = span_of("u"),
		.is_user = true,
		.parts = span_of("[{\"type\":\"text\",\"text\":\"hi\"}]") };
	const struct turn_post post = { .user_id = user_id,
		.messages = &message,
		.n = 1,
		.models = testmodels(&talktest.t->conf) };
	struct hub_start begin = { .fault = LLM_OK };
	struct turn turn;
	int fds[2];

	*talk = (struct talk){ .user_id = user_id };
	assert_int_equal(turn_open(talktest.t->db, talktest.ids,
				 &talktest.t->arena, &post, &turn),
		OK);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	talk->session_id = turn.session_id;
	talk->reader = fds[0];
	begin.user_id = user_id;
	begin.untitled = true;
	begin.session_id = turn.session_id;
	begin.message_id = turn.reply_id;
	begin.model = llm_model_hold(talktest.model);
	begin.lease = turn.lease;
	begin.began_ms = turn.began_ms;
	begin.peer.fd = fds[1];
	buf_puts(&begin.body, "{}");
	hub_start(talktest.hub, &begin);
	talk->model = accept(talktest.model_fd, NULL, NULL);
	assert_true(talk->model >= 0);
}

void
talktest_say(struct talk *talk, const char *text)
{
	ssize_t len = (ssize_t)strlen(text);

	assert_int_equal(
		send(talk->model, text, (size_t)len, MSG_NOSIGNAL), len);
}

void
talktest_read_until(struct talk *talk, const char *text)
{
	char bytes[4096];
	ssize_t n;

	while (strstr(buf_str(&talk->read), text) == NULL) {
		n = read(talk->reader, bytes, sizeof(bytes));
		assert_true(n > 0);
		buf_append(&talk->read, bytes, (size_t)n);
	}
}

/* The model sends its last words and closes once they were read: unread bytes
 * on either side at close() would destroy the answer. */
void
talktest_leave(struct talk *talk)
{
	char bytes[4096];

	talktest_say(talk, TALKTEST_END);
	assert_int_equal(shutdown(talk->model, SHUT_WR), 0);
	while (read(talk->model, bytes, sizeof(bytes)) > 0)
		continue;
	close(talk->model);
}

void
talktest_finish(struct talk *talk)
{
	talktest_leave(talk);
	talktest_read_until(talk, "[DONE]");
	close(talk->reader);
	buf_free(&talk->read);
}
