/*
 * openai_request.h: a stored conversation as the body of an OpenAI Chat
 * Completions request, written as JSON.stringify would. The rules (what
 * becomes of each part) are those of convertToModelMessages and
 * @ai-sdk/openai-compatible 2.x; tests/vectors/req-*.
 *
 * Where those refuse a whole conversation for one file (an archive, a video,
 * a broken data: URL), the file is replaced by a line of text that names it,
 * so that one file cannot lock a conversation for ever. Remote images
 * (http, https) are passed on by address and never fetched; other remote
 * files become such a line.
 */

#ifndef LLM_OPENAI_REQUEST_H
#define LLM_OPENAI_REQUEST_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "llm/settings.h"

enum llm_role { LLM_SYSTEM, LLM_USER, LLM_ASSISTANT };

struct llm_message {
	enum llm_role role;
	struct span parts; /* JSON array of UI message parts, as stored */
};

/*
 * Appends the body to *body*. Messages come oldest first. The oldest turns
 * (a user message and all up to the next one) are left out whole until the
 * parts that stay fit settings->context_max bytes; the last turn always
 * stays. *arena* is scratch. ERR_INTERNAL when stored parts do not parse.
 */
MUST_USE enum err
openai_request(struct arena *arena, const struct llm_settings *settings,
	const struct llm_message *messages, size_t n, struct buf *body);

/* Index of the first message that stays under *context_max*: for callers that
 * can stop reading the history there. */
size_t llm_context_first(
	const struct llm_message *messages, size_t n, size_t context_max);

#endif
