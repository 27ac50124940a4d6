#include "json/words.h"

#include "base/attr.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unicase.h>
#include <unictype.h>
#include <uninorm.h>
#include <unistr.h>

/* Folding can lengthen characters: U+FDFA becomes eleven times as long. Korean
 * becomes three times as long, which is the limit for a text. */
static size_t
folded_max(size_t len)
{
	return 3 * len + 4096;
}
#define PIECE ((size_t)4 << 10) /* bytes folded at a time */

/* A non-ASCII character becomes "_" and four digits of five bits each. */
#define ESCAPE_LEN 5
static const char DIGITS[] = "0123456789abcdefghijklmnopqrstuv";

enum class {
	CLASS_GAP, /* between words */
	CLASS_LETTER,
	CLASS_DENSE, /* belongs to a script without blanks */
	CLASS_MARK, /* an accent, which is ignored */
};

struct cutter {
	bool asked;
	void (*each)(struct span word, void *arg);
	void *arg;
	char word[WORD_MAX];
	size_t len;
	bool full;
	ucs4_t dense; /* the previous character if CLASS_DENSE, else 0 */
	bool paired; /* the previous one was part of a pair */
};

/* Thai to Lao, Myanmar, Khmer, kana, ideographs, emoji. */
static const struct {
	ucs4_t first, last;
} DENSE[] = {
	{ 0x0e00, 0x0eff },
	{ 0x1000, 0x109f },
	{ 0x1780, 0x17ff },
	{ 0x2e80, 0x2fdf },
	{ 0x3005, 0x3007 },
	{ 0x3041, 0x30ff },
	{ 0x31f0, 0x31ff },
	{ 0x3400, 0x9fff },
	{ 0xf900, 0xfaff },
	{ 0x1f000, 0x1faff },
	{ 0x20000, 0x3ffff },
};

static bool
is_dense(ucs4_t c)
{
	for (size_t i = 0; i < sizeof(DENSE) / sizeof(*DENSE); i++)
		if (c >= DENSE[i].first && c <= DENSE[i].last)
			return true;
	return false;
}

static enum class class_of(ucs4_t c) {
	if (c < 0x80) return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')
		? CLASS_LETTER
		: CLASS_GAP;
	if (uc_combining_class(c) != 0) return CLASS_MARK;
	if (uc_is_general_category_withtable(c,
		    UC_CATEGORY_MASK_L | UC_CATEGORY_MASK_N |
			    UC_CATEGORY_MASK_M)) return is_dense(c)
		? CLASS_DENSE
		: CLASS_LETTER;
	return uc_is_general_category_withtable(c, UC_CATEGORY_MASK_So) &&
			is_dense(c)
		? CLASS_DENSE
		: CLASS_GAP;
}

/* A full word takes no more characters. */
static void
put(struct cutter *cutter, ucs4_t c)
{
	char *at = cutter->word + cutter->len;
	size_t len = c < 0x80 ? 1 : ESCAPE_LEN;

	cutter->full = cutter->full || cutter->len + len > WORD_MAX;
	if (cutter->full)
		return;
	cutter->len += len;
	if (c < 0x80) {
		*at = (char)c;
		return;
	}
	*at++ = '_';
	for (int shift = 15; shift >= 0; shift -= 5)
		*at++ = DIGITS[(c >> shift) & 31];
}

static void
give(struct cutter *cutter)
{
	if (cutter->len > 0)
		cutter->each((struct span){ cutter->word, cutter->len },
			cutter->arg);
	cutter->len = 0;
	cutter->full = false;
}

/* The last character of a stretch also forms a word, so that it can be found
 * alone. */
static void
end_dense(struct cutter *cutter)
{
	if (cutter->dense == 0)
		return;
	if (!cutter->paired || !cutter->asked) {
		put(cutter, cutter->dense);
		give(cutter);
	}
	cutter->dense = 0;
	cutter->paired = false;
}

static void
take_dense(struct cutter *cutter, ucs4_t c)
{
	give(cutter);
	if (cutter->dense != 0) {
		put(cutter, cutter->dense);
		put(cutter, c);
		give(cutter);
		cutter->paired = true;
	}
	cutter->dense = c;
}

static void
take(struct cutter *cutter, ucs4_t c)
{
	switch (class_of(c)) {
	case CLASS_MARK:
		break;
	case CLASS_DENSE:
		take_dense(cutter, c);
		break;
	case CLASS_LETTER:
		end_dense(cutter);
		put(cutter, c);
		break;
	case CLASS_GAP:
		end_dense(cutter);
		give(cutter);
		break;
	}
}

static bool
is_ascii(struct span text)
{
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.data[i] >= 0x80)
			return false;
	return true;
}

static void
each_ascii(struct cutter *cutter, struct span text)
{
	for (size_t i = 0; i < text.len; i++) {
		ucs4_t c = (unsigned char)text.data[i];

		take(cutter, c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
	}
}

/* In the compatibility decomposition, accents are separate characters. */
static uint8_t *
fold(struct span text, size_t *len)
{
	uint8_t *folded = u8_casefold((const uint8_t *)text.data, text.len,
		NULL, UNINORM_NFKD, NULL, len);

	if (folded == NULL)
		abort();
	return folded;
}

static void
each_in_piece(struct cutter *cutter, struct span piece, size_t *left)
{
	size_t len, at = 0;
	uint8_t *folded = fold(piece, &len);
	ucs4_t c;

	while (at < len) {
		at += (size_t)u8_mbtouc_unsafe(&c, folded + at, len - at);
		take(cutter, c);
	}
	free(folded);
	*left -= MIN(len, *left);
}

/* Folding reorders only accents, which are ignored, so the text may be cut
 * between any two characters. */
static void
each_folded(struct cutter *cutter, struct span text)
{
	size_t left = folded_max(text.len);

	while (text.len > 0 && left > 0) {
		size_t len = MIN(text.len, PIECE);

		while (len < text.len && (text.data[len] & 0xc0) == 0x80)
			len++;
		each_in_piece(cutter, (struct span){ text.data, len }, &left);
		text.data += len;
		text.len -= len;
	}
}

void
words_each(struct span text, bool asked,
	void (*each)(struct span word, void *arg), void *arg)
{
	struct cutter cutter = { .asked = asked, .each = each, .arg = arg };

	if (is_ascii(text)) /* ten times as fast, and common */
		each_ascii(&cutter, text);
	else
		each_folded(&cutter, text);
	end_dense(&cutter);
	give(&cutter);
}

/* ---- searching for a word */

size_t
word_char(struct span word, bool *dense)
{
	ucs4_t c = 0;

	*dense = false;
	if (word.len < ESCAPE_LEN || word.data[0] != '_')
		return MIN(word.len, (size_t)1);
	for (int i = 1; i < ESCAPE_LEN; i++) {
		char digit = word.data[i];

		c = c << 5 |
			(ucs4_t)(digit <= '9' ? digit - '0' : digit - 'a' + 10);
	}
	*dense = is_dense(c);
	return ESCAPE_LEN;
}

/* The letters of one character: "ß" has two, an accent none, and a greeting in
 * Arabic (U+FDFA) has 18. */
struct folded {
	ucs4_t list[18];
	size_t n;
	size_t bytes; /* bytes of all letters */
};

static void
fold_one(struct span *text, struct folded *out)
{
	const uint8_t *at = (const uint8_t *)text->data;
	uint8_t bytes[64], *folded;
	size_t n = sizeof(bytes), i = 0, len;
	ucs4_t c;

	out->n = 0;
	out->bytes = 1;
	len = (size_t)u8_mbtouc_unsafe(&c, at, text->len);
	*text = (struct span){ text->data + len, text->len - len };
	if (c < 0x80) {
		out->list[out->n++] =
			c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
		return;
	}
	folded = u8_casefold(at, len, NULL, UNINORM_NFKD, bytes, &n);
	out->bytes = n;
	while (folded != NULL && i < n && out->n < LENGTH(out->list)) {
		i += (size_t)u8_mbtouc_unsafe(&c, folded + i, n - i);
		out->list[out->n++] = c;
	}
	if (folded != bytes)
		free(folded);
}

/* Removes the letters, beginning with the one at *from*, from the front of
 * *word*; returns false if they differ. */
static bool
match_one(const struct folded *folded, size_t from, struct span *word)
{
	for (size_t i = from; i < folded->n && word->len > 0; i++) {
		struct cutter one = { .len = 0 };
		enum class class = class_of(folded->list[i]);

		if (class == CLASS_MARK)
			continue;
		if (class == CLASS_GAP)
			return false;
		put(&one, folded->list[i]);
		if (word->len < one.len ||
			memcmp(word->data, one.word, one.len) != 0)
			return false;
		word->data += one.len;
		word->len -= one.len;
	}
	return true;
}

/* Whether the letters of *folded*, beginning with the one at *from*, and those
 * of *rest* begin with the word. Looks at *left* more characters at most. */
static bool
begins_with(const struct folded *folded, size_t from, struct span rest,
	struct span word, size_t *left)
{
	struct folded next;

	if (!match_one(folded, from, &word))
		return false;
	for (; rest.len > 0 && word.len > 0; (*left)--) {
		fold_one(&rest, &next);
		if (*left == 0 || !match_one(&next, 0, &word))
			return false;
	}
	return word.len == 0;
}

/* A word may begin inside a character: that of "½" are "1" and "2". */
static size_t
find(struct span text, struct span word, bool inside)
{
	enum class before = CLASS_GAP, class;
	size_t left = folded_max(text.len), more = left / 3;
	struct span rest = text;
	struct folded folded;

	while (rest.len > 0 && left > 0) {
		size_t at = text.len - rest.len;

		fold_one(&rest, &folded);
		left -= MIN(folded.bytes, left);
		for (size_t i = 0; i < folded.n; i++) {
			class = class_of(folded.list[i]);
			if (class == CLASS_MARK)
				continue;
			if (class != CLASS_GAP &&
				(inside || before != CLASS_LETTER ||
					class == CLASS_DENSE) &&
				begins_with(&folded, i, rest, word, &more))
				return at;
			before = class;
		}
	}
	return text.len;
}

size_t
words_find(struct span text, struct span word)
{
	return find(text, word, false);
}

size_t
words_find_inside(struct span text, struct span part)
{
	return find(text, part, true);
}

/* No word begins within the digits of a non-ASCII character. */
static bool
is_digit(struct span word, size_t at)
{
	size_t from = at < ESCAPE_LEN ? 0 : at - ESCAPE_LEN + 1;

	return memchr(word.data + from, '_', at - from) != NULL;
}

/* For short words memmem()'s setup takes longer than this loop. */
bool
words_hold(struct span word, struct span part)
{
	if (part.len == 0)
		return false;
	for (size_t at = 1; at + part.len <= word.len; at++)
		if (word.data[at] == part.data[0] &&
			memcmp(word.data + at, part.data, part.len) == 0 &&
			!is_digit(word, at))
			return true;
	return false;
}
