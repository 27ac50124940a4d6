/*
 * publish.h: decides who may change and publish what people have saved
 * (assistants.h). The owner may change it (403 not_yours); only an
 * administrator may publish it, and only their own (403 publish_denied); its
 * owner and every administrator may withdraw it.
 */

#ifndef API_PUBLISH_H
#define API_PUBLISH_H

#include "http/request.h"

#include <stdbool.h>
#include <stdint.h>

/* Whether the user may change an item, which is *mine* or not, and publish it:
 * *published* is the requested value or NULL, next to the current one.
 * *withdraws*: the user may do only that. ERR_FORBIDDEN (not_yours,
 * publish_denied). */
struct publish_wish {
	bool mine, says_text;
	const bool *published;
	bool is_published;
};
MUST_USE enum err publish_may(
	struct request *rq, const struct publish_wish *wish, bool *withdraws);

/* ERR_FORBIDDEN: it belongs to somebody else. */
enum err publish_not_yours(struct request *rq);

/* ERR_INVALID: a new item cannot be published at once. *published* is the
 * requested value, or NULL. */
MUST_USE enum err publish_not_yet(struct request *rq, const bool *published);

/* Logs that an "assistant" or a "prompt" was published or withdrawn:
 * assistant_published, assistant_withdrawn, prompt_published or
 * prompt_withdrawn. */
void publish_audit(const struct request *rq, const char *noun, uint64_t id,
	bool published);

#endif
