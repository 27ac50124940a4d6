#include "anthropic/messages.h"

#include "base/attr.h"

/* Stands for a reply of which nothing can be sent. */
#define NO_WORDS "[This reply ended here.]"

/* The number of user messages that are marked for the cache. */
#define MARKED 2u

void
anthropic_put_mark(struct anthropic_messages *m)
{
	if (m->takes.way[TAKES_CACHE] != WAY_ON)
		return;
	m->had |= TAKES_BIT(TAKES_CACHE);
	json_key(m->w, "cache_control");
	json_open(m->w, '{');
	json_member_str(m->w, "type", "ephemeral");
	json_close(m->w, '}');
}

static const struct step *
last_step(const struct turn *turn)
{
	return &turn->steps[turn->n_steps - 1];
}

/* Tool results and the user's text after them form one message. */
static size_t
count_user(const struct turns *turns)
{
	size_t n = 0;

	for (size_t i = 0; i < turns->n; i++) {
		const struct turn *turn = &turns->list[i];
		bool spoken = i + 1 < turns->n && !turn[1].model;

		n += !turn->model || (turn->calls && !spoken);
	}
	return n;
}

void
anthropic_read(struct anthropic_messages *m, struct turns *turns,
	struct arena *arena, const struct llm_ask *ask,
	const struct wire_messages *told, bool as_calls)
{
	const struct turn *last;

	turns_read_with(turns, arena, ask, told, as_calls,
		(struct turns_more){ anthropic_has_blocks, &m->owner });
	last = &turns->list[turns->n - 1];
	if (turns->n > 1 && last->made &&
		anthropic_has_paused(&m->owner, last_step(last - 1)))
		turns->n--;
	m->n_user = m->left = count_user(turns);
}

bool
anthropic_thoughtless(
	const struct anthropic_messages *m, const struct turns *turns)
{
	size_t first = turns->n;

	while (first > 0 && turns->list[first - 1].model)
		first--;
	return first < turns->n &&
		(m->takes.way[TAKES_REASONING] == WAY_OFF ||
			!anthropic_begins_with_thought(
				&m->owner, &turns->list[first].steps[0]));
}

static void
open_message(struct anthropic_messages *m, const char *role)
{
	json_open(m->w, '{');
	json_member_str(m->w, "role", role);
	json_key(m->w, "content");
	json_open(m->w, '[');
}

static void
close_message(struct anthropic_messages *m)
{
	json_close(m->w, ']');
	json_close(m->w, '}');
}

/* Finds the run of steps in which the model speaks and calls tools without
 * anybody else saying anything. */
static void
look_ahead(struct anthropic_messages *m, const struct turns *turns,
	const struct turn *turn)
{
	const struct turn *last = turns->list + turns->n;

	m->turn = turn;
	m->end = turn;
	while (m->end < last && m->end->model)
		m->end++;
	m->open = m->end == last;
}

static void
put_model(struct anthropic_messages *m, const struct turn *turn)
{
	size_t empty;

	open_message(m, "assistant");
	empty = m->w->buf->len;
	for (size_t i = 0; i < turn->n_steps; i++)
		anthropic_put_step(m, &turn->steps[i],
			turn->calls && i + 1 == turn->n_steps);
	if (m->w->buf->len == empty)
		anthropic_put_text(m, span_of(NO_WORDS));
	close_message(m);
	/* A message must not end with a thought. */
	buf_clear(&m->thoughts);
}

/* *model* is the previous turn, whose results come first, or NULL; *user* is
 * what the user says, or NULL. */
static void
put_user(struct anthropic_messages *m, const struct turn *model,
	const struct turn *user)
{
	bool mark = m->left-- <= MARKED;

	open_message(m, "user");
	if (model != NULL)
		anthropic_put_results(m, last_step(model),
			m->ids.n - last_step(model)->n_calls,
			mark && user == NULL);
	for (size_t i = 0; user != NULL && i < user->n_said; i++)
		anthropic_put_said(
			m, &user->said[i], mark && i + 1 == user->n_said);
	close_message(m);
}

void
anthropic_put_messages(struct anthropic_messages *m, const struct turns *turns)
{
	json_key(m->w, "messages");
	json_open(m->w, '[');
	for (size_t i = 0; i < turns->n; i++) {
		const struct turn *turn = &turns->list[i];
		const struct turn *next = i + 1 < turns->n ? turn + 1 : NULL;

		if (!turn->model) {
			put_user(m, NULL, turn);
			continue;
		}
		look_ahead(m, turns, turn);
		put_model(m, turn);
		if (!turn->calls)
			continue;
		if (next != NULL && next->model)
			next = NULL;
		put_user(m, turn, next);
		i += next != NULL;
	}
	json_close(m->w, ']');
	buf_free(&m->thoughts);
	buf_free(&m->calls);
}
