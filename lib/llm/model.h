/*
 * model.h: one model that can be asked: how it is asked (settings.h) and where
 * it is. It never changes once made, so all threads may share it; who is asked
 * something else is another one. Whoever works with it holds it, a reply until
 * it is over: so a model may be changed or removed at any time, and nothing
 * that runs notices.
 */

#ifndef LLM_MODEL_H
#define LLM_MODEL_H

#include "base/arena.h"
#include "base/err.h"
#include "conf/conf.h"
#include "llm/settings.h"

#include <stdatomic.h>

struct llm_endpoint;

struct llm_model {
	struct llm_settings settings;
	struct llm_settings title; /* as a title is asked for (title.h) */
	struct llm_endpoint *endpoint; /* NULL: it cannot be asked anything */

	struct arena arena; /* lives as long as it */
	atomic_uint holders;
};

/*
 * Held once, by the caller. *conf* is copied from; what *settings* points at
 * must outlive it. ERR_INVALID (logged), as llm_endpoint_open().
 */
MUST_USE enum err llm_model_open(const struct llm_conf *conf,
	const struct llm_settings *settings, struct llm_model **out);

/* The same model, held once more. NULL is nothing, as below. */
struct llm_model *llm_model_hold(struct llm_model *model);
void llm_model_release(struct llm_model *model);

/* Holds it until *arena* is reset. */
struct llm_model *
llm_model_hold_in(struct arena *arena, struct llm_model *model);

#endif
