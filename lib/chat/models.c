#include "chat/models.h"

#include "base/mem.h"

#include <stdlib.h>

struct models {
	struct llm_model *configured; /* by the [llm] section */
};

enum err
models_open(const struct conf *conf, const struct llm_settings *settings,
	struct models **out)
{
	struct models *models = mem_zalloc(sizeof(*models));
	enum err err =
		llm_model_open(&conf->llm, settings, &models->configured);

	if (err != OK)
		models_close(models);
	else
		*out = models;
	return err;
}

void
models_close(struct models *models)
{
	llm_model_release(models->configured);
	free(models);
}

struct llm_model *
models_default(struct models *models, struct arena *arena)
{
	return llm_model_hold_in(arena, models->configured);
}
