/* What an escaped text spells. */

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

static void
put_char(struct buf *out, unsigned c)
{
	if (c < 0x80) {
		buf_putc(out, (char)c);
	} else if (c < 0x800) {
		buf_putc(out, (char)(0xc0 | (c >> 6)));
		buf_putc(out, (char)(0x80 | (c & 0x3f)));
	} else if (c < 0x10000) {
		buf_putc(out, (char)(0xe0 | (c >> 12)));
		buf_putc(out, (char)(0x80 | ((c >> 6) & 0x3f)));
		buf_putc(out, (char)(0x80 | (c & 0x3f)));
	} else {
		buf_putc(out, (char)(0xf0 | (c >> 18)));
		buf_putc(out, (char)(0x80 | ((c >> 12) & 0x3f)));
		buf_putc(out, (char)(0x80 | ((c >> 6) & 0x3f)));
		buf_putc(out, (char)(0x80 | (c & 0x3f)));
	}
}

/* \uXXXX at *at*, or two of them that are one character; what follows. */
static const char *
put_unit(struct buf *out, const char *at, const char *end)
{
	unsigned unit = scan_hex4(at + 2), low;

	at += 6;
	if ((unit & 0xfc00) == 0xd800 && end - at >= 6 && at[0] == '\\' &&
		at[1] == 'u') {
		low = scan_hex4(at + 2);
		if ((low & 0xfc00) == 0xdc00) {
			put_char(out,
				0x10000 + ((unit - 0xd800) << 10) +
					(low - 0xdc00));
			return at + 6;
		}
	}
	put_char(out, unit);
	return at;
}

void
scan_unescape(struct span inner, struct buf *out)
{
	static const char from[] = "bfnrt", to[] = "\b\f\n\r\t";
	const char *at = inner.data, *end = at + inner.len, *next, *letter;

	while (at < end) {
		next = memchr(at, '\\', (size_t)(end - at));
		if (next == NULL)
			next = end;
		buf_append(out, at, (size_t)(next - at));
		at = next;
		if (at == end)
			break;
		if (at[1] == 'u') {
			at = put_unit(out, at, end);
			continue;
		}
		letter = strchr(from, at[1]);
		buf_putc(out, letter != NULL ? to[letter - from] : at[1]);
		at += 2;
	}
}
