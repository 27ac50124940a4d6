#include "wire/short_way.h"

#include "json/skip.h"

#include <stdint.h>
#include <string.h>

/* ---- tokens */

/* There are hardly ever any. */
void
short_blanks(struct short_scan *scan)
{
	while (scan->at < scan->end &&
		(*scan->at == ' ' || *scan->at == '\t' || *scan->at == '\n' ||
			*scan->at == '\r'))
		scan->at++;
}

/* Takes the whole word or nothing. */
static bool
word(struct short_scan *scan, const char *word, size_t len)
{
	short_blanks(scan);
	if ((size_t)(scan->end - scan->at) < len ||
		memcmp(scan->at, word, len) != 0)
		return false;
	scan->at += len;
	return true;
}

bool
short_null(struct short_scan *scan)
{
	return word(scan, "null", 4);
}

/* Finds the end of a string, the next escape, or a character that no string may
 * contain. */
static const char *
next_stop(const char *at, const char *end)
{
	at = json_skip_plain(at, end);
	while (at < end && *at != '"' && *at != '\\' &&
		(unsigned char)*at >= ' ')
		at++;
	return at;
}

/* Takes a string, with its escapes. */
bool
short_string(struct short_scan *scan, struct span *out)
{
	const char *begin, *at;

	if (!short_take(scan, '"'))
		return false;
	begin = scan->at;
	at = next_stop(begin, scan->end);
	while (scan->end - at > 1 && *at == '\\')
		at = next_stop(at + 2, scan->end);
	if (at >= scan->end || *at != '"')
		return false;
	*out = (struct span){ begin, (size_t)(at - begin) };
	scan->at = at + 1;
	return true;
}

static bool
has_escape(struct span text)
{
	return text.len > 0 && memchr(text.data, '\\', text.len) != NULL;
}

/* Members almost always come in the order of the list. */
static bool
take_expected(struct short_scan *scan, struct span key)
{
	if ((size_t)(scan->end - scan->at) < key.len + 2 || *scan->at != '"' ||
		scan->at[key.len + 1] != '"' ||
		memcmp(scan->at + 1, key.data, key.len) != 0)
		return false;
	scan->at += key.len + 2;
	return true;
}

/* *i* is the expected member, and is set to the one found. */
static bool
take_key(struct short_scan *scan, const struct short_member *members, size_t n,
	size_t *i)
{
	struct span key;

	if (*i < n && take_expected(scan, members[*i].key))
		return true;
	if (!short_string(scan, &key))
		return false;
	for (*i = 0; *i < n && !span_equal(key, members[*i].key); (*i)++)
		;
	return *i < n;
}

bool
short_object(
	struct short_scan *scan, const struct short_member *members, size_t n)
{
	unsigned seen = 0;
	size_t i = 0; /* the next expected member */

	if (!short_take(scan, '{'))
		return false;
	if (short_take(scan, '}'))
		return true;
	do {
		if (!take_key(scan, members, n, &i) || !short_take(scan, ':'))
			return false;
		if ((seen >> i & 1u) != 0 || !members[i].read(scan))
			return false;
		seen |= 1u << i++;
	} while (short_take(scan, ','));
	return short_take(scan, '}');
}

/* ---- values */

bool
short_text(struct short_scan *scan, struct span *out)
{
	return short_null(scan) || short_string(scan, out);
}

/* Skips a name or an id. */
bool
short_label(struct short_scan *scan)
{
	struct span text = { NULL, 0 };

	return short_text(scan, &text) && !has_escape(text);
}

/* Takes a whole, non-negative number. */
bool
short_number(struct short_scan *scan)
{
	if (short_take(scan, '0'))
		return true;
	if (scan->at == scan->end || *scan->at < '1' || *scan->at > '9')
		return false;
	while (scan->at < scan->end && *scan->at >= '0' && *scan->at <= '9')
		scan->at++;
	return true;
}

bool
short_zero(struct short_scan *scan)
{
	return short_take(scan, '0');
}

bool
short_count(struct short_scan *scan, int64_t *out)
{
	const char *begin;

	short_blanks(scan);
	begin = scan->at;
	if (!short_number(scan) || scan->at - begin > 9)
		return false;
	*out = 0;
	for (; begin < scan->at; begin++)
		*out = *out * 10 + (*begin - '0');
	return true;
}

/* ---- escapes */

static bool
read_hex(const char *digits, unsigned *out)
{
	*out = 0;
	for (size_t i = 0; i < 4; i++) {
		char c = digits[i];
		unsigned digit = c >= '0' && c <= '9' ? (unsigned)(c - '0')
			: c >= 'a' && c <= 'f'        ? (unsigned)(c - 'a') + 10
			: c >= 'A' && c <= 'F'        ? (unsigned)(c - 'A') + 10
						      : 16;

		if (digit == 16)
			return false;
		*out = *out * 16 + digit;
	}
	return true;
}

/* NUL and halves of surrogate pairs are left to the long way. */
static bool
put_code(struct buf *out, unsigned code)
{
	if (code == 0 || (code >= 0xd800 && code <= 0xdfff))
		return false;
	if (code < 0x80) {
		buf_putc(out, (char)code);
	} else if (code < 0x800) {
		buf_putc(out, (char)(0xc0 | code >> 6));
		buf_putc(out, (char)(0x80 | (code & 0x3f)));
	} else {
		buf_putc(out, (char)(0xe0 | code >> 12));
		buf_putc(out, (char)(0x80 | (code >> 6 & 0x3f)));
		buf_putc(out, (char)(0x80 | (code & 0x3f)));
	}
	return true;
}

/* Decodes the character after a backslash; moves *at* past it. */
static bool
put_escaped(struct buf *out, const char **at, const char *end)
{
	static const char names[] = "\"\\/bfnrt";
	static const char meant[] = "\"\\/\b\f\n\r\t";
	const char *name = memchr(names, **at, sizeof(names) - 1);
	unsigned code;

	if (name != NULL) {
		buf_putc(out, meant[name - names]);
		(*at)++;
		return true;
	}
	if (**at != 'u' || end - *at < 5 || !read_hex(*at + 1, &code))
		return false;
	*at += 5;
	return put_code(out, code);
}

/* Unescapes *text*. Each chunk has at most one text with escapes. */
bool
short_unescape(struct span *text, struct buf *out)
{
	const char *at, *end;

	if (!has_escape(*text))
		return true;
	at = text->data;
	end = at + text->len;
	if (out->len > 0)
		return false;
	while (at < end) {
		if (*at != '\\') {
			buf_putc(out, *at++);
			continue;
		}
		at++;
		if (!put_escaped(out, &at, end))
			return false;
	}
	*text = buf_span(out);
	return true;
}
