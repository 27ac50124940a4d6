/* speech.h: the wires that the demo model speaks. Each writes a reply as its
 * events, and finds the prompt in a request. */

#ifndef DEMO_LLM_SPEECH_H
#define DEMO_LLM_SPEECH_H

#include "base/buf.h"
#include "base/span.h"
#include "json/json.h"
#include "json/write.h"

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

/* The state of a reply. */
struct spoken {
	uint64_t number;
	time_t created;
	int64_t n_words, n_question; /* in words, for usage */
	bool with_usage;
	bool thinking; /* the open block, on wires that have blocks */
	unsigned n_blocks;
};

/* A wire; its functions append whole events to *out*. */
struct speech {
	const char *path; /* or its end, after a model's name */
	/* Members of a request: the list of messages, the content of a message,
	 * and the model's name. */
	const char *messages, *content, *model;
	bool streams; /* streams whatever the request says */
	/* The system prompt of a request; "" if there is none. */
	struct span (*prompt)(const struct json *request);
	void (*begin)(struct spoken *spoken, struct buf *out);
	void (*say)(struct spoken *spoken, bool thinking, struct span word,
		struct buf *out);
	/* *cut*: the reply was cut off at its limit. */
	void (*end)(struct spoken *spoken, bool cut, struct buf *out);
};

extern const struct speech speech_openai, speech_anthropic, speech_gemini,
	speech_responses;

/* The first text of a content, which is a text or an array of parts; "" if
 * there is none. */
struct span speech_text(const struct json *content);

/* The last question, and whether the conversation has no answer yet. Returns
 * false if there is no question. */
bool speech_question(const struct speech *speech, const struct json *request,
	struct span *question, bool *first);

/* The word limit of a reply; -1: no limit. */
int64_t speech_limit(const struct json *request);

/* Appends one event; frees *json*. */
void speech_put(struct buf *out, const char *event, struct buf *json);

/* Begins an event whose name is also its member "type"; the caller writes the
 * other members before speech_put(). */
struct json_writer speech_begin(const char *type, struct buf *json);
void speech_end(const char *type, struct json_writer *w, struct buf *json,
	struct buf *out);

#endif
