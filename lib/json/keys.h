/*
 * keys.h: the keys of the objects that are open while JSON is read: whether
 * one of them has two that are equal. Keys are kept as hashes. Two that are
 * taken for one by chance (1 in 2^64) have their text refused, and nothing
 * else.
 */

#ifndef JSON_KEYS_H
#define JSON_KEYS_H

#include "base/span.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct keys { /* { 0 }: none */
	uint64_t *list;
	size_t n, cap;
};

/* A checked text with its quotes is the next key. */
void keys_note(struct keys *keys, struct span quoted);

/* The object whose keys begin at *first* ends: forgets them, and says whether
 * two are equal. */
bool keys_end(struct keys *keys, size_t first);

void keys_free(struct keys *keys);

#endif
