/*
 * context.h: how much of a conversation a model is told. Size is counted in
 * tokens, which nobody but the provider can count: words are estimated by a
 * ratio of bytes that its usage teaches, an image costs a constant, a PDF so
 * much a page, whatever their base64 measures.
 *
 * When it is too much, files go before words, oldest first: a line stays in
 * their place. Then the oldest turns (a user message and all up to the next
 * one) stay out whole. The last turn is always told whole. There is room left
 * for the answer.
 */

#ifndef LLM_CONTEXT_H
#define LLM_CONTEXT_H

#include "llm/ask.h"

/* Until usage has taught better: bytes of words that make 100 tokens. */
#define CONTEXT_BYTES_100 300

/* What the model's window is, as far as is known. */
int64_t context_limit(
	const struct llm_settings *settings, const struct llm_takes *takes);

/* Bytes of words of a conversation for which there is room, beside the prompt,
 * the tools and the answer. Who reads a history can stop there, at the next
 * older user message. */
size_t context_room(
	const struct llm_settings *settings, const struct llm_takes *takes);

/* Of parsed parts; what is sent as words is counted as words. */
struct llm_size
context_size(const struct llm_takes *takes, const struct json *parts);

/*
 * Decides what stays out: sets without_files of messages, gives the index of
 * the first one that is told, and fills in tokens, limit, words and
 * n_left_out. Messages have been read.
 */
size_t context_choose(const struct llm_ask *ask, struct llm_message *messages,
	size_t n, struct llm_asked *asked);

/*
 * What a provider's count of a request's tokens teaches: the ratio in
 * takes->bytes. False when it teaches nothing new, or makes no sense.
 */
bool context_learn(const struct llm_asked *asked, int64_t input_tokens,
	struct llm_takes *takes);

#endif
