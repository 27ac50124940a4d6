/*
 * client_private.h: what the two files of the client share: client.c (the client, a call's
 * requests, its patience, its end) and client_answer.c (what comes back, and
 * what becomes of it).
 */

#ifndef LLM_CLIENT_PRIVATE_H
#define LLM_CLIENT_PRIVATE_H

#include "llm/client.h"
#include "llm/endpoint.h"
#include "llm/multi.h"
#include "llm/received.h"
#include "llm/share.h"
#include "llm/stream.h"

struct llm_client {
	struct loop *loop;
	struct multi multi;
	struct shares shares;
	int64_t retries;
	size_t reply_max;
	int64_t first_byte_timeout_ms, idle_timeout_ms, total_timeout_ms;
	struct llm_call *calls; /* those that are freed later included */
	size_t n_calls; /* those that run */
};

enum call_state {
	CALL_WAITING, /* for its next try */
	CALL_ASKING, /* no byte of an answer yet */
	CALL_STREAMING, /* 2xx and the first byte */
	CALL_REFUSED, /* reading an error's body */
	CALL_GONE, /* ended or cancelled; freed later */
};

struct llm_call {
	struct llm_client *client;
	struct llm_model *model; /* held */
	struct llm_call *prev, *next;
	const struct llm_handlers *handlers;
	void *arg;

	CURL *easy; /* NULL before the first try */
	bool in_multi;
	enum call_state state;
	unsigned attempt; /* 0: the first try, also with earlier forms */
	const struct failure *refusal; /* while on_end is called */
	bool in_place; /* of any answer: llm_call_in_place() */
	int64_t retry_after_ms;
	struct received received;
	struct share share;
	bool too_much; /* was received */
	struct llm_stream *stream; /* CALL_STREAMING */
	struct buf body; /* of the request */
	struct trace trace;
	struct curl_slist
		*headers; /* of the request, with the trace; or NULL */
	struct buf error_body; /* CALL_REFUSED */

	/* Set when what is waited for changes; when it goes off and something
	 * was heard meanwhile it is set again. So a delta moves no timer. */
	struct timer timer;
	int64_t started_ms, asked_ms;
	int64_t heard_ms, said_ms; /* any byte; and one that said something */
};

/* ---- client.c */

/* Never from inside of libcurl. */
void llm_call_leave_multi(struct llm_call *call);

/* What is waited for has changed. */
void llm_call_set_timer(struct llm_call *call);

/* on_end, unless it was cancelled; the call is gone then. */
void llm_call_end(struct llm_call *call, const struct llm_result *result);

/* ---- client_answer.c */

/* libcurl's callbacks; anything but the length ends the transfer. */
size_t llm_call_on_body(char *bytes, size_t size, size_t n, void *arg);
size_t llm_call_on_header(char *line, size_t size, size_t n, void *arg);

/* The transfer has ended. */
void llm_call_on_done(CURL *easy, CURLcode code);

/* It has not ended in time; *fault* says which time. */
void llm_call_late(struct llm_call *call, enum llm_fault fault);

#endif
