/*
 * models.h: the models that a process can ask: the one of the [llm] section,
 * and the enabled ones of the tables (repo/provider.h, repo/model.h). They form
 * a snapshot, which is rebuilt when the epoch of the tables has changed; an
 * unchanged model stays the same object. While the database is away, the last
 * snapshot remains. These functions may be called from any thread.
 */

#ifndef CHAT_MODELS_H
#define CHAT_MODELS_H

#include "base/arena.h"
#include "base/err.h"
#include "conf/conf.h"
#include "db/db.h"
#include "llm/model.h"

#include <stdbool.h>
#include <stddef.h>

/* The API's id for the model of the [llm] section. */
#define MODELS_CONFIGURED "configured"

struct models;

/* *settings* are those of the [llm] section, with all tools. Both arguments
 * must outlive the result. Nothing is read from the tables yet. ERR_INVALID
 * (logged) if the section cannot be used. */
MUST_USE enum err models_open(const struct conf *conf,
	const struct llm_settings *settings, struct models **out);
void models_close(struct models *models);

/* Looks at the epoch, and reads the tables if it has changed; if the database
 * is away, the next call tries again. Only one caller at a time. */
void models_look(struct models *models, struct db *db);

/* Whether the tables have been read at least once. Until then an existing model
 * may be missing. */
bool models_are_read(struct models *models);

/* Returned models are held until *arena* is reset. */

/* The model that is asked if none was chosen: the configuration's if there is
 * one, otherwise the tables' default, otherwise the first of the tables. Never
 * NULL: if there is no model at all, the result cannot be asked anything. */
struct llm_model *models_default(struct models *models, struct arena *arena);

/* Finds a model by the id of its row; 0 is the configuration's. NULL if there
 * is no such model. */
struct llm_model *
models_find(struct models *models, struct arena *arena, uint64_t id);

/* The model that has made the reply of this metadata. NULL if it no longer
 * exists, cannot be used, or is not named. */
struct llm_model *models_of_reply(
	struct models *models, struct arena *arena, struct span metadata);

/* All models that can be chosen: the configuration's first, then by position
 * and label. */
struct models_all {
	struct llm_model **list;
	size_t n;
	/* the default; in the list, or NULL if there is none */
	struct llm_model *otherwise;
};
struct models_all models_all(struct models *models, struct arena *arena);

/* Parses a model id of the API: 0 for MODELS_CONFIGURED; if *text* is not an
 * id, one that no model can have. */
uint64_t models_id(struct span text);

#endif
