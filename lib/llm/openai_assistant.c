/* What the model has said and called, step by step. */

#include "llm/openai_part.h"

#include "base/attr.h"
#include "llm/kept.h"

/* Appends the texts of one type; a reply that went on where it had ended may
 * have been in the middle of a word, so nothing goes between them. */
static void
join(const struct openai_step *step, const char *type, struct buf *out)
{
	for (size_t i = step->first; i < step->end; i++)
		if (openai_part_is(json_at(step->parts, i), type))
			buf_put_span(out,
				openai_part_text(
					json_at(step->parts, i), "text"));
}

static void
put_details(struct openai_messages *m, const struct openai_step *step)
{
	static const char *const places[] = { "providerMetadata",
		"callProviderMetadata" };
	struct json_writer w = json_writer(&m->details);
	const struct json *part, *kept, *list;

	w.comma = m->details.len > 0;
	for (size_t i = step->first; i < step->end; i++) {
		part = json_at(step->parts, i);
		for (size_t j = 0; j < LENGTH(places); j++) {
			kept = openai_kept(m, json_get(part, places[j]),
				KEPT_OPENROUTER, step->own);
			list = json_get(kept, KEPT_REASONING_DETAILS);
			for (size_t k = 0; k < json_length(list); k++)
				json_put(&w, json_at(list, k));
		}
	}
}

static size_t
count_calls(const struct openai_step *step)
{
	size_t n = 0;

	for (size_t i = step->first; i < step->end; i++)
		n += openai_is_answered(json_at(step->parts, i));
	return n;
}

static void
tell_calls(struct openai_messages *m, const struct openai_step *step)
{
	for (size_t i = step->first; i < step->end; i++)
		if (openai_is_answered(json_at(step->parts, i)))
			openai_tell_call(json_at(step->parts, i), &m->text);
	m->told = true;
}

static void
add_reasoning(struct openai_messages *m, const struct openai_step *step)
{
	if (m->takes->way[TAKES_REASONING] == WAY_OFF)
		return;
	join(step, "reasoning", &m->reasoning);
	put_details(m, step);
}

static void
add_step(struct openai_messages *m, const struct openai_step *step)
{
	struct buf text = BUF_INIT;
	size_t n_calls = count_calls(step);

	join(step, "text", &text);
	if (n_calls > 0 || !openai_is_blank(buf_span(&text))) {
		openai_end_user(m);
		add_reasoning(m, step);
		buf_put_span(&m->text, buf_span(&text));
		m->told = m->told && text.len == 0;
	}
	buf_free(&text);
	if (n_calls > 0 && m->calls)
		openai_put_calls(m, step);
	else if (n_calls > 0)
		tell_calls(m, step);
}

void
openai_add_reply(struct openai_messages *m, const struct json *parts, bool own)
{
	struct openai_step step = { .parts = parts, .own = own };

	if (m->text.len > 0)
		buf_puts(&m->text, "\n\n"); /* of another reply */
	for (; step.end < json_length(parts); step.end++) {
		if (!openai_part_is(json_at(parts, step.end), "step-start"))
			continue;
		add_step(m, &step);
		step.first = step.end + 1;
	}
	add_step(m, &step);
}
