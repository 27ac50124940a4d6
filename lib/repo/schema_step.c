#include "repo/schema_step.h"

#include "base/file.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define FILE_MAX ((size_t)1 << 20)
#define DIGITS 4

/* ---- files */

static int
is_sql(const struct dirent *entry)
{
	size_t len = strlen(entry->d_name);

	return len > 4 && strcmp(entry->d_name + len - 4, ".sql") == 0;
}

/* The number in "0012_name.sql", 12; 0 for any other form. */
static unsigned
file_version(const char *name)
{
	if (strspn(name, "0123456789") != DIGITS || name[DIGITS] != '_')
		return 0;
	return (unsigned)strtoul(name, NULL, 10);
}

static enum err
read_step(struct arena *arena, const char *dir, const char *name,
	struct schema_step *step, const char **reason)
{
	const char *path = arena_printf(arena, "%s/%s", dir, name);

	step->name = arena_str(arena, name, strlen(name));
	if (file_version(name) != step->version) {
		*reason = arena_printf(arena,
			"%s: expected here a file %04u_....sql.", path,
			step->version);
		return ERR_INVALID;
	}
	if (file_read(arena, path, FILE_MAX, &step->text) != OK) {
		*reason = arena_printf(arena, "%s cannot be read.", path);
		return ERR_INVALID;
	}
	return OK;
}

enum err
schema_steps(struct arena *arena, const char *dir,
	const struct schema_step **out, size_t *n, const char **reason)
{
	struct schema_step *steps;
	struct dirent **list;
	int count = scandir(dir, &list, is_sql, alphasort);
	enum err err = OK;

	if (count <= 0) {
		*reason = arena_printf(arena, "%s: %s.", dir,
			count < 0 ? strerror(errno) : "there is no .sql file");
		return ERR_INVALID;
	}
	steps = arena_alloc(arena, (size_t)count * sizeof(*steps));
	for (int i = 0; i < count; i++) {
		steps[i].version = (unsigned)i + 1;
		if (err == OK)
			err = read_step(
				arena, dir, list[i]->d_name, &steps[i], reason);
		free(list[i]);
	}
	free(list);
	*out = steps;
	*n = (size_t)count;
	return err;
}

/* ---- statements */

/* The length of the quoted text or comment at the start of *text*, or 0. */
static size_t
quoted(struct span text)
{
	char quote = text.data[0];
	size_t i = 1;

	if (quote != '\'' && quote != '"' && quote != '`')
		return 0;
	for (; i < text.len && text.data[i] != quote; i++)
		if (text.data[i] == '\\' && quote != '`')
			i++;
	return MIN(i + 1, text.len);
}

static size_t
comment(struct span text)
{
	const char *end;

	if (span_begins(text, "#") || span_begins(text, "-- ") ||
		span_begins(text, "--\n")) {
		end = memchr(text.data, '\n', text.len);
		return end != NULL ? (size_t)(end - text.data) : text.len;
	}
	if (span_begins(text, "/*") && !span_begins(text, "/*!")) {
		end = memmem(text.data + 2, text.len - 2, "*/", 2);
		return end != NULL ? (size_t)(end - text.data) + 2 : text.len;
	}
	return 0;
}

static void
skip(struct span *text, size_t len, unsigned *line)
{
	for (size_t i = 0; i < len; i++)
		*line += text->data[i] == '\n';
	text->data += len;
	text->len -= len;
}

/* Skips blanks, comments and empty statements. */
static void
skip_blank(struct span *text, unsigned *line)
{
	while (text->len > 0) {
		size_t len = comment(*text);

		if (len == 0 &&
			(isspace((unsigned char)text->data[0]) ||
				text->data[0] == ';'))
			len = 1;
		if (len == 0)
			return;
		skip(text, len, line);
	}
}

bool
schema_statement(struct span *text, unsigned *line, struct span *statement,
	unsigned *at_line)
{
	skip_blank(text, line);
	*at_line = *line;
	*statement = (struct span){ text->data, 0 };
	while (text->len > 0 && text->data[0] != ';') {
		size_t len = MAX(quoted(*text), comment(*text));

		skip(text, MAX(len, (size_t)1), line);
	}
	statement->len = (size_t)(text->data - statement->data);
	while (statement->len > 0 &&
		isspace((unsigned char)statement->data[statement->len - 1]))
		statement->len--;
	return statement->len > 0;
}
