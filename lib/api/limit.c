#include "api/limit.h"

#include "api/app.h"
#include "api/metrics.h"
#include "base/address.h"
#include "base/clock.h"
#include "base/log.h"
#include "conf/own_limits.h"

#include <inttypes.h>
#include <string.h>

#define DAY_S 86400

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
	metrics_refuse(rq->app->metrics, limit, clause->scope);
	log_info("limited",
		"rule=%s scope=%s max=%u period_s=%d user=%" PRIu64
		" address=%.64s",
		limit_word(limit), scope, clause->max, clause->period_s,
		rq->user_id, address != NULL ? address : "-");
	if (clause->period_s == 0)
		return request_fail(rq, ERR_THROTTLED, "too_many_at_once",
			"Too many of your requests are running at once. Wait "
			"until one has finished, then try again.");
	return request_fail(rq, ERR_THROTTLED, "rate_limited",
		"Too many requests. Wait a moment and try again.");
}

static enum err
take(struct rates *rates, const struct limits_conf *conf, enum limit limit,
	enum rule_scope scope, const struct rates_who *who, struct request *rq)
{
	const struct rates_use use = { limit, &conf->rules[limit], scope, *who,
		clock_mono_ms() };
	struct rates_refusal why;

	if (rates_take(rates, &use, rq->hold, &why))
		return OK;
	return refuse(rq, limit, &why);
}

/* A peer without an address, such as a tool on this machine, belongs to no
 * network. */
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

const struct limits_conf *
limit_of(const struct request *rq)
{
	const struct limits_conf *all = &rq->app->conf.limits;
	struct limits_conf *own;

	if (rq->limits == NULL)
		return all;
	own = arena_dup(rq->arena, all, sizeof(*all));
	own_limits_apply(rq->limits, own);
	return own;
}

enum err
limit_user(struct rates *rates, enum limit limit, struct request *rq)
{
	const struct rates_who user = rates_user(rq->user_id);
	const struct rates_who all = { { 0 } };

	if (rq->user_id != 0)
		TRY(take(rates, limit_of(rq), limit, RULE_USER, &user, rq));
	return take(rates, &rq->app->conf.limits, limit, RULE_ALL, &all, rq);
}

struct rates_hold
limit_move(struct request *rq)
{
	struct rates_hold hold = *rq->hold;

	*rq->hold = (struct rates_hold){ 0 };
	return hold;
}

/* ---- budgets */

struct budget
limit_budget(const struct limits_conf *conf)
{
	return (struct budget){ {
		[BUDGET_MESSAGES] = (uint64_t)conf->day_messages,
		[BUDGET_TOKENS] = (uint64_t)conf->day_tokens,
		[BUDGET_BYTES] = (uint64_t)conf->stored_mb << 20,
		[BUDGET_SESSIONS] = (uint64_t)conf->sessions,
	} };
}

static bool
is_daily(enum budget_kind kind)
{
	return kind == BUDGET_MESSAGES || kind == BUDGET_TOKENS;
}

void
limit_spent(const struct limits_conf *conf, enum budget_kind spent,
	struct request *rq)
{
	const struct budget max = limit_budget(conf);

	metrics_spend(rq->app->metrics, spent);
	log_info("limited", "rule=%s scope=user max=%" PRIu64 " user=%" PRIu64,
		budget_word(spent), max.of[spent], rq->user_id);
	if (is_daily(spent))
		rq->limit = (struct request_limit){ .rule = budget_word(spent),
			.scope = rule_scope_word(RULE_USER),
			.max = max.of[spent],
			.period_s = DAY_S,
			.wait_ms = budget_wait_ms(clock_wall_ms()) };
}

static void
shape_rule(struct json_writer *w, enum limit limit, const struct rule *rule)
{
	for (unsigned i = 0; i < rule->n; i++) {
		const struct rule_clause *clause = &rule->clauses[i];

		if (clause->scope != RULE_USER)
			continue;
		json_open(w, '{');
		json_member_str(w, "rule", limit_word(limit));
		json_member_int(w, "max", clause->max);
		json_member_int(w, "periodSeconds", clause->period_s);
		json_close(w, '}');
	}
}

static void
shape_budget(struct json_writer *w, enum budget_kind kind, uint64_t max,
	uint64_t used, int64_t now_ms)
{
	json_open(w, '{');
	json_member_str(w, "rule", budget_word(kind));
	json_member_int(w, "max", (int64_t)max);
	json_member_int(w, "used", (int64_t)used);
	json_member_int(w, "left", max > used ? (int64_t)(max - used) : 0);
	if (is_daily(kind))
		json_member_time(
			w, "refillTime", now_ms + budget_wait_ms(now_ms));
	json_close(w, '}');
}

void
limit_shape(struct json_writer *w, const struct limits_conf *conf,
	const struct budget *used, int64_t now_ms)
{
	const struct budget max = limit_budget(conf);

	json_open(w, '{');
	json_key(w, "rules");
	json_open(w, '[');
	for (int i = 0; i < LIMIT_N; i++)
		shape_rule(w, (enum limit)i, &conf->rules[i]);
	json_close(w, ']');
	json_key(w, "budgets");
	json_open(w, '[');
	for (int i = 0; i < BUDGET_N; i++)
		if (max.of[i] != 0)
			shape_budget(w, (enum budget_kind)i, max.of[i],
				used->of[i], now_ms);
	json_close(w, ']');
	json_close(w, '}');
}
