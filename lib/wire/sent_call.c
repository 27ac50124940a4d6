/* Prepares tool calls and their results for a model. */

#include "wire/sent_call.h"

#include "base/attr.h"
#include "wire/part.h"
#include "json/write.h"

#define DENIED "Tool call execution denied."
#define NO_OUTPUT "(no output)"
#define NO_NAME "unknown"

/* The smallest limits of all servers. */
#define NAME_MAX_LEN 64u
#define ID_MAX_LEN 40u
#define SHORT_ID_LEN 9u
/* Enough of invalid arguments to see what is wrong. */
#define RAW_MAX 4096u

static bool
is_tool(const struct json *part)
{
	struct span type = llm_part_text(part, "type");

	return span_is(type, "dynamic-tool") || span_begins(type, "tool-");
}

static bool
is_approved(const struct json *part)
{
	return json_boolean(
		json_get(json_get(part, "approval"), "approved"), false);
}

/* An approved call has not run yet. */
bool
sent_call_is_answered(const struct json *part)
{
	return is_tool(part) &&
		(llm_part_in_state(part, "output-available") ||
			llm_part_in_state(part, "output-error") ||
			llm_part_in_state(part, "output-denied") ||
			(llm_part_in_state(part, "approval-responded") &&
				!is_approved(part)));
}

bool
sent_call_failed(const struct json *part)
{
	return !llm_part_in_state(part, "output-available");
}

/* ---- names and ids */

static bool
is_alnum(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
		(c >= 'a' && c <= 'z');
}

/* A model may call something that is not a valid name. It is informed of that,
 * but no server accepts the name in a history. */
struct span
sent_call_name(const struct json *part, struct buf *out)
{
	struct span name = llm_part_text(part, "type");

	if (span_is(name, "dynamic-tool"))
		name = llm_part_text(part, "toolName");
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
is_used(const struct sent_ids *ids, struct span id)
{
	for (size_t i = 0; i < ids->n; i++)
		if (span_equal(ids->list[i], id))
			return true;
	return false;
}

static bool
is_taken(const struct sent_ids *ids, struct span id)
{
	if (id.len == 0 || id.len > ID_MAX_LEN ||
		(ids->shorts && id.len != SHORT_ID_LEN))
		return false;
	for (size_t i = 0; i < id.len; i++)
		if (!is_alnum(id.data[i]) &&
			(ids->shorts || id.data[i] == '\0' ||
				strchr(ids->marks, id.data[i]) == NULL))
			return false;
	return !is_used(ids, id);
}

/* The same id in every request, as long as nothing before it changes. */
static struct span
short_id(const struct sent_ids *ids, struct span id)
{
	static const char digits[] = "0123456789abcdefghijklmnopqrstuvwxyz"
				     "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	uint64_t hash = span_hash(id);
	char made[SHORT_ID_LEN];

	do {
		uint64_t rest = hash++;

		for (size_t i = 0; i < SHORT_ID_LEN; i++, rest /= 62)
			made[i] = digits[rest % 62];
	} while (is_used(ids, (struct span){ made, SHORT_ID_LEN }));
	return arena_span(ids->arena, (struct span){ made, SHORT_ID_LEN });
}

struct span
sent_ids_next(struct sent_ids *ids, const struct json *part)
{
	struct span id = llm_part_text(part, "toolCallId"), *grown;

	if (!is_taken(ids, id))
		id = short_id(ids, id);
	if (ids->n == ids->cap) {
		ids->cap = ids->cap * 2 + 16;
		grown = arena_alloc(ids->arena, ids->cap * sizeof(*grown));
		if (ids->n > 0)
			memcpy(grown, ids->list, ids->n * sizeof(*grown));
		ids->list = grown;
	}
	return ids->list[ids->n++] = id;
}

/* ---- calls */

/*
 * The arguments become an object. A string that contains an object is that
 * object; anything else becomes {}, and *raw* keeps the original for the
 * result.
 */
static struct span
read_input(const struct json *part, struct buf *out, struct buf *raw)
{
	const struct json *input = json_get(part, "input"), *inner;
	struct json_writer w = json_writer(out);
	struct json_writer raw_writer = json_writer(raw);
	struct arena arena = ARENA_INIT;

	if (input == NULL || json_kind(input) == JSON_NULL)
		input = json_get(part, "rawInput");
	if (json_kind(input) == JSON_OBJECT) {
		json_put(&w, input);
	} else if (json_kind(input) == JSON_TEXT &&
		json_parse_loose(&arena, json_text(input), &inner) == OK &&
		json_kind(inner) == JSON_OBJECT) {
		json_put(&w, inner);
	} else {
		buf_puts(out, "{}");
		if (json_kind(input) == JSON_TEXT)
			buf_put_span(raw, json_text(input));
		else if (json_kind(input) > JSON_NULL)
			json_put(&raw_writer, input);
	}
	arena_reset(&arena);
	return buf_span(out);
}

struct span
sent_call_input(const struct json *part, struct buf *out)
{
	struct buf raw = BUF_INIT;

	(void)read_input(part, out, &raw);
	buf_free(&raw);
	return buf_span(out);
}

const struct json *
sent_call_metadata(const struct json *part)
{
	return json_get(part, "callProviderMetadata");
}

/* ---- results */

static void
add_output(const struct json *part, struct buf *out)
{
	const struct json *output = json_get(part, "output");
	struct json_writer w = json_writer(out);
	struct span reason =
		llm_part_text(json_get(part, "approval"), "reason");

	if (llm_part_in_state(part, "output-error"))
		buf_put_span(out, llm_part_text(part, "errorText"));
	else if (!llm_part_in_state(part, "output-available"))
		buf_put_span(
			out, reason.data != NULL ? reason : span_of(DENIED));
	else if (json_kind(output) == JSON_TEXT)
		buf_put_span(out, json_text(output));
	else
		json_put(&w, output);
}

/* A result is never blank; it quotes arguments that could not be passed on. */
struct span
sent_call_output(const struct json *part, struct buf *out)
{
	struct buf input = BUF_INIT, raw = BUF_INIT;

	add_output(part, out);
	(void)read_input(part, &input, &raw);
	if (llm_is_blank(buf_span(out))) {
		buf_clear(out);
		buf_puts(out, NO_OUTPUT);
	}
	if (!llm_is_blank(buf_span(&raw))) {
		buf_puts(out, "\nThe arguments were no JSON object: ");
		buf_append(out, raw.data, MIN(raw.len, RAW_MAX));
	}
	buf_free(&input);
	buf_free(&raw);
	return buf_span(out);
}

/* For a model that supports no tools, or no more calls. */
void
sent_call_words(const struct json *part, struct buf *out)
{
	struct buf name = BUF_INIT, text = BUF_INIT;

	if (out->len > 0)
		buf_puts(out, "\n\n");
	buf_puts(out, "[The tool ");
	buf_put_span(out, sent_call_name(part, &name));
	buf_puts(out, " was called with ");
	buf_put_span(out, sent_call_input(part, &text));
	buf_puts(out, " and gave: ");
	buf_clear(&text);
	buf_put_span(out, sent_call_output(part, &text));
	buf_puts(out, "]\n\n");
	buf_free(&name);
	buf_free(&text);
}
