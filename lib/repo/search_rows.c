#include "repo/search_rows.h"

#include "base/err.h"

#include <string.h>

static const char PUT_WORDS[] =
	"INSERT INTO search_word (user_id, shard, segment, body) VALUES" TIMES_12(
		"(?,?,?,?)", ",") " ON DUPLICATE KEY UPDATE"
				  " body = VALUES(body)";

struct rows
rows_of_words(struct db *db)
{
	return (struct rows){ .db = db, .sql = PUT_WORDS, .columns = 4 };
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

enum err
rows_add(struct rows *rows, struct params row)
{
	memcpy(&rows->list[(size_t)rows->n * rows->columns], row.list,
		row.n * sizeof(*row.list));
	return ++rows->n == ROWS_AT_ONCE ? rows_flush(rows) : OK;
}
