/*
 * span.h: a piece of text that somebody else owns. It is not NUL-terminated and
 * may contain NUL bytes. {NULL, 0} means "absent"; an empty text has a data
 * pointer.
 */

#ifndef BASE_SPAN_H
#define BASE_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

struct span {
	const char *data;
	size_t len;
};

static inline struct span
span_of(const char *str)
{
	return (struct span){ str, str != NULL ? strlen(str) : 0 };
}

static inline bool
span_equal(struct span a, struct span b)
{
	if (a.len != b.len)
		return false;
	return a.len == 0 || memcmp(a.data, b.data, a.len) == 0;
}

static inline bool
span_is(struct span span, const char *str)
{
	return span_equal(span, span_of(str));
}

static inline bool
span_begins(struct span span, const char *prefix)
{
	size_t len = strlen(prefix);

	return span.len >= len && memcmp(span.data, prefix, len) == 0;
}

static inline bool
span_ends(struct span span, const char *suffix)
{
	size_t len = strlen(suffix);

	return span.len >= len &&
		memcmp(span.data + span.len - len, suffix, len) == 0;
}

/* What follows its first *n* bytes. */
static inline struct span
span_from(struct span span, size_t n)
{
	return (struct span){ span.data + n, span.len - n };
}

/* Without those of *bytes*, and NUL, at its ends. */
static inline struct span
span_trimmed(struct span span, const char *bytes)
{
	while (span.len > 0 && strchr(bytes, *span.data) != NULL)
		span = span_from(span, 1);
	while (span.len > 0 && strchr(bytes, span.data[span.len - 1]) != NULL)
		span.len--;
	return span;
}

/* FNV-1a, which anybody can compute, of what *hash* is of and then *span*. */
static inline uint64_t
span_hash_more(uint64_t hash, struct span span)
{
	for (size_t i = 0; i < span.len; i++)
		hash = (hash ^ (unsigned char)span.data[i]) *
			UINT64_C(0x100000001b3);
	return hash;
}

static inline uint64_t
span_hash(struct span span)
{
	return span_hash_more(UINT64_C(0xcbf29ce484222325), span);
}

/* The order of their bytes: below, above or equal to 0. */
static inline int
span_compare(struct span a, struct span b)
{
	size_t len = a.len < b.len ? a.len : b.len;
	int order = len > 0 ? memcmp(a.data, b.data, len) : 0;

	return order != 0 ? order : (a.len > b.len) - (a.len < b.len);
}

/* Like span_begins(), but ignores the case of ASCII letters. */
static inline bool
span_begins_as(struct span span, const char *prefix)
{
	size_t len = strlen(prefix);

	return span.len >= len && strncasecmp(span.data, prefix, len) == 0;
}

#endif
