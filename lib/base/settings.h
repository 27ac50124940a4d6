/*
 * settings.h: reads settings by a table of keys. The environment variable
 * <PREFIX><SECTION>_<KEY> overrides the file (INI; its path is in
 * <PREFIX>CONF), which overrides the default. An empty value counts as not set.
 * Errors are logged with the place where the value was set and what the key
 * takes, but without the value: it may be a secret.
 */

#ifndef BASE_SETTINGS_H
#define BASE_SETTINGS_H

#include "base/arena.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum settings_kind {
	SETTINGS_TEXT, /* const char * */
	SETTINGS_NUMBER, /* int64_t: a whole number from min to max */
	SETTINGS_FIGURE, /* a number from min to max as text, or empty */
	SETTINGS_WORD, /* int64_t: index of one of *words* */
	SETTINGS_PARSED, /* the type that parse(text, out) writes */
};

struct settings_key {
	const char *section, *name;
	enum settings_kind kind;
	size_t offset; /* offset of the member in the struct */
	const char *fallback;
	int64_t min, max;
	const char *words; /* "a|b"; a number's unit; what parse() takes */
	bool (*parse)(const char *text, void *out);
};

struct settings_table {
	const struct settings_key *keys;
	size_t n;
	const char *prefix; /* "LAMPLIGHT_" */
	const char *path; /* default path of the file */
};

/* The value given for each key (NULL if none), and where it was given. */
struct settings {
	const struct settings_table *table;
	const char **text, **at;
	const char *path; /* path of the file, or NULL */
	const char *secret_at; /* place of the file's first secret, or NULL */
};

/* Reads file and environment; everything lives in *arena*. ERR_INVALID for an
 * unknown key, for a key that is set twice, or if the file is missing. */
MUST_USE enum err settings_read(struct arena *arena,
	const struct settings_table *table, struct settings *out);

/* Sets every member of the struct at *out*. ERR_INVALID for a bad value,
 * logged. */
MUST_USE enum err settings_set(const struct settings *settings, void *out);

/* The effective value of key *i* of the table: the given one or the default. */
const char *settings_text(const struct settings *settings, size_t i);

/* The value given for *key*, "section.name"; "" if its default applies, "(set)"
 * for a secret, NULL if there is no such key. */
const char *settings_given(const struct settings *settings, const char *key);

/* Rejects a value that only the module using it can judge: logs which key is
 * wrong, where the last settings_read() found it, and what it takes. Returns
 * ERR_INVALID. */
enum err settings_refuse(const char *key, const char *takes);

/* Logs that a file, a line or a variable is wrong; returns ERR_INVALID. */
enum err settings_refuse_at(const char *at, const char *reason);

#endif
