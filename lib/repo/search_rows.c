#include "repo/search_rows.h"

#include "base/err.h"

#include <string.h>

/* Bytes of its texts. */
#define ROW_LARGE ((size_t)64 << 10)

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

/* What is not full repeats its last row. */
enum err
rows_flush(struct rows *rows)
{
	unsigned columns = rows->columns, n = rows->n;

	if (n == 0)
		return OK;
	for (; n < ROWS_AT_ONCE; n++)
		memcpy(&rows->list[(size_t)n * columns],
			&rows->list[(size_t)(rows->n - 1) * columns],
			columns * sizeof(*rows->list));
	rows->n = 0;
	return db_exec(rows->db, rows->sql,
		(struct params){ rows->list, ROWS_AT_ONCE * columns });
}

static bool
is_large(struct params row)
{
	size_t len = 0;

	for (unsigned i = 0; i < row.n; i++)
		if (row.list[i].type == PARAM_SPAN)
			len += row.list[i].as.span.len;
	return len > ROW_LARGE;
}

enum err
rows_add(struct rows *rows, struct params row)
{
	if (rows->one != NULL && is_large(row))
		return db_exec(rows->db, rows->one, row);
	memcpy(&rows->list[(size_t)rows->n * rows->columns], row.list,
		row.n * sizeof(*row.list));
	return ++rows->n == ROWS_AT_ONCE ? rows_flush(rows) : OK;
}
