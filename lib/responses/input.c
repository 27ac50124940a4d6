/* Writes the items one after another. */

#include "responses/input.h"

#include "wire/part.h"

#define NO_WORDS "[This reply ended here.]"

/* ---- the system prompt and users */

static void
open_message(struct responses_input *in, const char *role)
{
	json_open(in->w, '{');
	json_member_str(in->w, "type", "message");
	json_member_str(in->w, "role", role);
}

static void
put_words(struct responses_input *in, const char *type, struct span text)
{
	json_key(in->w, "content");
	json_open(in->w, '[');
	json_open(in->w, '{');
	json_member_str(in->w, "type", type);
	json_member_text(in->w, "text", text);
	json_close(in->w, '}');
	json_close(in->w, ']');
}

static void
put_answer(struct responses_input *in, struct span text, struct span phase)
{
	open_message(in, "assistant");
	put_words(in, "output_text", text);
	if (phase.len > 0)
		json_member_text(in->w, "phase", phase);
	json_close(in->w, '}');
}

static void
put_user(struct responses_input *in, const struct turn *turn)
{
	if (in->results)
		put_answer(in, span_of(NO_WORDS), (struct span){ NULL, 0 });
	open_message(in, "user");
	responses_put_said(in, turn);
	json_close(in->w, '}');
	in->results = false;
}

/* ---- the model */

static void
flush_text(struct responses_input *in)
{
	if (!llm_is_blank(buf_span(&in->text)))
		put_answer(in, buf_span(&in->text), in->phase);
	buf_clear(&in->text);
	in->phase = (struct span){ NULL, 0 };
}

/* A continued reply may have stopped in the middle of a word, so texts of one
 * phase become one message, with nothing between them. */
static void
add_text(struct responses_input *in, const struct step *step, size_t at)
{
	struct span phase = json_text(json_get(
		responses_kept(&in->owner, step, at), RESPONSES_PHASE));

	if (!span_equal(phase, in->phase))
		flush_text(in);
	in->phase = phase;
	buf_put_span(
		&in->text, llm_part_text(json_at(step->parts, at), "text"));
}

static void
put_call(struct responses_input *in, const struct json *part)
{
	struct buf name = BUF_INIT, input = BUF_INIT;

	flush_text(in);
	json_open(in->w, '{');
	json_member_str(in->w, "type", "function_call");
	json_member_text(in->w, "call_id", sent_ids_next(&in->ids, part));
	json_member_text(in->w, "name", sent_call_name(part, &name));
	json_member_text(in->w, "arguments", sent_call_input(part, &input));
	json_close(in->w, '}');
	in->had |= TAKES_BIT(TAKES_CALL_IDS) | TAKES_BIT(TAKES_TOOLS);
	buf_free(&name);
	buf_free(&input);
}

static void
put_result(struct responses_input *in, const struct json *part, struct span id)
{
	struct buf output = BUF_INIT;

	json_open(in->w, '{');
	json_member_str(in->w, "type", "function_call_output");
	json_member_text(in->w, "call_id", id);
	json_member_text(in->w, "output", sent_call_output(part, &output));
	json_close(in->w, '}');
	buf_free(&output);
}

static void
put_results(struct responses_input *in, const struct step *step, size_t id)
{
	for (size_t i = step->first; i < step->end; i++)
		if (sent_call_is_answered(json_at(step->parts, i)))
			put_result(in, json_at(step->parts, i),
				in->ids.list[id++]);
}

static void
put_step(struct responses_input *in, const struct step *step)
{
	size_t first_id = in->ids.n, at = step->first;

	if (step->begins && in->text.len > 0)
		buf_puts(&in->text, "\n\n");
	while (at < step->end) {
		const struct json *part = json_at(step->parts, at);

		if (llm_part_is(part, "reasoning")) {
			flush_text(in);
			at = responses_put_reasoning(in, step, at);
			continue;
		}
		if (llm_part_is(part, "text"))
			add_text(in, step, at);
		else if (sent_call_is_answered(part) && in->calls)
			put_call(in, part);
		else if (sent_call_is_answered(part))
			sent_call_words(part, &in->text);
		at++;
	}
	if (in->ids.n == first_id)
		return;
	flush_text(in);
	put_results(in, step, first_id);
}

static void
put_model(struct responses_input *in, const struct turn *turn)
{
	for (size_t i = 0; i < turn->n_steps; i++)
		put_step(in, &turn->steps[i]);
	flush_text(in);
	in->results = turn->calls;
}

static void
put_prompt(struct responses_input *in, struct span prompt)
{
	if (prompt.len == 0)
		return;
	open_message(in, "developer");
	put_words(in, "input_text", prompt);
	json_close(in->w, '}');
}

void
responses_put_input(struct responses_input *in, const struct turns *turns)
{
	bool developer = in->takes->way[TAKES_SYSTEM] == WAY_DEVELOPER;
	struct span prompt = buf_span(&turns->prompt);

	if (prompt.len > 0 && !developer)
		json_member_text(in->w, "instructions", prompt);
	json_key(in->w, "input");
	json_open(in->w, '[');
	if (developer)
		put_prompt(in, prompt);
	for (size_t i = 0; i < turns->n; i++) {
		const struct turn *turn = &turns->list[i];

		if (turn->model && (i == 0 || !turns->list[i - 1].model))
			in->reasoning = responses_is_whole(in, turns, i);
		if (turn->model)
			put_model(in, turn);
		else
			put_user(in, turn);
	}
	json_close(in->w, ']');
	buf_free(&in->text);
}
