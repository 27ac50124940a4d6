/*
 * openai_request.h: a stored conversation as the body of an OpenAI Chat
 * Completions request, written as JSON.stringify would. What becomes of each
 * part follows convertToModelMessages and @ai-sdk/openai-compatible 2.x
 * (tests/vectors/req-*), but the messages are brought into one shape that
 * every server takes (openai_part.h), and what this model does not take is
 * written otherwise or left out (takes.h).
 *
 * A file that cannot be passed on (an archive, a video, a broken data: URL, an
 * image for a model that takes none) is replaced by a line of text that names
 * it, so that one file cannot lock a conversation for ever. Remote images
 * (http, https) are passed on by address and never fetched; other remote
 * files become such a line.
 */

#ifndef LLM_OPENAI_REQUEST_H
#define LLM_OPENAI_REQUEST_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "llm/settings.h"
#include "llm/takes.h"

enum llm_role { LLM_SYSTEM, LLM_USER, LLM_ASSISTANT };

/* What of a message the model pays for (context.h). */
struct llm_size {
	size_t words; /* bytes */
	int64_t files; /* tokens */
};

struct llm_message {
	enum llm_role role;
	struct span parts; /* JSON array of UI message parts, as stored */
	bool own; /* from the very model that is asked */

	/* llm_message_read() fills these in: */
	const struct json *json; /* *parts*, parsed */
	struct llm_size size;
	/* Of its files only the names are told: there is no room for them. */
	bool without_files;
};

/* Parses and measures, once. ERR_INTERNAL (logged) when the parts do not
 * parse. */
MUST_USE enum err llm_message_read(struct arena *arena,
	const struct llm_takes *takes, struct llm_message *message);

/* What is asked for. */
struct llm_ask {
	const struct llm_settings *settings;
	struct llm_takes takes;
	bool last; /* no more calls: it shall answer in words */
	unsigned n_older; /* messages before the first, which were not read */
};

/* What a request was like: for its refusal, and for people. */
struct llm_asked {
	struct llm_takes takes;
	bool last;
	unsigned had; /* bits of abilities that a refusal may be about */
	size_t words; /* bytes; files not counted */
	bool files;
	int64_t tokens, limit; /* by our estimate; of the model */
	unsigned n_left_out; /* messages that stay out, or their files */
	bool spare; /* more can stay out: there is an earlier turn */
};

/*
 * Appends the body to *body*. Messages come oldest first; those for which
 * there is no room stay out (context.h). *arena* is scratch; messages are
 * read when they have not been. ERR_INTERNAL when stored parts do not parse.
 */
MUST_USE enum err openai_request(struct arena *arena, const struct llm_ask *ask,
	struct llm_message *messages, size_t n, struct buf *body,
	struct llm_asked *asked);

#endif
