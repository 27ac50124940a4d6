#include "repo/schema_foreign.h"

#include "base/buf.h"

#include <string.h>
#include <strings.h>

static const char THERE[] = "SELECT table_name FROM information_schema.tables"
			    " WHERE table_schema = DATABASE()";

struct table {
	struct table *next;
	const char *name;
};

struct tables {
	struct arena *arena;
	struct table *first;
};

static enum err
add_table(struct row *row, void *arg)
{
	struct tables *tables = arg;
	struct table *table = arena_alloc(tables->arena, sizeof(*table));

	*table = (struct table){ tables->first, row_str(row) };
	tables->first = table;
	return OK;
}

static bool
is_there(const struct tables *tables, struct span name)
{
	for (const struct table *t = tables->first; t != NULL; t = t->next)
		if (span_is(name, t->name))
			return true;
	return false;
}

/* The table that a statement creates; an empty span if none. */
static struct span
made_by(struct span statement)
{
	static const char words[] = "CREATE TABLE ";
	size_t len = sizeof(words) - 1, n = 0;

	if (statement.len <= len ||
		strncasecmp(statement.data, words, len) != 0)
		return (struct span){ "", 0 };
	statement.data += len;
	statement.len -= len;
	while (n < statement.len && strchr(" \t\n(", statement.data[n]) == NULL)
		n++;
	return (struct span){ statement.data, n };
}

/* Skips the first *done* statements. */
static void
look(const struct tables *tables, struct span text, uint64_t done,
	struct buf *names)
{
	struct span statement;
	unsigned line = 1, at_line;

	for (uint64_t i = 0;
		schema_statement(&text, &line, &statement, &at_line); i++) {
		struct span name = made_by(statement);

		if (i < done || name.len == 0 || !is_there(tables, name))
			continue;
		buf_puts(names, names->len > 0 ? ", " : "");
		buf_put_span(names, name);
	}
}

enum err
schema_foreign(struct db *db, struct arena *arena,
	const struct schema_step *steps, size_t n,
	const struct schema_progress *progress, const char **names)
{
	struct tables tables = { .arena = arena };
	struct buf found = BUF_INIT;

	*names = NULL;
	TRY(db_each(db, arena, THERE, NO_PARAMS, add_table, &tables));
	for (size_t i = 0; i < n; i++)
		if (steps[i].version > progress->applied)
			look(&tables, steps[i].text,
				steps[i].version == progress->applied + 1
					? progress->done
					: 0,
				&found);
	if (found.len > 0)
		*names = arena_str(arena, found.data, found.len);
	buf_free(&found);
	return OK;
}
