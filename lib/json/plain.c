#include "json/plain.h"

#include "base/attr.h"
#include "base/buf.h"
#include "json/json.h"
#include "json/scan.h"
#include "json/utf8.h"

/* The parts to look for, and the text found. */
struct plain {
	const char *type;
	const char *key;
	size_t left; /* bytes that may still be read */
	struct buf words;
};

static bool
is_blank(unsigned char c)
{
	return c <= ' ' || c == 0x7f;
}

static void
append_words(struct buf *buf, struct span text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (!is_blank((unsigned char)text.data[i]))
			buf_putc(buf, text.data[i]);
		else if (buf->len > 0 && buf->data[buf->len - 1] != ' ')
			buf_putc(buf, ' ');
	}
}

/* At most *max* bytes of the inside of a text, without half a character or half
 * an escape at the end. */
static struct span
beginning(struct span inner, size_t max)
{
	size_t at = 0;

	if (inner.len > max)
		for (inner.len = max; inner.len > 0 &&
			(inner.data[inner.len] & 0xc0) == 0x80;)
			inner.len--;
	while (at < inner.len) {
		const char *next =
			memchr(inner.data + at, '\\', inner.len - at);
		size_t len;

		if (next == NULL)
			break;
		at = (size_t)(next - inner.data);
		len = at + 1 < inner.len && next[1] == 'u' ? 6 : 2;
		if (inner.len - at < len)
			inner.len = at;
		at += len;
	}
	return inner;
}

static void
append_text(struct plain *plain, struct span inner)
{
	struct buf text = BUF_INIT;
	size_t left = plain->left - MIN(inner.len, plain->left);

	inner = beginning(inner, plain->left);
	plain->left = left;
	append_words(&plain->words, span_of(" "));
	if (memchr(inner.data, '\\', inner.len) == NULL) {
		append_words(&plain->words, inner);
		return;
	}
	scan_unescape(inner, &text);
	append_words(&plain->words, buf_span(&text));
	buf_free(&text);
}

static void
append_part(struct plain *plain, struct span part)
{
	const char *const keys[] = { "type", plain->key };
	struct span picked[LENGTH(keys)];

	json_raw_pick(part, keys, LENGTH(keys), picked);
	if (json_raw_is(picked[0], plain->type) &&
		json_raw_kind(picked[1]) == JSON_TEXT)
		append_text(plain,
			(struct span){ picked[1].data + 1, picked[1].len - 2 });
}

/* The rest of *text* after *at*, if *c* is next there. */
static struct span
behind(struct span text, const char *at, char c)
{
	struct scan s = { .at = at, .end = text.data + text.len };

	scan_blanks(&s);
	if (!scan_take(&s, c))
		return (struct span){ NULL, 0 };
	scan_blanks(&s);
	return (struct span){ s.at, (size_t)(s.end - s.at) };
}

/* Appends the text of a part that is cut off; its type must come before that
 * text. */
static void
append_cut(struct plain *plain, struct span part)
{
	struct span name = { NULL, 0 }, value = { NULL, 0 }, wanted, rest;
	bool is_type = false;

	wanted = (struct span){ NULL, 0 };
	while (json_raw_member(part, &name, &value)) {
		if (json_raw_is(name, "type"))
			is_type = json_raw_is(value, plain->type);
		else if (json_raw_is(name, plain->key))
			wanted = value;
	}
	if (is_type && json_raw_kind(wanted) == JSON_TEXT)
		append_text(plain,
			(struct span){ wanted.data + 1, wanted.len - 2 });
	if (!is_type || value.data != NULL || !json_raw_is(name, plain->key))
		return;
	rest = behind(part, name.data + name.len, ':');
	if (json_raw_kind(rest) == JSON_TEXT)
		append_text(
			plain, (struct span){ rest.data + 1, rest.len - 1 });
}

struct span
plain_text(struct arena *arena, struct span parts, const char *type,
	const char *key, size_t max)
{
	struct plain plain = { .type = type, .key = key, .left = max };
	struct span part = { NULL, 0 }, last = { NULL, 0 }, text;
	struct buf valid = BUF_INIT;

	while (plain.left > 0 && json_raw_next(parts, &part)) {
		append_part(&plain, part);
		last = part;
	}
	if (plain.left > 0 && parts.len > 0) {
		last = last.data == NULL
			? behind(parts, parts.data, '[')
			: behind(parts, last.data + last.len, ',');
		append_cut(&plain, last);
	}
	if (plain.words.len > 0 && plain.words.data[plain.words.len - 1] == ' ')
		plain.words.len--;
	utf8_repair(&valid, buf_span(&plain.words));
	text = arena_span(arena, buf_span(&valid));
	buf_free(&plain.words);
	buf_free(&valid);
	return text;
}
