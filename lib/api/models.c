#include "api/models.h"

#include "api/etag.h"
#include "base/clock.h"
#include "llm/wires.h"
#include "json/write.h"

static bool
takes(const struct llm_model *model, enum llm_ability ability)
{
	return model->settings.takes.way[ability] != WAY_OFF;
}

static void
put_abilities(struct json_writer *w, const struct llm_model *model)
{
	json_key(w, "abilities");
	json_open(w, '{');
	json_member_bool(w, "tools", takes(model, TAKES_TOOLS));
	json_member_bool(w, "images", takes(model, TAKES_IMAGES));
	json_member_bool(w, "files", takes(model, TAKES_PDF));
	json_member_bool(w, "reasoning", takes(model, TAKES_EFFORT));
	json_close(w, '}');
}

static void
put_model(struct json_writer *w, const struct llm_model *model, bool is_default)
{
	json_open(w, '{');
	json_member_str(w, "id", model->settings.id);
	json_member_str(w, "label", model->label);
	json_member_str(w, "provider", model->provider);
	json_member_str(w, "kind", wire_of(model->settings.kind)->word);
	json_member_bool(w, "isDefault", is_default);
	put_abilities(w, model);
	json_key(w, "contextTokens");
	if (model->settings.context_tokens > 0)
		json_put_int(w, model->settings.context_tokens);
	else
		json_put_null(w);
	json_key(w, "problem");
	if (llm_model_fails(model, clock_mono_ms()))
		json_put_str(w, "failing");
	else
		json_put_null(w);
	json_close(w, '}');
}

/* The tag is computed from the answer, which is small and comes from memory. */
enum err
models_reply(struct request *rq, struct response *rs, struct models *models)
{
	struct models_all all = models_all(models, rq->arena);
	struct buf text = BUF_INIT;
	struct json_writer w = json_writer(&text);
	struct etag etag = { 0 };

	json_open(&w, '{');
	json_key(&w, "models");
	json_open(&w, '[');
	for (size_t i = 0; i < all.n; i++)
		put_model(&w, all.list[i], all.list[i] == all.otherwise);
	json_close(&w, ']');
	json_key(&w, "defaultId");
	if (all.otherwise != NULL)
		json_put_str(&w, all.otherwise->settings.id);
	else
		json_put_null(&w);
	json_close(&w, '}');
	etag_add_text(&etag, buf_span(&text));
	if (!etag_matches(&etag, rq, rs)) {
		w = response_json(rs, 200);
		json_put_raw(&w, buf_span(&text));
	}
	buf_free(&text);
	return OK;
}
