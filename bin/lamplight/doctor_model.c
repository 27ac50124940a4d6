/* doctor_model.c: whether the model's server answers, accepts the key, and
 * offers the model. Listing models costs nothing. */

#include "lamplight/doctor.h"

#include "llm/probe.h"

#include <stdio.h>
#include <string.h>

#define WAIT_MS 15000

#define SAY(d, severity, code, remedy, ...) \
	doctor_say((d), (severity), (code), \
		arena_printf(&(d)->arena, __VA_ARGS__), (remedy))

static bool
is_model(struct doctor *d, const struct json *item)
{
	/* OpenAI and Anthropic use the member id, Gemini uses name:
	 * "models/gemini-...". */
	const char *id = json_str(json_get(item, "id"));
	const char *name = json_str(json_get(item, "name"));

	if (id != NULL && strcmp(id, d->conf.llm.model) == 0)
		return true;
	if (name != NULL && strncmp(name, "models/", 7) == 0)
		name += 7;
	return name != NULL && strcmp(name, d->conf.llm.model) == 0;
}

/* A list with further pages does not prove that a model is missing. */
static bool
is_cut(const struct json *list)
{
	return json_boolean(json_get(list, "has_more"), false) ||
		json_get(list, "nextPageToken") != NULL;
}

static void
look_at_list(struct doctor *d, const char *url, struct span body)
{
	const struct json *list, *items;
	bool found = false;

	if (json_parse(&d->arena, body, &list) != OK) {
		SAY(d, FINDING_ERROR, "model_address",
			"Correct llm.base_url: often /v1 is missing at its "
			"end.",
			"The server at %s is not a model server.", url);
		return;
	}
	items = json_get(list, "data");
	if (items == NULL)
		items = json_get(list, "models");
	for (size_t i = 0; i < json_length(items) && !found; i++)
		found = is_model(d, json_at(items, i));
	if (found || is_cut(list) || json_length(items) == 0)
		SAY(d, FINDING_OK, "model", NULL,
			"The model's server answers%s.",
			found ? " and has the model" : "");
	else
		SAY(d, FINDING_WARNING, "model_unknown",
			"Correct llm.model, or load the model there.",
			"The model's server does not list \"%.80s\".",
			d->conf.llm.model);
}

static void
look_at_status(struct doctor *d, const struct probe_answer *answer)
{
	const char *url = answer->url;
	long status = answer->status;

	if (status == 200)
		look_at_list(d, url, buf_span(&answer->body));
	else if (status == 401 || status == 403)
		SAY(d, FINDING_ERROR, "model_key",
			"Correct llm.api_key (or llm.api_key_file).",
			"The model's server refuses the key (%ld).", status);
	else if (status == 404 || status == 405)
		SAY(d, FINDING_WARNING, "model_address",
			"Correct llm.base_url (often /v1 is missing at its "
			"end), unless this server has no list of models.",
			"The model's server has nothing at %s.", url);
	else
		SAY(d, FINDING_ERROR, "model_answer",
			"Check the server of llm.base_url, or the provider's "
			"status page.",
			"The model's server answers with %ld.", status);
}

static void
tell(struct doctor *d, const struct probe_answer *answer)
{
	const char *url = answer->url;

	if (answer->result == PROBE_OK)
		look_at_status(d, answer);
	else
		SAY(d, FINDING_ERROR,
			answer->result == PROBE_BAD_TLS ? "model_tls"
							: "model_away",
			answer->result == PROBE_BAD_TLS
				? "Set llm.ca_file to the authority of its "
				  "certificate, or correct llm.base_url."
				: "Start it, or correct llm.base_url and "
				  "llm.proxy.",
			"The model's server cannot be reached at %s: %s.", url,
			answer->reason);
}

/* Of the settings. Where the database is away nobody knows about its own. */
static void
tell_none(struct doctor *d)
{
	if (d->n_models > 0)
		SAY(d, FINDING_OK, "model", NULL,
			"The settings name no model, and the database has %zu "
			"that people may pick.",
			d->n_models);
	else if (!d->no_database)
		doctor_say(d, FINDING_ERROR, "model_missing",
			"There is no model.",
			"Set llm.base_url, llm.model and llm.api_key; or run "
			"lamplight provider add, then lamplight model add.");
}

void
doctor_model(struct doctor *d)
{
	struct probe_answer answer;

	if (probe_models(&d->arena, &d->conf.llm, NULL,
		    (struct span){ NULL, 0 }, WAIT_MS, &answer) != OK)
		doctor_say(d, FINDING_ERROR, "model_key",
			"The model's key cannot be read.",
			"Do what the line on standard error says.");
	else if (answer.url == NULL || d->conf.llm.model[0] == '\0')
		tell_none(d);
	else
		tell(d, &answer);
	probe_free(&answer);
}
