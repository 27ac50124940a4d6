/*
 * models.h: the models that a process can ask. Of any thread.
 */

#ifndef CHAT_MODELS_H
#define CHAT_MODELS_H

#include "base/arena.h"
#include "base/err.h"
#include "conf/conf.h"
#include "llm/model.h"

struct models;

/* *settings* are those of the [llm] section, with all tools. Both must outlive
 * it. ERR_INVALID (logged): the section cannot be used. */
MUST_USE enum err models_open(const struct conf *conf,
	const struct llm_settings *settings, struct models **out);
void models_close(struct models *models);

/* The one that is asked where none was chosen; held until *arena* is reset. */
struct llm_model *models_default(struct models *models, struct arena *arena);

#endif
