/*
 * ask.h: conversations as OpenAI Responses requests, with macros for
 * both: messages as JSON, [{"role":...,"parts":[...]}], and items of input.
 */

#ifndef UNIT_RESPONSES_ASK_H
#define UNIT_RESPONSES_ASK_H

#include "base/arena.h"
#include "base/buf.h"
#include "llm/request.h"

/* The model "m", with nothing else set. */
extern const struct llm_settings responses_plain;

struct responses_asked {
	const struct llm_settings *settings;
	const char *takes;
	bool last;
	unsigned had; /* set by the call */
};

/* Appends the body to *body*. */
void responses_build(struct arena *arena, struct responses_asked *asked,
	const char *conversation, struct buf *body);

/* Fails the test unless that member of the body (NULL: the whole body) is as
 * expected (NULL: absent). */
void responses_expect(struct responses_asked asked, const char *conversation,
	const char *member, const char *expected);
void responses_expect_input(const char *conversation, const char *expected);

#define USER(parts) "{\"role\":\"user\",\"parts\":[" parts "]}"
#define MODEL(parts) "{\"role\":\"assistant\",\"parts\":[" parts "]}"
#define TEXT(text) "{\"type\":\"text\",\"text\":\"" text "\"}"
#define STEP "{\"type\":\"step-start\"}"
#define ASKED "[" USER(TEXT("Hi")) "]"
#define SAID(type, text) "{\"type\":\"" type "\",\"text\":\"" text "\"}"
#define PERSON(content) \
	"{\"type\":\"message\",\"role\":\"user\",\"content\":[" content "]}"
#define IN(text) PERSON(SAID("input_text", text))
#define OUT(text)                                                          \
	"{\"type\":\"message\",\"role\":\"assistant\",\"content\":[" SAID( \
		"output_text", text) "]}"
#define KEPT(who, model, members)                                            \
	"{\"openai\":{\"kind\":\"" who "\",\"model\":\"" model "\"," members \
	"}}"
#define OWN(members) KEPT("responses", "m", members)
#define THOUGHT(text, kept)                        \
	"{\"type\":\"reasoning\",\"text\":\"" text \
	"\",\"state\":\"done\",\"providerMetadata\":" kept "}"
#define STATE(id, state) \
	"\"itemId\":\"" id "\",\"reasoningEncryptedContent\":\"" state "\""
#define CALL(id, rest)                                        \
	"{\"type\":\"tool-time\",\"toolCallId\":\"" id "\","  \
	"\"state\":\"output-available\",\"input\":{\"a\":1}," \
	"\"output\":\"noon\"" rest "}"
#define OPEN_CALL(id)                                        \
	"{\"type\":\"tool-time\",\"toolCallId\":\"" id "\"," \
	"\"state\":\"input-available\",\"input\":{}}"
#define CALLED(id)                                                     \
	"{\"type\":\"function_call\",\"call_id\":\"" id "\",\"name\":" \
	"\"time\",\"arguments\":\"{\\\"a\\\":1}\"}"
#define GAVE(id)                                                     \
	"{\"type\":\"function_call_output\",\"call_id\":\"" id "\"," \
	"\"output\":\"noon\"}"
#define REASONING(id, summary, state)                                     \
	"{\"type\":\"reasoning\",\"id\":\"" id "\",\"summary\":[" summary \
	"],\"encrypted_content\":\"" state "\"}"
#define SUM(text) SAID("summary_text", text)

#endif
