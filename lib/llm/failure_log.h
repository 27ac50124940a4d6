/*
 * failure_log.h: what a provider said of a failure, fit for the log: the
 * operator can read why, and nobody can read there what people wrote, nor a
 * key. Providers echo both.
 *
 *	- at most FAILURE_LOG_MAX bytes, valid UTF-8 on one line, escaped as JSON
 *	- *** for our own keys and every piece of them, for what looks like any
 *	  other key, token or password, and for long runs of letters and digits
 *	- *** for what stands in the request's messages, 8 bytes or more
 *	- *** for long quotations, and for JSON inside of the message
 *
 * Where the request is gone already, as in the middle of a stream, only what
 * comes before the first quotation mark, colon or bracket is given.
 */

#ifndef LLM_FAILURE_LOG_H
#define LLM_FAILURE_LOG_H

#include "base/buf.h"
#include "base/span.h"

#define FAILURE_LOG_MAX 300

/* Appends it, without quotes around it. *keys* are lines, or ""; *request* is the
 * body that was sent, absent when it is gone. */
void failure_log_put(struct buf *out, const char *message, const char *keys,
	struct span request);

#endif
