#include "wire/plain_body.h"

#include "base/attr.h"
#include "wire/sse_parser.h"
#include "json/utf8.h"

static enum err
give(struct plain_body *body)
{
	struct buf text = BUF_INIT, repaired = BUF_INIT;
	enum err err;

	buf_move(&text, &body->text);
	body->shape = (struct shape){ .state = SHAPE_UNKNOWN };
	if (!utf8_valid(buf_span(&text))) {
		if (text.len <= SSE_REPAIR_MAX)
			utf8_repair(&repaired, buf_span(&text));
		buf_clear(&text);
		buf_move(&text, &repaired);
	}
	err = body->on_data(body->arg, buf_span(&text), false);
	buf_free(&text);
	return err;
}

static bool
is_lead(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Examines the beginning of the body, as far as it has arrived. */
static void
look(struct plain_body *body, struct span *bytes)
{
	while (bytes->len > 0 && is_lead(*bytes->data)) {
		bytes->data++;
		bytes->len--;
	}
	if (bytes->len > 0 && *bytes->data != '{' && *bytes->data != '[')
		body->events = true;
}

enum err
plain_feed(struct plain_body *body, struct span *bytes)
{
	const char *eol;
	struct span line;

	while (!body->events && bytes->len > 0) {
		if (body->text.len == 0)
			look(body, bytes);
		if (body->events || bytes->len == 0)
			break;
		eol = memchr(bytes->data, '\n', bytes->len);
		line = (struct span){ bytes->data,
			eol != NULL ? (size_t)(eol + 1 - bytes->data)
				    : bytes->len };
		if (body->text.len + line.len > SSE_EVENT_MAX)
			return ERR_TOO_BIG;
		buf_put_span(&body->text, line);
		shape_follow(&body->shape, line);
		bytes->data += line.len;
		bytes->len -= line.len;
		if (eol != NULL && body->shape.state == SHAPE_WHOLE)
			TRY(give(body));
	}
	return OK;
}

enum err
plain_end(struct plain_body *body)
{
	return body->text.len > 0 ? give(body) : OK;
}

void
plain_free(struct plain_body *body)
{
	buf_free(&body->text);
}
