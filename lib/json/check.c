/*
 * RFC 8259 to the letter, by recursive descent with a cap on depth; and, on
 * text that has passed, the source text of members and items.
 */

#include "json/json.h"
#include "json/utf8.h"

struct scan {
	const char *at;
	const char *end;
	unsigned depth_left;
	bool nul; /* the last text holds one */
};

static enum err scan_value(struct scan *s);

static void
skip_blanks(struct scan *s)
{
	while (s->at < s->end &&
		(*s->at == ' ' || *s->at == '\t' || *s->at == '\n' ||
			*s->at == '\r'))
		s->at++;
}

static bool
take(struct scan *s, char c)
{
	if (s->at == s->end || *s->at != c)
		return false;
	s->at++;
	return true;
}

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
	take(s, '-');
	if (!take(s, '0'))
		TRY(scan_digits(s));
	if (take(s, '.'))
		TRY(scan_digits(s));
	if (take(s, 'e') || take(s, 'E')) {
		if (!take(s, '+'))
			take(s, '-');
		TRY(scan_digits(s));
	}
	return OK;
}

static bool
is_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') ||
		(c >= 'A' && c <= 'F');
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
		if (!is_hex(*s->at++))
			return ERR_INVALID;
	s->nul = s->nul || memcmp(s->at - 4, "0000", 4) == 0;
	return OK;
}

/* UTF-8 has been checked over the whole text before. */
static enum err
scan_text(struct scan *s)
{
	while (s->at < s->end) {
		char c = *s->at++;

		if (c == '"')
			return OK;
		if ((unsigned char)c < 0x20)
			return ERR_INVALID;
		if (c == '\\')
			TRY(scan_escape(s));
	}
	return ERR_INVALID;
}

static enum err
scan_member(struct scan *s)
{
	skip_blanks(s);
	if (!take(s, '"'))
		return ERR_INVALID;
	s->nul = false;
	TRY(scan_text(s));
	skip_blanks(s);
	if (s->nul || !take(s, ':'))
		return ERR_INVALID;
	return scan_value(s);
}

/* What stands between brackets: *item* separated by commas. */
static enum err
scan_list(struct scan *s, char closing, enum err (*item)(struct scan *))
{
	if (s->depth_left-- == 0)
		return ERR_TOO_BIG;
	skip_blanks(s);
	if (!take(s, closing)) {
		do
			TRY(item(s));
		while (take(s, ','));
		if (!take(s, closing))
			return ERR_INVALID;
	}
	s->depth_left++;
	return OK;
}

static enum err
scan_bare(struct scan *s)
{
	switch (*s->at++) {
	case '{':
		return scan_list(s, '}', scan_member);
	case '[':
		return scan_list(s, ']', scan_value);
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

/* A value and the blanks around it. */
static enum err
scan_value(struct scan *s)
{
	skip_blanks(s);
	if (s->at == s->end)
		return ERR_INVALID;
	TRY(scan_bare(s));
	skip_blanks(s);
	return OK;
}

enum err
json_check(struct span text, unsigned depth_max)
{
	struct scan s = { .at = text.data,
		.end = text.data + text.len,
		.depth_left = depth_max };

	if (!utf8_valid(text))
		return ERR_INVALID;
	TRY(scan_value(&s));
	return s.at == s.end ? OK : ERR_INVALID;
}

static struct scan
rescan(struct span text)
{
	return (struct scan){ .at = text.data,
		.end = text.data + text.len,
		.depth_left = JSON_DEPTH_MAX };
}

/* The value at the cursor, blanks around it left out; empty when it is no
 * JSON after all. */
static struct span
raw_value(struct scan *s)
{
	const char *start;

	skip_blanks(s);
	start = s->at;
	if (s->at == s->end || scan_bare(s) != OK)
		return (struct span){ NULL, 0 };
	return (struct span){ start, (size_t)(s->at - start) };
}

/* Whether the quoted *name* spells *key*, which escapes can do too. */
static bool
is_key(struct span name, const char *key)
{
	struct arena arena = ARENA_INIT;
	const struct json *text;
	bool same;

	if (memchr(name.data, '\\', name.len) == NULL)
		return span_is(
			(struct span){ name.data + 1, name.len - 2 }, key);
	same = json_parse_loose(&arena, name, &text) == OK &&
		span_is(json_text(text), key);
	arena_reset(&arena);
	return same;
}

struct span
json_raw_get(struct span object, const char *key)
{
	struct scan s = rescan(object);
	struct span name, value;

	skip_blanks(&s);
	if (!take(&s, '{'))
		return (struct span){ NULL, 0 };
	do {
		name = raw_value(&s);
		skip_blanks(&s);
		if (name.len < 2 || !take(&s, ':'))
			break;
		value = raw_value(&s);
		if (is_key(name, key))
			return value;
		skip_blanks(&s);
	} while (take(&s, ','));
	return (struct span){ NULL, 0 };
}

bool
json_raw_next(struct span array, struct span *item)
{
	struct scan s = rescan(array);

	skip_blanks(&s);
	if (item->data == NULL) {
		if (!take(&s, '['))
			return false;
	} else {
		s.at = item->data + item->len;
		skip_blanks(&s);
		if (!take(&s, ','))
			return false;
	}
	*item = raw_value(&s);
	return item->data != NULL;
}

struct span
json_raw_at(struct span array, size_t index)
{
	struct span item = { NULL, 0 };

	for (size_t i = 0; i <= index; i++)
		if (!json_raw_next(array, &item))
			return (struct span){ NULL, 0 };
	return item;
}
