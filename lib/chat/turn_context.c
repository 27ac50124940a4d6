/* turn_context(): what the model is told of the stored conversation. */

#include "chat/turn.h"

#define CONTEXT_PAGE 64

struct history {
	struct llm_message *messages; /* newest first */
	size_t n, cap, bytes;
	struct arena *arena;
	struct message_range range; /* what is read next */
};

static void
add_to_history(const struct message *message, void *arg)
{
	struct history *history = arg;
	struct llm_message *grown;

	if (history->n == history->cap) {
		history->cap = history->cap * 2 + CONTEXT_PAGE;
		grown = arena_alloc(
			history->arena, history->cap * sizeof(*grown));
		if (history->n > 0)
			memcpy(grown, history->messages,
				history->n * sizeof(*grown));
		history->messages = grown;
	}
	history->messages[history->n++] = (struct llm_message){
		message->is_user ? LLM_USER : LLM_ASSISTANT, message->parts
	};
	history->bytes += message->parts.len;
	history->range.before = message->id;
}

static void
reverse(struct llm_message *messages, size_t n)
{
	for (size_t i = 0; i < n / 2; i++) {
		struct llm_message swapped = messages[i];

		messages[i] = messages[n - 1 - i];
		messages[n - 1 - i] = swapped;
	}
}

enum err
turn_context(struct db *db, struct arena *arena, const struct turn *turn,
	size_t context_max, struct llm_message **messages, size_t *n)
{
	/* A reply that goes on is part of what the model is told. */
	struct history history = { .arena = arena,
		.range = { turn->session_id, turn->reply_id + turn->continued,
			CONTEXT_PAGE } };
	size_t before;

	/* What is beyond the cap is never read, however long the history. */
	do {
		before = history.n;
		TRY(message_path(
			db, arena, &history.range, add_to_history, &history));
	} while (history.n - before == CONTEXT_PAGE &&
		history.bytes <= context_max);
	reverse(history.messages, history.n);
	*messages = history.messages;
	*n = history.n;
	return OK;
}
