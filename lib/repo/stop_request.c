#include "repo/stop_request.h"

static const char PUT[] =
	"INSERT INTO stop_request (message_id, worker_id, worker_epoch,"
	" create_time) VALUES (?, ?, ?, NOW(3))"
	" ON DUPLICATE KEY UPDATE create_time = NOW(3)";

#define RUNNING_MAX 256 /* per user; limits.chat allows far fewer */
static const char RUNNING[] =
	"SELECT m.id, m.worker_id, m.worker_epoch"
	" FROM session s JOIN message m ON m.streaming_session = s.id"
	" WHERE s.user_id = ? AND s.streaming LIMIT 256";

static const char LIST[] = "SELECT message_id FROM stop_request"
			   " WHERE worker_id = ? AND worker_epoch = ? LIMIT ?";

static const char DROP[] = "DELETE FROM stop_request WHERE worker_id = ?"
			   " AND worker_epoch = ? AND message_id = ?";

static const char SWEEP[] = "DELETE FROM stop_request"
			    " WHERE create_time < NOW(3) - INTERVAL 1 MINUTE";

enum err
stop_request_put(struct db *db, uint64_t message_id, struct lease lease)
{
	return db_exec(db, PUT,
		PARAMS(U64(message_id), U64(lease.node), U64(lease.epoch)));
}

struct running {
	unsigned n;
	struct {
		uint64_t id;
		struct lease lease;
	} list[RUNNING_MAX];
};

static enum err
add_running(struct row *row, void *arg)
{
	struct running *running = arg;
	unsigned n = running->n++;

	running->list[n].id = row_u64(row);
	running->list[n].lease.node = row_u64(row);
	running->list[n].lease.epoch = row_u64(row);
	return OK;
}

enum err
stop_request_put_all(struct db *db, uint64_t user_id)
{
	struct running running = { 0 };

	TRY(db_each(db, NULL, RUNNING, PARAMS(U64(user_id)), add_running,
		&running));
	for (unsigned i = 0; i < running.n; i++)
		TRY(stop_request_put(
			db, running.list[i].id, running.list[i].lease));
	return OK;
}

enum err
stop_request_list(
	struct db *db, struct lease lease, uint64_t *ids, size_t max, size_t *n)
{
	return db_ids(db, LIST,
		PARAMS(U64(lease.node), U64(lease.epoch), U64(max)), ids, n);
}

enum err
stop_request_drop(struct db *db, uint64_t message_id, struct lease lease)
{
	return db_exec(db, DROP,
		PARAMS(U64(lease.node), U64(lease.epoch), U64(message_id)));
}

enum err
stop_request_sweep(struct db *db)
{
	return db_exec(db, SWEEP, NO_PARAMS);
}
