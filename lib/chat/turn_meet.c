/* Compares what a posted list asks for with what is stored and what runs. */

#include "chat/turn_private.h"

#include "repo/session.h"
#include "json/json.h"

/* Finds the last message of the list that the session knows. Its content
 * matters only if nothing new follows it. */
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
		ids[p->n_known - 1], p->n_known < post->n, &p->known);
}

/* A chat posted without a session id is found by its chat id, if the list
 * contains a message that the session knows. */
static enum err
find_session_of_chat(struct db *db, struct placing *p)
{
	enum err err;

	if (p->post->chat_id.len == 0)
		return ERR_NOT_FOUND;
	TRY(session_find_chat(db, p->arena, p->post->user_id, p->post->chat_id,
		&p->turn->session_id));
	TRY(session_lock_chosen(db, p->arena, p->post->user_id,
		p->turn->session_id, &p->chosen));
	err = find_known(db, p);
	if (err == OK && p->n_known == 0)
		err = ERR_NOT_FOUND;
	return err;
}

enum err
turn_find_session(struct db *db, struct placing *p)
{
	enum err err;

	p->new_session = false;
	p->turn->session_id = p->post->session_id;
	if (p->post->session_id != 0) {
		TRY(session_lock_chosen(db, p->arena, p->post->user_id,
			p->post->session_id, &p->chosen));
		return find_known(db, p);
	}
	err = find_session_of_chat(db, p);
	if (err != ERR_NOT_FOUND)
		return err;
	p->new_session = true;
	p->chosen = (struct session_chosen){ 0 };
	p->n_known = 0;
	return OK;
}

enum err
turn_classify(struct placing *p)
{
	const struct turn_post *post = p->post;
	bool same;

	if (p->n_known < post->n) {
		if (!turn_last(p)->is_user)
			return turn_refuse(p, ERR_INVALID, "unknown_reply",
				"The list ends with a reply that is not in "
				"this session.");
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
			"A message with this id but different content is "
			"already stored.");
	return OK;
}

/* ---- a running reply */

/* Whether a client that posts this list knows the running reply: the list
 * contains it or the message it answers. */
static bool
knows_running(const struct placing *p, const struct message *running)
{
	return p->n_known > 0 &&
		(p->known.id == running->id ||
			p->known.id == running->parent_id);
}

/* Whether this same list has started the running reply. */
static bool
started_running(const struct placing *p, const struct message *running)
{
	switch (p->kind) {
	case REPEAT:
		return running->parent_id == p->known.id;
	case REGENERATE: /* an edit that was sent twice */
		return running->parent_id == p->known.id &&
			!p->post->regenerate;
	case CONTINUE:
		return running->id == p->known.id;
	case APPEND:
	case EDIT:
	case KINDS:
		break;
	}
	return false;
}

/* Whether the reply has grown since this client saw it: then the list asks for
 * something that has already been done. */
static bool
went_on(const struct placing *p)
{
	return json_raw_length(p->known.parts) >
		json_raw_length(turn_last(p)->parts);
}

/* The list always contains a known message if there is a reply to attach it
 * to. */
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
	p->turn->n_user_ids = p->known.is_user;
}

/* How the session's running reply relates to the list. */
enum running {
	NONE, /* no reply runs */
	STARTED, /* the same list has started it, sent before */
	KNOWN, /* the client that posts knows it */
	OTHER,
};

enum decision {
	PLACE, /* place the new messages */
	JOIN, /* the running reply is the list's own */
	REPLACE, /* stop the running reply first */
	REFUSE,
	ANSWER, /* sent before, and the reply is stored */
	/* like PLACE, unless the reply has grown since the client saw it */
	GO_ON,
};

/* clang-format off */
static const enum decision decisions[KINDS][OTHER + 1] = {
	/*               NONE    STARTED  KNOWN    OTHER */
	[APPEND] =     { PLACE,  JOIN,    REPLACE, REFUSE },
	[EDIT] =       { PLACE,  JOIN,    REPLACE, REPLACE },
	[REGENERATE] = { PLACE,  JOIN,    REPLACE, REPLACE },
	[REPEAT] =     { ANSWER, JOIN,    ANSWER,  ANSWER },
	[CONTINUE] =   { GO_ON,  JOIN,    REFUSE,  REFUSE },
};
/* clang-format on */

/* Sets *out* to the running reply, unless the result is NONE. */
static enum err
find_running(
	struct db *db, struct placing *p, struct message *out, enum running *is)
{
	enum err err;

	*is = NONE;
	if (p->new_session)
		return OK;
	err = message_streaming(db, p->arena, p->turn->session_id, out);
	if (err != OK)
		return err == ERR_NOT_FOUND ? OK : err;
	if (started_running(p, out))
		*is = STARTED;
	else
		*is = knows_running(p, out) ? KNOWN : OTHER;
	return OK;
}

static enum err
attach_answer(struct db *db, struct placing *p)
{
	struct message reply;

	TRY(message_reply(
		db, p->arena, p->turn->session_id, p->known.id, &reply));
	attach(p, TURN_REPEATED, &reply);
	return OK;
}

enum err
turn_meet_running(struct db *db, struct placing *p, bool *done)
{
	struct message running = { 0 };
	enum running is;

	TRY(find_running(db, p, &running, &is));
	*done = true;
	switch (decisions[p->kind][is]) {
	case JOIN:
		attach(p, TURN_REPEATED, &running);
		return OK;
	case REPLACE:
		attach(p, TURN_RUNNING, &running);
		return OK;
	case REFUSE:
		return ERR_RUNNING;
	case ANSWER:
		return attach_answer(db, p);
	case GO_ON:
		*done = went_on(p);
		if (*done)
			attach(p, TURN_REPEATED, &p->known);
		return OK;
	case PLACE:
		break;
	}
	*done = false;
	return OK;
}
