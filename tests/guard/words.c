#include "guarded.h"

#include "base/buf.h"
#include "json/words.h"

static struct {
	struct buf text;
	size_t n, len;
} it;

static void
count(struct span word, void *arg)
{
	(void)arg;
	it.n++;
	it.len += word.len;
}

/* Words as people write them: mostly ASCII, accents, and no blanks at all. */
void
prepare_words(void)
{
	while (it.text.len < 16 << 10)
		buf_puts(&it.text,
			"The lamp burns low; Élise reads “Les Misérables” "
			"by it, 灯下读书到天明。 ");
}

void
guarded_words(void)
{
	it.n = it.len = 0;
	words_each(buf_span(&it.text), false, count, NULL);
	must(it.n > 2000 && it.len > it.n, "words");
}
