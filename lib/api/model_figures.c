#include "api/model_figures.h"

#include "api/figures.h"
#include "base/clock.h"

#include <stdio.h>

#define NAME_SHOWN 64 /* bytes */

struct shown {
	struct llm_model *list[MODEL_FIGURES_MAX];
	size_t n;
	int64_t now_ms;
};

static bool
is_of_interest(const struct llm_model *model, int64_t now_ms)
{
	for (unsigned i = 0; i < LLM_FAULT_N; i++)
		if (model->n_ended[i] > 0)
			return true;
	return llm_model_fails(model, now_ms);
}

static void
choose(struct models *models, struct arena *arena, struct shown *out)
{
	struct models_all all = models_all(models, arena);

	*out = (struct shown){ .now_ms = clock_mono_ms() };
	for (size_t i = 0; i < all.n && out->n < MODEL_FIGURES_MAX; i++)
		if (is_of_interest(all.list[i], out->now_ms))
			out->list[out->n++] = all.list[i];
}

/* Uses only characters of a name that need no escape. */
static void
put_labels(char *out, size_t size, const struct llm_model *model,
	const char *outcome)
{
	const char *name = model->settings.model;
	char plain[NAME_SHOWN];
	size_t n = 0;

	for (; *name != '\0' && n + 1 < sizeof(plain); name++)
		plain[n++] = *name > ' ' && *name < 0x7f && *name != '"' &&
				*name != '\\'
			? *name
			: '_';
	plain[n] = '\0';
	snprintf(out, size, "model=\"%s\",name=\"%s\"%s%s%s",
		model->settings.id, plain, outcome != NULL ? ",outcome=\"" : "",
		outcome != NULL ? outcome : "", outcome != NULL ? "\"" : "");
}

static void
put_ended(const struct shown *shown, struct buf *out)
{
	static const char name[] = "lamplight_model_answers_total";
	char labels[256];

	figures_head(out, FIGURE_COUNTER, name,
		"Requests to each model since it was last changed, by "
		"outcome.");
	for (size_t i = 0; i < shown->n; i++)
		for (unsigned fault = 0; fault < LLM_FAULT_N; fault++) {
			unsigned n = shown->list[i]->n_ended[fault];

			if (n == 0)
				continue;
			put_labels(labels, sizeof(labels), shown->list[i],
				llm_fault_word((enum llm_fault)fault));
			figures_line(out, name, labels, n);
		}
}

static uint64_t
begun(const struct llm_model *model, int64_t now_ms)
{
	(void)now_ms;
	return model->n_begun;
}

static uint64_t
begun_ms(const struct llm_model *model, int64_t now_ms)
{
	(void)now_ms;
	return model->begun_ms;
}

static uint64_t
failing(const struct llm_model *model, int64_t now_ms)
{
	return llm_model_fails(model, now_ms);
}

static const struct {
	enum figure type;
	const char *name, *help;
	uint64_t (*value)(const struct llm_model *model, int64_t now_ms);
} figures[] = {
	{ FIGURE_COUNTER, "lamplight_model_first_tokens_total",
		"Requests to each model that were answered with words.",
		begun },
	{ FIGURE_COUNTER, "lamplight_model_first_token_milliseconds_total",
		"Total time from these requests to their first words.",
		begun_ms },
	{ FIGURE_GAUGE, MODEL_FAILING,
		"1 for a model that cannot be asked, or has failed again and "
		"again in the last minutes.",
		failing },
};

void
model_figures(struct models *models, struct buf *out)
{
	struct arena arena = ARENA_INIT;
	struct shown shown;
	char labels[256];

	choose(models, &arena, &shown);
	put_ended(&shown, out);
	for (size_t i = 0; i < LENGTH(figures); i++) {
		figures_head(
			out, figures[i].type, figures[i].name, figures[i].help);
		for (size_t m = 0; m < shown.n; m++) {
			put_labels(labels, sizeof(labels), shown.list[m], NULL);
			figures_line(out, figures[i].name, labels,
				figures[i].value(shown.list[m], shown.now_ms));
		}
	}
	arena_reset(&arena);
}
