#include "llm/offers_private.h"

#include "base/clock.h"
#include "llm/probe.h"
#include "llm/wires.h"
#include "json/line.h"
#include "json/utf8.h"

#include <string.h>

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

/* A model's id: {"id"}, {"name": "models/..."} or a string. */
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

/* Names must be one line of visible characters; others could not be asked
 * for. */
static bool
is_name(struct arena *arena, struct span name)
{
	return name.len > 0 && name.len <= (size_t)OFFERS_NAME_MAX * 4 &&
		utf8_valid(name) && utf8_length(name) <= OFFERS_NAME_MAX &&
		span_equal(line_seen(arena, name), name);
}

static struct span
trimmed(struct span body)
{
	while (body.len > 0 && json_is_blank(body.data[0])) {
		body.data++;
		body.len--;
	}
	return body;
}

enum err
llm_offers_read(struct arena *arena, struct span body, struct llm_offers *out)
{
	struct span list, item = { NULL, 0 }, name, *names;
	size_t n;

	body = trimmed(body);
	if (json_check(body, JSON_DEPTH_MAX) != OK)
		return ERR_INVALID;
	list = list_of(body);
	/* An empty last page of Gemini is {}. */
	if (out->n > 0 && list.data == NULL)
		return OK;
	if (json_raw_kind(list) != JSON_ARRAY)
		return ERR_INVALID;
	n = MIN(out->n + json_raw_length(list) + 1, (size_t)OFFERS_MAX);
	names = arena_alloc(arena, n * sizeof(*names));
	if (out->n > 0)
		memcpy(names, out->names, out->n * sizeof(*names));
	out->names = names;
	while (out->n < OFFERS_MAX && json_raw_next(list, &item)) {
		name = name_of(arena, item);
		if (is_name(arena, name))
			out->names[out->n++] = arena_span(arena, name);
	}
	return OK;
}

/* If an answer says that there is no more, its last name is not the start of a
 * next page. */
struct span
llm_offers_next(struct arena *arena, struct span body, const char *member)
{
	const struct span none = { NULL, 0 };
	struct span next, more;

	body = trimmed(body);
	if (member == NULL || json_raw_kind(body) != JSON_OBJECT)
		return none;
	more = json_raw_get(body, "has_more");
	next = json_raw_get(body, member);
	if ((more.data != NULL && !span_is(more, "true")) ||
		json_raw_kind(next) != JSON_TEXT)
		return none;
	next = json_raw_text(arena, next);
	/* Copies the text, because the answer is freed before the next
	 * request. */
	return next.len > 0 && next.len <= (size_t)OFFERS_NAME_MAX * 4
		? arena_span(arena, next)
		: none;
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

/* Returns NULL if the answer was read, otherwise a sentence. */
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

/* Asks for one page and sets *next*. Returns NULL if it was read, otherwise a
 * sentence. */
static const char *
ask_page(struct arena *arena, const struct llm_conf *conf,
	const struct probe_answer *answer, struct llm_offers *out,
	struct span *next)
{
	const char *trouble = read_answer(arena, answer, out);

	if (trouble == NULL)
		*next = llm_offers_next(arena, buf_span(&answer->body),
			wire_of(conf->kind)->models_next);
	return trouble;
}

/* The loop is limited: a provider may return the same page again and again. */
enum err
llm_offers(struct arena *arena, const struct llm_conf *conf,
	const struct json *headers, struct llm_offers *out)
{
	int64_t until_ms = clock_mono_ms() + OFFERS_WAIT_MS, left_ms;
	struct span next = { NULL, 0 }, after;
	const char *trouble = NULL;
	struct probe_answer answer;

	*out = (struct llm_offers){ 0 };
	for (unsigned page = 0; page < OFFERS_PAGES_MAX; page++) {
		left_ms = MAX(until_ms - clock_mono_ms(), INT64_C(1));
		after = next;
		next = (struct span){ NULL, 0 };
		TRY(probe_models(
			arena, conf, headers, after, left_ms, &answer));
		if (answer.url == NULL) {
			trouble = "This provider has no address.";
			break;
		}
		trouble = ask_page(arena, conf, &answer, out, &next);
		probe_free(&answer);
		if (trouble != NULL || next.data == NULL ||
			span_equal(next, after) || out->n >= OFFERS_MAX)
			break;
	}
	out->trouble = trouble;
	return trouble == NULL ? OK : ERR_UPSTREAM;
}
