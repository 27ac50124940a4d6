/*
 * streaming.h: an answer that is handed over to the hub: its head, its
 * connection, and the framing of its text.
 */

#ifndef API_STREAMING_H
#define API_STREAMING_H

#include "base/span.h"
#include "chat/follower.h"
#include "http/request.h"
#include "http/response.h"

#include <stddef.h>
#include <stdint.h>

extern const struct framing streaming_framing;

/* The connection, for a follower; it belongs to the request until
 * streaming_release(). Unread data counts towards its user. */
struct peer streaming_peer(const struct request *rq);

/* Sets 200 and the headers of a stream of UI messages. */
void streaming_headers(struct response *rs, uint64_t session_id);

/* The head as text, to be sent before the first chunk. */
struct span
streaming_head(struct request *rq, struct response *rs, uint64_t session_id);

/* The head, followed by the ids of the session and its user messages if there
 * are any. Leaves *rs* unchanged. */
struct span streaming_preamble(struct request *rq, const struct response *rs,
	uint64_t session_id, const uint64_t *user_ids, size_t n_user_ids);

/* Gives up the connection, which has a new owner now. */
void streaming_release(struct request *rq, struct response *rs);

#endif
