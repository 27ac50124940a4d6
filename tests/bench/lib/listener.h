/*
 * listener.h: one reply as a browser hears it: posts a question, reads the
 * answer whatever its framing, and knows from the model's own words (model.h)
 * when each token was sent and whether all have come.
 */

#ifndef BENCH_LISTENER_H
#define BENCH_LISTENER_H

#include "http1.h"
#include "model.h"

#include "base/buf.h"
#include "base/loop.h"

struct listener {
	struct watch watch;
	struct loop *loop;
	const struct model *model;
	int64_t asked_us, first_us; /* the question; the first token, or 0 */
	int heard, said; /* tokens; what the model says they were, or -1 */
	bool done; /* [DONE] has come */
	/* sent_us is on the clock of now_us(). */
	void (*on_token)(struct listener *listener, int64_t sent_us);
	/* The answer has ended, well or not; frees nothing. */
	void (*on_end)(struct listener *listener);
	struct http1 in;
	struct buf line;
};

struct asked {
	int port;
	const char *token; /* of the user */
};

/* Asks in a chat of its own. *listener* has loop, model and callbacks. */
void listener_ask(struct listener *listener, const struct asked *asked);

/* Whether it was a 200 with every token and the end. The first that was not is
 * told on standard error. */
MUST_USE bool listener_heard_all(const struct listener *listener);

/* Closes the connection; the memory is the caller's, who may free it with
 * loop_free_later(). */
void listener_close(struct listener *listener);

#endif
