#include "ask.h"

#include "../unit.h"
#include "../wire/vector.h"
#include "conf/conf.h"
#include "json/raw_private.h"

const struct llm_settings responses_plain = { .kind = CONF_RESPONSES,
	.model = "m",
	.system_prompt = "",
	.context_tokens = 1 << 30 };

static enum llm_role
role_of(const struct json *message)
{
	struct span role = json_text(json_get(message, "role"));

	return span_is(role, "user")      ? LLM_USER
		: span_is(role, "system") ? LLM_SYSTEM
					  : LLM_ASSISTANT;
}

void
responses_build(struct arena *arena, struct responses_asked *asked,
	const char *conversation, struct buf *body)
{
	const struct json *list = vector_json(arena, span_of(conversation));
	struct llm_message messages[16];
	size_t n = json_length(list);
	struct llm_ask ask = { .settings = asked->settings,
		.last = asked->last };
	struct llm_asked how;

	assert_true(n <= LENGTH(messages));
	for (size_t i = 0; i < n; i++)
		messages[i] = (struct llm_message){ role_of(json_at(list, i)),
			json_raw_get(
				json_raw_at(span_of(conversation), i), "parts"),
			.own = true };
	assert_int_equal(
		llm_takes_read(&ask.takes, span_of(asked->takes), false), OK);
	assert_int_equal(llm_request(arena, &ask, messages, n, body, &how), OK);
	asked->had = how.had;
}

void
responses_expect(struct responses_asked asked, const char *conversation,
	const char *member, const char *expected)
{
	struct arena arena = ARENA_INIT;
	struct buf body = BUF_INIT;
	struct span actual;

	responses_build(&arena, &asked, conversation, &body);
	actual = member == NULL ? buf_span(&body)
				: json_raw_get(buf_span(&body), member);
	if (expected == NULL) {
		if (actual.data != NULL)
			fail_msg("%s in %s", member, buf_str(&body));
	} else {
		if (actual.data == NULL)
			fail_msg("no %s in %s", member, buf_str(&body));
		assert_same_json(conversation, actual, span_of(expected));
	}
	buf_free(&body);
	arena_reset(&arena);
}

void
responses_expect_input(const char *conversation, const char *expected)
{
	responses_expect(
		(struct responses_asked){ &responses_plain, "", false, 0 },
		conversation, "input", expected);
}
