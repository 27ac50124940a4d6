/* Who is asked in a turn, and how: as the list says, else as its session has it.
 * A reply that goes on has been begun by somebody, who goes on. */

#include "chat/turn_private.h"

#include "json/json.h"

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

/* What its session has from now on. */
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
turn_choose(struct placing *p)
{
	struct llm_model *asked = find_asked(p), *own = NULL;

	if (p->kind == CONTINUE)
		own = models_of_reply(
			p->post->models, p->arena, p->known.metadata);
	p->turn->model = own != NULL ? own : asked;
	if (p->turn->model == NULL)
		return ERR_NO_MODEL;
	if (p->turn->model->id != 0 && p->turn->model->endpoint == NULL)
		return turn_refuse(p, ERR_BUSY, "model_unusable",
			"This model cannot be used right now. Pick another "
			"one.");
	if (asked != NULL)
		remember(p);
	return OK;
}
