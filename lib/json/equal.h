/*
 * equal.h: the inside of schema.h, for its own files: whether two values are
 * equal as JSON Schema has it (numbers by value, members in any order), at a
 * price that is bounded.
 */

#ifndef JSON_EQUAL_H
#define JSON_EQUAL_H

#include "json/json.h"

/* Takes *n* of the steps that are left. False: there are not so many, and from
 * now on none. */
bool json_spend(unsigned *steps_left, size_t n);

bool json_is_number(const struct json *json);

/* False also when the steps do not suffice. */
bool json_equal(const struct json *a, const struct json *b, unsigned *steps);

/* Whether an item of the array is there twice. Likewise. */
bool json_has_repeats(const struct json *array, unsigned *steps);

#endif
