#include "api/instructions.h"

#include "http/route.h"
#include "repo/instructions.h"
#include "json/json.h"
#include "json/utf8.h"

_Static_assert(ROUTE_FITS(INSTRUCTIONS_MAX, ROUTE_TEXT_BODY),
	"a text that is allowed is let in");

static enum err
reply(struct response *rs, struct span text)
{
	struct json_writer w = response_json(rs, 200);

	json_open(&w, '{');
	json_member_text(
		&w, "instructions", text.data != NULL ? text : span_of(""));
	json_member_int(&w, "maxLength", INSTRUCTIONS_MAX);
	json_close(&w, '}');
	return OK;
}

static bool
is_text(struct span text)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.data[i];

		if ((c < ' ' && c != '\n' && c != '\t') || c == 0x7f)
			return false;
	}
	return utf8_valid(text);
}

/* Lines end as they do in the page; blanks around the text are none. */
static struct span
trimmed(struct arena *arena, struct span text)
{
	struct buf lines = BUF_INIT;
	struct span copy;

	for (size_t i = 0; i < text.len; i++)
		if (text.data[i] != '\r' || i + 1 == text.len ||
			text.data[i + 1] != '\n')
			buf_putc(&lines, text.data[i]);
	copy = arena_span(arena, buf_span(&lines));
	buf_free(&lines);
	while (copy.len > 0 && strchr(" \n\t", copy.data[copy.len - 1]) &&
		copy.data[copy.len - 1] != '\0')
		copy.len--;
	while (copy.len > 0 && strchr(" \n\t", *copy.data) &&
		*copy.data != '\0') {
		copy.data++;
		copy.len--;
	}
	return copy;
}

static enum err
read_text(struct request *rq, struct span *out)
{
	static const char key[] = "instructions";
	const struct json *body;
	struct span text;

	TRY(request_json(rq, &body));
	text = json_text(json_get(body, key));
	if (text.data == NULL)
		return request_invalid(
			rq, key, "\"%s\" must be a string.", key);
	*out = trimmed(rq->arena, text);
	if (!is_text(*out))
		return request_invalid(rq, key,
			"\"%s\" holds characters that are not text.", key);
	if (utf8_length(*out) > INSTRUCTIONS_MAX)
		return request_invalid(rq, key,
			"\"%s\" has at most %d characters.", key,
			INSTRUCTIONS_MAX);
	return OK;
}

enum err
instructions_get_mine(struct request *rq, struct response *rs)
{
	struct span text;

	TRY(instructions_of_user(rq->db, rq->arena, rq->user_id, &text));
	return reply(rs, text);
}

enum err
instructions_set_mine(struct request *rq, struct response *rs)
{
	struct span text;

	TRY(read_text(rq, &text));
	TRY(instructions_set_user(rq->db, rq->user_id, text));
	return reply(rs, text);
}

enum err
instructions_get(struct request *rq, struct response *rs)
{
	struct span text;
	uint64_t id;

	TRY(request_id(rq, "id", &id));
	TRY(instructions_of_session(rq->db, rq->arena, rq->user_id, id, &text));
	return reply(rs, text);
}

enum err
instructions_set(struct request *rq, struct response *rs)
{
	struct span text;
	uint64_t id;

	TRY(request_id(rq, "id", &id));
	TRY(read_text(rq, &text));
	TRY(instructions_set_session(rq->db, rq->user_id, id, text));
	return reply(rs, text);
}
