/* speech.h: the wires that the demo model speaks. Each writes a reply as its
 * events, and says where in a request the prompt is. */

#ifndef DEMO_LLM_SPEECH_H
#define DEMO_LLM_SPEECH_H

#include "base/buf.h"
#include "base/span.h"
#include "json/json.h"
#include "json/write.h"

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

/* A reply so far. */
struct spoken {
	uint64_t number;
	time_t created;
	int64_t n_words, n_question; /* for usage, in words */
	bool with_usage;
	bool thinking; /* the open block of a wire that has blocks */
	unsigned n_blocks;
};

/* What is appended to *out* are whole events. */
struct speech {
	const char *path; /* or its end, where a model's name is in it */
	/* Members of a request: the list of messages, and the content of one;
	 * what the model is called in it. */
	const char *messages, *content, *model;
	bool streams; /* whatever a request says */
	/* What the model is told beside the conversation; "" for nothing. */
	struct span (*prompt)(const struct json *request);
	void (*begin)(struct spoken *spoken, struct buf *out);
	void (*say)(struct spoken *spoken, bool thinking, struct span word,
		struct buf *out);
	/* *cut*: there was more to say. */
	void (*end)(struct spoken *spoken, bool cut, struct buf *out);
};

extern const struct speech speech_openai, speech_anthropic, speech_gemini,
	speech_responses;

/* A content is a text or an array of parts; the first text counts. "" when
 * there is none. */
struct span speech_text(const struct json *content);

/* What was asked last, and whether nothing was answered yet. False: nothing was
 * asked. */
bool speech_question(const struct speech *speech, const struct json *request,
	struct span *question, bool *first);

/* How many words a reply may have; -1: as many as it has. */
int64_t speech_limit(const struct json *request);

/* One event; *json* is freed. */
void speech_put(struct buf *out, const char *event, struct buf *json);

/* An event whose name is its member "type", too: its other members are written
 * between the two. */
struct json_writer speech_begin(const char *type, struct buf *json);
void speech_end(const char *type, struct json_writer *w, struct buf *json,
	struct buf *out);

#endif
