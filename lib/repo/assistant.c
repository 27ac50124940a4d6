#include "repo/assistant.h"

/* In the order in which read_assistant() takes them, then the instructions. */
#define COLUMNS                                                            \
	"a.id, a.owner_id, a.published, a.version, a.update_time, v.name," \
	" v.icon, v.description, v.model_id, v.options, v.tools, v.starters"
#define FROM                                         \
	" FROM assistant a JOIN assistant_version v" \
	" ON v.assistant_id = a.id AND v.version = a.version"

static const char LIST[] =
	"SELECT * FROM (SELECT " COLUMNS ", NULL AS told" FROM
	" WHERE a.owner_id = ? UNION ALL SELECT " COLUMNS ", NULL" FROM
	" WHERE a.published AND a.owner_id <> ?) seen ORDER BY name, id";

static const char LIST_OWN[] = "SELECT " COLUMNS ", v.instructions" FROM
			       " WHERE a.owner_id = ? ORDER BY v.name, a.id";

static const char FIND[] =
	"SELECT " COLUMNS ", IF(a.owner_id = ?, v.instructions, NULL)" FROM
	" WHERE a.id = ? AND (a.owner_id = ? OR a.published)";

static const char IS_THERE[] = "SELECT COUNT(*) FROM assistant WHERE id = ?";

static void
read_assistant(struct row *row, void *out)
{
	struct assistant *assistant = out;
	struct assistant_text *text = &assistant->text;

	assistant->id = row_u64(row);
	assistant->owner_id = row_u64(row);
	assistant->published = row_u64(row) != 0;
	assistant->version = (uint32_t)row_u64(row);
	assistant->update_ms = row_time(row);
	text->name = row_str(row);
	text->icon = row_str(row);
	text->description = row_str(row);
	text->model_id = row_u64(row);
	text->options = row_span(row);
	text->tools = row_span(row);
	text->starters = row_span(row);
	text->instructions = row_span(row);
}

static void
read_count(struct row *row, void *out)
{
	*(bool *)out = row_u64(row) > 0;
}

struct adding {
	struct assistant_list *to;
	size_t max;
};

static enum err
add_assistant(struct row *row, void *arg)
{
	struct adding *adding = arg;

	if (adding->to->n < adding->max) /* more were inserted by hand */
		read_assistant(row, &adding->to->list[adding->to->n++]);
	return OK;
}

static enum err
read_list(struct db *db, struct arena *arena, const char *sql,
	struct params params, struct assistant_list *out)
{
	struct adding adding = { out,
		ASSISTANTS_MAX + ASSISTANTS_PUBLISHED_MAX };

	out->list = arena_alloc(arena, adding.max * sizeof(*out->list));
	out->n = 0;
	return db_each(db, arena, sql, params, add_assistant, &adding);
}

enum err
assistant_list(struct db *db, struct arena *arena, uint64_t user_id,
	struct assistant_list *out)
{
	return read_list(
		db, arena, LIST, PARAMS(U64(user_id), U64(user_id)), out);
}

enum err
assistant_list_own(struct db *db, struct arena *arena, uint64_t user_id,
	struct assistant_list *out)
{
	return read_list(db, arena, LIST_OWN, PARAMS(U64(user_id)), out);
}

enum err
assistant_find(struct db *db, struct arena *arena, uint64_t user_id,
	uint64_t id, struct assistant *out)
{
	return db_one(db, arena, FIND,
		PARAMS(U64(user_id), U64(id), U64(user_id)), read_assistant,
		out);
}

enum err
assistant_is_there(struct db *db, struct arena *arena, uint64_t id, bool *there)
{
	return db_one(db, arena, IS_THERE, PARAMS(U64(id)), read_count, there);
}
