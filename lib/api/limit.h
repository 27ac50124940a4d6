/*
 * limit.h: applies the section [limits] to requests. Each route names its rule;
 * dispatch checks it before authentication (networks) and again afterwards
 * (users, then everybody together, so that a refused user takes nothing from
 * the others). A refusal is ERR_THROTTLED with one of these codes, and with
 * details for the answer in rq->limit:
 *
 *	rate_limited       too many requests in a period
 *	too_many_at_once   too many running at the same time
 */

#ifndef API_LIMIT_H
#define API_LIMIT_H

#include "auth/rates.h"
#include "base/err.h"
#include "conf/conf.h"
#include "http/request.h"
#include "repo/budget.h"
#include "json/write.h"

/* Applies the clauses for networks. Holds go to rq->hold. */
MUST_USE enum err limit_network(struct rates *rates,
	const struct limits_conf *conf, enum limit limit, struct request *rq);

/* The limits of the request's user: the general ones, overridden by the user's
 * own. In the request's arena, or owned by the program. */
const struct limits_conf *limit_of(const struct request *rq);

/* Applies the clauses for the user, unless the id is 0, and for everybody. */
MUST_USE enum err
limit_user(struct rates *rates, enum limit limit, struct request *rq);

/* A user's budgets, as budget_take() takes them. */
struct budget limit_budget(const struct limits_conf *conf);

/* Counts a send refused for this budget and, for a daily one, fills in the
 * details for the answer. */
void limit_spent(const struct limits_conf *conf, enum budget_kind spent,
	struct request *rq);

/* {rules, budgets}: the limits of a user, and how much is left. */
void limit_shape(struct json_writer *w, const struct limits_conf *conf,
	const struct budget *used, int64_t now_ms);

/* Moves the request's holds to a caller that takes over the connection; the
 * request has none afterwards. */
struct rates_hold limit_move(struct request *rq);

#endif
