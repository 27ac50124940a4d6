/*
 * equal.h: internal to schema.h: whether two values are equal by the rules of
 * JSON Schema (numbers by value, members in any order), at a bounded cost.
 */

#ifndef JSON_EQUAL_H
#define JSON_EQUAL_H

#include "json/json.h"

/* Takes *n* of the steps left. If fewer are left, takes all of them and returns
 * false. */
bool json_spend(unsigned *steps_left, size_t n);

bool json_is_number(const struct json *json);

/* Also returns false if the steps run out. */
bool json_equal(const struct json *a, const struct json *b, unsigned *steps);

/* Whether the array contains an item twice. Also returns false if the steps run
 * out. */
bool json_has_repeats(const struct json *array, unsigned *steps);

#endif
