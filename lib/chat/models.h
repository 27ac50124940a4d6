/*
 * models.h: the models that a process can ask: the one of the [llm] section, and
 * those of the tables (repo/provider.h, repo/model.h) that are enabled. They
 * are a snapshot that is made anew when the tables' epoch has changed; what is
 * the same stays the same model. While the database is away the last one
 * stays. Of any thread.
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

/* What the API calls the model of the [llm] section. */
#define MODELS_CONFIGURED "configured"

struct models;

/* *settings* are those of the [llm] section, with all tools. Both must outlive
 * it. Nothing of the tables is read yet. ERR_INVALID (logged): the section
 * cannot be used. */
MUST_USE enum err models_open(const struct conf *conf,
	const struct llm_settings *settings, struct models **out);
void models_close(struct models *models);

/* Looks at the epoch, and reads the tables when it is another one than they were
 * read with; where the database is away, next time. One caller at a time. */
void models_look(struct models *models, struct db *db);

/* Whether the tables have been read once. Until then a model that is there may
 * be missing. */
bool models_are_read(struct models *models);

/* What is given is held until *arena* is reset. */

/* The one that is asked where none was chosen: the configuration's if there is
 * one, else the tables' default, else their first. Never NULL: where there is
 * none it cannot be asked anything. */
struct llm_model *models_default(struct models *models, struct arena *arena);

/* By its row's id; 0: the configuration's. NULL: there is none such. */
struct llm_model *
models_find(struct models *models, struct arena *arena, uint64_t id);

/* Who has made the reply of this metadata; NULL: there is none such, it cannot be
 * used, or nothing says so. */
struct llm_model *models_of_reply(
	struct models *models, struct arena *arena, struct span metadata);

/* All that can be chosen, the configuration's first, by position and label. */
struct models_all {
	struct llm_model **list;
	size_t n;
	struct llm_model *otherwise; /* the default; in the list, or NULL */
};
struct models_all models_all(struct models *models, struct arena *arena);

/* The id that the API calls a model by: 0 for MODELS_CONFIGURED. One that no
 * model can have where it is none. */
uint64_t models_id(struct span text);

#endif
