/*
 * streaming.h: an answer that is handed over to the hub: its head, its
 * connection, and how text becomes bytes of it.
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

/* Its connection, for a follower; the request's until streaming_release(). What
 * the reader does not read counts for its user. */
struct peer streaming_peer(const struct request *rq);

/* 200 and the headers of a stream of UI messages. */
void streaming_headers(struct response *rs, uint64_t session_id);

/* The head as text, which is sent before the first chunk. */
struct span
streaming_head(struct request *rq, struct response *rs, uint64_t session_id);

/* The same, and the ids of a session that the sender is sent, if any. *rs* stays
 * as it is. */
struct span streaming_preamble(struct request *rq, const struct response *rs,
	uint64_t session_id, const uint64_t *user_ids, size_t n_user_ids);

/* The connection is another's now. */
void streaming_release(struct request *rq, struct response *rs);

#endif
