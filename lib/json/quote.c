/* Writes a text as JSON. A reply of 2 MB is quoted in the event loop: plain
 * text is copied eight bytes at a time, and no character costs much more than
 * another. */

#include "json/write.h"

#include "json/utf8.h"

#include <string.h>

/* Writes \uXXXX; returns the number of bytes written. */
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

/* The UTF-16 unit of the three bytes at *text* if they encode a surrogate in
 * WTF-8, else 0. */
static unsigned
surrogate(struct span text)
{
	const unsigned char *at = (const unsigned char *)text.data;

	if (text.len < 3 || at[0] != 0xed || at[1] < 0xa0 || at[1] > 0xbf ||
		(at[2] & 0xc0) != 0x80)
		return 0;
	return 0xd000U | (at[1] & 0x3fU) << 6 | (at[2] & 0x3fU);
}

/* Writes the invalid bytes at *text*, of which *bad* must be replaced; returns
 * the number consumed, and advances *out*. */
static size_t
put_broken(char **out, struct span text, size_t bad)
{
	unsigned high = surrogate(text), low, code;

	if (high == 0) {
		memcpy(*out, "\xef\xbf\xbd", 3);
		*out += 3;
		return bad;
	}
	low = surrogate(span_from(text, 3));
	if (high >= 0xdc00 || low < 0xdc00) {
		*out += put_unit(*out, high);
		return 3;
	}
	code = 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
	*(*out)++ = (char)(0xf0 | code >> 18);
	*(*out)++ = (char)(0x80 | ((code >> 12) & 0x3f));
	*(*out)++ = (char)(0x80 | ((code >> 6) & 0x3f));
	*(*out)++ = (char)(0x80 | (code & 0x3f));
	return 6;
}

/* Whether eight bytes are ASCII without any to escape: no high bit, none below
 * 0x20, no quote, no backslash (with strlen's method of finding zeros). */
static bool
is_plain(uint64_t word)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);
	const uint64_t highs = ones * 0x80;
	uint64_t quote = word ^ (ones * '"'), slash = word ^ (ones * '\\');

	return ((word | (word - ones * 0x20) | (quote - ones) |
			(slash - ones)) &
		       highs) == 0;
}

static bool
is_plain_char(char c)
{
	return (unsigned char)c >= 0x20 && (unsigned char)c < 0x80 &&
		c != '"' && c != '\\';
}

/* The escape of an ASCII character, if it needs one. */
struct escape {
	char bytes[8]; /* always copied whole */
	size_t len; /* 0: no escape needed */
};

static const struct escape escapes[0x80] = {
#define CONTROL(c, hex) [c] = { "\\u00" hex, 6 }
	CONTROL(0x00, "00"),
	CONTROL(0x01, "01"),
	CONTROL(0x02, "02"),
	CONTROL(0x03, "03"),
	CONTROL(0x04, "04"),
	CONTROL(0x05, "05"),
	CONTROL(0x06, "06"),
	CONTROL(0x07, "07"),
	CONTROL(0x0b, "0b"),
	CONTROL(0x0e, "0e"),
	CONTROL(0x0f, "0f"),
	CONTROL(0x10, "10"),
	CONTROL(0x11, "11"),
	CONTROL(0x12, "12"),
	CONTROL(0x13, "13"),
	CONTROL(0x14, "14"),
	CONTROL(0x15, "15"),
	CONTROL(0x16, "16"),
	CONTROL(0x17, "17"),
	CONTROL(0x18, "18"),
	CONTROL(0x19, "19"),
	CONTROL(0x1a, "1a"),
	CONTROL(0x1b, "1b"),
	CONTROL(0x1c, "1c"),
	CONTROL(0x1d, "1d"),
	CONTROL(0x1e, "1e"),
	CONTROL(0x1f, "1f"),
	['\b'] = { "\\b", 2 },
	['\t'] = { "\\t", 2 },
	['\n'] = { "\\n", 2 },
	['\f'] = { "\\f", 2 },
	['\r'] = { "\\r", 2 },
	['"'] = { "\\\"", 2 },
	['\\'] = { "\\\\", 2 },
};

/* Writes one ASCII character; may overwrite eight bytes of *out*. */
static size_t
put_ascii(char *out, char c)
{
	const struct escape *escape = &escapes[(unsigned char)c];

	if (escape->len == 0) {
		*out = c;
		return 1;
	}
	memcpy(out, escape->bytes, sizeof(escape->bytes));
	return escape->len;
}

/* The length of most two- and three-byte characters, 0 for all others. */
static size_t
common_char(struct span text)
{
	const unsigned char *at = (const unsigned char *)text.data;

	if (text.len < 3 || (at[1] & 0xc0) != 0x80)
		return 0;
	if (at[0] >= 0xc2 && at[0] <= 0xdf)
		return 2;
	return at[0] >= 0xe1 && at[0] <= 0xec && (at[2] & 0xc0) == 0x80 ? 3 : 0;
}

/* Writes the character at *text*; returns its length, and advances *out*. */
static size_t
put_char(char **out, struct span text)
{
	size_t len, bad;

	if ((unsigned char)text.data[0] < 0x80) {
		*out += put_ascii(*out, text.data[0]);
		return 1;
	}
	len = common_char(text);
	if (len == 0)
		len = utf8_char(text, &bad);
	if (len == 0)
		return put_broken(out, text, bad);
	for (size_t i = 0; i < len; i++)
		*(*out)++ = text.data[i];
	return len;
}

/* The length of the leading text that needs no escapes. */
static size_t
plain_len(struct span text)
{
	size_t n = 0;
	uint64_t word;

	for (; text.len - n >= sizeof(word); n += sizeof(word)) {
		memcpy(&word, text.data + n, sizeof(word));
		if (!is_plain(word))
			break;
	}
	while (n < text.len && is_plain_char(text.data[n]))
		n++;
	return n;
}

#define PIECE ((size_t)4096)

/* Writes a piece of the text; *out* has room, because no byte becomes more than
 * six. Returns the number of bytes consumed, and advances *out*. */
static size_t
put_piece(char **out, struct span text)
{
	size_t n = 0;
	uint64_t word;

	while (n < text.len && n < PIECE) {
		if (text.len - n < sizeof(word)) {
			n += put_char(out, span_from(text, n));
			continue;
		}
		memcpy(&word, text.data + n, sizeof(word));
		if (is_plain(word)) {
			memcpy(*out, &word, sizeof(word));
			*out += sizeof(word);
			n += sizeof(word);
			continue;
		}
		for (size_t end = n + sizeof(word); n < end;)
			n += put_char(out, span_from(text, n));
	}
	return n;
}

/* Writes into the buffer itself, because a copy would cost as much again. */
static size_t
quote_piece(struct buf *buf, struct span text)
{
	size_t most = 6 * (MIN(text.len, PIECE) + 8) + 8;
	char *begin = buf_reserve(buf, most), *out = begin;
	size_t n = put_piece(&out, text), len = (size_t)(out - begin);

	if (buf->max > 0 && (buf->too_big || len > buf->max - buf->len)) {
		buf->too_big = true;
		len = 0;
	}
	buf->len += len;
	buf->data[buf->len] = '\0';
	return n;
}

/* The common case: nothing needs escaping, and there is room. */
static bool
put_plain(struct buf *buf, struct span text)
{
	char *out = buf_room(buf, text.len + 2);

	if (out == NULL)
		return false;
	*out++ = '"';
	memcpy(out, text.data, text.len);
	out += text.len;
	*out++ = '"';
	buf_wrote(buf, out);
	return true;
}

void
json_quote(struct buf *buf, struct span text)
{
	size_t n = plain_len(text);

	if (n == text.len && n > 0 && put_plain(buf, text))
		return;
	buf_putc(buf, '"');
	for (;; n = plain_len(text)) {
		buf_append(buf, text.data, n);
		text = span_from(text, n);
		if (text.len == 0)
			break;
		text = span_from(text, quote_piece(buf, text));
	}
	buf_putc(buf, '"');
}
