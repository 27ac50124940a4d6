/* Finds which messages of a client's list a session knows. */

#include "repo/message.h"

#include "base/attr.h"
#include "base/id.h"

/* The number of ids per query. */
#define BATCH 30
#define TEN_MARKS "?,?,?,?,?,?,?,?,?,?"
#define BATCH_MARKS TEN_MARKS "," TEN_MARKS "," TEN_MARKS

static const char KNOWN[] =
	"SELECT client_id, id FROM message WHERE session_id = ?"
	" AND client_id IN (" BATCH_MARKS ")"
	" UNION ALL SELECT NULL, id FROM message WHERE session_id = ?"
	" AND id IN (" BATCH_MARKS ")";

struct batch {
	const struct span *ids;
	size_t n;
	size_t found; /* position of the last known id, from 1 */
};

static enum err
note_known(struct row *row, void *arg)
{
	struct batch *batch = arg;
	struct span client_id = row_span(row);
	uint64_t id = row_u64(row), number;

	for (size_t i = batch->n; i > batch->found; i--) {
		struct span listed = batch->ids[i - 1];

		if (client_id.data != NULL ? span_equal(listed, client_id)
					   : id_parse(listed, &number) == OK &&
					number == id)
			batch->found = i;
	}
	return OK;
}

static enum err
look_up(struct db *db, struct arena *arena, uint64_t session_id,
	struct batch *batch)
{
	struct param params[2 * (BATCH + 1)];
	uint64_t number;

	for (size_t i = 0; i < LENGTH(params); i++)
		params[i] = NULL_PARAM;
	params[0] = params[BATCH + 1] = U64(session_id);
	for (size_t i = 0; i < batch->n; i++) {
		if (batch->ids[i].len == 0)
			continue;
		params[1 + i] = SPAN(batch->ids[i]);
		if (id_parse(batch->ids[i], &number) == OK)
			params[BATCH + 2 + i] = U64(number);
	}
	return db_each(db, arena, KNOWN,
		(struct params){ params, LENGTH(params) }, note_known, batch);
}

enum err
message_last_known(struct db *db, struct arena *arena, uint64_t session_id,
	const struct span *ids, size_t n, size_t *n_known)
{
	*n_known = 0;
	while (n > 0) {
		size_t first = n > BATCH ? n - BATCH : 0;
		struct batch batch = { ids + first, n - first, 0 };

		TRY(look_up(db, arena, session_id, &batch));
		if (batch.found > 0) {
			*n_known = first + batch.found;
			return OK;
		}
		n = first;
	}
	return OK;
}
