/* providers.c: the providers of models, and their keys. */

#include "api/admin_form.h"
#include "api/admin_shape.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/id.h"
#include "lamplight/admin.h"
#include "lamplight/arguments.h"
#include "lamplight/hidden.h"
#include "repo/schema.h"
#include "repo/sealing.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const struct argument arguments[] = {
	{ "--name", "name", ARGUMENT_TEXT },
	{ "--kind", "kind", ARGUMENT_TEXT },
	{ "--base-url", "baseUrl", ARGUMENT_TEXT },
	{ "--headers-file", "headers", ARGUMENT_FILE },
	{ "--proxy", "proxy", ARGUMENT_TEXT },
	{ "--enabled", "enabled", ARGUMENT_SWITCH },
	{ "--key", NULL, ARGUMENT_FLAG },
	{ "--no-key", NULL, ARGUMENT_FLAG },
	{ "--key-file", NULL, ARGUMENT_OWN },
	{ "--json", NULL, ARGUMENT_FLAG },
};

static const char *
option(const struct task *task, const char *name)
{
	return argument_of(task, name, arguments, LENGTH(arguments));
}

/* ---- the key: never an argument, because all users of a machine can see
 * those */

#define KEY_TEXT_MAX (PROVIDER_KEY_MAX + 64) /* includes blanks around it */

/* Reads a typed line, or everything that is piped in. */
static struct span
typed_key(struct task *task)
{
	char *text = arena_alloc(&task->arena, KEY_TEXT_MAX + 1);
	size_t len = 0;
	bool is_hidden;

	if (!isatty(STDIN_FILENO)) {
		len = fread(text, 1, KEY_TEXT_MAX, stdin);
		return (struct span){ text, len };
	}
	fputs(option(task, "--key") != NULL ? "Key: "
					    : "Key (empty for none): ",
		stderr);
	is_hidden = hidden_begin();
	if (fgets(text, KEY_TEXT_MAX, stdin) != NULL)
		len = strlen(text);
	if (is_hidden)
		hidden_end();
	return (struct span){ text, len };
}

/* A piped key may be empty, because the command that should have printed it has
 * failed. */
static enum err
check_key(struct span key)
{
	for (size_t i = 0; i < key.len; i++)
		if (strchr(" \t\r\n", key.data[i]) == NULL)
			return OK;
	fputs("The key is empty. If there is none, use --no-key.\n", stderr);
	return ERR_INVALID;
}

/* Absent if no key is given. */
static enum err
read_key(struct task *task, bool asks, struct span *out)
{
	const char *path = option(task, "--key-file");

	*out = (struct span){ NULL, 0 };
	if (option(task, "--no-key") != NULL) {
		*out = span_of("");
		return OK;
	}
	if (path == NULL) {
		bool must = option(task, "--key") != NULL;

		if (!asks && !must)
			return OK;
		*out = typed_key(task);
		return must || !isatty(STDIN_FILENO) ? check_key(*out) : OK;
	}
	if (file_read(&task->arena, path, KEY_TEXT_MAX, out) == OK)
		return check_key(*out);
	fputs("--key-file takes a file that can be read, with the key.\n",
		stderr);
	return ERR_INVALID;
}

/* ---- refusals and rows */

enum err
admin_refused(enum err err, const char *field, const char *sentence)
{
	if (err == ERR_INVALID || err == ERR_CONFLICT)
		fprintf(stderr, "%s%s%s\n", field != NULL ? field : "",
			field != NULL ? ": " : "", sentence);
	return err;
}

enum err
admin_closed(struct task *task, const struct secret_ring *ring, enum err err)
{
	bool right = err == ERR_CONFLICT &&
		sealing_check(task->db, &task->arena, ring) == OK;

	return admin_refused(err, NULL,
		right ? PROVIDER_SEAL_LOST ": --key, --headers-file."
		      : SEALING_WRONG ".");
}

enum err
admin_ring(struct task *task, struct secret_ring *ring)
{
	TRY(schema_check(task->db, "lamplight"));
	return task_ring(task, ring);
}

enum err
admin_provider(struct task *task, const char *name, struct provider_row *out)
{
	enum err err;
	uint64_t id;

	err = provider_find_name(task->db, &task->arena, name, out);
	if (err == ERR_NOT_FOUND && id_parse(span_of(name), &id) == OK)
		err = provider_find(task->db, &task->arena, id, out);
	if (err == ERR_NOT_FOUND)
		fprintf(stderr, "There is no provider \"%s\".\n", name);
	return err;
}

static enum err
print_provider(struct task *task, const struct secret_ring *ring,
	const struct provider_row *row, const char *what)
{
	struct buf text = BUF_INIT;
	struct json_writer w = json_writer(&text);

	if (option(task, "--json") == NULL) {
		printf("The provider \"%s\" is %s, within two seconds "
		       "everywhere.\n",
			row->name, what);
		return OK;
	}
	admin_shape_provider(&w, &task->arena, ring,
		sealing_check(task->db, &task->arena, ring) == OK, row);
	puts(buf_str(&text));
	buf_free(&text);
	return OK;
}

/* Opens the secrets of a row. *closed*: they cannot be opened; either all are
 * replaced, or none and they stay. */
static enum err
open_row(struct task *task, const struct secret_ring *ring,
	const struct provider_row *row, bool key, struct provider_secrets *out,
	bool *closed)
{
	bool headers = option(task, "--headers-file") != NULL;

	*closed = provider_open(ring, &task->arena, row, out) != OK;
	if (!*closed)
		return OK;
	*out = (struct provider_secrets){ 0 };
	if ((key || headers) && !provider_seal_covers(row, key, headers))
		return admin_closed(task, ring, ERR_CONFLICT);
	*closed = !key && !headers;
	return OK;
}

/* Puts the options into the row; *name* for a new one. */
static enum err
read_options(struct task *task, const struct secret_ring *ring,
	const char *name, struct provider_row *row)
{
	struct admin_form form = { .arena = &task->arena };
	struct argument_more more[] = { { "key", { NULL, 0 }, "The key" },
		{ "name", span_of(name), "NAME" },
		{ NULL, { NULL, 0 }, NULL } };
	struct provider_secrets secrets;
	bool closed;
	enum err err;

	TRY(read_key(task, name != NULL, &more[0].text));
	TRY(open_row(
		task, ring, row, more[0].text.data != NULL, &secrets, &closed));
	TRY(arguments_read(
		task, arguments, LENGTH(arguments), more, &form.body));
	err = admin_form_provider(&form, row, &secrets);
	TRY(arguments_refused(err, arguments, LENGTH(arguments), more, &form));
	if (closed)
		return OK;
	if (secrets.key.data != NULL || secrets.headers.data != NULL)
		TRY(admin_refused(sealing_begin(task->db, &task->arena, ring),
			NULL, SEALING_WRONG "."));
	provider_seal(ring, &task->arena, &secrets, row);
	return OK;
}

enum err
provider_add_one(struct task *task)
{
	struct provider_row row = admin_form_new_provider(0);
	struct secret_ring ring;
	enum refusal why;
	enum err err;

	TRY(admin_ring(task, &ring));
	TRY(task_new_id(task, &row.id));
	TRY(read_options(task, &ring, task->name, &row));
	err = provider_add(task->db, &row, clock_wall_ms(), &why);
	TRY(admin_refused(err, NULL, admin_form_sentence(why)));
	task_audit_of("provider_added", "provider", row.id);
	row.version = 1;
	return print_provider(task, &ring, &row, "added");
}

static enum err
check_kind(struct task *task, const struct provider_row *row)
{
	struct admin_form form = { .arena = &task->arena };
	struct model_list models;
	enum err err;

	TRY(model_list(task->db, &task->arena, &models));
	err = admin_form_kind(&form, row->kind, row->id, &models);
	return admin_refused(err, "--kind", form.detail);
}

/* The page asks for the key again, because an administrator who changes an
 * address there may not read keys. The operator, who runs this command, can
 * read them. */
static void
say_moved(const struct task *task, const struct provider_row *before,
	const struct provider_row *row)
{
	if (strcmp(before->base_url, row->base_url) != 0 &&
		before->key_sealed.data != NULL &&
		row->key_sealed.data != NULL && option(task, "--key") == NULL &&
		option(task, "--key-file") == NULL)
		fputs("Its key will be sent to the new address. To set another "
		      "one, use --key.\n",
			stderr);
}

enum err
provider_set(struct task *task)
{
	struct provider_row row;
	struct secret_ring ring;
	enum refusal why;
	struct provider_row before;
	enum err err;

	TRY(admin_ring(task, &ring));
	TRY(admin_provider(task, task->name, &row));
	before = row;
	TRY(read_options(task, &ring, NULL, &row));
	if (strcmp(before.kind, row.kind) != 0)
		TRY(check_kind(task, &row));
	say_moved(task, &before, &row);
	err = provider_change(task->db, &row, clock_wall_ms(), &why);
	TRY(admin_refused(err, NULL, admin_form_sentence(why)));
	task_audit_of("provider_changed", "provider", row.id);
	row.version++;
	return print_provider(task, &ring, &row, "changed");
}

enum err
provider_remove_one(struct task *task)
{
	struct provider_row row;
	enum refusal why;
	enum err err;

	TRY(schema_check(task->db, "lamplight"));
	TRY(admin_provider(task, task->name, &row));
	err = provider_remove(task->db, row.id, 0, &why);
	TRY(admin_refused(err, NULL, admin_form_sentence(why)));
	task_audit_of("provider_removed", "provider", row.id);
	printf("The provider \"%s\" is removed.\n", row.name);
	return OK;
}

/* ---- the list */

static void
print_line(const struct provider_row *row)
{
	printf("%" PRIu64 "  %-9s  %-8s  %-8s  %s  %s\n", row->id, row->kind,
		row->enabled ? "enabled" : "disabled",
		row->key_sealed.data == NULL     ? "no key"
			: *row->key_tail == '\0' ? "a key"
						 : row->key_tail,
		row->name, row->base_url);
}

static void
print_json(struct task *task, const struct secret_ring *ring,
	const struct provider_list *all)
{
	struct buf text = BUF_INIT;
	struct json_writer w = json_writer(&text);
	bool right = sealing_check(task->db, &task->arena, ring) == OK;

	json_open(&w, '[');
	if (admin_shape_configured(&task->conf.llm))
		admin_shape_configured_provider(
			&w, &task->arena, &task->conf.llm);
	for (size_t i = 0; i < all->n; i++)
		admin_shape_provider(
			&w, &task->arena, ring, right, &all->list[i]);
	json_close(&w, ']');
	puts(buf_str(&text));
	buf_free(&text);
}

enum err
provider_list_all(struct task *task)
{
	const struct llm_conf *llm = &task->conf.llm;
	const char *what = "lamplight provider list takes --json, or nothing.";
	struct provider_list all;
	struct secret_ring ring;
	bool json = task->rest[0] != NULL;

	if (json &&
		(strcmp(task->rest[0], "--json") != 0 || task->rest[1] != NULL))
		return admin_refused(ERR_INVALID, NULL, what);
	TRY(admin_ring(task, &ring));
	TRY(provider_list(task->db, &task->arena, &all));
	if (json) {
		print_json(task, &ring, &all);
		return OK;
	}
	if (admin_shape_configured(llm))
		printf("configured  by the file or the environment: %s\n",
			admin_shape_host(&task->arena, llm));
	for (size_t i = 0; i < all.n; i++)
		print_line(&all.list[i]);
	return OK;
}
