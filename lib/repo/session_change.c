/* Changes that a person makes to a session. */

#include "repo/branch.h"
#include "repo/message.h"
#include "repo/search.h"
#include "repo/session.h"

static const char CHANGE[] =
	"UPDATE session SET title = COALESCE(?, title),"
	" pinned = COALESCE(?, pinned), archived = COALESCE(?, archived),"
	/* A title given by a person is final (session_title.h). */
	" title_tries = IF(? IS NULL, title_tries, 0),"
	" title_until = IF(? IS NULL, title_until, NULL),"
	" model_id = IF(?, ?, model_id), options = IF(?, ?, options)"
	" WHERE id = ?";

struct changing {
	struct arena *arena;
	uint64_t user_id, id;
	const struct session_change *change;
};

static struct param
flag(const bool *value)
{
	return value != NULL ? U64(*value) : NULL_PARAM;
}

static enum err
show_leaf(struct db *db, const struct changing *changing)
{
	struct message running;
	enum err err =
		message_streaming(db, changing->arena, changing->id, &running);

	if (err != ERR_NOT_FOUND)
		return err == OK ? ERR_RUNNING : err;
	return branch_switch(
		db, changing->arena, changing->id, changing->change->leaf_id);
}

static enum err
change_locked(struct db *db, void *arg)
{
	const struct changing *changing = arg;
	const struct session_change *change = changing->change;

	TRY(session_lock(db, changing->arena, changing->user_id, changing->id));
	if (change->leaf_id != 0) {
		TRY(show_leaf(db, changing));
		TRY(session_settle(db, changing->id, 0, 0));
	}
	if (change->title != NULL)
		TRY(search_note(db, changing->id, SEARCH_TITLE));
	return db_exec(db, CHANGE,
		PARAMS(STR(change->title), flag(change->pinned),
			flag(change->archived), STR(change->title),
			STR(change->title), U64(change->model_id != NULL),
			change->model_id != NULL ? ID_OR_NULL(*change->model_id)
						 : NULL_PARAM,
			U64(change->options != NULL),
			change->options != NULL ? SPAN(*change->options)
						: NULL_PARAM,
			U64(changing->id)));
}

enum err
session_change(struct db *db, struct arena *arena, uint64_t user_id,
	uint64_t id, const struct session_change *change)
{
	struct changing changing = { arena, user_id, id, change };

	return db_transaction(db, change_locked, &changing);
}
