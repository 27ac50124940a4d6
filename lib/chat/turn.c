#include "chat/turn_private.h"

#include "base/clock.h"
#include "base/fault.h"
#include "repo/branch.h"
#include "repo/search.h"
#include "repo/session.h"
#include "repo/worker.h"
#include "json/json.h"

/* Two first sends at once meet at a unique key; the second finds the first's
 * rows when it looks again. */
#define CONFLICT_TRIES 3

enum err
turn_refuse(
	struct placing *p, enum err err, const char *code, const char *detail)
{
	p->turn->code = code;
	p->turn->detail = detail;
	return err;
}

const struct turn_message *
turn_last(const struct placing *p)
{
	return &p->post->messages[p->post->n - 1];
}

/* Finds the last listed message that the session knows. */
static enum err
find_known(struct db *db, struct placing *p)
{
	const struct turn_post *post = p->post;
	struct span *ids = arena_alloc(p->arena, post->n * sizeof(*ids));

	for (size_t i = 0; i < post->n; i++)
		ids[i] = post->messages[i].id;
	TRY(message_last_known(
		db, p->arena, p->turn->session_id, ids, post->n, &p->n_known));
	if (p->n_known == 0)
		return OK;
	return message_find(db, p->arena, p->turn->session_id,
		ids[p->n_known - 1], &p->known);
}

/* A chat that has no session id with it is found again by its own id, when it
 * lists something that the session knows. */
static enum err
find_session_of_chat(struct db *db, struct placing *p)
{
	enum err err;

	if (p->post->chat_id.len == 0)
		return ERR_NOT_FOUND;
	TRY(session_find_chat(db, p->arena, p->post->user_id, p->post->chat_id,
		&p->turn->session_id));
	TRY(session_lock(db, p->arena, p->post->user_id, p->turn->session_id));
	err = find_known(db, p);
	if (err == OK && p->n_known == 0)
		err = ERR_NOT_FOUND;
	return err;
}

static enum err
find_session(struct db *db, struct placing *p)
{
	enum err err;

	p->new_session = false;
	p->turn->session_id = p->post->session_id;
	if (p->post->session_id != 0) {
		TRY(session_lock(
			db, p->arena, p->post->user_id, p->post->session_id));
		return find_known(db, p);
	}
	err = find_session_of_chat(db, p);
	if (err != ERR_NOT_FOUND)
		return err;
	p->new_session = true;
	p->n_known = 0;
	return OK;
}

static enum err
classify(struct placing *p)
{
	const struct turn_post *post = p->post;
	bool same;

	if (p->n_known < post->n) {
		if (!turn_last(p)->is_user)
			return turn_refuse(p, ERR_INVALID, "unknown_reply",
				"The list ends with a reply that this session "
				"does not have.");
		p->kind = APPEND;
		return OK;
	}
	same = span_equal(p->known.parts, turn_last(p)->parts);
	if (!p->known.is_user)
		p->kind = CONTINUE;
	else if (post->regenerate || (same && post->message_id.len > 0))
		p->kind = REGENERATE;
	else if (post->message_id.len > 0)
		p->kind = EDIT;
	else if (same)
		p->kind = REPEAT;
	else
		return turn_refuse(p, ERR_CONFLICT, "message_conflict",
			"A message with this id and another content is stored "
			"already.");
	return OK;
}

/* Whether a client that posts this list knows of the running reply: it lists
 * it or the message it answers, or it goes back on purpose. */
static bool
knows_running(const struct placing *p, const struct message *running)
{
	if (p->kind == EDIT || p->kind == REGENERATE)
		return true;
	return p->n_known > 0 && p->kind == APPEND &&
		(p->known.id == running->id ||
			p->known.id == running->parent_id);
}

/* Whether this very list has started the running reply. */
static bool
started_running(const struct placing *p, const struct message *running)
{
	switch (p->kind) {
	case REPEAT:
		return running->parent_id == p->known.id;
	case REGENERATE: /* an edit that is sent again */
		return running->parent_id == p->known.id &&
			!p->post->regenerate;
	case CONTINUE:
		return running->id == p->known.id;
	case APPEND:
	case EDIT:
		break;
	}
	return false;
}

/* Whether the reply has gone on since this client saw it: then the list asks
 * for what has been done already. */
static bool
went_on(const struct placing *p)
{
	return json_raw_length(p->known.parts) >
		json_raw_length(turn_last(p)->parts);
}

static void
attach(struct placing *p, enum turn_outcome outcome,
	const struct message *reply)
{
	uint64_t *ids = arena_alloc(p->arena, sizeof(*ids));

	ids[0] = p->known.id;
	p->turn->outcome = outcome;
	p->turn->reply_id = reply->id;
	p->turn->create_ms = reply->create_ms;
	p->turn->user_ids = ids;
	p->turn->n_user_ids = p->n_known > 0 && p->known.is_user;
}

/* Decides what happens when a reply runs, or when the send is known. *done*
 * when nothing is left to insert. */
static enum err
meet_running(struct db *db, struct placing *p, bool *done)
{
	struct message running, reply;
	enum err err = ERR_NOT_FOUND;

	*done = true;
	if (!p->new_session)
		err = message_streaming(
			db, p->arena, p->turn->session_id, &running);
	if (err == OK && started_running(p, &running)) {
		attach(p, TURN_REPEATED, &running);
		return OK;
	}
	if (err != OK && err != ERR_NOT_FOUND)
		return err;
	if (p->kind == CONTINUE && err == ERR_NOT_FOUND && went_on(p)) {
		attach(p, TURN_REPEATED, &p->known);
		return OK;
	}
	if (p->kind == REPEAT) {
		TRY(message_reply(db, p->arena, p->turn->session_id,
			p->known.id, &reply));
		attach(p, TURN_REPEATED, &reply);
		return OK;
	}
	*done = err == OK;
	if (err == ERR_NOT_FOUND)
		return OK;
	if (!knows_running(p, &running))
		return turn_refuse(p, ERR_CONFLICT, "reply_running",
			"A reply is being written in this session. Wait for "
			"it, or stop it first.");
	attach(p, TURN_RUNNING, &running);
	return OK;
}

struct message_head
turn_head(const struct message *message)
{
	return (struct message_head){ message->id, message->parent_id,
		message->is_user, message->active };
}

/* Below which message the new ones go. */
static enum err
find_parent(struct db *db, struct placing *p)
{
	struct message above;
	enum err err;

	p->parent = (struct message_head){ 0 };
	if (p->new_session || (p->kind == EDIT && p->known.parent_id == 0))
		return OK;
	if (p->kind == EDIT) {
		TRY(message_find_id(db, p->arena, p->turn->session_id,
			p->known.parent_id, &above));
		p->parent = turn_head(&above);
	} else if (p->n_known > 0) {
		p->parent = turn_head(&p->known);
	} else {
		err = message_leaf(db, p->turn->session_id, &p->parent);
		return err == ERR_NOT_FOUND ? OK : err;
	}
	return OK;
}

/* The shown path must end at the parent: what hangs below it is another
 * branch from now on. */
static enum err
show_parent(struct db *db, struct placing *p)
{
	struct message_head newest;

	TRY(message_newest(db, p->turn->session_id, &newest));
	p->last_id = newest.id;
	if (newest.id == p->parent.id && newest.active)
		return OK;
	TRY(session_branch(db, p->turn->session_id));
	return branch_show(db, p->arena, p->turn->session_id, &p->parent);
}

/* Without its lease this process must not write; it will have another soon. */
static enum err
fence(struct db *db, struct lease lease)
{
	enum err err = worker_fence(db, lease);

	return err == ERR_CONFLICT ? ERR_BUSY : err;
}

static enum err
place(struct db *db, void *arg)
{
	struct placing *p = arg;
	bool done;

	p->turn->lease = snowflake_lease(p->ids);
	TRY(fence(db, p->turn->lease));
	TRY(find_session(db, p));
	TRY(classify(p));
	TRY(meet_running(db, p, &done));
	if (done)
		return OK;
	TRY(turn_spend(db, p));
	if (p->kind == CONTINUE)
		return turn_continue_reply(db, p);
	TRY(find_parent(db, p));
	if (!p->new_session)
		TRY(show_parent(db, p));
	TRY(fault_at("turn.begin"));
	TRY(turn_open_session(db, p));
	TRY(turn_insert_new(db, p));
	TRY(fault_at("turn.user"));
	TRY(turn_insert_reply(db, p));
	return fault_at("turn.reply");
}

/* ---- the first question of a session, which is most often new in all */

/* Whether it can be one, by what is read outside of a transaction: whatever is
 * otherwise at its commit is refused then, and placed the long way. */
static enum err
look_first(struct db *db, struct placing *p)
{
	const struct turn_post *post = p->post;
	uint64_t session_id;
	enum err err = ERR_NOT_FOUND;

	if (post->session_id != 0 || !turn_last(p)->is_user ||
		post->budget.of[BUDGET_MESSAGES] != 0 ||
		post->budget.of[BUDGET_TOKENS] != 0)
		return ERR_INVALID;
	if (post->chat_id.len > 0)
		err = session_find_chat(db, p->arena, post->user_id,
			post->chat_id, &session_id);
	if (err != ERR_NOT_FOUND)
		return err == OK ? ERR_INVALID : err;
	p->new_session = true;
	p->kind = APPEND;
	return turn_spend(db, p);
}

static enum err
place_first(struct db *db, void *arg)
{
	struct placing *p = arg;

	p->turn->lease = snowflake_lease(p->ids);
	p->parent = (struct message_head){ 0 };
	p->held = true;
	TRY(fault_at("turn.begin"));
	TRY(turn_open_session(db, p));
	TRY(turn_insert_new(db, p));
	TRY(fault_at("turn.user"));
	TRY(turn_insert_reply(db, p));
	if (p->post->n == 1)
		p->turn->question = turn_last(p)->parts;
	return fault_at("turn.reply");
}

/* One look and one packet. ERR_INVALID: not in this way. */
static enum err
open_first(struct db *db, struct placing *p)
{
	TRY(look_first(db, p));
	return db_transaction(db, place_first, p);
}

enum err
turn_open(struct db *db, struct snowflake *ids, struct arena *arena,
	const struct turn_post *post, struct turn *out)
{
	const struct placing begin = { .ids = ids,
		.arena = arena,
		.post = post,
		.turn = out,
		.now_ms = clock_wall_ms() };
	struct placing p;
	enum err err = ERR_CONFLICT;

	for (int i = 0; i < CONFLICT_TRIES && err == ERR_CONFLICT; i++) {
		p = begin;
		*out = (struct turn){ 0 };
		err = open_first(db, &p);
		if (err == ERR_INVALID && out->code == NULL) {
			p = begin;
			*out = (struct turn){ 0 };
			err = db_transaction(db, place, &p);
		}
		if (out->code != NULL)
			return err;
	}
	return err;
}
