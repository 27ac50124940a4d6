/*
 * words.h: events in words: "text", ~reasoning~, +0 id name, 0:args, -0
 */

#ifndef OPENAI_WORDS_H
#define OPENAI_WORDS_H

#include "base/buf.h"
#include "llm/client.h"

struct seen {
	struct buf words;
	unsigned made; /* ids that we have made */
};

void openai_words_on_event(void *seen, const struct llm_event *event);

/* *chunks* are separated by newlines. */
struct llm_result openai_words_run(const char *chunks, struct seen *seen);

#define CALLS(list) "{\"choices\":[{\"delta\":{\"tool_calls\":[" list "]}}]}\n"
#define CALL(head, name, args) \
	"{" head "\"function\":{" name "\"arguments\":\"" args "\"}}"
#define NAME(name) "\"name\":\"" name "\","
#define INDEX(i) "\"index\":" #i ","
#define ID(id) "\"id\":\"" id "\","
#define FINISH "{\"choices\":[{\"finish_reason\":\"tool_calls\"}]}"

void openai_words_expect(
	const char *chunks, enum llm_fault fault, const char *words);

#endif
