#include "api/publish.h"

#include "api/app.h"
#include "api/audit.h"
#include "api/guard.h"

#include <inttypes.h>

enum err
publish_not_yours(struct request *rq)
{
	return request_fail(rq, ERR_FORBIDDEN, "not_yours",
		"This belongs to somebody else. You can use it, but you cannot "
		"change it.");
}

static enum err
check_admin(struct request *rq)
{
	enum err err = guard_admin(rq->app->guard, rq);

	return err == ERR_FORBIDDEN
		? request_fail(rq, err, "publish_denied",
			  "Only administrators can publish.")
		: err;
}

enum err
publish_may(
	struct request *rq, const struct publish_wish *wish, bool *withdraws)
{
	bool changes = wish->published != NULL &&
		*wish->published != wish->is_published;
	bool stays_seen =
		wish->published != NULL ? *wish->published : wish->is_published;

	*withdraws = false;
	if (!wish->mine) {
		if (wish->says_text || !changes)
			return publish_not_yours(rq);
		*withdraws = true;
		return check_admin(rq);
	}
	/* A former administrator may withdraw it, but not change what others
	 * see. */
	return stays_seen && (changes || wish->says_text) ? check_admin(rq)
							  : OK;
}

enum err
publish_not_yet(struct request *rq, const bool *published)
{
	return published != NULL && *published
		? request_invalid(rq, "published",
			  "\"published\" must be false for a new one.")
		: OK;
}

void
publish_audit(
	const struct request *rq, const char *noun, uint64_t id, bool published)
{
	audit(rq,
		arena_printf(rq->arena, "%s_%s", noun,
			published ? "published" : "withdrawn"),
		"user=%" PRIu64 " %s=%" PRIu64, rq->user_id, noun, id);
}
