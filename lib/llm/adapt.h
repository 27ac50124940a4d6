/*
 * adapt.h: what a refusal teaches about a model. A request that is refused
 * before anything is shown, by its status or by an error in place of an answer,
 * is made again without what the refusal's words point
 * at; when they point at nothing, without what is refused most: first
 * stream_options, then tools, then reasoning and files. At most ADAPT_MAX
 * times, whatever the reason; what then worked is worth remembering.
 */

#ifndef LLM_ADAPT_H
#define LLM_ADAPT_H

#include "llm/ask.h"
#include "llm/event.h"
#include "llm/failure.h"

/* How often a request is made again in another form. Beside them the tries
 * after 429, 5xx and lost connections (retry.h) are counted over all forms, so
 * one step asks at most 1 + ADAPT_MAX + llm.retries times. */
#define ADAPT_MAX 3

/* The forms tried so far for one step of a reply. All zero at first. */
struct adapt {
	unsigned n; /* how many */
	unsigned told; /* abilities that words pointed at */
	unsigned proved; /* those that later words did not point at any more */
	unsigned telling; /* those of the latest refusal */
	unsigned guessed; /* those that were guessed and did help */
	unsigned guess; /* those of the latest try */
	uint64_t said; /* a digest of the latest refusal */
	bool shrunk; /* the context was too long */
};

/* Whether such an answer is about the request's form, so that the same
 * request need not be sent again. */
bool adapt_can(const struct failure *failure);

/*
 * Changes *takes* (of the request that was refused) into how to ask next.
 * False: there is nothing to change, the refusal stands.
 */
bool adapt_next(struct adapt *adapt, const struct llm_asked *asked,
	const struct failure *failure, struct llm_takes *takes);

/*
 * The abilities of which the way of the latest form has proved to be needed,
 * after an answer (*worked*) or when nothing helped. What was left out for
 * nothing is not among them, since the words may be a user's, whom a refusal
 * quotes; nor what may be the fault of one file.
 */
unsigned adapt_lessons(const struct adapt *adapt, bool worked);

#endif
