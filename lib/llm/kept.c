#include "llm/kept.h"

#include "json/write.h"

#define KIND "kind"
#define MODEL "model"

/* The kind that is not named: there was no other once. */
#define FIRST_KIND "openai"

void
kept_write(struct buf *out, const struct kept_owner *owner,
	const char *provider, struct span members)
{
	struct json_writer w = json_writer(out);
	struct span key = { NULL, 0 }, value = { NULL, 0 };

	json_open(&w, '{');
	json_key(&w, provider);
	json_open(&w, '{');
	if (strcmp(owner->kind, FIRST_KIND) != 0)
		json_member_str(&w, KIND, owner->kind);
	json_member_str(&w, MODEL, owner->model);
	while (json_raw_member(members, &key, &value)) {
		json_key_raw(&w, key);
		json_put_raw(&w, value);
	}
	json_close(&w, '}');
	json_close(&w, '}');
}

const struct json *
kept_find(const struct json *metadata, const char *provider,
	const struct kept_owner *owner, bool own)
{
	const struct json *kept = json_get(metadata, provider);
	struct span kind = json_text(json_get(kept, KIND));
	struct span model = json_text(json_get(kept, MODEL));

	if (!span_is(kind.data != NULL ? kind : span_of(FIRST_KIND),
		    owner->kind))
		return NULL;
	if (model.data == NULL ? !own : !span_is(model, owner->model))
		return NULL;
	return kept;
}
