#include "base/settings.h"

#include "base/file.h"
#include "base/ini.h"
#include "base/log.h"
#include "base/mem.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#define FILE_MAX ((size_t)1 << 20)
#define PLACE_LEN 256

/* Where each key was set. Written once, at start. Other state hangs from struct
 * app, but code that reports a wrong value may not have the app. */
static const struct settings_table *placed;
static char (*places)[PLACE_LEN];

static void
keep_places(const struct settings *settings)
{
	const struct settings_table *table = settings->table;

	placed = table;
	places = mem_realloc(places, table->n * sizeof(*places));
	for (size_t i = 0; i < table->n; i++)
		snprintf(places[i], PLACE_LEN, "%s",
			settings->at[i] != NULL ? settings->at[i] : "");
}

/* The index of the key "section.name", or n if there is none. */
static size_t
find(const struct settings_table *table, const char *key)
{
	for (size_t i = 0; i < table->n; i++) {
		size_t len = strlen(table->keys[i].section);

		if (strncmp(key, table->keys[i].section, len) == 0 &&
			key[len] == '.' &&
			strcmp(key + len + 1, table->keys[i].name) == 0)
			return i;
	}
	return table->n;
}

enum err
settings_refuse(const char *key, const char *takes)
{
	size_t i = placed != NULL ? find(placed, key) : 0;
	bool known = placed != NULL && i < placed->n;

	log_error("conf_invalid", "key=%s at=\"%s\" takes=\"%s\"", key,
		known ? places[i] : "", takes);
	return ERR_INVALID;
}

enum err
settings_refuse_at(const char *at, const char *reason)
{
	log_error("conf_invalid", "at=\"%s\" reason=\"%s\"", at, reason);
	return ERR_INVALID;
}

/* ---- values */

static bool
whole_number(const char *text, int64_t *out)
{
	char *end;

	if (!isdigit((unsigned char)text[text[0] == '-']))
		return false;
	errno = 0;
	*out = strtoll(text, &end, 10);
	return *end == '\0' && errno == 0;
}

/* Accepts only JSON's spelling, because the text goes into JSON: no "+1", ".5",
 * "1." or "01", which strtod() accepts. */
static bool
figure(const char *text, double *out)
{
	size_t len = strspn(text, "0123456789.");
	char *end;

	if (len == 0 || text[0] == '.' || text[len - 1] == '.' ||
		(text[0] == '0' && isdigit((unsigned char)text[1])))
		return false;
	*out = strtod(text, &end);
	return text[len] == '\0' && *end == '\0';
}

/* The index of *word* in "first|second|third", or -1. */
static int64_t
word_index(const char *words, const char *word)
{
	size_t len = strlen(word);

	for (int64_t i = 0;; i++) {
		size_t n = strcspn(words, "|");

		if (n == len && memcmp(words, word, n) == 0)
			return i;
		if (words[n] == '\0')
			return -1;
		words += n + 1;
	}
}

static enum err
refuse_value(const struct settings_key *key, const char *at)
{
	if (key->kind == SETTINGS_WORD || key->kind == SETTINGS_PARSED)
		log_error("conf_invalid", "key=%s.%s at=\"%s\" takes=\"%s\"",
			key->section, key->name, at, key->words);
	else
		log_error("conf_invalid",
			"key=%s.%s at=\"%s\" takes=\"a number from %" PRId64
			" to %" PRId64 "%s%s\"",
			key->section, key->name, at, key->min, key->max,
			key->words[0] != '\0' ? " " : "", key->words);
	return ERR_INVALID;
}

static bool
read_number(const struct settings_key *key, const char *text, int64_t *out)
{
	return whole_number(text, out) && *out >= key->min && *out <= key->max;
}

static bool
is_figure(const struct settings_key *key, const char *text)
{
	double value;

	return text[0] == '\0' ||
		(figure(text, &value) && value >= (double)key->min &&
			value <= (double)key->max);
}

static bool
set_value(const struct settings_key *key, const char *text, char *member)
{
	int64_t number = 0;
	bool fits = true;

	switch (key->kind) {
	case SETTINGS_PARSED:
		return key->parse(text, member);
	case SETTINGS_NUMBER:
	case SETTINGS_WORD:
		if (key->kind == SETTINGS_NUMBER)
			fits = read_number(key, text, &number);
		else
			fits = (number = word_index(key->words, text)) >= 0;
		memcpy(member, &number, sizeof(number));
		return fits;
	case SETTINGS_FIGURE:
		fits = is_figure(key, text);
		break;
	case SETTINGS_TEXT:
		break;
	}
	memcpy(member, &text, sizeof(text));
	return fits;
}

const char *
settings_text(const struct settings *settings, size_t i)
{
	const char *text = settings->text[i];

	return text != NULL && text[0] != '\0'
		? text
		: settings->table->keys[i].fallback;
}

enum err
settings_set(const struct settings *settings, void *out)
{
	const struct settings_table *table = settings->table;

	for (size_t i = 0; i < table->n; i++) {
		const struct settings_key *key = &table->keys[i];

		if (!set_value(key, settings_text(settings, i),
			    (char *)out + key->offset))
			return refuse_value(key, settings->at[i]);
	}
	return OK;
}

/* ---- given values */

/* A key that may be read from a file of its own is a secret. */
static bool
is_secret(const struct settings_table *table, const struct settings_key *key)
{
	size_t len = strlen(key->name);

	for (size_t i = 0; i < table->n; i++)
		if (strcmp(table->keys[i].section, key->section) == 0 &&
			strncmp(table->keys[i].name, key->name, len) == 0 &&
			strcmp(table->keys[i].name + len, "_file") == 0)
			return true;
	return false;
}

const char *
settings_given(const struct settings *settings, const char *key)
{
	const struct settings_table *table = settings->table;
	size_t i = find(table, key);

	if (i == table->n)
		return NULL;
	if (settings->text[i] == NULL || settings->text[i][0] == '\0')
		return "";
	return is_secret(table, &table->keys[i]) ? "(set)" : settings->text[i];
}

/* ---- the file */

struct file_reader {
	struct arena *arena;
	const char *path;
	struct settings *settings;
};

static enum err
take_entry(const struct ini_entry *entry, void *arg)
{
	struct file_reader *reader = arg;
	struct settings *settings = reader->settings;
	const struct settings_table *table = settings->table;
	const char *at = arena_printf(reader->arena, "%s:%d: %s.%s",
		reader->path, entry->line, entry->section, entry->key);

	for (size_t i = 0; i < table->n; i++) {
		if (strcmp(table->keys[i].section, entry->section) != 0 ||
			strcmp(table->keys[i].name, entry->key) != 0)
			continue;
		if (settings->text[i] != NULL)
			return settings_refuse_at(
				at, "this key was set before");
		settings->text[i] = entry->value;
		settings->at[i] = at;
		if (is_secret(table, &table->keys[i]) &&
			entry->value[0] != '\0' && settings->secret_at == NULL)
			settings->secret_at = at;
		return OK;
	}
	return settings_refuse_at(at, "there is no such key");
}

static enum err
take_file(struct arena *arena, struct settings *settings)
{
	const struct settings_table *table = settings->table;
	const char *named =
		getenv(arena_printf(arena, "%sCONF", table->prefix));
	bool is_named = named != NULL && named[0] != '\0';
	const char *path = is_named ? named : table->path;
	struct file_reader reader = { arena, path, settings };
	struct span text;
	enum err err;

	settings->path = path;
	err = file_read(arena, path, FILE_MAX, &text);
	if (err == ERR_NOT_FOUND)
		return is_named
			? settings_refuse_at(path, "there is no such file")
			: OK;
	if (err != OK)
		return ERR_INVALID;
	return ini_each(arena, path, text, take_entry, &reader);
}

/* ---- the environment, which overrides the file */

/* Whether "DB_PASSWORD" belongs to the section "db". */
static bool
in_section(const char *variable, const char *section)
{
	size_t len = strlen(section);

	return strncasecmp(variable, section, len) == 0 && variable[len] == '_';
}

/* <PREFIX>CONF and variables that match no section belong to other code. */
static enum err
take_variable(struct settings *settings, char *variable, char *text, char *at)
{
	const struct settings_table *table = settings->table;
	bool of_a_section = false;

	for (size_t i = 0; i < table->n; i++) {
		if (!in_section(variable, table->keys[i].section))
			continue;
		of_a_section = true;
		if (strcasecmp(variable + strlen(table->keys[i].section) + 1,
			    table->keys[i].name) != 0)
			continue;
		settings->text[i] = text;
		settings->at[i] = at;
		return OK;
	}
	return of_a_section
		? settings_refuse_at(at, "there is no key for this variable")
		: OK;
}

static enum err
take_environment(struct arena *arena, struct settings *settings)
{
	const char *prefix = settings->table->prefix;
	size_t prefix_len = strlen(prefix);

	for (char **entry = environ; *entry != NULL; entry++) {
		char *name, *text;

		if (strncmp(*entry, prefix, prefix_len) != 0)
			continue;
		name = arena_str(arena, *entry, strlen(*entry));
		text = strchr(name, '=');
		*text++ = '\0';
		TRY(take_variable(settings, name + prefix_len, text, name));
	}
	return OK;
}

enum err
settings_read(struct arena *arena, const struct settings_table *table,
	struct settings *out)
{
	*out = (struct settings){ .table = table,
		.text = arena_alloc(arena, table->n * sizeof(*out->text)),
		.at = arena_alloc(arena, table->n * sizeof(*out->at)) };
	TRY(take_file(arena, out));
	TRY(take_environment(arena, out));
	keep_places(out);
	return OK;
}
