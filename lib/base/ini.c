#include "base/ini.h"

#include "base/log.h"

#include <ctype.h>
#include <string.h>

static char *
trim(char *text)
{
	char *end = text + strlen(text);

	while (end > text && isspace((unsigned char)end[-1]))
		end--;
	*end = '\0';
	while (isspace((unsigned char)*text))
		text++;
	return text;
}

/* Fills *entry* from a trimmed line; whether it is of a known form. */
static bool
read_line(char *line, struct ini_entry *entry)
{
	size_t len = strlen(line);
	char *equals = strchr(line, '=');

	entry->key = NULL;
	if (len == 0 || line[0] == '#' || line[0] == ';')
		return true;
	if (line[0] == '[' && line[len - 1] == ']') {
		line[len - 1] = '\0';
		entry->section = trim(line + 1);
		return true;
	}
	if (equals == NULL)
		return false;
	*equals = '\0';
	entry->key = trim(line);
	entry->value = trim(equals + 1);
	return true;
}

enum err
ini_each(struct arena *arena, const char *path, struct span text,
	enum err (*each)(const struct ini_entry *entry, void *arg), void *arg)
{
	char *rest = arena_str(arena, text.data, text.len), *line;
	struct ini_entry entry = { .section = "" };
	bool has_nul = strlen(rest) != text.len;

	while ((line = strsep(&rest, "\n")) != NULL) {
		entry.line++;
		if (!read_line(trim(line), &entry) ||
			(has_nul && rest == NULL)) {
			log_error("settings_invalid",
				"at=\"%s:%d\" reason=\"neither [section] nor "
				"key = value\"",
				path, entry.line);
			return ERR_INVALID;
		}
		if (entry.key != NULL)
			TRY(each(&entry, arg));
	}
	return OK;
}
