#include "chat/ending.h"

#include "chat/models.h"
#include "chat/reply.h"
#include "repo/budget.h"
#include "repo/delta.h"
#include "repo/search.h"
#include "repo/session.h"
#include "repo/usage_model.h"
#include "json/json.h"

static uint64_t
count_of(const struct json *usage, const char *key)
{
	int64_t count = json_int(json_get(usage, key), 0);

	return count > 0 ? (uint64_t)count : 0;
}

/* The model that was asked last, with what is known of the cost. Metadata
 * without a model id is older than the table of models, so the model of the
 * settings was asked. */
static struct usage_model
asked_of(const struct json *metadata)
{
	struct span id = json_text(json_get(metadata, REPLY_MODEL_ID));

	return (struct usage_model){
		.model_id = id.data != NULL ? models_id(id) : 0,
		.name = json_text(json_get(metadata, "model")),
		.replies = 1,
		.cost = USAGE_COST_UNKNOWN,
	};
}

/* A continued reply keeps the counts of its first part until the model's server
 * sends new ones, which is certain only of a complete reply. */
static struct usage_model
used_by(struct arena *arena, const struct message_end *end)
{
	const struct json *metadata = NULL, *usage;
	struct usage_model used;

	if (json_parse(arena, end->metadata, &metadata) != OK)
		metadata = NULL;
	used = asked_of(metadata);
	if (!span_is(span_of(end->status), STATUS_COMPLETE))
		return used;
	usage = json_get(metadata, "usage");
	/* Budgets count the total where nothing else is known. */
	used.input_tokens = count_of(usage,
		json_get(usage, "inputTokens") != NULL ? "inputTokens"
						       : "totalTokens");
	used.cached_tokens =
		MIN(count_of(usage, "cachedInputTokens"), used.input_tokens);
	used.output_tokens = count_of(usage, "outputTokens");
	used.cost = MAX(json_int(json_get(metadata, "cost"), -1),
		(int64_t)USAGE_COST_UNKNOWN);
	return used;
}

enum err
ending_count(struct db *db, uint64_t user_id, int64_t now_ms,
	const struct usage_model *used)
{
	const struct usage day = { .messages = used->replies,
		.input_tokens = used->input_tokens,
		.output_tokens = used->output_tokens };

	TRY(usage_add(db, user_id, now_ms, &day));
	return usage_model_add(db, user_id, now_ms, used);
}

static enum err
store_notes(struct db *db, struct arena *arena, const struct message_end *end)
{
	struct usage_model used = used_by(arena, end);
	uint64_t user_id = end->user_id;

	if (user_id == 0)
		TRY(session_owner(db, arena, end->session_id, &user_id));
	TRY(ending_count(db, user_id, end->now_ms, &used));
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
