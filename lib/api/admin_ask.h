/*
 * admin_ask.h: runs administrators' questions to providers, which may be slow
 * to answer. They run in separate threads that only wait, and a provider is not
 * asked the same question twice at a time, so one that hangs does not block the
 * others.
 */

#ifndef API_ADMIN_ASK_H
#define API_ADMIN_ASK_H

#include "base/err.h"
#include "http/request.h"
#include "http/response.h"

#define ADMIN_ASKS_MAX 8u

struct admin_asks;
struct app;

enum admin_question { ADMIN_OFFERS, ADMIN_TRIAL };

struct admin_asks *admin_asks_open(struct app *app);
/* Finishes the running questions. */
void admin_asks_close(struct admin_asks *asks);

/* Runs work(rq, rs) in such a thread (later.h); it must end with
 * admin_ask_end(). *provider_id* is 0 for the provider of the file. ERR_BUSY,
 * with a sentence: the provider is being asked this already, or ADMIN_ASKS_MAX
 * questions are running. */
MUST_USE enum err admin_ask(struct request *rq, struct response *rs,
	enum admin_question question, uint64_t provider_id,
	enum err (*work)(struct request *rq, struct response *rs));
void admin_ask_end(const struct request *rq);

#endif
