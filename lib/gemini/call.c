/* Writes tool calls and their results. */

#include "gemini/contents.h"

#include "gemini/kept.h"
#include "wire/part.h"
#include "wire/sent_call.h"

static struct span
kept_text(const struct gemini_contents *g, const struct json *metadata,
	bool own, const char *key)
{
	return llm_part_text(
		kept_find(metadata, KEPT_GOOGLE, &g->owner, own), key);
}

bool
gemini_put_signature(
	struct gemini_contents *g, const struct json *metadata, bool own)
{
	struct span signature =
		kept_text(g, metadata, own, KEPT_THOUGHT_SIGNATURE);

	if (signature.len == 0 || g->takes->way[TAKES_REASONING] == WAY_OFF)
		return false;
	json_member_text(g->w, KEPT_THOUGHT_SIGNATURE, signature);
	g->had |= TAKES_BIT(TAKES_REASONING);
	return true;
}

static void
put_id(struct gemini_contents *g, const struct json *part, bool own)
{
	struct span id =
		kept_text(g, sent_call_metadata(part), own, KEPT_CALL_ID);

	if (id.len > 0)
		json_member_text(g->w, "id", id);
}

/* Whether the call was cut off before its signature arrived, in a reply of a
 * model that thinks; that model would refuse the call as it is. */
static bool
may_lack_its_own(
	const struct gemini_contents *g, const struct json *part, bool own)
{
	return own && sent_call_failed(part) &&
		(g->had & TAKES_BIT(TAKES_REASONING)) != 0 &&
		g->takes->way[TAKES_REASONING] != WAY_OFF;
}

/* Among parallel calls only the first has a signature. */
static void
put_any_signature(struct gemini_contents *g, const struct json *part, bool own)
{
	bool done = gemini_put_signature(g, sent_call_metadata(part), own);

	if (!done && !g->is_signed &&
		(g->takes->way[TAKES_REASONING] == WAY_ALWAYS ||
			may_lack_its_own(g, part, own))) {
		json_member_str(
			g->w, KEPT_THOUGHT_SIGNATURE, GEMINI_NO_SIGNATURE);
		done = true;
	}
	g->is_signed = g->is_signed || done;
}

void
gemini_put_call(struct gemini_contents *g, const struct json *part, bool own)
{
	struct buf name = BUF_INIT, input = BUF_INIT;

	json_open(g->w, '{');
	json_key(g->w, "functionCall");
	json_open(g->w, '{');
	put_id(g, part, own);
	json_member_text(g->w, "name", sent_call_name(part, &name));
	json_member_raw(g->w, "args", sent_call_input(part, &input));
	json_close(g->w, '}');
	put_any_signature(g, part, own);
	json_close(g->w, '}');
	buf_free(&name);
	buf_free(&input);
}

/* The tool's output is sent as the JSON that it is, unless something has to be
 * added. */
static void
put_output(struct gemini_contents *g, const struct json *part)
{
	const struct json *output = json_get(part, "output");
	struct buf text = BUF_INIT, raw = BUF_INIT;
	struct json_writer w = json_writer(&raw);
	bool failed = sent_call_failed(part);

	(void)sent_call_output(part, &text);
	if (json_kind(output) == JSON_OBJECT || json_kind(output) == JSON_ARRAY)
		json_put(&w, output);
	json_key(g->w, failed ? "error" : "output");
	if (!failed && span_equal(buf_span(&text), buf_span(&raw)))
		json_put_raw(g->w, buf_span(&raw));
	else
		json_put_text(g->w, buf_span(&text));
	buf_free(&text);
	buf_free(&raw);
}

static void
put_result(struct gemini_contents *g, const struct json *part, bool own)
{
	struct buf name = BUF_INIT;

	json_open(g->w, '{');
	json_key(g->w, "functionResponse");
	json_open(g->w, '{');
	put_id(g, part, own);
	json_member_text(g->w, "name", sent_call_name(part, &name));
	json_key(g->w, "response");
	json_open(g->w, '{');
	put_output(g, part);
	json_close(g->w, '}');
	json_close(g->w, '}');
	json_close(g->w, '}');
	buf_free(&name);
}

void
gemini_put_results(struct gemini_contents *g, const struct step *step)
{
	for (size_t i = step->first; i < step->end; i++)
		if (sent_call_is_answered(json_at(step->parts, i)))
			put_result(g, json_at(step->parts, i), step->own);
}
