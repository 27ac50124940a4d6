#include "wire/kept.h"

#include "base/attr.h"
#include "base/id.h"
#include "json/write.h"

#define KIND "kind"
#define MODEL "model"
#define OF "of"

/* The kind when none is named: once it was the only one. */
#define FIRST_KIND "openai"

struct kept_owner
kept_owner_of(const char *kind, const struct llm_settings *settings)
{
	return (struct kept_owner){ kind, settings->model,
		settings->provider_id };
}

void
kept_write(struct buf *out, const struct kept_owner *owner,
	const char *provider, struct span members)
{
	struct json_writer w = json_writer(out);
	struct span key = { NULL, 0 }, value = { NULL, 0 };

	if (json_check(members, KEPT_DEPTH_MAX) != OK)
		return;
	json_open(&w, '{');
	json_key(&w, provider);
	json_open(&w, '{');
	if (strcmp(owner->kind, FIRST_KIND) != 0)
		json_member_str(&w, KIND, owner->kind);
	json_member_str(&w, MODEL, owner->model);
	if (owner->provider_id != 0)
		json_member_id(&w, OF, owner->provider_id);
	while (json_raw_member(members, &key, &value)) {
		json_key_raw(&w, key);
		json_put_raw(&w, value);
	}
	json_close(&w, '}');
	json_close(&w, '}');
}

static bool
is_of(const struct json *kept, uint64_t provider_id)
{
	struct span of = json_text(json_get(kept, OF));
	uint64_t id = 0;

	return (of.data == NULL || id_parse(of, &id) == OK) &&
		id == provider_id;
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
	if (!is_of(kept, owner->provider_id))
		return NULL;
	if (model.data == NULL ? !own : !span_is(model, owner->model))
		return NULL;
	return kept;
}

/* ---- posted parts */

static bool
is_metadata(struct span key)
{
	static const char *const keys[] = { "providerMetadata",
		"callProviderMetadata", "resultProviderMetadata" };

	for (size_t i = 0; i < LENGTH(keys); i++)
		if (json_raw_is(key, keys[i]))
			return true;
	return false;
}

static void
put_without(struct json_writer *w, struct span part, bool *any)
{
	struct span key = { NULL, 0 }, value = { NULL, 0 };

	json_open(w, '{');
	while (json_raw_member(part, &key, &value)) {
		if (is_metadata(key)) {
			*any = true;
			continue;
		}
		json_key_raw(w, key);
		json_put_raw(w, value);
	}
	json_close(w, '}');
}

struct span
kept_leave_out(struct arena *arena, struct span parts)
{
	struct span part = { NULL, 0 }, copy = parts;
	struct buf without = BUF_INIT;
	struct json_writer w = json_writer(&without);
	bool any = false;

	json_open(&w, '[');
	while (json_raw_next(parts, &part))
		put_without(&w, part, &any);
	json_close(&w, ']');
	if (any)
		copy = arena_span(arena, buf_span(&without));
	buf_free(&without);
	return copy;
}
