/* The messages one after another: what is open is written when somebody else
 * begins to speak. */

#include "llm/openai_part.h"

#define GREETED "[The conversation begins with your words.]"
#define GO_ON                                                           \
	"[Your last message was cut off. Go on exactly where it ends: " \
	"repeat nothing of it and do not mention this.]"
#define ANSWER "[Answer now, with what the tools have given.]"
#define EMPTY "[This message is empty.]"
#define NO_WORDS "[This reply ended here.]"

void
openai_say(struct openai_messages *m, const struct openai_said *said)
{
	struct openai_said *grown;

	openai_end_assistant(m);
	if (m->n_said == m->cap_said) {
		m->cap_said = m->cap_said * 2 + 8;
		grown = arena_alloc(m->arena, m->cap_said * sizeof(*grown));
		if (m->n_said > 0)
			memcpy(grown, m->said, m->n_said * sizeof(*grown));
		m->said = grown;
	}
	m->said[m->n_said++] = *said;
}

void
openai_say_note(struct openai_messages *m, const char *note)
{
	openai_say(m, &(struct openai_said){ .note = span_of(note) });
}

static void
put_words(struct openai_messages *m, const char *words)
{
	json_open(m->w, '{');
	json_member_str(m->w, "role", "assistant");
	json_member_str(m->w, "content", words);
	json_close(m->w, '}');
	m->last = WROTE_ASSISTANT;
}

void
openai_end_user(struct openai_messages *m)
{
	if (m->n_said == 0 && m->last == WROTE_NOTHING)
		openai_say_note(m, GREETED);
	if (m->n_said == 0)
		return;
	if (m->last == WROTE_RESULT)
		put_words(m, NO_WORDS);
	json_open(m->w, '{');
	json_member_str(m->w, "role", "user");
	openai_put_said(m);
	json_close(m->w, '}');
	m->n_said = 0;
	m->last = WROTE_USER;
}

/* What goes before the calls of a message. */
static void
put_spoken(struct openai_messages *m, bool calls)
{
	bool blank = openai_is_blank(buf_span(&m->text));

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

/* A thought without words or calls is no message. */
void
openai_end_assistant(struct openai_messages *m)
{
	if (!openai_is_blank(buf_span(&m->text))) {
		json_open(m->w, '{');
		put_spoken(m, false);
		json_close(m->w, '}');
		m->last = WROTE_ASSISTANT;
	}
	buf_clear(&m->text);
	buf_clear(&m->reasoning);
	buf_clear(&m->details);
}

/* Why there is something to say, when the last word was the model's own. */
static const char *
last_note(const struct openai_messages *m)
{
	if (m->last == WROTE_NOTHING)
		return EMPTY;
	return m->told ? ANSWER : GO_ON;
}

void
openai_say_something(struct openai_messages *m)
{
	if (m->n_said == 0)
		openai_say_note(m, EMPTY);
}

void
openai_end_messages(struct openai_messages *m)
{
	openai_end_assistant(m);
	if (m->n_said == 0 && m->last != WROTE_RESULT)
		openai_say_note(m, last_note(m));
	openai_end_user(m);
	buf_free(&m->text);
	buf_free(&m->reasoning);
	buf_free(&m->details);
}
