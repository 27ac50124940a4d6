#include "json/equal.h"

#include "base/mem.h"

#include <stdlib.h>

#define BYTES_A_STEP 256

bool
json_spend(unsigned *steps_left, size_t n)
{
	if (*steps_left <= n) {
		*steps_left = 0;
		return false;
	}
	*steps_left -= (unsigned)n;
	return true;
}

bool
json_is_number(const struct json *json)
{
	return json_kind(json) == JSON_INT || json_kind(json) == JSON_DOUBLE;
}

static bool
equal_items(const struct json *a, const struct json *b, unsigned *steps)
{
	for (size_t i = 0; i < json_length(a); i++)
		if (!json_equal(json_at(a, i), json_at(b, i), steps))
			return false;
	return true;
}

static bool
equal_members(const struct json *a, const struct json *b, unsigned *steps)
{
	const struct json *value;
	struct span key;
	size_t at = 0;

	while (json_next(a, &at, &key, &value))
		if (!json_equal(value, json_get(b, key.data), steps))
			return false;
	return true;
}

bool
json_equal(const struct json *a, const struct json *b, unsigned *steps)
{
	if (!json_spend(steps, 1 + json_text(a).len / BYTES_A_STEP))
		return false;
	if (json_is_number(a) || json_is_number(b))
		return json_is_number(a) && json_is_number(b) &&
			json_double(a, 0) == json_double(b, 0);
	if (json_kind(a) != json_kind(b) || json_length(a) != json_length(b))
		return false;
	if (json_kind(a) == JSON_TEXT)
		return span_equal(json_text(a), json_text(b));
	if (json_kind(a) == JSON_BOOL)
		return json_boolean(a, false) == json_boolean(b, false);
	if (json_kind(a) == JSON_ARRAY)
		return equal_items(a, b, steps);
	return equal_members(a, b, steps);
}

/* ---- duplicate items: compares only items with the same hash */

/* FNV-1a, starting with *value*. */
static uint64_t
mix(uint64_t value, const void *data, size_t len)
{
	return span_hash_more(value, (struct span){ data, len });
}

static uint64_t hash(const struct json *json, unsigned *steps);

/* Does not depend on the members' order. */
static uint64_t
hash_members(const struct json *object, unsigned *steps)
{
	const struct json *value;
	uint64_t sum = 0;
	struct span key;
	size_t at = 0;

	while (json_next(object, &at, &key, &value) && *steps > 0)
		sum += mix(hash(value, steps), key.data, key.len);
	return sum;
}

static uint64_t
hash(const struct json *json, unsigned *steps)
{
	double number = json_double(json, 0) + 0.0; /* -0 becomes 0 */
	struct span text = json_text(json);
	uint64_t value = 0xcbf29ce484222325, inner;

	if (!json_spend(steps, 1 + text.len / BYTES_A_STEP))
		return 0;
	if (json_is_number(json))
		return mix(value, &number, sizeof(number));
	value += (uint64_t)json_kind(json) + json_boolean(json, false);
	value = mix(value, text.data, text.len);
	if (json_kind(json) == JSON_OBJECT)
		return value + hash_members(json, steps);
	for (size_t i = 0; i < json_length(json) && *steps > 0; i++) {
		inner = hash(json_at(json, i), steps);
		value = mix(value, &inner, sizeof(inner));
	}
	return value;
}

struct item {
	uint64_t hash;
	const struct json *json;
};

static int
compare(const void *a, const void *b)
{
	const struct item *first = a, *second = b;

	return (first->hash > second->hash) - (first->hash < second->hash);
}

static bool
has_equals(const struct item *items, size_t n, unsigned *steps)
{
	for (size_t i = 1; i < n; i++)
		for (size_t j = i; j-- > 0 && items[j].hash == items[i].hash;)
			if (json_equal(items[i].json, items[j].json, steps))
				return true;
	return false;
}

bool
json_has_repeats(const struct json *array, unsigned *steps)
{
	size_t n = json_length(array);
	struct item *items;
	bool found;

	if (n < 2 || !json_spend(steps, n))
		return false;
	items = mem_alloc(n * sizeof(*items));
	for (size_t i = 0; i < n; i++)
		items[i] = (struct item){ hash(json_at(array, i), steps),
			json_at(array, i) };
	qsort(items, n, sizeof(*items), compare);
	found = has_equals(items, n, steps);
	free(items);
	return found;
}
