/*
 * Checks RFC 8259 to the letter, by recursive descent with limited depth, and
 * meanwhile counts the memory that a text would take as a tree.
 */

#include "json/json.h"

#include "base/hex.h"
#include "json/keys.h"
#include "json/scan.h"
#include "json/skip.h"
#include "json/utf8.h"

#include <stdint.h>

/* The memory that json-c takes for a value, measured on 64 bits: an object has
 * a table for 16 members, an array has room for 32 items. */
#define OBJECT_COST 740
#define ARRAY_COST 400
#define SCALAR_COST 112 /* plus its length: numbers keep their text */
#define KEY_COST 40 /* plus its length */
#define TABLE_MEMBERS 10 /* above this the table grows: */
#define MEMBER_COST 160

/* Counts the cost of a value. */
static enum err
pay(struct scan *s, size_t cost)
{
	if (s->tree_left < cost)
		return ERR_TOO_BIG;
	s->tree_left -= cost;
	return OK;
}

static enum err scan_value(struct scan *s);

static enum err
scan_word(struct scan *s, const char *word)
{
	size_t len = strlen(word);

	if ((size_t)(s->end - s->at) < len || memcmp(s->at, word, len) != 0)
		return ERR_INVALID;
	s->at += len;
	return OK;
}

static bool
is_digit(const struct scan *s)
{
	return s->at < s->end && *s->at >= '0' && *s->at <= '9';
}

static enum err
scan_digits(struct scan *s)
{
	if (!is_digit(s))
		return ERR_INVALID;
	while (is_digit(s))
		s->at++;
	return OK;
}

static enum err
scan_number(struct scan *s)
{
	const char *start = s->at;

	scan_take(s, '-');
	if (!scan_take(s, '0'))
		TRY(scan_digits(s));
	if (scan_take(s, '.'))
		TRY(scan_digits(s));
	if (scan_take(s, 'e') || scan_take(s, 'E')) {
		if (!scan_take(s, '+'))
			scan_take(s, '-');
		TRY(scan_digits(s));
	}
	return pay(s, (size_t)(s->at - start));
}

static enum err
scan_escape(struct scan *s)
{
	char c;

	if (s->at == s->end)
		return ERR_INVALID;
	c = *s->at++;
	if (c != 'u')
		return c != '\0' && strchr("\"\\/bfnrt", c) != NULL
			? OK
			: ERR_INVALID;
	if (s->end - s->at < 4)
		return ERR_INVALID;
	for (int i = 0; i < 4; i++)
		if (hex_digit(*s->at++) < 0)
			return ERR_INVALID;
	s->nul = s->nul || memcmp(s->at - 4, "0000", 4) == 0;
	return OK;
}

/* Relies on the UTF-8 check of the whole text. */
static enum err
scan_text(struct scan *s)
{
	const char *start = s->at;

	s->at = json_skip_plain(s->at, s->end);
	while (s->at < s->end) {
		char c = *s->at++;

		if (c == '"')
			return pay(s, (size_t)(s->at - start));
		if ((unsigned char)c < 0x20)
			return ERR_INVALID;
		if (c == '\\') {
			TRY(scan_escape(s));
			s->at = json_skip_plain(s->at, s->end);
		}
	}
	return ERR_INVALID;
}

/* ---- values */

static enum err
scan_member(struct scan *s)
{
	const char *start;

	scan_blanks(s);
	start = s->at;
	if (!scan_take(s, '"'))
		return ERR_INVALID;
	s->nul = false;
	TRY(scan_text(s));
	TRY(pay(s, KEY_COST));
	if (s->keys != NULL)
		keys_note(s->keys,
			(struct span){ start, (size_t)(s->at - start) });
	scan_blanks(s);
	if (s->nul || !scan_take(s, ':'))
		return ERR_INVALID;
	return scan_value(s);
}

static enum err
count_member(struct scan *s, size_t n)
{
	if (n > JSON_MEMBERS_MAX && s->keys != NULL)
		return ERR_TOO_BIG;
	return n > TABLE_MEMBERS ? pay(s, MEMBER_COST) : OK;
}

/* Scans *item*, separated by commas, up to the closing bracket. */
static enum err
scan_list(struct scan *s, char closing, enum err (*item)(struct scan *))
{
	size_t n = 0;

	if (s->depth_left-- == 0)
		return ERR_TOO_BIG;
	scan_blanks(s);
	if (!scan_take(s, closing)) {
		do {
			if (closing == '}')
				TRY(count_member(s, ++n));
			TRY(item(s));
		} while (scan_take(s, ','));
		if (!scan_take(s, closing))
			return ERR_INVALID;
	}
	s->depth_left++;
	return OK;
}

static enum err
scan_object(struct scan *s)
{
	size_t first = s->keys != NULL ? s->keys->n : 0;

	TRY(pay(s, OBJECT_COST));
	TRY(scan_list(s, '}', scan_member));
	return s->keys != NULL && keys_end(s->keys, first) ? ERR_INVALID : OK;
}

static enum err
scan_array(struct scan *s)
{
	TRY(pay(s, ARRAY_COST));
	return scan_list(s, ']', scan_value);
}

enum err
scan_bare(struct scan *s)
{
	TRY(pay(s, SCALAR_COST));
	switch (*s->at++) {
	case '{':
		return scan_object(s);
	case '[':
		return scan_array(s);
	case '"':
		return scan_text(s);
	case 't':
		return scan_word(s, "rue");
	case 'f':
		return scan_word(s, "alse");
	case 'n':
		return scan_word(s, "ull");
	default:
		s->at--;
		return scan_number(s);
	}
}

/* Scans a value and the blanks around it. */
static enum err
scan_value(struct scan *s)
{
	scan_blanks(s);
	if (s->at == s->end)
		return ERR_INVALID;
	TRY(scan_bare(s));
	scan_blanks(s);
	return OK;
}

static enum err
scan_all(struct scan *s, struct span text)
{
	if (text.data == NULL || !utf8_valid(text))
		return ERR_INVALID;
	s->at = text.data;
	s->end = text.data + text.len;
	TRY(scan_value(s));
	return s->at == s->end ? OK : ERR_INVALID;
}

enum err
json_check(struct span text, unsigned depth_max)
{
	struct scan s = { .depth_left = depth_max, .tree_left = SIZE_MAX };

	return scan_all(&s, text);
}

enum err
json_check_once(struct span text)
{
	return json_check_tree(text, SIZE_MAX, true);
}

enum err
json_check_tree(struct span text, size_t tree_max, bool once)
{
	struct keys keys = { 0 };
	struct scan s = { .depth_left = JSON_DEPTH_MAX,
		.tree_left = tree_max,
		.keys = once ? &keys : NULL };
	enum err err = scan_all(&s, text);

	keys_free(&keys);
	return err;
}

size_t
json_tree_size(struct span text)
{
	struct scan s = { .at = text.data,
		.end = text.data + text.len,
		.depth_left = JSON_DEPTH_MAX,
		.tree_left = SIZE_MAX };

	return scan_value(&s) == OK ? SIZE_MAX - s.tree_left : SIZE_MAX;
}
