/*
 * chat.c: /api/ai/chat: asking the model, following the reply, stopping it.
 * The only program that streams: a request's thread does the first transaction
 * and hands the connection to the hub, whose loop owns all live streams.
 */

#include "api/chat_body.h"
#include "api/limit.h"
#include "api/program.h"
#include "base/clock.h"
#include "base/fault.h"
#include "chat/eraser.h"
#include "chat/hub.h"
#include "chat/indexer.h"
#include "chat/reaper.h"
#include "chat/stored.h"
#include "chat/turn_context.h"
#include "http/fcgi.h"
#include "message/chunk.h"
#include "repo/session.h"
#include "repo/stop_request.h"

#include <string.h>
#include <time.h>

/* How often a running reply is stopped for a send that replaces it. */
#define STOP_TRIES 3
#define STOP_WAIT_MS 5000
#define STOP_POLL_MS 50

struct chat {
	struct llm_settings settings;
	struct tool_set tools;
	struct hub *hub;
	struct reaper *reaper;
	struct indexer *indexer;
	struct eraser *eraser;
};

/* ---- how a stream is written */

static void
put(struct buf *out, unsigned tag, struct span text)
{
	const struct fcgi_peer peer = { -1, (uint16_t)tag };

	fcgi_put(out, &peer, text);
}

static void
put_end(struct buf *out, unsigned tag)
{
	const struct fcgi_peer peer = { -1, (uint16_t)tag };

	fcgi_put_end(out, &peer);
}

static const struct framing framing = { put, put_end };

/* What the reader does not read counts for its user. */
static struct follower_share
share_of(const struct request *rq)
{
	const struct rates_who user = rates_user(rq->user_id), all = { 0 };
	const struct limits_conf *conf = &rq->app->conf.limits;
	struct rates *rates = rq->app->rates;

	return (struct follower_share){ rates,
		rates_sum(rates, "unread", &user),
		rates_sum(rates, "unread", &all), conf->unread_user,
		conf->unread_all };
}

static struct peer
peer_of(const struct request *rq)
{
	struct fcgi_peer peer = fcgi_peer_of(rq);

	return (struct peer){
		.fd = peer.fd, .tag = peer.request_id, .share = share_of(rq)
	};
}

static void
stream_headers(struct response *rs, uint64_t session_id)
{
	rs->status = 200;
	rs->type = "text/event-stream";
	response_header(rs, "x-vercel-ai-ui-message-stream", "v1");
	response_header(rs, "X-Accel-Buffering", "no");
	response_header(
		rs, "x-session-id", "%llu", (unsigned long long)session_id);
}

/* The head of a streamed answer; it is sent before the first chunk. */
static struct span
stream_head(struct request *rq, struct response *rs, uint64_t session_id)
{
	stream_headers(rs, session_id);
	return response_head(rs, rq);
}

/* ---- stopping */

/* Waits until another process has stopped its reply, as it was asked to. */
static enum err
wait_for_end(struct request *rq, uint64_t session_id, uint64_t reply_id)
{
	const struct timespec pause = { 0, STOP_POLL_MS * 1000000L };
	struct message reply;
	enum err err = OK;

	for (int i = 0; i < STOP_WAIT_MS / STOP_POLL_MS && err == OK; i++) {
		nanosleep(&pause, NULL);
		err = message_streaming(rq->db, rq->arena, session_id, &reply);
		if (err == OK && reply.id != reply_id)
			return OK;
	}
	if (err == ERR_NOT_FOUND)
		return OK;
	return err != OK ? err : ERR_BUSY;
}

/* Stops a reply wherever it runs, and waits until that is stored. One that is
 * committed and not begun yet is asked to stop like one that runs elsewhere. */
static enum err
stop_reply(struct request *rq, uint64_t session_id, uint64_t reply_id)
{
	enum err err = hub_stop(rq->app->chat->hub, reply_id, STOP_WAIT_MS);
	struct message reply;
	struct lease lease;

	if (err != ERR_NOT_FOUND)
		return err;
	err = message_streaming(rq->db, rq->arena, session_id, &reply);
	if (err == ERR_NOT_FOUND || (err == OK && reply.id != reply_id))
		return OK;
	TRY(err);
	lease = (struct lease){ reply.worker_id, reply.worker_epoch };
	TRY(stop_request_put(rq->db, reply_id, lease));
	err = wait_for_end(rq, session_id, reply_id);
	TRY(stop_request_drop(rq->db, reply_id, lease));
	return err;
}

/* ---- asking */

/* A message that the database does not take in one piece. */
static enum err
refuse_size(struct request *rq)
{
	size_t max = db_packet_max(rq->db) >> 10;
	bool small = max < 1024;

	return request_fail(rq, ERR_TOO_BIG, "too_large_to_store",
		arena_printf(rq->arena,
			"The database of this server takes at most %zu %s in "
			"one message. Send fewer or smaller files at once.",
			small ? max : max >> 10, small ? "KB" : "MB"));
}

/* Commits the turn; a running reply that it replaces is stopped first. */
static enum err
open_turn(struct request *rq, const struct turn_post *post, struct turn *turn)
{
	struct app *app = rq->app;
	enum err err;

	for (int i = 0; i < STOP_TRIES; i++) {
		err = turn_open(rq->db, app->ids, rq->arena, post, turn);
		if (err == ERR_THROTTLED || err == ERR_FORBIDDEN)
			limit_spent(&app->conf.limits, turn->spent, rq);
		if (turn->code != NULL)
			return request_fail(rq, err, turn->code, turn->detail);
		if (err == ERR_TOO_BIG)
			return refuse_size(rq);
		if (err != OK || turn->outcome != TURN_RUNNING)
			return err;
		TRY(stop_reply(rq, turn->session_id, turn->reply_id));
	}
	return ERR_BUSY;
}

/* What the model is asked. It must not fail the request: the reply's row is
 * committed, and ends with an error that people can see. */
static enum llm_fault
upstream_body(struct request *rq, const struct turn *turn, struct buf *body,
	struct llm_asked *asked)
{
	struct turn_ask ask = { .session_id = turn->session_id,
		.reply_id = turn->reply_id,
		.question = turn->question,
		.metadata = turn->metadata,
		.steps_max = (unsigned)rq->app->conf.chat.tool_steps_max };

	if (turn->continued)
		ask.parts = turn->parts;
	return turn_fault(turn_request(rq->db, rq->arena,
		&rq->app->chat->settings, &ask, body, asked));
}

static enum err
start_stream(struct request *rq, struct response *rs, const struct turn *turn)
{
	struct hub_start start = {
		.user_id = rq->user_id,
		.session_id = turn->session_id,
		.message_id = turn->reply_id,
		.lease = turn->lease,
		.create_ms = turn->create_ms,
		.peer = peer_of(rq),
		.hello = stream_head(rq, rs, turn->session_id),
		.user_ids = turn->user_ids,
		.n_user_ids = turn->n_user_ids,
	};

	(void)fault_at("turn.committed");
	if (turn->continued) {
		start.parts = turn->parts;
		start.metadata = turn->metadata;
		start.made = turn->made;
	}
	start.fault = upstream_body(rq, turn, &start.body, &start.asked);
	start.hold = limit_move(rq);
	start.rates = rq->app->rates;
	rs->taken = true;
	fcgi_release(rq);
	hub_start(rq->app->chat->hub, &start);
	return OK;
}

/* The turn, and unless it is one that is stored already, its stream. */
static enum err
open_and_start(struct request *rq, struct response *rs,
	const struct turn_post *post, struct turn *turn)
{
	struct hub *hub = rq->app->chat->hub;
	struct hub_opening opening;
	enum err err;

	hub_opening(hub, &opening);
	err = open_turn(rq, post, turn);
	if (err == OK && turn->outcome == TURN_NEW)
		err = start_stream(rq, rs, turn);
	hub_opened(hub, &opening);
	return err;
}

/* ---- following */

/*
 * Joins a running reply, here or, by its journal, in another process. False:
 * it does not run (any more). *hello* is all that comes before `start`.
 */
static enum err
follow(struct request *rq, const struct message *reply, uint64_t session_id,
	struct span hello)
{
	struct hub *hub = rq->app->chat->hub;
	struct hub_start remote = { .session_id = session_id,
		.message_id = reply->id,
		.peer = peer_of(rq),
		.hello = hello };
	struct message now;

	remote.peer.hold = *rq->hold;
	if (!hub_follow(hub, reply->id, remote.peer, hello)) {
		TRY(message_find_id(
			rq->db, rq->arena, session_id, reply->id, &now));
		if (strcmp(now.status, STATUS_STREAMING) != 0)
			return ERR_NOT_FOUND;
		remote.parts = now.parts;
		remote.metadata = now.metadata;
		hub_follow_remote(hub, &remote);
	}
	(void)limit_move(rq);
	fcgi_release(rq);
	return OK;
}

/* The head of a stream and the session's ids, as text. */
static struct span
hello_of(struct request *rq, const struct response *rs, const struct turn *turn)
{
	struct response head = { 0 };
	struct buf hello = BUF_INIT;
	struct span copy;

	buf_put_span(&head.headers, buf_span(&rs->headers));
	buf_put_span(&hello, stream_head(rq, &head, turn->session_id));
	if (turn->n_user_ids > 0)
		chunk_write_session(&hello, turn->session_id, turn->user_ids,
			turn->n_user_ids);
	copy = arena_span(rq->arena, buf_span(&hello));
	buf_free(&hello);
	response_free(&head);
	return copy;
}

/* A send that is stored already: the same ids, the same reply. */
static enum err
attach(struct request *rq, struct response *rs, const struct turn *turn)
{
	struct message reply;
	enum err err;

	TRY(message_find_id(
		rq->db, rq->arena, turn->session_id, turn->reply_id, &reply));
	err = strcmp(reply.status, STATUS_STREAMING) == 0
		? follow(rq, &reply, turn->session_id, hello_of(rq, rs, turn))
		: ERR_NOT_FOUND;
	rs->taken = err == OK;
	if (err != ERR_NOT_FOUND)
		return err;
	TRY(message_find_id(
		rq->db, rq->arena, turn->session_id, turn->reply_id, &reply));
	stream_headers(rs, turn->session_id);
	chunk_write_session(
		&rs->body, turn->session_id, turn->user_ids, turn->n_user_ids);
	return stored_replay(rq->arena, &reply, &rs->body);
}

/*
 * POST /api/ai/chat {messages, sessionId?, id?, trigger?, messageId?}
 * -> 200 UI message stream | 400 | 404 no such session | 409 another reply
 * runs, or the same id with another content | 413 | 503
 */
static enum err
post_chat(struct request *rq, struct response *rs)
{
	struct chat *chat = rq->app->chat;
	struct turn_post post;
	struct turn turn;

	TRY(chat_body_read(rq, &post));
	TRY(hub_has_room(chat->hub));
	post.model = chat->settings.model;
	post.budget = limit_budget(&rq->app->conf.limits);
	post.tools = &chat->tools;
	TRY(open_and_start(rq, rs, &post, &turn));
	return turn.outcome == TURN_REPEATED ? attach(rq, rs, &turn) : OK;
}

/* The running reply of the session that ":id" names, by its own id or the
 * client's chat id. ERR_NOT_FOUND: there is none, or no such session. */
static enum err
find_running(struct request *rq, uint64_t *session_id, struct message *reply)
{
	struct span id = request_path_text(rq, "id");
	struct session session;
	enum err err = id_parse(id, session_id);

	if (err == OK)
		err = session_find(
			rq->db, rq->arena, rq->user_id, *session_id, &session);
	if (err == ERR_INVALID || err == ERR_NOT_FOUND)
		err = session_find_chat(
			rq->db, rq->arena, rq->user_id, id, session_id);
	TRY(err);
	return message_streaming(rq->db, rq->arena, *session_id, reply);
}

/*
 * GET /api/ai/chat/:id/stream -> 200 the running reply from its beginning |
 * 204 nothing runs (or there is no such session: useChat takes a 404 for a
 * failure)
 */
static enum err
get_stream(struct request *rq, struct response *rs)
{
	struct turn turn = { 0 };
	struct message reply;
	enum err err = find_running(rq, &turn.session_id, &reply);

	if (err == OK)
		err = follow(
			rq, &reply, turn.session_id, hello_of(rq, rs, &turn));
	if (err == ERR_NOT_FOUND)
		return response_empty(rs);
	rs->taken = err == OK;
	return err;
}

/* POST /api/ai/chat/:id/stop -> 204; the reply that runs ends as `stopped` */
static enum err
post_stop(struct request *rq, struct response *rs)
{
	struct message reply;
	uint64_t session_id;
	enum err err = find_running(rq, &session_id, &reply);

	if (err == OK)
		err = stop_reply(rq, session_id, reply.id);
	if (err != OK && err != ERR_NOT_FOUND)
		return err;
	return response_empty(rs);
}

/*
 * GET /api/ai/chat/metrics -> 200 what this process knows of its streams, in
 * the Prometheus text format 0.0.4
 */
static enum err
get_metrics(struct request *rq, struct response *rs)
{
	struct hub_counts counts = hub_counts(rq->app->chat->hub);

	rs->type = "text/plain; version=0.0.4; charset=utf-8";
	buf_printf(&rs->body,
		"# HELP lamplight_streams Replies that this worker is streaming.\n"
		"# TYPE lamplight_streams gauge\n"
		"lamplight_streams %llu\n"
		"# HELP lamplight_streams_total Replies that this worker has started.\n"
		"# TYPE lamplight_streams_total counter\n"
		"lamplight_streams_total %llu\n"
		"# HELP lamplight_batches_total Commits of the journal.\n"
		"# TYPE lamplight_batches_total counter\n"
		"lamplight_batches_total %llu\n"
		"# HELP lamplight_journal_late_total Times that text was shown "
		"before its commit, because the database was away.\n"
		"# TYPE lamplight_journal_late_total counter\n"
		"lamplight_journal_late_total %llu\n"
		"# HELP lamplight_journal_late 1 while replies are shown before their commit.\n"
		"# TYPE lamplight_journal_late gauge\n"
		"lamplight_journal_late %d\n",
		(unsigned long long)counts.streams,
		(unsigned long long)counts.streams_total,
		(unsigned long long)counts.batches_total,
		(unsigned long long)counts.undurable_total, counts.undurable);
	return OK;
}

/* ---- the program */

static enum err
start(struct app *app)
{
	struct chat *chat = arena_alloc(&app->arena, sizeof(*chat));

	app->chat = chat;
	TRY(llm_settings_load(&app->arena, &app->conf.llm, &chat->settings));
	TRY(tool_set_load(
		&app->arena, &app->conf, &chat->settings, &chat->tools));
	TRY(hub_open(&app->conf, &chat->settings, &chat->tools, app->ids,
		&framing, &chat->hub));
	TRY(reaper_open(&app->conf, app->ids, chat->hub, &chat->reaper));
	TRY(eraser_open(&app->conf, &chat->eraser));
	return indexer_open(&app->conf, &chat->indexer);
}

static void
stop(struct app *app)
{
	indexer_close(app->chat->indexer);
	eraser_close(app->chat->eraser);
	reaper_close(app->chat->reaper);
	hub_close(app->chat->hub);
}

static const struct route routes[] = {
	{ "POST", "/api/ai/chat", post_chat, SIGNED_IN, LIMIT_CHAT,
		LARGE_BODY },
	{ "GET", "/api/ai/chat/:id/stream", get_stream, SIGNED_IN, LIMIT_FOLLOW,
		SMALL_BODY },
	{ "POST", "/api/ai/chat/:id/stop", post_stop, SIGNED_IN, LIMIT_STOP,
		SMALL_BODY },
	{ "GET", "/api/ai/chat/metrics", get_metrics, OPERATOR, LIMIT_NONE,
		SMALL_BODY },
};

int
main(void)
{
	static const struct program program = {
		.name = "chat",
		.needs = PROGRAM_MAKES_IDS,
		.routes = routes,
		.n_routes = LENGTH(routes),
		.hands_over = true,
		.start = start,
		.stop = stop,
	};

	return program_run(&program);
}
