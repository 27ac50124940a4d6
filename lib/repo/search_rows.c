#include "repo/search_rows.h"

#include "base/err.h"

#include <string.h>

/* Bytes of a row's texts. */
#define ROW_LARGE ((size_t)64 << 10)
/* What else a packet contains. */
#define ROOM 1024u

#define PUT(rows)                                                             \
	"INSERT INTO search_word (user_id, shard, segment, body) VALUES" rows \
	" ON DUPLICATE KEY UPDATE body = VALUES(body)"

static const char PUT_WORDS[] = PUT(TIMES_12("(?,?,?,?)", ","));
static const char PUT_WORDS_ONE[] = PUT("(?,?,?,?)");

struct rows
rows_of_words(struct db *db)
{
	return (struct rows){
		.db = db, .sql = PUT_WORDS, .one = PUT_WORDS_ONE, .columns = 4
	};
}

/* The bytes, and what the protocol adds to each value. */
static size_t
len_of(struct params params)
{
	return params_len(params) + (size_t)params.n * 16;
}

static struct params
row_of(struct rows *rows, unsigned i)
{
	return (struct params){ &rows->list[(size_t)i * rows->columns],
		rows->columns };
}

/* Whether the server accepts all rows of the statement, as far as its limit is
 * known. */
static bool
fits(struct rows *rows)
{
	struct params all = { rows->list, ROWS_AT_ONCE * rows->columns };
	size_t max = db_packet_max(rows->db);

	return rows->one == NULL || max == 0 || len_of(all) + ROOM <= max;
}

/* Unused places repeat the last row. If the server accepts so little that a row
 * fits once but not twelve times, rows are sent singly. */
enum err
rows_flush(struct rows *rows)
{
	unsigned columns = rows->columns, n = rows->n;
	struct params last = row_of(rows, n > 0 ? n - 1 : 0);

	if (n == 0)
		return OK;
	for (unsigned i = n; i < ROWS_AT_ONCE; i++)
		memcpy(&rows->list[(size_t)i * columns], last.list,
			columns * sizeof(*rows->list));
	rows->n = 0;
	if (fits(rows))
		return db_exec(rows->db, rows->sql,
			(struct params){ rows->list, ROWS_AT_ONCE * columns });
	for (unsigned i = 0; i < n; i++)
		TRY(db_exec(rows->db, rows->one, row_of(rows, i)));
	return OK;
}

enum err
rows_add(struct rows *rows, struct params row)
{
	if (rows->one != NULL && len_of(row) > ROW_LARGE)
		return db_exec(rows->db, rows->one, row);
	memcpy(&rows->list[(size_t)rows->n * rows->columns], row.list,
		row.n * sizeof(*row.list));
	return ++rows->n == ROWS_AT_ONCE ? rows_flush(rows) : OK;
}
