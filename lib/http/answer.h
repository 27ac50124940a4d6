/*
 * answer.h: private to lib/http and its callers of fcgi.h: an answer as pieces
 * of memory, framed as records without being copied, and what of it is still
 * to be sent.
 */

#ifndef HTTP_ANSWER_H
#define HTTP_ANSWER_H

#include "base/arena.h"
#include "base/span.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct iovec;

/* Zeroed: none. */
struct answer {
	struct arena
		arena; /* of all its pieces, once answer_keep() was called */
	struct iovec *iov; /* from *at* on not sent yet */
	size_t n, at;
	size_t len, left; /* bytes */
};

/* Frames *pieces*, which stay where they are; what it needs itself is in
 * *arena*, too. */
void answer_frame(struct answer *answer, struct arena *arena,
	uint16_t request_id, const struct span *pieces, size_t n);

/* Sends what the socket takes at once. False: it is broken. */
bool answer_send(struct answer *answer, int fd);

/* Makes the answer the owner of *arena*, which is empty afterwards. */
void answer_keep(struct answer *answer, struct arena *arena);
/* Frees what it owns; it is none then. */
void answer_drop(struct answer *answer);

#endif
