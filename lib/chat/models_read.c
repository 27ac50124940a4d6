/* Turns rows of the tables into models that can be asked. A model that cannot
 * be used (its key does not open, or its row was changed by hand) is listed all
 * the same, so that an error can say so. */

#include "base/attr.h"
#include "base/log.h"
#include "base/mem.h"
#include "chat/models_private.h"
#include "llm/wires.h"
#include "repo/model.h"
#include "repo/provider.h"
#include "repo/provider_seal.h"
#include "json/json.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct reading {
	struct models *models;
	struct arena arena; /* rows and opened secrets of this reading */
	struct secret_ring ring;
	struct provider_list providers;
	struct provider_secrets *secrets; /* of each provider */
	bool *closed; /* the secrets of this provider cannot be opened */
	bool again; /* it was so before, and has already been logged */
	struct model_list rows;
};

/* ---- the rows */

/* Reads the key file afresh: `lamplight secret rotate` raises the epoch,
 * too. */
static void
open_secrets(struct reading *r)
{
	size_t n = r->providers.n + 1;
	bool file = secret_load(&r->arena, r->models->conf->auth.secret_file,
			    &r->ring) == OK;

	r->secrets = arena_alloc(&r->arena, n * sizeof(*r->secrets));
	r->closed = arena_alloc(&r->arena, n * sizeof(*r->closed));
	for (size_t i = 0; i < r->providers.n; i++) {
		const struct provider_row *row = &r->providers.list[i];

		r->closed[i] = !file ||
			provider_open(
				&r->ring, &r->arena, row, &r->secrets[i]) != OK;
		if (r->closed[i] && !r->again)
			log_error("provider_unusable",
				"provider=%" PRIu64 " reason=\"its key cannot "
				"be opened: is auth.secret_file the one that "
				"it was sealed with?\"",
				row->id);
	}
}

static enum err
read_tables(struct reading *r, struct db *db)
{
	TRY(provider_list(db, &r->arena, &r->providers));
	TRY(model_list(db, &r->arena, &r->rows));
	if (r->rows.n > 0)
		open_secrets(r);
	return OK;
}

/* ---- a model */

static const char *
text_of(struct arena *arena, struct span span)
{
	return span.data != NULL ? arena_str(arena, span.data, span.len) : "";
}

static const char *
copy(struct arena *arena, const char *text)
{
	return text_of(arena, span_of(text));
}

/* The row as an [llm] section; *arena* is the model's. */
static struct llm_conf
conf_of(struct reading *r, struct arena *arena, size_t provider,
	const struct model_row *row, int64_t kind)
{
	const struct provider_row *at = &r->providers.list[provider];
	struct llm_conf conf = r->models->conf->llm;

	conf.kind = kind;
	conf.base_url = copy(arena, at->base_url);
	conf.api_key = text_of(&r->arena, r->secrets[provider].key);
	conf.api_key_file = "";
	conf.model = copy(arena, row->upstream_name);
	conf.temperature = text_of(arena, row->temperature);
	conf.max_tokens = row->max_tokens > 0
		? arena_printf(arena, "%" PRId64, row->max_tokens)
		: "";
	conf.options = text_of(arena, row->options);
	conf.takes = text_of(arena, row->takes);
	if (row->context_tokens > 0)
		conf.context_tokens = row->context_tokens;
	if (at->proxy != NULL)
		conf.proxy = at->proxy;
	conf.tools_file = "";
	return conf;
}

static enum err
fill(struct reading *r, struct llm_model *model, size_t provider,
	const struct model_row *row)
{
	const struct provider_row *at = &r->providers.list[provider];
	struct span sent = r->secrets[provider].headers;
	const struct json *headers = NULL;
	struct llm_conf conf;
	int64_t kind;

	model->settings.id = arena_printf(&model->arena, "%" PRIu64, row->id);
	model->settings.provider_id = at->id;
	model->settings.model = copy(&model->arena, row->upstream_name);
	if (!wire_find(span_of(at->kind), &kind))
		return ERR_INVALID;
	model->settings.kind = kind;
	if (r->closed[provider])
		return ERR_INVALID;
	if (sent.data != NULL)
		TRY(json_parse(&model->arena, sent, &headers));
	conf = conf_of(r, &model->arena, provider, row, kind);
	return llm_model_fill(model, &conf, &r->models->settings, headers);
}

static struct llm_prices
prices_of(const struct model_prices *prices)
{
	return (struct llm_prices){
		.known = prices->input >= 0 && prices->output >= 0,
		.input = prices->input,
		.cached = prices->cached >= 0 ? prices->cached : prices->input,
		.output = prices->output,
	};
}

static struct llm_model *
new_model(struct reading *r, size_t provider, const struct model_row *row)
{
	const struct provider_row *at = &r->providers.list[provider];
	struct llm_model *model = llm_model_new();

	model->id = row->id;
	model->fallback_id = row->fallback_id;
	model->label = copy(&model->arena, row->label);
	model->provider = copy(&model->arena, at->name);
	model->versions[0] = at->version;
	model->versions[1] = row->version;
	model->is_default = row->is_default;
	model->settings.prices = prices_of(&row->prices);
	if (row->effort != NULL)
		(void)llm_effort_read(
			span_of(row->effort), &model->settings.effort);
	if (fill(r, model, provider, row) != OK && !r->again)
		log_error("model_unusable",
			"model=%" PRIu64 " provider=%" PRIu64
			" reason=\"its row, its provider's or the key cannot "
			"be used\"",
			row->id, at->id);
	return model;
}

/* The existing model, if nothing of it has changed. */
static struct llm_model *
known_model(const struct reading *r, const struct provider_row *at,
	const struct model_row *row)
{
	const struct models *models = r->models;

	for (size_t i = 0; i < models->n; i++) {
		struct llm_model *model = models->list[i];

		if (model->id == row->id && model->endpoint != NULL &&
			model->versions[0] == at->version &&
			model->versions[1] == row->version)
			return llm_model_hold(model);
	}
	return NULL;
}

/* ---- all models */

static bool
find_provider(const struct reading *r, uint64_t id, size_t *at)
{
	for (*at = 0; *at < r->providers.n; ++*at)
		if (r->providers.list[*at].id == id)
			return true;
	return false;
}

static void
make_models(struct reading *r, struct llm_model **list, size_t *n)
{
	const struct model_row *row = r->rows.list;

	for (size_t i = 0; i < r->rows.n; i++, row++) {
		struct llm_model *model;
		size_t at;

		if (!row->enabled || !find_provider(r, row->provider_id, &at) ||
			!r->providers.list[at].enabled)
			continue;
		model = known_model(r, &r->providers.list[at], row);
		list[(*n)++] = model != NULL ? model : new_model(r, at, row);
	}
}

static bool
any_closed(const struct reading *r)
{
	for (size_t i = 0; r->closed != NULL && i < r->providers.n; i++)
		if (r->closed[i])
			return true;
	return false;
}

enum err
models_read(struct models *models, struct db *db, struct llm_model ***list,
	size_t *n)
{
	struct reading r = { .models = models, .again = models->closed };
	enum err err = read_tables(&r, db);

	*n = 0;
	if (err == OK) {
		models->closed = any_closed(&r);
		*list = mem_zalloc((r.rows.n + 1) * sizeof(struct llm_model *));
		make_models(&r, *list, n);
	}
	arena_reset(&r.arena);
	return err;
}
