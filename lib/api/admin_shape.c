#include "api/admin_shape.h"

#include "llm/where.h"
#include "llm/wires.h"

#include <stdlib.h>

static void
member_or_null(struct json_writer *w, const char *key, const char *text)
{
	json_key(w, key);
	if (text != NULL && *text != '\0')
		json_put_str(w, text);
	else
		json_put_null(w);
}

static void
member_number(struct json_writer *w, const char *key, int64_t value, bool known)
{
	json_key(w, key);
	if (known)
		json_put_int(w, value);
	else
		json_put_null(w);
}

static void
member_raw(struct json_writer *w, const char *key, struct span json)
{
	json_key(w, key);
	if (json.len > 0)
		json_put_raw(w, json);
	else
		json_put_null(w);
}

static void
put_header_names(
	struct json_writer *w, struct arena *arena, struct span headers)
{
	const struct json *json = NULL, *value;
	struct span name;
	size_t at = 0;

	json_key(w, "headers");
	json_open(w, '{');
	if (headers.data != NULL && json_parse(arena, headers, &json) == OK)
		while (json_next(json, &at, &name, &value)) {
			json_key_span(w, name);
			json_put_str(w, "...");
		}
	json_close(w, '}');
}

void
admin_shape_provider(struct json_writer *w, struct arena *arena,
	const struct secret_ring *ring, bool right,
	const struct provider_row *row)
{
	struct provider_secrets secrets;
	bool opened = provider_open(ring, arena, row, &secrets) == OK;

	json_open(w, '{');
	json_member_id(w, "id", row->id);
	json_member_str(w, "name", row->name);
	json_member_str(w, "kind", row->kind);
	json_member_str(w, "baseUrl", row->base_url);
	json_member_bool(w, "hasKey", row->key_sealed.data != NULL);
	member_or_null(w, "keyTail", row->key_tail);
	put_header_names(w, arena, secrets.headers);
	json_key(w, "proxy");
	if (row->proxy != NULL)
		json_put_str(w, row->proxy);
	else
		json_put_null(w);
	json_member_bool(w, "enabled", row->enabled);
	json_member_int(w, "version", row->version);
	json_member_bool(w, "locked", false);
	member_or_null(w, "problem", opened ? NULL : right ? "lost" : "sealed");
	json_close(w, '}');
}

static void
put_prices(struct json_writer *w, const struct model_prices *prices)
{
	json_key(w, "prices");
	json_open(w, '{');
	member_number(w, "input", prices->input, prices->input >= 0);
	member_number(w, "cached", prices->cached, prices->cached >= 0);
	member_number(w, "output", prices->output, prices->output >= 0);
	json_close(w, '}');
}

/* Writes contextTokens to prices. */
static void
put_settings(struct json_writer *w, const struct model_row *row)
{
	member_number(w, "contextTokens", row->context_tokens,
		row->context_tokens > 0);
	json_member_text(w, "takes", row->takes);
	member_raw(w, "options", row->options);
	member_raw(w, "temperature", row->temperature);
	member_number(w, "maxTokens", row->max_tokens, row->max_tokens > 0);
	member_or_null(w, "effort", row->effort);
	put_prices(w, &row->prices);
}

void
admin_shape_model(struct json_writer *w, const struct model_row *row)
{
	json_open(w, '{');
	json_member_id(w, "id", row->id);
	json_member_id(w, "providerId", row->provider_id);
	json_member_str(w, "upstreamName", row->upstream_name);
	json_member_str(w, "label", row->label);
	put_settings(w, row);
	json_key(w, "fallbackId");
	if (row->fallback_id != 0)
		json_put_id(w, row->fallback_id);
	else
		json_put_null(w);
	json_member_int(w, "position", row->position);
	json_member_bool(w, "enabled", row->enabled);
	json_member_bool(w, "isDefault", row->is_default);
	json_member_int(w, "version", row->version);
	json_member_bool(w, "locked", false);
	json_close(w, '}');
}

/* ---- usage */

bool
admin_shape_usage_by(const char *word, enum usage_by *out)
{
	static const char *const words[USAGE_BY_N] = {
		[USAGE_BY_USER] = "user",
		[USAGE_BY_MODEL] = "model",
		[USAGE_BY_DAY] = "day",
	};

	for (unsigned i = 0; i < USAGE_BY_N; i++) {
		if (strcmp(word, words[i]) != 0)
			continue;
		*out = (enum usage_by)i;
		return true;
	}
	return false;
}

static void
put_whose(struct json_writer *w, enum usage_by by, const struct usage_sum *sum)
{
	if (by == USAGE_BY_DAY) {
		json_member_str(w, "day", sum->name);
	} else if (by == USAGE_BY_USER) {
		json_member_id(w, "userId", sum->id);
		member_or_null(w, "username", sum->name);
	} else {
		if (sum->id == 0)
			json_member_str(w, "modelId", ADMIN_CONFIGURED);
		else
			json_member_id(w, "modelId", sum->id);
		json_member_str(w, "label", sum->name);
	}
}

void
admin_shape_usage(
	struct json_writer *w, enum usage_by by, const struct usage_sum *sum)
{
	const struct usage_model *used = &sum->used;

	json_open(w, '{');
	put_whose(w, by, sum);
	json_member_int(w, "replies", (int64_t)used->replies);
	json_member_int(w, "inputTokens", (int64_t)used->input_tokens);
	json_member_int(w, "cachedTokens", (int64_t)used->cached_tokens);
	json_member_int(w, "outputTokens", (int64_t)used->output_tokens);
	member_number(w, "cost", used->cost, used->cost >= 0);
	json_close(w, '}');
}

/* ---- the configured provider and model */

static const char *
base_url_of(struct arena *arena, const struct llm_conf *conf)
{
	struct span base = where_base(conf);

	return arena_str(arena, base.data, base.len);
}

bool
admin_shape_configured(const struct llm_conf *conf)
{
	return where_base(conf).len > 0 && *conf->model != '\0';
}

const char *
admin_shape_host(struct arena *arena, const struct llm_conf *conf)
{
	const char *host = strstr(base_url_of(arena, conf), "://");

	host = host != NULL ? host + 3 : "";
	return arena_str(arena, host, strcspn(host, "/"));
}

void
admin_shape_configured_provider(
	struct json_writer *w, struct arena *arena, const struct llm_conf *conf)
{
	json_open(w, '{');
	json_member_str(w, "id", ADMIN_CONFIGURED);
	json_member_str(w, "name", admin_shape_host(arena, conf));
	json_member_str(w, "kind", wire_of(conf->kind)->word);
	json_member_str(w, "baseUrl", base_url_of(arena, conf));
	json_member_bool(w, "hasKey",
		*conf->api_key != '\0' || *conf->api_key_file != '\0');
	member_or_null(w, "keyTail", NULL);
	put_header_names(w, arena, (struct span){ NULL, 0 });
	member_or_null(w, "proxy", NULL);
	json_member_bool(w, "enabled", true);
	json_member_int(w, "version", 0);
	json_member_bool(w, "locked", true);
	member_or_null(w, "problem", NULL);
	json_close(w, '}');
}

void
admin_shape_configured_model(struct json_writer *w, const struct llm_conf *conf)
{
	struct model_row row = { .context_tokens = conf->context_tokens,
		.takes = span_of(conf->takes),
		.options = span_of(conf->options),
		.temperature = span_of(conf->temperature),
		.max_tokens = strtoll(conf->max_tokens, NULL, 10),
		.prices = { -1, -1, -1 } };

	json_open(w, '{');
	json_member_str(w, "id", ADMIN_CONFIGURED);
	json_member_str(w, "providerId", ADMIN_CONFIGURED);
	json_member_str(w, "upstreamName", conf->model);
	json_member_str(w, "label", conf->model);
	put_settings(w, &row);
	member_or_null(w, "fallbackId", NULL);
	json_member_int(w, "position", 0);
	json_member_bool(w, "enabled", true);
	json_member_bool(w, "isDefault", true);
	json_member_int(w, "version", 0);
	json_member_bool(w, "locked", true);
	json_close(w, '}');
}
