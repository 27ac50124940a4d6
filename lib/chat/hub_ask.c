#include "chat/hub_ask.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "message/parts.h"

#include <inttypes.h>
#include <stdlib.h>

/* Parses the stored parts in the sender's thread, because they may be long. */
static struct parts *
load(const struct hub_start *start)
{
	struct parts *said = parts_open();
	struct arena arena = ARENA_INIT;

	if (parts_load(said, &arena, start->parts, start->metadata) != OK)
		log_error("parts_unreadable", "message=%" PRIu64,
			start->message_id);
	arena_reset(&arena);
	return said;
}

struct hub_begin *
hub_begin_new(struct lives *lives, struct hub_start *start)
{
	struct hub_begin *begin = mem_zalloc(sizeof(*begin));
	struct hub_start *copy = &begin->start;

	begin->lives = lives;
	*copy = *start;
	start->model = NULL;
	copy->body = (struct buf)BUF_INIT;
	buf_move(&copy->body, &start->body);
	copy->said = load(start);
	copy->parts = copy->metadata = (struct span){ NULL, 0 };
	copy->user_ids = arena_dup(&begin->arena, start->user_ids,
		start->n_user_ids * sizeof(*start->user_ids));
	buf_put_span(&begin->preamble, start->preamble);
	return begin;
}

void
hub_begin_free(struct hub_begin *begin)
{
	buf_free(&begin->start.body);
	llm_model_release(begin->start.model);
	parts_free(begin->start.said);
	buf_free(&begin->preamble);
	arena_reset(&begin->arena);
	free(begin);
}

struct hub_ask *
hub_ask_new(struct lives *lives, uint64_t message_id, bool is_stop)
{
	struct hub_ask *ask = mem_zalloc(sizeof(*ask));

	ask->lives = lives;
	ask->message_id = message_id;
	ask->is_stop = is_stop;
	monitor_open(&ask->monitor);
	return ask;
}

static void
ask_free(struct hub_ask *ask)
{
	monitor_close(&ask->monitor);
	buf_free(&ask->preamble);
	free(ask);
}

bool
hub_ask_claim(struct hub_ask *ask)
{
	bool abandoned;

	monitor_enter(&ask->monitor);
	abandoned = ask->abandoned;
	ask->claimed = true;
	monitor_leave(&ask->monitor);
	if (abandoned)
		ask_free(ask);
	return !abandoned;
}

void
hub_ask_answer(struct hub_ask *ask, bool yes)
{
	bool abandoned;

	monitor_enter(&ask->monitor);
	abandoned = ask->abandoned;
	ask->answered = true;
	ask->yes = yes;
	monitor_notify(&ask->monitor);
	monitor_leave(&ask->monitor);
	if (abandoned)
		ask_free(ask);
}

enum err
hub_ask_wait(struct hub_ask *ask, int64_t wait_ms)
{
	int64_t until_ms = clock_mono_ms() + wait_ms;
	bool yes, answered, in_time = true;

	monitor_enter(&ask->monitor);
	/* An ask that the loop has claimed is about to be answered. */
	while (!ask->answered && (in_time || ask->claimed)) {
		if (ask->claimed)
			monitor_wait(&ask->monitor);
		else
			in_time = monitor_wait_until(&ask->monitor, until_ms);
	}
	yes = ask->yes;
	answered = ask->answered;
	ask->abandoned = !answered;
	monitor_leave(&ask->monitor);
	if (!answered)
		return ERR_BUSY;
	ask_free(ask);
	return yes ? OK : ERR_NOT_FOUND;
}
