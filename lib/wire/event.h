/*
 * event.h: the events that an answer consists of, whatever the provider. An
 * answer is a sequence of events followed by exactly one result.
 *
 * Texts are WTF-8 (json.h): a delta may end with half a surrogate pair whose
 * other half begins the next delta. Spans are valid only during the callback.
 */

#ifndef WIRE_EVENT_H
#define WIRE_EVENT_H

#include "base/span.h"

#include <stdbool.h>
#include <stdint.h>

enum llm_event_type {
	LLM_BEGIN, /* the model has accepted the request; sent once, first */
	LLM_TEXT, /* text: a piece of the answer, never empty */
	LLM_REASONING, /* text: a piece of the reasoning, never empty */
	LLM_REASONING_END, /* kept: the reasoning block has ended */
	/* kept: the text block has ended, at the latest at a clean end */
	LLM_TEXT_END,
	LLM_SOURCE, /* text, name: the address and title of a page used */
	LLM_KEPT, /* kept: state of the step, for the next part that ends */
	LLM_TOOL_START, /* call, id, name, kept: a tool call begins */
	LLM_TOOL_ARGS, /* call, text: a piece of its arguments */
	LLM_TOOL_END, /* call, kept: the arguments are complete */
};

struct llm_event {
	enum llm_event_type type;
	unsigned call; /* number of the tool call in this answer, from 0 */
	/*
	 * For text and reasoning, of which several blocks may be open at once:
	 * the number of the block in this answer, from 1. 0 if there is only
	 * one at a time, which ends when the other kind begins; in an end
	 * event, 0 ends all blocks of its kind.
	 */
	unsigned block;
	struct span text;
	struct span id; /* unique in this answer */
	struct span name;
	/* Opaque state of the part (kept.h), a JSON object, or absent, and the
	 * SDK's word for the provider. If no such part is open, an empty one is
	 * made to hold it. */
	struct span kept;
	const char *kept_by;
};

/* Why the model stopped; llm_finish_word() gives the words of UI message
 * streams. */
enum llm_finish {
	/* the model gave no reason, so the answer is incomplete */
	LLM_FINISH_NONE,
	LLM_FINISH_STOP,
	LLM_FINISH_LENGTH,
	LLM_FINISH_CONTENT_FILTER,
	LLM_FINISH_TOOL_CALLS,
	LLM_FINISH_OTHER,
	/* the model has more to say, and wants to be asked again */
	LLM_FINISH_PAUSED,
};

/* Larger token counts of one answer are not believed. */
#define LLM_TOKENS_MAX INT64_C(100000000)

/* Tokens, at most LLM_TOKENS_MAX; -1 if the provider gave no count, or an
 * implausible one. */
struct llm_usage {
	int64_t input, output, total, cached_input, reasoning;
	int64_t cache_write; /* part of the input, written to a cache */
};

/*
 * How an answer ended. LLM_OK: with a finish reason and a clean end. All other
 * values are faults; the table in event.c has a sentence for people for each.
 */
enum llm_fault {
	LLM_OK,
	LLM_NO_MODEL, /* llm.base_url or llm.model is not set */
	/* connection refused, no route, no such host, connect timeout */
	LLM_UNREACHABLE,
	LLM_TLS, /* the certificate is invalid, or the server has no TLS */
	LLM_SILENT, /* no first byte in time */
	LLM_STALLED, /* the stream began, then nothing arrived for too long */
	LLM_TOO_LONG, /* the total time was over */
	LLM_KEY, /* 401, 403 */
	LLM_REJECTED, /* 400, 422 and other 4xx for any other reason */
	LLM_NO_TOOLS, /* the model takes no tools */
	LLM_NO_IMAGES, /* the model takes no images */
	LLM_NO_FILES, /* the model takes no files of the kind that was sent */
	LLM_FILTERED, /* the model's safety filter refused the request */
	LLM_TOO_LARGE, /* 413: the conversation is too long */
	LLM_NOT_FOUND, /* 404, 405, redirects: wrong address or model name */
	/* 402, or a 429 that waiting does not help: the credit is used up */
	LLM_QUOTA,
	LLM_THROTTLED, /* 429 */
	LLM_OVERLOADED, /* 529, or the provider says so */
	LLM_FAILED, /* 408, 409, 5xx */
	LLM_NOT_STREAM, /* 200 without a stream: HTML, plain JSON, nothing */
	/* the stream began, then was reset or ended without a finish reason */
	LLM_CUT,
	LLM_ERROR, /* an error reported inside the stream */
	LLM_MALFORMED, /* something inside the stream is not a chunk */
	LLM_TOO_BIG, /* more than llm.reply_max bytes, or one endless line */
	/* ours: the model calls tools again and again without words */
	LLM_STEPS,
	LLM_STOPPED, /* ours: a person pressed stop */
	LLM_SHUTDOWN, /* ours: this worker is going down */
	LLM_DEFECT, /* ours: stored data cannot be read */
	/* ours: the database, which has the conversation, is away */
	LLM_DATABASE,
	LLM_UNSTORED, /* ours: the database refuses the reply */
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

/* "stop", "length", "content-filter", "tool-calls", "other"; NULL if none. */
const char *llm_finish_word(enum llm_finish finish);

/* A stable word for logs and metrics ("unreachable"). */
const char *llm_fault_word(enum llm_fault fault);

/* The fault with that word; LLM_OK if there is none. */
enum llm_fault llm_fault_of(struct span word);

/* Whether the provider is at fault: it is away, refuses us, or cannot answer.
 * Another provider may be able to answer. */
bool llm_fault_is_theirs(enum llm_fault fault);

/* One plain sentence for people that says what to do. It contains nothing of
 * the upstream's answer, address or key. "" for LLM_OK and LLM_STOPPED. */
const char *llm_fault_sentence(enum llm_fault fault);

/* Whether the answer was cut off in the middle, so that a reply of which
 * anything was shown is `interrupted`; with any other fault it is `error`,
 * whatever was shown. */
bool llm_fault_interrupts(enum llm_fault fault);

#endif
