/*
 * context.h: decides how much of a conversation a model is sent. Sizes are in
 * tokens, which only the provider can count exactly: texts are estimated by a
 * ratio of bytes learned from its usage, an image costs a constant, and a PDF a
 * constant per page, whatever the size of their base64.
 *
 * If it is too much, files are left out before text, oldest first; a line takes
 * their place. Then whole turns (a user message and everything up to the next
 * one) are left out, oldest first. The last turn is always sent completely.
 * Room is reserved for the answer.
 */

#ifndef LLM_CONTEXT_H
#define LLM_CONTEXT_H

#include "wire/ask.h"

/* Bytes of text per 100 tokens, until usage has taught a better ratio. */
#define CONTEXT_BYTES_100 300

/* The bytes of conversation text for which there is room besides the prompt,
 * the tools and the answer. A reader of the history can stop there, at the next
 * older user message. */
size_t context_room(
	const struct llm_settings *settings, const struct llm_takes *takes);

/* The size of parsed parts; a file that is sent as text counts as text. */
struct llm_size
context_size(const struct llm_takes *takes, const struct json *parts);

/*
 * Decides what to leave out: sets without_files of messages, returns the index
 * of the first message sent, and fills in tokens, limit, words and n_left_out.
 * The messages must have been read (llm_message_read()).
 */
size_t context_choose(const struct llm_ask *ask, struct llm_message *messages,
	size_t n, struct llm_asked *asked);

/*
 * Learns the ratio in takes->bytes from a provider's count of a request's
 * tokens. False if that teaches nothing new or is implausible.
 */
bool context_learn(const struct llm_asked *asked, int64_t input_tokens,
	struct llm_takes *takes);

#endif
