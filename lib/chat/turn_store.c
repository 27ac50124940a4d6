/* What a turn writes: the session, the new messages and the streaming reply. */

#include "chat/turn_private.h"

#include "chat/reply.h"
#include "message/parts.h"
#include "repo/branch.h"
#include "repo/delta.h"
#include "repo/search.h"
#include "repo/session.h"
#include "repo/stop_request.h"
#include "repo/user.h"
#include "tool/set.h"
#include "wire/kept.h"
#include "wire/made_id.h"
#include "json/write.h"

static enum err
next_id(struct placing *p, uint64_t *out)
{
	TRY(snowflake_next(p->ids, p->last_id, out));
	p->last_id = *out;
	return OK;
}

/* The index of the first message that turn_insert_new() takes from the list. */
static size_t
first_new(const struct placing *p)
{
	return p->kind == EDIT ? p->post->n - 1 : p->n_known;
}

/* Only the first send of a session may store replies; later only user messages
 * are taken. */
static bool
is_taken(const struct placing *p, size_t i)
{
	return p->new_session || p->post->messages[i].is_user;
}

static uint64_t
new_bytes(const struct placing *p)
{
	uint64_t bytes = 0;

	for (size_t i = first_new(p); i < p->post->n; i++)
		if (is_taken(p, i))
			bytes += p->post->messages[i].parts.len +
				p->post->messages[i].metadata.len +
				BUDGET_ROW_BYTES;
	return bytes;
}

static enum err
refuse_spent(struct placing *p, enum err err)
{
	switch (p->turn->spent) {
	case BUDGET_MESSAGES:
		return turn_refuse(p, err, "messages_used_up",
			"You have used all your messages for today.");
	case BUDGET_TOKENS:
		return turn_refuse(p, err, "tokens_used_up",
			"You have used all your tokens for today.");
	case BUDGET_SESSIONS:
		return turn_refuse(p, err, "too_many_sessions",
			"You have reached the maximum number of sessions. "
			"Delete some that you no longer need.");
	case BUDGET_BYTES:
	case BUDGET_N:
		break;
	}
	return turn_refuse(p, err, "storage_full",
		"Your sessions use all of your storage. Delete some that you "
		"no longer need.");
}

static struct budget_send
send_of(const struct placing *p)
{
	return (struct budget_send){ .user_id = p->post->user_id,
		.new_session = p->new_session,
		.bytes = new_bytes(p),
		.now_ms = p->now_ms };
}

/* Every send that asks the model counts, whatever it stores. */
enum err
turn_spend(struct db *db, struct placing *p)
{
	const struct budget_send send = send_of(p);
	enum err err = budget_take(
		db, p->arena, &send, &p->post->budget, &p->turn->spent);

	if (err == ERR_THROTTLED || err == ERR_FORBIDDEN)
		return refuse_spent(p, err);
	return err == ERR_NOT_FOUND ? ERR_DENIED : err; /* no such user */
}

enum err
turn_has_ample_budget(struct db *db, struct placing *p)
{
	const struct budget_send send = send_of(p);
	bool ample;

	TRY(budget_is_ample(db, p->arena, &send, &p->post->budget, &ample));
	return ample ? OK : ERR_INVALID;
}

/* A send that was admitted before its user was deleted must not leave a session
 * behind. The deletion locks the user's row, so after that lock the row is
 * gone. */
static enum err
check_owner(struct db *db, const struct placing *p)
{
	enum err err = user_share(db, p->arena, p->post->user_id);

	return err == ERR_NOT_FOUND ? ERR_DENIED : err;
}

static enum err
touch(struct db *db, const struct placing *p, int64_t grown)
{
	uint64_t id = p->turn->session_id;

	TRY(session_touch(db, id, p->now_ms, grown));
	return p->chooses ? session_choose(db, id, &p->chosen) : OK;
}

enum err
turn_open_session(struct db *db, struct placing *p)
{
	struct session_draft draft = {
		.user_id = p->post->user_id,
		.chat_id = p->post->chat_id,
		.first_client_id = turn_last(p)->id,
		.now_ms = p->now_ms,
		.temporary = p->post->temporary,
		.chosen = p->chosen,
	};

	if (!p->new_session)
		return touch(db, p, (int64_t)new_bytes(p));
	if (!p->held)
		TRY(check_owner(db, p));
	draft.bytes = new_bytes(p);
	draft.title = turn_title(p->arena, p->post->messages[0].parts).data;
	p->last_id = 0;
	TRY(next_id(p, &draft.id));
	p->turn->session_id = draft.id;
	TRY(p->held ? session_insert_held(db, &draft, p->turn->lease)
		    : session_insert(db, &draft));
	return search_note(db, draft.id, SEARCH_TITLE);
}

/* A posted reply is marked by its client's id. It keeps neither calls of the
 * server's tools nor opaque state. */
static void
take_posted_reply(struct placing *p, struct message *message)
{
	char *made = arena_alloc(p->arena, MADE_ID_LEN);

	if (message->client_id.data == NULL) {
		made_id(made);
		message->client_id = span_of(made);
	}
	message->parts = kept_leave_out(p->arena, message->parts);
	if (p->post->tools != NULL)
		message->parts = tool_set_without_ours(
			p->arena, p->post->tools, message->parts);
}

/* Inserts one message of the list below the parent; it becomes the new
 * parent. */
static enum err
insert_listed(
	struct db *db, struct placing *p, const struct turn_message *listed)
{
	struct message message = {
		.parent_id = p->parent.id,
		.is_user = listed->is_user,
		.active = true,
		.status = STATUS_COMPLETE,
		.client_id = listed->id,
		.parts = listed->parts,
		.metadata = listed->metadata,
		.create_ms = p->now_ms,
	};

	if (listed->id.len == 0)
		message.client_id = (struct span){ NULL, 0 };
	if (!listed->is_user)
		take_posted_reply(p, &message);
	TRY(next_id(p, &message.id));
	TRY(message_insert(db, p->turn->session_id, &message));
	TRY(search_note(db, p->turn->session_id, message.id));
	p->parent = turn_head(&message);
	return OK;
}

/* A new session stores the list as it is; later only the user's messages are
 * taken, and of an edit only the last message. */
enum err
turn_insert_new(struct db *db, struct placing *p)
{
	const struct turn_post *post = p->post;
	uint64_t *ids = arena_alloc(p->arena, post->n * sizeof(*ids));

	p->turn->user_ids = ids;
	p->turn->n_user_ids = 0;
	if (p->kind == EDIT)
		TRY(message_drop_client_id(
			db, p->turn->session_id, p->known.id));
	for (size_t i = first_new(p); i < post->n; i++) {
		if (!is_taken(p, i))
			continue;
		TRY(insert_listed(db, p, &post->messages[i]));
		if (post->messages[i].is_user)
			ids[p->turn->n_user_ids++] = p->parent.id;
	}
	return OK;
}

static struct span
reply_metadata(struct placing *p)
{
	struct buf buf = BUF_INIT;
	struct json_writer w = json_writer(&buf);
	struct span metadata;

	json_open(&w, '{');
	json_member_time(&w, "createTime", p->now_ms);
	reply_put_model(&w, &p->turn->model->settings);
	if (p->post->style != LLM_STYLE_NONE)
		json_member_str(
			&w, LLM_STYLE_MEMBER, llm_style_word(p->post->style));
	json_close(&w, '}');
	metadata = arena_span(p->arena, buf_span(&buf));
	buf_free(&buf);
	return metadata;
}

enum err
turn_insert_reply(struct db *db, struct placing *p)
{
	struct turn *turn = p->turn;
	struct message reply = {
		.parent_id = p->parent.id,
		.active = true,
		.status = STATUS_STREAMING,
		.parts = span_of("[]"),
		.metadata = reply_metadata(p),
		.worker_id = turn->lease.node,
		.worker_epoch = turn->lease.epoch,
		.create_ms = p->now_ms,
	};

	TRY(next_id(p, &reply.id));
	TRY(message_insert(db, turn->session_id, &reply));
	turn->outcome = TURN_NEW;
	turn->reply_id = reply.id;
	turn->create_ms = turn->began_ms = p->now_ms;
	turn->style = p->post->style;
	turn->parts = reply.parts;
	turn->metadata = reply.metadata;
	return OK;
}

/* Merges a person's answers from the posted parts into the stored parts. */
static enum err
answered_parts(struct placing *p, struct buf *out)
{
	const struct parts_answers answers = {
		.posted = turn_last(p)->parts,
		.is_ours = tool_is_ours,
		.tools = p->post->tools,
		.made = message_is_made(&p->known),
	};
	struct parts *parts = parts_open();
	size_t n_answered;
	enum err err = parts_load(parts, p->arena,
		message_is_made(&p->known)
			? p->known.parts
			: kept_leave_out(p->arena, p->known.parts),
		p->known.metadata);

	if (err == OK)
		err = parts_answer(parts, p->arena, &answers, &n_answered);
	if (err == OK)
		parts_write(parts, out);
	parts_free(parts);
	return err;
}

/* Makes the reply stream again; the answers are stored before the model is
 * asked. */
enum err
turn_continue_reply(struct db *db, struct placing *p)
{
	struct message_head head = turn_head(&p->known);
	struct turn *turn = p->turn;
	const struct message_life life = { turn->lease,
		message_next_ms(&p->known, p->now_ms) };
	struct buf parts = BUF_INIT;
	enum err err = answered_parts(p, &parts);

	turn->parts = arena_span(p->arena, buf_span(&parts));
	buf_free(&parts);
	if (err != OK)
		return turn_refuse(p, ERR_INVALID, "cannot_continue",
			"The last reply in the list does not match the stored "
			"one.");
	TRY(branch_show(db, p->arena, turn->session_id, &head));
	/* The end of the reply counts the whole message again. */
	TRY(touch(db, p,
		-(int64_t)(p->known.parts.len + p->known.metadata.len +
			BUDGET_ROW_BYTES)));
	/* An old stop request does not apply to the continued reply. */
	TRY(stop_request_drop(db, p->known.id, turn->lease));
	/* Neither do journal rows that a late packet of the earlier life has
	 * left. */
	TRY(delta_delete(db, p->known.id));
	TRY(message_reopen(
		db, turn->session_id, p->known.id, &life, turn->parts));
	turn->began_ms = life.began_ms;
	turn->outcome = TURN_NEW;
	turn->continued = true;
	turn->made = message_is_made(&p->known);
	turn->reply_id = p->known.id;
	turn->create_ms = p->known.create_ms;
	turn->metadata = p->known.metadata;
	return OK;
}
