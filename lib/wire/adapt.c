#include "wire/adapt.h"

#include "base/attr.h"
#include "wire/adapt_words.h"

#include <ctype.h>
#include <stdlib.h>

#define ONE_TYPE TAKES_BIT(TAKES_RARE_IMAGES)
#define FILES                                                        \
	(TAKES_BIT(TAKES_IMAGES) | ONE_TYPE | TAKES_BIT(TAKES_PDF) | \
		TAKES_BIT(TAKES_AUDIO))

bool
adapt_can(const struct failure *failure)
{
	switch (failure->status) {
	case 400:
	case 404:
	case 413:
	case 415:
	case 422:
		return true;
	case 500:
	case 501:
		/* The way in which llama.cpp and others say what they do not
		 * accept. */
		for (size_t i = 0; adapt_sign(i) != NULL; i++)
			if (adapt_is_shown(failure, adapt_sign(i)) &&
				(failure_says(failure, "support") ||
					failure_says(failure, "require") ||
					failure_says(failure, "alternat")))
				return true;
		return adapt_says(failure, ADAPT_TOO_LONG);
	default:
		return false;
	}
}

/* ---- words that name something */

/* Whether the request can still be changed in this respect. */
static bool
can_change(const struct llm_asked *asked, const struct llm_takes *takes,
	enum llm_ability ability, unsigned way)
{
	bool had = (asked->had & TAKES_BIT(ability)) != 0;

	/* The model misses something that the request did not have. */
	if (ability == TAKES_REASONING && way == WAY_ALWAYS)
		had = true;
	return had && (asked->fixed & TAKES_BIT(ability)) == 0 &&
		!takes->given[ability] && takes->way[ability] != way &&
		!(ability == TAKES_SYSTEM && takes->way[ability] > way) &&
		!(ability == TAKES_MAX_TOKENS && takes->way[ability] > way);
}

static unsigned
turn_off(const struct llm_asked *asked, struct llm_takes *takes, unsigned bits)
{
	unsigned changed = 0;

	for (unsigned i = 0; i < LLM_ABILITY_N; i++) {
		if ((bits & TAKES_BIT(i)) == 0 ||
			!can_change(asked, takes, i, WAY_OFF))
			continue;
		takes->way[i] = WAY_OFF;
		changed |= TAKES_BIT(i);
	}
	return changed;
}

/* Returns the bits of what was changed; 0 if the words name nothing. */
static unsigned
follow_words(const struct llm_asked *asked, const struct failure *failure,
	struct llm_takes *takes)
{
	unsigned changed;

	for (size_t i = 0; adapt_sign(i) != NULL; i++) {
		const struct adapt_sign *sign = adapt_sign(i);

		if (!can_change(asked, takes, sign->ability, sign->way) ||
			!adapt_is_shown(failure, sign))
			continue;
		takes->way[sign->ability] = sign->way;
		changed = TAKES_BIT(sign->ability);
		/* A reasoning model takes no temperature either. */
		if (sign->ability == TAKES_MAX_TOKENS &&
			sign->way == WAY_COMPLETION)
			changed |= turn_off(
				asked, takes, TAKES_BIT(TAKES_TEMPERATURE));
		return changed;
	}
	return adapt_says(failure, ADAPT_ONLY_TEXT)
		? turn_off(asked, takes, FILES)
		: 0;
}

/* ---- guesses */

static unsigned
guess(const struct adapt *adapt, const struct llm_asked *asked,
	struct llm_takes *takes)
{
	static const unsigned order[] = { TAKES_BIT(TAKES_STREAM_OPTIONS),
		TAKES_BIT(TAKES_TOOLS), TAKES_BIT(TAKES_REASONING), FILES };
	unsigned changed = 0;

	for (size_t i = 0; i < LENGTH(order) && changed == 0; i++)
		changed = turn_off(asked, takes, order[i]);
	/* The last attempt leaves out everything that can be left out. */
	if (changed != 0 && adapt->n + 1 == ADAPT_MAX)
		for (size_t i = 0; i < LENGTH(order); i++)
			changed |= turn_off(asked, takes, order[i]);
	return changed;
}

/* ---- a conversation that is too long */

/* Finds the number before or after *words*, e.g. "maximum context length is
 * 8192"; 0 if there is none. */
static int64_t
number_after(const char *message, const char *words)
{
	const char *at = strcasestr(message, words);
	int64_t number = 0;

	if (at == NULL)
		return 0;
	at += strlen(words);
	for (size_t i = 0;
		i < 24 && *at != '\0' && !isdigit((unsigned char)*at); i++)
		at++;
	for (; (isdigit((unsigned char)*at) || *at == ',') &&
		number < 1000000000;
		at++)
		if (*at != ',')
			number = number * 10 + (*at - '0');
	return number;
}

static int64_t
stated_limit(const struct failure *failure)
{
	static const char *const before[] = { "context length is",
		"context length of", "context size (", "context size of",
		"context window of", "context window is",
		"context length:", "context limit of", "maximum of", "tokens >",
		"token limit of", "maximum number of tokens allowed (",
		"limit is", "limit of", "n_ctx", "maximum prompt length is",
		"maximum context" };
	int64_t number;

	for (size_t i = 0; i < LENGTH(before); i++) {
		number = number_after(failure->message, before[i]);
		if (number >= 256)
			return number;
	}
	return 0;
}

/*
 * A stated limit that we thought to be below proves our estimate wrong; the
 * words then count for more. Without a stated limit, a quarter less is tried.
 * False if the conversation cannot be made smaller, because only one turn is
 * left.
 */
static bool
shrink(const struct llm_asked *asked, const struct failure *failure,
	struct llm_takes *takes)
{
	int64_t limit = asked->spare ? stated_limit(failure) : -1;
	int64_t bytes = takes->bytes > 0 ? takes->bytes : 300;

	if (limit < 0)
		return false;
	if (limit > 0 && limit < asked->limit) {
		takes->context_tokens = limit;
		if (asked->tokens > limit)
			return true;
	} else if (limit == 0) {
		takes->context_tokens =
			MIN(asked->limit, asked->tokens) * 3 / 4;
		return takes->context_tokens >= 256;
	}
	takes->bytes = bytes * 2 / 3;
	return takes->bytes >= 50;
}

/* ---- the next form */

static bool
is_too_long(const struct failure *failure)
{
	return failure->status == 413 || adapt_says(failure, ADAPT_TOO_LONG);
}

/* The abilities that the words name, whatever the request contained. */
static unsigned
pointed_at(const struct failure *failure)
{
	unsigned abilities = 0;

	for (size_t i = 0; adapt_sign(i) != NULL; i++)
		if (adapt_is_shown(failure, adapt_sign(i)))
			abilities |= TAKES_BIT(adapt_sign(i)->ability);
	return abilities;
}

/* If a guess led to a different refusal, the guess was right. If the words no
 * longer name an ability, changing it was right, too. */
static void
hear(struct adapt *adapt, const struct failure *failure)
{
	uint64_t said = span_hash_more(span_hash(span_of(failure->message)) ^
			(uint64_t)failure->status,
		span_of(failure->param));

	if (said != adapt->said)
		adapt->guessed |= adapt->guess;
	if (adapt->telling != 0)
		adapt->proved |= adapt->telling & ~pointed_at(failure);
	adapt->guess = adapt->telling = 0;
	adapt->said = said;
}

/* Whether a single part of the conversation may be at fault. */
static bool
is_of_one(unsigned changed, const struct failure *failure)
{
	return ((changed & FILES & ~ONE_TYPE) != 0 &&
		       adapt_says(failure, ADAPT_ONE_FILE)) ||
		((failure_says(failure, "thinking") ||
			 failure_says(failure, "encrypted") ||
			 failure_says(failure, "reasoning")) &&
			adapt_says(failure, ADAPT_ONE_THOUGHT));
}

bool
adapt_next(struct adapt *adapt, const struct llm_asked *asked,
	const struct failure *failure, struct llm_takes *takes)
{
	unsigned changed;

	hear(adapt, failure);
	if (adapt->n == ADAPT_MAX || !adapt_can(failure))
		return false;
	if (is_too_long(failure) && !failure_says(failure, "max_tokens is")) {
		if (!shrink(asked, failure, takes))
			return false;
		adapt->shrunk = true;
		adapt->n++;
		return true;
	}
	changed = follow_words(asked, failure, takes);
	if (changed != 0) {
		if (!is_of_one(changed, failure))
			adapt->telling = changed;
		adapt->told |= adapt->telling;
	} else if (failure->status != 404 && failure->status < 500 &&
		!adapt_says(failure, ADAPT_FOR_GOOD)) {
		changed = guess(adapt, asked, takes);
		adapt->guess = changed;
	}
	adapt->n += changed != 0;
	return changed != 0;
}

unsigned
adapt_lessons(const struct adapt *adapt, bool worked)
{
	return adapt->guessed |
		(worked ? adapt->told | adapt->guess : adapt->proved);
}
