/* Asks another model if one has failed before it said anything. */

#include "base/log.h"
#include "chat/models.h"
#include "chat/steps_private.h"

#include <inttypes.h>

static bool
may_go_elsewhere(const struct steps *steps, bool failed)
{
	return failed && !steps->began && steps->n_failed < STEPS_INSTEAD_MAX &&
		steps->of.models != NULL &&
		(*steps->of.model)->fallback_id != 0 &&
		parts_count(reply_parts(steps->of.reply)) == 0;
}

/* Stops two models that are each other's fallback from alternating forever. */
static bool
has_failed(const struct steps *steps, uint64_t id)
{
	for (unsigned i = 0; i < steps->n_failed; i++)
		if (steps->failed[i] == id)
			return true;
	return (*steps->of.model)->id == id;
}

/* The call and jobs of the failed model hold it themselves. */
static void
replace(struct steps *steps, struct llm_model *model)
{
	struct llm_model *failed = *steps->of.model;

	log_warn("model_replaced",
		"message=%" PRIu64 " model=%" PRIu64 " instead=%" PRIu64,
		steps->of.message_id, failed->id, model->id);
	steps->failed[steps->n_failed++] = failed->id;
	*steps->of.model = llm_model_hold(model);
	reply_ask_instead(steps->of.reply, &model->settings, steps->of.out);
	llm_model_release(failed);
	steps_said(steps);
	steps_ask_again(steps);
}

bool
steps_ask_instead(struct steps *steps, bool failed)
{
	struct arena arena = ARENA_INIT;
	struct llm_model *model = NULL;

	if (!may_go_elsewhere(steps, failed))
		return false;
	model = models_find(
		steps->of.models, &arena, (*steps->of.model)->fallback_id);
	if (model != NULL &&
		(model->endpoint == NULL || has_failed(steps, model->id)))
		model = NULL;
	if (model != NULL)
		replace(steps, model);
	arena_reset(&arena);
	return model != NULL;
}
