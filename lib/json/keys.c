#include "json/keys.h"

#include "base/buf.h"
#include "base/mem.h"
#include "json/scan.h"

#include <stdlib.h>
#include <string.h>

/* Up to this number, keys are compared pairwise. */
#define KEYS_FEW 12

void
keys_note(struct keys *keys, struct span quoted)
{
	struct buf text = BUF_INIT;
	struct span inner = { quoted.data + 1, quoted.len - 2 };

	if (memchr(inner.data, '\\', inner.len) != NULL) {
		scan_unescape(inner, &text);
		inner = buf_span(&text);
	}
	if (keys->n == keys->cap) {
		keys->cap = MAX(keys->cap * 2, (size_t)64);
		keys->list = mem_realloc(
			keys->list, keys->cap * sizeof(*keys->list));
	}
	keys->list[keys->n++] = span_hash(inner);
	buf_free(&text);
}

static int
compare(const void *a, const void *b)
{
	const uint64_t *first = a, *second = b;

	return (*first > *second) - (*first < *second);
}

static bool
has_twice(uint64_t *list, size_t n)
{
	if (n > KEYS_FEW) {
		qsort(list, n, sizeof(*list), compare);
		for (size_t i = 1; i < n; i++)
			if (list[i] == list[i - 1])
				return true;
		return false;
	}
	for (size_t i = 1; i < n; i++)
		for (size_t j = 0; j < i; j++)
			if (list[i] == list[j])
				return true;
	return false;
}

bool
keys_end(struct keys *keys, size_t first)
{
	bool twice = keys->n > first + 1 &&
		has_twice(keys->list + first, keys->n - first);

	keys->n = first;
	return twice;
}

void
keys_free(struct keys *keys)
{
	free(keys->list);
}
