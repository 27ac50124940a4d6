/*
 * publish.h: who decides what everybody sees of what people have saved
 * (assistants.h). It is changed by its owner (403 not_yours), and published by
 * an administrator of their own (403 publish_denied). Its owner and every
 * administrator may withdraw it.
 */

#ifndef API_PUBLISH_H
#define API_PUBLISH_H

#include "http/request.h"

#include <stdbool.h>
#include <stdint.h>

/* Whether who asks may change what is *mine*, and let all see it or not:
 * *published* is wished, or NULL, and so it is now. *withdraws*: it is all that
 * they may do. ERR_FORBIDDEN (not_yours, publish_denied). */
struct publish_wish {
	bool mine, says_text;
	const bool *published;
	bool is_published;
};
MUST_USE enum err publish_may(
	struct request *rq, const struct publish_wish *wish, bool *withdraws);

/* ERR_FORBIDDEN: it is somebody else's. */
enum err publish_not_yours(struct request *rq);

/* ERR_INVALID: what is new is not published at once. *published* is wished, or
 * NULL. */
MUST_USE enum err publish_not_yet(struct request *rq, const bool *published);

/* What was an "assistant" or a "prompt" of somebody is everybody's now, or not
 * any more: assistant_published, assistant_withdrawn, prompt_published or
 * prompt_withdrawn in the log. */
void publish_audit(const struct request *rq, const char *noun, uint64_t id,
	bool published);

#endif
