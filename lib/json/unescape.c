/* Decodes an escaped text. */

#include "json/scan.h"

#include <string.h>

unsigned
scan_hex4(const char *at)
{
	unsigned value = 0;

	for (int i = 0; i < 4; i++) {
		char c = at[i];

		value = value * 16 +
			(unsigned)(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
	}
	return value;
}

/* Returns the position after it. */
static char *
put_char(char *out, unsigned c)
{
	if (c < 0x80) {
		*out++ = (char)c;
	} else if (c < 0x800) {
		*out++ = (char)(0xc0 | (c >> 6));
		*out++ = (char)(0x80 | (c & 0x3f));
	} else if (c < 0x10000) {
		*out++ = (char)(0xe0 | (c >> 12));
		*out++ = (char)(0x80 | ((c >> 6) & 0x3f));
		*out++ = (char)(0x80 | (c & 0x3f));
	} else {
		*out++ = (char)(0xf0 | (c >> 18));
		*out++ = (char)(0x80 | ((c >> 12) & 0x3f));
		*out++ = (char)(0x80 | ((c >> 6) & 0x3f));
		*out++ = (char)(0x80 | (c & 0x3f));
	}
	return out;
}

/* Decodes \uXXXX at *at*, or two that form one character; returns the position
 * after them. */
static const char *
put_unit(char **out, const char *at, const char *end)
{
	unsigned unit = scan_hex4(at + 2), low;

	at += 6;
	if ((unit & 0xfc00) == 0xd800 && end - at >= 6 && at[0] == '\\' &&
		at[1] == 'u') {
		low = scan_hex4(at + 2);
		if ((low & 0xfc00) == 0xdc00) {
			*out = put_char(*out,
				0x10000 + ((unit - 0xd800) << 10) +
					(low - 0xdc00));
			return at + 6;
		}
	}
	*out = put_char(*out, unit);
	return at;
}

/* Decodes the escape at *at*; returns the position after it. */
static const char *
put_escape(char **out, const char *at, const char *end)
{
	static const char letters[0x80] = { ['b'] = '\b',
		['f'] = '\f',
		['n'] = '\n',
		['r'] = '\r',
		['t'] = '\t' };
	char letter;

	if (at[1] == 'u')
		return put_unit(out, at, end);
	letter = letters[at[1] & 0x7f];
	*(*out)++ = letter != '\0' ? letter : at[1];
	return at + 2;
}

/* Decoding never makes a text longer, so one reservation suffices. */
void
scan_unescape(struct span inner, struct buf *out)
{
	const char *at = inner.data, *end = at + inner.len, *next;
	char *to = buf_reserve(out, inner.len), *begin = to;

	while (at < end) {
		if (*at == '\\') {
			at = put_escape(&to, at, end);
			continue;
		}
		next = memchr(at, '\\', (size_t)(end - at));
		if (next == NULL)
			next = end;
		memcpy(to, at, (size_t)(next - at));
		to += next - at;
		at = next;
	}
	out->len += (size_t)(to - begin);
	out->data[out->len] = '\0';
}
