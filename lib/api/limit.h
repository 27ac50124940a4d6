/*
 * limit.h: the section [limits] applied to requests. Each route names its
 * rule; dispatch asks before it looks who is there (networks) and again when
 * that is known (users, then all together, so that what a user is refused
 * takes nothing from the others). A refusal is ERR_THROTTLED with a code of
 * its own and what the answer tells of the limit in rq->limit:
 *
 *	rate_limited       more than so many in a period
 *	too_many_at_once   more than so many that run at the same time
 */

#ifndef API_LIMIT_H
#define API_LIMIT_H

#include "auth/rates.h"
#include "base/err.h"
#include "conf/conf.h"
#include "http/request.h"
#include "repo/budget.h"
#include "json/write.h"

/* Clauses for networks. What is held goes to rq->hold. */
MUST_USE enum err limit_network(struct rates *rates,
	const struct limits_conf *conf, enum limit limit, struct request *rq);

/* What holds for the request's user: what holds for all, and in place of it
 * what the user has alone. In the request's arena, or of the program. */
const struct limits_conf *limit_of(const struct request *rq);

/* Clauses for the user, unless it is 0, and for all. */
MUST_USE enum err
limit_user(struct rates *rates, enum limit limit, struct request *rq);

/* What a user may use up, as budget_take() wants it. */
struct budget limit_budget(const struct limits_conf *conf);

/* A send was refused for this budget: counted, and of a day: what the answer tells. */
void limit_spent(const struct limits_conf *conf, enum budget_kind spent,
	struct request *rq);

/* {rules, budgets}: what is in force for a user, and what is left. */
void limit_shape(struct json_writer *w, const struct limits_conf *conf,
	const struct budget *used, int64_t now_ms);

/* What the request holds, for who takes it over together with the connection:
 * the request has nothing of it any more. */
struct rates_hold limit_move(struct request *rq);

#endif
