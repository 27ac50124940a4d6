#include "llm/openai_delta.h"

#include "base/attr.h"

#include <stdint.h>
#include <string.h>

struct scan {
	const char *at, *end;
	bool one_choice;
	struct span content, reasoning_content, reasoning; /* as they stand */
};

/* What an object may hold, each at most once, and how its value is read. */
struct member {
	struct span key;
	bool (*read)(struct scan *scan);
};
#define MEMBER(key, read)                        \
	{                                        \
		{ key, sizeof(key) - 1 }, (read) \
	}

/* ---- tokens */

/* Nearly always there are none. */
static void
skip_blanks(struct scan *scan)
{
	while (scan->at < scan->end &&
		(*scan->at == ' ' || *scan->at == '\t' || *scan->at == '\n' ||
			*scan->at == '\r'))
		scan->at++;
}

/* Whole or not at all. */
static bool
take_word(struct scan *scan, const char *word, size_t len)
{
	skip_blanks(scan);
	if ((size_t)(scan->end - scan->at) < len ||
		memcmp(scan->at, word, len) != 0)
		return false;
	scan->at += len;
	return true;
}

static inline bool
take(struct scan *scan, char c)
{
	if (scan->at < scan->end && *scan->at <= ' ')
		skip_blanks(scan);
	if (scan->at == scan->end || *scan->at != c)
		return false;
	scan->at++;
	return true;
}

static bool
take_null(struct scan *scan)
{
	return take_word(scan, "null", 4);
}

/* Which of eight bytes are below a blank, a quote or a backslash: their highest
 * bits (found as strlen finds zeros: one above the first may be wrong). */
static uint64_t
stops(uint64_t word)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);
	uint64_t quote = word ^ (ones * '"'), slash = word ^ (ones * '\\');

	return (((word - ones * ' ') & ~word) | ((quote - ones) & ~quote) |
		       ((slash - ones) & ~slash)) &
		(ones * 0x80);
}

/* Where a string ends, a character is escaped, or there is no string. */
static const char *
next_stop(const char *at, const char *end)
{
	uint64_t word;

	for (; (size_t)(end - at) >= sizeof(word); at += sizeof(word)) {
		memcpy(&word, at, sizeof(word));
		if (stops(word) == 0)
			continue;
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
		return at + __builtin_ctzll(stops(word)) / 8;
#else
		break;
#endif
	}
	while (at < end && *at != '"' && *at != '\\' &&
		(unsigned char)*at >= ' ')
		at++;
	return at;
}

/* What stands between the quotes, escapes and all. */
static bool
take_string(struct scan *scan, struct span *out)
{
	const char *begin, *at;

	if (!take(scan, '"'))
		return false;
	begin = scan->at;
	at = next_stop(begin, scan->end);
	while (scan->end - at > 1 && *at == '\\')
		at = next_stop(at + 2, scan->end);
	if (at >= scan->end || *at != '"')
		return false;
	*out = (struct span){ begin, (size_t)(at - begin) };
	scan->at = at + 1;
	return true;
}

static bool
has_escape(struct span text)
{
	return text.len > 0 && memchr(text.data, '\\', text.len) != NULL;
}

static bool
take_object(struct scan *scan, const struct member *members, size_t n)
{
	unsigned seen = 0;
	struct span key;
	size_t i;

	if (!take(scan, '{'))
		return false;
	if (take(scan, '}'))
		return true;
	do {
		if (!take_string(scan, &key) || !take(scan, ':'))
			return false;
		for (i = 0; i < n && !span_equal(key, members[i].key); i++)
			;
		if (i == n || (seen >> i & 1u) != 0 || !members[i].read(scan))
			return false;
		seen |= 1u << i;
	} while (take(scan, ','));
	return take(scan, '}');
}

/* ---- values */

static bool
read_text(struct scan *scan, struct span *out)
{
	return take_null(scan) || take_string(scan, out);
}

static bool
read_content(struct scan *scan)
{
	return read_text(scan, &scan->content);
}

static bool
read_reasoning_content(struct scan *scan)
{
	return read_text(scan, &scan->reasoning_content);
}

static bool
read_reasoning(struct scan *scan)
{
	return read_text(scan, &scan->reasoning);
}

/* A name or an id, of which nothing is kept. */
static bool
read_label(struct scan *scan)
{
	struct span text = { NULL, 0 };

	return read_text(scan, &text) && !has_escape(text);
}

static bool
read_role(struct scan *scan)
{
	struct span role = { NULL, 0 };

	return read_text(scan, &role) &&
		(role.len == 0 || span_is(role, "assistant"));
}

/* Whole and not negative. */
static bool
read_number(struct scan *scan)
{
	if (take(scan, '0'))
		return true;
	if (scan->at == scan->end || *scan->at < '1' || *scan->at > '9')
		return false;
	while (scan->at < scan->end && *scan->at >= '0' && *scan->at <= '9')
		scan->at++;
	return true;
}

static bool
read_zero(struct scan *scan)
{
	return take(scan, '0');
}

static bool
read_delta(struct scan *scan)
{
	static const struct member members[] = {
		MEMBER("content", read_content),
		MEMBER("role", read_role),
		MEMBER("reasoning_content", read_reasoning_content),
		MEMBER("reasoning", read_reasoning),
		MEMBER("refusal", take_null),
		MEMBER("tool_calls", take_null),
		MEMBER("function_call", take_null),
	};

	return take_object(scan, members, LENGTH(members));
}

static bool
read_choices(struct scan *scan)
{
	static const struct member members[] = {
		MEMBER("index", read_zero),
		MEMBER("delta", read_delta),
		MEMBER("finish_reason", take_null),
		MEMBER("native_finish_reason", take_null),
		MEMBER("logprobs", take_null),
		MEMBER("token_ids", take_null),
	};

	scan->one_choice = take(scan, '[') &&
		take_object(scan, members, LENGTH(members)) && take(scan, ']');
	return scan->one_choice;
}

/* ---- escapes */

static bool
read_hex(const char *digits, unsigned *out)
{
	*out = 0;
	for (size_t i = 0; i < 4; i++) {
		char c = digits[i];
		unsigned digit = c >= '0' && c <= '9' ? (unsigned)(c - '0')
			: c >= 'a' && c <= 'f'        ? (unsigned)(c - 'a') + 10
			: c >= 'A' && c <= 'F'        ? (unsigned)(c - 'A') + 10
						      : 16;

		if (digit == 16)
			return false;
		*out = *out * 16 + digit;
	}
	return true;
}

/* Not NUL, and no halves of surrogate pairs: those take the long way. */
static bool
put_code(struct buf *out, unsigned code)
{
	if (code == 0 || (code >= 0xd800 && code <= 0xdfff))
		return false;
	if (code < 0x80) {
		buf_putc(out, (char)code);
	} else if (code < 0x800) {
		buf_putc(out, (char)(0xc0 | code >> 6));
		buf_putc(out, (char)(0x80 | (code & 0x3f)));
	} else {
		buf_putc(out, (char)(0xe0 | code >> 12));
		buf_putc(out, (char)(0x80 | (code >> 6 & 0x3f)));
		buf_putc(out, (char)(0x80 | (code & 0x3f)));
	}
	return true;
}

/* The character behind a backslash; moves *at* to the one after. */
static bool
put_escaped(struct buf *out, const char **at, const char *end)
{
	static const char names[] = "\"\\/bfnrt";
	static const char meant[] = "\"\\/\b\f\n\r\t";
	const char *name = memchr(names, **at, sizeof(names) - 1);
	unsigned code;

	if (name != NULL) {
		buf_putc(out, meant[name - names]);
		(*at)++;
		return true;
	}
	if (**at != 'u' || end - *at < 5 || !read_hex(*at + 1, &code))
		return false;
	*at += 5;
	return put_code(out, code);
}

/* Replaces *text* by what it says. One such text a chunk is enough. */
static bool
unescape(struct span *text, struct buf *out)
{
	const char *at, *end;

	if (!has_escape(*text))
		return true;
	at = text->data;
	end = at + text->len;
	if (out->len > 0)
		return false;
	while (at < end) {
		if (*at != '\\') {
			buf_putc(out, *at++);
			continue;
		}
		at++;
		if (!put_escaped(out, &at, end))
			return false;
	}
	*text = buf_span(out);
	return true;
}

bool
openai_delta_read(
	struct span data, struct buf *unescaped, struct openai_delta *out)
{
	static const struct member members[] = {
		MEMBER("id", read_label),
		MEMBER("object", read_label),
		MEMBER("created", read_number),
		MEMBER("model", read_label),
		MEMBER("choices", read_choices),
		MEMBER("system_fingerprint", read_label),
		MEMBER("service_tier", read_label),
		MEMBER("provider", read_label),
		MEMBER("usage", take_null),
		MEMBER("obfuscation", read_label),
	};
	struct scan scan = { .at = data.data, .end = data.data + data.len };

	if (!take_object(&scan, members, LENGTH(members)) || !scan.one_choice)
		return false;
	skip_blanks(&scan);
	if (scan.at != scan.end)
		return false;
	*out = (struct openai_delta){ scan.content,
		scan.reasoning_content.len > 0 ? scan.reasoning_content
					       : scan.reasoning };
	return unescape(&out->reasoning, unescaped) &&
		unescape(&out->content, unescaped);
}
