/*
 * buf.h: a growing byte buffer. It owns its memory; buf_free() frees it.
 * `struct buf b = BUF_INIT;` makes an empty one without memory. A NUL always
 * follows the content; len does not count it.
 *
 * A buffer with a *max* keeps a sticky error: an append that would exceed it is
 * dropped whole, sets `too_big`, and makes every later append a no-op. The
 * writer checks once, at the end.
 */

#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "base/attr.h"
#include "base/span.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct buf {
	char *data;
	size_t len;
	size_t cap;
	size_t max; /* 0: no limit */
	bool too_big;
};

#define BUF_INIT  \
	{         \
		0 \
	}

void buf_free(struct buf *buf);

/* Empties the buffer and clears its error; keeps its memory. */
void buf_clear(struct buf *buf);

void buf_grow_append(struct buf *buf, const void *data, size_t len);
static inline void
buf_append(struct buf *buf, const void *data, size_t len)
{
	if (buf->max > 0 || buf->cap - buf->len <= len) {
		buf_grow_append(buf, data, len);
		return;
	}
	if (len > 0)
		memcpy(buf->data + buf->len, data, len);
	buf->len += len;
	buf->data[buf->len] = '\0';
}

/* The address where up to *len* bytes may be written directly, followed by
 * buf_wrote(). NULL if the buffer lacks that room or has a max: append the
 * bytes instead. */
static inline char *
buf_room(const struct buf *buf, size_t len)
{
	return buf->max == 0 && buf->cap - buf->len > len ? buf->data + buf->len
							  : NULL;
}

/* The content ends at *end* now, in the room that was made. */
static inline void
buf_wrote(struct buf *buf, const char *end)
{
	buf->len = (size_t)(end - buf->data);
	buf->data[buf->len] = '\0';
}

static inline void
buf_puts(struct buf *buf, const char *str)
{
	buf_append(buf, str, strlen(str));
}

static inline void
buf_putc(struct buf *buf, char c)
{
	buf_append(buf, &c, 1);
}

void buf_put_span(struct buf *buf, struct span span);
void buf_printf(struct buf *buf, const char *format, ...) PRINTF_LIKE(2, 3);
void buf_vprintf(struct buf *buf, const char *format, va_list args)
	PRINTF_LIKE(2, 0);
/* Writes a decimal number without the cost of printf. */
#define BUF_U64_MAX 20 /* digits */
size_t buf_digits(char *out, uint64_t value); /* returns the number of digits */
extern const char DIGIT_PAIRS[200]; /* n's are at 2 * n */
void buf_put_int(struct buf *buf, int64_t value);

/* Makes room for *len* more bytes at the returned address; the caller then says
 * by buf_wrote() where those end that it used, so that buf_str() is a string. */
char *buf_reserve(struct buf *buf, size_t len);

/* Removes the first *len* bytes. */
void buf_consume(struct buf *buf, size_t len);

/* The content as a string, "" when empty; valid until the next change. */
const char *buf_str(const struct buf *buf);
struct span buf_span(const struct buf *buf);

/* Moves the content of *from* into *to*, which must be empty; no copy. */
void buf_move(struct buf *to, struct buf *from);

#endif
