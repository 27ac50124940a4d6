/*
 * rule.h: how often somebody may do something, as the operator writes it:
 *
 *	user 30/min, user 4 at once, network 10/h, all 100/h
 *	off
 *
 * A clause names what it counts (`user`; `network`: an IPv4 address or an IPv6
 * /64; `all`: everybody together) and allows either a number per period (s,
 * min, h, day), which may be used at once and then refills evenly, or a number
 * of requests that run at the same time.
 */

#ifndef CONF_RULE_H
#define CONF_RULE_H

#include <stdbool.h>
#include <stdint.h>

#define RULE_CLAUSES_MAX 6
#define RULE_MAX 1000000 /* largest number in a clause */

enum rule_scope { RULE_USER, RULE_NETWORK, RULE_ALL };

struct rule_clause {
	enum rule_scope scope;
	uint32_t max;
	int32_t period_s; /* 0: at once */
};

/* A rule without clauses is off. */
struct rule {
	struct rule_clause clauses[RULE_CLAUSES_MAX];
	unsigned n;
};

/* Whether *text* has the form above; fills *out*. */
bool rule_parse(const char *text, struct rule *out);

/* "user" */
const char *rule_scope_word(enum rule_scope scope);

/* What is limited, in the order of the section [limits]; each route names its
 * rule. LIMIT_NONE has neither key nor rule. */
enum limit {
	LIMIT_NONE,
	LIMIT_REGISTER,
	LIMIT_LOGIN,
	LIMIT_REFRESH,
	LIMIT_ACCOUNT,
	LIMIT_READ,
	LIMIT_WRITE,
	LIMIT_SEARCH,
	LIMIT_EXPORT,
	LIMIT_CHAT,
	LIMIT_FOLLOW,
	LIMIT_STOP,
	LIMIT_TOOLS,
	LIMIT_READY,
	LIMIT_N,
};

/* The name of the key: "chat". */
const char *limit_word(enum limit limit);

#endif
