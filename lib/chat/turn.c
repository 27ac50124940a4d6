#include "chat/turn.h"

#include "base/clock.h"
#include "base/fault.h"
#include "chat/parts.h"
#include "chat/tool_set.h"
#include "llm/made_id.h"
#include "repo/branch.h"
#include "repo/search.h"
#include "repo/session.h"
#include "repo/stop_request.h"
#include "repo/worker.h"
#include "json/write.h"

/* Two first sends at once meet at a unique key; the second finds the first's
 * rows when it looks again. */
#define CONFLICT_TRIES 3

/* What a posted list asks for, seen beside what is stored. */
enum kind {
	APPEND, /* new user messages below the known ones */
	EDIT, /* another text in place of the last, known one */
	REGENERATE, /* another reply to the last, known one */
	REPEAT, /* a send that is stored already */
	CONTINUE, /* the last, known message is a reply that shall go on */
};

/* What the transaction works on. */
struct placing {
	struct snowflake *ids;
	struct arena *arena;
	const struct turn_post *post;
	struct turn *turn;
	bool new_session;
	size_t n_known; /* how many of the list precede what is new */
	struct message known; /* the last of these */
	enum kind kind;
	struct message_head parent; /* of what will be inserted; id 0: none */
	uint64_t last_id; /* new ids go above */
	int64_t now_ms;
};

static enum err
refuse(struct placing *p, enum err err, const char *code, const char *detail)
{
	p->turn->code = code;
	p->turn->detail = detail;
	return err;
}

static const struct turn_message *
last_message(const struct placing *p)
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
		if (!last_message(p)->is_user)
			return refuse(p, ERR_INVALID, "unknown_reply",
				"The list ends with a reply that this session "
				"does not have.");
		p->kind = APPEND;
		return OK;
	}
	same = span_equal(p->known.parts, last_message(p)->parts);
	if (!p->known.is_user)
		p->kind = CONTINUE;
	else if (post->regenerate || (same && post->message_id.len > 0))
		p->kind = REGENERATE;
	else if (post->message_id.len > 0)
		p->kind = EDIT;
	else if (same)
		p->kind = REPEAT;
	else
		return refuse(p, ERR_CONFLICT, "message_conflict",
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
		json_raw_length(last_message(p)->parts);
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
		return refuse(p, ERR_CONFLICT, "reply_running",
			"A reply is being written in this session. Wait for "
			"it, or stop it first.");
	attach(p, TURN_RUNNING, &running);
	return OK;
}

static struct message_head
head_of(const struct message *message)
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
		p->parent = head_of(&above);
	} else if (p->n_known > 0) {
		p->parent = head_of(&p->known);
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

static enum err
next_id(struct placing *p, uint64_t *out)
{
	TRY(snowflake_next(p->ids, p->last_id, out));
	p->last_id = *out;
	return OK;
}

/* Where the messages begin that insert_new() takes from the list. */
static size_t
first_new(const struct placing *p)
{
	return p->kind == EDIT ? p->post->n - 1 : p->n_known;
}

/* Later only the user's messages are taken. */
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
		return refuse(p, err, "messages_used_up",
			"These were all your messages for today.");
	case BUDGET_TOKENS:
		return refuse(p, err, "tokens_used_up",
			"These were all your tokens for today.");
	case BUDGET_SESSIONS:
		return refuse(p, err, "too_many_sessions",
			"You have as many sessions as an account may have. "
			"Delete some that you no longer need.");
	case BUDGET_BYTES:
	case BUDGET_N:
		break;
	}
	return refuse(p, err, "storage_full",
		"Your sessions take all the room that an account has. Delete "
		"some that you no longer need.");
}

/* A send that asks the model is paid for, whatever it stores. */
static enum err
spend(struct db *db, struct placing *p)
{
	const struct budget_send send = { .user_id = p->post->user_id,
		.new_session = p->new_session,
		.bytes = new_bytes(p),
		.now_ms = p->now_ms };
	enum err err = budget_take(
		db, p->arena, &send, &p->post->budget, &p->turn->spent);

	if (err == ERR_THROTTLED || err == ERR_FORBIDDEN)
		return refuse_spent(p, err);
	return err;
}

static enum err
open_session(struct db *db, struct placing *p)
{
	struct session_draft draft = {
		.user_id = p->post->user_id,
		.chat_id = p->post->chat_id,
		.first_client_id = last_message(p)->id,
		.now_ms = p->now_ms,
	};

	if (!p->new_session)
		return session_touch(db, p->turn->session_id, p->now_ms,
			(int64_t)new_bytes(p));
	draft.bytes = new_bytes(p);
	draft.title = turn_title(p->arena, p->post->messages[0].parts).data;
	p->last_id = 0;
	TRY(next_id(p, &draft.id));
	p->turn->session_id = draft.id;
	TRY(session_insert(db, &draft));
	return search_note(db, draft.id, SEARCH_TITLE);
}

/* A reply that a client posts is marked as such by its client's id, and tells
 * nothing of what the server's tools did. */
static void
take_posted_reply(struct placing *p, struct message *message)
{
	char *made = arena_alloc(p->arena, MADE_ID_LEN);

	if (message->client_id.data == NULL) {
		made_id(made);
		message->client_id = span_of(made);
	}
	if (p->post->tools != NULL)
		message->parts = tool_set_without_ours(
			p->arena, p->post->tools, message->parts);
}

/* Inserts one listed message below the parent and makes it the parent. */
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
	p->parent = head_of(&message);
	return OK;
}

/* A new session stores the list as it is; later only the user's messages are
 * taken from a list, and of an edit the last one. */
static enum err
insert_new(struct db *db, struct placing *p)
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
	json_member_str(&w, "model", p->post->model);
	json_close(&w, '}');
	metadata = arena_span(p->arena, buf_span(&buf));
	buf_free(&buf);
	return metadata;
}

static enum err
insert_reply(struct db *db, struct placing *p)
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
	turn->create_ms = p->now_ms;
	turn->parts = reply.parts;
	turn->metadata = reply.metadata;
	return OK;
}

/* The stored parts with what a person has answered in the posted ones. */
static enum err
answered_parts(struct placing *p, struct buf *out)
{
	const struct parts_answers answers = { last_message(p)->parts,
		p->post->tools, message_is_made(&p->known) };
	struct parts *parts = parts_open();
	size_t n_answered;
	enum err err =
		parts_load(parts, p->arena, p->known.parts, p->known.metadata);

	if (err == OK)
		err = parts_answer(parts, p->arena, &answers, &n_answered);
	if (err == OK)
		parts_write(parts, out);
	parts_free(parts);
	return err;
}

/* The reply streams again; its answers are stored before the model is asked. */
static enum err
continue_reply(struct db *db, struct placing *p)
{
	struct message_head head = head_of(&p->known);
	struct turn *turn = p->turn;
	struct buf parts = BUF_INIT;
	enum err err = answered_parts(p, &parts);

	turn->parts = arena_span(p->arena, buf_span(&parts));
	buf_free(&parts);
	if (err != OK)
		return refuse(p, ERR_INVALID, "cannot_continue",
			"The list's last reply does not fit the stored one.");
	TRY(branch_show(db, p->arena, turn->session_id, &head));
	/* Its end counts all of it again. */
	TRY(session_touch(db, turn->session_id, p->now_ms,
		-(int64_t)(p->known.parts.len + p->known.metadata.len +
			BUDGET_ROW_BYTES)));
	/* What it was asked to stop before is not for what follows. */
	TRY(stop_request_drop(db, p->known.id, turn->lease));
	TRY(message_reopen(db, turn->session_id, p->known.id, turn->lease,
		turn->parts, p->now_ms));
	turn->outcome = TURN_NEW;
	turn->continued = true;
	turn->made = message_is_made(&p->known);
	turn->reply_id = p->known.id;
	turn->create_ms = p->known.create_ms;
	turn->metadata = p->known.metadata;
	return OK;
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
	TRY(spend(db, p));
	if (p->kind == CONTINUE)
		return continue_reply(db, p);
	TRY(find_parent(db, p));
	if (!p->new_session)
		TRY(show_parent(db, p));
	TRY(fault_at("turn.begin"));
	TRY(open_session(db, p));
	TRY(insert_new(db, p));
	TRY(fault_at("turn.user"));
	TRY(insert_reply(db, p));
	return fault_at("turn.reply");
}

enum err
turn_open(struct db *db, struct snowflake *ids, struct arena *arena,
	const struct turn_post *post, struct turn *out)
{
	struct placing p = { .ids = ids,
		.arena = arena,
		.post = post,
		.turn = out,
		.now_ms = clock_wall_ms() };
	enum err err = ERR_CONFLICT;

	for (int i = 0; i < CONFLICT_TRIES && err == ERR_CONFLICT; i++) {
		*out = (struct turn){ 0 };
		err = db_transaction(db, place, &p);
		if (out->code != NULL)
			return err;
	}
	return err;
}
