#include "json/schema_rules.h"

#include "json/equal.h"

static const char *const keywords[KEYWORD_N] = {
	[ADDITIONAL_PROPERTIES] = "additionalProperties",
	[ALL_OF] = "allOf",
	[ANY_OF] = "anyOf",
	[CONST] = "const",
	[ENUM] = "enum",
	[EXCLUSIVE_MAXIMUM] = "exclusiveMaximum",
	[EXCLUSIVE_MINIMUM] = "exclusiveMinimum",
	[ITEMS] = "items",
	[MAX_ITEMS] = "maxItems",
	[MAX_LENGTH] = "maxLength",
	[MAX_PROPERTIES] = "maxProperties",
	[MAXIMUM] = "maximum",
	[MIN_ITEMS] = "minItems",
	[MIN_LENGTH] = "minLength",
	[MIN_PROPERTIES] = "minProperties",
	[MINIMUM] = "minimum",
	[MULTIPLE_OF] = "multipleOf",
	[NOT] = "not",
	[NULLABLE] = "nullable",
	[ONE_OF] = "oneOf",
	[PREFIX_ITEMS] = "prefixItems",
	[PROPERTIES] = "properties",
	[REF] = "$ref",
	[REQUIRED] = "required",
	[TYPE] = "type",
	[UNIQUE_ITEMS] = "uniqueItems",
};

struct rules
schema_rules(const struct json *schema, unsigned *steps)
{
	struct rules rules = { 0 };
	const struct json *value;
	struct span key;
	size_t at = 0;

	while (json_next(schema, &at, &key, &value) && json_spend(steps, 1))
		for (size_t i = 0; i < KEYWORD_N; i++)
			if (key.data[0] == keywords[i][0] &&
				span_is(key, keywords[i])) {
				rules.of[i] = value;
				break;
			}
	return rules;
}
