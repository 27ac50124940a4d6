#include "repo/message.h"

#include "base/id.h"

/* In the order in which read_message() takes them. */
#define COLUMNS_WITH(content)                                      \
	"id, parent_id, role, active, status, client_id, " content \
	", worker_id, worker_epoch, create_time, update_time"
#define COLUMNS COLUMNS_WITH("parts, metadata")

/* In the order in which read_head() takes them. */
#define HEAD_COLUMNS "id, parent_id, role, active"

static const char FIND_CLIENT[] = "SELECT " COLUMNS " FROM message"
				  " WHERE session_id = ? AND client_id = ?";

static const char FIND_CLIENT_BARE[] = "SELECT " COLUMNS_WITH(
	"NULL, NULL") " FROM message"
		      " WHERE session_id = ? AND client_id = ?";

static const char FIND_ID_BARE[] =
	"SELECT " COLUMNS_WITH("NULL, NULL") " FROM message"
					     " WHERE session_id = ? AND id = ?";

static const char FIND_ID[] = "SELECT " COLUMNS " FROM message"
			      " WHERE session_id = ? AND id = ?";

static const char NEWEST[] = "SELECT " HEAD_COLUMNS " FROM message"
			     " WHERE session_id = ? ORDER BY id DESC LIMIT 1";

static const char LEAF[] =
	"SELECT " HEAD_COLUMNS " FROM message"
	" WHERE session_id = ? AND active ORDER BY id DESC LIMIT 1";

static const char REPLY[] = "SELECT " COLUMNS " FROM message"
			    " WHERE session_id = ? AND id > ? AND parent_id = ?"
			    " AND role = 'assistant' ORDER BY id DESC LIMIT 1";

static const char STREAMING[] = "SELECT " COLUMNS " FROM message"
				" WHERE streaming_session = ?";

static const char WHO_STREAMS[] =
	"SELECT id, worker_id, worker_epoch FROM message"
	" WHERE streaming_session = ?";

static const char INSERT[] =
	"INSERT INTO message (session_id, id, parent_id, role, status, active,"
	" client_id, parts, metadata, worker_id, worker_epoch, create_time,"
	" update_time) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

static const char DROP_CLIENT_ID[] =
	"UPDATE message SET client_id = NULL WHERE session_id = ? AND id = ?";

static const char REOPEN[] =
	"UPDATE message SET status = 'streaming', worker_id = ?,"
	" worker_epoch = ?, parts = ?, update_time = ?"
	" WHERE session_id = ? AND id = ? AND role = 'assistant'";

static const char TAKE_OVER[] =
	"UPDATE message SET worker_id = ?, worker_epoch = ?, metadata = ?"
	" WHERE session_id = ? AND id = ?"
	" AND status = 'streaming'";

static const char FINISH[] =
	"UPDATE message SET status = ?, parts = ?, metadata = ?,"
	" asks = ?, update_time = ?, worker_id = NULL, worker_epoch = NULL"
	" WHERE session_id = ? AND id = ? AND status = 'streaming'"
	" AND worker_id <=> ? AND worker_epoch <=> ? AND update_time = ?";

/*
 * The lease has ended, or was given to another process since. Only the
 * database's clock decides, so hosts need not agree on the time.
 */
static const char ORPHAN[] =
	"SELECT m.session_id, m.id, m.worker_id, m.worker_epoch, m.update_time"
	" FROM message m"
	" LEFT JOIN worker w ON w.id = m.worker_id"
	" AND w.epoch = m.worker_epoch AND w.lease_until > NOW(3)"
	" WHERE m.streaming_session IS NOT NULL AND w.id IS NULL"
	" AND NOT (m.worker_id = ? AND m.worker_epoch = ?)"
	" AND m.id > ? ORDER BY m.id LIMIT 1";

static const char RUNNING[] = "SELECT session_id, id, update_time FROM message"
			      " WHERE streaming_session IS NOT NULL"
			      " AND worker_id = ? AND worker_epoch = ?";

static const char LOCK[] =
	"SELECT " COLUMNS " FROM message"
	" WHERE session_id = ? AND id = ? AND status = 'streaming'"
	" FOR UPDATE SKIP LOCKED";

struct message_life
message_life(const struct message *message)
{
	return (struct message_life){ { message->worker_id,
					      message->worker_epoch },
		message->update_ms };
}

bool
message_lives(const struct message *message, const struct message_life *life)
{
	return span_is(span_of(message->status), STATUS_STREAMING) &&
		message->worker_id == life->lease.node &&
		message->worker_epoch == life->lease.epoch &&
		message->update_ms == life->began_ms;
}

int64_t
message_next_ms(const struct message *message, int64_t now_ms)
{
	return MAX(now_ms, message->update_ms + 1);
}

/* Node 0 is a valid node: only the epoch says "none". */
static struct param
node_of(struct lease lease)
{
	return lease.epoch != 0 ? U64(lease.node) : NULL_PARAM;
}

bool
message_is_made(const struct message *message)
{
	return !message->is_user && message->client_id.data == NULL;
}

static void
read_message(struct row *row, void *out)
{
	struct message *message = out;

	message->id = row_u64(row);
	message->parent_id = row_u64(row);
	message->is_user = span_is(row_span(row), ROLE_USER);
	message->active = row_u64(row) != 0;
	message->status = row_str(row);
	message->client_id = row_span(row);
	message->parts = row_span(row);
	message->metadata = row_span(row);
	message->worker_id = row_u64(row);
	message->worker_epoch = row_u64(row);
	message->create_ms = row_time(row);
	message->update_ms = row_time(row);
}

/* The texts of a head are short, so it needs no arena from the caller. */
static void
read_head(struct row *row, void *out)
{
	struct message_head *head = out;

	head->id = row_u64(row);
	head->parent_id = row_u64(row);
	head->is_user = span_is(row_span(row), ROLE_USER);
	head->active = row_u64(row) != 0;
}

static enum err
find_head(struct db *db, const char *sql, struct params params,
	struct message_head *out)
{
	struct arena arena = ARENA_INIT;
	enum err err = db_one(db, &arena, sql, params, read_head, out);

	arena_reset(&arena);
	return err;
}

enum err
message_find(struct db *db, struct arena *arena, uint64_t session_id,
	struct span id, bool bare, struct message *out)
{
	const char *by_client = bare ? FIND_CLIENT_BARE : FIND_CLIENT;
	const char *by_id = bare ? FIND_ID_BARE : FIND_ID;
	enum err err = db_one(db, arena, by_client,
		PARAMS(U64(session_id), SPAN(id)), read_message, out);
	uint64_t number;

	if (err != ERR_NOT_FOUND || id_parse(id, &number) != OK)
		return err;
	return db_one(db, arena, by_id, PARAMS(U64(session_id), U64(number)),
		read_message, out);
}

enum err
message_find_id(struct db *db, struct arena *arena, uint64_t session_id,
	uint64_t id, struct message *out)
{
	return db_one(db, arena, FIND_ID, PARAMS(U64(session_id), U64(id)),
		read_message, out);
}

enum err
message_newest(struct db *db, uint64_t session_id, struct message_head *out)
{
	enum err err = find_head(db, NEWEST, PARAMS(U64(session_id)), out);

	if (err != ERR_NOT_FOUND)
		return err;
	*out = (struct message_head){ 0 };
	return OK;
}

enum err
message_leaf(struct db *db, uint64_t session_id, struct message_head *out)
{
	return find_head(db, LEAF, PARAMS(U64(session_id)), out);
}

enum err
message_reply(struct db *db, struct arena *arena, uint64_t session_id,
	uint64_t parent_id, struct message *out)
{
	return db_one(db, arena, REPLY,
		PARAMS(U64(session_id), U64(parent_id), U64(parent_id)),
		read_message, out);
}

enum err
message_streaming(struct db *db, struct arena *arena, uint64_t session_id,
	struct message *out)
{
	return db_one(db, arena, STREAMING, PARAMS(U64(session_id)),
		read_message, out);
}

struct who {
	uint64_t id;
	struct lease lease;
};

static void
read_who(struct row *row, void *out)
{
	struct who *who = out;

	who->id = row_u64(row);
	who->lease.node = row_u64(row);
	who->lease.epoch = row_u64(row);
}

enum err
message_find_running(
	struct db *db, uint64_t session_id, uint64_t *id, struct lease *lease)
{
	struct who who;

	TRY(db_one(db, NULL, WHO_STREAMS, PARAMS(U64(session_id)), read_who,
		&who));
	*id = who.id;
	*lease = who.lease;
	return OK;
}

enum err
message_insert(
	struct db *db, uint64_t session_id, const struct message *message)
{
	const struct lease lease = { message->worker_id,
		message->worker_epoch };

	return db_later(db, INSERT,
		PARAMS(U64(session_id), U64(message->id),
			ID_OR_NULL(message->parent_id),
			STR(message->is_user ? ROLE_USER : ROLE_ASSISTANT),
			STR(message->status), U64(message->active),
			SPAN(message->client_id), SPAN(message->parts),
			SPAN(message->metadata), node_of(lease),
			ID_OR_NULL(lease.epoch), TIME(message->create_ms),
			TIME(message->create_ms)));
}

enum err
message_drop_client_id(struct db *db, uint64_t session_id, uint64_t id)
{
	return db_later(db, DROP_CLIENT_ID, PARAMS(U64(session_id), U64(id)));
}

enum err
message_reopen(struct db *db, uint64_t session_id, uint64_t id,
	const struct message_life *life, struct span parts)
{
	return db_later(db, REOPEN,
		PARAMS(U64(life->lease.node), U64(life->lease.epoch),
			SPAN(parts), TIME(life->began_ms), U64(session_id),
			U64(id)));
}

enum err
message_take_over(struct db *db, uint64_t session_id, uint64_t id,
	const struct message_life *life, struct span metadata)
{
	return db_exec(db, TAKE_OVER,
		PARAMS(U64(life->lease.node), U64(life->lease.epoch),
			SPAN(metadata), U64(session_id), U64(id)));
}

enum err
message_finish(struct db *db, const struct message_end *end, bool *done)
{
	const struct message_life *life = &end->life;
	uint64_t affected = 0;

	/* If the clock was set back, the end must not precede the beginning. */
	TRY(db_exec_n(db, FINISH,
		PARAMS(STR(end->status), SPAN(end->parts), SPAN(end->metadata),
			U64(end->asks), TIME(MAX(end->now_ms, life->began_ms)),
			U64(end->session_id), U64(end->id),
			node_of(life->lease), ID_OR_NULL(life->lease.epoch),
			TIME(life->began_ms)),
		&affected));
	*done = affected > 0;
	return OK;
}

struct orphan {
	struct message_orphan *message;
	struct message_life *life;
};

static void
read_orphan(struct row *row, void *out)
{
	struct orphan *orphan = out;

	orphan->message->session_id = row_u64(row);
	orphan->message->id = row_u64(row);
	orphan->life->lease.node = row_u64(row);
	orphan->life->lease.epoch = row_u64(row);
	orphan->life->began_ms = row_time(row);
}

enum err
message_find_orphan(struct db *db, struct arena *arena, struct lease own,
	uint64_t after, struct message_orphan *out, struct message_life *life)
{
	struct orphan orphan = { out, life };

	return db_one(db, arena, ORPHAN,
		PARAMS(U64(own.node), U64(own.epoch), U64(after)), read_orphan,
		&orphan);
}

struct running_walk {
	void (*each)(const struct message_running *running, void *arg);
	void *arg;
};

static enum err
walk_running(struct row *row, void *arg)
{
	struct running_walk *walk_arg = arg;
	struct message_running running;

	running.session_id = row_u64(row);
	running.id = row_u64(row);
	running.began_ms = row_time(row);
	walk_arg->each(&running, walk_arg->arg);
	return OK;
}

enum err
message_each_running(struct db *db, struct lease lease,
	void (*each)(const struct message_running *running, void *arg),
	void *arg)
{
	struct running_walk walk_arg = { each, arg };

	return db_each(db, NULL, RUNNING,
		PARAMS(U64(lease.node), U64(lease.epoch)), walk_running,
		&walk_arg);
}

enum err
message_lock_streaming(struct db *db, struct arena *arena,
	const struct message_orphan *orphan, struct message *out)
{
	return db_one(db, arena, LOCK,
		PARAMS(U64(orphan->session_id), U64(orphan->id)), read_message,
		out);
}
