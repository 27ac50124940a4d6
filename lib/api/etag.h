/*
 * etag.h: answers that a browser caches and revalidates (RFC 9110, 8.8.3 and
 * 13.1.2): a tag is computed from everything that determines an answer, and a
 * client that has the answer with this tag gets 304 instead. The tag is weak,
 * because the web server may compress the answer.
 *
 * Such an answer is `private, no-cache`: only the user's own browser keeps it,
 * and revalidates it each time with the current user's token. The tag reveals
 * nothing of its ingredients.
 */

#ifndef API_ETAG_H
#define API_ETAG_H

#include "base/buf.h"
#include "base/span.h"
#include "http/request.h"
#include "http/response.h"

#include <stdbool.h>
#include <stdint.h>

/* A zeroed struct has no ingredients yet. */
struct etag {
	struct buf parts;
};

void etag_add(struct etag *etag, uint64_t value);
void etag_add_text(struct etag *etag, struct span text);

/* Sets the tag of the answer *rs*, whose headers count as ingredients, too.
 * Returns true if the client has that answer; *rs* is then a 304. Ends
 * *etag*. */
bool
etag_matches(struct etag *etag, const struct request *rq, struct response *rs);

#endif
