/*
 * settings.h: reads settings by a table of keys: the environment
 * <PREFIX><SECTION>_<KEY> goes before a file (INI; its path is in <PREFIX>CONF),
 * which goes before the default. An empty value is the same as none. What is
 * wrong is logged with where it was set and what it takes, without values: they
 * may be secrets.
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
	SETTINGS_NUMBER, /* int64_t: whole, from min to max */
	SETTINGS_FIGURE, /* a number from min to max, kept as text or empty */
	SETTINGS_WORD, /* int64_t: the index of one of *words* */
	SETTINGS_PARSED, /* what parse(text, out) makes */
};

struct settings_key {
	const char *section, *name;
	enum settings_kind kind;
	size_t offset; /* of its member */
	const char *fallback;
	int64_t min, max;
	const char *words; /* "a|b"; of a number its unit; what is parsed */
	bool (*parse)(const char *text, void *out);
};

struct settings_table {
	const struct settings_key *keys;
	size_t n;
	const char *prefix; /* "LAMPLIGHT_" */
	const char *path; /* of the file, unless <PREFIX>CONF names it */
};

/* What was given for each key, NULL for nothing, and where. */
struct settings {
	const struct settings_table *table;
	const char **text, **at;
	const char *path; /* of the file, or NULL */
	const char
		*secret_at; /* where the first secret stands in it, or NULL */
};

/* Reads file and environment; all is in *arena*. ERR_INVALID: an unknown
 * key, one that is set twice, or no such file. */
MUST_USE enum err settings_read(struct arena *arena,
	const struct settings_table *table, struct settings *out);

/* Sets every member of the struct at *out*. ERR_INVALID. */
MUST_USE enum err settings_set(const struct settings *settings, void *out);

/* What counts for key *i* of the table: given, or its default. */
const char *settings_text(const struct settings *settings, size_t i);

/* What was given for *key*, "section.name": "" where its default counts, "(set)"
 * for a secret. NULL: there is no such key. */
const char *settings_given(const struct settings *settings, const char *key);

/* For values that only their user can judge: says which key is wrong, where it
 * was set by the last settings_read(), and what it takes; ERR_INVALID. */
enum err settings_refuse(const char *key, const char *takes);

/* A file, a line or a variable is wrong; ERR_INVALID. */
enum err settings_refuse_at(const char *at, const char *reason);

#endif
