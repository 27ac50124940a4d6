/*
 * flood.h: a model that sends as fast as it can: a server in threads of its own
 * that sends its answers in turn, and the last one to everybody else who asks.
 */

#ifndef UNIT_LLM_FLOOD_H
#define UNIT_LLM_FLOOD_H

#include "base/buf.h"
#include "conf/conf.h"

#include <pthread.h>
#include <stdatomic.h>

/* What one piece of text ("%s") and the ends of a body are in each wire. */
#define FLOOD_FORMS 4
extern const struct flood_form {
	enum conf_kind kind;
	const char *begin, *piece, *end;
} flood_forms[FLOOD_FORMS];

/* Append the text of all pieces, some 150 KB; the body that says it; and that
 * as an answer of HTTP. */
enum flood_framing {
	FLOOD_CLOSED,
	FLOOD_LENGTH,
	FLOOD_CHUNKED,
	FLOOD_FRAMINGS
};
void flood_text(struct buf *text);
void flood_body(struct buf *body, const struct flood_form *form);
void
flood_answer(struct buf *answer, struct span body, enum flood_framing framing);

struct flood {
	const struct span *answers;
	unsigned n_answers;
	atomic_uint n_asked;
	bool hangs; /* once all has been sent */
	bool reads_all; /* of a request that ends with "} */
	int fd, port;
	pthread_t thread;
};

void flood_open(struct flood *flood);
void flood_close(struct flood *flood);

#endif
