#include "chat/models_private.h"

#include "base/id.h"
#include "base/log.h"
#include "base/mem.h"
#include "chat/reply.h"
#include "repo/setting.h"
#include "json/json.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define LOOKS_CLOSED 8 /* in calls of models_look() */

/* ---- the model of the configuration */

/* True if everybody may see the host, such as "api.example.com"; false for a
 * name or address in one of the operator's networks, or with a port. */
static bool
is_public(const char *host)
{
	static const char *const inside[] = { "local", "internal", "lan",
		"home", "corp", "intranet", "localdomain", "arpa" };
	const char *last = strrchr(host, '.');

	if (last == NULL || strchr(host, ':') != NULL || last[1] == '\0' ||
		strspn(last + 1, "0123456789") > 0)
		return false;
	for (size_t i = 0; i < LENGTH(inside); i++)
		if (strcasecmp(last + 1, inside[i]) == 0)
			return false;
	return true;
}

/* The provider's name for people: its host, or the site's name if the host is
 * internal. */
static const char *
provider_of(struct arena *arena, const struct conf *conf)
{
	const char *host = strstr(conf->llm.base_url, "://");

	if (host == NULL)
		return "";
	host = arena_str(arena, host + 3, strcspn(host + 3, "/?#"));
	return is_public(host) ? host : conf->http.site_name;
}

static enum err
open_configured(struct models *models)
{
	const struct llm_conf *conf = &models->conf->llm;
	struct llm_model *model;

	TRY(llm_model_open(conf, &models->settings, &model));
	model->label = conf->model;
	model->provider = provider_of(&model->arena, models->conf);
	models->configured = model;
	return OK;
}

enum err
models_open(const struct conf *conf, const struct llm_settings *settings,
	struct models **out)
{
	struct models *models = mem_zalloc(sizeof(*models));
	enum err err;

	models->conf = conf;
	models->settings = *settings;
	models->settings.id = MODELS_CONFIGURED;
	monitor_open(&models->monitor);
	err = open_configured(models);
	if (err != OK)
		models_close(models);
	else
		*out = models;
	return err;
}

static void
release(struct llm_model **list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		llm_model_release(list[i]);
	free(list);
}

void
models_close(struct models *models)
{
	release(models->list, models->n);
	llm_model_release(models->configured);
	monitor_close(&models->monitor);
	free(models);
}

/* ---- the models of the tables */

static void
take(struct models *models, struct llm_model **list, size_t n)
{
	struct llm_model **was = models->list;
	size_t n_was = models->n, n_broken = 0;

	for (size_t i = 0; i < n; i++)
		n_broken += list[i]->endpoint == NULL;
	monitor_enter(&models->monitor);
	models->list = list;
	models->n = n;
	models->read = true;
	monitor_leave(&models->monitor);
	release(was, n_was);
	log_info("models_read", "epoch=%" PRIu64 " models=%zu unusable=%zu",
		models->epoch, n, n_broken);
}

/* An unchanged model stays the same object, unless it cannot be used. */
static bool
is_other(const struct models *models, struct llm_model **list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (i >= models->n ||
			(list[i] != models->list[i] &&
				list[i]->endpoint != NULL))
			return true;
	return n != models->n;
}

/* Models whose secrets did not open are tried again only now and then, because
 * each attempt logs an error. */
static bool
is_due(struct models *models)
{
	return models->closed && ++models->looks % LOOKS_CLOSED == 0;
}

/* Reads the epoch first, so what is committed in between is read again. */
void
models_look(struct models *models, struct db *db)
{
	struct arena arena = ARENA_INIT;
	struct llm_model **list;
	uint64_t epoch = 0;
	size_t n;
	enum err err = setting_epoch(db, &arena, &epoch);

	arena_reset(&arena);
	if (err != OK || (epoch == models->epoch && !is_due(models)))
		return;
	if (epoch != models->epoch)
		models->closed = false;
	if (models_read(models, db, &list, &n) != OK)
		return;
	if (epoch != models->epoch || is_other(models, list, n)) {
		models->epoch = epoch;
		take(models, list, n);
	} else {
		release(list, n);
	}
}

bool
models_are_read(struct models *models)
{
	bool read;

	monitor_enter(&models->monitor);
	read = models->read;
	monitor_leave(&models->monitor);
	return read;
}

/* ---- the choice of a model; in the monitor */

static bool
is_usable(const struct llm_model *model)
{
	return model->endpoint != NULL;
}

static struct llm_model *
otherwise(const struct models *models)
{
	struct llm_model *first = models->configured;

	if (llm_model_is_set(models->configured))
		return models->configured;
	for (size_t i = 0; i < models->n; i++) {
		if (models->list[i]->is_default)
			return models->list[i];
		if (first == models->configured && is_usable(models->list[i]))
			first = models->list[i];
	}
	return first;
}

static struct llm_model *
find(const struct models *models, uint64_t id)
{
	if (id == 0)
		return llm_model_is_set(models->configured) ? models->configured
							    : NULL;
	for (size_t i = 0; i < models->n; i++)
		if (models->list[i]->id == id)
			return models->list[i];
	return NULL;
}

struct llm_model *
models_default(struct models *models, struct arena *arena)
{
	struct llm_model *model;

	monitor_enter(&models->monitor);
	model = llm_model_hold_in(arena, otherwise(models));
	monitor_leave(&models->monitor);
	return model;
}

struct llm_model *
models_find(struct models *models, struct arena *arena, uint64_t id)
{
	struct llm_model *model;

	monitor_enter(&models->monitor);
	model = find(models, id);
	if (model != NULL)
		llm_model_hold_in(arena, model);
	monitor_leave(&models->monitor);
	return model;
}

struct llm_model *
models_of_reply(
	struct models *models, struct arena *arena, struct span metadata)
{
	struct span id =
		json_raw_text(arena, json_raw_get(metadata, REPLY_MODEL_ID));
	struct llm_model *model = NULL;

	if (id.data != NULL)
		model = models_find(models, arena, models_id(id));
	return model != NULL && is_usable(model) ? model : NULL;
}

/* If no model of the tables can be asked, the default is the configuration's,
 * even if that is not set; then it is not in the list. */
static bool
is_listed(const struct models_all *all, const struct llm_model *model)
{
	for (size_t i = 0; i < all->n; i++)
		if (all->list[i] == model)
			return true;
	return false;
}

struct models_all
models_all(struct models *models, struct arena *arena)
{
	struct models_all all = { 0 };

	monitor_enter(&models->monitor);
	all.list = arena_alloc(arena, (models->n + 1) * sizeof(*all.list));
	if (llm_model_is_set(models->configured))
		all.list[all.n++] = models->configured;
	for (size_t i = 0; i < models->n; i++)
		all.list[all.n++] = models->list[i];
	for (size_t i = 0; i < all.n; i++)
		llm_model_hold_in(arena, all.list[i]);
	all.otherwise = otherwise(models);
	if (!is_listed(&all, all.otherwise))
		all.otherwise = NULL;
	monitor_leave(&models->monitor);
	return all;
}

uint64_t
models_id(struct span text)
{
	uint64_t id;

	if (span_is(text, MODELS_CONFIGURED))
		return 0;
	return id_parse(text, &id) == OK ? id : UINT64_MAX;
}
