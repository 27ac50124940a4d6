#include "reapertest.h"

#include "../unit.h"
#include "chat/stream_private.h"
#include "plain_framing.h"

#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

struct reapertest reapertest;

int
reapertest_open(void **state)
{
	if (testdb_open(state) != 0)
		return -1;
	reapertest.t = *state;
	reapertest.t->conf.worker_lease_ms =
		reapertest.lease_ms > 0 ? reapertest.lease_ms : 2000;
	reapertest.t->conf.chat.drain_ms = 0;
	/* This model can be asked, but does not answer. */
	reapertest.t->conf.llm.base_url = "http://127.0.0.1:9";
	reapertest.t->conf.llm.model = "m";
	if (reapertest.takes_over) {
		reapertest.t->conf.chat.on_crash = CONF_TAKE_OVER;
		/* Replies of other tests would take the room. */
		reapertest_sql("UPDATE message SET status = 'interrupted'"
			       " WHERE status = 'streaming'");
	}
	if (reapertest.streams_max > 0)
		reapertest.t->conf.chat.streams_max = reapertest.streams_max;
	reapertest.settings = (struct llm_settings){ .base_url = "",
		.model = "m",
		.system_prompt = "",
		.takes_words = "",
		.reply_max = 1 << 20 };
	if (snowflake_open(&reapertest.t->conf, "reaper_test",
		    &reapertest.ids) != OK ||
		models_open(&reapertest.t->conf, &reapertest.settings,
			&reapertest.models) != OK ||
		hub_open(&reapertest.t->conf, &reapertest.tools, reapertest.ids,
			&plain_framing, &reapertest.hub) != OK)
		return -1;
	reapertest.seen = reapertest.t->conf;
	if (reapertest.socket != NULL)
		reapertest.seen.db.socket = reapertest.socket;
	return reaper_open(&reapertest.seen, reapertest.ids, reapertest.hub,
		       reapertest.models, &reapertest.reaper) == OK
		? 0
		: -1;
}

int
reapertest_close(void **state)
{
	reaper_close(reapertest.reaper);
	reapertest.reaper = NULL; /* losing this struct would be a leak */
	hub_close(reapertest.hub);
	models_close(reapertest.models);
	snowflake_close(reapertest.ids);
	return testdb_close(state);
}

void
reapertest_nap_ms(long ms)
{
	const struct timespec pause = { ms / 1000, ms % 1000 * 1000000 };

	nanosleep(&pause, NULL);
}

void
reapertest_sql(const char *text)
{
	assert_int_equal(db_script(reapertest.t->db, span_of(text)), OK);
}

/* From now on the table accepts only rows of this session that satisfy
 * *check*. */
void
reapertest_refuse(const struct turn *turn, const char *check)
{
	reapertest_sql(arena_printf(&reapertest.t->arena,
		"ALTER TABLE message ADD CONSTRAINT few CHECK"
		" (session_id <> %llu OR %s)",
		(unsigned long long)turn->session_id, check));
}

void
reapertest_turn(struct turn *turn)
{
	const struct turn_message message = { .id = span_of("u"),
		.is_user = true,
		.parts = span_of("[{\"type\":\"text\",\"text\":\"hi\"}]") };
	const struct turn_post post = { .user_id = testdb_user(reapertest.t),
		.messages = &message,
		.n = 1,
		.models = reapertest.models };

	*turn = (struct turn){ 0 };
	assert_int_equal(turn_open(reapertest.t->db, reapertest.ids,
				 &reapertest.t->arena, &post, turn),
		OK);
}

void
reapertest_orphan(struct turn *turn, struct lease lease, const char *alive)
{
	const char *until = alive[0] != '\0' ? "2100-01-01" : "2020-01-01";

	assert_int_equal(
		db_exec(reapertest.t->db,
			"REPLACE INTO worker (id, epoch, holder, alive,"
			" lease_until, last_ms) VALUES (?, ?, '', ?, ?, 1)",
			PARAMS(U64(lease.node), U64(lease.epoch), STR(alive),
				STR(until))),
		OK);
	reapertest_turn(turn);
	assert_int_equal(
		db_exec(reapertest.t->db,
			"UPDATE message SET worker_id = ?, worker_epoch = ?"
			" WHERE session_id = ? AND id = ?",
			PARAMS(U64(lease.node), U64(lease.epoch),
				U64(turn->session_id), U64(turn->reply_id))),
		OK);
}

/* ---- a reply whose words come from the test */

static void
begin(const struct reapertest_said *said)
{
	struct llm_event event = { .type = LLM_BEGIN };
	struct hub_start start_of = { .session_id = said->turn->session_id,
		.message_id = said->turn->reply_id,
		.model = llm_model_hold(models_default(
			reapertest.models, &reapertest.t->arena)),
		.lease = said->turn->lease,
		.began_ms = said->turn->began_ms };
	struct stream *stream =
		life_open(&reapertest.hub->lives, &start_of, STREAM_RUNNING);
	struct buf start = BUF_INIT;

	reply_start(stream->reply, stream->message_id, 0, &start);
	atomic_fetch_add(&reapertest.hub->lives.n, 1);
	life_join(stream, said->peer, buf_span(&start));
	buf_free(&start);
	assert_int_equal(
		reply_event(stream->reply, &event, &stream->pending), OK);
}

static void
run_say(void *arg)
{
	struct reapertest_said *said = arg;
	struct llm_result end = { LLM_OK, LLM_FINISH_STOP, LLM_USAGE_NONE };
	struct llm_event event = { .type = LLM_TEXT,
		.text = span_of(said->text) };
	struct stream *stream;

	if (said->peer.fd > 0)
		begin(said);
	stream = streams_find(
		reapertest.hub->lives.streams, said->turn->reply_id);
	assert_non_null(stream);
	if (said->text != NULL)
		assert_int_equal(
			reply_event(stream->reply, &event, &stream->pending),
			OK);
	streams_mark(reapertest.hub->lives.streams, stream, STREAMS_NO_HURRY);
	if (said->ends)
		life_event(
			stream, LIFE_OVER, (union life_what){ .result = &end });
	monitor_enter(&said->monitor);
	said->done = true;
	monitor_notify(&said->monitor);
	monitor_leave(&said->monitor);
}

void
reapertest_say(struct reapertest_said said)
{
	monitor_open(&said.monitor);
	loop_post(reapertest.hub->lives.loop, run_say, &said);
	monitor_enter(&said.monitor);
	while (!said.done)
		monitor_wait(&said.monitor);
	monitor_leave(&said.monitor);
	monitor_close(&said.monitor);
}

int
reapertest_start(struct turn *turn)
{
	int fds[2];

	reapertest_turn(turn);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	reapertest_say((struct reapertest_said){
		.turn = turn, .peer = { .fd = fds[1] }, .text = "shown " });
	return fds[0];
}

const char *
reapertest_read_until(int fd, const char *mark)
{
	struct buf text = BUF_INIT;
	const char *copy;
	char bytes[4096];
	ssize_t n;

	while (strstr(buf_str(&text), mark) == NULL &&
		(n = read(fd, bytes, sizeof(bytes))) > 0)
		buf_append(&text, bytes, (size_t)n);
	copy = arena_str(&reapertest.t->arena, buf_str(&text), text.len);
	buf_free(&text);
	return copy;
}

/* ---- what is stored */

static const char STORED[] = "SELECT id, status, parts, metadata FROM message"
			     " WHERE session_id = ? AND id = ?";

static void
read_stored(struct row *row, void *out)
{
	struct message *message = out;

	message->id = row_u64(row);
	message->status = row_str(row);
	message->parts = row_span(row);
	message->metadata = row_span(row);
}

struct message
reapertest_stored(const struct turn *turn)
{
	struct message message = { 0 };

	assert_int_equal(
		db_one(reapertest.t->db, &reapertest.t->arena, STORED,
			PARAMS(U64(turn->session_id), U64(turn->reply_id)),
			read_stored, &message),
		OK);
	return message;
}

bool
reapertest_has(struct span text, const char *part)
{
	return memmem(text.data, text.len, part, strlen(part)) != NULL;
}

/* This has no time limit of its own. */
struct message
reapertest_wait(const struct turn *turn)
{
	struct message message;

	while (message = reapertest_stored(turn),
		strcmp(message.status, STATUS_STREAMING) == 0)
		reapertest_nap_ms(20);
	assert_int_equal(
		testdb_number(reapertest.t,
			"SELECT COUNT(*) FROM message_delta WHERE message_id = ?",
			turn->reply_id),
		0);
	return message;
}
