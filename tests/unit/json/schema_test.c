#include "../unit.h"
#include "json/schema.h"

#include <string.h>

/* NULL: it is valid; else the reason. */
static const struct {
	const char *schema, *value, *why;
} cases[] = {
	{ "true", "1", NULL },
	{ "false", "1", "the value is not allowed" },
	{ "{}", "null", NULL },
	{ "1", "1", NULL },

	{ "{\"type\":\"string\"}", "\"a\"", NULL },
	{ "{\"type\":\"string\"}", "1", "the value must be of type string" },
	{ "{\"type\":\"integer\"}", "1.0", NULL },
	{ "{\"type\":\"integer\"}", "1.5",
		"the value must be of type integer" },
	{ "{\"type\":\"number\"}", "1", NULL },
	{ "{\"type\":\"boolean\"}", "null",
		"the value must be of type boolean" },
	{ "{\"type\":\"object\"}", "[]", "the value must be of type object" },
	{ "{\"type\":\"array\"}", "{}", "the value must be of type array" },
	{ "{\"type\":[\"string\",\"null\"]}", "null", NULL },
	{ "{\"type\":[\"string\",\"null\"]}", "1",
		"the value is of the wrong type" },
	{ "{\"type\":\"string\",\"nullable\":true}", "null", NULL },

	{ "{\"enum\":[1,\"a\",{\"b\":[1,2]}]}", "{\"b\":[1.0,2]}", NULL },
	{ "{\"enum\":[1,\"a\"]}", "\"b\"",
		"the value is not one of the allowed values" },
	{ "{\"const\":{\"a\":1,\"b\":2}}", "{\"b\":2,\"a\":1}", NULL },
	{ "{\"const\":1}", "true", "the value is not the required value" },

	{ "{\"minimum\":2,\"maximum\":4}", "2", NULL },
	{ "{\"minimum\":2}", "1.9", "the value is too small or too short" },
	{ "{\"maximum\":4}", "4.1", "the value is too large or too long" },
	{ "{\"exclusiveMinimum\":2}", "2", "the value is too small" },
	{ "{\"exclusiveMaximum\":4}", "4", "the value is too large" },
	{ "{\"multipleOf\":0.1}", "0.3", NULL },
	{ "{\"multipleOf\":2}", "3",
		"the value is not a multiple of the required number" },
	{ "{\"minimum\":2}", "\"text\"", NULL },

	{ "{\"minLength\":2,\"maxLength\":2}", "\"\xc3\xa4\xf0\x9f\x98\x80\"",
		NULL },
	{ "{\"minLength\":2}", "\"a\"", "the value is too small or too short" },
	{ "{\"maxLength\":2}", "\"abc\"",
		"the value is too large or too long" },

	{ "{\"items\":{\"type\":\"string\"}}", "[\"a\",1]",
		"the value must be of type string" },
	{ "{\"prefixItems\":[{\"type\":\"string\"}],\"items\":false}",
		"[\"a\"]", NULL },
	{ "{\"prefixItems\":[{\"type\":\"string\"}],\"items\":false}",
		"[\"a\",1]", "the value is not allowed" },
	{ "{\"minItems\":1}", "[]", "the value is too small or too short" },
	{ "{\"uniqueItems\":true}", "[1,{\"a\":1},{\"a\":1.0}]",
		"the value has a duplicate item" },

	{ "{\"properties\":{\"a\":{\"type\":\"string\"}},\"required\":[\"a\"]}",
		"{\"a\":\"x\",\"b\":1}", NULL },
	{ "{\"required\":[\"a\"]}", "{}", "a is missing" },
	{ "{\"properties\":{\"a\":{\"type\":\"string\"}}}", "{\"a\":1}",
		"a must be of type string" },
	{ "{\"properties\":{\"a\":{}},\"additionalProperties\":false}",
		"{\"b\":1}", "b is not a known member" },
	{ "{\"additionalProperties\":{\"type\":\"string\"}}", "{\"b\":1}",
		"b must be of type string" },
	{ "{\"maxProperties\":1}", "{\"a\":1,\"b\":2}",
		"the value is too large or too long" },
	{ "{\"properties\":{\"a\":{\"properties\":{\"b\":{\"type\":\"string\"}}"
	  "}}}",
		"{\"a\":{\"b\":1}}", "b must be of type string" },

	{ "{\"anyOf\":[{\"type\":\"string\"},{\"minimum\":3}]}", "3", NULL },
	{ "{\"anyOf\":[{\"type\":\"string\"},{\"minimum\":3}]}", "2",
		"the value matches none of the allowed forms" },
	{ "{\"oneOf\":[{\"minimum\":1},{\"minimum\":2}]}", "1", NULL },
	{ "{\"oneOf\":[{\"minimum\":1},{\"minimum\":2}]}", "2",
		"the value must match exactly one of the allowed forms" },
	{ "{\"allOf\":[{\"minimum\":1},{\"maximum\":2}]}", "3",
		"the value is too large or too long" },
	{ "{\"not\":{\"type\":\"string\"}}", "\"a\"",
		"the value matches a form that is not allowed" },

	{ "{\"$defs\":{\"n\":{\"type\":\"number\"}},\"properties\":{\"a\":{"
	  "\"$ref\":\"#/$defs/n\"}}}",
		"{\"a\":\"x\"}", "a must be of type number" },
	{ "{\"definitions\":{\"n\":{\"type\":\"number\"}},\"$ref\":"
	  "\"#/definitions/n\"}",
		"1", NULL },
	/* Recursive references: a tree, and a circle. */
	{ "{\"properties\":{\"c\":{\"items\":{\"$ref\":\"#\"}}},"
	  "\"additionalProperties\":false}",
		"{\"c\":[{\"c\":[{\"d\":1}]}]}", "d is not a known member" },
	{ "{\"$ref\":\"#\"}", "1", "the value cannot be checked" },
	/* An unknown reference accepts everything. */
	{ "{\"$ref\":\"https://x.example/schema\"}", "1", NULL },
	{ "{\"pattern\":\"^a$\",\"format\":\"email\"}", "\"b\"", NULL },
};

static void
test_each_keyword(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		struct arena arena = ARENA_INIT;
		struct buf why = BUF_INIT;
		const struct json *schema, *value;
		enum err err;

		assert_int_equal(
			json_parse(&arena, span_of(cases[i].schema), &schema),
			OK);
		assert_int_equal(
			json_parse(&arena, span_of(cases[i].value), &value),
			OK);
		err = json_schema_check(schema, value, &why);
		if (err != (cases[i].why != NULL ? ERR_INVALID : OK) ||
			strcmp(buf_str(&why),
				cases[i].why != NULL ? cases[i].why : "") != 0)
			fail_msg("%s %s: %s", cases[i].schema, cases[i].value,
				buf_str(&why));
		buf_free(&why);
		arena_reset(&arena);
	}
}

static void
test_no_schema_accepts_everything(void **state)
{
	struct arena arena = ARENA_INIT;
	struct buf why = BUF_INIT;
	const struct json *value;

	(void)state;
	assert_int_equal(json_parse(&arena, span_of("{}"), &value), OK);
	assert_int_equal(json_schema_check(NULL, value, &why), OK);
	arena_reset(&arena);
}

/* ---- small schemas, small values, endless checks */

#define COMPLEX "the value is too complex to be checked"

static void
check_text(const char *schema_text, struct span value_text, const char *why)
{
	struct arena arena = ARENA_INIT;
	struct buf said = BUF_INIT;
	const struct json *schema, *value;
	enum err err;

	assert_int_equal(json_parse(&arena, span_of(schema_text), &schema), OK);
	assert_int_equal(json_parse(&arena, value_text, &value), OK);
	err = json_schema_check(schema, value, &said);
	assert_string_equal(buf_str(&said), why);
	assert_int_equal(err, *why != '\0' ? ERR_INVALID : OK);
	buf_free(&said);
	arena_reset(&arena);
}

/* Each level is checked in both of its forms. */
static void
test_forms_of_forms(void **state)
{
	static const char schema[] =
		"{\"$ref\":\"#/$defs/q\",\"$defs\":{\"q\":{\"oneOf\":["
		"{\"properties\":{\"not\":{\"$ref\":\"#/$defs/q\"},"
		"\"kind\":{\"const\":\"not\"}}},"
		"{\"properties\":{\"not\":{\"$ref\":\"#/$defs/q\"},"
		"\"kind\":{\"const\":\"x\"}}}]}}}";
	struct buf value = BUF_INIT;

	(void)state;
	for (int i = 0; i < 30; i++)
		buf_puts(&value, "{\"not\":");
	buf_puts(&value, "{\"kind\":\"x\"}");
	for (int i = 0; i < 30; i++)
		buf_puts(&value, ",\"kind\":\"not\"}");
	check_text(schema, buf_span(&value), COMPLEX);
	check_text(schema,
		span_of("{\"not\":{\"kind\":\"x\"},\"kind\":\"not\"}"), "");
	buf_free(&value);
}

static void
test_endless_schemas_are_too_complex(void **state)
{
	static const char *const schemas[] = {
		"{\"anyOf\":[{\"$ref\":\"#\"},{\"$ref\":\"#\"}]}",
		"{\"allOf\":[{\"not\":{\"$ref\":\"#\"}},{\"$ref\":\"#\"}]}",
		"{\"oneOf\":[{\"$ref\":\"#\"},{\"$ref\":\"#\"},{\"$ref\":\"#\"}]}",
		"{\"not\":{\"anyOf\":[{\"$ref\":\"#\"},{\"$ref\":\"#\"}]}}",
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(schemas); i++)
		check_text(schemas[i], span_of("{\"a\":[1]}"), COMPLEX);
}

/* *n* items of an array; %d is the item's number. */
static void
make_array(struct buf *out, const char *piece, int n)
{
	buf_clear(out);
	for (int i = 0; i < n; i++) {
		buf_puts(out, i > 0 ? "," : "[");
		for (const char *at = piece; *at != '\0'; at++) {
			if (*at == '#')
				buf_printf(out, "%d", i);
			else
				buf_putc(out, *at);
		}
	}
	buf_putc(out, ']');
}

static void
test_duplicates_in_long_arrays(void **state)
{
	static const char unique[] = "{\"uniqueItems\":true}";
	struct buf value = BUF_INIT;

	(void)state;
	make_array(&value, "#", 3000);
	check_text(unique, buf_span(&value), "");
	make_array(&value, "{\"a\":#,\"b\":[#]}", 2000);
	check_text(unique, buf_span(&value), "");
	value.len--;
	buf_puts(&value, ",{\"b\":[7.0],\"a\":7}]");
	check_text(unique, buf_span(&value), "the value has a duplicate item");
	make_array(&value, "#", 30000);
	check_text(unique, buf_span(&value), COMPLEX);
	make_array(&value, "0", 30000);
	check_text("{\"items\":{\"enum\":[1,2,3,4,5,6,7,8,0]}}",
		buf_span(&value), COMPLEX);
	buf_free(&value);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_keyword),
		cmocka_unit_test(test_no_schema_accepts_everything),
		cmocka_unit_test(test_forms_of_forms),
		cmocka_unit_test(test_endless_schemas_are_too_complex),
		cmocka_unit_test(test_duplicates_in_long_arrays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
