/*
 * Posted messages: what validateUIMessages of ai 5, 6 and 7 all accept (found
 * with 28,000 random messages checked by all three), and harmless messages of
 * other clients.
 */

#include "../unit.h"
#include "base/buf.h"
#include "message/validate.h"

#include <string.h>

/* NULL if accepted; otherwise the path of the invalid member. */
struct example {
	const char *parts;
	const char *field;
};

static enum err
validate(struct arena *arena, const char *text, struct validate_error *error)
{
	struct span raw = span_of(text);
	const struct validate_message message = { json_raw_get(raw, "id"),
		json_raw_get(raw, "role"), json_raw_get(raw, "parts") };

	assert_int_equal(json_check_once(raw), OK);
	return validate_message(arena, &message, "messages[1]", error);
}

static void
check(const char *message, const char *field)
{
	struct validate_error error = { "", "" };
	struct arena arena = ARENA_INIT;
	enum err err = validate(&arena, message, &error);

	if (err != (field != NULL ? ERR_INVALID : OK) ||
		strcmp(error.field, field != NULL ? field : "") != 0)
		fail_msg("%s: %s %s", message, error.field, error.detail);
	assert_true(field == NULL || strlen(error.detail) > 0);
	arena_reset(&arena);
}

static void
check_parts(const char *role, const struct example *examples, size_t n)
{
	struct buf message = BUF_INIT, field = BUF_INIT;

	for (size_t i = 0; i < n; i++) {
		buf_clear(&message);
		buf_clear(&field);
		buf_printf(&message,
			"{\"id\":\"i\",\"role\":\"%s\",\"parts\":[%s]}", role,
			examples[i].parts);
		if (examples[i].field != NULL)
			buf_printf(&field, "messages[1].parts%s",
				examples[i].field);
		check(buf_str(&message),
			examples[i].field != NULL ? buf_str(&field) : NULL);
	}
	buf_free(&message);
	buf_free(&field);
}

#define FILE(url) "{\"type\":\"file\",\"mediaType\":\"m\",\"url\":\"" url "\"}"
#define BASE64 \
	"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define TEXT "{\"type\":\"text\",\"text\":\"t\""

static void
test_parts_of_users(void **state)
{
	static const struct example examples[] = {
		{ TEXT "}", NULL },
		{ TEXT ",\"state\":\"done\",\"extra\":null}", NULL },
		{ TEXT ",\"providerMetadata\":{\"p\":{}}}", NULL },
		{ FILE("data:,x"), NULL },
		{ FILE("https://example.org/a.png"), NULL },
		{ FILE("s3://bucket/a"), NULL },
		{ FILE(BASE64), NULL },
		/* Many clients write null for missing members. */
		{ TEXT ",\"state\":null,\"providerMetadata\":null}", NULL },
		{ "{\"type\":\"file\",\"mediaType\":\"m\",\"url\":\"data:,\","
		  "\"filename\":null}",
			NULL },
		{ "{\"type\":\"data-x\",\"data\":1,\"id\":null}", NULL },
		{ "{\"type\":\"t\\u0065xt\",\"t\\u0065xt\":\"t\"}", NULL },
		/* Addresses that nobody else can read. */
		{ FILE(""), "[0].url" },
		{ FILE("/uploads/a.png"), "[0].url" },
		{ FILE("uploads/a.png"), "[0].url" },
		{ FILE("a"), "[0].url" },
		{ FILE("//example.org/a.png"), "[0].url" },
		{ FILE("blob:https://example.org/0b"), "[0].url" },
		{ FILE("c:\\\\a.png"), "[0].url" },
		{ FILE("?x=1"), "[0].url" },
		{ FILE("/" BASE64 "/a.png"), "[0].url" },
		{ "{\"type\":\"data-x\",\"data\":null}", NULL },
		{ TEXT "}," TEXT "}", NULL },
		{ "", "" },
		{ "1", "[0]" },
		{ "null", "[0]" },
		{ "{}", "[0].type" },
		{ "{\"type\":null}", "[0].type" },
		{ "{\"type\":\"Text\",\"text\":\"\"}", "[0].type" },
		{ "{\"type\":\"text\"}", "[0].text" },
		{ "{\"type\":\"text\",\"text\":null}", "[0].text" },
		{ "{\"type\":\"text\",\"text\":[\"a\"]}", "[0].text" },
		{ TEXT ",\"state\":\"x\"}", "[0].state" },
		{ TEXT ",\"providerMetadata\":{\"p\":1}}",
			"[0].providerMetadata" },
		{ TEXT "},{\"type\":\"file\",\"url\":\"data:,\"}",
			"[1].mediaType" },
		{ "{\"type\":\"file\",\"mediaType\":\"m\"}", "[0].url" },
		{ "{\"type\":\"file\",\"mediaType\":\"m\",\"url\":\"data:,\","
		  "\"filename\":1}",
			"[0].filename" },
		{ "{\"type\":\"data-x\"}", "[0].data" },
		{ "{\"type\":\"data-x\",\"data\":1,\"id\":1}", "[0].id" },
		/* Parts that only a model may send. */
		{ "{\"type\":\"step-start\"}", "[0].type" },
		{ "{\"type\":\"reasoning\",\"text\":\"\"}", "[0].type" },
		{ "{\"type\":\"tool-f\",\"toolCallId\":\"c\",\"state\":\"input-"
		  "available\",\"input\":1}",
			"[0].type" },
	};

	(void)state;
	check_parts("user", examples, LENGTH(examples));
}

#define TOOL(state, rest)                                              \
	"{\"type\":\"tool-f\",\"toolCallId\":\"c\",\"state\":\"" state \
	"\"" rest "}"
#define INPUT ",\"input\":null"
#define OUTPUT ",\"output\":null"
#define APPROVAL(rest) ",\"approval\":{\"id\":\"a\"" rest "}"

static void
test_parts_of_assistants(void **state)
{
	static const struct example examples[] = {
		{ "", NULL },
		{ TEXT "}", NULL },
		{ "{\"type\":\"step-start\"}", NULL },
		{ "{\"type\":\"reasoning\",\"text\":\"\",\"id\":\"r\"}", NULL },
		{ "{\"type\":\"source-url\",\"sourceId\":\"s\",\"url\":\"u\"}",
			NULL },
		{ "{\"type\":\"source-document\",\"sourceId\":\"s\","
		  "\"mediaType\":\"m\",\"title\":\"t\"}",
			NULL },
		{ TOOL("input-streaming", ""), NULL },
		{ TOOL("input-streaming", INPUT ",\"rawInput\":\"{\""), NULL },
		{ TOOL("input-available", INPUT), NULL },
		{ TOOL("approval-requested", INPUT APPROVAL("")), NULL },
		{ TOOL("approval-responded",
			  INPUT APPROVAL(",\"approved\":true")),
			NULL },
		{ TOOL("approval-responded",
			  INPUT APPROVAL(
				  ",\"approved\":false,\"reason\":\"r\"")),
			NULL },
		{ TOOL("output-available", INPUT OUTPUT), NULL },
		{ TOOL("output-available",
			  INPUT OUTPUT APPROVAL(",\"approved\":true")),
			NULL },
		{ TOOL("output-error", ",\"errorText\":\"\""), NULL },
		{ TOOL("output-error",
			  ",\"errorText\":\"e\",\"rawInput\":{\"a\":1}"),
			NULL },
		{ TOOL("output-denied", INPUT APPROVAL(",\"approved\":false")),
			NULL },
		{ "{\"type\":\"dynamic-tool\",\"toolName\":\"f\","
		  "\"toolCallId\":\"c\",\"state\":\"input-available\","
		  "\"input\":1}",
			NULL },

		{ "{\"type\":\"reasoning\",\"reasoning\":\"v4\"}", "[0].text" },
		{ "{\"type\":\"tool-invocation\",\"toolInvocation\":{}}",
			"[0].toolCallId" },
		/* Parts that a client has defined itself. */
		{ "{\"type\":\"custom\",\"kind\":\"x\"}", NULL },
		{ "{\"type\":\"reasoning-file\",\"url\":\"u\"}", NULL },
		{ "{\"type\":\"steering-message\"}", NULL },
		{ "{\"type\":\"reasoning\",\"text\":\"\",\"id\":null}", NULL },
		{ TOOL("input-available",
			  INPUT ",\"providerExecuted\":null,\"output\":null,"
				"\"errorText\":null,\"approval\":null"),
			NULL },
		{ "{\"type\":\"source-document\",\"sourceId\":\"s\","
		  "\"mediaType\":\"m\"}",
			"[0].title" },
		{ "{\"type\":\"tool-f\",\"state\":\"input-available\"}",
			"[0].toolCallId" },
		{ TOOL("call", INPUT), "[0].state" },
		{ TOOL("result", INPUT), "[0].state" },
		{ TOOL("input-streaming", ",\"rawInput\":1"), "[0].rawInput" },
		{ TOOL("input-streaming", ",\"output\":1"), "[0].output" },
		{ TOOL("input-available", ""), "[0].input" },
		{ TOOL("input-available", INPUT APPROVAL("")), "[0].approval" },
		{ TOOL("input-available", INPUT ",\"errorText\":\"e\""),
			"[0].errorText" },
		{ TOOL("approval-requested", INPUT), "[0].approval" },
		{ TOOL("approval-requested",
			  INPUT APPROVAL(",\"approved\":true")),
			"[0].approval" },
		{ TOOL("approval-responded", INPUT APPROVAL("")),
			"[0].approval" },
		{ TOOL("output-available", INPUT), "[0].output" },
		{ TOOL("output-available", OUTPUT), "[0].input" },
		{ TOOL("output-available",
			  INPUT OUTPUT APPROVAL(",\"approved\":false")),
			"[0].approval" },
		{ TOOL("output-available", INPUT OUTPUT ",\"preliminary\":1"),
			"[0].preliminary" },
		{ TOOL("output-error", ""), "[0].errorText" },
		{ TOOL("output-error", ",\"errorText\":null"),
			"[0].errorText" },
		{ TOOL("output-error", ",\"errorText\":\"e\",\"output\":1"),
			"[0].output" },
		{ TOOL("output-denied", INPUT APPROVAL("")), "[0].approval" },
		{ TOOL("output-denied", INPUT APPROVAL(",\"approved\":true")),
			"[0].approval" },
		{ TOOL("input-available", INPUT ",\"providerExecuted\":1"),
			"[0].providerExecuted" },
		{ "{\"type\":\"dynamic-tool\",\"toolCallId\":\"c\",\"state\":"
		  "\"input-available\",\"input\":1}",
			"[0].toolName" },
	};

	(void)state;
	check_parts("assistant", examples, LENGTH(examples));
}

static void
test_members_of_messages(void **state)
{
	(void)state;
	check("{\"id\":\"\",\"role\":\"user\",\"parts\":[" TEXT "}]}", NULL);
	check("{\"id\":\"i\",\"role\":\"user\",\"metadata\":null,\"content\":1,"
	      "\"parts\":[" TEXT "}]}",
		NULL);
	check("[]", "messages[1].role");
	check("{\"role\":\"user\",\"parts\":[" TEXT "}]}", NULL);
	check("{\"id\":null,\"role\":\"user\",\"parts\":[" TEXT "}]}", NULL);
	check("{\"id\":1,\"role\":\"user\",\"parts\":[" TEXT "}]}",
		"messages[1].id");
	check("{\"id\":\"i\",\"parts\":[" TEXT "}]}", "messages[1].role");
	check("{\"id\":\"i\",\"role\":\"system\",\"parts\":[" TEXT "}]}",
		"messages[1].role");
	check("{\"id\":\"i\",\"role\":\"tool\",\"parts\":[" TEXT "}]}",
		"messages[1].role");
	check("{\"id\":\"i\",\"role\":\"user\"}", "messages[1].parts");
	check("{\"id\":\"i\",\"role\":\"user\",\"content\":\"v4\"}",
		"messages[1].parts");
	check("{\"id\":\"i\",\"role\":\"user\",\"parts\":{}}",
		"messages[1].parts");
}

/* The limit itself is accepted, one more is not; the path is right at the end,
 * too. */
static void
test_number_of_parts_is_limited(void **state)
{
	struct buf message = BUF_INIT;

	(void)state;
	buf_puts(&message, "{\"id\":\"i\",\"role\":\"user\",\"parts\":[");
	for (int i = 1; i < VALIDATE_PARTS_MAX; i++)
		buf_puts(&message, TEXT "},");
	buf_puts(&message, TEXT "}]}");
	check(buf_str(&message), NULL);
	message.len -= strlen(TEXT "}]}");
	buf_puts(&message, "{\"type\":\"text\"}]}");
	check(buf_str(&message), "messages[1].parts[9999].text");
	message.len -= 2;
	buf_puts(&message, "," TEXT "}]}");
	check(buf_str(&message), "messages[1].parts");
	buf_free(&message);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parts_of_users),
		cmocka_unit_test(test_parts_of_assistants),
		cmocka_unit_test(test_members_of_messages),
		cmocka_unit_test(test_number_of_parts_is_limited),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
