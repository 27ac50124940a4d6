/* Chooses the model of a turn and how to ask it: as the list says, otherwise as
 * the session says, which starts with its assistant's choice. The model that
 * has begun a reply also continues it. */

#include "chat/turn_private.h"

#include "repo/assistant.h"
#include "json/json.h"

/* ---- the assistant */

enum err
turn_check_assistant(struct placing *p)
{
	uint64_t id = p->post->assistant_id;

	if (p->new_session || id == 0 || id == p->chosen.assistant_id)
		return OK;
	return turn_refuse(p, ERR_CONFLICT, "assistant_fixed",
		"A chat keeps the assistant that it was started with. Start a "
		"new chat to use another one.");
}

/* Sets what a new session begins with. */
static enum err
begin_with(struct db *db, struct placing *p)
{
	struct assistant assistant;
	enum err err = assistant_find(db, p->arena, p->post->user_id,
		p->post->assistant_id, &assistant);

	if (err == ERR_NOT_FOUND)
		return turn_refuse(p, err, "assistant_unknown",
			"This assistant is not available. Pick another one.");
	TRY(err);
	p->chosen = (struct session_chosen){ assistant.text.model_id,
		assistant.text.options, assistant.id, assistant.version };
	return OK;
}

/* ---- the model */

static struct llm_model *
find_asked(const struct placing *p)
{
	const struct turn_post *post = p->post;
	uint64_t id = p->chosen.model_id;

	if (post->asks)
		return models_find(post->models, p->arena, post->model_id);
	if (id != 0)
		return models_find(post->models, p->arena, id);
	return models_default(post->models, p->arena);
}

/* Notes the choice for the session's next turns. */
static void
remember(struct placing *p)
{
	const struct turn_post *post = p->post;

	if (post->asks && post->model_id != p->chosen.model_id) {
		p->chosen.model_id = post->model_id;
		p->chooses = true;
	}
	if (post->chooses) {
		p->chosen.options = post->options;
		p->chooses = true;
	}
}

enum err
turn_choose(struct db *db, struct placing *p)
{
	struct llm_model *asked, *own = NULL;

	if (p->new_session && p->post->assistant_id != 0)
		TRY(begin_with(db, p));
	asked = find_asked(p);
	if (p->kind == CONTINUE)
		own = models_of_reply(
			p->post->models, p->arena, p->known.metadata);
	p->turn->model = own != NULL ? own : asked;
	if (p->turn->model == NULL)
		return ERR_NO_MODEL;
	if (p->turn->model->endpoint == NULL)
		return turn_refuse(p, ERR_BUSY, "model_unusable",
			"This model cannot be used right now. Pick another "
			"one.");
	if (asked != NULL)
		remember(p);
	return OK;
}
