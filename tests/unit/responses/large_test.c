/* Responses so long that the events repeating them are too large to be parsed,
 * with every line end, and however the body is cut. */

#include "../unit.h"
#include "base/buf.h"
#include "openai/wire.h"
#include "responses/wire.h"
#include "wire/stream.h"

#include <stdio.h>

/* The text has quotation marks, braces and words that an end event also has. */
#define PIECE "\\\"usage\\\":{\\\"input_tokens\\\":7} \\\"status\\\" } "
#define SAID "\"usage\":{\"input_tokens\":7} \"status\" } "
#define PIECES (SSE_EVENT_MAX / (sizeof(PIECE) - 1) + 100)

struct form {
	bool named; /* by the SSE event, not by "type" */
	const char *eol;
};

static void
begin(struct buf *body, const struct form *form, const char *type)
{
	if (form->named)
		buf_printf(body, "event: response.%s%sdata: {\"x\":1,", type,
			form->eol);
	else
		buf_printf(body, "data: {\"type\":\"response.%s\",", type);
}

static void
end(struct buf *body, const struct form *form)
{
	buf_printf(body, "}%s%s", form->eol, form->eol);
}

static void
put_text(struct buf *body)
{
	buf_putc(body, '"');
	for (size_t i = 0; i < PIECES; i++)
		buf_puts(body, PIECE);
	buf_putc(body, '"');
}

static void
put_item(struct buf *body)
{
	buf_puts(body,
		"{\"type\":\"message\",\"id\":\"m\",\"status\":"
		"\"completed\",\"content\":[{\"type\":\"output_text\",\"text\":");
	put_text(body);
	buf_puts(body, "}]}");
}

static void
put_deltas(struct buf *body, const struct form *form)
{
	for (size_t i = 0; i < PIECES; i++) {
		begin(body, form, "output_text.delta");
		buf_puts(body,
			"\"item_id\":\"m\",\"output_index\":0,"
			"\"content_index\":0,\"delta\":\"" PIECE "\"");
		end(body, form);
	}
}

static void
put_repeats(struct buf *body, const struct form *form)
{
	begin(body, form, "output_text.done");
	buf_puts(body, "\"item_id\":\"m\",\"output_index\":0,\"text\":");
	put_text(body);
	end(body, form);
	begin(body, form, "output_item.done");
	buf_puts(body, "\"output_index\":0,\"item\":");
	put_item(body);
	end(body, form);
}

static void
put_end(struct buf *body, const struct form *form, const char *type,
	const char *members)
{
	begin(body, form, type);
	buf_printf(body,
		"\"response\":{\"id\":\"r\",\"object\":\"response\"%s,"
		"\"output\":[",
		members);
	put_item(body);
	buf_puts(body,
		"],\"store\":false,\"usage\":{\"input_tokens\":3,"
		"\"input_tokens_details\":{\"cached_tokens\":1},"
		"\"output_tokens\":4,\"total_tokens\":7},\"user\":null}");
	end(body, form);
}

/* ---- playing the body */

struct heard {
	size_t len; /* bytes of text */
	bool right;
};

static void
on_event(void *arg, const struct llm_event *event)
{
	struct heard *heard = arg;

	if (event->type != LLM_TEXT)
		return;
	heard->right = heard->right && span_is(event->text, SAID);
	heard->len += event->text.len;
}

static struct llm_result
play(const struct wire *wire, struct span body, size_t piece,
	struct heard *heard)
{
	struct llm_stream *stream =
		llm_stream_open(wire, on_event, heard, 1 << 21);
	struct llm_result result;

	*heard = (struct heard){ .right = true };
	for (size_t at = 0; at < body.len; at += piece)
		if (llm_stream_feed(stream, body.data + at,
			    MIN(piece, body.len - at)) != LLM_OK)
			break;
	result = llm_stream_end(stream, true);
	llm_stream_free(stream);
	return result;
}

static const size_t pieces[] = { SIZE_MAX / 2, 16384, 1000, 1 };

static void
expect(struct span body, enum llm_finish finish)
{
	for (size_t i = 0; i < LENGTH(pieces); i++) {
		struct heard heard;
		struct llm_result result =
			play(&wire_responses, body, pieces[i], &heard);

		assert_string_equal(llm_fault_word(result.fault), "ok");
		assert_int_equal(result.finish, finish);
		assert_int_equal(heard.len, PIECES * strlen(SAID));
		assert_true(heard.right);
		assert_int_equal(result.usage.input, 3);
		assert_int_equal(result.usage.output, 4);
		assert_int_equal(result.usage.cached_input, 1);
	}
}

static const struct form forms[] = {
	{ false, "\n" },
	{ true, "\n" },
	{ false, "\r\n" },
	{ true, "\r" },
};

static void
test_it_is_complete(void **state)
{
	struct buf body = BUF_INIT;

	(void)state;
	for (size_t i = 0; i < LENGTH(forms); i++) {
		buf_clear(&body);
		put_deltas(&body, &forms[i]);
		put_repeats(&body, &forms[i]);
		put_end(&body, &forms[i], "completed",
			",\"status\":\"completed\",\"error\":null,"
			"\"reasoning\":{\"effort\":\"low\"}");
		expect(buf_span(&body), LLM_FINISH_STOP);
		/* The end of the body also ends the event. */
		body.len -= strlen(forms[i].eol);
		expect(buf_span(&body), LLM_FINISH_STOP);
	}
	buf_free(&body);
}

static void
test_it_says_why_it_ended(void **state)
{
	struct buf body = BUF_INIT;

	(void)state;
	put_deltas(&body, &forms[0]);
	put_end(&body, &forms[0], "incomplete",
		",\"status\":\"incomplete\",\"incomplete_details\":"
		"{\"reason\":\"max_output_tokens\"}");
	expect(buf_span(&body), LLM_FINISH_LENGTH);
	buf_free(&body);
}

/* Text that has not come before is not lost silently. */
static void
test_what_comes_only_so_is_too_large(void **state)
{
	const struct wire *const wires[] = { &wire_responses, &wire_openai };
	struct buf bodies[4] = { BUF_INIT };
	struct heard heard;

	(void)state;
	put_repeats(&bodies[0], &forms[0]);
	put_end(&bodies[1], &forms[0], "completed", "");
	put_deltas(&bodies[2], &forms[0]);
	begin(&bodies[2], &forms[0], "output_text.delta");
	buf_puts(&bodies[2], "\"delta\":");
	put_text(&bodies[2]);
	end(&bodies[2], &forms[0]);
	put_deltas(&bodies[3], &forms[0]);
	buf_puts(&bodies[3], ": ");
	put_text(&bodies[3]);
	buf_puts(&bodies[3], "\n\n");
	for (size_t i = 0; i < LENGTH(bodies) * LENGTH(wires); i++) {
		const struct buf *body = &bodies[i / LENGTH(wires)];

		assert_int_equal(play(wires[i % LENGTH(wires)], buf_span(body),
					 1000, &heard)
					 .fault,
			LLM_TOO_BIG);
	}
	for (size_t i = 0; i < LENGTH(bodies); i++)
		buf_free(&bodies[i]);
}

/* Text cut out of an end event cannot change its meaning. */
static void
test_odd_ends_do_not_change_the_meaning(void **state)
{
	static const char *const ends[] = { "", "\"usage\"",
		"\"usage\":", "\"usage\":{", "\"usage\":{]}",
		"\"usage\":{\"a\":{}", "\"usage\":{\"input_tokens\":}}",
		"\"usage\":[1]", "\"usage\" : \"x\"",
		"\\\"usage\":{\"input_tokens\":9}" };
	struct heard heard;

	(void)state;
	for (size_t i = 0; i < LENGTH(ends); i++) {
		struct buf body = BUF_INIT;
		struct llm_result result;

		put_deltas(&body, &forms[0]);
		begin(&body, &forms[0], "completed");
		buf_puts(&body, "\"response\":{\"status\":\"comp");
		put_text(&body);
		buf_puts(&body, ends[i]);
		buf_puts(&body, "\n\n");
		result = play(&wire_responses, buf_span(&body), 1000, &heard);
		assert_string_equal(llm_fault_word(result.fault), "ok");
		assert_int_equal(result.usage.input, -1);
		buf_free(&body);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_it_is_complete),
		cmocka_unit_test(test_it_says_why_it_ended),
		cmocka_unit_test(test_what_comes_only_so_is_too_large),
		cmocka_unit_test(test_odd_ends_do_not_change_the_meaning),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
