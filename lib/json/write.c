#include "json/write.h"

#include "base/attr.h"
#include "base/date.h"
#include "base/mem.h"
#include "json/utf8.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

struct json_writer
json_writer(struct buf *buf)
{
	return (struct json_writer){ .buf = buf };
}

static void
begin_value(struct json_writer *w)
{
	if (w->comma)
		buf_putc(w->buf, ',');
	w->comma = true;
}

void
json_open(struct json_writer *w, char bracket)
{
	begin_value(w);
	buf_putc(w->buf, bracket);
	w->comma = false;
}

void
json_close(struct json_writer *w, char bracket)
{
	buf_putc(w->buf, bracket);
	w->comma = true;
}

void
json_key_span(struct json_writer *w, struct span key)
{
	begin_value(w);
	json_quote(w->buf, key);
	buf_putc(w->buf, ':');
	w->comma = false;
}

/* The longest of our own names; none contains a character that needs
 * escaping. */
#define NAME_MAX_LEN 60

static char *
put_name(char *out, bool comma, const char *name, size_t len)
{
	*out = ',';
	out += comma;
	*out++ = '"';
	memcpy(out, name, len);
	out += len;
	*out++ = '"';
	*out++ = ':';
	return out;
}

void
json_name(struct json_writer *w, const char *name, size_t len)
{
	char text[NAME_MAX_LEN + 4] NOT_ZEROED;
	char *room = buf_room(w->buf, len + 4), *end;

	if (len > NAME_MAX_LEN)
		abort();
	end = put_name(room != NULL ? room : text, w->comma, name, len);
	if (room != NULL)
		buf_wrote(w->buf, end);
	else
		buf_grow_append(w->buf, text, (size_t)(end - text));
	w->comma = false;
}

void
json_put_text(struct json_writer *w, struct span text)
{
	begin_value(w);
	json_quote(w->buf, text);
}

void
json_put_str(struct json_writer *w, const char *str)
{
	json_put_text(w, span_of(str));
}

void
json_put_int(struct json_writer *w, int64_t value)
{
	begin_value(w);
	buf_put_int(w->buf, value);
}

void
json_put_bool(struct json_writer *w, bool value)
{
	begin_value(w);
	buf_puts(w->buf, value ? "true" : "false");
}

void
json_put_null(struct json_writer *w)
{
	begin_value(w);
	buf_puts(w->buf, "null");
}

/* Writes `,"text"`, where *text* is at *text* + 2. */
static void
put_quoted(struct json_writer *w, char *text, size_t len)
{
	text[0] = ',';
	text[1] = '"';
	text[2 + len] = '"';
	buf_append(w->buf, text + !w->comma, len + 2 + w->comma);
	w->comma = true;
}

void
json_put_id(struct json_writer *w, uint64_t id)
{
	char text[BUF_U64_MAX + 3] NOT_ZEROED;

	put_quoted(w, text, buf_digits(text + 2, id));
}

void
json_put_time(struct json_writer *w, int64_t wall_ms)
{
	char text[DATE_ISO_LEN + 3] NOT_ZEROED;

	date_iso(wall_ms, text + 2);
	put_quoted(w, text, DATE_ISO_TEXT);
}

void
json_key_raw(struct json_writer *w, struct span quoted)
{
	json_put_raw(w, quoted);
	buf_putc(w->buf, ':');
	w->comma = false;
}

static void
splice(struct json_splices *splices, size_t at, struct span text)
{
	struct json_splice *list = splices->list;

	if (splices->n == splices->cap) {
		splices->cap = splices->cap * 2 + 8;
		splices->list = arena_room(
			splices->arena, splices->cap * sizeof(*list));
		if (splices->n > 0)
			memcpy(splices->list, list, splices->n * sizeof(*list));
	}
	splices->list[splices->n++] = (struct json_splice){ at, text };
}

void
json_put_raw(struct json_writer *w, struct span json)
{
	begin_value(w);
	if (w->splices != NULL && json.len >= JSON_SPLICE_MIN)
		splice(w->splices, w->buf->len, json);
	else
		buf_put_span(w->buf, json);
}

/*
 * ECMAScript's Number::toString: the shortest digits that read back as the same
 * double; as an integer up to 1e21, with an exponent above.
 */
static void
put_double(struct buf *buf, double value)
{
	char text[40], digits[24] = "";
	const char *at;
	int precision = 0, exponent, n;

	if (!isfinite(value)) {
		buf_puts(buf, "null");
		return;
	}
	do
		snprintf(text, sizeof(text), "%.*e", precision++, fabs(value));
	while (strtod(text, NULL) != fabs(value));
	n = 0;
	for (at = text; *at != 'e'; at++)
		if (*at != '.')
			digits[n++] = *at;
	exponent = (int)strtol(at + 1, NULL, 10);
	if (value < 0)
		buf_putc(buf, '-');
	if (exponent >= 21 || exponent < -6) {
		buf_printf(buf, "%c%s%.*se%+d", digits[0], n > 1 ? "." : "",
			n - 1, digits + 1, exponent);
	} else if (exponent < 0) {
		buf_printf(
			buf, "0.%.*s%.*s", -exponent - 1, "000000", n, digits);
	} else if (n > exponent + 1) {
		buf_printf(buf, "%.*s.%.*s", exponent + 1, digits,
			n - exponent - 1, digits + exponent + 1);
	} else {
		buf_printf(buf, "%.*s%.*s", n, digits, exponent + 1 - n,
			"000000000000000000000");
	}
}

struct member {
	struct span key;
	const struct json *value;
	uint64_t index; /* value of an integer-like key */
	size_t place;
};

/* JavaScript's array index: 0 to 2^32-2, written canonically. */
static bool
is_index(struct span key, uint64_t *index)
{
	*index = 0;
	if (key.len == 0 || key.len > 10 || (key.data[0] == '0' && key.len > 1))
		return false;
	for (size_t i = 0; i < key.len; i++) {
		if (key.data[i] < '0' || key.data[i] > '9')
			return false;
		*index = *index * 10 + (uint64_t)(key.data[i] - '0');
	}
	return *index < UINT32_MAX;
}

static int
by_index(const void *a, const void *b)
{
	const struct member *x = a, *y = b;

	if (x->index != y->index)
		return x->index < y->index ? -1 : 1;
	return x->place < y->place ? -1 : 1;
}

static void
put_object(struct json_writer *w, const struct json *object)
{
	size_t n = json_length(object), at = 0, i = 0;
	struct member *members = mem_alloc(n * sizeof(*members));

	for (; i < n &&
		json_next(object, &at, &members[i].key, &members[i].value);
		i++) {
		members[i].place = i;
		if (!is_index(members[i].key, &members[i].index))
			members[i].index = UINT64_MAX;
	}
	if (n > 1)
		qsort(members, n, sizeof(*members), by_index);
	json_open(w, '{');
	for (i = 0; i < n; i++) {
		json_key_span(w, members[i].key);
		json_put(w, members[i].value);
	}
	json_close(w, '}');
	free(members);
}

void
json_put(struct json_writer *w, const struct json *value)
{
	switch (json_kind(value)) {
	case JSON_ABSENT:
	case JSON_NULL:
		json_put_null(w);
		break;
	case JSON_BOOL:
		json_put_bool(w, json_boolean(value, false));
		break;
	case JSON_INT:
	case JSON_DOUBLE:
		begin_value(w);
		put_double(w->buf, json_double(value, 0));
		break;
	case JSON_TEXT:
		json_put_text(w, json_text(value));
		break;
	case JSON_ARRAY:
		json_open(w, '[');
		for (size_t i = 0; i < json_length(value); i++)
			json_put(w, json_at(value, i));
		json_close(w, ']');
		break;
	case JSON_OBJECT:
		put_object(w, value);
		break;
	}
}
