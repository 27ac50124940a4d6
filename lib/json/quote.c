/* A text as JSON. A reply of 2 MB is quoted in the event loop: no character
 * costs much more than another. */

#include "json/write.h"

#include "json/utf8.h"

/* \uXXXX; returns how many bytes it wrote. */
static size_t
put_unit(char *out, unsigned unit)
{
	static const char digits[] = "0123456789abcdef";

	out[0] = '\\';
	out[1] = 'u';
	for (int i = 0; i < 4; i++)
		out[2 + i] = digits[(unit >> (12 - 4 * i)) & 0xf];
	return 6;
}

/* One ASCII character; returns how many bytes it wrote. */
static size_t
put_ascii(char *out, char c)
{
	static const char named[0x20] = { ['\b'] = 'b',
		['\f'] = 'f',
		['\n'] = 'n',
		['\r'] = 'r',
		['\t'] = 't' };
	char letter = c;

	if ((unsigned char)c >= 0x20 && c != '"' && c != '\\') {
		out[0] = c;
		return 1;
	}
	if ((unsigned char)c < 0x20)
		letter = named[(unsigned char)c];
	if (letter == '\0')
		return put_unit(out, (unsigned)c);
	out[0] = '\\';
	out[1] = letter;
	return 2;
}

/* ASCII text that begins with what is escaped, where more of it is likely: a
 * stretch, put together before it is appended. Returns how much it took. */
static size_t
put_escaped(struct buf *buf, struct span text)
{
	char out[512];
	size_t len = 0, n = 0;

	for (; n < text.len && len + 6 <= sizeof(out) &&
		(unsigned char)text.data[n] < 0x80;
		n++)
		len += put_ascii(out + len, text.data[n]);
	buf_append(buf, out, len);
	return n;
}

/* The UTF-16 unit that the three bytes at *text* stand for when they are a
 * surrogate in WTF-8, else 0. */
static unsigned
surrogate(struct span text)
{
	const unsigned char *at = (const unsigned char *)text.data;

	if (text.len < 3 || at[0] != 0xed || at[1] < 0xa0 || at[1] > 0xbf ||
		(at[2] & 0xc0) != 0x80)
		return 0;
	return 0xd000U | (at[1] & 0x3fU) << 6 | (at[2] & 0x3fU);
}

static struct span
rest(struct span text, size_t n)
{
	return (struct span){ text.data + n, text.len - n };
}

/* Writes the bytes at *text* that are no UTF-8; returns how many it took. */
static size_t
put_broken(struct buf *buf, struct span text, size_t bad)
{
	unsigned high = surrogate(text), low, code;
	char unit[6];

	if (high == 0) {
		buf_puts(buf, "\xef\xbf\xbd");
		return bad;
	}
	low = surrogate(rest(text, 3));
	if (high >= 0xdc00 || low < 0xdc00) {
		buf_append(buf, unit, put_unit(unit, high));
		return 3;
	}
	code = 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
	buf_putc(buf, (char)(0xf0 | code >> 18));
	buf_putc(buf, (char)(0x80 | ((code >> 12) & 0x3f)));
	buf_putc(buf, (char)(0x80 | ((code >> 6) & 0x3f)));
	buf_putc(buf, (char)(0x80 | (code & 0x3f)));
	return 6;
}

/* How many bytes can be copied as they are. */
static size_t
plain_run(struct span text)
{
	size_t n = 0, len, bad;

	while (n < text.len) {
		unsigned char c = (unsigned char)text.data[n];

		if (c < 0x20 || c == '"' || c == '\\')
			break;
		len = c < 0x80 ? 1 : utf8_char(rest(text, n), &bad);
		if (len == 0)
			break;
		n += len;
	}
	return n;
}

void
json_quote(struct buf *buf, struct span text)
{
	size_t n, bad;

	buf_putc(buf, '"');
	while (text.len > 0) {
		n = plain_run(text);
		buf_append(buf, text.data, n);
		text = rest(text, n);
		if (text.len == 0)
			break;
		if ((unsigned char)text.data[0] < 0x80) {
			n = put_escaped(buf, text);
		} else {
			utf8_char(text, &bad);
			n = put_broken(buf, text, bad);
		}
		text = rest(text, n);
	}
	buf_putc(buf, '"');
}
