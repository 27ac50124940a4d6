#include "chat/turn_private.h"

#include "base/clock.h"
#include "base/fault.h"
#include "repo/branch.h"
#include "repo/search.h"
#include "repo/session.h"
#include "repo/worker.h"

/* Two simultaneous first sends collide at a unique key; the second one finds
 * the rows of the first when it tries again. */
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

struct message_head
turn_head(const struct message *message)
{
	return (struct message_head){ message->id, message->parent_id,
		message->is_user, message->active };
}

/* Finds the message below which the new ones go. */
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

/* The shown path must end at the parent; everything below it becomes another
 * branch. */
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

/* Without its lease this process must not write; it will soon have a new
 * one. */
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
	TRY(turn_find_session(db, p));
	TRY(turn_check_assistant(p));
	TRY(turn_classify(p));
	TRY(turn_meet_running(db, p, &done));
	if (done)
		return OK;
	TRY(turn_choose(db, p));
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

/* ---- the first question of a session, which is mostly a new session */

/* Whether the short way seems possible, read outside any transaction. If the
 * commit finds otherwise, it refuses, and the long way is taken. */
static enum err
look_first(struct db *db, struct placing *p)
{
	const struct turn_post *post = p->post;
	uint64_t session_id;
	enum err err = ERR_NOT_FOUND;

	if (post->session_id != 0 || !turn_last(p)->is_user)
		return ERR_INVALID;
	if (post->chat_id.len > 0)
		err = session_find_chat(db, p->arena, post->user_id,
			post->chat_id, &session_id);
	if (err != ERR_NOT_FOUND)
		return err == OK ? ERR_INVALID : err;
	p->new_session = true;
	p->kind = APPEND;
	TRY(turn_choose(db, p));
	return turn_has_ample_budget(db, p);
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

/* Needs one look and one packet. ERR_INVALID if the short way does not
 * apply. */
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
