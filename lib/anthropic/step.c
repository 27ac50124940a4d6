/* Writes what the model has thought, said and called. */

#include "anthropic/messages.h"

#include "anthropic/kept.h"
#include "wire/part.h"

/* ---- opaque state */

static bool
is_opaque(const struct json *block)
{
	return json_kind(block) == JSON_OBJECT &&
		json_text(json_get(block, "type")).len > 0;
}

bool
anthropic_has_blocks(const void *owner, const struct step *step)
{
	for (size_t i = step->first; i < step->end; i++)
		if (is_opaque(json_at(json_get(anthropic_kept(owner, step,
						       json_at(step->parts, i)),
					      KEPT_BLOCKS),
			    0)))
			return true;
	return false;
}

bool
anthropic_has_paused(const struct kept_owner *owner, const struct step *step)
{
	return step->end > step->first &&
		json_boolean(
			json_get(anthropic_kept(owner, step,
					 json_at(step->parts, step->end - 1)),
				KEPT_PAUSED),
			false);
}

static struct span
kept_text(const struct json *kept, const char *key)
{
	return json_text(json_get(kept, key));
}

bool
anthropic_begins_with_thought(
	const struct kept_owner *owner, const struct step *step)
{
	for (size_t i = step->first; i < step->end; i++) {
		const struct json *part = json_at(step->parts, i);
		const struct json *kept = anthropic_kept(owner, step, part);

		if (llm_part_is(part, "reasoning") &&
			kept_text(kept, KEPT_SIGNATURE).len +
					kept_text(kept, KEPT_REDACTED).len >
				0)
			return true;
		if (!llm_part_is(part, "reasoning") &&
			(!llm_part_is(part, "text") ||
				!llm_is_blank(llm_part_text(part, "text"))))
			return false;
	}
	return false;
}

/* ---- blocks */

/* Writes delayed thoughts before a block that may end a message. */
static void
put_thoughts(struct anthropic_messages *m)
{
	if (m->thoughts.len == 0)
		return;
	m->had |= TAKES_BIT(TAKES_REASONING);
	json_put_raw(m->w, buf_span(&m->thoughts));
	buf_clear(&m->thoughts);
}

/* No text may follow a call, except after a thought. */
static void
put_calls(struct anthropic_messages *m)
{
	if (m->calls.len == 0)
		return;
	put_thoughts(m);
	m->had |= TAKES_BIT(TAKES_CALL_IDS);
	json_put_raw(m->w, buf_span(&m->calls));
	buf_clear(&m->calls);
}

static void
hold_call(struct anthropic_messages *m, const struct json *part)
{
	struct buf name = BUF_INIT, input = BUF_INIT;
	struct json_writer w = json_writer(&m->calls);

	w.comma = m->calls.len > 0;
	json_open(&w, '{');
	json_member_str(&w, "type", "tool_use");
	json_member_text(&w, "id", sent_ids_next(&m->ids, part));
	json_member_text(&w, "name", sent_call_name(part, &name));
	json_member_raw(&w, "input", sent_call_input(part, &input));
	json_close(&w, '}');
	buf_free(&name);
	buf_free(&input);
}

/* A thought without a signature is not from this model. */
static void
hold_thought(struct anthropic_messages *m, const struct json *part,
	const struct json *kept)
{
	struct span signature = kept_text(kept, KEPT_SIGNATURE);
	struct span data = kept_text(kept, KEPT_REDACTED);
	struct json_writer w = json_writer(&m->thoughts);

	if (signature.len + data.len == 0 ||
		m->takes.way[TAKES_REASONING] == WAY_OFF)
		return;
	put_calls(m);
	w.comma = m->thoughts.len > 0;
	json_open(&w, '{');
	if (signature.len > 0) {
		json_member_str(&w, "type", "thinking");
		json_member_text(&w, "thinking", llm_part_text(part, "text"));
		json_member_text(&w, "signature", signature);
	} else {
		json_member_str(&w, "type", "redacted_thinking");
		json_member_text(&w, "data", data);
	}
	json_close(&w, '}');
}

void
anthropic_put_text(struct anthropic_messages *m, struct span text)
{
	if (llm_is_blank(text))
		return;
	put_thoughts(m);
	json_open(m->w, '{');
	json_member_str(m->w, "type", "text");
	json_member_text(m->w, "text", text);
	json_close(m->w, '}');
}

static void
tell_call(struct anthropic_messages *m, const struct json *part)
{
	struct buf words = BUF_INIT;

	sent_call_words(part, &words);
	anthropic_put_text(m, buf_span(&words));
	buf_free(&words);
}

/* Whether the step has the result of this call of the provider's own tools. */
static bool
has_result(
	const struct kept_owner *owner, const struct step *step, struct span id)
{
	for (size_t i = step->first; i < step->end; i++) {
		const struct json *list = json_get(
			anthropic_kept(owner, step, json_at(step->parts, i)),
			KEPT_BLOCKS);

		for (size_t k = 0; k < json_length(list); k++)
			if (span_equal(llm_part_text(
					       json_at(list, k), "tool_use_id"),
				    id))
				return true;
	}
	return false;
}

/* A call whose result never arrived, because the reply ended there, is refused.
 * While nobody has said anything since, the result may still arrive. */
static bool
is_open_call(const struct anthropic_messages *m, const struct json *block)
{
	struct span id = llm_part_text(block, "id");

	if (m->open || json_get(block, "tool_use_id") != NULL)
		return false;
	for (const struct turn *turn = m->turn; turn < m->end; turn++)
		for (size_t i = 0; i < turn->n_steps; i++)
			if (has_result(&m->owner, &turn->steps[i], id))
				return false;
	return true;
}

static void
put_opaque(struct anthropic_messages *m, const struct json *kept)
{
	const struct json *list = json_get(kept, KEPT_BLOCKS);

	for (size_t i = 0; i < json_length(list); i++) {
		if (!is_opaque(json_at(list, i)) ||
			is_open_call(m, json_at(list, i)))
			continue;
		put_thoughts(m);
		json_put(m->w, json_at(list, i));
	}
}

void
anthropic_put_step(
	struct anthropic_messages *m, const struct step *step, bool calls)
{
	for (size_t i = step->first; i < step->end; i++) {
		const struct json *part = json_at(step->parts, i);
		const struct json *kept = anthropic_kept(&m->owner, step, part);

		put_opaque(m, kept);
		if (llm_part_is(part, "reasoning"))
			hold_thought(m, part, kept);
		else if (llm_part_is(part, "text"))
			anthropic_put_text(m, llm_part_text(part, "text"));
		else if (sent_call_is_answered(part) && calls)
			hold_call(m, part);
		else if (sent_call_is_answered(part))
			tell_call(m, part);
	}
	put_calls(m);
}

/* ---- results */

static void
put_result(struct anthropic_messages *m, const struct json *part,
	struct span id, bool mark)
{
	struct buf output = BUF_INIT;

	json_open(m->w, '{');
	json_member_str(m->w, "type", "tool_result");
	json_member_text(m->w, "tool_use_id", id);
	json_member_text(m->w, "content", sent_call_output(part, &output));
	if (sent_call_failed(part))
		json_member_raw(m->w, "is_error", span_of("true"));
	if (mark)
		anthropic_put_mark(m);
	json_close(m->w, '}');
	buf_free(&output);
}

void
anthropic_put_results(struct anthropic_messages *m, const struct step *step,
	size_t id, bool mark)
{
	for (size_t i = step->first; i < step->end; i++)
		if (sent_call_is_answered(json_at(step->parts, i))) {
			put_result(m, json_at(step->parts, i), m->ids.list[id],
				mark && id + 1 == m->ids.n);
			id++;
		}
}
