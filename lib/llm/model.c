#include "llm/model.h"

#include "base/mem.h"
#include "llm/endpoint.h"
#include "llm/title.h"

#include <stdlib.h>

enum err
llm_model_open(const struct llm_conf *conf, const struct llm_settings *settings,
	struct llm_model **out)
{
	struct llm_model *model = mem_zalloc(sizeof(*model));
	enum err err;

	model->settings = *settings;
	model->holders = 1;
	err = llm_title_settings(
		&model->arena, &model->settings, &model->title);
	if (err == OK)
		err = llm_endpoint_open(conf, &model->endpoint);
	if (err != OK)
		llm_model_release(model);
	else
		*out = model;
	return err;
}

struct llm_model *
llm_model_hold(struct llm_model *model)
{
	if (model != NULL)
		atomic_fetch_add(&model->holders, 1);
	return model;
}

void
llm_model_release(struct llm_model *model)
{
	if (model == NULL || atomic_fetch_sub(&model->holders, 1) > 1)
		return;
	llm_endpoint_close(model->endpoint);
	arena_reset(&model->arena);
	free(model);
}

static void
release(void *model)
{
	llm_model_release(model);
}

struct llm_model *
llm_model_hold_in(struct arena *arena, struct llm_model *model)
{
	arena_defer(arena, release, llm_model_hold(model));
	return model;
}
