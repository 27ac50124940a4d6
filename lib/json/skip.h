/* skip.h: the quick way through a JSON string. */

#ifndef JSON_SKIP_H
#define JSON_SKIP_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Marks in the highest bits which of eight bytes are control characters,
 * quotation marks or backslashes. (As in strlen's search for zeros, a mark
 * above the first one may be wrong.) */
static inline uint64_t
json_stops(uint64_t word)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);
	uint64_t quote = word ^ (ones * '"'), slash = word ^ (ones * '\\');

	return (((word - ones * ' ') & ~word) | ((quote - ones) & ~quote) |
		       ((slash - ones) & ~slash)) &
		(ones * 0x80);
}

/* Skips bytes that mean themselves within a string, eight at a time: a stop, or
 * fewer than eight bytes before *end*. */
static inline const char *
json_skip_plain(const char *at, const char *end)
{
	uint64_t word;

	for (; (size_t)(end - at) >= sizeof(word); at += sizeof(word)) {
		memcpy(&word, at, sizeof(word));
		if (json_stops(word) == 0)
			continue;
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
		at += __builtin_ctzll(json_stops(word)) / 8;
#endif
		break;
	}
	return at;
}

#endif
