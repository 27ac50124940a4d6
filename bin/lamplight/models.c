/* models.c: the models that people may choose. */

#include "api/admin_form.h"
#include "api/admin_shape.h"
#include "base/clock.h"
#include "base/id.h"
#include "lamplight/admin.h"
#include "lamplight/arguments.h"
#include "repo/schema.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const struct argument arguments[] = {
	{ "--provider", NULL, ARGUMENT_OWN },
	{ "--upstream-name", "upstreamName", ARGUMENT_TEXT },
	{ "--label", "label", ARGUMENT_TEXT },
	{ "--context-tokens", "contextTokens", ARGUMENT_NUMBER },
	{ "--takes", "takes", ARGUMENT_TEXT },
	{ "--options", "options", ARGUMENT_JSON },
	{ "--temperature", "temperature", ARGUMENT_NUMBER },
	{ "--max-tokens", "maxTokens", ARGUMENT_NUMBER },
	{ "--effort", "effort", ARGUMENT_TEXT },
	{ "--price-input", "input", ARGUMENT_PRICE },
	{ "--price-cached", "cached", ARGUMENT_PRICE },
	{ "--price-output", "output", ARGUMENT_PRICE },
	{ "--fallback", NULL, ARGUMENT_OWN },
	{ "--position", "position", ARGUMENT_NUMBER },
	{ "--enabled", "enabled", ARGUMENT_SWITCH },
	{ "--default", "isDefault", ARGUMENT_SWITCH },
	{ "--json", NULL, ARGUMENT_FLAG },
};

static const char *
option(const struct task *task, const char *name)
{
	return argument_of(task, name, arguments, LENGTH(arguments));
}

enum err
admin_model(struct task *task, const char *name, struct model_row *out)
{
	struct model_list all;
	unsigned n = 0;
	uint64_t id;

	if (id_parse(span_of(name), &id) == OK &&
		model_find(task->db, &task->arena, id, out) == OK)
		return OK;
	TRY(model_list(task->db, &task->arena, &all));
	for (size_t i = 0; i < all.n; i++) {
		const struct model_row *row = &all.list[i];

		if (strcmp(row->label, name) != 0 &&
			strcmp(row->upstream_name, name) != 0)
			continue;
		*out = *row;
		n++;
	}
	if (n == 1)
		return OK;
	fprintf(stderr,
		n == 0 ? "There is no model \"%s\".\n"
		       : "Several models are called \"%s\"; take the id that "
			 "lamplight model list shows.\n",
		name);
	return ERR_NOT_FOUND;
}

/* Reads --provider and --fallback, which are given as names. */
static enum err
read_named(struct task *task, struct model_row *row)
{
	const char *provider = option(task, "--provider");
	const char *fallback = option(task, "--fallback");
	struct provider_row found;
	struct model_row other = { 0 };

	if (provider != NULL) {
		TRY(admin_provider(task, provider, &found));
		row->provider_id = found.id;
	}
	if (fallback != NULL && *fallback != '\0')
		TRY(admin_model(task, fallback, &other));
	if (fallback != NULL)
		row->fallback_id = other.id;
	return OK;
}

static enum err
read_options(struct task *task, const char *name, struct model_row *row)
{
	struct admin_form form = { .arena = &task->arena };
	const struct argument_more more[] = { { "upstreamName", span_of(name),
						      "NAME" },
		{ NULL, { NULL, 0 }, NULL } };
	struct provider_row provider;
	enum err err;

	TRY(arguments_read(
		task, arguments, LENGTH(arguments), more, &form.body));
	TRY(read_named(task, row));
	if (row->provider_id == 0)
		return admin_refused(ERR_INVALID, "--provider",
			"Give its provider: --provider NAME.");
	TRY(provider_find(task->db, &task->arena, row->provider_id, &provider));
	err = admin_form_model(&form, provider.kind, row);
	return arguments_refused(
		err, arguments, LENGTH(arguments), more, &form);
}

static enum err
print_model(struct task *task, const struct model_row *row, const char *what)
{
	struct buf text = BUF_INIT;
	struct json_writer w = json_writer(&text);

	if (option(task, "--json") == NULL) {
		printf("The model \"%s\" is %s, within two seconds "
		       "everywhere.\n",
			row->label, what);
		if (row->is_default && admin_shape_configured(&task->conf.llm))
			puts("The default stays the model of the settings "
			     "(llm.model), as long as they name one.");
		return OK;
	}
	admin_shape_model(&w, row);
	puts(buf_str(&text));
	buf_free(&text);
	return OK;
}

enum err
model_add_one(struct task *task)
{
	struct model_row row = admin_form_new_model(0);
	enum refusal why;
	enum err err;

	TRY(schema_check(task->db, "lamplight"));
	TRY(read_options(task, task->name, &row));
	TRY(task_new_id(task, &row.id));
	err = model_add(task->db, &row, clock_wall_ms(), &why);
	TRY(admin_refused(err, NULL, admin_form_sentence(why)));
	task_audit_of("model_added", "model", row.id);
	row.version = 1;
	return print_model(task, &row, "added");
}

enum err
model_set(struct task *task)
{
	struct model_row row;
	enum refusal why;
	enum err err;

	TRY(schema_check(task->db, "lamplight"));
	TRY(admin_model(task, task->name, &row));
	TRY(read_options(task, NULL, &row));
	err = model_change(task->db, &row, clock_wall_ms(), &why);
	TRY(admin_refused(err, NULL, admin_form_sentence(why)));
	task_audit_of("model_changed", "model", row.id);
	row.version++;
	return print_model(task, &row, "changed");
}

enum err
model_remove_one(struct task *task)
{
	struct model_row row;
	enum refusal why;
	enum err err;

	TRY(schema_check(task->db, "lamplight"));
	TRY(admin_model(task, task->name, &row));
	err = model_remove(task->db, row.id, 0, &why);
	TRY(admin_refused(err, NULL, admin_form_sentence(why)));
	task_audit_of("model_removed", "model", row.id);
	printf("The model \"%s\" is removed; chats with it offer another.\n",
		row.label);
	return OK;
}

/* ---- the list */

static void
print_json(struct task *task, const struct model_list *all)
{
	struct buf text = BUF_INIT;
	struct json_writer w = json_writer(&text);

	json_open(&w, '[');
	if (admin_shape_configured(&task->conf.llm))
		admin_shape_configured_model(&w, &task->conf.llm);
	for (size_t i = 0; i < all->n; i++)
		admin_shape_model(&w, &all->list[i]);
	json_close(&w, ']');
	puts(buf_str(&text));
	buf_free(&text);
}

/* *providers* contains the providers' names. */
static void
print_line(const struct model_row *row, const struct provider_list *providers)
{
	const char *provider = "?";

	for (size_t i = 0; i < providers->n; i++)
		if (providers->list[i].id == row->provider_id)
			provider = providers->list[i].name;
	printf("%" PRIu64 "  %-8s  %-7s  %s  %s  %s\n", row->id,
		row->enabled ? "enabled" : "disabled",
		row->is_default ? "default" : "", row->label, provider,
		row->upstream_name);
}

enum err
model_list_all(struct task *task)
{
	const char *what = "lamplight model list takes --json, or nothing.";
	bool json = task->rest[0] != NULL;
	struct provider_list providers;
	struct model_list all;

	if (json &&
		(strcmp(task->rest[0], "--json") != 0 || task->rest[1] != NULL))
		return admin_refused(ERR_INVALID, NULL, what);
	TRY(schema_check(task->db, "lamplight"));
	TRY(provider_list(task->db, &task->arena, &providers));
	TRY(model_list(task->db, &task->arena, &all));
	if (json) {
		print_json(task, &all);
		return OK;
	}
	if (admin_shape_configured(&task->conf.llm))
		printf("configured  by the file or the environment: %s\n",
			task->conf.llm.model);
	for (size_t i = 0; i < all.n; i++)
		print_line(&all.list[i], &providers);
	return OK;
}
