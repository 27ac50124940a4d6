#include "conf/rule.h"

#include "base/attr.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static const char *const scopes[] = { "user", "network", "all" };

static const struct {
	const char *word;
	int32_t seconds;
} periods[] = { { "s", 1 }, { "min", 60 }, { "h", 3600 }, { "day", 86400 } };

static const char *const words[LIMIT_N] = { [LIMIT_NONE] = "none",
	[LIMIT_REGISTER] = "register",
	[LIMIT_LOGIN] = "login",
	[LIMIT_REFRESH] = "refresh",
	[LIMIT_ACCOUNT] = "account",
	[LIMIT_READ] = "read",
	[LIMIT_WRITE] = "write",
	[LIMIT_SEARCH] = "search",
	[LIMIT_EXPORT] = "export",
	[LIMIT_CHAT] = "chat",
	[LIMIT_FOLLOW] = "follow",
	[LIMIT_STOP] = "stop",
	[LIMIT_TOOLS] = "tools",
	[LIMIT_READY] = "ready" };

const char *
rule_scope_word(enum rule_scope scope)
{
	return scopes[scope];
}

const char *
limit_word(enum limit limit)
{
	return words[limit];
}

/* The word at *at, which then moves past the word and the blanks after it. */
static size_t
next_word(const char **at, const char **word)
{
	size_t len;

	*word = *at;
	for (len = 0; isalpha((unsigned char)(*at)[len]); len++)
		;
	*at += len;
	*at += strspn(*at, " \t");
	return len;
}

static bool
is_word(const char *word, size_t len, const char *wanted)
{
	return strlen(wanted) == len && memcmp(word, wanted, len) == 0;
}

static bool
read_scope(const char **at, enum rule_scope *out)
{
	const char *word;
	size_t len = next_word(at, &word);

	for (size_t i = 0; i < LENGTH(scopes); i++) {
		if (!is_word(word, len, scopes[i]))
			continue;
		*out = (enum rule_scope)i;
		return true;
	}
	return false;
}

static bool
read_number(const char **at, uint32_t *out)
{
	char *end;
	unsigned long number;

	if (!isdigit((unsigned char)**at) || strspn(*at, "0123456789") > 7)
		return false;
	number = strtoul(*at, &end, 10);
	*out = (uint32_t)number;
	*at = end + strspn(end, " \t");
	return number > 0 && number <= RULE_MAX;
}

/* Reads "/min" or "at once". */
static bool
read_period(const char **at, int32_t *out)
{
	const char *word;
	size_t len;

	*out = 0;
	if (**at != '/') {
		len = next_word(at, &word);
		if (!is_word(word, len, "at"))
			return false;
		len = next_word(at, &word);
		return is_word(word, len, "once");
	}
	++*at;
	*at += strspn(*at, " \t");
	len = next_word(at, &word);
	for (size_t i = 0; i < LENGTH(periods); i++)
		if (is_word(word, len, periods[i].word))
			*out = periods[i].seconds;
	return *out > 0;
}

bool
rule_parse(const char *text, struct rule *out)
{
	struct rule_clause *clause;

	*out = (struct rule){ 0 };
	if (strcmp(text, "off") == 0)
		return true;
	for (;;) {
		if (out->n == RULE_CLAUSES_MAX)
			return false;
		clause = &out->clauses[out->n++];
		text += strspn(text, " \t");
		if (!read_scope(&text, &clause->scope) ||
			!read_number(&text, &clause->max) ||
			!read_period(&text, &clause->period_s))
			return false;
		if (*text == '\0')
			return true;
		if (*text++ != ',')
			return false;
	}
}
