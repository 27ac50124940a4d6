/* Writes tool calls and their results. */

#include "openai/messages.h"

#include "wire/kept.h"
#include "wire/part.h"
#include "wire/sent_call.h"

/* Writes Gemini's signature, which the model wants back with the call. */
static void
put_signature(struct openai_messages *m, const struct json *part, bool own)
{
	struct json_writer *w = m->w;
	struct span signature =
		llm_part_text(kept_find(sent_call_metadata(part), KEPT_GOOGLE,
				      &m->owner, own),
			KEPT_THOUGHT_SIGNATURE);

	if (signature.len == 0)
		return;
	json_key(w, "extra_content");
	json_open(w, '{');
	json_key(w, "google");
	json_open(w, '{');
	json_member_text(w, "thought_signature", signature);
	json_close(w, '}');
	json_close(w, '}');
}

static void
put_call(struct openai_messages *m, const struct json *part, bool own)
{
	struct buf name = BUF_INIT, input = BUF_INIT;
	struct json_writer *w = m->w;

	json_open(w, '{');
	json_member_text(w, "id", sent_ids_next(&m->ids, part));
	json_member_str(w, "type", "function");
	json_key(w, "function");
	json_open(w, '{');
	json_member_text(w, "name", sent_call_name(part, &name));
	json_member_text(w, "arguments", sent_call_input(part, &input));
	json_close(w, '}');
	openai_put_passed_on(w, sent_call_metadata(part));
	put_signature(m, part, own);
	json_close(w, '}');
	buf_free(&name);
	buf_free(&input);
}

static void
put_result(struct openai_messages *m, const struct json *part, struct span id)
{
	struct buf output = BUF_INIT;

	json_open(m->w, '{');
	json_member_str(m->w, "role", "tool");
	json_member_text(m->w, "tool_call_id", id);
	json_member_text(m->w, "content", sent_call_output(part, &output));
	openai_put_passed_on(m->w, json_get(part, "callProviderMetadata"));
	json_close(m->w, '}');
	buf_free(&output);
}

static void
put_together(struct openai_messages *m, const struct step *step)
{
	size_t id = m->ids.n;

	openai_open_calls(m);
	json_key(m->w, "tool_calls");
	json_open(m->w, '[');
	for (size_t i = step->first; i < step->end; i++)
		if (sent_call_is_answered(json_at(step->parts, i)))
			put_call(m, json_at(step->parts, i), step->own);
	json_close(m->w, ']');
	json_close(m->w, '}');
	for (size_t i = step->first; i < step->end; i++)
		if (sent_call_is_answered(json_at(step->parts, i)))
			put_result(
				m, json_at(step->parts, i), m->ids.list[id++]);
}

void
openai_put_calls(struct openai_messages *m, const struct step *step)
{
	struct step one = *step;
	size_t n = m->ids.n;

	m->had |= TAKES_BIT(TAKES_CALL_IDS);
	if (m->takes->way[TAKES_PARALLEL_CALLS] == WAY_ON) {
		put_together(m, step);
		if (m->ids.n > n + 1)
			m->had |= TAKES_BIT(TAKES_PARALLEL_CALLS);
		return;
	}
	for (one.first = step->first; one.first < step->end; one.first++) {
		one.end = one.first + 1;
		if (sent_call_is_answered(json_at(step->parts, one.first)))
			put_together(m, &one);
	}
}
