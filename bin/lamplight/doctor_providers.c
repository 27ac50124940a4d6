/* doctor_providers.c: sealed secrets in the database, its providers, and
 * whether they offer the models that people may choose. */

#include "lamplight/doctor.h"

#include "api/admin_call.h"
#include "llm/offers.h"
#include "repo/model.h"
#include "repo/provider.h"
#include "repo/sealing.h"

#include <stdio.h>

#define SAY(d, severity, code, remedy, ...) \
	doctor_say((d), (severity), (code), \
		arena_printf(&(d)->arena, __VA_ARGS__), (remedy))

static bool
has(const struct llm_offers *offers, const char *name)
{
	for (size_t i = 0; i < offers->n; i++)
		if (span_is(offers->names[i], name))
			return true;
	return false;
}

static void
look_at_models(struct doctor *d, const struct provider_row *provider,
	const struct llm_offers *offers, const struct model_list *models)
{
	for (size_t i = 0; i < models->n; i++) {
		const struct model_row *model = &models->list[i];

		if (model->enabled && model->provider_id == provider->id &&
			!has(offers, model->upstream_name))
			SAY(d, FINDING_WARNING, "model_unknown",
				"Correct it with lamplight model set, or load "
				"it there.",
				"The provider %s does not list the model "
				"\"%.80s\".",
				provider->name, model->upstream_name);
	}
}

static void
look_at(struct doctor *d, const struct provider_row *provider,
	const struct model_list *models)
{
	struct llm_offers offers;
	struct admin_call call;

	if (d->token == NULL)
		return; /* its key cannot be opened without the secret */
	if (admin_call_of(&d->arena, &d->ring, &d->conf.llm, provider, &call) !=
		OK) {
		SAY(d, FINDING_ERROR, "provider_key",
			"Enter it again: lamplight provider set NAME --key.",
			"The key of the provider %s was sealed with another "
			"secret file.",
			provider->name);
		return;
	}
	if (llm_offers(&d->arena, &call.conf, call.headers, &offers) != OK) {
		SAY(d, FINDING_ERROR, "provider",
			"Correct it with lamplight provider set, then try "
			"lamplight provider test.",
			"The provider %s: %s", provider->name, offers.trouble);
		return;
	}
	SAY(d, FINDING_OK, "provider", NULL, "The provider %s answers.",
		provider->name);
	look_at_models(d, provider, &offers, models);
}

static void
count_lost(void *arg, const struct factor *factor)
{
	unsigned *n = arg;

	(void)factor;
	++*n;
}

/* If the secret file is a different one, reports all of that together. */
static void
look_at_sealed(struct doctor *d, struct db *db)
{
	unsigned n = 0;

	if (sealing_check(db, &d->arena, &d->ring) == ERR_CONFLICT)
		doctor_say(d, FINDING_ERROR, "secret_wrong",
			"The secret file (auth.secret_file) is not the one "
			"that second factors and the providers' keys were "
			"sealed with.",
			"Put the right one back. If it is lost, run lamplight "
			"secret accept, which names the affected users and "
			"keys.");
	else if (sealing_lost(db, &d->ring, count_lost, &n) == OK && n > 0)
		SAY(d, FINDING_WARNING, "factor_lost",
			"Run lamplight check, which names the users, and run "
			"lamplight user no-factor NAME for each of them who "
			"asks.",
			"Second factors that this secret file cannot decrypt: "
			"%u.",
			n);
}

static void
count_models(struct doctor *d, const struct provider_row *provider,
	const struct model_list *models)
{
	for (size_t i = 0; i < models->n; i++)
		d->n_models += models->list[i].enabled &&
			models->list[i].provider_id == provider->id;
}

void
doctor_providers(struct doctor *d)
{
	struct db *db = db_new(&d->conf.db);
	struct provider_list providers;
	struct model_list models;

	if (d->token != NULL)
		look_at_sealed(d, db);
	/* Problems with the tables were reported before. */
	if (provider_list(db, &d->arena, &providers) == OK &&
		model_list(db, &d->arena, &models) == OK)
		for (size_t i = 0; i < providers.n; i++) {
			if (!providers.list[i].enabled)
				continue;
			look_at(d, &providers.list[i], &models);
			count_models(d, &providers.list[i], &models);
		}
	db_free(db);
}
