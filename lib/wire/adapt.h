/*
 * adapt.h: what a refusal teaches about a model. A request may be refused
 * before anything is shown, by its status or by an error in place of an answer.
 * It is then repeated without what the words of the refusal name; if they name
 * nothing, without what is refused most often: first stream_options, then
 * tools, then reasoning and files. This happens at most ADAPT_MAX times,
 * whatever the reason; the form that worked is worth remembering.
 */

#ifndef WIRE_ADAPT_H
#define WIRE_ADAPT_H

#include "wire/ask.h"
#include "wire/event.h"
#include "wire/failure.h"

/* How often a request is repeated in another form. Retries after 429, 5xx and
 * lost connections (llm/retry.h) are counted separately, over all forms, so one
 * step asks at most 1 + ADAPT_MAX + llm.retries times. */
#define ADAPT_MAX 3

/* The forms tried so far for one step of a reply. Initialize it with zeros. */
struct adapt {
	unsigned n; /* number of forms */
	unsigned told; /* abilities that words named */
	unsigned proved; /* those that later words no longer named */
	unsigned telling; /* those of the latest refusal */
	unsigned guessed; /* abilities that were guessed, and helped */
	unsigned guess; /* those of the latest attempt */
	uint64_t said; /* a digest of the latest refusal */
	bool shrunk; /* the context was too long */
};

/* Whether the answer is about the form of the request; repeating the same
 * request is then pointless. */
bool adapt_can(const struct failure *failure);

/*
 * Changes *takes* (of the refused request) to the next form to try. False if
 * there is nothing to change; the refusal then stands.
 */
bool adapt_next(struct adapt *adapt, const struct llm_asked *asked,
	const struct failure *failure, struct llm_takes *takes);

/*
 * The abilities whose changed form has proved necessary, after an answer
 * (*worked*) or after the last refusal. An ability that was left out in vain is
 * not among them, since the words may quote a user; nor is one where a single
 * file may be at fault.
 */
unsigned adapt_lessons(const struct adapt *adapt, bool worked);

#endif
