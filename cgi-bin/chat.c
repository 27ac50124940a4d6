/*
 * chat.c: /api/ai/chat: asking the model, following the reply, stopping it. It
 * is the only program that streams: a request's thread runs the first
 * transaction and hands the connection over to the hub, whose loop owns all
 * live streams.
 */

#include "api/chat_body.h"
#include "api/doctor.h"
#include "api/limit.h"
#include "api/model_figures.h"
#include "api/models.h"
#include "api/program.h"
#include "api/streaming.h"
#include "api/streaming_figures.h"
#include "base/fault.h"
#include "chat/eraser.h"
#include "chat/hub.h"
#include "chat/indexer.h"
#include "chat/prompt.h"
#include "chat/reaper.h"
#include "chat/running.h"
#include "chat/stored.h"
#include "llm/settings_load.h"
#include "message/chunk.h"
#include "repo/session.h"
#include "json/json.h"
#include "json/utf8.h"

/* Limit of a tool's description for people, in characters. */
#define TOOL_TOLD_MAX 500

struct chat {
	struct llm_settings settings; /* of the section [llm] */
	struct models *models;
	struct tool_set tools;
	struct hub *hub;
	struct reaper *reaper;
	struct indexer *indexer;
	struct eraser *eraser;
};

/* ---- asking */

/* Refuses a message that is too large for the database. */
static enum err
refuse_size(struct request *rq)
{
	size_t max = db_packet_max(rq->db) >> 10;
	bool small = max < 1024;

	rq->about.max = db_packet_max(rq->db);
	return request_fail(rq, ERR_TOO_BIG, "too_large_to_store",
		arena_printf(rq->arena,
			"The database of this server takes at most %zu %s in "
			"one message. Send fewer or smaller files at once.",
			small ? max : max >> 10, small ? "KB" : "MB"));
}

/* Commits the turn, or explains why it was refused. */
static enum err
open_turn(struct request *rq, const struct turn_post *post, struct turn *turn)
{
	struct app *app = rq->app;
	enum err err = running_replace(
		app->chat->hub, rq->db, app->ids, rq->arena, post, turn);

	if (err == ERR_THROTTLED || err == ERR_FORBIDDEN)
		limit_spent(limit_of(rq), turn->spent, rq);
	if (turn->code != NULL)
		return request_fail(rq, err, turn->code, turn->detail);
	return err == ERR_TOO_BIG ? refuse_size(rq) : err;
}

/* Builds the request to the model. It must not fail the request: the reply's
 * row is committed, and ends with an error that people can see. */
static enum llm_fault
upstream_body(
	struct request *rq, const struct turn *turn, struct hub_start *start)
{
	struct prompt_ask ask = { .session_id = turn->session_id,
		.reply_id = turn->reply_id,
		.question = turn->question,
		.metadata = turn->metadata,
		.site_name = rq->app->conf.http.site_name,
		.steps_max = (unsigned)rq->app->conf.chat.tool_steps_max,
		.untitled = &start->untitled };

	if (turn->continued)
		ask.parts = turn->parts;
	return prompt_fault(prompt_write(rq->db, rq->arena,
		&start->model->settings, &ask, &start->body, &start->asked));
}

static enum err
start_stream(struct request *rq, struct response *rs, const struct turn *turn)
{
	struct hub_start start = {
		.user_id = rq->user_id,
		.session_id = turn->session_id,
		.message_id = turn->reply_id,
		.model = llm_model_hold(turn->model),
		.models = rq->app->chat->models,
		.lease = turn->lease,
		.trace = rq->trace,
		.began_ms = turn->began_ms,
		.create_ms = turn->create_ms,
		.style = turn->style,
		.peer = streaming_peer(rq),
		.preamble = streaming_head(rq, rs, turn->session_id),
		.user_ids = turn->user_ids,
		.n_user_ids = turn->n_user_ids,
	};

	(void)fault_at("turn.committed");
	if (turn->continued) {
		start.parts = turn->parts;
		start.metadata = turn->metadata;
		start.made = turn->made;
	}
	start.fault = upstream_body(rq, turn, &start);
	start.hold = limit_move(rq);
	start.rates = rq->app->rates;
	start.tools_rule = limit_of(rq)->rules[LIMIT_TOOLS];
	streaming_release(rq, rs);
	hub_start(rq->app->chat->hub, &start);
	return OK;
}

/* Opens the turn and, unless it is stored already, starts its stream. */
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

/* Joins the reply of a turn while it is running. Otherwise *followed* is false,
 * and *stored* is the stored reply. */
static enum err
follow(struct request *rq, struct response *rs, const struct turn *turn,
	struct message *stored, bool *followed)
{
	struct running_reader reader = { .session_id = turn->session_id,
		.reply_id = turn->reply_id,
		.peer = streaming_peer(rq),
		.preamble = streaming_preamble(rq, rs, turn->session_id,
			turn->user_ids, turn->n_user_ids) };

	reader.peer.hold = *rq->hold;
	TRY(running_follow(rq->app->chat->hub, rq->db, rq->arena, &reader,
		stored, followed));
	if (!*followed)
		return OK;
	(void)limit_move(rq);
	streaming_release(rq, rs);
	return OK;
}

/* Answers a repeated send: the same ids yield the same reply. */
static enum err
attach(struct request *rq, struct response *rs, const struct turn *turn)
{
	struct message stored;
	bool followed;

	TRY(follow(rq, rs, turn, &stored, &followed));
	if (followed)
		return OK;
	streaming_headers(rs, turn->session_id);
	chunk_write_session(
		&rs->body, turn->session_id, turn->user_ids, turn->n_user_ids);
	return stored_replay(rq->arena, &stored, &rs->body);
}

/*
 * POST /api/ai/chat {messages, sessionId?, id?, trigger?, messageId?, style?,
 * model?, options?, assistant?} -> 200 UI message stream | 400 | 404 no such
 * session, model (model_unknown) or assistant (assistant_unknown) | 409 another
 * reply is running, or the id exists with other content, or the session has
 * another assistant (assistant_fixed) | 413 | 503
 */
static enum err
post_chat(struct request *rq, struct response *rs)
{
	struct chat *chat = rq->app->chat;
	struct turn_post post;
	struct turn turn;

	TRY(chat_body_read(rq, &post));
	TRY(hub_has_room(chat->hub));
	post.models = chat->models;
	post.budget = limit_budget(limit_of(rq));
	post.tools = &chat->tools;
	TRY(open_and_start(rq, rs, &post, &turn));
	return turn.outcome == TURN_REPEATED ? attach(rq, rs, &turn) : OK;
}

/* Finds the running reply of the session that ":id" names, by its own id or the
 * client's chat id. ERR_NOT_FOUND: there is no running reply, or no such
 * session. */
static enum err
find_running(struct request *rq, uint64_t *session_id, uint64_t *reply_id)
{
	struct span id = request_path_text(rq, "id");
	struct session session;
	struct lease lease;
	enum err err = id_parse(id, session_id);

	if (err == OK)
		err = session_find(
			rq->db, rq->arena, rq->user_id, *session_id, &session);
	if (err == ERR_INVALID || err == ERR_NOT_FOUND)
		err = session_find_chat(
			rq->db, rq->arena, rq->user_id, id, session_id);
	TRY(err);
	return message_find_running(rq->db, *session_id, reply_id, &lease);
}

/*
 * GET /api/ai/chat/:id/stream -> 200 the running reply from its beginning | 204
 * no reply is running (or there is no such session: useChat treats a 404 as a
 * failure)
 */
static enum err
get_stream(struct request *rq, struct response *rs)
{
	struct turn turn = { 0 };
	struct message stored;
	bool followed = false;
	enum err err = find_running(rq, &turn.session_id, &turn.reply_id);

	if (err == OK)
		err = follow(rq, rs, &turn, &stored, &followed);
	if (err != OK && err != ERR_NOT_FOUND)
		return err;
	return followed ? OK : response_empty(rs);
}

/* POST /api/ai/chat/:id/stop -> 204; the running reply ends as `stopped` */
static enum err
post_stop(struct request *rq, struct response *rs)
{
	uint64_t session_id, reply_id;
	enum err err = find_running(rq, &session_id, &reply_id);

	if (err == OK)
		err = running_stop(
			rq->app->chat->hub, rq->db, session_id, reply_id);
	if (err != OK && err != ERR_NOT_FOUND)
		return err;
	return response_empty(rs);
}

/*
 * GET /api/ai/chat/tools -> 200 {tools: [{name, description}]}: the tools that
 * the model may call here, for people who are asked to approve a call.
 * description: as the model gets it, at most TOOL_TOLD_MAX characters; absent
 * if there is none.
 */
static enum err
get_tools(struct request *rq, struct response *rs)
{
	struct json_writer w = response_json(rs, 200);
	struct span tools = rq->app->chat->settings.tools;
	struct span item = { NULL, 0 }, function, text;

	json_open(&w, '{');
	json_key(&w, "tools");
	json_open(&w, '[');
	while (tools.data != NULL && json_raw_next(tools, &item)) {
		function = json_raw_get(item, "function");
		text = json_raw_text(
			rq->arena, json_raw_get(function, "description"));
		json_open(&w, '{');
		json_member_raw(&w, "name", json_raw_get(function, "name"));
		if (text.data != NULL)
			json_member_text(&w, "description",
				utf8_prefix(text, TOOL_TOLD_MAX));
		json_close(&w, '}');
	}
	json_close(&w, ']');
	json_close(&w, '}');
	return OK;
}

/* GET /api/ai/models -> 200 the models that a request may name (api/models.h) |
 * 304 */
static enum err
get_models(struct request *rq, struct response *rs)
{
	return models_reply(rq, rs, rq->app->chat->models);
}

/* ---- the program */

/* Called before the first request. */
static void
read_models(struct app *app)
{
	struct db *db = db_new(&app->conf.db);

	models_look(app->chat->models, db);
	db_free(db);
}

static enum err
start(struct app *app)
{
	struct chat *chat = arena_alloc(&app->arena, sizeof(*chat));

	app->chat = chat;
	TRY(llm_settings_load(&app->arena, &app->conf.llm, &chat->settings));
	TRY(tool_set_load(
		&app->arena, &app->conf, &chat->settings, &chat->tools));
	TRY(models_open(&app->conf, &chat->settings, &chat->models));
	read_models(app);
	TRY(hub_open(&app->conf, &chat->tools, app->ids, &streaming_framing,
		&chat->hub));
	TRY(reaper_open(
		&app->conf, app->ids, chat->hub, chat->models, &chat->reaper));
	chat->eraser = eraser_open(&app->conf);
	chat->indexer = indexer_open(&app->conf);
	return OK;
}

static void
stop(struct app *app)
{
	indexer_close(app->chat->indexer);
	eraser_close(app->chat->eraser);
	reaper_close(app->chat->reaper);
	hub_close(app->chat->hub);
	models_close(app->chat->models);
}

/* From now on the reaper looks for orphaned replies. */
static bool
is_ready(struct app *app)
{
	return models_are_read(app->chat->models);
}

static void
put_figures(struct app *app, struct buf *out)
{
	streaming_figures(app->chat->hub, out);
	model_figures(app->chat->models, out);
}

static const struct route routes[] = {
	{ "POST", "/api/ai/chat", post_chat, LOGGED_IN, LIMIT_CHAT,
		LARGE_BODY },
	{ "GET", "/api/ai/chat/:id/stream", get_stream, LOGGED_IN, LIMIT_FOLLOW,
		SMALL_BODY },
	{ "POST", "/api/ai/chat/:id/stop", post_stop, LOGGED_IN, LIMIT_STOP,
		SMALL_BODY },
	{ "GET", "/api/ai/chat/tools", get_tools, LOGGED_IN, LIMIT_READ,
		SMALL_BODY },
	{ "GET", "/api/ai/models", get_models, LOGGED_IN, LIMIT_READ,
		SMALL_BODY },
	{ "GET", "/api/ai/chat/metrics", program_answer_figures, OPERATOR,
		LIMIT_NONE, SMALL_BODY },
	{ "GET", "/api/ai/chat/doctor", doctor_answer, ANYONE, LIMIT_READY,
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
		.is_ready = is_ready,
		.figures = put_figures,
	};

	return program_run(&program);
}
