/* prompt_test.c: how much of a long chat the model is sent, and how a reply
 * ends whose request could not be written. */

#include "chat/prompt.h"

#include "../repo/testdb.h"
#include "../unit.h"
#include "repo/instructions.h"
#include "repo/message.h"
#include "wire/event.h"

#include <string.h>

#define NOW INT64_C(1763812800000)
/* larger than messages that are read together */
#define LARGE ((size_t)400 << 10)

static const struct llm_settings settings = { .base_url = "",
	.model = "m",
	.system_prompt = "",
	.takes_words = "",
	.context_tokens = 100000,
	.context_max = LARGE + LARGE / 2,
	.reply_max = 1 << 20 };

static void
the_model_is_not_blamed(void **state)
{
	(void)state;
	assert_int_equal(prompt_fault(OK), LLM_OK);
	assert_int_equal(prompt_fault(ERR_BUSY), LLM_DATABASE);
	assert_int_equal(prompt_fault(ERR_CONFLICT), LLM_STEPS);
	assert_int_equal(prompt_fault(ERR_INTERNAL), LLM_DEFECT);
	assert_int_equal(prompt_fault(ERR_NOT_FOUND), LLM_DEFECT);
}

static void
add(struct testdb *t, uint64_t session_id, bool is_user, const char *parts)
{
	struct message message = { .id = testdb_id(),
		.is_user = is_user,
		.active = true,
		.status = "complete",
		.parts = span_of(parts),
		.create_ms = NOW };

	assert_int_equal(message_insert(t->db, session_id, &message), OK);
}

/* A question with a picture of that length. */
static const char *
picture(struct testdb *t, const char *words, size_t len)
{
	char *content = arena_alloc(&t->arena, len + 1);

	memset(content, 'A', len);
	content[len] = '\0';
	return arena_printf(&t->arena,
		"[{\"type\":\"text\",\"text\":\"%s\"},"
		"{\"type\":\"file\",\"mediaType\":\"image/png\","
		"\"filename\":\"%s.png\",\"url\":\"data:image/png;base64,%s\"}]",
		words, words, content);
}

static const char *
told(struct testdb *t, uint64_t session_id)
{
	const struct prompt_ask ask = { .session_id = session_id,
		.reply_id = testdb_id(),
		.site_name = "",
		.steps_max = 1 };
	struct buf body = BUF_INIT;
	struct llm_asked asked;
	const char *text;

	assert_int_equal(
		prompt_write(t->db, &t->arena, &settings, &ask, &body, &asked),
		OK);
	text = arena_str(&t->arena, buf_str(&body), body.len);
	buf_free(&body);
	return text;
}

static unsigned
times(const char *text, const char *part)
{
	unsigned n = 0;

	while ((text = strstr(text, part)) != NULL) {
		text += strlen(part);
		n++;
	}
	return n;
}

/* Earlier turns are kept up to a number of bytes; of a message beyond that only
 * the text is sent. */
static void
large_files_of_earlier_turns_are_left_out(void **state)
{
	struct testdb *t = *state;
	uint64_t id = testdb_session(t, testdb_user(t), NOW);
	const char *body;

	add(t, id, true, picture(t, "oldest", LARGE));
	add(t, id, false, "[{\"type\":\"text\",\"text\":\"I see.\"}]");
	add(t, id, true, picture(t, "newest", LARGE));
	body = told(t, id);
	assert_non_null(strstr(body, "\"oldest\\n"));
	assert_non_null(strstr(body, "oldest.png"));
	assert_non_null(strstr(body, "\"newest\""));
	assert_int_equal(times(body, "data:image/png;base64,"), 1);
	assert_true(strlen(body) > LARGE && strlen(body) < 2 * LARGE);
}

/* Messages are in order, from as far back as there is room. */
static void
as_many_messages_are_told_as_there_is_room_for(void **state)
{
	struct testdb *t = *state;
	uint64_t id = testdb_session(t, testdb_user(t), NOW);
	const char *body, *before, *after;

	for (int i = 0; i < 200; i++)
		add(t, id, i % 2 == 0,
			arena_printf(&t->arena,
				"[{\"type\":\"text\",\"text\":\"number %d.\"}]",
				i));
	add(t, id, true, "[{\"type\":\"text\",\"text\":\"the last\"}]");
	body = told(t, id);
	before = strstr(body, "\"number 7.\"");
	after = strstr(body, "\"number 150.\"");
	assert_non_null(strstr(body, "\"number 0.\""));
	assert_true(before != NULL && after != NULL && before < after);
	assert_true(after < strstr(body, "the last"));
}

/* The user's instructions for all chats come first, then those of the chat. */
static void
instructions_are_told_first(void **state)
{
	struct testdb *t = *state;
	uint64_t user_id = testdb_user(t), id = testdb_session(t, user_id, NOW);
	const char *body, *all, *one;

	add(t, id, true, "[{\"type\":\"text\",\"text\":\"hello\"}]");
	assert_null(strstr(told(t, id), "\"system\""));
	assert_int_equal(instructions_set_user(
				 t->db, user_id, span_of("Answer briefly.")),
		OK);
	assert_int_equal(instructions_set_session(t->db, user_id, id,
				 span_of("Answer in verse.")),
		OK);
	body = told(t, id);
	all = strstr(body, "for all conversations:\\nAnswer briefly.\\n\\n");
	one = strstr(body, "for this conversation:\\nAnswer in verse.\"");
	assert_non_null(strstr(body, "\"system\""));
	assert_true(all != NULL && one != NULL && all < one);
	assert_true(one < strstr(body, "hello"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_model_is_not_blamed),
		cmocka_unit_test(large_files_of_earlier_turns_are_left_out),
		cmocka_unit_test(
			as_many_messages_are_told_as_there_is_room_for),
		cmocka_unit_test(instructions_are_told_first),
	};

	return cmocka_run_group_tests(tests, testdb_open, testdb_close);
}
