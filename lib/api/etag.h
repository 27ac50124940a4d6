/*
 * etag.h: answers that a browser keeps and asks about again (RFC 9110, 8.8.3
 * and 13.1.2): what an answer is made of goes into a tag, and who has an
 * answer with this tag gets 304 in its place. The tag is weak, since the web
 * server may compress what it stands for.
 *
 * Such an answer is `private, no-cache`: nobody but the user's own browser
 * keeps it, and it asks each time, with the token of whoever is there now. The
 * tag says nothing of what it is made of.
 */

#ifndef API_ETAG_H
#define API_ETAG_H

#include "base/buf.h"
#include "base/span.h"
#include "http/request.h"
#include "http/response.h"

#include <stdbool.h>
#include <stdint.h>

/* Zeroed: made of nothing yet. */
struct etag {
	struct buf parts;
};

void etag_add(struct etag *etag, uint64_t value);
void etag_add_text(struct etag *etag, struct span text);

/* Tells the tag of the answer that *rs* will be, of whose headers it is made,
 * too. True: who asks has that answer, and *rs* is a 304. Ends *etag*. */
bool
etag_matches(struct etag *etag, const struct request *rq, struct response *rs);

#endif
