/* Tools with JSON Schema in Gemini's form. */

#include "../unit.h"
#include "../wire/vector.h"
#include "gemini/functions.h"
#include "json/raw_private.h"

/* The expected parameters; "" if none. */
static const char *const cases[][2] = {
	/* An empty schema is left out. */
	{ "{}", "" },
	{ "{\"type\":\"object\",\"properties\":{}}", "" },
	{ "null", "" },
	/* So are unknown keywords. */
	{ "{\"$schema\":\"x\",\"$id\":\"y\",\"type\":\"object\",\"properties\":"
	  "{\"a\":{\"type\":\"string\",\"default\":\"b\",\"examples\":[1],"
	  "\"format\":\"uri\",\"pattern\":\"^a\",\"minLength\":1}},"
	  "\"additionalProperties\":false,\"required\":[\"a\",\"b\"]}",
		"{\"type\":\"object\",\"properties\":{\"a\":{\"type\":"
		"\"string\",\"pattern\":\"^a\",\"minLength\":1}},\"required\":"
		"[\"a\"]}" },
	{ "{\"properties\":{\"a\":{\"type\":\"string\",\"format\":\"date-time\""
	  "},\"b\":{\"type\":\"integer\",\"format\":\"int64\"}}}",
		"{\"type\":\"object\",\"properties\":{\"a\":{\"type\":"
		"\"string\",\"format\":\"date-time\"},\"b\":{\"type\":"
		"\"integer\",\"format\":\"int64\"}}}" },
};

/* The schema of one property. */
static const char *const values[][2] = {
	{ "true", "{}" },
	{ "{\"description\":\"any\"}", "{\"description\":\"any\"}" },
	{ "{\"type\":\"object\"}", "{\"type\":\"object\"}" },
	/* null */
	{ "{\"type\":[\"string\",\"null\"]}",
		"{\"type\":\"string\",\"nullable\":true}" },
	{ "{\"type\":[\"string\",\"integer\",\"null\"],\"description\":\"d\"}",
		"{\"anyOf\":[{\"type\":\"string\"},{\"type\":\"integer\"}],"
		"\"description\":\"d\",\"nullable\":true}" },
	{ "{\"anyOf\":[{\"type\":\"string\",\"maxLength\":3},{\"type\":"
	  "\"null\"}],\"title\":\"t\"}",
		"{\"type\":\"string\",\"maxLength\":3,\"nullable\":true,"
		"\"title\":\"t\"}" },
	{ "{\"oneOf\":[{\"type\":\"string\"},{\"type\":\"number\"},{\"type\":"
	  "\"null\"}]}",
		"{\"anyOf\":[{\"type\":\"string\"},{\"type\":\"number\"}],"
		"\"nullable\":true}" },
	/* values */
	{ "{\"enum\":[\"a\",\"b\",null]}",
		"{\"type\":\"string\",\"enum\":[\"a\",\"b\"],\"nullable\":true}" },
	{ "{\"enum\":[1,2]}",
		"{\"type\":\"integer\",\"format\":\"enum\",\"enum\":[\"1\","
		"\"2\"]}" },
	{ "{\"const\":\"x\"}", "{\"type\":\"string\",\"enum\":[\"x\"]}" },
	{ "{\"const\":true}",
		"{\"type\":\"boolean\",\"format\":\"enum\",\"enum\":[\"true\"]}" },
	{ "{\"type\":\"integer\",\"const\":7}",
		"{\"type\":\"integer\",\"format\":\"enum\",\"enum\":[\"7\"]}" },
	/* bounds */
	{ "{\"type\":\"integer\",\"exclusiveMinimum\":0,\"exclusiveMaximum\":9}",
		"{\"type\":\"integer\",\"minimum\":1,\"maximum\":8}" },
	{ "{\"type\":\"number\",\"exclusiveMinimum\":0.5,\"maximum\":9}",
		"{\"type\":\"number\",\"minimum\":0.5,\"maximum\":9}" },
	{ "{\"type\":\"number\",\"exclusiveMinimum\":true,\"minimum\":1,"
	  "\"multipleOf\":2}",
		"{\"type\":\"number\",\"minimum\":1}" },
	/* arrays */
	{ "{\"type\":\"array\"}",
		"{\"type\":\"array\",\"items\":{\"type\":\"string\"}}" },
	{ "{\"items\":{\"type\":\"number\"},\"uniqueItems\":true,\"maxItems\":2}",
		"{\"type\":\"array\",\"items\":{\"type\":\"number\"},"
		"\"maxItems\":2}" },
	{ "{\"type\":\"array\",\"prefixItems\":[{\"type\":\"string\"},{\"type\":"
	  "\"number\"}]}",
		"{\"type\":\"array\",\"items\":{\"anyOf\":[{\"type\":"
		"\"string\"},{\"type\":\"number\"}]}}" },
	/* merged */
	{ "{\"allOf\":[{\"type\":\"object\",\"properties\":{\"x\":{\"type\":"
	  "\"string\"}},\"required\":[\"x\"]},{\"properties\":{\"y\":{\"type\":"
	  "\"number\"}},\"required\":[\"y\"]}]}",
		"{\"type\":\"object\",\"properties\":{\"x\":{\"type\":"
		"\"string\"},\"y\":{\"type\":\"number\"}},\"required\":[\"x\","
		"\"y\"]}" },
};

static void
expect(struct arena *arena, const char *schema, const char *key,
	const char *parameters)
{
	struct buf tools = BUF_INIT, out = BUF_INIT;
	struct json_writer w = json_writer(&out);
	struct span sent;

	buf_printf(&tools,
		"[{\"function\":{\"name\":\"f\",\"parameters\":%s}}]", schema);
	gemini_put_functions(&w, vector_json(arena, buf_span(&tools)));
	sent = json_raw_get(json_raw_at(buf_span(&out), 0), key);
	if (*parameters == '\0')
		assert_null(sent.data);
	else
		assert_same_json(schema, sent, span_of(parameters));
	assert_int_equal(json_check_once(buf_span(&out)), OK);
	buf_free(&tools);
	buf_free(&out);
}

static void
test_schemas_become_parameters(void **state)
{
	struct arena arena = ARENA_INIT;

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++)
		expect(&arena, cases[i][0], "parameters", cases[i][1]);
	for (size_t i = 0; i < LENGTH(values); i++)
		expect(&arena,
			arena_printf(&arena,
				"{\"type\":\"object\",\"properties\":{\"p\":%s}"
				"}",
				values[i][0]),
			"parameters",
			arena_printf(&arena,
				"{\"type\":\"object\",\"properties\":{\"p\":%s}"
				"}",
				values[i][1]));
	arena_reset(&arena);
}

/* References stay unchanged, with everything that they point at. */
static void
test_references_stay_unchanged(void **state)
{
	static const char schema[] =
		"{\"type\":\"object\",\"properties\":{\"p\":{\"$ref\":"
		"\"#/$defs/node\"}},\"$defs\":{\"node\":{\"type\":\"object\","
		"\"properties\":{\"next\":{\"$ref\":\"#/$defs/node\"}}}}}";
	struct arena arena = ARENA_INIT;

	(void)state;
	expect(&arena, schema, "parametersJsonSchema", schema);
	expect(&arena, schema, "parameters", "");
	arena_reset(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_schemas_become_parameters),
		cmocka_unit_test(test_references_stay_unchanged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
