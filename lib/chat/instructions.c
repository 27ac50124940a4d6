#include "chat/instructions.h"

#include "base/clock.h"
#include "base/log.h"
#include "chat/variables.h"
#include "llm/choice.h"
#include "repo/instructions.h"

/* The headings say whose instructions follow, so a model can weigh them. */
#define OF_ASSISTANT "Instructions for this assistant:\n"
#define FOR_ALL "Instructions from the user, for all conversations:\n"
#define FOR_ONE "Instructions from the user, for this conversation:\n"

/* Applies the options that the owner has chosen for the session. */
static enum err
use_options(struct arena *arena, struct span options, struct llm_settings *told,
	struct llm_takes *takes)
{
	struct llm_choice choice;
	struct llm_choice_fault fault;

	if (options.data == NULL)
		return OK;
	if (llm_choice_read(arena, options, &choice, &fault) != OK) {
		log_warn("options_unreadable", "reason=\"%s\"", fault.sentence);
		return OK;
	}
	return llm_choice_apply(arena, &choice, told, takes);
}

static void
begin(struct buf *prompt, const char *whose)
{
	if (prompt->len > 0)
		buf_puts(prompt, "\n\n");
	buf_puts(prompt, whose);
}

static void
put(struct buf *prompt, const char *whose, struct span text)
{
	if (text.len == 0)
		return;
	begin(prompt, whose);
	buf_put_span(prompt, text);
}

static void
put_assistant(struct buf *prompt, const struct instructions *all,
	const struct instructions_ask *ask)
{
	const struct variables variables = { all->user_name,
		ask->site_name != NULL ? ask->site_name : "", clock_wall_ms() };

	if (all->assistant.len == 0)
		return;
	begin(prompt, OF_ASSISTANT);
	variables_fill(prompt, all->assistant, &variables);
}

/* Everything becomes part of the system prompt, and is counted as such. */
enum err
instructions_read(struct db *db, struct arena *arena,
	const struct instructions_ask *ask, struct llm_settings *told,
	struct llm_takes *takes, struct llm_allowed *allowed)
{
	struct instructions all = { 0 };
	struct buf prompt = BUF_INIT;
	enum err err = instructions_find(db, arena, ask->session_id, &all);

	if (err != OK && err != ERR_NOT_FOUND)
		return err;
	if (ask->untitled != NULL)
		*ask->untitled = all.untitled;
	llm_allowed_apply(arena, all.tools, told, takes, allowed);
	TRY(use_options(arena, all.options, told, takes));
	if (all.assistant.len + all.user.len + all.session.len == 0)
		return OK;
	buf_puts(&prompt, told->system_prompt);
	put_assistant(&prompt, &all, ask);
	put(&prompt, FOR_ALL, all.user);
	put(&prompt, FOR_ONE, all.session);
	told->system_prompt = arena_str(arena, buf_str(&prompt), prompt.len);
	buf_free(&prompt);
	return OK;
}
