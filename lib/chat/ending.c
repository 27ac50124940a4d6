#include "chat/ending.h"

#include "repo/budget.h"
#include "repo/delta.h"
#include "repo/search.h"
#include "repo/session.h"
#include "repo/usage.h"
#include "json/json.h"

static uint64_t
count_of(const struct json *usage, const char *key)
{
	int64_t count = json_int(json_get(usage, key), 0);

	return count > 0 ? (uint64_t)count : 0;
}

/* A reply that went on after its end keeps the counts of its first part
 * until the model's server has sent new ones: only then it is complete. */
static struct usage
usage_of(struct arena *arena, const struct message_end *end)
{
	struct usage used = { .messages = 1 };
	const struct json *metadata, *usage;

	if (span_is(span_of(end->status), STATUS_COMPLETE) &&
		json_parse(arena, end->metadata, &metadata) == OK) {
		usage = json_get(metadata, "usage");
		used.input_tokens = count_of(usage, "inputTokens");
		used.output_tokens = count_of(usage, "outputTokens");
	}
	return used;
}

static enum err
store_notes(struct db *db, struct arena *arena, const struct message_end *end)
{
	struct usage used = usage_of(arena, end);
	uint64_t user_id;

	TRY(session_owner(db, arena, end->session_id, &user_id));
	TRY(usage_add(db, user_id, end->now_ms, &used));
	TRY(search_note(db, end->session_id, end->id));
	TRY(session_settle(db, end->session_id, end->now_ms,
		(int64_t)(end->parts.len + end->metadata.len +
			BUDGET_ROW_BYTES)));
	return delta_delete(db, end->id);
}

enum err
ending_store(struct db *db, const struct message_end *end, bool *done)
{
	struct arena arena = ARENA_INIT;
	enum err err = message_finish(db, end, done);

	if (err == OK && *done)
		err = store_notes(db, &arena, end);
	else if (err == OK)
		err = delta_delete_orphans(db, end->id);
	arena_reset(&arena);
	return err;
}
