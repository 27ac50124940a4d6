/* Writes the contents one after another. */

#include "gemini/contents.h"

#include "gemini/kept.h"
#include "wire/part.h"
#include "wire/sent_call.h"

#define NO_WORDS "[This reply ended here.]"

static void
open_content(struct gemini_contents *g, const char *role)
{
	json_open(g->w, '{');
	json_member_str(g->w, "role", role);
	json_key(g->w, "parts");
	json_open(g->w, '[');
}

static void
close_content(struct gemini_contents *g)
{
	json_close(g->w, ']');
	json_close(g->w, '}');
}

static void
put_text(struct gemini_contents *g, struct span text)
{
	json_open(g->w, '{');
	json_member_text(g->w, "text", text);
	json_close(g->w, '}');
}

/* ---- users */

/* Addresses are not sent: Gemini resolves only those of its own files and of
 * pages. */
static bool
is_file(const struct gemini_contents *g, const struct said *said,
	struct sent_file *file)
{
	return sent_file_read(g->takes, said, file) &&
		file->url.source == FILE_BASE64;
}

static void
put_file(struct gemini_contents *g, const struct sent_file *file)
{
	bool image = file->ability == TAKES_IMAGES ||
		file->ability == TAKES_RARE_IMAGES;

	json_open(g->w, '{');
	json_key(g->w, "inlineData");
	json_open(g->w, '{');
	json_member_text(g->w, "mimeType",
		image ? sent_file_image_type(file) : file->type);
	json_member_text(g->w, "data", file->url.content);
	json_close(g->w, '}');
	json_close(g->w, '}');
	g->had |= TAKES_BIT(file->ability);
}

static void
put_user(struct gemini_contents *g, const struct turn *turn)
{
	struct buf words = BUF_INIT;
	struct sent_file file;

	if (g->results) {
		open_content(g, "model");
		put_text(g, span_of(NO_WORDS));
		close_content(g);
	}
	g->results = false;
	open_content(g, "user");
	for (size_t i = 0; i < turn->n_said; i++) {
		if (is_file(g, &turn->said[i], &file))
			put_file(g, &file);
		else
			put_text(g, sent_file_words(&turn->said[i], &words));
	}
	close_content(g);
	buf_free(&words);
}

/* ---- the model */

static void
put_pending(struct gemini_contents *g)
{
	if (!llm_is_blank(buf_span(&g->text)))
		put_text(g, buf_span(&g->text));
	buf_clear(&g->text);
}

static bool
has_signature(
	const struct gemini_contents *g, const struct json *part, bool own)
{
	return g->takes->way[TAKES_REASONING] != WAY_OFF &&
		llm_part_text(kept_find(json_get(part, "providerMetadata"),
				      KEPT_GOOGLE, &g->owner, own),
			KEPT_THOUGHT_SIGNATURE)
			.len > 0;
}

/* A text with a signature is a part of its own, even if it is empty. */
static void
put_spoken(struct gemini_contents *g, const struct json *part, bool own)
{
	struct span text = llm_part_text(part, "text");

	if (!has_signature(g, part, own)) {
		buf_put_span(&g->text, text);
		return;
	}
	put_pending(g);
	json_open(g->w, '{');
	json_member_text(g->w, "text", text.data != NULL ? text : span_of(""));
	(void)gemini_put_signature(g, json_get(part, "providerMetadata"), own);
	json_close(g->w, '}');
}

/* Thoughts of another model are not sent to this one. */
static void
put_thought(struct gemini_contents *g, const struct json *part, bool own)
{
	struct span text = llm_part_text(part, "text");
	bool has = has_signature(g, part, own);

	if (g->takes->way[TAKES_REASONING] == WAY_OFF ||
		(!has && (!own || llm_is_blank(text))))
		return;
	put_pending(g);
	json_open(g->w, '{');
	json_member_text(g->w, "text", text.data != NULL ? text : span_of(""));
	json_member_bool(g->w, "thought", true);
	(void)gemini_put_signature(g, json_get(part, "providerMetadata"), own);
	json_close(g->w, '}');
	g->had |= TAKES_BIT(TAKES_REASONING);
}

static void
put_called(struct gemini_contents *g, const struct json *part, bool own,
	bool as_calls)
{
	if (!as_calls) {
		sent_call_words(part, &g->text);
		return;
	}
	put_pending(g);
	gemini_put_call(g, part, own);
}

static void
put_step(struct gemini_contents *g, const struct step *step, bool as_calls)
{
	g->is_signed = false;
	for (size_t i = step->first; i < step->end; i++) {
		const struct json *part = json_at(step->parts, i);

		if (llm_part_is(part, "text"))
			put_spoken(g, part, step->own);
		else if (llm_part_is(part, "reasoning"))
			put_thought(g, part, step->own);
		else if (sent_call_is_answered(part))
			put_called(g, part, step->own, as_calls);
	}
	put_pending(g);
}

static void
put_model(struct gemini_contents *g, const struct turn *turn)
{
	size_t last = turn->n_steps - 1;

	open_content(g, "model");
	for (size_t i = 0; i < turn->n_steps; i++)
		put_step(g, &turn->steps[i], turn->calls && i == last);
	close_content(g);
	g->results = turn->calls;
	if (!turn->calls)
		return;
	open_content(g, "user");
	gemini_put_results(g, &turn->steps[last]);
	close_content(g);
}

void
gemini_put_contents(struct gemini_contents *g, const struct turns *turns)
{
	json_key(g->w, "contents");
	json_open(g->w, '[');
	for (size_t i = 0; i < turns->n; i++) {
		if (turns->list[i].model)
			put_model(g, &turns->list[i]);
		else
			put_user(g, &turns->list[i]);
	}
	json_close(g->w, ']');
	buf_free(&g->text);
}
