#include "api/instructions.h"

#include "http/route.h"
#include "repo/instructions.h"
#include "json/json.h"
#include "json/pages.h"
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

static enum err
read_text(struct request *rq, struct span *out)
{
	static const char key[] = "instructions";
	const struct json *body;
	struct span text = { NULL, 0 };

	TRY(request_json(rq, &body));
	text = json_text(json_get(body, key));
	if (text.data == NULL)
		return request_invalid(
			rq, key, "\"%s\" must be a string.", key);
	*out = pages_trimmed(rq->arena, text);
	if (!pages_are_text(*out))
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
	struct span text = { NULL, 0 };

	TRY(instructions_of_user(rq->db, rq->arena, rq->user_id, &text));
	return reply(rs, text);
}

enum err
instructions_set_mine(struct request *rq, struct response *rs)
{
	struct span text = { NULL, 0 };

	TRY(read_text(rq, &text));
	TRY(instructions_set_user(rq->db, rq->user_id, text));
	return reply(rs, text);
}

enum err
instructions_get(struct request *rq, struct response *rs)
{
	struct span text = { NULL, 0 };
	uint64_t id;

	TRY(request_id(rq, "id", &id));
	TRY(instructions_of_session(rq->db, rq->arena, rq->user_id, id, &text));
	return reply(rs, text);
}

enum err
instructions_set(struct request *rq, struct response *rs)
{
	struct span text = { NULL, 0 };
	uint64_t id;

	TRY(request_id(rq, "id", &id));
	TRY(read_text(rq, &text));
	TRY(instructions_set_session(rq->db, rq->user_id, id, text));
	return reply(rs, text);
}
