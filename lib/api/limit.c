#include "api/limit.h"

#include "base/address.h"
#include "base/clock.h"
#include "base/log.h"

#include <inttypes.h>
#include <string.h>

static enum err
refuse(struct request *rq, enum limit limit, const struct rates_refusal *why)
{
	const struct rule_clause *clause = why->clause;
	const char *scope = rule_scope_word(clause->scope);
	const char *address = request_param(rq, "REMOTE_ADDR");

	rq->limit = (struct request_limit){ .rule = limit_word(limit),
		.scope = scope,
		.max = clause->max,
		.period_s = clause->period_s,
		.wait_ms = why->wait_ms };
	log_info("limited",
		"rule=%s scope=%s max=%u period_s=%d user=%" PRIu64
		" address=%.64s",
		limit_word(limit), scope, clause->max, clause->period_s,
		rq->user_id, address != NULL ? address : "-");
	if (clause->period_s == 0)
		return request_fail(rq, ERR_THROTTLED, "too_many_at_once",
			"This is asked for too many times at once. Wait until "
			"the others are done.");
	return request_fail(rq, ERR_THROTTLED, "rate_limited",
		"This is asked for too often. Please wait and try again.");
}

static enum err
take(struct rates *rates, const struct limits_conf *conf, enum limit limit,
	enum rule_scope scope, const struct rates_who *who, struct request *rq)
{
	struct rates_refusal why;

	if (rates_take(rates, limit, &conf->rules[limit], scope, who,
		    clock_mono_ms(), rq->hold, &why))
		return OK;
	return refuse(rq, limit, &why);
}

/* A peer without an address, as a tool on this machine, is of no network. */
enum err
limit_network(struct rates *rates, const struct limits_conf *conf,
	enum limit limit, struct request *rq)
{
	const char *address = request_param(rq, "REMOTE_ADDR");
	struct rates_who network;

	_Static_assert(
		ADDRESS_NETWORK_LEN == RATES_WHO_LEN, "a network is a who");
	if (address == NULL || !address_network(address, network.bytes))
		return OK;
	return take(rates, conf, limit, RULE_NETWORK, &network, rq);
}

enum err
limit_user(struct rates *rates, const struct limits_conf *conf,
	enum limit limit, struct request *rq)
{
	const struct rates_who user = rates_user(rq->user_id);
	const struct rates_who all = { { 0 } };

	if (rq->user_id != 0)
		TRY(take(rates, conf, limit, RULE_USER, &user, rq));
	return take(rates, conf, limit, RULE_ALL, &all, rq);
}

struct rates_hold
limit_move(struct request *rq)
{
	struct rates_hold hold = *rq->hold;

	*rq->hold = (struct rates_hold){ 0 };
	return hold;
}
