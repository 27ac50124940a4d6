#include "llm/model.h"

#include "base/mem.h"
#include "llm/endpoint.h"
#include "llm/settings_load.h"
#include "llm/title.h"

#include <stdlib.h>

/* A model fails after this many failures in succession, for this long after the
 * last one. */
#define FAILING 3u
#define FAILING_MS 300000

struct llm_model *
llm_model_new(void)
{
	struct llm_model *model = mem_zalloc(sizeof(*model));

	model->holders = 1;
	model->label = model->provider = "";
	return model;
}

static enum err
aim(struct llm_model *model, const struct llm_conf *conf,
	const struct json *headers)
{
	TRY(llm_title_settings(&model->arena, &model->settings, &model->title));
	return llm_endpoint_open(conf, headers, &model->endpoint);
}

enum err
llm_model_open(const struct llm_conf *conf, const struct llm_settings *settings,
	struct llm_model **out)
{
	struct llm_model *model = llm_model_new();
	enum err err;

	model->settings = *settings;
	err = aim(model, conf, NULL);
	if (err != OK)
		llm_model_release(model);
	else
		*out = model;
	return err;
}

enum err
llm_model_fill(struct llm_model *model, const struct llm_conf *conf,
	const struct llm_settings *with, const struct json *headers)
{
	const char *id = model->settings.id;
	uint64_t provider_id = model->settings.provider_id;
	struct llm_prices prices = model->settings.prices;
	enum llm_effort effort = model->settings.effort;

	TRY(llm_settings_load(&model->arena, conf, &model->settings));
	model->settings.id = id;
	model->settings.provider_id = provider_id;
	model->settings.prices = prices;
	model->settings.effort = effort;
	model->settings.tools = with->tools;
	model->settings.tool_list = with->tool_list;
	model->settings.n_tools = with->n_tools;
	return aim(model, conf, headers);
}

bool
llm_model_is_set(const struct llm_model *model)
{
	return model->endpoint != NULL && model->endpoint->upstream.configured;
}

void
llm_model_note(struct llm_model *model, enum llm_fault fault, int64_t now_ms)
{
	atomic_fetch_add(&model->n_ended[fault], 1);
	if (fault == LLM_OK) {
		if (atomic_load(&model->n_failed) > 0)
			atomic_store(&model->n_failed, 0);
	} else if (llm_fault_is_theirs(fault)) {
		atomic_fetch_add(&model->n_failed, 1);
		atomic_store(&model->failed_ms, now_ms);
	}
}

void
llm_model_note_first(struct llm_model *model, int64_t ms)
{
	atomic_fetch_add(&model->n_begun, 1);
	atomic_fetch_add(&model->begun_ms, (uint64_t)MAX(ms, INT64_C(0)));
}

bool
llm_model_fails(const struct llm_model *model, int64_t now_ms)
{
	return model->endpoint == NULL ||
		(atomic_load(&model->n_failed) >= FAILING &&
			now_ms - atomic_load(&model->failed_ms) < FAILING_MS);
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
