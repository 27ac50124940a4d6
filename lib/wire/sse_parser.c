#include "wire/sse_parser.h"

#include "base/mem.h"
#include "json/utf8.h"

#include <stdlib.h>
#include <string.h>

#define BOM "\xef\xbb\xbf"

/* Drops the event after it has ended. */
static void
forget(struct sse_parser *parser)
{
	buf_clear(&parser->data);
	parser->has_data = parser->error = false;
	parser->name[0] = '\0';
}

/* Passes on the event's data, repaired if it is not valid UTF-8. */
static enum err
dispatch(struct sse_parser *parser)
{
	struct span data = buf_span(&parser->data);
	struct buf repaired = BUF_INIT;
	enum err err = OK;

	if (parser->has_data && utf8_valid(data)) {
		err = parser->on_data(parser->arg, data, parser->error);
	} else if (parser->has_data && data.len <= SSE_REPAIR_MAX) {
		utf8_repair(&repaired, data);
		err = parser->on_data(
			parser->arg, buf_span(&repaired), parser->error);
	}
	buf_free(&repaired);
	forget(parser);
	return err;
}

/* Sets *value* if the field has this name. */
static bool
is_field(struct span line, const char *name, struct span *value)
{
	size_t len = strlen(name);

	if (line.len < len || memcmp(line.data, name, len) != 0 ||
		(line.len > len && line.data[len] != ':'))
		return false;
	len = MIN(line.len, len + 1);
	if (line.len > len && line.data[len] == ' ')
		len++;
	*value = (struct span){ line.data + len, line.len - len };
	return true;
}

/* All names that a wire may know are shorter. */
static void
take_name(struct sse_parser *parser, struct span name)
{
	size_t len = name.len < sizeof(parser->name) ? name.len : 0;

	memcpy(parser->name, name.data, len);
	parser->name[len] = '\0';
	parser->error = span_is(name, "error");
}

/* Takes one line of the event. Everything else is skipped: comments, other
 * fields, and fields whose name only begins with "data". */
static void
take_field(struct sse_parser *parser, struct span line)
{
	struct span value;

	if (is_field(line, "event", &value)) {
		take_name(parser, value);
		return;
	}
	if (*line.data != '{' && !is_field(line, "data", &line))
		return;
	if (parser->has_data)
		buf_putc(&parser->data, '\n');
	buf_put_span(&parser->data, line);
	parser->has_data = true;
}

static enum err
take_line(struct sse_parser *parser, struct span line)
{
	if (!parser->begun && line.len >= 3 && memcmp(line.data, BOM, 3) == 0) {
		line.data += 3;
		line.len -= 3;
	}
	parser->begun = true;
	if (line.len == 0)
		return dispatch(parser);
	take_field(parser, line);
	return OK;
}

/* Ends a line whose beginning may wait in parser->line. */
static enum err
end_line(struct sse_parser *parser, struct span rest)
{
	enum err err;

	if (parser->line.len == 0)
		return take_line(parser, rest);
	buf_put_span(&parser->line, rest);
	err = take_line(parser, buf_span(&parser->line));
	buf_clear(&parser->line);
	return err;
}

/* ---- events that are too large */

static bool
is_skipping(const struct sse_parser *parser)
{
	return parser->skip != NULL && parser->skip->on;
}

/* *more* continues the line that is not over yet. */
static enum err
begin_skip(struct sse_parser *parser, struct span more)
{
	if (parser->on_large == NULL)
		return ERR_TOO_BIG;
	if (parser->skip == NULL)
		parser->skip = mem_zalloc(sizeof(*parser->skip));
	if (!sse_skip_begin(parser->skip, buf_span(&parser->data),
		    buf_span(&parser->line), more))
		return ERR_TOO_BIG;
	buf_free(&parser->data);
	buf_free(&parser->line);
	return parser->on_large(parser->arg, buf_span(&parser->skip->head),
		(struct span){ NULL, 0 });
}

static enum err
end_skip(struct sse_parser *parser)
{
	enum err err = parser->on_large(parser->arg,
		buf_span(&parser->skip->head), sse_skip_tail(parser->skip));

	parser->skip->on = false;
	forget(parser);
	return err;
}

/* Skips to the end of the event at most. */
static enum err
skip(struct sse_parser *parser, const char **at, const char *end)
{
	*at = sse_skip_feed(parser->skip, *at, end, &parser->after_cr);
	return parser->skip->on ? OK : end_skip(parser);
}

/* ---- lines */

/*
 * Lines are long and mostly complete, so this takes two memchr calls per line.
 * The position of the next LF is remembered; otherwise a body with CR line ends
 * would be searched again and again.
 */
enum err
sse_feed(struct sse_parser *parser, const char *bytes, size_t len)
{
	const char *at = bytes, *end = bytes + len, *lf = NULL, *eol;

	while (at < end) {
		if (is_skipping(parser)) {
			TRY(skip(parser, &at, end));
			continue;
		}
		if (parser->after_cr && *at == '\n')
			at++;
		parser->after_cr = false;
		if (lf == NULL || lf < at)
			lf = memchr(at, '\n', (size_t)(end - at));
		if (lf == NULL)
			lf = end;
		eol = memchr(at, '\r', (size_t)(lf - at));
		if (eol == NULL)
			eol = lf;
		if (parser->line.len + parser->data.len + (size_t)(eol - at) >=
			SSE_EVENT_MAX) {
			TRY(begin_skip(parser,
				(struct span){ at, (size_t)(eol - at) }));
			continue;
		}
		if (eol == end) {
			buf_append(&parser->line, at, (size_t)(end - at));
			break;
		}
		parser->after_cr = *eol == '\r';
		TRY(end_line(parser, (struct span){ at, (size_t)(eol - at) }));
		at = eol + 1;
	}
	return OK;
}

enum err
sse_end(struct sse_parser *parser)
{
	if (is_skipping(parser))
		return end_skip(parser);
	if (parser->line.len > 0)
		TRY(end_line(parser, (struct span){ "", 0 }));
	return dispatch(parser);
}

void
sse_free(struct sse_parser *parser)
{
	if (parser->skip != NULL)
		sse_skip_free(parser->skip);
	free(parser->skip);
	buf_free(&parser->line);
	buf_free(&parser->data);
}
