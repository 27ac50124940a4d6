/*
 * keys.h: finds duplicate keys in the objects that are open while JSON is read.
 * It keeps hashes of the keys. If two different keys have the same hash (1 in
 * 2^64), their text is refused, and nothing else happens.
 */

#ifndef JSON_KEYS_H
#define JSON_KEYS_H

#include "base/span.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct keys { /* { 0 } is empty */
	uint64_t *list;
	size_t n, cap;
};

/* Adds the next key, a checked text with its quotes. */
void keys_note(struct keys *keys, struct span quoted);

/* Ends the object whose keys begin at *first*: forgets the keys, and returns
 * whether two are equal. */
bool keys_end(struct keys *keys, size_t first);

void keys_free(struct keys *keys);

#endif
