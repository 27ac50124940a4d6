#include "json/utf8.h"

#include "base/mem.h"

#include <stdint.h>
#include <stdlib.h>
#include <unigbrk.h>

/* The length of the character for each lead byte, and the range of its second
 * byte (Unicode 15, table 3-7). */
static size_t
lead(unsigned char c, unsigned char *low, unsigned char *high)
{
	*low = 0x80;
	*high = 0xbf;
	if (c >= 0xc2 && c <= 0xdf)
		return 2;
	if (c >= 0xe0 && c <= 0xef) {
		if (c == 0xe0)
			*low = 0xa0;
		if (c == 0xed)
			*high = 0x9f;
		return 3;
	}
	if (c >= 0xf0 && c <= 0xf4) {
		if (c == 0xf0)
			*low = 0x90;
		if (c == 0xf4)
			*high = 0x8f;
		return 4;
	}
	return 0;
}

size_t
utf8_char(struct span text, size_t *bad)
{
	unsigned char low, high, c;
	size_t len;

	*bad = 1;
	c = (unsigned char)text.data[0];
	if (c < 0x80)
		return 1;
	len = lead(c, &low, &high);
	for (size_t i = 1; i < len; i++) {
		c = i < text.len ? (unsigned char)text.data[i] : 0;
		if (c < low || c > high) {
			*bad = i;
			return 0;
		}
		low = 0x80;
		high = 0xbf;
	}
	return len;
}

/* The number of leading ASCII bytes, found eight at a time. */
static size_t
ascii_run(struct span text)
{
	size_t n = 0;
	uint64_t word;

	for (; text.len - n >= sizeof(word); n += sizeof(word)) {
		memcpy(&word, text.data + n, sizeof(word));
		if ((word & 0x8080808080808080U) != 0)
			break;
	}
	while (n < text.len && (unsigned char)text.data[n] < 0x80)
		n++;
	return n;
}

/* The length of the leading valid text. */
static size_t
valid_run(struct span text, size_t *bad)
{
	size_t n = 0, len;

	*bad = 0;
	while ((n += ascii_run((struct span){ text.data + n, text.len - n })) <
		text.len) {
		len = utf8_char(
			(struct span){ text.data + n, text.len - n }, bad);
		if (len == 0)
			return n;
		n += len;
	}
	*bad = 0;
	return n;
}

bool
utf8_valid(struct span text)
{
	size_t bad;

	return valid_run(text, &bad) == text.len;
}

/* Invalid bytes are usually followed by more. Returns the number of bytes
 * consumed. */
static size_t
replace_run(struct buf *buf, struct span text)
{
	static const char sign[] = { '\xef', '\xbf', '\xbd' };
	char out[256 * sizeof(sign)];
	size_t len = 0, n = 0, bad;

	while (n < text.len && len < sizeof(out) &&
		utf8_char((struct span){ text.data + n, text.len - n }, &bad) ==
			0) {
		memcpy(out + len, sign, sizeof(sign));
		len += sizeof(sign);
		n += bad;
	}
	buf_append(buf, out, len);
	return n;
}

void
utf8_repair(struct buf *buf, struct span text)
{
	size_t n, bad;

	for (;;) {
		n = valid_run(text, &bad);
		buf_append(buf, text.data, n);
		if (n == text.len)
			return;
		text.data += n;
		text.len -= n;
		n = replace_run(buf, text);
		text.data += n;
		text.len -= n;
	}
}

/* The limit in bytes of a cluster (a real one has 30). */
#define CLUSTER_MAX 128

struct span
utf8_prefix(struct span text, size_t max)
{
	size_t len = MIN(text.len, max * CLUSTER_MAX), at;
	char *starts;

	if (len == 0)
		return (struct span){ text.data, 0 };
	while (len < text.len && (text.data[len] & 0xc0) == 0x80)
		len--;
	starts = mem_alloc(len);
	u8_grapheme_breaks((const uint8_t *)text.data, len, starts);
	for (at = 0; at < len; at++)
		if (starts[at] && max-- == 0)
			break;
	free(starts);
	return (struct span){ text.data, at };
}

size_t
utf8_length(struct span text)
{
	size_t n = 0;

	for (size_t i = 0; i < text.len; i++)
		n += ((unsigned char)text.data[i] & 0xc0) != 0x80;
	return n;
}
