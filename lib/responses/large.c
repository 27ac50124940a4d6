/*
 * Handles events that are too large to be parsed. An answer is repeated when a
 * part ends, when its item ends, and at the end; what has come in pieces need
 * not be read again there. Of the end event only the text before and after the
 * output counts: the reason and the usage.
 */

#include "responses/answer.h"

#include "base/arena.h"
#include "json/write.h"

/* The longest value taken from an end event. */
#define VALUE_MAX 2048u

/* Returns what follows the first "key" (with *last*, the last one), in a text
 * that may be cut off anywhere. Inside a string, a quotation mark has a
 * backslash before it, so it does not match. */
static struct span
behind(struct span text, const char *key, bool last)
{
	struct span found = { NULL, 0 };
	const char *end = text.data + text.len, *at = text.data;

	while (text.len > 0 &&
		(at = memmem(at, (size_t)(end - at), key, strlen(key))) !=
			NULL) {
		bool whole = at == text.data || at[-1] != '\\';

		at += strlen(key);
		while (at < end && (*at == ' ' || *at == '\n'))
			at++;
		if (!whole || at == end || *at != ':')
			continue;
		at++;
		while (at < end && (*at == ' ' || *at == '\n'))
			at++;
		found = (struct span){ at, (size_t)(end - at) };
		if (!last)
			break;
	}
	return found;
}

/* A plain string; empty for anything else. */
static struct span
word_of(struct span value)
{
	struct span word = { "", 0 };
	const char *quote;

	if (value.len == 0 || *value.data != '"')
		return word;
	quote = memchr(value.data + 1, '"', value.len - 1);
	if (quote == NULL)
		return word;
	return (struct span){ value.data + 1,
		(size_t)(quote - value.data) - 1 };
}

/* An object without strings that contain braces; absent for anything else. */
static struct span
object_of(struct span value)
{
	int depth = 0;

	for (size_t i = 0; i < MIN(value.len, VALUE_MAX); i++) {
		depth += value.data[i] == '{';
		depth -= value.data[i] == '}';
		if (depth <= 0 && i == 0)
			break;
		if (depth == 0)
			return (struct span){ value.data, i + 1 };
	}
	return (struct span){ NULL, 0 };
}

/* ---- repetitions */

/* Whether the newest item that is shown has arrived, as far as is known: in an
 * answer of this size, pieces precede the event that repeats them. */
static bool
has_come(const struct llm_stream *stream)
{
	const struct responses_answer *own = stream->own;
	const struct responses_item *item =
		own->n > 0 ? &own->items[own->n - 1] : NULL;

	return item != NULL &&
		(item->shown != 0 || item->called || item->ended);
}

static bool
is_end(struct span type)
{
	return span_is(type, "response.completed") ||
		span_is(type, "response.done") ||
		span_is(type, "response.incomplete");
}

static bool
may_pass_over(const struct llm_stream *stream, struct span type)
{
	if (!span_begins(type, "response."))
		return false;
	if (span_ends(type, ".created") || span_ends(type, ".queued") ||
		span_ends(type, ".in_progress"))
		return true;
	return (is_end(type) || span_ends(type, ".done")) && has_come(stream);
}

/* ---- the end */

static enum err
take_end(struct llm_stream *stream, struct span type, struct span head,
	struct span tail)
{
	struct span status = word_of(behind(head, "\"status\"", false));
	struct span reason = word_of(behind(head, "\"reason\"", false));
	struct span usage = object_of(behind(tail, "\"usage\"", true));
	struct arena arena = ARENA_INIT;
	struct buf text = BUF_INIT;
	struct json_writer w = json_writer(&text);
	const struct json *response;
	enum err err;

	if (span_is(type, "response.incomplete"))
		status = span_of("incomplete");
	json_open(&w, '{');
	json_member_text(&w, "status", status);
	json_key(&w, "incomplete_details");
	json_open(&w, '{');
	json_member_text(&w, "reason", reason);
	json_close(&w, '}');
	if (json_check(usage, JSON_DEPTH_MAX) == OK)
		json_member_raw(&w, "usage", usage);
	json_close(&w, '}');
	err = json_parse_loose(&arena, buf_span(&text), &response);
	if (err == OK)
		err = responses_end(stream, response);
	arena_reset(&arena);
	buf_free(&text);
	return err;
}

enum err
responses_take_too_large(
	struct llm_stream *stream, struct span head, struct span tail)
{
	struct span type = span_of(stream->parser.name);

	if (type.len == 0)
		type = word_of(behind(head, "\"type\"", false));
	if (!may_pass_over(stream, type))
		return ERR_TOO_BIG;
	stream->understood = true;
	if (tail.data == NULL || !is_end(type))
		return OK;
	return take_end(stream, type, head, tail);
}
