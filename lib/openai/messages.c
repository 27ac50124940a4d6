/* Writes the messages one after another. */

#include "openai/messages.h"

#include "base/attr.h"
#include "wire/part.h"

#define NO_WORDS "[This reply ended here.]"

/* ---- the system prompt and users */

static void
put_prompt(struct openai_messages *m, struct span prompt)
{
	bool developer = m->takes->way[TAKES_SYSTEM] == WAY_DEVELOPER;

	if (prompt.len == 0)
		return;
	json_open(m->w, '{');
	json_member_str(m->w, "role", developer ? "developer" : "system");
	json_member_text(m->w, "content", prompt);
	json_close(m->w, '}');
}

static void
put_words(struct openai_messages *m, const char *words)
{
	json_open(m->w, '{');
	json_member_str(m->w, "role", "assistant");
	json_member_str(m->w, "content", words);
	json_close(m->w, '}');
}

static void
put_user(struct openai_messages *m, const struct turn *turn)
{
	if (m->results)
		put_words(m, NO_WORDS);
	json_open(m->w, '{');
	json_member_str(m->w, "role", "user");
	openai_put_said(m, turn);
	json_close(m->w, '}');
	m->results = false;
}

/* ---- the model */

static void
put_details(struct openai_messages *m, const struct step *step)
{
	static const char *const places[] = { "providerMetadata",
		"callProviderMetadata" };
	struct json_writer w = json_writer(&m->details);
	const struct json *part, *kept, *list;

	w.comma = m->details.len > 0;
	for (size_t i = step->first; i < step->end; i++) {
		part = json_at(step->parts, i);
		for (size_t j = 0; j < LENGTH(places); j++) {
			kept = kept_find(json_get(part, places[j]),
				KEPT_OPENROUTER, &m->owner, step->own);
			list = json_get(kept, KEPT_REASONING_DETAILS);
			for (size_t k = 0; k < json_length(list); k++)
				json_put(&w, json_at(list, k));
		}
	}
}

static void
add_reasoning(struct openai_messages *m, const struct step *step)
{
	if (m->takes->way[TAKES_REASONING] == WAY_OFF)
		return;
	step_text(step, "reasoning", &m->reasoning);
	put_details(m, step);
}

static void
tell_calls(struct openai_messages *m, const struct step *step)
{
	for (size_t i = step->first; i < step->end; i++)
		if (sent_call_is_answered(json_at(step->parts, i)))
			sent_call_words(json_at(step->parts, i), &m->text);
}

/* Writes the text that precedes the calls of a message. */
static void
put_spoken(struct openai_messages *m, bool calls)
{
	bool blank = llm_is_blank(buf_span(&m->text));

	json_member_str(m->w, "role", "assistant");
	json_key(m->w, "content");
	if (blank)
		json_put_null(m->w);
	else
		json_put_text(m->w, buf_span(&m->text));
	if (m->details.len > 0) {
		json_key(m->w, "reasoning_details");
		json_open(m->w, '[');
		json_put_raw(m->w, buf_span(&m->details));
		json_close(m->w, ']');
	} else if (m->reasoning.len > 0) {
		json_member_text(
			m->w, "reasoning_content", buf_span(&m->reasoning));
	} else if (calls && m->takes->way[TAKES_REASONING] == WAY_ALWAYS) {
		json_member_str(m->w, "reasoning_content", " ");
	}
	if (m->details.len > 0 || m->reasoning.len > 0)
		m->had |= TAKES_BIT(TAKES_REASONING);
	buf_clear(&m->text);
	buf_clear(&m->reasoning);
	buf_clear(&m->details);
}

void
openai_open_calls(struct openai_messages *m)
{
	json_open(m->w, '{');
	put_spoken(m, true);
}

static void
put_model(struct openai_messages *m, const struct turn *turn)
{
	for (size_t i = 0; i < turn->n_steps; i++) {
		const struct step *step = &turn->steps[i];

		if (step->begins && m->text.len > 0)
			buf_puts(&m->text, "\n\n");
		add_reasoning(m, step);
		step_text(step, "text", &m->text);
		if (turn->calls && i + 1 == turn->n_steps)
			openai_put_calls(m, step);
		else
			tell_calls(m, step);
	}
	m->results = turn->calls;
	if (turn->calls)
		return;
	json_open(m->w, '{');
	put_spoken(m, false);
	json_close(m->w, '}');
}

void
openai_put_messages(struct openai_messages *m, const struct turns *turns)
{
	json_key(m->w, "messages");
	json_open(m->w, '[');
	put_prompt(m, buf_span(&turns->prompt));
	for (size_t i = 0; i < turns->n; i++) {
		if (turns->list[i].model)
			put_model(m, &turns->list[i]);
		else
			put_user(m, &turns->list[i]);
	}
	json_close(m->w, ']');
	buf_free(&m->text);
	buf_free(&m->reasoning);
	buf_free(&m->details);
}
