/*
 * client_private.h: shared by client.c (the client; requests, timeouts and the
 * end of a call) and client_answer.c (the answer).
 */

#ifndef LLM_CLIENT_PRIVATE_H
#define LLM_CLIENT_PRIVATE_H

#include "llm/client.h"
#include "llm/endpoint.h"
#include "llm/multi.h"
#include "llm/received.h"
#include "llm/share.h"
#include "wire/stream.h"

struct llm_client {
	struct loop *loop;
	struct multi multi;
	struct shares shares;
	int64_t retries;
	size_t reply_max;
	int64_t first_byte_timeout_ms, idle_timeout_ms, total_timeout_ms;
	struct llm_call *calls; /* including those that are freed later */
	size_t n_calls; /* of those that run */
};

enum call_state {
	CALL_WAITING, /* for its next attempt */
	CALL_ASKING, /* no byte of an answer yet */
	CALL_STREAMING, /* status 2xx and the first byte have arrived */
	CALL_REFUSED, /* reading an error's body */
	CALL_GONE, /* ended or cancelled; freed later */
};

struct llm_call {
	struct llm_client *client;
	struct llm_model *model; /* held */
	struct llm_call *prev, *next;
	const struct llm_handlers *handlers;
	void *arg;

	CURL *easy; /* NULL before the first attempt */
	bool in_multi;
	enum call_state state;
	unsigned attempt; /* 0 for the first one, counted over all forms */
	const struct failure *refusal; /* only during on_end */
	/* the error stands in place of an answer: llm_call_in_place() */
	bool in_place;
	int64_t retry_after_ms;
	struct received received;
	struct share share;
	bool too_much; /* more than allowed was received */
	struct llm_stream *stream; /* while CALL_STREAMING */
	struct buf body; /* of the request */
	struct trace trace;
	/* of the request, including the trace; NULL if none */
	struct curl_slist *headers;
	struct buf error_body; /* while CALL_REFUSED */

	/* Set when what the call waits for changes. If something was received
	 * before it fires, it is set again then, so a delta does not move the
	 * timer. */
	struct timer timer;
	int64_t started_ms, asked_ms;
	/* the last byte; the last byte with content */
	int64_t heard_ms, said_ms;
};

/* ---- client.c */

/* Must not be called from inside libcurl. */
void llm_call_leave_multi(struct llm_call *call);

/* Call this when what the call waits for has changed. */
void llm_call_set_timer(struct llm_call *call);

/* Calls on_end, unless the call was cancelled; frees the call. */
void llm_call_end(struct llm_call *call, const struct llm_result *result);

/* ---- client_answer.c */

/* libcurl's callbacks; any result but the length ends the transfer. */
size_t llm_call_on_body(char *bytes, size_t size, size_t n, void *arg);
size_t llm_call_on_header(char *line, size_t size, size_t n, void *arg);

/* The transfer has ended. */
void llm_call_on_done(CURL *easy, CURLcode code);

/* The transfer has not ended in time; *fault* says which timeout it was. */
void llm_call_late(struct llm_call *call, enum llm_fault fault);

/* The number of running calls; for tests. */
size_t llm_client_calls(const struct llm_client *client);

#endif
