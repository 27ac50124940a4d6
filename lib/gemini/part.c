/* Turns the parts of a candidate into events. */

#include "gemini/answer.h"

#include "gemini/kept.h"
#include "wire/made_id.h"
#include "json/write.h"

/* ---- text and thoughts */

void
gemini_end_block(struct llm_stream *stream)
{
	struct gemini_answer *own = stream->own;
	struct buf kept = BUF_INIT;
	struct json_writer w = json_writer(&kept);

	if (own->signature.len > 0) {
		json_open(&w, '{');
		json_member_text(
			&w, KEPT_THOUGHT_SIGNATURE, buf_span(&own->signature));
		json_close(&w, '}');
		llm_stream_show(stream,
			&(struct llm_event){ .type = own->open == GEMINI_THOUGHT
					? LLM_REASONING_END
					: LLM_TEXT_END,
				.kept_by = KEPT_GOOGLE,
				.kept = buf_span(&kept) });
	}
	buf_clear(&own->signature);
	buf_free(&kept);
	own->open = GEMINI_NOTHING;
}

/* A signature may come with a piece of its part, or after it in a part without
 * text; a second signature belongs to another part. */
enum err
gemini_say(struct llm_stream *stream, enum gemini_block block, struct span text,
	struct span signature)
{
	struct gemini_answer *own = stream->own;

	if (text.len + signature.len == 0)
		return OK;
	if (signature.len > TOOL_KEPT_MAX)
		return ERR_TOO_BIG;
	if (own->open != block || (signature.len > 0 && own->signature.len > 0))
		gemini_end_block(stream);
	own->open = block;
	llm_stream_say(stream,
		block == GEMINI_THOUGHT ? LLM_REASONING : LLM_TEXT, text);
	buf_put_span(&own->signature, signature);
	return OK;
}

/* ---- calls */

static void
put_kept(struct buf *out, struct span signature, struct span id)
{
	struct json_writer w = json_writer(out);

	if (signature.len + id.len == 0)
		return;
	json_open(&w, '{');
	if (signature.len > 0)
		json_member_text(&w, KEPT_THOUGHT_SIGNATURE, signature);
	if (id.len > 0)
		json_member_text(&w, KEPT_CALL_ID, id);
	json_close(&w, '}');
}

/* Writes an object; a string is taken as the JSON that it was meant to be. */
static void
put_arguments(struct buf *out, const struct json *args)
{
	struct json_writer w = json_writer(out);

	if (json_text(args).len > 0)
		buf_put_span(out, json_text(args));
	else if (json_kind(args) <= JSON_NULL)
		buf_puts(out, "{}");
	else
		json_put(&w, args);
}

static enum err
add_call(struct llm_stream *stream, const struct json *call, struct span kept)
{
	struct gemini_answer *own = stream->own;
	struct span id = tool_id_bounded(json_text(json_get(call, "id")));
	struct buf arguments = BUF_INIT;
	char made[MADE_ID_LEN];
	struct tool_fragment fragment = { .index = (int64_t)own->n_calls++,
		.id = id,
		.name = json_text(json_get(call, "name")),
		.kept = kept,
		.kept_by = KEPT_GOOGLE };
	enum err err;

	if (fragment.name.len == 0)
		fragment.name = span_of(TOOL_NO_NAME);
	if (id.len == 0) {
		made_id(made);
		fragment.id = span_of(made);
	}
	put_arguments(&arguments, json_get(call, "args"));
	fragment.arguments = buf_span(&arguments);
	if (own->calls == NULL)
		own->calls = tool_calls_open(stream->held_max);
	err = tool_calls_add(own->calls, &fragment, llm_stream_show, stream);
	buf_free(&arguments);
	return err;
}

/* Text after a call is a new part, separate from text before it. */
static enum err
take_call(struct llm_stream *stream, const struct json *call,
	struct span signature)
{
	struct buf kept = BUF_INIT;
	enum err err;

	gemini_end_block(stream);
	llm_stream_emit(stream, LLM_REASONING_END);
	llm_stream_emit(stream, LLM_TEXT_END);
	stream->called = true;
	put_kept(&kept, signature,
		tool_id_bounded(json_text(json_get(call, "id"))));
	err = add_call(stream, call,
		kept.len > 0 ? buf_span(&kept) : (struct span){ NULL, 0 });
	buf_free(&kept);
	return err;
}

/* ---- parts */

/* Whether the part contains only text. */
static bool
is_words(const struct json *part)
{
	static const char *const known[] = { "text", "thought",
		"thoughtSignature" };
	const struct json *value;
	struct span key;
	size_t at = 0;

	if (json_kind(json_get(part, "text")) == JSON_TEXT)
		return true;
	while (json_next(part, &at, &key, &value)) {
		bool is_known = json_kind(value) == JSON_NULL;

		for (size_t i = 0; i < LENGTH(known); i++)
			is_known = is_known || span_is(key, known[i]);
		if (!is_known)
			return false;
	}
	return true;
}

static enum err
take_part(struct llm_stream *stream, const struct json *part)
{
	const struct json *call = json_get(part, "functionCall");
	struct span signature = json_text(json_get(part, "thoughtSignature"));
	bool thought = json_boolean(json_get(part, "thought"), false);

	if (json_kind(call) == JSON_OBJECT)
		return take_call(stream, call, signature);
	stream->news = stream->news || signature.len > 0 || !is_words(part);
	if (!is_words(part))
		return OK;
	return gemini_say(stream, thought ? GEMINI_THOUGHT : GEMINI_TEXT,
		json_text(json_get(part, "text")), signature);
}

enum err
gemini_take_content(struct llm_stream *stream, const struct json *content)
{
	const struct json *parts = json_get(content, "parts");

	for (size_t i = 0;
		json_kind(parts) == JSON_ARRAY && i < json_length(parts); i++)
		TRY(take_part(stream, json_at(parts, i)));
	return OK;
}
