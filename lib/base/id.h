/*
 * id.h: the text form of ids: "1" to "18446744073709551615", decimal, without
 * sign, blanks or leading zeros; and their places in tables of memory.
 */

#ifndef BASE_ID_H
#define BASE_ID_H

#include "base/err.h"
#include "base/span.h"

#include <stddef.h>
#include <stdint.h>

/* The only parser of ids; any other text is ERR_INVALID. */
MUST_USE enum err id_parse(struct span text, uint64_t *out);

/* The place of a Snowflake id in a table of *slots*, a power of two. Its
 * sequence is in the low bits, and its time above bit 22. */
static inline size_t
id_slot(uint64_t id, size_t slots)
{
	return (id ^ id >> 22) & (slots - 1);
}

#endif
