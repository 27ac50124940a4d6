#include "conf/own_limits.h"

#include "base/attr.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* clang-format off */
/* Every key once: the rules with their limits, the budgets with their maxima.
 * *first* differs from *rule* only where the keys are listed. */
#define KEYS(first, rule, budget)                       \
	first(account, LIMIT_ACCOUNT)                   \
	rule(read, LIMIT_READ)                          \
	rule(write, LIMIT_WRITE)                        \
	rule(search, LIMIT_SEARCH)                      \
	rule(export, LIMIT_EXPORT)                      \
	rule(chat, LIMIT_CHAT)                          \
	rule(follow, LIMIT_FOLLOW)                      \
	rule(stop, LIMIT_STOP)                          \
	rule(tools, LIMIT_TOOLS)                        \
	budget(day_messages, LIMITS_COUNT_MAX)          \
	budget(day_tokens, LIMITS_TOKENS_MAX)           \
	budget(stored_mb, LIMITS_COUNT_MAX)             \
	budget(sessions, LIMITS_COUNT_MAX)
/* clang-format on */
#define NOTHING(key, value)
#define WORD(key, value) #key
#define NEXT_WORD(key, value) ", " #key
#define RULE(key, limit) { #key, limit },
#define NUMBER(key, max)                                \
	{ #key, offsetof(struct limits_conf, key), max, \
		"a number up to " DIGITS(max) ", 0 for no bound" },
#define DIGITS(number) #number
#define TAKES_RULE                                                     \
	"off, or clauses like user 30/min, user 4 at once, 128 bytes " \
	"at most"

static const struct {
	const char *key;
	enum limit limit;
} rules[] = { KEYS(RULE, RULE, NOTHING) };

static const struct budget_key {
	const char *key;
	size_t offset;
	int64_t max;
	const char *takes;
} budgets[] = { KEYS(NOTHING, NOTHING, NUMBER) };

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
		if (strcmp(rules[i].key, key) != 0)
			continue;
		if (parse_rule(value, &rule))
			limits->rules[rules[i].limit] = rule;
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
	return "one of " KEYS(WORD, NEXT_WORD, NEXT_WORD);
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
