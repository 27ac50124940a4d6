/*
 * flood.h: a model that sends as fast as it can: a server with its own threads
 * that sends its answers in turn, and the last one to all further requests.
 */

#ifndef UNIT_LLM_FLOOD_H
#define UNIT_LLM_FLOOD_H

#include "base/buf.h"
#include "conf/conf.h"

#include <pthread.h>
#include <stdatomic.h>

/* For each wire: the form of one piece of text ("%s"), and the beginning and
 * end of a body. */
#define FLOOD_FORMS 4
extern const struct flood_form {
	enum conf_kind kind;
	const char *begin, *piece, *end;
} flood_forms[FLOOD_FORMS];

/* Append the text of all pieces, some 150 KB; the body with that text; and that
 * body as an HTTP answer. */
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
	bool hangs; /* after everything has been sent */
	bool reads_all; /* a request that ends with "} */
	int fd, port;
	pthread_t thread;
};

void flood_open(struct flood *flood);
void flood_close(struct flood *flood);

#endif
