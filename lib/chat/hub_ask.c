#include "chat/hub_ask.h"

#include "base/mem.h"

#include <errno.h>
#include <stdlib.h>
#include <time.h>

struct hub_begin *
hub_begin_new(struct hub *hub, struct hub_start *start)
{
	struct hub_begin *begin = mem_zalloc(sizeof(*begin));
	struct hub_start *copy = &begin->start;

	begin->hub = hub;
	*copy = *start;
	copy->body = (struct buf)BUF_INIT;
	buf_move(&copy->body, &start->body);
	copy->parts = arena_span(&begin->arena, start->parts);
	copy->metadata = arena_span(&begin->arena, start->metadata);
	copy->user_ids = arena_dup(&begin->arena, start->user_ids,
		start->n_user_ids * sizeof(*start->user_ids));
	buf_put_span(&begin->hello, start->hello);
	return begin;
}

void
hub_begin_free(struct hub_begin *begin)
{
	buf_free(&begin->start.body);
	buf_free(&begin->hello);
	arena_reset(&begin->arena);
	free(begin);
}

struct hub_ask *
hub_ask_new(struct hub *hub, uint64_t message_id, bool is_stop)
{
	struct hub_ask *ask = mem_zalloc(sizeof(*ask));
	pthread_condattr_t attr;

	ask->hub = hub;
	ask->message_id = message_id;
	ask->is_stop = is_stop;
	pthread_mutex_init(&ask->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&ask->wake, &attr);
	pthread_condattr_destroy(&attr);
	return ask;
}

static void
ask_free(struct hub_ask *ask)
{
	pthread_cond_destroy(&ask->wake);
	pthread_mutex_destroy(&ask->lock);
	buf_free(&ask->hello);
	free(ask);
}

bool
hub_ask_claim(struct hub_ask *ask)
{
	bool abandoned;

	pthread_mutex_lock(&ask->lock);
	abandoned = ask->abandoned;
	ask->claimed = true;
	pthread_mutex_unlock(&ask->lock);
	if (abandoned)
		ask_free(ask);
	return !abandoned;
}

void
hub_ask_answer(struct hub_ask *ask, bool yes)
{
	bool abandoned;

	pthread_mutex_lock(&ask->lock);
	abandoned = ask->abandoned;
	ask->answered = true;
	ask->yes = yes;
	pthread_cond_signal(&ask->wake);
	pthread_mutex_unlock(&ask->lock);
	if (abandoned)
		ask_free(ask);
}

static struct timespec
deadline(int64_t wait_ms)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	ts.tv_sec += wait_ms / 1000;
	ts.tv_nsec += wait_ms % 1000 * 1000000;
	if (ts.tv_nsec >= 1000000000) {
		ts.tv_sec++;
		ts.tv_nsec -= 1000000000;
	}
	return ts;
}

enum err
hub_ask_wait(struct hub_ask *ask, int64_t wait_ms)
{
	struct timespec until = deadline(wait_ms);
	bool yes, answered;
	int result = 0;

	pthread_mutex_lock(&ask->lock);
	/* One that is claimed is being answered right now. */
	while (!ask->answered && (result != ETIMEDOUT || ask->claimed))
		result = ask->claimed
			? pthread_cond_wait(&ask->wake, &ask->lock)
			: pthread_cond_timedwait(
				  &ask->wake, &ask->lock, &until);
	yes = ask->yes;
	answered = ask->answered;
	ask->abandoned = !answered;
	pthread_mutex_unlock(&ask->lock);
	if (!answered)
		return ERR_BUSY;
	ask_free(ask);
	return yes ? OK : ERR_NOT_FOUND;
}
