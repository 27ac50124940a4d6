#include "repo/session.h"

#include "repo/user.h"

/* In the order in which read_session() takes them. The key session_list
 * contains all of them. */
#define COLUMNS                                        \
	"s.id, s.title, s.create_time, s.update_time," \
	" s.pinned, s.archived, s.branched, s.streaming"

static const char FIND[] =
	"SELECT " COLUMNS ", s.model_id, s.options, s.assistant_id,"
	" s.assistant_version, v.name, v.icon FROM session s"
	" LEFT JOIN assistant_version v ON v.assistant_id = s.assistant_id"
	" AND v.version = s.assistant_version"
	" WHERE s.id = ? AND s.user_id = ?";

/* Forces the key; MySQL would scan another one and sort everything that it
 * finds. */
#define LIST_BY(key, pinned)                                      \
	"SELECT " COLUMNS " FROM session s FORCE INDEX (" key ")" \
	" WHERE s.user_id = ? AND s.archived = ?" pinned
/* `update_time <= ?` bounds the range in the index; the rest excludes its
 * edge. */
#define BELOW " AND s.update_time <= ? AND (s.update_time < ? OR s.id < ?)"
#define LATEST " ORDER BY s.update_time DESC, s.id DESC LIMIT ?"

#define ANY_PIN LIST_BY("session_list", "")
/* Few sessions are pinned, so skipping them is cheap. */
#define NOT_PINNED LIST_BY("session_list", " AND NOT s.pinned")
#define PINNED LIST_BY("session_pinned", " AND s.pinned = TRUE")

/* For the first page, and for a page after a place. */
static const char *const LISTS[][2] = {
	[SESSION_ANY_PIN] = { ANY_PIN LATEST, ANY_PIN BELOW LATEST },
	[SESSION_PINNED] = { PINNED LATEST, PINNED BELOW LATEST },
	[SESSION_NOT_PINNED] = { NOT_PINNED LATEST, NOT_PINNED BELOW LATEST },
};

/* The ids are read from a key that contains them in another order, so each page
 * walks over the keys of all of the user's sessions; the rows are read for the
 * page alone. */
static const char AFTER[] =
	"SELECT " COLUMNS " FROM (SELECT id FROM session"
	" FORCE INDEX (session_bytes) WHERE user_id = ? AND id > ?"
	" ORDER BY id LIMIT ?) own JOIN session s ON s.id = own.id"
	" ORDER BY s.id";

static const char IDS[] = "SELECT id FROM session WHERE user_id = ? LIMIT ?";

static const char LOCK[] =
	"SELECT model_id, options, assistant_id, assistant_version FROM session"
	" WHERE id = ? AND user_id = ? FOR UPDATE";

static const char CHOOSE[] =
	"UPDATE session SET model_id = ?, options = ? WHERE id = ?";

static const char INSERT[] =
	"INSERT INTO session (id, user_id, title, chat_id, first_client_id,"
	" create_time, update_time, bytes, model_id, options, assistant_id,"
	" assistant_version, archived, streaming)"
	" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

static const char INSERT_HELD[] =
	"INSERT INTO session (id, user_id, title, chat_id, first_client_id,"
	" create_time, update_time, bytes, model_id, options, assistant_id,"
	" assistant_version, archived, streaming)"
	" VALUES (" WORKER_HELD("?") ", " USER_SHARED ", ?, ?, ?, ?, ?, ?,"
				     " ?, ?, ?, ?, ?, ?)";

static const char FIND_CHAT[] = "SELECT id FROM session"
				" WHERE user_id = ? AND chat_id = ?"
				" ORDER BY id DESC LIMIT 1";

static const char BRANCH[] = "UPDATE session SET branched = TRUE WHERE id = ?";

/* Which of these sessions have a running reply. */
#define MARKS "?,?,?,?,?,?,?,?"
#define MARKS_N 8
static const char RUNNING[] = "SELECT streaming_session FROM message"
			      " WHERE streaming_session IN (" MARKS ")";

static const char OWNER[] = "SELECT user_id FROM session WHERE id = ?";

static void
read_session(struct row *row, void *out)
{
	struct session *session = out;
	uint64_t activity, shelf;

	session->id = row_u64(row);
	session->title = row_str(row);
	session->create_ms = row_time(row);
	session->update_ms = row_time(row);
	session->pinned = row_u64(row) != 0;
	shelf = row_u64(row);
	session->archived = shelf == SESSION_ARCHIVED;
	session->temporary = shelf == SESSION_TEMPORARY;
	session->branched = row_u64(row) != 0;
	activity = row_u64(row);
	session->streaming = activity == SESSION_STREAMING;
	session->asking = activity == SESSION_ASKING;
}

static void
read_chosen(struct row *row, void *out)
{
	struct session_chosen *chosen = out;

	chosen->model_id = row_u64(row);
	chosen->options = row_span(row);
	chosen->assistant_id = row_u64(row);
	chosen->assistant_version = (uint32_t)row_u64(row);
}

/* A session that is read on its own. */
struct whole {
	struct session *session;
	struct session_chosen *chosen;
};

static void
read_whole(struct row *row, void *out)
{
	struct whole *whole = out;

	read_session(row, whole->session);
	read_chosen(row, whole->chosen);
	whole->session->chosen = whole->chosen;
	whole->session->assistant_name = row_str(row);
	whole->session->assistant_icon = row_str(row);
}

/* Sessions marked as streaming. */
struct marked {
	struct session *of[MARKS_N];
	unsigned n;
};

static enum err
is_running(struct row *row, void *arg)
{
	const struct marked *marked = arg;
	uint64_t id = row_u64(row);

	for (unsigned i = 0; i < marked->n; i++)
		if (marked->of[i]->id == id)
			marked->of[i]->streaming = true;
	return OK;
}

static enum err
look_for_replies(struct db *db, struct arena *arena, struct marked *marked)
{
	struct param ids[MARKS_N];

	/* Unused marks repeat the last id. */
	for (unsigned i = 0; i < MARKS_N; i++)
		ids[i] = U64(marked->of[MIN(i, marked->n - 1)]->id);
	for (unsigned i = 0; i < marked->n; i++)
		marked->of[i]->streaming = false;
	return db_each(db, arena, RUNNING, (struct params){ ids, MARKS_N },
		is_running, marked);
}

/*
 * The mark is set and cleared in the transactions that begin and end a reply; a
 * stale mark is checked here. Few sessions have the mark, so they are queried
 * separately: as a condition of the list, the look-up would make the list a
 * sixth slower, even without any mark.
 */
static enum err
check_marks(
	struct db *db, struct arena *arena, struct session *list, unsigned n)
{
	struct marked marked = { .n = 0 };

	for (unsigned i = 0; i < n; i++) {
		if (list[i].streaming)
			marked.of[marked.n++] = &list[i];
		if (marked.n == MARKS_N || (i == n - 1 && marked.n > 0)) {
			TRY(look_for_replies(db, arena, &marked));
			marked.n = 0;
		}
	}
	return OK;
}

enum err
session_find(struct db *db, struct arena *arena, uint64_t user_id, uint64_t id,
	struct session *out)
{
	struct whole whole = { out, arena_alloc(arena, sizeof(*whole.chosen)) };

	TRY(db_one(db, arena, FIND, PARAMS(U64(id), U64(user_id)), read_whole,
		&whole));
	return check_marks(db, arena, out, 1);
}

static enum err
add_session(struct row *row, void *arg)
{
	struct session_page *page = arg;

	read_session(row, &page->list[page->n++]);
	return OK;
}

static enum err
read_list(struct db *db, struct arena *arena,
	const struct session_filter *filter, const struct session_place *place,
	struct param n, struct session_page *out)
{
	const char *const *list = LISTS[filter->pins];
	struct param user = U64(filter->user_id), time = TIME(place->update_ms);
	struct param archived = U64(filter->archived);

	if (place->update_ms == SESSION_LIST_START.update_ms)
		return db_each(db, arena, list[0], PARAMS(user, archived, n),
			add_session, out);
	return db_each(db, arena, list[1],
		PARAMS(user, archived, time, time, U64(place->id), n),
		add_session, out);
}

enum err
session_after(struct db *db, struct arena *arena, uint64_t user_id,
	uint64_t after, unsigned limit, struct session_page *out)
{
	size_t size = (limit + 1) * sizeof(*out->list);
	enum err err;

	*out = (struct session_page){ .list = arena_alloc(arena, size) };
	err = db_each(db, arena, AFTER,
		PARAMS(U64(user_id), U64(after), U64(limit + 1)), add_session,
		out);
	out->more = out->n > limit;
	out->n = MIN(out->n, limit);
	return err;
}

/* Reads one session more than requested, to find out whether there are
 * others. */
enum err
session_list(struct db *db, struct arena *arena, struct session_filter filter,
	struct session_place place, unsigned limit, struct session_page *out)
{
	size_t size = (limit + 1) * sizeof(*out->list);

	*out = (struct session_page){ .list = arena_alloc(arena, size) };
	TRY(read_list(db, arena, &filter, &place, U64(limit + 1), out));
	out->more = out->n > limit;
	out->n = MIN(out->n, limit);
	return check_marks(db, arena, out->list, out->n);
}

enum err
session_ids(
	struct db *db, uint64_t user_id, uint64_t *ids, size_t max, size_t *n)
{
	return db_ids(db, IDS, PARAMS(U64(user_id), U64(max)), ids, n);
}

enum err
session_lock(struct db *db, struct arena *arena, uint64_t user_id, uint64_t id)
{
	struct session_chosen chosen;

	return session_lock_chosen(db, arena, user_id, id, &chosen);
}

enum err
session_lock_chosen(struct db *db, struct arena *arena, uint64_t user_id,
	uint64_t id, struct session_chosen *out)
{
	return db_one(db, arena, LOCK, PARAMS(U64(id), U64(user_id)),
		read_chosen, out);
}

enum err
session_choose(struct db *db, uint64_t id, const struct session_chosen *chosen)
{
	return db_later(db, CHOOSE,
		PARAMS(ID_OR_NULL(chosen->model_id), SPAN(chosen->options),
			U64(id)));
}

static struct param
shelf_of(const struct session_draft *draft)
{
	return U64(draft->temporary ? SESSION_TEMPORARY : SESSION_LISTED);
}

/* Parameters in the order of both statements. */
#define INSERTED(draft)                                                     \
	U64((draft)->user_id), STR((draft)->title), SPAN((draft)->chat_id), \
		SPAN((draft)->first_client_id), TIME((draft)->now_ms),      \
		TIME((draft)->now_ms), U64((draft)->bytes),                 \
		ID_OR_NULL((draft)->chosen.model_id),                       \
		SPAN((draft)->chosen.options),                              \
		ID_OR_NULL((draft)->chosen.assistant_id),                   \
		ID_OR_NULL((draft)->chosen.assistant_version),              \
		shelf_of(draft), U64(SESSION_STREAMING)

enum err
session_insert(struct db *db, const struct session_draft *draft)
{
	return db_later(db, INSERT, PARAMS(U64(draft->id), INSERTED(draft)));
}

enum err
session_insert_held(
	struct db *db, const struct session_draft *draft, struct lease lease)
{
	return db_later(db, INSERT_HELD,
		PARAMS(U64(draft->id), U64(lease.node), U64(lease.epoch),
			INSERTED(draft)));
}

enum err
session_find_chat(struct db *db, struct arena *arena, uint64_t user_id,
	struct span chat_id, uint64_t *id)
{
	return db_one(db, arena, FIND_CHAT, PARAMS(U64(user_id), SPAN(chat_id)),
		row_read_u64, id);
}

enum err
session_owner(
	struct db *db, struct arena *arena, uint64_t id, uint64_t *user_id)
{
	return db_one(db, arena, OWNER, PARAMS(U64(id)), row_read_u64, user_id);
}

enum err
session_branch(struct db *db, uint64_t id)
{
	return db_later(db, BRANCH, PARAMS(U64(id)));
}
