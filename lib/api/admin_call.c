#include "api/admin_call.h"

#include "base/clock.h"
#include "llm/wires.h"

enum err
admin_call_of(struct arena *arena, const struct secret_ring *ring,
	const struct llm_conf *file, const struct provider_row *row,
	struct admin_call *out)
{
	struct provider_secrets secrets;

	*out = (struct admin_call){ .conf = *file };
	if (provider_open(ring, arena, row, &secrets) != OK ||
		!wire_find(span_of(row->kind), &out->conf.kind))
		return ERR_CONFLICT;
	out->conf.base_url = row->base_url;
	out->conf.api_key = secrets.key.data != NULL
		? arena_str(arena, secrets.key.data, secrets.key.len)
		: "";
	out->conf.api_key_file = "";
	out->conf.options = "";
	if (row->proxy != NULL)
		out->conf.proxy = row->proxy;
	return secrets.headers.data != NULL
		? json_parse(arena, secrets.headers, &out->headers)
		: OK;
}

static const char *
text_of(struct arena *arena, struct span text)
{
	return text.data != NULL ? arena_str(arena, text.data, text.len) : "";
}

enum err
admin_call_of_model(struct arena *arena, const struct secret_ring *ring,
	const struct llm_conf *file, const struct provider_row *provider,
	const struct model_row *row, struct admin_call *out)
{
	struct llm_conf *conf = &out->conf;

	TRY(admin_call_of(arena, ring, file, provider, out));
	conf->model = row->upstream_name;
	conf->takes = text_of(arena, row->takes);
	conf->options = text_of(arena, row->options);
	conf->temperature = text_of(arena, row->temperature);
	conf->max_tokens = row->max_tokens > 0
		? arena_printf(arena, "%lld", (long long)row->max_tokens)
		: "";
	if (row->context_tokens > 0)
		conf->context_tokens = row->context_tokens;
	return OK;
}

enum err
admin_call_keep(struct db *db, struct arena *arena,
	const struct admin_call *call, const struct llm_trial *trial,
	struct model_row *row, enum refusal *why)
{
	struct buf words = BUF_INIT;
	struct span takes;

	*why = REFUSED_NOT;
	llm_trial_takes(trial, &call->conf, &words);
	takes = arena_span(arena, buf_span(&words));
	buf_free(&words);
	if (takes.len > MODEL_TAKES_MAX || span_equal(takes, row->takes))
		return OK;
	row->takes = takes;
	TRY(model_change(db, row, clock_wall_ms(), why));
	row->version++;
	return OK;
}

void
admin_call_put(struct json_writer *w, const struct llm_trial *trial,
	struct span takes, uint32_t version)
{
	json_open(w, '{');
	json_key(w, "checks");
	json_open(w, '[');
	for (unsigned i = 0; i < LLM_CHECK_N; i++) {
		json_open(w, '{');
		json_member_str(w, "name", trial->checks[i].name);
		json_member_bool(w, "ok", trial->checks[i].ok);
		json_member_str(w, "detail", trial->checks[i].detail);
		json_close(w, '}');
	}
	json_close(w, ']');
	json_member_text(w, "takes", takes);
	json_member_int(w, "version", version);
	json_close(w, '}');
}
