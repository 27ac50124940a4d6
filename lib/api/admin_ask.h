/*
 * admin_ask.h: what administrators have asked of providers, who may take their
 * time. It runs in threads of its own, which do nothing but wait, and of a
 * provider that is asked already the same is not asked a second time: so one
 * that hangs keeps nobody from the others.
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
/* Finishes what runs. */
void admin_asks_close(struct admin_asks *asks);

/* Has work(rq, rs) run (later.h), which ends with admin_ask_end(). *provider_id*
 * is 0 for the file's own. ERR_BUSY: it is asked that already, or
 * ADMIN_ASKS_MAX questions are being asked; with a sentence. */
MUST_USE enum err admin_ask(struct request *rq, struct response *rs,
	enum admin_question question, uint64_t provider_id,
	enum err (*work)(struct request *rq, struct response *rs));
void admin_ask_end(const struct request *rq);

#endif
