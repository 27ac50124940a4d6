#include "lamplight/import.h"

static int
take(struct import_file *in)
{
	int c = in->ahead;

	in->ahead = 0;
	if (c != 0)
		return c;
	c = getc_unlocked(in->file);
	if (c != EOF)
		in->bytes++;
	return c;
}

/* The next character that does not just separate values. */
static int
take_mark(struct import_file *in)
{
	int c;

	do
		c = take(in);
	while (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == ',' ||
		/* A UTF-8 byte-order mark. */
		c == 0xef || c == 0xbb || c == 0xbf);
	return c;
}

static void
keep(struct import_file *in, int c, bool *large)
{
	if (in->value.len >= IMPORT_CHAT_MAX)
		*large = true;
	else
		buf_putc(&in->value, (char)c);
}

/* Reads to the end of a text that has begun. */
static bool
take_text(struct import_file *in, bool *large)
{
	int c;

	while ((c = take(in)) != EOF) {
		keep(in, c, large);
		if (c == '"')
			return true;
		if (c != '\\')
			continue;
		c = take(in);
		if (c == EOF)
			return false;
		keep(in, c, large);
	}
	return false;
}

/* Reads to the bracket that closes the value; the content is checked later as a
 * whole. */
static bool
take_brackets(struct import_file *in, bool *large)
{
	size_t depth = 1;
	int c;

	while (depth > 0 && (c = take(in)) != EOF) {
		keep(in, c, large);
		if (c == '"' && !take_text(in, large))
			return false;
		if (c == '{' || c == '[')
			depth++;
		if (c == '}' || c == ']')
			depth--;
	}
	return depth == 0;
}

enum import_next
import_next(struct import_file *in)
{
	bool large = false, whole;
	int c = take_mark(in);

	buf_clear(&in->value);
	if (c == EOF)
		return in->depth == 0 ? IMPORT_END : IMPORT_BROKEN;
	if (c == ']' && in->depth == 1) {
		in->depth = 0;
		return IMPORT_ARRAY_END;
	}
	if (c == '[' && in->depth == 0) {
		in->depth = 1;
		return import_next(in);
	}
	if (c != '{' && c != '[')
		return IMPORT_BROKEN;
	keep(in, c, &large);
	whole = take_brackets(in, &large);
	if (!whole)
		return IMPORT_BROKEN;
	return large ? IMPORT_LARGE : IMPORT_VALUE;
}
