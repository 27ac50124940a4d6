#include "api/export.h"

#include "api/app.h"
#include "api/export_page.h"

#include <inttypes.h>
#include <string.h>

/* Reads "<session>-<message>", or "<session>" before its first message. */
static enum err
read_cursor(struct request *rq, struct export_cursor *out)
{
	const char *text, *dash;

	*out = (struct export_cursor){ 0 };
	TRY(request_query(rq, "cursor", &text));
	if (text == NULL)
		return OK;
	dash = strchrnul(text, '-');
	if (id_parse((struct span){ text, (size_t)(dash - text) },
		    &out->session_id) != OK ||
		(*dash == '-' &&
			id_parse(span_of(dash + 1), &out->message_id) != OK))
		return request_invalid(rq, "cursor",
			"A cursor comes from the Link of another page.");
	return OK;
}

static void
link_next(struct request *rq, struct response *rs,
	const struct export_cursor *cursor)
{
	const char *message = cursor->message_id == 0
		? ""
		: arena_printf(rq->arena, "-%" PRIu64, cursor->message_id);

	response_header(rs, "Link",
		"<%s/api/ai/sessions/export?cursor=%" PRIu64
		"%s>; rel=\"next\"",
		rq->app->conf.http.base_path, cursor->session_id, message);
}

enum err
export_get(struct request *rq, struct response *rs)
{
	struct export_page page = { .db = rq->db,
		.arena = rq->arena,
		.user_id = rq->user_id,
		.login_id = rq->login_id };

	TRY(read_cursor(rq, &page.cursor));
	page.w = response_json_spliced(rs, rq->arena, 200);
	rs->type = "application/x-ndjson";
	TRY(export_page_put(&page));
	if (page.more)
		link_next(rq, rs, &page.cursor);
	return OK;
}
