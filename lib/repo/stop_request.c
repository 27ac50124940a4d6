#include "repo/stop_request.h"

static const char PUT[] =
	"INSERT INTO stop_request (message_id, worker_id, worker_epoch,"
	" create_time) VALUES (?, ?, ?, UTC_TIMESTAMP(3))"
	" ON DUPLICATE KEY UPDATE create_time = create_time";

static const char LIST[] = "SELECT message_id FROM stop_request"
			   " WHERE worker_id = ? AND worker_epoch = ? LIMIT ?";

static const char DROP[] = "DELETE FROM stop_request WHERE worker_id = ?"
			   " AND worker_epoch = ? AND message_id = ?";

static const char SWEEP[] =
	"DELETE FROM stop_request"
	" WHERE create_time < UTC_TIMESTAMP(3) - INTERVAL 1 MINUTE";

enum err
stop_request_put(struct db *db, uint64_t message_id, struct lease lease)
{
	return db_exec(db, PUT,
		PARAMS(U64(message_id), U64(lease.node), U64(lease.epoch)));
}

struct list {
	uint64_t *ids;
	size_t n;
};

static enum err
take_id(struct row *row, void *arg)
{
	struct list *list = arg;

	list->ids[list->n++] = row_u64(row);
	return OK;
}

enum err
stop_request_list(
	struct db *db, struct lease lease, uint64_t *ids, size_t max, size_t *n)
{
	struct arena arena = ARENA_INIT;
	struct list list = { ids, 0 };
	enum err err = db_each(db, &arena, LIST,
		PARAMS(U64(lease.node), U64(lease.epoch), U64(max)), take_id,
		&list);

	arena_reset(&arena);
	*n = list.n;
	return err;
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
