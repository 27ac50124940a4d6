/* What the model has said and called: one message for each step, followed by
 * one for each result of a call. */

#include "llm/openai_part.h"

#define DENIED "Tool call execution denied."

static bool
is_tool(const struct json *part)
{
	struct span type = openai_part_text(part, "type");

	return span_is(type, "dynamic-tool") ||
		(type.len > 5 && memcmp(type.data, "tool-", 5) == 0);
}

static bool
has_state(const struct json *part, const char *state)
{
	return span_is(openai_part_text(part, "state"), state);
}

/* The parts of one step. */
struct step {
	const struct json *parts;
	size_t first, end;
};

static bool
is_approved(const struct json *part)
{
	return json_boolean(
		json_get(json_get(part, "approval"), "approved"), false);
}

/* A call whose answer is known: an upstream refuses a conversation with a
 * call that was never answered. One that was approved has not been run. */
static bool
is_answered(const struct json *part)
{
	return is_tool(part) &&
		(has_state(part, "output-available") ||
			has_state(part, "output-error") ||
			has_state(part, "output-denied") ||
			(has_state(part, "approval-responded") &&
				!is_approved(part)));
}

static bool
is_content(const struct json *part)
{
	return openai_part_is(part, "text") ||
		openai_part_is(part, "reasoning") ||
		openai_part_is(part, "file") || is_answered(part);
}

static struct span
joined(struct buf *out, const struct step *step, const char *type)
{
	buf_clear(out);
	for (size_t i = step->first; i < step->end; i++)
		if (openai_part_is(json_at(step->parts, i), type))
			buf_put_span(out,
				openai_part_text(
					json_at(step->parts, i), "text"));
	return buf_span(out);
}

static struct span
tool_name(const struct json *part)
{
	struct span type = openai_part_text(part, "type");

	if (span_is(type, "dynamic-tool"))
		return openai_part_text(part, "toolName");
	return (struct span){ type.data + 5, type.len - 5 };
}

/* JSON inside of a JSON text. */
static void
put_stringified(struct json_writer *w, const struct json *value)
{
	struct buf text = BUF_INIT;
	struct json_writer inner = json_writer(&text);

	json_put(&inner, value);
	json_put_text(w, buf_span(&text));
	buf_free(&text);
}

static void
put_arguments(struct json_writer *w, const struct json *part)
{
	const struct json *input = json_get(part, "input");

	if (has_state(part, "output-error") &&
		(input == NULL || json_kind(input) == JSON_NULL))
		input = json_get(part, "rawInput");
	if (input == NULL)
		json_put_str(w, "{}");
	else
		put_stringified(w, input);
}

static const struct json *
call_metadata(const struct json *part)
{
	const struct json *metadata = json_get(part, "callProviderMetadata");

	if (metadata == NULL && has_state(part, "output-error"))
		metadata = json_get(part, "resultProviderMetadata");
	return metadata;
}

static void
put_signature(struct json_writer *w, const struct json *part)
{
	struct span signature = openai_part_text(
		json_get(call_metadata(part), "google"), "thoughtSignature");

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
put_call(struct json_writer *w, const struct json *part)
{
	json_open(w, '{');
	json_member_text(w, "id", openai_part_text(part, "toolCallId"));
	json_member_str(w, "type", "function");
	json_key(w, "function");
	json_open(w, '{');
	json_member_text(w, "name", tool_name(part));
	json_key(w, "arguments");
	put_arguments(w, part);
	json_close(w, '}');
	openai_put_passed_on(w, call_metadata(part));
	put_signature(w, part);
	json_close(w, '}');
}

static void
put_calls(struct json_writer *w, const struct step *step)
{
	json_key(w, "tool_calls");
	json_open(w, '[');
	for (size_t i = step->first; i < step->end; i++)
		if (is_answered(json_at(step->parts, i)))
			put_call(w, json_at(step->parts, i));
	json_close(w, ']');
}

static void
put_output(struct json_writer *w, const struct json *part)
{
	const struct json *output = json_get(part, "output");
	struct span reason =
		openai_part_text(json_get(part, "approval"), "reason");

	if (has_state(part, "output-error"))
		json_put_text(w, openai_part_text(part, "errorText"));
	else if (!has_state(part, "output-available"))
		json_put_text(
			w, reason.data != NULL ? reason : span_of(DENIED));
	else if (json_kind(output) == JSON_TEXT)
		json_put_text(w, json_text(output));
	else
		put_stringified(w, output);
}

/* The provider has the results of calls that it ran itself. */
static void
put_results(struct json_writer *w, const struct step *step)
{
	for (size_t i = step->first; i < step->end; i++) {
		const struct json *part = json_at(step->parts, i);

		if (!is_answered(part) ||
			json_boolean(json_get(part, "providerExecuted"), false))
			continue;
		json_open(w, '{');
		json_member_str(w, "role", "tool");
		json_member_text(w, "tool_call_id",
			openai_part_text(part, "toolCallId"));
		json_key(w, "content");
		put_output(w, part);
		openai_put_passed_on(w, json_get(part, "callProviderMetadata"));
		json_close(w, '}');
	}
}

static void
put_step(struct json_writer *w, const struct step *step)
{
	struct buf text = BUF_INIT;
	struct span span;
	size_t n = 0, n_calls = 0;

	for (size_t i = step->first; i < step->end; i++) {
		n += is_content(json_at(step->parts, i));
		n_calls += is_answered(json_at(step->parts, i));
	}
	if (n == 0)
		return;
	json_open(w, '{');
	json_member_str(w, "role", "assistant");
	span = joined(&text, step, "text");
	json_key(w, "content");
	if (span.len == 0 && n_calls > 0)
		json_put_null(w);
	else
		json_put_text(w, span);
	span = joined(&text, step, "reasoning");
	if (span.len > 0)
		json_member_text(w, "reasoning_content", span);
	if (n_calls > 0)
		put_calls(w, step);
	json_close(w, '}');
	put_results(w, step);
	buf_free(&text);
}

void
openai_put_assistant(struct json_writer *w, const struct json *parts)
{
	struct step step = { .parts = parts };

	for (; step.end < json_length(parts); step.end++) {
		if (!openai_part_is(json_at(parts, step.end), "step-start"))
			continue;
		put_step(w, &step);
		step.first = step.end + 1;
	}
	put_step(w, &step);
}
