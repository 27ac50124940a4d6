#include "base/ini.h"

#include "base/buf.h"
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

/* Whether a trimmed value is in quotation marks, as in other programs' files. */
static bool
is_quoted(const char *value, size_t len)
{
	return len >= 2 && (value[0] == '"' || value[0] == '\'') &&
		value[len - 1] == value[0];
}

static char *
unquoted(char *value)
{
	size_t len = strlen(value);

	if (!is_quoted(value, len))
		return value;
	value[len - 1] = '\0';
	return value + 1;
}

/* Fills *entry* from a trimmed line; returns whether its form is known. */
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
	entry->value = unquoted(trim(equals + 1));
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

/* ---- changing one key */

/* Where to change a text: the line to replace or, if *to* equals *from*, the
 * place to insert one. */
struct place {
	size_t from, to;
	int rank; /* kind of the line; higher is better */
};

enum { NOWHERE, SECTION, COMMENTED, SET };

/* How a trimmed line relates to the key: SET, COMMENTED or NOWHERE. A line that
 * begins with "# " is prose or an example. */
static int
line_rank(char *line, const char *key)
{
	bool comment = line[0] == '#';
	char *equals = strchr(line, '=');

	if (equals == NULL || (comment && isspace((unsigned char)line[1])))
		return NOWHERE;
	*equals = '\0';
	if (strcmp(trim(line + comment), key) != 0)
		return NOWHERE;
	return comment ? COMMENTED : SET;
}

/* Takes the line at *from* as the place if it ranks higher. Returns whether the
 * text is inside the section after this line, which may begin or end it. */
static bool
look_at(char *line, bool inside, const char *section, const char *key,
	struct place at, struct place *best)
{
	size_t len = strlen(line);

	if (line[0] == '[' && line[len - 1] == ']') {
		line[len - 1] = '\0';
		inside = strcmp(trim(line + 1), section) == 0;
		at.rank = SECTION;
	} else {
		at.rank = len > 0 && inside ? line_rank(line, key) : NOWHERE;
	}
	if (!inside)
		return false;
	if (at.rank > MAX(best->rank, (int)SECTION))
		*best = at;
	/* Insert after the section's last line that is not empty. */
	else if (best->rank <= SECTION && len > 0)
		*best = (struct place){ at.to, at.to, SECTION };
	return true;
}

static struct place
find_place(struct arena *arena, struct span text, const char *section,
	const char *key)
{
	struct place best = { text.len, text.len, NOWHERE };
	bool inside = false;

	for (size_t from = 0, to; from < text.len; from = to) {
		const char *end =
			memchr(text.data + from, '\n', text.len - from);
		struct place at;

		to = end != NULL ? (size_t)(end - text.data) + 1 : text.len;
		at = (struct place){ from, to, NOWHERE };
		inside = look_at(
			trim(arena_str(arena, text.data + from, to - from)),
			inside, section, key, at, &best);
	}
	return best;
}

/* The value is read as it is only within quotation marks. */
static bool
needs_quotes(const char *value)
{
	size_t len = strlen(value);

	return is_quoted(value, len) ||
		(len > 0 &&
			(isspace((unsigned char)value[0]) ||
				isspace((unsigned char)value[len - 1])));
}

struct span
ini_set(struct arena *arena, struct span text, const char *section,
	const char *key, const char *value)
{
	struct place place = find_place(arena, text, section, key);
	const char *quote = needs_quotes(value) ? "\"" : "";
	struct buf buf = BUF_INIT;
	struct span out;

	buf_append(&buf, text.data, place.from);
	if (buf.len > 0 && buf.data[buf.len - 1] != '\n')
		buf_putc(&buf, '\n');
	if (place.rank == NOWHERE)
		buf_printf(&buf, "%s[%s]\n", buf.len > 0 ? "\n" : "", section);
	buf_printf(&buf, "%s = %s%s%s\n", key, quote, value, quote);
	buf_append(&buf, text.data + place.to, text.len - place.to);
	out = (struct span){ arena_str(arena, buf_str(&buf), buf.len),
		buf.len };
	buf_free(&buf);
	return out;
}
