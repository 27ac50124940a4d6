/*
 * answer.h: private to lib/http and to the callers of fcgi.h: an answer as
 * pieces of memory, framed as records without copying them, and the part of it
 * still to be sent.
 */

#ifndef HTTP_ANSWER_H
#define HTTP_ANSWER_H

#include "base/arena.h"
#include "base/span.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct iovec;

/* A zeroed struct is an empty answer. */
struct answer {
	struct arena arena; /* owns all pieces after answer_keep() */
	struct iovec *iov; /* not sent yet, from *at* on */
	size_t n, at;
	size_t len, left; /* bytes */
};

/* Frames *pieces*, which stay where they are; allocates its own memory in
 * *arena*, too. */
void answer_frame(struct answer *answer, struct arena *arena,
	uint16_t request_id, const struct span *pieces, size_t n);

/* Sends as much as the socket accepts at once. Returns false if the socket is
 * broken. */
bool answer_send(struct answer *answer, int fd);

/* Makes the answer the owner of *arena*, which is empty afterwards. */
void answer_keep(struct answer *answer, struct arena *arena);
/* Frees the answer and resets it to empty. */
void answer_drop(struct answer *answer);

#endif
