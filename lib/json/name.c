#include "json/name.h"

#include "base/attr.h"
#include "json/lookalike.h"
#include "json/utf8.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <unicase.h>
#include <unictype.h>
#include <uninorm.h>
#include <unistr.h>

#define MARKS_MAX 2

/* A text as an array of characters. */
struct letters {
	ucs4_t *c;
	size_t n;
};

/* Moves the result of a libunistring function into *arena*. */
static struct letters
take(struct arena *arena, uint32_t *made, size_t n)
{
	struct letters letters = { NULL, n };

	assert(made != NULL); /* the text is valid: only memory can lack */
	letters.c = arena_dup(arena, made, n * sizeof(*made));
	free(made);
	return letters;
}

static struct letters
decode(struct arena *arena, struct span text)
{
	struct letters out = {
		arena_alloc(arena, (text.len + 1) * sizeof(ucs4_t)), 0
	};
	const uint8_t *at = (const uint8_t *)text.data;
	const uint8_t *end = at + text.len;

	while (at < end)
		at += u8_mbtouc_unsafe(&out.c[out.n++], at, (size_t)(end - at));
	return out;
}

static struct span
encode(struct arena *arena, struct letters letters)
{
	size_t n = 0;
	char *text = arena_alloc(arena, letters.n * 4 + 1);

	for (size_t i = 0; i < letters.n; i++)
		n += (size_t)u8_uctomb((uint8_t *)text + n, letters.c[i], 4);
	text[n] = '\0';
	return (struct span){ text, n };
}

/* Replaces wide and narrow forms by the usual ones. */
static void
map_width(struct letters letters)
{
	ucs4_t plain[UC_DECOMPOSITION_MAX_LENGTH];
	int tag;

	for (size_t i = 0; i < letters.n; i++)
		if (uc_decomposition(letters.c[i], &tag, plain) == 1 &&
			(tag == UC_DECOMP_WIDE || tag == UC_DECOMP_NARROW))
			letters.c[i] = plain[0];
}

static struct letters
compose(struct arena *arena, struct letters letters)
{
	size_t n = 0;
	uint32_t *made =
		u32_normalize(UNINORM_NFC, letters.c, letters.n, NULL, &n);

	return take(arena, made, n);
}

/* ---- permitted characters */

static bool
is_mark(ucs4_t c)
{
	return uc_is_general_category_withtable(
		c, UC_CATEGORY_MASK_Mn | UC_CATEGORY_MASK_Mc);
}

static bool
is_digit(ucs4_t c)
{
	return uc_is_general_category_withtable(c, UC_CATEGORY_MASK_Nd);
}

/* The IdentifierClass (RFC 8264, 4.2) without its other signs: no compatibility
 * forms and no invisible characters. */
static bool
is_allowed(ucs4_t c)
{
	ucs4_t parts[UC_DECOMPOSITION_MAX_LENGTH];
	int tag;

	if (c < 0x80)
		return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			(c >= '0' && c <= '9') || c == '.' || c == '_' ||
			c == '@' || c == '-';
	if (uc_is_property_default_ignorable_code_point(c) ||
		(uc_decomposition(c, &tag, parts) > 0 &&
			tag != UC_DECOMP_CANONICAL))
		return false;
	if (c >= 0x1100 &&
		c <= 0x11ff) /* old Hangul jamo, which do not compose */
		return false;
	return uc_is_general_category_withtable(c,
		UC_CATEGORY_MASK_Lu | UC_CATEGORY_MASK_Ll |
			UC_CATEGORY_MASK_Lo | UC_CATEGORY_MASK_Lm |
			UC_CATEGORY_MASK_Mn | UC_CATEGORY_MASK_Mc |
			UC_CATEGORY_MASK_Nd);
}

static bool
marks_ok(struct letters letters)
{
	int row = MARKS_MAX; /* so that a leading mark is refused */

	for (size_t i = 0; i < letters.n; i++) {
		row = is_mark(letters.c[i]) ? row + 1 : 0;
		if (row > MARKS_MAX)
			return false;
	}
	return true;
}

static bool
digits_ok(struct letters letters)
{
	ucs4_t zero = 0;

	for (size_t i = 0; i < letters.n; i++) {
		ucs4_t c = letters.c[i];

		if (!is_digit(c))
			continue;
		c -= (ucs4_t)uc_decimal_value(c);
		if (zero != 0 && c != zero)
			return false;
		zero = c;
	}
	return true;
}

/* ---- scripts (UTS 39, 5.1: "highly restrictive") */

enum {
	LATIN = 1,
	HAN = 2,
	HIRAGANA = 4,
	KATAKANA = 8,
	BOPOMOFO = 16,
	HANGUL = 32,
};

static unsigned
known_script(const char *name)
{
	static const struct {
		const char *name;
		unsigned bit;
	} known[] = {
		{ "Latin", LATIN },
		{ "Han", HAN },
		{ "Hiragana", HIRAGANA },
		{ "Katakana", KATAKANA },
		{ "Bopomofo", BOPOMOFO },
		{ "Hangul", HANGUL },
	};

	for (size_t i = 0; i < LENGTH(known); i++)
		if (strcmp(known[i].name, name) == 0)
			return known[i].bit;
	return 0;
}

static bool
scripts_ok(struct letters letters)
{
	const uc_script_t *other = NULL;
	unsigned seen = 0;

	for (size_t i = 0; i < letters.n; i++) {
		const uc_script_t *script = uc_script(letters.c[i]);
		unsigned bit;

		if (script == NULL)
			return false;
		if (strcmp(script->name, "Common") == 0 ||
			strcmp(script->name, "Inherited") == 0)
			continue;
		bit = known_script(script->name);
		if (bit == 0 && other != NULL && other != script)
			return false;
		if (bit == 0)
			other = script;
		seen |= bit;
	}
	if (other != NULL)
		return seen == 0;
	return (seen & ~(unsigned)(LATIN | HAN | HIRAGANA | KATAKANA)) == 0 ||
		(seen & ~(unsigned)(LATIN | HAN | BOPOMOFO)) == 0 ||
		(seen & ~(unsigned)(LATIN | HAN | HANGUL)) == 0;
}

/* ---- from right to left (RFC 5893, 2) */

static bool
is_right_to_left(int bidi)
{
	return bidi == UC_BIDI_R || bidi == UC_BIDI_AL;
}

static bool
goes_along(int bidi)
{
	return is_right_to_left(bidi) || bidi == UC_BIDI_AN ||
		bidi == UC_BIDI_EN || bidi == UC_BIDI_ES ||
		bidi == UC_BIDI_CS || bidi == UC_BIDI_ET ||
		bidi == UC_BIDI_ON || bidi == UC_BIDI_NSM;
}

static bool
bidi_ok(struct letters letters)
{
	bool turned = false, arabic = false, european = false, along = true;
	int last = UC_BIDI_L;

	for (size_t i = 0; i < letters.n; i++) {
		int bidi = uc_bidi_class(letters.c[i]);

		turned = turned || is_right_to_left(bidi) || bidi == UC_BIDI_AN;
		arabic = arabic || bidi == UC_BIDI_AN;
		european = european || bidi == UC_BIDI_EN;
		along = along && goes_along(bidi);
		last = bidi != UC_BIDI_NSM ? bidi : last;
	}
	if (!turned)
		return true;
	return along && is_right_to_left(uc_bidi_class(letters.c[0])) &&
		!(arabic && european) &&
		(is_right_to_left(last) || last == UC_BIDI_EN ||
			last == UC_BIDI_AN);
}

/* ---- the key */

static struct span
key_of(struct arena *arena, struct letters letters)
{
	size_t n = 0;
	uint32_t *made =
		u32_casefold(letters.c, letters.n, NULL, UNINORM_NFC, NULL, &n);
	struct letters folded = take(arena, made, n);

	for (size_t i = 0; i < folded.n; i++)
		folded.c[i] = lookalike_plain(folded.c[i]);
	return encode(arena, folded);
}

/* ---- reading */

_Static_assert(NAME_MIN == 2 && NAME_ASCII_MIN == 3 && NAME_MAX == 64,
	"as the sentences say");
enum fault { NONE, SHORT, LONG, SIGNS, MIXED, ORDER };

static const struct name_fault SENTENCES[] = {
	[SHORT] = { "too_short",
		"A username needs at least 2 characters, or 3 if it has only "
		"letters A-Z, digits and signs." },
	[LONG] = { "too_long", "A username can have at most 64 characters." },
	[SIGNS] = { "signs",
		"A username can contain only letters, digits and . _ @ -, and "
		"no spaces." },
	[MIXED] = { "scripts",
		"Use letters of only one script, and digits of only one kind, "
		"in a username." },
	[ORDER] = { "order",
		"These characters cannot be in this order in a username." },
};

static bool
all_allowed(struct letters letters, bool *ascii)
{
	*ascii = true;
	for (size_t i = 0; i < letters.n; i++) {
		if (!is_allowed(letters.c[i]))
			return false;
		*ascii = *ascii && letters.c[i] < 0x80;
	}
	return true;
}

static enum fault
fault_of(struct letters letters)
{
	bool ascii;

	if (!all_allowed(letters, &ascii))
		return SIGNS;
	if (letters.n < (ascii ? NAME_ASCII_MIN : NAME_MIN))
		return SHORT;
	if (letters.n > NAME_MAX)
		return LONG;
	if (!digits_ok(letters) || !scripts_ok(letters))
		return MIXED;
	return marks_ok(letters) && bidi_ok(letters) ? NONE : ORDER;
}

static enum fault
read_name(struct arena *arena, struct span text, struct span *name,
	struct span *key)
{
	struct letters letters;
	enum fault fault;

	if (text.data == NULL || text.len == 0)
		return SHORT;
	if (text.len > 2 * NAME_BYTES_MAX)
		return LONG;
	if (!utf8_valid(text))
		return SIGNS;
	letters = decode(arena, text);
	map_width(letters);
	letters = compose(arena, letters);
	fault = fault_of(letters);
	if (fault != NONE)
		return fault;
	*name = encode(arena, letters);
	*key = key_of(arena, letters);
	return key->len <= NAME_BYTES_MAX ? NONE : LONG;
}

const struct name_fault *
name_fault(struct arena *arena, struct span text, struct span *name,
	struct span *key)
{
	enum fault fault = read_name(arena, text, name, key);

	return fault == NONE ? NULL : &SENTENCES[fault];
}

bool
name_read(struct arena *arena, struct span text, struct span *name,
	struct span *key)
{
	return read_name(arena, text, name, key) == NONE;
}
