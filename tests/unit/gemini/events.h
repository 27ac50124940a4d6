/*
 * events.h: streamed Gemini answers and the events expected of them, in
 * words; each answer is played whole and cut after every byte, which must not
 * make a difference.
 *
 *	"text" ~thought~   pieces; their ends |" |~ with their state
 *	+0 id name (kept) 0:args -0   a call
 *	@address(title)    a source
 *	ok stop            the words of the fault and of the finish reason
 *	8/3/18/0/7         tokens: input, output, total, cached, reasoning
 */

#ifndef UNIT_GEMINI_EVENTS_H
#define UNIT_GEMINI_EVENTS_H

#include "base/buf.h"

#include <stdbool.h>

/* Plays a body of such events, which ends *clean* or not. */
void gemini_expect_body(
	const char *name, struct span body, bool clean, const char *words);

/* *chunks* are separated by newlines; the body ends with *end*. If *words* have
 * no counts, none are expected. */
void gemini_expect(const char *name, const char *chunks, const char *end,
	bool clean, const char *words);

#define NO_USAGE " -1/-1/-1/-1/-1"

/* ---- chunks */

#define PARTS(parts)                                                     \
	"{\"candidates\":[{\"content\":{\"parts\":[" parts "],\"role\":" \
	"\"model\"},\"index\":0}],\"modelVersion\":\"m\"}\n"
#define LAST(parts, reason)                                              \
	"{\"candidates\":[{\"content\":{\"parts\":[" parts "],\"role\":" \
	"\"model\"},\"finishReason\":\"" reason "\",\"index\":0}]}\n"
#define TEXT(text) "{\"text\":\"" text "\"}"
#define THOUGHT(text) "{\"text\":\"" text "\",\"thought\":true}"
#define SIGNED(text, sig) \
	"{\"text\":\"" text "\",\"thoughtSignature\":\"" sig "\"}"
#define SIGNED_THOUGHT(text, sig)                  \
	"{\"thought\":true,\"text\":\"" text "\"," \
	"\"thoughtSignature\":\"" sig "\"}"
#define CALL(name, args) \
	"{\"functionCall\":{\"name\":\"" name "\",\"args\":" args "}}"
#define SIGNED_CALL(name, args, sig)                                   \
	"{\"functionCall\":{\"name\":\"" name "\",\"args\":" args "}," \
	"\"thoughtSignature\":\"" sig "\"}"
#define KEEPS(sig) "{\"thoughtSignature\":\"" sig "\"}"
#define FINISH(reason) \
	"{\"candidates\":[{\"finishReason\":\"" reason "\",\"index\":0}]}\n"
#define USAGE(counts) "{\"usageMetadata\":{" counts "}}\n"
#define SOURCES(chunks)                                                    \
	"{\"candidates\":[{\"content\":{\"parts\":[" TEXT(                 \
		"b") "]},"                                                 \
		     "\"groundingMetadata\":{\"groundingChunks\":[" chunks \
		     "]},"                                                 \
		     "\"finishReason\":\"STOP\"}]}\n"

#endif
