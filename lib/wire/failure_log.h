/*
 * failure_log.h: prepares a provider's error message for the log. The operator
 * can read the cause, but nobody can read a key or what people wrote: providers
 * echo both.
 *
 *	- at most FAILURE_LOG_MAX bytes, valid UTF-8 on one line, escaped as
 *	  in JSON
 *	- *** for our own keys and every part of them, for anything that
 *	  looks like another key, token or password, and for long runs of
 *	  letters and digits
 *	- *** for 8 bytes or more of text from the request's messages
 *	- *** for long quotations, and for JSON inside the message
 *
 * If the request is already gone, for example in the middle of a stream, only
 * the text before the first quotation mark, colon or bracket is logged.
 */

#ifndef WIRE_FAILURE_LOG_H
#define WIRE_FAILURE_LOG_H

#include "base/buf.h"
#include "base/span.h"

#define FAILURE_LOG_MAX 300

/* Appends the prepared message, without quotes around it. *keys* are lines, or
 * ""; *request* is the body that was sent, absent if it is gone. */
void failure_log_put(struct buf *out, const char *message, const char *keys,
	struct span request);

#endif
