#include "json/lookalike.h"

#include "base/attr.h"

#include <stddef.h>
#include <unistr.h>

/*
 * Letters that look like others, small and capital, after case folding (from
 * confusables.txt of UTS 39: letters in which whole names can be written). The
 * Latin ones are mere variants.
 */
static const struct {
	const char *letters, *like;
} LOOKALIKES[] = {
	/* Cyrillic */
	{ "\u0430\u0432\u0435\u043a\u043c\u043d\u043e\u0440\u0441\u0442\u0443"
	  "\u0445",
		"abekmhopctyx" },
	{ "\u0433\u043f\u044c\u0455\u0456\u0458\u04bb\u04cf\u0501\u051b\u051d"
	  "\u0475\u04af",
		"rnbsijhldqwvy" },
	/* Greek */
	{ "\u03b1\u03b2\u03b3\u03b5\u03b6\u03b7\u03b9\u03ba\u03bc\u03bd\u03bf"
	  "\u03c1\u03c3\u03c4\u03c5\u03c7",
		"abyeznikmvopotux" },
	/* Armenian */
	{ "\u0566\u0570\u0578\u057d\u0581\u0585", "qhnugo" },
	/* Latin */
	{ "\u0131\u0251\u0261\u026a\u0269", "iagii" },
	/* Katakana, Hiragana */
	{ "\u30a8\u30ab\u30bf\u30c8\u30cb\u30cf\u30ed\u30fc",
		"\u5de5\u529b\u5915\u535c\u4e8c\u516b\u53e3\u4e00" },
	{ "\u3078\u3079\u307a", "\u30d8\u30d9\u30da" },
};

/* The letter in *like* at the position of *c* in *letters*, or *c*. */
static uint32_t
counterpart(uint32_t c, const char *letters, const char *like)
{
	const uint8_t *a = (const uint8_t *)letters;
	const uint8_t *b = (const uint8_t *)like;
	uint32_t from, to;

	while (*a != 0) {
		a += u8_mbtouc_unsafe(&from, a, 4);
		b += u8_mbtouc_unsafe(&to, b, 4);
		if (from == c)
			return to;
	}
	return c;
}

uint32_t
lookalike_plain(uint32_t c)
{
	uint32_t like = c;

	for (size_t i = 0; c >= 0x80 && like == c && i < LENGTH(LOOKALIKES);
		i++)
		like = counterpart(
			c, LOOKALIKES[i].letters, LOOKALIKES[i].like);
	return like;
}
