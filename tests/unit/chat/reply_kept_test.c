/* Opaque state goes into the part that its event ends, or into a part of its
 * own if the model showed nothing. */

#include "../unit.h"
#include "chat/reply.h"

#include <string.h>

struct play {
	struct reply *reply;
	struct buf out;
};

static const struct llm_settings settings = { .model = "m", .reply_max = 4096 };

static void
say(struct play *play, enum llm_event_type type, const char *text,
	const char *kept)
{
	const struct llm_event event = { .type = type,
		.text = span_of(text),
		.kept = span_of(kept),
		.kept_by = "p" };

	assert_int_equal(reply_event(play->reply, &event, &play->out), OK);
}

static void
expect(struct play *play, const char *parts)
{
	struct llm_result result = { LLM_OK, LLM_FINISH_STOP, LLM_USAGE_NONE };
	struct buf out = BUF_INIT;

	reply_end(play->reply, &result, &play->out);
	parts_write(reply_parts(play->reply), &out);
	assert_string_equal(buf_str(&out), parts);
	buf_free(&out);
	buf_free(&play->out);
	reply_free(play->reply);
}

static void
begin(struct play *play)
{
	*play = (struct play){ .reply = reply_open(&settings) };
	reply_start(play->reply, 1, 0, &play->out);
	say(play, LLM_BEGIN, NULL, NULL);
}

#define STEP "{\"type\":\"step-start\"}"
#define KEPT(n) "\"providerMetadata\":{\"p\":{\"model\":\"m\",\"n\":" #n "}}"
#define DONE "\"state\":\"done\"}"

static void
test_state_is_kept_in_its_part(void **state)
{
	struct play play;

	(void)state;
	begin(&play);
	say(&play, LLM_REASONING, "a", NULL);
	say(&play, LLM_REASONING_END, NULL, "{\"n\":1}");
	say(&play, LLM_REASONING, "b", NULL);
	say(&play, LLM_REASONING_END, NULL, "{\"n\":2}");
	say(&play, LLM_TEXT, "c", NULL);
	say(&play, LLM_TEXT_END, NULL, "{\"n\":3}");
	expect(&play,
		"[" STEP
		",{\"type\":\"reasoning\",\"id\":\"reasoning-0\",\"text\":\"a\"," KEPT(
			1) "," DONE
			   ",{\"type\":\"reasoning\",\"id\":\"reasoning-1\",\"text\":\"b\"," KEPT(
				   2) "," DONE
				      ",{\"type\":\"text\",\"text\":\"c\"," KEPT(
					      3) "," DONE "]");
}

/* Signed or hidden reasoning without text. Open blocks end first. */
static void
test_state_without_text_gets_a_part(void **state)
{
	struct play play;

	(void)state;
	begin(&play);
	say(&play, LLM_REASONING_END, NULL, NULL);
	say(&play, LLM_REASONING_END, NULL, "{\"n\":1}");
	say(&play, LLM_TEXT, "c", NULL);
	say(&play, LLM_REASONING_END, NULL, "{\"n\":2}");
	say(&play, LLM_TEXT_END, NULL, NULL);
	expect(&play,
		"[" STEP
		",{\"type\":\"reasoning\",\"id\":\"reasoning-0\",\"text\":\"\"," KEPT(
			1) "," DONE ",{\"type\":\"text\",\"text\":\"c\"," DONE
			   ",{\"type\":\"reasoning\",\"id\":\"reasoning-1\",\"text\":\"\"," KEPT(
				   2) "," DONE "]");
}

/* The state of a step goes to the next part that ends and has none of its
 * own. */
static void
test_state_of_a_step_goes_to_the_next_part(void **state)
{
	struct play play;

	(void)state;
	begin(&play);
	say(&play, LLM_REASONING, "a", NULL);
	say(&play, LLM_KEPT, NULL, "{\"n\":9}");
	say(&play, LLM_REASONING_END, NULL, "{\"n\":1}");
	say(&play, LLM_TEXT, "c", NULL);
	say(&play, LLM_TEXT_END, NULL, NULL);
	expect(&play,
		"[" STEP
		",{\"type\":\"reasoning\",\"id\":\"reasoning-0\",\"text\":\"a\"," KEPT(
			1) "," DONE
			   ",{\"type\":\"text\",\"text\":\"c\"," KEPT(
				   9) "," DONE "]");
}

/* State that came with a call stays with it; state at its end takes
 * precedence. */
static void
test_state_of_a_call_stays_with_it(void **state)
{
	static const struct llm_tool tool = { { "f", 1 }, NULL };
	static const struct llm_settings with_tool = { .model = "m",
		.reply_max = 4096,
		.tool_list = &tool,
		.n_tools = 1 };
	struct llm_event event = { .type = LLM_TOOL_START,
		.id = span_of("c"),
		.name = span_of("f"),
		.kept = span_of("{\"thoughtSignature\":\"s\\\"\"}"),
		.kept_by = "google" };
	struct play play = { .reply = reply_open(&with_tool) };

	(void)state;
	reply_start(play.reply, 1, 0, &play.out);
	say(&play, LLM_BEGIN, NULL, NULL);
	assert_int_equal(reply_event(play.reply, &event, &play.out), OK);
	say(&play, LLM_TOOL_END, NULL, NULL);
	assert_non_null(strstr(buf_str(&play.out),
		"{\"type\":\"tool-input-available\",\"toolCallId\":\"c\","
		"\"toolName\":\"f\",\"input\":{},\"providerMetadata\":{"
		"\"google\":{\"model\":\"m\",\"thoughtSignature\":"
		"\"s\\\"\"}}}"));
	event.id = span_of("d");
	event.call = 1;
	assert_int_equal(reply_event(play.reply, &event, &play.out), OK);
	event = (struct llm_event){ .type = LLM_TOOL_END,
		.call = 1,
		.kept = span_of("{\"n\":4}"),
		.kept_by = "p" };
	assert_int_equal(reply_event(play.reply, &event, &play.out), OK);
	assert_non_null(strstr(buf_str(&play.out),
		"\"toolCallId\":\"d\",\"toolName\":\"f\",\"input\":{}," KEPT(
			4)));
	buf_free(&play.out);
	reply_free(play.reply);
}

/* The result of the call does not change that: *ends* says whether it was
 * complete, *name* may be an unknown tool. */
static void
refuse(const char *name, const char *arguments, bool ends, const char *why)
{
	static const struct llm_tool tool = { { "f", 1 }, NULL };
	static const struct llm_settings with_tool = { .model = "m",
		.reply_max = 1 << 20,
		.tool_list = &tool,
		.n_tools = 1 };
	struct llm_event event = { .type = LLM_TOOL_START,
		.id = span_of("c"),
		.name = span_of(name),
		.kept = span_of("{\"thoughtSignature\":\"s\"}"),
		.kept_by = "google" };
	struct play play = { .reply = reply_open(&with_tool) };
	struct llm_result result = { ends ? LLM_OK : LLM_STOPPED,
		LLM_FINISH_TOOL_CALLS, LLM_USAGE_NONE };
	struct buf parts = BUF_INIT;

	reply_start(play.reply, 1, 0, &play.out);
	say(&play, LLM_BEGIN, NULL, NULL);
	assert_int_equal(reply_event(play.reply, &event, &play.out), OK);
	say(&play, LLM_TOOL_ARGS, arguments, NULL);
	if (ends)
		say(&play, LLM_TOOL_END, NULL, NULL);
	reply_end(play.reply, &result, &play.out);
	parts_write(reply_parts(play.reply), &parts);
	if (strstr(buf_str(&parts), why) == NULL ||
		strstr(buf_str(&parts), "\"state\":\"output-error\"") == NULL ||
		strstr(buf_str(&parts),
			"\"callProviderMetadata\":{\"google\":{\"model\":\"m\","
			"\"thoughtSignature\":\"s\"}}") == NULL)
		fail_msg("%.600s", buf_str(&parts));
	buf_free(&parts);
	buf_free(&play.out);
	reply_free(play.reply);
}

static void
test_invalid_calls_get_an_error(void **state)
{
	struct buf large = BUF_INIT;

	(void)state;
	refuse("f", "{\"a\":", true, "not valid JSON");
	refuse("g", "{}", true, "no tool of this name");
	refuse("f", "{}", false, "ended before this call");
	for (size_t i = 0; i <= (128u << 10) / 7; i++)
		buf_puts(&large, "{\"a\":1}");
	refuse("f", buf_str(&large), true, "too large");
	buf_free(&large);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_state_is_kept_in_its_part),
		cmocka_unit_test(test_state_without_text_gets_a_part),
		cmocka_unit_test(test_state_of_a_step_goes_to_the_next_part),
		cmocka_unit_test(test_state_of_a_call_stays_with_it),
		cmocka_unit_test(test_invalid_calls_get_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
