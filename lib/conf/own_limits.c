#include "conf/own_limits.h"

#include "base/attr.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define NUMBER(member, max)                                              \
	{                                                                \
#member, offsetof(struct limits_conf, member), max,      \
			"a number up to " DIGITS(max) ", 0 for no bound" \
	}
#define DIGITS(number) #number
#define TAKES_RULE                                                     \
	"off, or clauses like user 30/min, user 4 at once, 128 bytes " \
	"at most"

static const enum limit rules[] = { LIMIT_ACCOUNT, LIMIT_READ, LIMIT_WRITE,
	LIMIT_SEARCH, LIMIT_EXPORT, LIMIT_CHAT, LIMIT_FOLLOW, LIMIT_STOP,
	LIMIT_TOOLS };

static const struct budget_key {
	const char *key;
	size_t offset;
	int64_t max;
	const char *takes;
} budgets[] = {
	NUMBER(day_messages, LIMITS_COUNT_MAX),
	NUMBER(day_tokens, LIMITS_TOKENS_MAX),
	NUMBER(stored_mb, LIMITS_COUNT_MAX),
	NUMBER(sessions, LIMITS_COUNT_MAX),
};

static bool
parse_rule(const char *value, struct rule *out)
{
	if (strlen(value) > OWN_LIMITS_VALUE_MAX || !rule_parse(value, out))
		return false;
	for (unsigned i = 0; i < out->n; i++)
		if (out->clauses[i].scope != RULE_USER)
			return false;
	return true;
}

static bool
parse_number(const char *value, int64_t max, int64_t *out)
{
	size_t len = strspn(value, "0123456789");

	if (len == 0 || len > 15 || value[len] != '\0')
		return false;
	*out = strtoll(value, NULL, 10);
	return *out <= max;
}

/* Returns false if there is no such key. *takes* receives NULL, or what the key
 * takes if the value is wrong. */
static bool
set(struct limits_conf *limits, const char *key, const char *value,
	const char **takes)
{
	struct rule rule;
	int64_t number;

	*takes = NULL;
	for (size_t i = 0; i < LENGTH(rules); i++) {
		if (strcmp(limit_word(rules[i]), key) != 0)
			continue;
		if (parse_rule(value, &rule))
			limits->rules[rules[i]] = rule;
		else
			*takes = TAKES_RULE;
		return true;
	}
	for (size_t i = 0; i < LENGTH(budgets); i++) {
		if (strcmp(budgets[i].key, key) != 0)
			continue;
		if (parse_number(value, budgets[i].max, &number))
			*(int64_t *)(void *)((char *)limits +
				budgets[i].offset) = number;
		else
			*takes = budgets[i].takes;
		return true;
	}
	return false;
}

const char *
own_limits_refusal(const char *key, const char *value)
{
	struct limits_conf scratch;
	const char *takes;

	if (set(&scratch, key, value, &takes))
		return takes;
	return "one of account, read, write, search, export, chat, follow, "
	       "stop, tools, day_messages, day_tokens, stored_mb, sessions";
}

bool
own_limits_is_key(const char *key)
{
	struct limits_conf scratch;
	const char *takes;

	return set(&scratch, key, "", &takes);
}

void
own_limits_apply(const char *text, struct limits_conf *limits)
{
	char line[2 * OWN_LIMITS_VALUE_MAX], *equals;
	const char *takes;
	size_t len;

	for (; *text != '\0'; text += len + (text[len] == '\n')) {
		len = strcspn(text, "\n");
		if (len >= sizeof(line))
			continue;
		memcpy(line, text, len);
		line[len] = '\0';
		equals = strchr(line, '=');
		if (equals == NULL)
			continue;
		*equals = '\0';
		(void)set(limits, line, equals + 1, &takes);
	}
}
