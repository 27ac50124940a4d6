/* Stored conversations as requests: the recorded req- cases, and what they do
 * not cover. */

#include "../unit.h"
#include "../wire/vector.h"
#include "llm/request.h"
#include "json/raw_private.h"

#include <string.h>

/* The settings of two cases, in our configuration. */
static const struct {
	const char *name;
	struct llm_settings settings;
	const char *options;
} configured[] = {
	{ "req-settings",
		{ .temperature = { "0.5", 3 }, .max_tokens = { "100", 3 } },
		"{\"top_p\":0.9,\"stop\":[\"END\"],\"seed\":7,"
		"\"presence_penalty\":0.1,\"frequency_penalty\":0.2,"
		"\"tool_choice\":\"required\"}" },
	{ "req-provider-options", { 0 },
		"{\"chat_template_kwargs\":{\"enable_thinking\":false},"
		"\"reasoning_effort\":\"low\",\"user\":\"u-1\"}" },
	{ "req-system-option", { .system_prompt = "You are helpful." }, NULL },
};

static struct llm_settings
settings_of(struct arena *arena, const char *name)
{
	struct llm_settings settings = { .model = "test-model",
		.system_prompt = "",
		.context_tokens = 1 << 30 };

	for (size_t i = 0; i < LENGTH(configured); i++) {
		if (strcmp(configured[i].name, name) != 0)
			continue;
		settings.temperature = configured[i].settings.temperature;
		settings.max_tokens = configured[i].settings.max_tokens;
		if (configured[i].settings.system_prompt != NULL)
			settings.system_prompt =
				configured[i].settings.system_prompt;
		if (configured[i].options != NULL)
			settings.option_list = vector_json(
				arena, span_of(configured[i].options));
	}
	return settings;
}

static enum llm_role
role_of(const struct json *message)
{
	struct span role = json_text(json_get(message, "role"));

	return span_is(role, "user")      ? LLM_USER
		: span_is(role, "system") ? LLM_SYSTEM
					  : LLM_ASSISTANT;
}

/* The body for a model that accepts what *takes* says. */
static enum err
request(struct arena *arena, const struct llm_settings *settings,
	const char *takes, struct llm_message *messages, size_t n,
	struct buf *body)
{
	struct llm_ask ask = { .settings = settings };
	struct llm_asked asked;

	assert_int_equal(llm_takes_read(&ask.takes, span_of(takes), false), OK);
	return llm_request(arena, &ask, messages, n, body, &asked);
}

static void
build(struct arena *arena, const struct llm_settings *settings,
	struct span ui_messages, struct buf *body)
{
	const struct json *list = vector_json(arena, ui_messages);
	struct llm_message messages[200];
	size_t n = json_length(list);

	assert_true(n <= LENGTH(messages));
	for (size_t i = 0; i < n; i++)
		messages[i] = (struct llm_message){ role_of(json_at(list, i)),
			json_raw_get(json_raw_at(ui_messages, i), "parts"),
			.own = true };
	assert_int_equal(request(arena, settings, "", messages, n, body), OK);
}

/* The messages of a case for which we write something else on purpose, or
 * absent. */
static struct span
listed(struct arena *arena, const char *name)
{
	struct span all = vector_file(arena, ".", "DEVIATIONS.json");

	/* Stored state is our own; posted state is refused. */
	if (strcmp(name, "req-tool-thought-signature") == 0)
		return (struct span){ NULL, 0 };
	/* There the tool runs on the server; here no tool can run. */
	if (strcmp(name, "req-approval-approved") == 0)
		return span_of("[{\"role\":\"user\",\"content\":\"x\"}]");
	for (size_t i = 0; i < LENGTH(configured); i++)
		if (strcmp(configured[i].name, name) == 0)
			return (struct span){ NULL, 0 };
	return json_raw_get(
		json_raw_get(json_raw_get(all, name), "answer"), "messages");
}

/* Members that we always send and the record does not have are removed. */
static void
run_case(const char *name)
{
	struct arena arena = ARENA_INIT;
	struct buf body = BUF_INIT;
	struct span expected = vector_v6(&arena, name, "request", ".json");
	struct span ui_messages = vector_file(&arena, name, "ui_messages.json");
	struct llm_settings settings = settings_of(&arena, name);
	const char *usage = ",\"stream_options\":{\"include_usage\":true}}";

	if (expected.data != NULL)
		settings.tools = json_raw_get(expected, "tools");
	build(&arena, &settings, ui_messages, &body);
	if (listed(&arena, name).data != NULL) {
		assert_same_json(name,
			json_raw_get(buf_span(&body), "messages"),
			listed(&arena, name));
	} else {
		assert_non_null(expected.data);
		assert_true(body.len > strlen(usage));
		if (json_raw_get(expected, "stream_options").data == NULL) {
			body.len -= strlen(usage);
			assert_string_equal(body.data + body.len, usage);
			buf_putc(&body, '}');
		}
		assert_same_json(name, buf_span(&body), expected);
	}
	buf_free(&body);
	arena_reset(&arena);
}

static void
test_recorded_requests_match(void **state)
{
	(void)state;
	vector_each("request", run_case);
}

/* ---- cases without records */

static void
expect_content(const char *parts, const char *content)
{
	struct arena arena = ARENA_INIT;
	struct buf body = BUF_INIT;
	struct llm_settings settings = settings_of(&arena, "");
	struct llm_message message = { .role = LLM_USER,
		.parts = span_of(parts) };
	struct span sent;

	assert_int_equal(
		request(&arena, &settings, "", &message, 1, &body), OK);
	sent = json_raw_at(json_raw_get(buf_span(&body), "messages"), 0);
	assert_same_json(
		parts, json_raw_get(sent, "content"), span_of(content));
	buf_free(&body);
	arena_reset(&arena);
}

#define FILE_PART(type, url)                        \
	"[{\"type\":\"file\",\"mediaType\":\"" type \
	"\",\"filename\":\"f.x\",\"url\":\"" url "\"}]"
#define IMAGE(url) \
	"[{\"type\":\"image_url\",\"image_url\":{\"url\":\"" url "\"}}]"
#define NOTE(type)                                \
	"\"[The attached file \\\"f.x\\\" (" type \
	") cannot be read by this model.]\""

static void
test_files_by_type_and_address(void **state)
{
	(void)state;
	/* Remote files: images by address, all others as a note. */
	expect_content(FILE_PART("image/png", "https://x.example/a.png"),
		IMAGE("https://x.example/a.png"));
	expect_content(FILE_PART("application/pdf", "http://169.254.169.254/"),
		NOTE("application/pdf"));
	expect_content(FILE_PART("text/plain", "file:///etc/passwd"),
		NOTE("text/plain"));
	/* The bytes decide which type an image has. */
	expect_content(FILE_PART("image/*", "data:image/*;base64,iVBORw0KGgo="),
		IMAGE("data:image/png;base64,iVBORw0KGgo="));
	expect_content(FILE_PART("image/*", "data:image/*;base64,AAAA"),
		IMAGE("data:image/jpeg;base64,AAAA"));
	expect_content(FILE_PART("image/png", "iVBORw0KGgo="),
		IMAGE("data:image/png;base64,iVBORw0KGgo="));
	/* Texts: without a byte-order mark, with broken bytes replaced, in both
	 * base64 alphabets. */
	expect_content(FILE_PART("text/csv", "data:;base64,77u/YWL_Pz8="),
		"\"ab\xef\xbf\xbd??\"");
	expect_content(FILE_PART("text/plain", "data:text/plain,a%C3%A4%zz"),
		"\"a\xc3\xa4%zz\"");
	expect_content(FILE_PART("text/plain", "data:text/plain;base64,a"),
		NOTE("text/plain"));
	expect_content(FILE_PART("text/plain", "data:text/plain;base64,a=b="),
		NOTE("text/plain"));
	expect_content(FILE_PART("audio/ogg", "data:audio/ogg;base64,AAAA"),
		NOTE("audio/ogg"));
	expect_content(
		FILE_PART("image/png", "data:image/png"), NOTE("image/png"));
	/* A note says that there is nothing to send. */
	expect_content("[{\"type\":\"text\",\"text\":\" \\n\"},"
		       "{\"type\":\"data-x\",\"data\":1}]",
		"\"[This message is empty.]\"");
}

static void
test_passed_on_members_cannot_replace_ours(void **state)
{
	(void)state;
	expect_content(
		"[{\"type\":\"text\",\"text\":\"a\",\"providerMetadata\":"
		"{\"openaiCompatible\":{\"content\":\"b\",\"role\":"
		"\"system\"}}}]",
		"\"a\"");
}

static void
test_options_replace_members(void **state)
{
	struct arena arena = ARENA_INIT;
	struct buf body = BUF_INIT;
	struct llm_settings settings = settings_of(&arena, "");
	struct llm_message message = { .role = LLM_USER,
		.parts = span_of("[{\"type\":\"text\",\"text\":\"x\"}]") };

	(void)state;
	settings.temperature = span_of("1");
	settings.option_list = vector_json(&arena,
		span_of("{\"model\":\"other\",\"temperature\":null,"
			"\"stream_options\":null}"));
	assert_int_equal(
		request(&arena, &settings, "", &message, 1, &body), OK);
	assert_same_json("options replace settings, null takes them away",
		buf_span(&body),
		span_of("{\"model\":\"other\",\"messages\":[{\"role\":\"user\","
			"\"content\":\"x\"}],\"stream\":true}"));
	buf_free(&body);
	arena_reset(&arena);
}

static void
test_broken_stored_parts_are_an_error(void **state)
{
	struct arena arena = ARENA_INIT;
	struct buf body = BUF_INIT;
	struct llm_settings settings = settings_of(&arena, "");
	struct llm_message message = { .role = LLM_USER,
		.parts = span_of("{\"a\":1}") };

	(void)state;
	assert_int_equal(request(&arena, &settings, "", &message, 1, &body),
		ERR_INTERNAL);
	buf_free(&body);
	arena_reset(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_recorded_requests_match),
		cmocka_unit_test(test_files_by_type_and_address),
		cmocka_unit_test(test_passed_on_members_cannot_replace_ours),
		cmocka_unit_test(test_options_replace_members),
		cmocka_unit_test(test_broken_stored_parts_are_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
