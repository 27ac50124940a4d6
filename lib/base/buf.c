#include "base/buf.h"

#include "base/attr.h"
#include "base/mem.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_CAP 64

/* 00 to 99: a table of pairs halves the number of divisions. */
const char DIGIT_PAIRS[200] = "00010203040506070809"
			      "10111213141516171819"
			      "20212223242526272829"
			      "30313233343536373839"
			      "40414243444546474849"
			      "50515253545556575859"
			      "60616263646566676869"
			      "70717273747576777879"
			      "80818283848586878889"
			      "90919293949596979899";

void
buf_free(struct buf *buf)
{
	size_t max = buf->max;

	free(buf->data);
	*buf = (struct buf){ .max = max };
}

void
buf_clear(struct buf *buf)
{
	buf->len = 0;
	buf->too_big = false;
	if (buf->data != NULL)
		buf->data[0] = '\0';
}

char *
buf_reserve(struct buf *buf, size_t len)
{
	size_t need = buf->len + len + 1;
	size_t cap = buf->cap > 0 ? buf->cap : FIRST_CAP;

	if (need < len)
		abort();
	while (cap < need)
		cap += cap / 2 + FIRST_CAP;
	if (cap != buf->cap) {
		buf->data = mem_realloc(buf->data, cap);
		buf->cap = cap;
	}
	return buf->data + buf->len;
}

void
buf_grow_append(struct buf *buf, const void *data, size_t len)
{
	char *room;

	if (buf->max > 0 && (buf->too_big || len > buf->max - buf->len)) {
		buf->too_big = true;
		return;
	}
	room = buf_reserve(buf, len);
	if (len > 0)
		memcpy(room, data, len);
	buf->len += len;
	buf->data[buf->len] = '\0';
}

void
buf_put_span(struct buf *buf, struct span span)
{
	buf_append(buf, span.data, span.len);
}

void
buf_printf(struct buf *buf, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	buf_vprintf(buf, format, args);
	va_end(args);
}

void
buf_vprintf(struct buf *buf, const char *format, va_list args)
{
	char small[256] NOT_ZEROED;
	va_list again;
	char *large;
	int len;

	va_copy(again, args);
	len = vsnprintf(small, sizeof(small), format, args);
	if (len < 0)
		abort();
	if ((size_t)len < sizeof(small)) {
		buf_append(buf, small, (size_t)len);
	} else {
		large = mem_alloc((size_t)len + 1);
		vsnprintf(large, (size_t)len + 1, format, again);
		buf_append(buf, large, (size_t)len);
		free(large);
	}
	va_end(again);
}

size_t
buf_digits(char *out, uint64_t value)
{
	char digits[BUF_U64_MAX] NOT_ZEROED;
	size_t at = sizeof(digits), pair;

	for (; value >= 100; value /= 100) {
		pair = value % 100 * 2;
		digits[--at] = DIGIT_PAIRS[pair + 1];
		digits[--at] = DIGIT_PAIRS[pair];
	}
	if (value >= 10) {
		digits[--at] = DIGIT_PAIRS[value * 2 + 1];
		digits[--at] = DIGIT_PAIRS[value * 2];
	} else {
		digits[--at] = (char)('0' + value);
	}
	memcpy(out, digits + at, sizeof(digits) - at);
	return sizeof(digits) - at;
}

static void
put_u64(struct buf *buf, uint64_t value)
{
	char digits[BUF_U64_MAX] NOT_ZEROED;

	buf_append(buf, digits, buf_digits(digits, value));
}

void
buf_put_int(struct buf *buf, int64_t value)
{
	if (value < 0)
		buf_putc(buf, '-');
	put_u64(buf, value < 0 ? 0 - (uint64_t)value : (uint64_t)value);
}

void
buf_consume(struct buf *buf, size_t len)
{
	if (len > buf->len)
		abort();
	buf->len -= len;
	if (buf->data != NULL) {
		memmove(buf->data, buf->data + len, buf->len);
		buf->data[buf->len] = '\0';
	}
}

const char *
buf_str(const struct buf *buf)
{
	return buf->len > 0 ? buf->data : "";
}

struct span
buf_span(const struct buf *buf)
{
	return (struct span){ buf_str(buf), buf->len };
}

void
buf_move(struct buf *to, struct buf *from)
{
	size_t to_max = to->max, from_max = from->max;

	if (to->len > 0)
		abort();
	buf_free(to);
	*to = *from;
	to->max = to_max;
	*from = (struct buf){ .max = from_max };
}
