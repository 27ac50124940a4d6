/*
 * event.h: what a model's answer is made of, whatever the provider. An answer
 * is a sequence of events followed by exactly one result.
 *
 * Texts are WTF-8 (json.h): a delta may end in half a surrogate pair whose
 * other half opens the next delta. Spans are valid during the callback only.
 */

#ifndef LLM_EVENT_H
#define LLM_EVENT_H

#include "base/span.h"

#include <stdbool.h>
#include <stdint.h>

enum llm_event_type {
	LLM_BEGIN, /* the model has accepted the request; once, first */
	LLM_TEXT, /* text: a piece of the answer, never empty */
	LLM_REASONING, /* text: a piece of its thinking, never empty */
	LLM_REASONING_END, /* kept: no more thinking before something else */
	LLM_TEXT_END, /* kept: nor text; at the latest at a clean end */
	LLM_SOURCE, /* text, name: the address and title of a page it used */
	LLM_KEPT, /* kept: of the step, for the first part that ends next */
	LLM_TOOL_START, /* call, id, name, kept: a tool call begins */
	LLM_TOOL_ARGS, /* call, text: a piece of its arguments */
	LLM_TOOL_END, /* call, kept: the arguments are whole */
};

struct llm_event {
	enum llm_event_type type;
	unsigned call; /* number of the tool call in this answer, from 0 */
	/* Of text and thinking, where several may be open at once: a number of
	 * this answer, from 1. 0: there is one at a time, which the other kind
	 * ends; and as an end, that of all of its kind. */
	unsigned block;
	struct span text;
	struct span id; /* unique in this answer */
	struct span name;
	/* Opaque state of the part (kept.h), a JSON object, or absent; under
	 * the SDK's word for the provider. When no such part is open, an empty
	 * one is made for it. */
	struct span kept;
	const char *kept_by;
};

/* Why it stopped; the words of UI message streams (llm_finish_word()). */
enum llm_finish {
	LLM_FINISH_NONE, /* the model did not say: not a complete answer */
	LLM_FINISH_STOP,
	LLM_FINISH_LENGTH,
	LLM_FINISH_CONTENT_FILTER,
	LLM_FINISH_TOOL_CALLS,
	LLM_FINISH_OTHER,
	LLM_FINISH_PAUSED, /* it has more to say, and wants to be asked again */
};

/* The most tokens of one answer that a provider is believed to count. */
#define LLM_TOKENS_MAX INT64_C(100000000)

/* Tokens, at most LLM_TOKENS_MAX; -1 where the provider did not say, or what
 * nobody believes. */
struct llm_usage {
	int64_t input, output, total, cached_input, reasoning;
	int64_t cache_write; /* of input, what was written to a cache */
};

/*
 * How an answer ended. LLM_OK: a finish reason and a clean end. All others
 * are faults, each with a sentence for people in event.c's table.
 */
enum llm_fault {
	LLM_OK,
	LLM_NO_MODEL, /* no llm.base_url or llm.model */
	LLM_UNREACHABLE, /* refused, no route, no such host, connect timeout */
	LLM_TLS, /* the certificate does not hold, or no TLS at all */
	LLM_SILENT, /* no first byte in time */
	LLM_STALLED, /* began, then nothing for too long */
	LLM_TOO_LONG, /* total time over */
	LLM_KEY, /* 401, 403 */
	LLM_REJECTED, /* 400, 422 and other 4xx for any other reason */
	LLM_NO_TOOLS, /* it takes no tools */
	LLM_NO_IMAGES, /* it takes no images */
	LLM_NO_FILES, /* nor files of the kind that was sent */
	LLM_FILTERED, /* its safety filter refused what was asked */
	LLM_TOO_LARGE, /* 413: the conversation does not fit */
	LLM_NOT_FOUND, /* 404, 405, redirects: wrong address or model name */
	LLM_QUOTA, /* 402, or 429 that no waiting helps: nothing is paid for */
	LLM_THROTTLED, /* 429 */
	LLM_OVERLOADED, /* 529, or said to be */
	LLM_FAILED, /* 408, 409, 5xx */
	LLM_NOT_STREAM, /* 200, but no answer in it: HTML, plain JSON, nothing */
	LLM_CUT, /* began, then reset or an end without finish reason */
	LLM_ERROR, /* an error reported inside the stream */
	LLM_MALFORMED, /* inside the stream something that is no chunk */
	LLM_TOO_BIG, /* more than llm.reply_max bytes, or one endless line */
	LLM_STEPS, /* ours: it calls tools again and again, without words */
	LLM_STOPPED, /* ours: a person pressed stop */
	LLM_SHUTDOWN, /* ours: this worker is going down */
	LLM_DEFECT, /* ours: what is stored cannot be read */
	LLM_DATABASE, /* ours: the database is away, what is asked is in it */
	LLM_UNSTORED, /* ours: the database does not take it */
	LLM_FAULT_N,
};

struct llm_result {
	enum llm_fault fault;
	enum llm_finish finish;
	struct llm_usage usage;
};

#define LLM_USAGE_NONE                 \
	{                              \
		-1, -1, -1, -1, -1, -1 \
	}
#define LLM_RESULT_INIT                                 \
	{                                               \
		LLM_OK, LLM_FINISH_NONE, LLM_USAGE_NONE \
	}

/* "stop", "length", "content-filter", "tool-calls", "other"; NULL for none. */
const char *llm_finish_word(enum llm_finish finish);

/* A stable word for logs and metrics ("unreachable"). */
const char *llm_fault_word(enum llm_fault fault);

/* The fault of that word, LLM_OK for none. */
enum llm_fault llm_fault_of(struct span word);

/* Whether it is the provider's: it is away, refuses us, or cannot answer, and
 * another one may. */
bool llm_fault_is_theirs(enum llm_fault fault);

/* One plain sentence for people that says what to do; holds nothing of the
 * upstream's answer, address or key. "" for LLM_OK and LLM_STOPPED. */
const char *llm_fault_sentence(enum llm_fault fault);

/* Whether the answer was broken off from outside, so that what had been shown
 * counts as `interrupted`; all others are `error` whatever was shown. */
bool llm_fault_interrupts(enum llm_fault fault);

#endif
