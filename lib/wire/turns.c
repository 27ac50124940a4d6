#include "wire/turns.h"

#include "base/attr.h"
#include "wire/part.h"
#include "wire/sent_call.h"
#include "wire/sent_file.h"

#define MISSING "[Earlier messages of this conversation are left out here.]"
#define GREETED "[The conversation begins with your words.]"
#define GO_ON                                                           \
	"[Your last message was cut off. Go on exactly where it ends: " \
	"repeat nothing of it and do not mention this.]"
#define ANSWER "[Answer now, with what the tools have given.]"
#define EMPTY "[This message is empty.]"

/* ---- the system prompt */

static void
add_system(struct buf *prompt, struct span text)
{
	if (llm_is_blank(text))
		return;
	if (prompt->len > 0)
		buf_puts(prompt, "\n\n");
	buf_put_span(prompt, text);
}

static void
gather_prompt(const struct llm_ask *ask, const struct wire_messages *told,
	struct buf *prompt)
{
	const struct json *part;

	add_system(prompt, span_of(ask->settings->system_prompt));
	add_system(prompt, span_of(llm_style_line(ask->style)));
	for (size_t i = told->first; i < told->n; i++) {
		const struct llm_message *message = &told->messages[i];

		if (message->role != LLM_SYSTEM)
			continue;
		for (size_t j = 0; j < json_length(message->json); j++) {
			part = json_at(message->json, j);
			if (llm_part_is(part, "text"))
				add_system(prompt, llm_part_text(part, "text"));
		}
	}
}

/* ---- lists in the arena, which double at powers of two */

static void *
push(struct arena *arena, void *list, size_t *n, size_t size)
{
	char *grown = list;

	if (list == NULL || (*n >= 4 && (*n & (*n - 1)) == 0)) {
		grown = arena_alloc(arena, MAX(*n * 2, (size_t)4) * size);
		if (list != NULL)
			memcpy(grown, list, *n * size);
	}
	memset(grown + (*n)++ * size, 0, size);
	return grown;
}

static struct turn *
last_turn(const struct turns *turns)
{
	return turns->n > 0 ? &turns->list[turns->n - 1] : NULL;
}

static struct turn *
add_turn(struct turns *turns, bool model)
{
	turns->list = push(
		turns->arena, turns->list, &turns->n, sizeof(*turns->list));
	last_turn(turns)->model = model;
	return last_turn(turns);
}

/* ---- users */

static void
say(struct turns *turns, const struct said *said)
{
	struct turn *turn = last_turn(turns);

	if (turn == NULL || turn->model)
		turn = add_turn(turns, false);
	turn->said =
		push(turns->arena, turn->said, &turn->n_said, sizeof(*said));
	turn->said[turn->n_said - 1] = *said;
}

static void
say_note(struct turns *turns, const char *note)
{
	say(turns, &(struct said){ .note = span_of(note) });
}

static void
add_user(struct turns *turns, const struct llm_message *message)
{
	for (size_t i = 0; i < json_length(message->json); i++) {
		struct said said = { .part = json_at(message->json, i),
			.left_out = message->without_files };

		if (sent_file_is_said(said.part))
			say(turns, &said);
	}
}

/* ---- the model */

void
step_text(const struct step *step, const char *type, struct buf *out)
{
	for (size_t i = step->first; i < step->end; i++)
		if (llm_part_is(json_at(step->parts, i), type))
			buf_put_span(out,
				llm_part_text(json_at(step->parts, i), "text"));
}

/* A thought without text or calls says nothing. */
static bool
is_told(const struct turns *turns, const struct step *step)
{
	struct buf text = BUF_INIT;
	bool told;

	step_text(step, "text", &text);
	told = step->n_calls > 0 || !llm_is_blank(buf_span(&text)) ||
		(turns->more.has != NULL &&
			turns->more.has(turns->more.arg, step));
	buf_free(&text);
	return told;
}

static void
add_step(struct turns *turns, struct step *step)
{
	struct turn *turn = last_turn(turns);

	step->n_calls = 0;
	for (size_t i = step->first; i < step->end; i++)
		step->n_calls += sent_call_is_answered(json_at(step->parts, i));
	if (!is_told(turns, step))
		return;
	if (turn == NULL)
		say_note(turns, GREETED);
	if (turn == NULL || !turn->model || turn->calls)
		turn = add_turn(turns, true);
	turn->steps =
		push(turns->arena, turn->steps, &turn->n_steps, sizeof(*step));
	turn->steps[turn->n_steps - 1] = *step;
	turn->calls = turns->as_calls && step->n_calls > 0;
	turns->told = step->n_calls > 0 && !turn->calls;
	step->begins = false;
}

static void
add_reply(struct turns *turns, const struct llm_message *message)
{
	const struct json *parts = message->json;
	struct step step = {
		.parts = parts, .own = message->own, .begins = true
	};

	for (; step.end < json_length(parts); step.end++) {
		if (!llm_part_is(json_at(parts, step.end), "step-start"))
			continue;
		add_step(turns, &step);
		step.first = step.end + 1;
	}
	add_step(turns, &step);
}

/* ---- the conversation */

/* Makes the last turn a user's that is not empty. */
static void
end(struct turns *turns, const struct wire_messages *told)
{
	struct turn *turn = last_turn(turns);
	bool user = told->n > 0 && told->messages[told->n - 1].role == LLM_USER;

	if (turn != NULL && !turn->model)
		return;
	if (turn != NULL && turn->calls && !user)
		return;
	if (turn == NULL || user)
		say_note(turns, EMPTY);
	else
		say_note(turns, turns->told ? ANSWER : GO_ON);
	last_turn(turns)->made = true;
}

static void
read_messages(struct turns *turns, const struct llm_ask *ask,
	const struct wire_messages *told)
{
	if (told->first + ask->n_older > 0)
		say_note(turns, MISSING);
	for (size_t i = told->first; i < told->n; i++) {
		if (told->messages[i].role == LLM_USER)
			add_user(turns, &told->messages[i]);
		else if (told->messages[i].role == LLM_ASSISTANT)
			add_reply(turns, &told->messages[i]);
	}
	end(turns, told);
}

void
turns_read(struct turns *turns, struct arena *arena, const struct llm_ask *ask,
	const struct wire_messages *told, bool as_calls, bool prompt_said)
{
	*turns = (struct turns){ .arena = arena, .as_calls = as_calls };
	gather_prompt(ask, told, &turns->prompt);
	turns->prompted = turns->prompt.len > 0;
	if (prompt_said && turns->prompted)
		say(turns,
			&(struct said){ .note = arena_span(arena,
						buf_span(&turns->prompt)) });
	if (prompt_said)
		buf_clear(&turns->prompt);
	read_messages(turns, ask, told);
}

void
turns_read_with(struct turns *turns, struct arena *arena,
	const struct llm_ask *ask, const struct wire_messages *told,
	bool as_calls, struct turns_more more)
{
	*turns = (struct turns){
		.arena = arena, .as_calls = as_calls, .more = more
	};
	gather_prompt(ask, told, &turns->prompt);
	turns->prompted = turns->prompt.len > 0;
	read_messages(turns, ask, told);
}

void
turns_free(struct turns *turns)
{
	buf_free(&turns->prompt);
}
