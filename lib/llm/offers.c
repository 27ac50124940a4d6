#include "llm/offers.h"

#include "llm/probe.h"
#include "json/line.h"
#include "json/utf8.h"

/* ---- the list */

/* {"data": [...]} (OpenAI, Anthropic), {"models": [...]} (Gemini, Ollama), or
 * the array alone (Together). */
static struct span
list_of(struct span body)
{
	static const char *const keys[] = { "data", "models" };
	struct span lists[LENGTH(keys)] = { 0 };

	if (json_raw_kind(body) != JSON_OBJECT)
		return body;
	json_raw_pick(body, keys, LENGTH(keys), lists);
	return json_raw_kind(lists[0]) == JSON_ARRAY ? lists[0] : lists[1];
}

/* What a model is asked for by: {"id"}, {"name": "models/..."} or a text. */
static struct span
name_of(struct arena *arena, struct span item)
{
	static const char *const keys[] = { "id", "name", "model" };
	static const char folder[] = "models/";
	struct span values[LENGTH(keys)] = { 0 }, name = { NULL, 0 };

	if (json_raw_kind(item) == JSON_TEXT)
		return json_raw_text(arena, item);
	if (json_raw_kind(item) != JSON_OBJECT)
		return name;
	json_raw_pick(item, keys, LENGTH(keys), values);
	for (size_t i = 0; i < LENGTH(keys) && name.data == NULL; i++)
		if (json_raw_kind(values[i]) == JSON_TEXT)
			name = json_raw_text(arena, values[i]);
	if (span_begins(name, folder)) {
		name.data += sizeof(folder) - 1;
		name.len -= sizeof(folder) - 1;
	}
	return name;
}

/* One line, all of which can be seen: others could not be asked for. */
static bool
is_name(struct arena *arena, struct span name)
{
	return name.len > 0 && name.len <= (size_t)OFFERS_NAME_MAX * 4 &&
		utf8_valid(name) && utf8_length(name) <= OFFERS_NAME_MAX &&
		span_equal(line_seen(arena, name), name);
}

enum err
llm_offers_read(struct arena *arena, struct span body, struct llm_offers *out)
{
	struct span list, item = { NULL, 0 }, name;

	*out = (struct llm_offers){ 0 };
	while (body.len > 0 && json_is_blank(body.data[0])) {
		body.data++;
		body.len--;
	}
	if (json_check(body, JSON_DEPTH_MAX) != OK)
		return ERR_INVALID;
	list = list_of(body);
	if (json_raw_kind(list) != JSON_ARRAY)
		return ERR_INVALID;
	out->names = arena_alloc(arena,
		MIN(json_raw_length(list) + 1, (size_t)OFFERS_MAX) *
			sizeof(*out->names));
	while (out->n < OFFERS_MAX && json_raw_next(list, &item)) {
		name = name_of(arena, item);
		if (is_name(arena, name))
			out->names[out->n++] = arena_span(arena, name);
	}
	return OK;
}

/* ---- asking */

static const char *
unreached(enum probe_result result)
{
	switch (result) {
	case PROBE_BAD_URL:
		return "The provider's address, or its proxy's, cannot be "
		       "used.";
	case PROBE_NO_HOST:
		return "There is no host of the name in the provider's "
		       "address.";
	case PROBE_NO_CONNECTION:
		return "Nothing takes connections at the provider's address.";
	case PROBE_BAD_TLS:
		return "The provider's certificate is not to be trusted.";
	case PROBE_OK:
	case PROBE_NO_ANSWER:
		break;
	}
	return "The provider did not answer in time.";
}

static const char *
refused(struct arena *arena, long status)
{
	if (status == 401 || status == 403)
		return arena_printf(
			arena, "The provider refuses the key (%ld).", status);
	if (status == 404 || status == 405)
		return arena_printf(arena,
			"The provider has no list of models (%ld); is /v1 "
			"missing in its address?",
			status);
	return arena_printf(arena,
		"The provider answered with status %ld, not with its list of "
		"models.",
		status);
}

/* NULL: it has been read. */
static const char *
read_answer(struct arena *arena, const struct probe_answer *answer,
	struct llm_offers *out)
{
	if (answer->result != PROBE_OK)
		return unreached(answer->result);
	if (answer->status != 200)
		return refused(arena, answer->status);
	if (!answer->whole)
		return answer->body.len > PROBE_BODY_MAX / 2
			? "The provider's list of models is too long."
			: "The provider's answer broke off.";
	return llm_offers_read(arena, buf_span(&answer->body), out) == OK
		? NULL
		: "The provider answered something else than a list of models.";
}

enum err
llm_offers(struct arena *arena, const struct llm_conf *conf,
	const struct json *headers, struct llm_offers *out)
{
	struct probe_answer answer;
	const char *url, *trouble = "This provider has no address.";

	*out = (struct llm_offers){ 0 };
	TRY(probe_models(arena, conf, headers, OFFERS_WAIT_MS, &url, &answer));
	if (url != NULL) {
		trouble = read_answer(arena, &answer, out);
		probe_free(&answer);
	}
	out->trouble = trouble;
	return trouble == NULL ? OK : ERR_UPSTREAM;
}
