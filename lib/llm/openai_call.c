/* Calls of tools and their results. */

#include "llm/openai_part.h"

#include "llm/kept.h"

#define DENIED "Tool call execution denied."
#define NO_OUTPUT "(no output)"
#define NO_NAME "unknown"

/* What servers take: the smallest of their limits. */
#define NAME_MAX_LEN 64u
#define ID_MAX_LEN 40u
#define SHORT_ID_LEN 9u
/* Of arguments that are no JSON: enough to see what is wrong. */
#define RAW_MAX 4096u

static bool
is_tool(const struct json *part)
{
	struct span type = openai_part_text(part, "type");

	return span_is(type, "dynamic-tool") ||
		(type.len > 5 && memcmp(type.data, "tool-", 5) == 0);
}

static bool
is_approved(const struct json *part)
{
	return json_boolean(
		json_get(json_get(part, "approval"), "approved"), false);
}

/* One that was approved has not been run. */
bool
openai_is_answered(const struct json *part)
{
	return is_tool(part) &&
		(openai_part_in_state(part, "output-available") ||
			openai_part_in_state(part, "output-error") ||
			openai_part_in_state(part, "output-denied") ||
			(openai_part_in_state(part, "approval-responded") &&
				!is_approved(part)));
}

/* ---- names and ids */

static bool
is_alnum(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
		(c >= 'a' && c <= 'z');
}

/* A model may call what is no name at all; it is told so, but no server takes
 * that name in a history. */
static struct span
tool_name(const struct json *part, struct buf *out)
{
	struct span name = openai_part_text(part, "type");

	if (span_is(name, "dynamic-tool"))
		name = openai_part_text(part, "toolName");
	else
		name = (struct span){ name.data + 5, name.len - 5 };
	buf_clear(out);
	for (size_t i = 0; i < MIN(name.len, NAME_MAX_LEN); i++) {
		char c = name.data[i];

		buf_putc(out, is_alnum(c) || c == '_' || c == '-' ? c : '_');
	}
	if (out->len == 0)
		buf_puts(out, NO_NAME);
	return buf_span(out);
}

static bool
is_used(const struct openai_messages *m, struct span id)
{
	for (size_t i = 0; i < m->n_ids; i++)
		if (span_equal(m->ids[i], id))
			return true;
	return false;
}

static bool
is_taken(const struct openai_messages *m, struct span id)
{
	bool shorts = m->takes->way[TAKES_CALL_IDS] == WAY_SHORT;

	if (id.len == 0 || id.len > ID_MAX_LEN ||
		(shorts && id.len != SHORT_ID_LEN))
		return false;
	for (size_t i = 0; i < id.len; i++)
		if (!is_alnum(id.data[i]) &&
			(shorts || memchr("_-.:", id.data[i], 4) == NULL))
			return false;
	return !is_used(m, id);
}

/* The same id in every request as long as nothing before it changes. */
static struct span
short_id(const struct openai_messages *m, struct span id)
{
	static const char digits[] = "0123456789abcdefghijklmnopqrstuvwxyz"
				     "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	uint64_t hash = UINT64_C(14695981039346656037); /* FNV-1a */
	char made[SHORT_ID_LEN];

	for (size_t i = 0; i < id.len; i++)
		hash = (hash ^ (unsigned char)id.data[i]) *
			UINT64_C(1099511628211);
	do {
		uint64_t rest = hash++;

		for (size_t i = 0; i < SHORT_ID_LEN; i++, rest /= 62)
			made[i] = digits[rest % 62];
	} while (is_used(m, (struct span){ made, SHORT_ID_LEN }));
	return arena_span(m->arena, (struct span){ made, SHORT_ID_LEN });
}

static struct span
next_id(struct openai_messages *m, const struct json *part)
{
	struct span id = openai_part_text(part, "toolCallId"), *grown;

	if (!is_taken(m, id))
		id = short_id(m, id);
	if (m->n_ids == m->cap_ids) {
		m->cap_ids = m->cap_ids * 2 + 16;
		grown = arena_alloc(m->arena, m->cap_ids * sizeof(*grown));
		if (m->n_ids > 0)
			memcpy(grown, m->ids, m->n_ids * sizeof(*grown));
		m->ids = grown;
	}
	return m->ids[m->n_ids++] = id;
}

/* ---- calls */

/*
 * The arguments are an object. A text that holds one is that object; what else
 * a model has written becomes {}, and *raw* is what it was, for the result.
 */
static struct span
call_input(const struct json *part, struct buf *out, struct buf *raw)
{
	const struct json *input = json_get(part, "input"), *inner;
	struct json_writer w = json_writer(out);
	struct json_writer raw_writer = json_writer(raw);
	struct arena arena = ARENA_INIT;

	if (input == NULL || json_kind(input) == JSON_NULL)
		input = json_get(part, "rawInput");
	if (json_kind(input) == JSON_TEXT &&
		json_parse_loose(&arena, json_text(input), &inner) == OK &&
		json_kind(inner) == JSON_OBJECT)
		json_put(&w, inner);
	else if (json_kind(input) == JSON_OBJECT)
		json_put(&w, input);
	else
		buf_puts(out, "{}");
	if (json_kind(input) == JSON_TEXT && buf_is(out, "{}"))
		buf_put_span(raw, json_text(input));
	else if (json_kind(input) > JSON_NULL && buf_is(out, "{}") &&
		json_kind(input) != JSON_OBJECT)
		json_put(&raw_writer, input);
	arena_reset(&arena);
	return buf_span(out);
}

static const struct json *
call_metadata(const struct json *part)
{
	const struct json *metadata = json_get(part, "callProviderMetadata");

	if (metadata == NULL && openai_part_in_state(part, "output-error"))
		metadata = json_get(part, "resultProviderMetadata");
	return metadata;
}

/* Gemini's, which it wants back with the call. */
static void
put_signature(struct openai_messages *m, const struct json *part, bool own)
{
	struct json_writer *w = m->w;
	struct span signature = openai_part_text(
		openai_kept(m, call_metadata(part), KEPT_GOOGLE, own),
		KEPT_THOUGHT_SIGNATURE);

	if (signature.len == 0)
		return;
	json_key(w, "extra_content");
	json_open(w, '{');
	json_key(w, "google");
	json_open(w, '{');
	json_member_text(w, "thought_signature", signature);
	json_close(w, '}');
	json_close(w, '}');
}

static void
put_call(struct openai_messages *m, const struct json *part, bool own)
{
	struct buf name = BUF_INIT, input = BUF_INIT, raw = BUF_INIT;
	struct json_writer *w = m->w;

	json_open(w, '{');
	json_member_text(w, "id", next_id(m, part));
	json_member_str(w, "type", "function");
	json_key(w, "function");
	json_open(w, '{');
	json_member_text(w, "name", tool_name(part, &name));
	json_member_text(w, "arguments", call_input(part, &input, &raw));
	json_close(w, '}');
	openai_put_passed_on(w, call_metadata(part));
	put_signature(m, part, own);
	json_close(w, '}');
	buf_free(&name);
	buf_free(&input);
	buf_free(&raw);
}

/* ---- results */

static void
add_output(const struct json *part, struct buf *out)
{
	const struct json *output = json_get(part, "output");
	struct json_writer w = json_writer(out);
	struct span reason =
		openai_part_text(json_get(part, "approval"), "reason");

	if (openai_part_in_state(part, "output-error"))
		buf_put_span(out, openai_part_text(part, "errorText"));
	else if (!openai_part_in_state(part, "output-available"))
		buf_put_span(
			out, reason.data != NULL ? reason : span_of(DENIED));
	else if (json_kind(output) == JSON_TEXT)
		buf_put_span(out, json_text(output));
	else
		json_put(&w, output);
}

/* A result is never blank, and says what the call's arguments were when they
 * could not be passed on. */
static struct span
call_output(const struct json *part, struct buf *out)
{
	struct buf input = BUF_INIT, raw = BUF_INIT;

	add_output(part, out);
	(void)call_input(part, &input, &raw);
	if (openai_is_blank(buf_span(out))) {
		buf_clear(out);
		buf_puts(out, NO_OUTPUT);
	}
	if (!openai_is_blank(buf_span(&raw))) {
		buf_puts(out, "\nThe arguments were no JSON object: ");
		buf_append(out, raw.data, MIN(raw.len, RAW_MAX));
	}
	buf_free(&input);
	buf_free(&raw);
	return buf_span(out);
}

static void
put_result(struct openai_messages *m, const struct json *part, struct span id)
{
	struct buf output = BUF_INIT;

	json_open(m->w, '{');
	json_member_str(m->w, "role", "tool");
	json_member_text(m->w, "tool_call_id", id);
	json_member_text(m->w, "content", call_output(part, &output));
	openai_put_passed_on(m->w, json_get(part, "callProviderMetadata"));
	json_close(m->w, '}');
	buf_free(&output);
}

static void
put_together(struct openai_messages *m, const struct openai_step *step)
{
	size_t id = m->n_ids;

	openai_open_calls(m);
	json_key(m->w, "tool_calls");
	json_open(m->w, '[');
	for (size_t i = step->first; i < step->end; i++)
		if (openai_is_answered(json_at(step->parts, i)))
			put_call(m, json_at(step->parts, i), step->own);
	json_close(m->w, ']');
	json_close(m->w, '}');
	for (size_t i = step->first; i < step->end; i++)
		if (openai_is_answered(json_at(step->parts, i)))
			put_result(m, json_at(step->parts, i), m->ids[id++]);
	m->last = WROTE_RESULT;
}

void
openai_put_calls(struct openai_messages *m, const struct openai_step *step)
{
	struct openai_step one = *step;
	size_t n = m->n_ids;

	m->had |= TAKES_BIT(TAKES_CALL_IDS);
	if (m->takes->way[TAKES_PARALLEL_CALLS] == WAY_ON) {
		put_together(m, step);
		if (m->n_ids > n + 1)
			m->had |= TAKES_BIT(TAKES_PARALLEL_CALLS);
		return;
	}
	for (one.first = step->first; one.first < step->end; one.first++) {
		one.end = one.first + 1;
		if (openai_is_answered(json_at(step->parts, one.first)))
			put_together(m, &one);
	}
}

/* For a model that knows no tools, or no more of them. */
void
openai_tell_call(const struct json *part, struct buf *out)
{
	struct buf name = BUF_INIT, text = BUF_INIT, raw = BUF_INIT;

	if (out->len > 0)
		buf_puts(out, "\n\n");
	buf_puts(out, "[The tool ");
	buf_put_span(out, tool_name(part, &name));
	buf_puts(out, " was called with ");
	buf_put_span(out, call_input(part, &text, &raw));
	buf_puts(out, " and gave: ");
	buf_clear(&text);
	buf_put_span(out, call_output(part, &text));
	buf_puts(out, "]\n\n");
	buf_free(&name);
	buf_free(&text);
	buf_free(&raw);
}
